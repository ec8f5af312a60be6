"""Asking for letters, and what becomes of it."""
