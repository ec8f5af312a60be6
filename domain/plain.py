"""What strangers wrote as an address, made harmless for pages, calendars, feeds and letters."""

import re
from urllib.parse import urlsplit

_NOT_IN_ADDRESS = re.compile('[\x00-\x20\x7f-\xa0"<>\\\\^`{|}\u200b-\u206f\ud800-\udfff\ufeff]')
_LONGEST_ADDRESS = 2_000


def address(url: str | None) -> str:
    """`url` where it is one of the web and one word; else empty.

    >>> address("https://example.org/a"), address("https://example.org/\\nX:y"), address("javascript:1")
    ('https://example.org/a', '', '')
    """
    if not url or len(url) > _LONGEST_ADDRESS or _NOT_IN_ADDRESS.search(url):
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in {"http", "https"} and parts.netloc else ""
