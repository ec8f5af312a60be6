"""What others publish, read as drafts of listings: calendars, pages, feeds and tables."""

from conferences.reading.drafts import Draft, Found, Reading, Refusal
from conferences.reading.formats import read_all, read_listing

__all__ = ["Draft", "Found", "Reading", "Refusal", "read_all", "read_listing"]
