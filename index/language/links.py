"""Papers, trials and people by address or number, as they are pasted: put as fields that we read.

`https://pubmed.ncbi.nlm.nih.gov/123/` becomes `pmid:123`; of a list of nothing but such numbers any will do.
"""

import re
from functools import partial

from index.language.addresses import PII, followed, from_pii

_WRAPPING = "<>()\"'“”‘’.,;"

_WRITTEN: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?i)\bPMC(?:ID)?:?\s{0,3}(PMC\d{1,9})\b"), r"pmcid:\1"),
    (re.compile(r"(?i)\bPubMed:?\s(?=\d{7,8}\b)"), "pmid:"),
    (re.compile(r"(?i)\bPM(?:ID|_ID)[:-]?\s{1,3}(\d{1,9})\b"), r"pmid:\1"),
    (re.compile(r"(?i)\bDOI:?\s{1,3}(?=10\.\d{4})"), ""),
    (re.compile(r"(?i)\bPMC\s(\d{5,9})\b"), r"PMC\1"),
    (re.compile(r"(?i)\b(ORCID|ISSN)(?: iD)?[\s:]{1,3}(\d{4}-(?:\d{4}-\d{4}-)?\d{3}[\dX])\b"), r"\1:\2"),
    (re.compile(r"(?i)\bISRCTN[\s:#-]{1,3}(\d{8})\b"), r"ISRCTN\1"),
    (re.compile(r"(?i)\bNCT[\s:#-]{1,3}(\d{8})\b"), r"NCT\1"),
    (re.compile(r"(?i)\bEudraCT[\s:]{1,3}(\d{4}-\d{6}-\d\d)\b"), r"trial:\1"),
    (
        re.compile(
            r"(?i)(?<!\")\barxiv:\s?(\d{4}\.\d{4,5})(?:v\d{1,2})?\b(?:\s\[[a-z-]{2,8}(?:\.[A-Za-z-]{2})?\])?"
        ),
        r'id:"arxiv:\1"',
    ),
)
_BARE_PII = re.compile(rf"(?<![\w:/.-])(?:PII:?\s{{0,3}})?{PII.pattern[4:]}", re.IGNORECASE)
_TELLING = re.compile(r"[\d:]")
"""What every number of a paper has, or the name before it."""
_CLOSE = re.compile(r"(?i)(?<=[.,;)\]”])(?=https?://|doi:)")
"""Where a reference lost the space before its number: `2020.https://doi.org/…`."""
_LONGEST_LIST = 4000
_ORCID = re.compile(r"\s*(\d{4}-\d{4}-\d{4}-\d{3}[\dXx])\s*")
_PIECE = re.compile(
    r'(?i)(?:pmid|pmcid|doi|trial|orcid):[^\s"]+|id:"[^"\s]+"|\d{5,9}|PMC\d{1,9}|NCT\d{8}'
    r"|(?:https?://(?:dx\.)?doi\.org/)?10\.\d{4,9}/\S+"
)
_BETWEEN = re.compile(r"(?i)(?<=\d)[,;](?=(?:PMC|NCT)?\d{5})|[,;]?\s+(?:(?:and|or)\s+)?")


def linked(text: str, notes: list[str]) -> str:
    """`text` with what addresses lead to in their places; a list of numbers joined by OR.

    What a reader should know of it is added to `notes`.
    """
    if "/" in text:
        text = _CLOSE.sub(" ", text)
        # An address that leads nowhere says nothing beside words, and would keep every paper out.
        led = re.sub(r"\S+", partial(_followed, notes), text)
        text = led if any(map(str.isalnum, led)) else text.partition("?")[0]
    if not _TELLING.search(text):
        return text
    for pattern, written in _WRITTEN:
        text = pattern.sub(written, text)
    text = _BARE_PII.sub(partial(_named, notes), text)
    if match := _ORCID.fullmatch(text):
        return f"orcid:{match[1]}"
    return _listed(text)


def _followed(notes: list[str], found: re.Match[str]) -> str:
    """A piece of text without spaces; what it leads to, if it is an address that we know."""
    bare = found[0].strip(_WRAPPING)
    led = followed(bare, notes)
    return found[0] if led is None else found[0].replace(bare, led)


def _named(notes: list[str], found: re.Match[str]) -> str:
    match = PII.search(found[0])
    return from_pii(match, notes) if match else found[0]


def _listed(text: str) -> str:
    """Numbers of papers alone, any of which is asked for; other texts as they are."""
    if len(text) > _LONGEST_LIST:
        return text
    pieces = [piece for piece in _BETWEEN.split(text.strip().rstrip(".,;")) if piece]
    if len(pieces) < 2 or not all(map(_PIECE.fullmatch, pieces)):
        return text
    return " OR ".join(f"pmid:{piece}" if piece.isdigit() else piece for piece in pieces)
