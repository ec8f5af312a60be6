"""References as RIS, which Zotero, EndNote, Mendeley and the tools for systematic reviews read.

The tags are those that EndNote and Zotero give their meaning to. A value has one line, and lines end as the
format asks for.
"""

from collections.abc import Iterator

from web.references.reference import Kind, Reference

MEDIA_TYPE = "application/x-research-info-systems; charset=utf-8"

_TYPES = {Kind.ARTICLE: "JOUR", Kind.PREPRINT: "UNPB", Kind.PROCEEDINGS: "CPAPER", Kind.CHAPTER: "CHAP"}


def to_ris(one: Reference) -> str:
    """The record of one paper, from `TY` to `ER`, with its line ends."""
    return "".join(f"{tag}  - {value}\r\n" for tag, value in _fields(one) if value) + "ER  - \r\n"


def _fields(one: Reference) -> Iterator[tuple[str, str]]:
    yield "TY", _TYPES[one.kind]
    yield "ID", one.id
    yield "TI", one.title
    yield "TT", one.original_title
    yield from (("AU", name.in_commas) for name in one.names)
    yield "PY", f"{one.date[0]:04}" if one.date else ""
    yield "DA", _date(one.date)
    yield "T2", one.container
    yield "J2", one.abbreviation
    yield "VL", one.volume
    yield "IS", one.issue
    yield "SP", one.pages[0]
    yield "EP", one.pages[1]
    yield "SN", ", ".join(one.issn)
    yield "PB", one.container if one.kind is Kind.PREPRINT else one.publisher
    yield "LA", one.language
    yield "DO", one.doi
    yield "AN", one.pmid
    yield "C2", one.pmcid
    yield "UR", one.url
    yield "AB", one.abstract
    yield from (("KW", word) for word in one.keywords)
    yield from (("N1", note) for note in one.notes)
    yield "N1", one.licence and f"Licence: {one.licence}"
    yield "DP", one.source


def _date(date: tuple[int, ...]) -> str:
    """Year, month and day, each behind a slash of its own whether it is known or not."""
    year, month, day = (f"{part:02}" for part in (*date, *[0] * (3 - len(date))))
    return f"{year:0>4}/{month}/{day}/".replace("/00", "/") if date else ""
