"""Letters in words: HTML and plain text, in the reader's language."""

from subscriptions.letters.wishes import address, describe
from subscriptions.letters.wording import languages
from subscriptions.letters.writer import Writer, Written

__all__ = ["Writer", "Written", "address", "describe", "languages"]
