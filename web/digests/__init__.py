"""Digests as readers and reviewers meet them."""
