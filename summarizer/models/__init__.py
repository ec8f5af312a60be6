"""Digests by language models: what they are asked, what they answer, and what may stand of it."""
