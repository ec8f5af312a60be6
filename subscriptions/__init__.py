"""Saved searches and topics that become letters: the room for readers by mail. So far it sends letters."""
