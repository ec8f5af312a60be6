"""Addresses outside this site: of identifiers, registries and what sources link to."""

import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from domain.identifiers import Identifiers, normalise_doi
from domain.paper import DataLink, Trial
from index.repositories import at_host, named, repository_at, repository_of
from web.labels import table


@dataclass(frozen=True, slots=True)
class Place:
    """Where data or code are kept: a name for the repository, what to call them there, and the address."""

    repository: str
    name: str
    url: str
    """Empty where no page of it is known."""
    code: str = ""
    """Of `config/repositories.toml`; empty where the repository is not in it."""


_RESOLVERS = {
    "doi": ("DOI", "https://doi.org/{}"),
    "pmid": ("PubMed", "https://pubmed.ncbi.nlm.nih.gov/{}/"),
    "pmcid": ("PubMed Central", "https://pmc.ncbi.nlm.nih.gov/articles/{}/"),
    "arxiv": ("arXiv", "https://arxiv.org/abs/{}"),
}
_ROR = re.compile(r"https://ror\.org/0[a-z0-9]{6}\d\d")
_ORCID = re.compile(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]")


def safe_url(url: str | None) -> str:
    """`url` where a browser may follow it; empty for any scheme but http and https.

    >>> safe_url("javascript:alert(1)"), safe_url("https://example.org/a")
    ('', 'https://example.org/a')
    """
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return ""
    return url or "" if parts.scheme in {"http", "https"} and parts.netloc else ""


def key_link(key: str) -> tuple[str, str, str]:
    """Name of the scheme, value and address (may be empty) of an identifier key.

    >>> key_link("pmid:123")
    ('PubMed', '123', 'https://pubmed.ncbi.nlm.nih.gov/123/')
    """
    scheme, _, value = key.partition(":")
    if scheme in _RESOLVERS:
        name, pattern = _RESOLVERS[scheme]
        return name, value, pattern.format(quote(value, safe="/:;()"))
    return scheme, value, ""


def identifier_links(identifiers: Identifiers) -> list[tuple[str, str, str]]:
    """`key_link` of each identifier, strongest first; local ones say nothing to a reader and are left out."""
    keys = identifiers.keys()
    return [key_link(key) for key in keys if not key.startswith("local:")]


def orcid_url(orcid: str | None) -> str:
    """The address of an ORCID record, or empty."""
    match = _ORCID.search(orcid or "")
    return f"https://orcid.org/{match[0]}" if match else ""


def trial_url(trial: Trial) -> str:
    """The page of a trial in its registry (`config/registries.toml`), or empty.

    >>> trial_url(Trial("isrctn", "ISRCTN12345678"))
    'https://www.isrctn.com/ISRCTN12345678'
    """
    pattern = str(table("registries").get(trial.registry, {}).get("url", ""))
    return safe_url(pattern.replace("{id}", quote(trial.id, safe="")))


def ror_url(ror: str | None) -> str:
    """The page of an institution in the Research Organization Registry, or empty."""
    return ror if ror and _ROR.fullmatch(ror) else ""


def place_of(link: str) -> Place:
    """Where a link that an availability statement gives leads: a DOI, an accession or a web address.

    >>> place_of("geo:GSE12345").url
    'https://www.ncbi.nlm.nih.gov/geo/query/acc.cgi?acc=GSE12345'
    >>> place_of("https://example.org/data").url, place_of("javascript:alert(1)").url
    ('https://example.org/data', '')
    """
    if url := safe_url(link):
        host = urlsplit(url).netloc.rpartition("@")[2]
        doi = normalise_doi(url) if host.endswith("doi.org") else None
        return _doi_place(doi) if doi else Place(_title(code := at_host(host)) or host, url, url, code)
    code, _, accession = link.partition(":")
    if code == "doi" and (doi := normalise_doi(accession)):
        return _doi_place(doi)
    row = table("repositories").get(code)
    return (
        Place(str(row.get("title", code)), accession, _page(row, accession), code)
        if row
        else Place("", link, "")
    )


def data_place(link: DataLink) -> Place:
    """Where a data link leads: its own address, else that of the DOI or of the accession."""
    doi, code = normalise_doi(link.accession), repository_of(link)
    if doi:
        return Place(link.repository if link.repository != "DOI" else "", doi, _doi_place(doi).url, code)
    row = table("repositories").get(named(link.repository))
    url = safe_url(link.url) or (_page(row, link.accession) if row else "")
    return Place(str(row["title"]) if row else link.repository, link.accession, url, code)


def _doi_place(doi: str) -> Place:
    code = repository_at(f"doi:{doi}")
    return Place(_title(code), doi, f"https://doi.org/{quote(doi, safe='/:;()')}", code)


def _title(code: str) -> str:
    return str(table("repositories").get(code, {}).get("title", ""))


def _page(row: dict[str, object], accession: str) -> str:
    """The page of an accession, where the repository has one and the accession looks like one of its own."""
    form = str(row.get("pattern", ""))
    if not form or not re.fullmatch(form, accession):
        return ""
    special = row.get("urls")
    pages = special if isinstance(special, dict) else {}
    page = next((url for start, url in pages.items() if accession.startswith(start)), row.get("url", ""))
    return safe_url(str(page).replace("{id}", quote(accession, safe="")))
