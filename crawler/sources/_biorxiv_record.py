"""The fields of a record of bioRxiv or medRxiv, read one by one.

`NA` stands where there is nothing. Authors are one string with initials only; the corresponding author is
named apart and in full, with the one affiliation that the record has.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from crawler.records.answers import Fields, fields, items, text
from crawler.records.names import person, web_address
from crawler.records.sections import plain_apart, sections
from crawler.records.text import partial_date, plain_text, title_text
from crawler.sources._biorxiv_abstract import markup
from crawler.telling.notices import ITSELF, own_mark
from domain.identifiers import Identifiers, normalise_doi
from domain.licence import Licence, to_licence
from domain.paper import (
    Abstract,
    Affiliation,
    Author,
    FullText,
    Grant,
    Journal,
    Link,
    LinkKind,
    Notice,
    NoticeKind,
    VersionKind,
    unique,
)

_WITHDRAWN_TYPES = frozenset({"withdrawn", "withdrawal", "removed"})
_WITHDRAWN_ABSTRACT = re.compile(
    r"\W{0,3}(?:(?-i:WITHDRAWN)\b|withdrawn\W*$|(?:withdrawal statement\b\W*)?"
    r"(?:(?:(?:the )?authors? ha(?:ve|s)|we have|(?:bio|med)rxiv has) (?:\w+ly )?(?:withdrawn|removed)"
    rf" (?:the|their|this|our) (?:version of (?:the|their|our) |\w+ )?{ITSELF}"
    rf"|this {ITSELF} (?:has been|was) (?:\w+ly )?(?:withdrawn|removed))\b)",
    re.IGNORECASE,
)
_NO_TYPE = frozenset({"", "na", "publishaheadofprint"})
_SERVERS = {"biorxiv": "bioRxiv", "medrxiv": "medRxiv"}


def to_fields(record: Fields) -> dict[str, Any]:
    """The arguments of a `Version`; a withdrawal only adds its notice to the preprint."""
    if is_withdrawn(record):
        return _withdrawal(record)
    kinds = plain_apart(sections(markup(_given(record, "abstract"))))
    return {
        "kind": VersionKind.PREPRINT,
        "identifiers": _identifiers(record),
        "title": title_text(plain_text(_given(record, "title"))),
        "language": "en",
        "abstracts": tuple(Abstract(parts, kind) for kind, parts in kinds.items() if parts),
        "authors": tuple(_authors(record)),
        "journal": Journal(server) if (server := _server(record)) else None,
        "published": partial_date(_given(record, "date")),
        "publication_types": unique(("Preprint", *_types(record))),
        "keywords": unique(k for k in [plain_text(_given(record, "category"))] if k),
        "grants": unique(_grants(record)),
        "licence": (licence := _licence(record)),
        "open_access": True if licence and licence.code != "other" else None,
        "links": _links(record),
        "full_texts": tuple(_full_texts(record)),
    }


def is_withdrawn(record: Fields) -> bool:
    """Whether the record is of the version that says that the preprint is withdrawn."""
    return (
        _given(record, "type").casefold() in _WITHDRAWN_TYPES
        or own_mark(_given(record, "title")) is not None
        or bool(_WITHDRAWN_ABSTRACT.match(_given(record, "abstract")[:200]))
    )


def _withdrawal(record: Fields) -> dict[str, Any]:
    words = plain_text(_given(record, "abstract")) or "Preprint withdrawn"
    notice = Notice(NoticeKind.WITHDRAWN, text=words[:1000], date=partial_date(_given(record, "date")))
    identifiers = _identifiers(record)
    return {
        "kind": VersionKind.PREPRINT,
        "identifiers": identifiers,
        "title": "" if identifiers.doi else title_text(plain_text(_given(record, "title"))),
        "notices": (notice,),
        "companion": identifiers.doi is not None,
    }


def _identifiers(record: Fields) -> Identifiers:
    return Identifiers(doi=normalise_doi(_given(record, "doi")))


def _given(record: Fields, name: str) -> str:
    value = text(record.get(name))
    return "" if value.upper() == "NA" else value


def _server(record: Fields) -> str:
    return _SERVERS.get(_given(record, "server").casefold(), plain_text(_given(record, "server")))


def _types(record: Fields) -> Iterator[str]:
    kind = plain_text(_given(record, "type"))
    if kind.casefold() not in _NO_TYPE:
        yield kind.capitalize()


def _authors(record: Fields) -> list[Author]:
    names = (plain_text(name) for name in _given(record, "authors").split(";"))
    authors = [author for name in names if (author := person(name))]
    corresponding = plain_text(_given(record, "author_corresponding"))
    place = plain_text(_given(record, "author_corresponding_institution"))
    if corresponding and not authors and (alone := person(corresponding)):
        authors = [alone]
    number = _matching(authors, corresponding)
    if number is not None:
        affiliations = (Affiliation(place),) if place else ()
        authors[number] = replace(authors[number], corresponding=True, affiliations=affiliations)
    return authors


def _matching(authors: list[Author], full_name: str) -> int | None:
    """Which author the full name is of: by family name and first initial, else by one family name."""
    words = _words(full_name)
    if len(authors) <= 1 or not words:
        return 0 if authors and words else None
    named = [n for n, a in enumerate(authors) if (own := _words(a.family or a.name)) and own <= words]
    exact = [n for n in named if _is_first(authors[n], words)]
    chosen = exact or named
    # A list may name a person twice; whoever has the same printed name is the same to a reader.
    return chosen[-1] if len({authors[n].name for n in chosen}) == 1 else None


def _is_first(author: Author, words: set[str]) -> bool:
    first = next(iter(author.given.split()), "")[:1].casefold()
    return any(word.startswith(first) for word in words - _words(author.family)) if first else False


def _words(name: str) -> set[str]:
    plain = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    return set(re.findall(r"\w+", plain.replace("'", "").replace("\u2019", "")))


def _grants(record: Fields) -> Iterator[Grant]:
    for one in map(fields, items(record, "funder")):
        name = plain_text(text(one.get("name")))
        awards = [plain_text(award) for award in text(one.get("award")).split(";")]
        if name:
            yield from (Grant(name, award) for award in ([a for a in awards if a] or [""]))


def _licence(record: Fields) -> Licence | None:
    """`cc_no` says that all rights are reserved, `cc0_ng` that a work of a government is free of them."""
    return to_licence(_given(record, "license"), "license")


def _links(record: Fields) -> tuple[Link, ...]:
    doi = normalise_doi(_given(record, "published"))
    return (Link(LinkKind.ARTICLE, f"doi:{doi}"),) if doi and doi != _identifiers(record).doi else ()


def _full_texts(record: Fields) -> Iterator[FullText]:
    """The full text as JATS, where the record names it, and the page of the version."""
    if address := web_address(_given(record, "jatsxml")):
        yield FullText(address, "xml", free=True)
    doi, version = _identifiers(record).doi, _given(record, "version")
    if doi and version.isdecimal() and (server := _server(record).lower()) in _SERVERS:
        yield FullText(f"https://www.{server}.org/content/{doi}v{version}", free=True)
