"""Meetings, opportunities and resources, to be read."""
