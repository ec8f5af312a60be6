"""Fields as people name them, and texts as they come out of addresses and pages."""

import html
import re
from urllib.parse import unquote

from index.language.habits import find_habit, is_heading


def decoded(text: str) -> str:
    """`text` as it read before it became part of an address or a page."""
    if _PERCENT.search(text) and " " not in text.strip() and "://" not in text:
        text = unquote(text)
    return html.unescape(text).replace("\xa0", " ") if _ENTITY.search(text) else text


_PERCENT = re.compile(r"%(?:20|22|2B|3A|2F|28|29|5B|5D)", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:nbsp|amp|lt|gt|quot|apos|#\d{2,5});")


def named(text: str) -> str:
    """A field as people write it: its name in two words, a space before its value, one for all words."""
    text = _TWO_WORDS.sub(_one_word, text)
    if match := _ALL_IN.fullmatch(text):
        return f"{_ALL[match[1].lower()]}:({match[2]})"
    if len(text.split()) > _SHORT_TEXT:
        return text
    if (match := _TITLED.fullmatch(text)) and _is_field(match[1]):
        return f"{match[1]}:({match[2]})"
    return _SPACED.sub(lambda match: f"{match[1]}:" if _is_field(match[1]) else match[0], text)


_ALL = {"allintitle": "title", "allintext": "all", "allinauthor": "authors"}
_ALL_IN = re.compile(r"(?i)(allin(?:title|text|author)):\s*([^()\[\]:]+)")
_TWO_WORDS = re.compile(r"\b([A-Za-z]{2,15})[ -]([A-Za-z]{2,15})(?=:\S)")
_SHORT_TEXT = 15
"""In longer texts a word, a colon and a space are prose."""
_TITLED = re.compile(r"\s*([A-Za-z_]{2,30})\s?:\s+([^()\[\]:\"]+)")
_SPACED = re.compile(r"(?<!\S)([A-Za-z_]{2,30})\s?:\s+(?=[\w\"(])")


def _one_word(match: re.Match[str]) -> str:
    name = f"{match[1]}_{match[2]}"
    return name if find_habit(name) else match[0]


def _is_field(name: str) -> bool:
    return find_habit(name) is not None and not is_heading(name)
