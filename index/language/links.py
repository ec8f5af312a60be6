"""Papers, trials and people by address or number, as they are pasted: put as fields that we read.

`https://pubmed.ncbi.nlm.nih.gov/123/` becomes `pmid:123`; of a list of nothing but such numbers any will do.
"""

import re
from urllib.parse import unquote_plus

LONGEST = 500
"""No address of a paper is longer."""
_ADDRESS = re.compile(r"(?i)(https?://)?(?:[a-z0-9-]+\.){1,6}[a-z]{2,10}/\S{1,400}")
_WRAPPING = "<>()\"'“”‘’.,;"
_ENDING = re.compile(
    r"(?i)(?:v\d{1,2})?(?:\.(?:full|abstract|short|long|pdf|html?|full-text|supplementary-material"
    r"|article-info|article-metrics)(?:\+html)?)*"
    r"(?:/(?:full|abstract|pdf|epdf|html|meta|summary|fulltext|references|suppl))?/?"
)
"""What publishers put behind a DOI in an address."""
_SEARCHED = re.compile(
    r"(?i)^(?:https?://)?(?:pubmed\.ncbi\.nlm\.nih\.gov|(?:www\.)?ncbi\.nlm\.nih\.gov/\w+|europepmc\.org"
    r"|(?:scholar|www)\.google\.[a-z.]{2,6})/[^?\s]*\?(?:[^\s]*&)?(?:term|q|query)=([^&\s#]+)"
)
"""What was asked of another search."""
_DOI = re.compile(r"(10\.\d{4,9}/[^\s?#&]+)")

_SITES: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(r"(?i)(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/(?:m/)?pubmed)/(\d{1,9})"),
        "pmid:{}",
    ),
    (re.compile(r"(?i)europepmc\.org/(?:article|abstract)/med/(\d{1,9})"), "pmid:{}"),
    (re.compile(r"(?i)europepmc\.org/(?:article|abstract)/ppr/(ppr\d+)"), 'id:"ppr:{}"'),
    (re.compile(r"(?i)(?:ncbi\.nlm\.nih\.gov|europepmc\.org)/(?:[\w/-]*/)?(PMC\d{1,9})"), "pmcid:{}"),
    (re.compile(r"(?i)arxiv\.org/(?:abs|pdf|html)/(\d{4}\.\d{4,5})"), 'id:"arxiv:{}"'),
    (re.compile(r"(?i)nature\.com/articles/([\w.-]{6,60}?)(?:\.pdf)?(?:[/?#]|$)"), "doi:10.1038/{}"),
    (re.compile(r"(?i)academic\.oup\.com/\S*?(10\.1093/[^/\s]+/[^/?#\s]+)"), "doi:{}"),
    (re.compile(r"(?i)elifesciences\.org/(?:articles|reviewed-preprints)/(\d{5,6})"), "doi:10.7554/elife.{}"),
    (
        re.compile(r"(?i)(?:thelancet|cell|sciencedirect)\.com/.*?PII(S\d{4}-\d{4}\(\d\d\)\d{5}-[\dx])"),
        "doi:10.1016/{}",
    ),
    (re.compile(r"(?i)clinicaltrials\.gov/.*?(NCT\d{8})"), "trial:{}"),
    (re.compile(r"(?i)orcid\.org/(\d{4}-\d{4}-\d{4}-\d{3}[\dx])"), "orcid:{}"),
)
_WRITTEN: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?i)\bPMC(?:ID)?:?\s{0,3}(PMC\d{1,9})\b"), r"pmcid:\1"),
    (re.compile(r"(?i)\bPubMed:?\s(?=\d{7,8}\b)"), "pmid:"),
    (re.compile(r"(?i)\bPM(?:ID|_ID):?\s{1,3}(\d{1,9})\b"), r"pmid:\1"),
    (re.compile(r"(?i)\bDOI:?\s{1,3}(?=10\.\d{4})"), ""),
    (re.compile(r"\bPMC\s(\d{5,9})\b"), r"PMC\1"),
    (re.compile(r"(?i)\bISRCTN[\s:#-]{1,3}(\d{8})\b"), r"ISRCTN\1"),
    (re.compile(r"(?i)\bNCT[\s:#-]{1,3}(\d{8})\b"), r"NCT\1"),
    (re.compile(r"(?i)\bEudraCT[\s:]{1,3}(\d{4}-\d{6}-\d\d)\b"), r"trial:\1"),
    (re.compile(r"(?i)(?<!\")\barxiv:\s?(\d{4}\.\d{4,5})(?:v\d{1,2})?\b"), r'id:"arxiv:\1"'),
)
_LONGEST_LIST = 4000
_ORCID = re.compile(r"\s*(\d{4}-\d{4}-\d{4}-\d{3}[\dXx])\s*")
_PIECE = re.compile(
    r'(?i)(?:pmid|pmcid|doi|trial|orcid):[^\s"]+|id:"[^"\s]+"|\d{5,9}|PMC\d{1,9}|NCT\d{8}'
    r"|(?:https?://(?:dx\.)?doi\.org/)?10\.\d{4,9}/\S+"
)
_BETWEEN = re.compile(r"(?i)(?<=\d)[,;](?=(?:PMC|NCT)?\d{5})|[,;]?\s+(?:(?:and|or)\s+)?")


def linked(text: str) -> str:
    """`text` with what addresses lead to in their places; a list of numbers joined by OR."""
    if "/" in text:
        text = re.sub(r"\S+", _followed, text)
    for pattern, written in _WRITTEN:
        text = pattern.sub(written, text)
    if match := _ORCID.fullmatch(text):
        return f"orcid:{match[1]}"
    return _listed(text)


def _followed(found: re.Match[str]) -> str:
    """A piece of text without spaces; what it leads to, if it is an address that we know."""
    piece = found[0]
    bare = piece.strip(_WRAPPING)
    if len(piece) > LONGEST or not (match := _ADDRESS.fullmatch(bare)):
        return piece
    if match[1] and "doi.org/" in bare.lower():
        return piece
    if asked := _SEARCHED.search(bare):
        return unquote_plus(asked[1])
    return piece.replace(bare, _led(bare) or (bare.partition("?")[0] if match[1] else bare))


def _led(address: str) -> str:
    for pattern, form in _SITES:
        if match := pattern.search(address):
            return form.format(match[1])
    return f"doi:{_cut(match[1])}" if (match := _DOI.search(address)) else ""


def _cut(doi: str) -> str:
    """A DOI without what an address has behind it."""
    start = doi.index("/") + 2
    ends = (match.start() for match in re.finditer(r"(?i)v\d|\.|/", doi) if match.start() >= start)
    return next((doi[:end] for end in ends if _ENDING.fullmatch(doi, end)), doi)


def _listed(text: str) -> str:
    """Numbers of papers alone, any of which is asked for; other texts as they are."""
    if len(text) > _LONGEST_LIST:
        return text
    pieces = [piece for piece in _BETWEEN.split(text.strip().rstrip(".,;")) if piece]
    if len(pieces) < 2 or not all(map(_PIECE.fullmatch, pieces)):
        return text
    return " OR ".join(f"pmid:{piece}" if piece.isdigit() else piece for piece in pieces)
