"""Text of strangers made harmless for letters: bounded, on one line, unable to turn what stands around it."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from domain.plain import address

WIDTH = 78
"""Columns of a letter in plain text; an address may be longer, as a broken one leads nowhere."""
_BREAKS = re.compile("[\t\n\r\x0b\x0c\x1c-\x1f\x85\u2028\u2029]+")
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)
_MARKS = "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_STACKED = re.compile(f"({_MARKS}{{2}}){_MARKS}+")
_LINKED = re.compile(r"https?://[^\s<>\"']+")
_AFTER_LINK = ".,;:!?)]}»”’"


def line(text: str, most: int = 300) -> str:
    """`text` as one line of at most `most` characters, cut after a word where there is one.

    >>> line("Breast\\r\\nBcc: x  \\u202ecancer")
    'Breast Bcc: x cancer'
    >>> line("one two three", 9)
    'one two…'
    """
    plain = " ".join(_FORBIDDEN.sub("", _BREAKS.sub(" ", text[: 4 * most])).split())
    plain = _STACKED.sub(r"\1", plain)
    if len(plain) <= most and len(text) <= 4 * most:
        return plain
    whole = plain[:most].rpartition(" ")[0]
    return (whole if 2 * len(whole) > most else plain[: most - 1]).rstrip(" ,;:") + "…"


def printable(text: str) -> str:
    """`text` for a subject line: what no screen shows is left out, and every space is a plain one."""
    return "".join(c if c.isprintable() else " " for c in text if c.isprintable() or c.isspace())


def paragraphs(text: str, most: int = 4_000) -> tuple[str, ...]:
    """The paragraphs of a note that somebody typed, with the line breaks in each.

    >>> paragraphs("Dear reader,\\r\\n\\r\\nyours,\\r\\nthe editor")
    ('Dear reader,', 'yours,\\nthe editor')
    """
    typed = [line(part, most) for part in re.split("\r\n|\r|\n", text[:most])]
    return tuple(part for part in "\n".join(typed).strip("\n").split("\n\n") if part.strip())


def pieces(text: str) -> Iterator[tuple[str, str]]:
    """`text` in pieces, each with the address that it is, or none.

    >>> list(pieces("See https://example.org/a."))
    [('See ', ''), ('https://example.org/a', 'https://example.org/a'), ('.', '')]
    """
    end = 0
    for match in _LINKED.finditer(text):
        url = match[0].rstrip(_AFTER_LINK)
        if not address(url):
            continue
        yield text[end : match.start()], ""
        yield url, url
        end = match.start() + len(url)
    yield text[end:], ""


def is_rtl(text: str) -> bool:
    """Whether the first letter of `text` is of a script that runs from right to left."""
    for character in text[:400]:
        kind = unicodedata.bidirectional(character)
        if kind in {"L", "R", "AL"}:
            return kind != "L"
    return False


_UNUSUAL = re.compile("[^\u0000-\u02ff\u2010-\u205e]")
"""Characters that may take no column, or two; the others are letters of Europe and marks of print."""


@lru_cache(2_048)
def wrapped(text: str, indent: str = "") -> str:
    """`text` in lines of at most `WIDTH` columns; an address stands on one line, however long.

    >>> wrapped("a" * 100).count("\\n"), wrapped("https://example.org/" + "a" * 100).count("\\n")
    (1, 0)
    """
    lines, current = [], indent
    for word in _words(text, WIDTH - len(indent)):
        if current.strip() and _columns(current) + 1 + _columns(word) > WIDTH:
            lines.append(current)
            current = indent
        current = f"{current} {word}" if current.strip() else f"{indent}{word}"
    return "\n".join([*lines, current]) if current.strip() else "\n".join(lines)


def _words(text: str, most: int) -> Iterator[str]:
    """Words no wider than `most`, but for addresses: text in Chinese has no spaces to break at."""
    for word in filter(None, text.split(" ")):
        if _columns(word) <= most or address(word):
            yield word
            continue
        part, width = "", 0
        for character in word:
            width += _columns(character)
            if width > most:
                yield part
                part, width = "", _columns(character)
            part += character
        yield part


def _columns(text: str) -> int:
    """How wide `text` is where Chinese and Japanese characters take two columns."""
    if not _UNUSUAL.search(text):
        return len(text)
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else not unicodedata.combining(c) for c in text)
