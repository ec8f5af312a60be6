"""E-mail addresses out of a version: they are people's, and no part of what a paper says.

Affiliations keep theirs until their countries are told; see `crawler.telling.enrich`.
"""

from dataclasses import replace
from typing import TypeVar

from crawler.telling.affiliations import without_addresses
from domain.paper import Abstract, Author, Version

_T = TypeVar("_T")
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
