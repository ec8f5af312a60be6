"""Persistent identifiers of papers, and the forms people and sources write them in."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from domain.values import quickly_made

_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/\S+")
_DOI_PREFIX = re.compile(
    r"^(?:(?:https?://)?(?:(?:dx|www)\.)?doi\.org/|(?:info:|urn:)?doi[:/\s]\s*){1,3}", re.IGNORECASE
)
_CODED = re.compile(r"10\.\d{4,9}(?:\.\d+)*%2f", re.IGNORECASE)
_QUERY = re.compile(r"\?[a-z_]+=.*", re.IGNORECASE)
"""What trackers and portals put behind an address; a question mark of a DOI's own is coded there."""
_DOI_EDGE = ".,;\u200b\u200e\ufeff"
"""What stands behind a DOI in a text, or cannot be seen."""
_REVISED = re.compile(
    r"(10\.(?:1101|64898)/(?:\d{4}\.\d\d\.\d\d\.)?\d{6,8}|10\.48550/arxiv\.[\w.-]+?(?:/\d{7})?)v\d{1,2}"
    r"(?:\.(?:full|abstract)(?:[.-][\w.-]{1,20})?)?"
)
"""A revision of a preprint on servers where all revisions have one DOI (bioRxiv, medRxiv, arXiv)."""
_PMID = re.compile(r"(?:pmid:?\s*)?0*([1-9]\d{0,8})", re.IGNORECASE)
_PMCID = re.compile(r"(?:pmcid:?\s*)?PMC0*([1-9]\d{0,8})(?:\.\d+)?", re.IGNORECASE)
_ARXIV = re.compile(r"^(?:arxiv:\s*)?(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?$", re.I)
_BASE32 = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's alphabet: no i, l, o, u
_PAIRS = [low + high for high in _BASE32 for low in _BASE32]
_WORK_ID = re.compile(f"f[{_BASE32}]{{10}}")


def normalise_doi(text: str) -> str | None:
    """The bare lower-case DOI in `text`, or None (DOI Handbook 2.4: names are case-insensitive).

    >>> normalise_doi(" https://doi.org/10.7554/eLife.00048. ")
    '10.7554/elife.00048'
    >>> normalise_doi("10/abc") is None
    True
    """
    if "&" in text:  # many deposit the "<" of old DOIs as HTML writes it, some twice over
        text = text.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")
    bare = text.strip().rstrip(_DOI_EDGE)
    in_address = False
    if not bare.startswith("10."):
        if bare.startswith("<") and bare.endswith(">"):
            bare = bare[1:-1]
        bare = _DOI_PREFIX.sub("", given := bare.lstrip(_DOI_EDGE))
        in_address = "doi.org/" in given[: -len(bare)].lower()
    if in_address and "?" in bare:
        bare = _QUERY.sub("", bare)
    # Coded in an address, or where its slash is; elsewhere a sign of per cent is one.
    if "%" in bare and (in_address or _CODED.match(bare)) and (decoded := unquote(bare)).isprintable():
        bare = decoded.rstrip(_DOI_EDGE)
    if not _DOI.fullmatch(bare):
        return None
    doi = bare.lower()
    revised = _REVISED.fullmatch(doi)
    return revised[1] if revised else doi


def normalise_pmid(text: str) -> str | None:
    """The PubMed id as digits without leading zeros, or None.

    >>> normalise_pmid("PMID: 02345678")
    '2345678'
    """
    match = _PMID.fullmatch(text.strip())
    return match[1] if match else None


def normalise_pmcid(text: str) -> str | None:
    """The PubMed Central id as `PMC` and digits, without a version, or None.

    >>> normalise_pmcid("pmc3040717.1")
    'PMC3040717'
    """
    match = _PMCID.fullmatch(text.strip())
    return f"PMC{match[1]}" if match else None


def normalise_arxiv(text: str) -> str | None:
    """The arXiv id without its version, or None.

    >>> normalise_arxiv("arXiv:2309.17332v2")
    '2309.17332'
    """
    match = _ARXIV.match(text.strip())
    return match[1].lower() if match else None


@quickly_made
@dataclass(frozen=True, slots=True)
class Identifiers:
    """The normalised identifiers of one version; any may be missing."""

    doi: str | None = None
    pmid: str | None = None
    pmcid: str | None = None
    arxiv: str | None = None
    other: tuple[str, ...] = ()
    """Ids in a source's own name space, as `scheme:value` (`ppr:PPR12345`, `oai:…`, `local:…`)."""

    def keys(self) -> Iterator[str]:
        """Each identifier as `scheme:value`, strongest first; two versions sharing one are the same."""
        if self.doi:
            yield f"doi:{self.doi}"
        if self.pmid:
            yield f"pmid:{self.pmid}"
        if self.pmcid:
            yield f"pmcid:{self.pmcid}"
        if self.arxiv:
            yield f"arxiv:{self.arxiv}"
        yield from self.other


def parse_key(text: str) -> str | None:
    """The key (`doi:…`, `pmid:…`, `pmcid:…`, `arxiv:…`) that a person's or a URL's `text` names, or None.

    A bare number is taken as a PubMed id.
    """
    for scheme, normalise in (
        ("doi", normalise_doi),
        ("pmcid", normalise_pmcid),
        ("pmid", normalise_pmid),
        ("arxiv", normalise_arxiv),
    ):
        if value := normalise(text):
            return f"{scheme}:{value}"
    return None


def local_key(title: str, first_author: str, year: int | None, place: Sequence[str] = ()) -> str:
    """A stable key for a record that has no identifier: the same work gives the same key.

    Accents, case, punctuation and spacing do not matter. `place` tells papers with the same words apart.
    """
    parts = [_fold(f"{title} {first_author}") + str(year or ""), *map(_fold, place)]
    return "local:" + short_hash("\0".join(parts), 16)


def _fold(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in folded if c.isalnum())


def work_id(key: str) -> str:
    """The id of the work first seen under `key`: `f` and ten letters or digits, fit for a URL."""
    return "f" + short_hash(key, 10)


def is_work_id(text: str) -> bool:
    """Whether `text` has the form of a work id."""
    return _WORK_ID.fullmatch(text) is not None


def short_hash(text: str, length: int) -> str:
    """`length` letters and digits that stand for `text`."""
    number = int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:12])
    return "".join([_PAIRS[number >> shift & 1023] for shift in range(0, 5 * length, 10)])[:length]
