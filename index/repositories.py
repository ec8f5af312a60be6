"""Which repository of `config/repositories.toml` data or code are in, by name, address, DOI or accession."""

from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from config import load_table
from domain.identifiers import normalise_doi
from domain.paper import DataLink, Version

Row = Mapping[str, Any]


def repositories(version: Version) -> list[str]:
    """The codes of the repositories that a version's data and code are in, empty where one is not known."""
    found = [repository_of(link) for link in version.data]
    return found + [repository_at(link) for one in version.sharing for link in one.links]


def repository_of(link: DataLink) -> str:
    """The code of the repository a link leads to; empty where it is not in the table.

    >>> repository_of(DataLink("GEO", "GSE12345")), repository_of(DataLink("DOI", "10.5281/zenodo.1"))
    ('geo', 'zenodo')
    """
    return named(link.repository) or repository_at(link.accession) or repository_at(link.url)


def repository_at(link: str) -> str:
    """The code for an address, a DOI, or an accession with the code before it, as statements give them.

    >>> repository_at("https://www.zenodo.org/record/1"), repository_at("geo:GSE1"), repository_at("x:1")
    ('zenodo', 'geo', '')
    """
    if "://" in link:
        host = _host(link)
        return _holder(normalise_doi(link)) if host.endswith("doi.org") else at_host(host)
    code, _, rest = link.partition(":")
    if code != "doi" and rest:
        return code if code in _rows() else ""
    return _holder(normalise_doi(rest or link))


def named(name: str) -> str:
    """The code of the repository that sources call `name`, however they write it.

    >>> named("Gene Expression Omnibus"), named("DOI")
    ('geo', '')
    """
    return _names().get(name.strip().casefold(), "")


def at_host(host: str) -> str:
    """The code of the repository that answers at `host`.

    >>> at_host("www.zenodo.org"), at_host("notzenodo.org")
    ('zenodo', '')
    """
    bare = host.lower().removeprefix("www.")
    hosts = ((code, known) for code, row in _rows().items() for known in row.get("hosts", ()))
    return next((code for code, known in hosts if bare == known or bare.endswith(f".{known}")), "")


def _holder(doi: str | None) -> str:
    if not doi:
        return ""
    return next((code for code, row in _rows().items() if doi.startswith(tuple(row.get("prefixes", ())))), "")


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def _rows() -> Mapping[str, Row]:
    return load_table("repositories")


@cache
def _names() -> Mapping[str, str]:
    names: dict[str, str] = {}
    for code, row in _rows().items():
        for name in (code, str(row["title"]).casefold(), *row.get("names", ())):
            names.setdefault(name, code)
    return names
