"""Text of strangers made harmless for calendars, feeds and tables: bounded, without control characters."""

import re

# What some reader of a calendar or a feed takes for the end of a line, or may not stand in XML.
_BREAKS = re.compile("\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_FORBIDDEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]")


def line(text: str, most: int = 300) -> str:
    """`text` as one line of at most `most` characters.

    >>> line("Annual\\r\\nATTENDEE:mailto:x  meeting")
    'Annual ATTENDEE:mailto:x meeting'
    """
    return _cut(" ".join(_FORBIDDEN.sub("", _BREAKS.sub(" ", text[: 4 * most])).split()), most)


def lines(text: str, most: int = 4_000) -> str:
    """`text` of at most `most` characters, its line breaks kept as `\\n`.

    >>> lines("One\\r\\ntwo\\x00")
    'One\\ntwo'
    """
    return _cut(_FORBIDDEN.sub("", _BREAKS.sub("\n", text[: 4 * most])).strip(), most)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
