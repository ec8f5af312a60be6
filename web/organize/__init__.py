"""Listing meetings, opportunities and resources."""
