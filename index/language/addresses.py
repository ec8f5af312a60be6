"""One address of the web, as it is pasted: the paper, trial or person that it leads to, or what it asked.

A library's proxy, a redirect in a letter and what follows people from page to page are taken off first.
"""

import re
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from index.language.limits import LIMITS, limited

LONGEST = 500
"""No address of a paper is longer."""
_ADDRESS = re.compile(r"(?i)(?:https?://)?(?:[a-z0-9-]+\.){1,8}[a-z]{2,10}/\S{1,400}")
_ASKING = {"term", "q", "query", "cond", "intr"}
"""Where a search keeps what was asked of it."""
_SEARCHES = re.compile(
    r"(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov|europepmc\.org|clinicaltrials\.gov"
    r"|(?:scholar|www)\.google\.[a-z.]{2,6})"
)
_NUMBER = re.compile(r"\d{5,9}")
_ONWARDS = {"url", "qurl", "u", "q", "target"}
"""Where a redirect keeps the address that it leads to."""
_HYPHENED_HOST = re.compile(r"((?:[a-z0-9]+-)+(?:com|org|gov|net|edu|uk))\.[a-z0-9.-]+", re.IGNORECASE)
"""`www-nature-com.proxy.example.edu`: a site as libraries' proxies call it."""
_BEHIND_HOST = re.compile(
    r"(.+\.(?:com|org|gov|net))\.(?:[a-z0-9-]+\.)*[a-z0-9-]*proxy[a-z0-9.-]*", re.IGNORECASE
)
"""`www.nature.com.ezproxy.example.edu`."""
_RESOLVED = re.compile(r"(?i)\bdoi\.org/(10\.\d{4,9}/\S+)")
_FOLLOWING = re.compile(r"\?[\w.-]+=.*|#[A-Za-z].*")
"""What is behind a DOI to follow people; old DOIs hold such signs, too."""
_DOI = re.compile(r"(10\.\d{4,9}/[^\s?#&]+)")
_ENDING = re.compile(
    r"(?i)(?:v\d{1,2})?(?:\.(?:full|abstract|short|long|pdf|html?|full-text|supplementary-material"
    r"|article-info|article-metrics)(?:\+html)?)*"
    r"(?:/(?:full|abstract|pdf|epdf|html|meta|summary|fulltext|references|suppl))?/?"
)
"""What publishers put behind a DOI in an address."""
_TRIAL = r"NCT\d{8}|ISRCTN\d{8}|DRKS\d{8}|ACTRN\d{14}|(?<!\d)\d{4}-\d{6}-\d\d(?:-\d\d)?(?!\d)"

_SITES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(f"(?i){pattern}"), form)
    for pattern, form in (
        (r"(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/(?:m/)?pubmed)/(\d{1,9})", "pmid:{}"),
        (r"ncbi\.nlm\.nih\.gov/\S*[?&](?:from_uid|list_uids)=(\d{1,9})", "pmid:{}"),
        (r"europepmc\.org/(?:article|abstract)/med/(\d{1,9})", "pmid:{}"),
        (r"europepmc\.org/(?:article|abstract)/ppr/(ppr\d+)", 'id:"ppr:{}"'),
        (r"(?:ncbi\.nlm\.nih\.gov|europepmc\.org)/(?:[\w/-]*/)?(PMC\d{1,9})", "pmcid:{}"),
        (r"arxiv\.org/(?:abs|pdf|html)/(\d{4}\.\d{4,5})", 'id:"arxiv:{}"'),
        (r"nature\.com/articles/([\w.-]{6,60}?)(?:\.pdf)?(?:[/?#]|$)", "doi:10.1038/{}"),
        (r"academic\.oup\.com/\S*?(10\.1093/[^/\s]+/[^/?#\s]+)", "doi:{}"),
        (r"elifesciences\.org/(?:articles|reviewed-preprints)/(\d{5,6})", "doi:10.7554/elife.{}"),
        (r"bmj\.com/content/\S*?\b(bmj[.-][\w-]+(?:\.\d+)?)", "doi:10.1136/{}"),
        (r"researchsquare\.com/article/(rs-\d+)(?:/v\d+)?", "doi:10.21203/rs.3.{}/v1"),
        (rf"(?:trials|isrctn|drks|anzctr)[a-z.]*/\S*?({_TRIAL})", "trial:{}"),
        (r"orcid\.org/(\d{4}-\d{4}-\d{4}-\d{3}[\dx])", "orcid:{}"),
    )
)
PII = re.compile(r"(?i)S(\d{4})-?(\d{3}[\dx])(\()?(\d\d)(?(3)\))(\d{5})-?([\dx])(?![\w(])")
"""Elsevier's number of an article: its journal's ISSN, the year, a number and a check letter."""
_OF_A_PII = (
    "The publisher’s number (PII) was read as the DOI that is made of it. Not every paper’s is: if "
    "nothing is found, search for the title."
)
_BY_ITS_WORDS = "An address has no number of a paper that we know, so the words in it were searched."
_UNKNOWN = "We cannot tell which paper an address leads to: search for its title or DOI instead."
_FEWEST = 4
"""So many words make a name of a page that says something."""


def followed(address: str, notes: list[str]) -> str | None:
    """What an address leads to, in words that we read; None for other texts, and for addresses that stay.

    Args:
        address: a piece of text without spaces and without what it was wrapped in.
        notes: what the reader should know is added here.

    Returns:
        Empty where nobody can tell what a full address (`https://`) leads to.
    """
    if len(address) > LONGEST or not _ADDRESS.fullmatch(address):
        return None
    address = _direct(address)
    if found := _led(address.partition("?")[0], notes) or _asked(address, notes) or _led(address, notes):
        return found
    if "://" not in address:
        return None
    words = _slug(address)
    notes.append(_BY_ITS_WORDS if words else _UNKNOWN)
    return words


def from_pii(match: re.Match[str], notes: list[str]) -> str:
    """The DOI that is made of a `PII`."""
    notes.append(_OF_A_PII)
    first, second, _, year, number, check = match.groups()
    return f"doi:10.1016/s{first}-{second}({year}){number}-{check}"


def _direct(address: str) -> str:
    """The address itself, without proxies and redirects."""
    for _ in range(3):
        split = _split(address)
        onwards = (value for name, value in parse_qsl(split.query) if name.lower() in _ONWARDS)
        behind = next((value for value in onwards if value.lower().startswith("http")), None)
        if behind is None:
            break
        address = behind
    if "%" in address:
        address = unquote(address)
    host = _split(address).netloc
    match = _BEHIND_HOST.fullmatch(host) or _HYPHENED_HOST.fullmatch(host)
    if not match:
        return address
    plain = match[1] if match.re is _BEHIND_HOST else match[1].replace("-", ".")
    return address.replace(host, plain, 1)


def _split(address: str) -> SplitResult:
    try:
        return urlsplit(address if "://" in address else f"//{address}")
    except ValueError:  # brackets where a host would be
        return urlsplit("")


def _asked(address: str, notes: list[str]) -> str:
    """What was asked of another search; empty where this is none."""
    split = _split(address)
    if not _SEARCHES.search(split.netloc):
        return ""
    asked = [value for name, value in parse_qsl(split.query) if name in _ASKING]
    if len(asked) == 1 and _NUMBER.fullmatch(asked[0]) and "google" not in split.netloc:
        return f"pmid:{asked[0]}"
    filters = ";".join(value.partition(".")[2] for name, value in parse_qsl(split.query) if name == "filter")
    text, left = limited(" ".join(asked), filters)
    notes += [LIMITS] if left else []
    return text


def _led(address: str, notes: list[str]) -> str:
    for pattern, form in _SITES:
        if match := pattern.search(address):
            return form.format(match[1])
    if match := _RESOLVED.search(address):
        return f"doi:{_FOLLOWING.sub('', match[1])}"
    if match := _DOI.search(address):
        return f"doi:{_cut(match[1])}"
    match = PII.search(address)
    return from_pii(match, notes) if match else ""


def _cut(doi: str) -> str:
    """A DOI without what an address has behind it."""
    start = doi.index("/") + 2
    ends = (match.start() for match in re.finditer(r"(?i)v\d|\.|/", doi) if match.start() >= start)
    return next((doi[:end] for end in ends if _ENDING.fullmatch(doi, end)), doi)


def _slug(address: str) -> str:
    """The words of the piece of a path that has most of them; empty where they are too few to be a title."""
    pieces = [re.sub(r"(?:\.\d{1,3})?\.\w{2,5}$", "", piece) for piece in _split(address).path.split("/")]
    named = [
        [word for word in re.split(r"[-_+]", piece) if word.isalnum() and not word.isdigit()]
        for piece in pieces
    ]
    most = max(named, key=len, default=[])
    return " ".join(most) if len(most) >= _FEWEST else ""
