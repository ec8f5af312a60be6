"""Saved searches and topics that become letters: the room for readers by mail. Nothing is built here yet."""
