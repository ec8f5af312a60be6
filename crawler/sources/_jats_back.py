"""What a JATS article says about money, interests and data."""

import re
from collections.abc import Iterable, Iterator

from lxml import etree

from crawler.records.xml import element_text
from domain.body import Passage, Place
from domain.paper import DataLink, Grant, unique

Element = etree._Element

_ACCESSIONS = (
    ("GEO", "GSE", re.compile(r"\bGSE\d{2,8}\b")),
    ("ArrayExpress", "E-", re.compile(r"\bE-[A-Z]{4}-\d{1,6}\b")),
    ("EGA", "EGA", re.compile(r"\bEGA[SD]\d{11}\b")),
    ("dbGaP", "phs", re.compile(r"\bphs\d{6}(?:\.v\d+\.p\d+)?\b")),
    ("SRA", "R", re.compile(r"\b[SED]R[PA]\d{6,9}\b")),
    ("BioProject", "PRJ", re.compile(r"\bPRJ(?:NA|EB|DB)\d{2,9}\b")),
    ("PRIDE", "PXD", re.compile(r"\bPXD\d{6}\b")),
)
"""Repositories, letters that all their accessions have, and how these look."""
_DATA_DOI = re.compile(r"\b10\.(?:5061|5281|6084|17632|7910|25387|6073|5517|6075)/[^\s,;)]+", re.IGNORECASE)
_DATA_HOSTS = {
    "10.5061": "Dryad",
    "10.5281": "Zenodo",
    "10.6084": "figshare",
    "10.17632": "Mendeley Data",
    "10.7910": "Dataverse",
}


def grants(meta: Element) -> tuple[Grant, ...]:
    """Awards of the funding groups, and contracts and sponsors of older articles."""
    found = [grant for award in meta.iterfind("funding-group/award-group") for grant in _award(award)]
    for sponsor in meta.iterchildren("contract-sponsor"):
        if name := element_text(sponsor):
            found.append(Grant(name))
    return unique(found)


def _award(award: Element) -> Iterator[Grant]:
    numbers = [text for one in award.iterchildren("award-id") if (text := element_text(one))] or [""]
    for source in award.iterchildren("funding-source"):
        institution = next(source.iter("institution"), None)
        if name := element_text(source if institution is None else institution):
            country = source.get("country", "")
            yield from (Grant(name, number, country) for number in numbers)


def competing_interests(passages: Iterable[Passage]) -> str:
    """Statements of interests, each once, wherever the article puts them."""
    return " ".join(unique(one.text for one in passages if one.place is Place.INTERESTS))


def data_links(passages: Iterable[Passage]) -> tuple[DataLink, ...]:
    """Accessions and DOIs of data in the statements of data availability."""
    return unique(link for one in passages if one.place is Place.AVAILABILITY for link in _data(one.text))


def _data(text: str) -> Iterator[DataLink]:
    for repository, letters, pattern in _ACCESSIONS:
        if letters in text:
            yield from (DataLink(repository, match[0]) for match in pattern.finditer(text))
    if "10." not in text:
        return
    for match in _DATA_DOI.finditer(text):
        doi = match[0].rstrip(".)").lower()
        yield DataLink(_DATA_HOSTS.get(doi.split("/")[0], "DOI"), doi, f"https://doi.org/{doi}")
