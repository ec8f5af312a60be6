"""Addresses outside this site: of identifiers, registries and what sources link to."""

import re
from urllib.parse import quote, urlsplit

from domain.identifiers import Identifiers
from domain.paper import Trial
from web.labels import table

_RESOLVERS = {
    "doi": ("DOI", "https://doi.org/{}"),
    "pmid": ("PubMed", "https://pubmed.ncbi.nlm.nih.gov/{}/"),
    "pmcid": ("PubMed Central", "https://pmc.ncbi.nlm.nih.gov/articles/{}/"),
    "arxiv": ("arXiv", "https://arxiv.org/abs/{}"),
}
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
