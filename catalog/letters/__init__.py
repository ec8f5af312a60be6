"""Subscribers, news and letters in the database."""
