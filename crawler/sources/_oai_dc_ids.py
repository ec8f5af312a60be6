"""Identifiers and addresses that `oai_dc` records give, among much else, in `identifier` and `relation`."""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote, urlsplit

from crawler.telling.repositories import repository_of
from domain.identifiers import (
    Identifiers,
    normalise_arxiv,
    normalise_doi,
    normalise_pmcid,
    normalise_pmid,
)
from domain.paper import FullText, unique

_ALTERNATIVE = re.compile(r"^info:eu-repo/semantics/altidentifier/(doi|pmid|pmc|pmcid|arxiv|hdl)/(.+)$", re.I)
_WHOLE_DOI = re.compile(
    r"(?:https?://(?:(?:dx|www)\.)?doi\.org/|(?:urn:|info:)?doi[:/]?\s*)?(10\.\d{4,9}(?:\.\d+)*/\S+)",
    re.IGNORECASE,
)
_NAMED_DOI = re.compile(r"(?:doi\.org/|\bdoi\)?:?\s*|⟨)(10\.\d{4,9}(?:\.\d+)*/[^\s\"<>|;⟩]+)", re.IGNORECASE)
_PMID = re.compile(
    r"(?:^pmid:?\s*|^info:pmid/|^pubmed(?: id)?:?\s*"
    r"|pubmed\.ncbi\.nlm\.nih\.gov/|ncbi\.nlm\.nih\.gov/pubmed/)(\d{1,9})\b",
    re.I,
)
_PMCID = re.compile(r"(?:^|/articles/|^pmcid:?\s*)(PMC\d{1,9})\b", re.IGNORECASE)
_ARXIV = re.compile(r"(?:^arxiv:\s*|arxiv\.org/(?:abs|pdf)/)([\w.-]+(?:/\d{7})?)", re.IGNORECASE)
_HANDLE = re.compile(r"(?:hdl\.handle\.net/|^hdl:\s*|^info:hdl/)(\d[\w.]*/[^\s?#]+)", re.IGNORECASE)
_SCIELO = re.compile(r"(?:\boai:scielo:|\bscielo\.\S*[?&]pid=)S\d{4}-\d{3}[\dX]\d{13}\b", re.IGNORECASE)
"""What SciELO calls an article of its own, whose DOI it gives in `relation`, and nothing else there."""
_URL = re.compile(r"https?://[^\s<>\"\[\]]+$", re.IGNORECASE)
_ARXIV_DOI = "10.48550/arxiv."
# PANGAEA, GBIF, the UK Data Service, universities' own; then bioRxiv and medRxiv (not their publisher's
# journals), arXiv, Research Square, Preprints.org, SSRN, OSF's preprints and PsyArXiv, ChemRxiv, Authorea,
# TechRxiv, PeerJ Preprints, ResearchGate. Repositories that texts name are in `config/repositories.toml`.
_DEPOSIT = re.compile(
    r"10\.(?:(?:25387|1594|15468|5255|6073|5517|6075|17863|17635"
    r"|7488|5518|5258|48550|21203|20944|2139|31219|31234|26434|22541|36227|7287|64898|13140)/|1101/\d)"
)
_KNOWN_ELSEWHERE = re.compile(
    r"//(?:dx\.)?doi\.org/|//orcid\.org|creativecommons\.org|//purl\.org", re.IGNORECASE
)


def identifiers(
    given: Iterable[str], relations: Iterable[str], sources: Iterable[str], own_key: str
) -> Identifiers:
    """What identifies the record: its own identifiers, and relations that are called alternative ones.

    A citation in `source` or `identifier` names this paper too, but only with the word `doi`.
    """
    given, relations = tuple(given), tuple(relations)
    own = [*given, *(f"{m[1]}:{m[2]}" for text in relations if (m := _ALTERNATIVE.match(text)))]
    doi = _first_doi(own) or next((d for text in sources if (d := _named_doi(text))), None)
    if doi is None and any(_SCIELO.search(text) for text in (*given, own_key)):
        doi = _only_doi(relations)
    arxiv = next(
        (a for text in own if (m := _ARXIV.search(text)) and (a := normalise_arxiv(_bare(m[1])))), None
    )
    if arxiv is None and doi and doi.startswith(_ARXIV_DOI):
        arxiv = normalise_arxiv(doi.removeprefix(_ARXIV_DOI))
    return Identifiers(
        doi=doi,
        pmid=next((p for text in own if (m := _PMID.search(text)) and (p := normalise_pmid(m[1]))), None),
        pmcid=next((p for p in map(_pmcid, own) if p), None),
        arxiv=arxiv,
        other=unique((own_key, *_handles(own))),
    )


def related_article(relations: Iterable[str], own: Identifiers) -> str | None:
    """The key of the one DOI that a preprint's relations name; None for none or for several."""
    doi = _only_doi(relations, own.doi)
    return f"doi:{doi}" if doi else None


def _only_doi(relations: Iterable[str], besides: str | None = None) -> str | None:
    found = {doi for text in relations if (doi := _whole_doi(text))} - {besides}
    return found.pop() if len(found) == 1 else None


def is_deposit(doi: str) -> bool:
    """Whether a DOI is one of a repository of data or preprints: what lies there is not the article."""
    return repository_of(doi) is not None or _DEPOSIT.match(doi) is not None


def full_texts(
    given: Iterable[str], relations: Iterable[str], own: Identifiers, *, free: bool
) -> tuple[FullText, ...]:
    """Where it can be read; of relations, those that lead to the same site or to a PDF."""
    found = [FullText(f"https://doi.org/{own.doi}", free=free)] if own.doi else []
    here = [text for text in given if _URL.match(text) and not _KNOWN_ELSEWHERE.search(text)]
    sites = {urlsplit(text).netloc for text in here}
    near = (t for t in relations if _URL.match(t) and (_is_pdf(t) or urlsplit(t).netloc in sites))
    found += [FullText(text, "pdf" if _is_pdf(text) else "html", free) for text in (*here, *near)]
    return unique(found)[:8]


def _is_pdf(address: str) -> bool:
    return address.lower().endswith(".pdf")


def _first_doi(own: Iterable[str]) -> str | None:
    """A DOI that is the whole of an identifier, else one that a citation names."""
    texts = list(own)
    whole = (doi for text in texts if (doi := _whole_doi(text)))
    return next(whole, None) or next((doi for text in texts if (doi := _named_doi(text))), None)


def _whole_doi(text: str) -> str | None:
    match = _WHOLE_DOI.fullmatch(unquote(text).strip() if "%2" in text else text.strip())
    return normalise_doi(match[1]) if match else None


def _named_doi(text: str) -> str | None:
    match = _NAMED_DOI.search(text)
    return normalise_doi(match[1].rstrip(").]")) if match else None


def _pmcid(text: str) -> str | None:
    match = _PMCID.search(text)
    return normalise_pmcid(match[1]) if match else None


def _bare(text: str) -> str:
    return text.removesuffix(".pdf")


def _handles(own: Iterable[str]) -> Iterator[str]:
    for text in own:
        if match := _HANDLE.search(text):
            yield f"hdl:{match[1].rstrip('.').lower()}"
