"""What a DOI of DataCite is, and which other things its record ties it to."""

import re
from collections.abc import Iterator
from typing import Any

from crawler.records.answers import Fields, fields, items, text
from crawler.records.sections import sections
from crawler.records.supplements import is_supplement
from crawler.records.text import plain_text
from domain.errors import RecordRejected
from domain.identifiers import (
    Identifiers,
    normalise_arxiv,
    normalise_doi,
    normalise_pmcid,
    normalise_pmid,
)
from domain.paper import DataLink, Link, LinkKind, VersionKind, unique

_ARXIV_DOI = "10.48550/arxiv."
_KINDS = {
    "journalarticle": VersionKind.ARTICLE,
    "datapaper": VersionKind.ARTICLE,
    "conferencepaper": VersionKind.ARTICLE,
    "preprint": VersionKind.PREPRINT,
}
_TEXT_KINDS = _KINDS | {
    "article": VersionKind.ARTICLE,
    "paper": VersionKind.ARTICLE,
    "journalcontribution": VersionKind.ARTICLE,
    "conferencecontribution": VersionKind.ARTICLE,
    "workingpaper": VersionKind.PREPRINT,
    "conferenceabstract": VersionKind.ABSTRACT,
    "meetingabstract": VersionKind.ABSTRACT,
}
_OF_A_PAPER = frozenset({"issupplementto", "isreferencedby", "iscitedby", "isdocumentedby", "isdescribedby"})
_SAME_WORK = frozenset(
    {"isversionof", "ispreviousversionof", "isvariantformof", "isoriginalformof", "isidenticalto"}
)
_SAME_RECORD = frozenset({"isversionof", "isidenticalto"})
_NO_PAPER = frozenset({"dataset", "software", "collection", "image", "physicalobject", "project", "award"})
_PUBMED = re.compile(r"https?://(?:www\.|pubmed\.)?ncbi\.nlm\.nih\.gov/(?:pubmed/)?(\d{1,9})/?")
_PMC = re.compile(r"https?://(?:www\.|pmc\.)?ncbi\.nlm\.nih\.gov/(?:pmc/)?articles/(PMC\d{1,9})/?", re.I)
_MOST_PAPERS = 50


def attributes(record: Fields) -> Fields:
    """The metadata of a record, which in the JSON:API form is wrapped up once."""
    held = record.get("attributes")
    return fields(held) if held is not None else record


def own_doi(found: Fields) -> str:
    """The DOI of the record; empty when it has none."""
    return normalise_doi(text(found.get("doi")) or text(found.get("id"))) or ""


def paper_kind(found: Fields) -> VersionKind | None:
    """What kind of version the record describes; None when it is no paper."""
    types = fields(found.get("types"))
    general, special = (_folded(types.get(name)) for name in ("resourceTypeGeneral", "resourceType"))
    kind = _TEXT_KINDS.get(special) if general in {"text", ""} else _KINDS.get(general)
    return None if kind and _is_supplement(found, special) else kind


def _is_supplement(found: Fields, special: str) -> bool:
    """Whether it is a file that goes with another paper.

    What journals lay down at figshare it calls a paper or a contribution to a journal, often under the title
    of the paper itself.
    """
    titles = (plain_text(text(one.get("title"))) for one in map(fields, items(found, "titles")))
    if any(map(is_supplement, titles)):
        return True
    own = _prefix(f"doi:{own_doi(found)}")
    return special in {"journalcontribution", "paper"} and any(
        relation == "issupplementto" and kind not in _NO_PAPER and _prefix(key) != own
        for relation, key, kind in _related(found)
    )


def is_paper(found: Fields) -> bool:
    """Whether the record describes a paper, with its abstract."""
    return paper_kind(found) is not None and any(True for _ in abstracts_of(found))


def abstracts_of(found: Fields) -> Iterator[Fields]:
    """Descriptions that are abstracts; a single one that does not say what it is counts."""
    described = [o for o in map(fields, items(found, "descriptions")) if sections(text(o.get("description")))]
    for one in described:
        kind = _folded(one.get("descriptionType"))
        if kind == "abstract" or (not kind and len(described) == 1):
            yield one


def paper_keys(found: Fields) -> tuple[str, ...]:
    """Keys of the papers that a dataset says it belongs to."""
    own = f"doi:{own_doi(found)}"
    keys = unique(
        key
        for relation, key, kind in _related(found)
        if relation in _OF_A_PAPER and kind not in _NO_PAPER and key != own
    )
    return keys[:_MOST_PAPERS]


def to_companion(record: Fields, key: str) -> dict[str, Any]:
    """The arguments of a `Version` that adds a dataset to the paper with that key.

    Its kind is the one that yields to any other when records of a version are put together.
    """
    found = attributes(record)
    if is_paper(found) or key not in paper_keys(found):
        raise RecordRejected("datacite", own_doi(found), "not-a-paper", f"it names no paper {key}")
    doi = own_doi(found)
    link = DataLink(publisher_name(found) or "DataCite", doi, f"https://doi.org/{doi}")
    return {
        "kind": VersionKind.PREPRINT,
        "identifiers": _named_by(key),
        "title": "",
        "data": (link,),
        "companion": True,
    }


def _named_by(key: str) -> Identifiers:
    scheme, _, value = key.partition(":")
    return Identifiers(
        doi=value if scheme == "doi" else None,
        pmid=value if scheme == "pmid" else None,
        pmcid=value if scheme == "pmcid" else None,
        arxiv=value if scheme == "arxiv" else None,
    )


def publisher_name(found: Fields) -> str:
    """The repository or publisher, which is a name or an object with one."""
    held = found.get("publisher")
    return plain_text(text(fields(held).get("name")) or text(held))


def identifiers_of(found: Fields) -> Identifiers:
    """The identifiers of a paper; the DOI that stands for all versions in its repository is one of them."""
    doi = own_doi(found) or None
    given = {
        _folded(one.get(f"{name}Type")): text(one.get(name))
        for name in ("alternateIdentifier", "identifier")
        for one in map(fields, items(found, f"{name}s"))
    }
    family = unique(
        key
        for relation, key, _ in _related(found)
        if relation in _SAME_RECORD and _prefix(key) == _prefix(f"doi:{doi}") and key != f"doi:{doi}"
    )
    arxiv = doi.removeprefix(_ARXIV_DOI) if doi and doi.startswith(_ARXIV_DOI) else given.get("arxiv", "")
    return Identifiers(
        doi=doi,
        pmid=normalise_pmid(given.get("pmid", "")),
        pmcid=normalise_pmcid(given.get("pmcid", "")),
        arxiv=normalise_arxiv(arxiv),
        other=family[:1],
    )


def links_of(found: Fields) -> tuple[Link, ...]:
    """The published article of a preprint or of a repository's copy, where the record names one only."""
    doi = f"doi:{own_doi(found)}"
    keys = unique(
        key
        for relation, key, kind in _related(found)
        if relation in _SAME_WORK and kind not in _NO_PAPER and _prefix(key) != _prefix(doi)
    )
    return (Link(LinkKind.ARTICLE, keys[0]),) if len(keys) == 1 else ()


def _related(found: Fields) -> Iterator[tuple[str, str, str]]:
    """Relation, key and general type of what the record is related to and we have a key for."""
    for one in map(fields, items(found, "relatedIdentifiers")):
        key = _key(_folded(one.get("relatedIdentifierType")), text(one.get("relatedIdentifier")))
        if key:
            yield _folded(one.get("relationType")), key, _folded(one.get("resourceTypeGeneral"))


def _key(scheme: str, value: str) -> str | None:
    if scheme in {"doi", "url"} and (doi := normalise_doi(value)):
        if arxiv := normalise_arxiv(doi.removeprefix(_ARXIV_DOI)) if doi.startswith(_ARXIV_DOI) else None:
            return f"arxiv:{arxiv}"
        return f"doi:{doi}"
    if scheme == "url":
        pubmed, pmc = _PUBMED.fullmatch(value), _PMC.fullmatch(value)
        return f"pmid:{pubmed[1]}" if pubmed else f"pmcid:{pmc[1].upper()}" if pmc else None
    if scheme == "pmid" and (pmid := normalise_pmid(value)):
        return f"pmid:{pmid}"
    if scheme == "pmcid" and (pmcid := normalise_pmcid(value)):
        return f"pmcid:{pmcid}"
    return f"arxiv:{arxiv}" if scheme == "arxiv" and (arxiv := normalise_arxiv(value)) else None


def _prefix(key: str) -> str:
    return key.partition("/")[0]


def _folded(value: object) -> str:
    return re.sub(r"[^a-z]", "", text(value).casefold())
