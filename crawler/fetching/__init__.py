"""Asking a source's server, one page at a time, as fast as it may be asked, over a network that fails."""
