"""E-mail addresses out of a version: they are people's, and no part of what a paper says.

Affiliations keep theirs until their countries are told; see `crawler.telling.enrich`.
"""

import re
import string
from dataclasses import replace
from typing import TypeVar

from domain.paper import Abstract, Author, Version

_T = TypeVar("_T")
_ADDRESS = r"[^\s@,;:<>()\[\]|/]{1,64}@(?:[\w-]{1,63}\.){1,9}[a-z]{2,}"
_CONTACT_WORDS = r"electronic address|e-?mail(?: address)?|mailto|correo electr[oó]nico|courriel|contact"
_CONTACT = re.compile(
    rf"(?P<lead>[\s,;:.(\[<|]{{0,6}})(?:\band\s)?(?:\b(?:{_CONTACT_WORDS})\b[\s:.(<]{{0,4}}){{0,2}}"
    rf"{_ADDRESS}(?:[\s,;/|]{{1,3}}(?:and\s)?{_ADDRESS}){{0,9}}(?P<tail>[\s.,;:)\]>|]{{0,6}})",
    re.IGNORECASE,
)
_LEFT_OVER = re.compile(r"\b(?:electronic address|e-?mail)$", re.IGNORECASE)
_LONGEST_LEFT_OVER = len(" electronic address")
_LONGEST_LEAD = 60
"""Letters before an address that may be words and marks that lead to it."""
_SPACES = string.whitespace + "\u00a0"
_TEXTS = ("title", "original_title", "competing_interests")
_MANY = {
    "sharing": ("evidence",),
    "industry": ("organisation", "evidence"),
    "trials": ("evidence",),
    "notices": ("text",),
    "grants": ("funder", "award"),
}
_ONE = {
    "journal": ("title", "publisher"),
    "licence": ("evidence",),
    "sample_size": ("evidence",),
    "meeting": ("name", "place"),
}
_NAME = ("name", "family", "given")


def without_any_address(version: Version) -> Version:
    """`version` without e-mail addresses in its texts; the same object where it has none."""
    changed: dict[str, object] = {}
    for name in _TEXTS:
        if "@" in (text := getattr(version, name)):
            changed[name] = without_addresses(text)
    for name, texts in _ONE.items():
        if (told := getattr(version, name)) is not None:
            _note(changed, name, told, _cleaned(told, texts))
    for name, texts in _MANY.items():
        if told := getattr(version, name):
            _note(changed, name, told, tuple([_cleaned(one, texts) for one in told]))
    if version.keywords:
        _note(changed, "keywords", version.keywords, tuple(filter(None, map(_bare, version.keywords))))
    _note(changed, "abstracts", version.abstracts, tuple(map(_abstract, version.abstracts)))
    _note(changed, "authors", version.authors, _authors(version.authors))
    return replace(version, **changed) if changed else version  # type: ignore[arg-type]


def _note(changed: dict[str, object], name: str, old: object, new: object) -> None:
    if new != old:
        changed[name] = new


def _bare(text: str) -> str:
    """Without addresses; the brackets that stood around one go with it."""
    return without_addresses(text) if "@" in text else text


def _cleaned(told: _T, names: tuple[str, ...]) -> _T:
    found = {name: without_addresses(text) for name in names if "@" in (text := getattr(told, name))}
    return replace(told, **found) if found else told  # type: ignore[type-var]


def _abstract(abstract: Abstract) -> Abstract:
    if not any("@" in section.text or "@" in section.label for section in abstract.sections):
        return abstract
    return replace(abstract, sections=tuple(_cleaned(s, ("text", "label")) for s in abstract.sections))


def _authors(authors: tuple[Author, ...]) -> tuple[Author, ...]:
    """Nobody is left whose name was an address and nothing else."""
    if not any("@" in author.name or "@" in author.family or "@" in author.given for author in authors):
        return authors
    cleaned = (_cleaned(author, _NAME) for author in authors)
    return tuple(author for author in cleaned if author.name or author.family)


def without_addresses(text: str) -> str:
    """`text` without e-mail addresses and the words that lead to them.

    >>> without_addresses("Unit X, Lyon, France. Electronic address: someone@example.org.")
    'Unit X, Lyon, France.'
    """
    at = text.find("@")
    if at < 0:
        return _without_left_over(text).strip(" ,;:") if ":" in text else text
    kept: list[str] = []
    end = 0
    for address in _CONTACT.finditer(text, max(0, word_start(text, at) - _LONGEST_LEAD)):
        kept += text[end : address.start()], _gap(address)
        end = address.end()
    return _without_left_over("".join((*kept, text[end:]))).strip(" ,;:")


def word_start(text: str, at: int) -> int:
    """Where the word begins that has its first "@" at `at`: no address begins before it."""
    return text.rfind(" ", 0, at) + 1


def _without_left_over(text: str) -> str:
    """`text` without words for an address at its end, from which the address has gone."""
    end = text.rstrip(_SPACES + ".").removesuffix(":").rstrip(_SPACES)
    match = _LEFT_OVER.search(end, max(0, len(end) - _LONGEST_LEFT_OVER))
    return end[: match.start()].rstrip(_SPACES + ",;:(") if match else text


def _gap(match: re.Match[str]) -> str:
    """The mark that stands between what came before an address and what comes after it."""
    marks = match["lead"] + match["tail"]
    if match.end() == len(match.string):
        return "." if "." in marks and match.start() else ""
    if not match.start():
        return ""
    return next((mark + " " for mark in (";", ".", ",") if mark in marks), " ")
