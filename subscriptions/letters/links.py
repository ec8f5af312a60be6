"""Addresses of what a letter speaks of."""

from urllib.parse import quote

from domain.plain import address

_RESOLVERS = {
    "doi": "https://doi.org/{}",
    "pmid": "https://pubmed.ncbi.nlm.nih.gov/{}/",
    "pmcid": "https://pmc.ncbi.nlm.nih.gov/articles/{}/",
    "arxiv": "https://arxiv.org/abs/{}",
}


def site_path(site: str, *parts: str) -> str:
    """The address of a page of the site.

    >>> site_path("https://findings.example", "papers", "a/b")
    'https://findings.example/papers/a%2Fb'
    """
    return "/".join([site, *(quote(part, safe="") for part in parts)])


def key_url(key: str | None) -> str:
    """The address of what an identifier key names; empty where it has none.

    >>> key_url("pmid:123"), key_url("local:x")
    ('https://pubmed.ncbi.nlm.nih.gov/123/', '')
    """
    scheme, _, value = (key or "").partition(":")
    pattern = _RESOLVERS.get(scheme)
    return address(pattern.format(quote(value, safe="/:;()"))) if pattern and value else ""
