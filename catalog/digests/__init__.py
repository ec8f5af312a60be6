"""Digests in the database, and what people decide about them."""
