"""Companies' part in a paper: who employs authors, who paid, whom the authors' interests name.

A company is told by its legal form ("Inc", "GmbH"), by its trade ("Pharmaceuticals", "Diagnostics") or by
`config/companies.toml`. Universities, hospitals, foundations and contract research organisations are none.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import islice

from config import load_table
from crawler.records.remembering import remembered
from crawler.telling.hints import Hints
from crawler.telling.sentences import LONGEST, sentences
from domain.body import Passage, Place
from domain.paper import Version, unique
from domain.statements import Industry, IndustryRole

_PLAIN_FORM = (
    r"(?:Inc(?:orporated)?|Ltda?|Limited|LLC|LLP|GmbH|KGaA|Corp(?:oration)?|Company|PLC|[Pp]lc|Pty|Pvt"
    r"|P?JSC|Kft|Zrt|Nyrt|Oyj|Tbk|Sdn|Bhd|d\.d|d\.o\.o|s\.r\.o|[sS]p\. ?z ?o\.o|k\.s|a\.s)\b\.?"
)
_SHORT_FORM = (
    r"(?:AG|S\.?A\.?S|S\.A|SA|S\.?[pP]\.?A|S\.?r\.?l|B\.?V|N\.?V|A/S|ApS|AB|Oy|Co|K\.?K|L\.P"
    r"|S\.L)\b\.?(?! [A-Z][a-z])"
)
"""Forms that may be something else, so they stand right behind the name and no name follows them."""
_FORM = rf"(?:{_PLAIN_FORM}|{_SHORT_FORM})"
_TRADE = (
    r"(?:Pharma|Pharmaceuticals?|Pharmaceutica|Therapeutics|Biopharma(?:ceuticals?)?|BioPharma"
    r"|Biosciences?|BioSciences?"
    r"|Biotech(?:nologies)?|Biotherapeutics|Diagnostics|Biosystems|Biologics|Healthcare Products)"
)
_REST = r"[\w'’\-]{0,80}+"
"""The rest of a word, of at most so many letters: a sequence of bases is no name, and would take for ever."""
_WORD = rf"[A-ZÀ-Þ0-9]{_REST}(?:\.[A-Za-z]\w{{0,80}})?|and|&"
_NAME = re.compile(
    rf"(?<![\w.])(?P<name>(?!(?:The|We|In|Dr|Department"
    rf"|Dept)\b)(?=[0-9a-z]{{0,80}}+[A-ZÀ-Þ]){_REST}(?:[ ,]+(?:{_WORD})){{0,6}}?)"
    rf"(?:(?:,?\s+\(?{_PLAIN_FORM}|\s+{_SHORT_FORM})(?:,?\s+\(?{_FORM})*"
    rf"|\s+(?P<trade>{_TRADE})(?:,?\s+(?:[A-Z]\w+\s+)?{_FORM})*)(?![\w-])"
)
_FORM_WORDS = (
    "Inc Incorporated Ltd Ltda Limited LLC LLP GmbH KGaA Corp Corporation Company PLC Plc plc Pty Pvt JSC"
    " PJSC Kft Zrt Nyrt Oyj Tbk Sdn Bhd AG SAS S SA SpA"
    " SPA Srl srl BV B NV N A ApS AB Oy Co KK K L Pharma Pharmaceuticals Pharmaceutical Pharmaceutica"
    " Therapeutics Biopharma Biopharmaceuticals Biopharmaceutical BioPharma Biosciences Bioscience"
    " BioSciences BioScience Biotech Biotechnologies Biotherapeutics Diagnostics Biosystems Biologics"
    " Healthcare"
)
"""The words that legal forms and trades are written with."""
_IN_LETTERS = frozenset({" d d ", " d o o ", " s r o ", " z o o ", " k s ", " a s "})
"""Legal forms of single letters, with a space for each mark."""
_NO_NAME = re.compile(rf"(?:(?:{_FORM}|{_TRADE}|and|&)\s*)+|.{{0,3}}")
_WORDS = re.compile(r"\W+")
_PLAIN = bytes(code if chr(code).isalnum() and code < 128 else 32 for code in range(256))
_MOST = 200
"""Names of a sentence, or of an affiliation, that are looked at."""
_LONGEST_AFFILIATION = 2000
_HINT = re.compile(rf"\b(?:{_FORM}|{_TRADE})(?![\w-])")
_PUBLIC = re.compile(
    r"universi|unit[ée] de|helmholtz|"
    r"hospital|college|school|\bclinic\b|institut(?!es for biomedical research)|\bfoundation\b"
    r"|fondazione|fundaci|"
    r"stiftung|\bcentre\b|\bcenter\b|\bdepartment|\bdept\b|\bfacult|\bministry|\bnational\b|\bacadem"
    r"|\bcouncil\b|\bsociety\b|"
    r"\bassociation\b|\btrust\b|\bcharity\b|\bcooperative group|\bdivision of|\bschool of|\bgovernment"
    r"|\bfaculdade|laborator(?:y|ies)"
    r" of|\bcancer research uk\b|\bcommission\b|\bagency\b|\bnhs\b|\bclinical trials unit",
    re.IGNORECASE,
)
_UNIT = re.compile(r"\b(?:departments?|dept|divisions?|schools?|faculty|sections?) of\b", re.IGNORECASE)
"""Begins a list of what a part of an institution is for: "Department of Toxicology, Therapeutics"."""
_LEADING = re.compile(
    r"^(?:(?:Employees?|Research|Technology|Commerciali[sz]ation|Oncology|Officer|Consultant|Director"
    r"|President|Shareholder"
    r"|Stock|Advisory|Board|Medical|Affairs|Global|Head|Scientific|Chief|Vice|Member|Grants?|From|By|Dr"
    r"|Drs|and"
    r"|Both|Department|Clinical|Funding|Supported|Development|Discovery|Honoraria|Present|Current"
    r"|Address|Also|Now|at)\s+)+"
)
_FOUNDATION = re.compile(r"\b(?:foundation|stiftung|fondazione|fundaci[oó]n)", re.IGNORECASE)
_NO_HONOUR = r"(?! (?:Building|Chair|Professor|Hall)\b)"
"""Behind a company's name where something is only called after it."""
_CORPORATE_INSTITUTE = re.compile(r"(?:Novartis|Pfizer|Roche|Merck|Lilly|Bayer|Takeda|Janssen|Sanofi"
    r"|AstraZeneca|Amgen|GSK) (?:"
                                  r"Institutes?|Research|R&D|Innovation Cent(?:er|re)|Oncology"
                                  r"|Pharma)", re.IGNORECASE)  # fmt: skip
_NO_INTEREST = re.compile(
    r"\b(?!(?-i:NO) (?:received|receives|has|had|is|was|reports?|declares?|served|serves|holds|owns)\b)"
    r"(?:no|none|nothing|without|not have|not had|never)\b(?:\W+[\w'’-]+){0,6}?\W+(?:conflicts?"
    r"|competing|interests?|"
    r"disclos\w+|relationships?|financial|ties|relevant|employ\w*|consultan\w+|stock|shares|equity"
    r"|support|funding|fees|honoraria)\b"
    r"|\bnothing to (?:disclose|declare)\b|\bnone (?:of the|declared)|\bno other\b|\bneither\b",
    re.IGNORECASE,
)
_BUT = re.compile(
    r"\b(?:other than|except(?:ing)?|apart from|aside from|besides|with the exception of)\b", re.IGNORECASE
)
"""Begins what a denial leaves out."""
_EMPLOYED = re.compile(
    r"\bemploy(?:ees?|ed|ment|ée?s?)\b|\bangestellte|\bemplead[oa]|\bempregad[oa]"
    r"|\bwork(?:s|ed|ing)? (?:for|at)\b|\bsalar(?:y|ied)\b|\bco-?founders?\b"
    r"|\bfounders?\b|\bchief\b|\bCEO\b|\bpresident\b|"
    r"\b(?:an? )?(?:officer|director|head) (?:of|at)\b|\bstaff (?:of|member)",
    re.IGNORECASE,
)
_PAID = re.compile(r"\b(?:fund(?:ed|ing)?|sponsor(?:ed|ship)?|financed|financial(?:ly)? support\w*"
    r"|grants?|supported by|"
                   r"support from|supported (?:in part|partly|partially))\b", re.IGNORECASE)  # fmt: skip
_UNFUNDED = re.compile(
    r"\b(?:not|no|without|independent)\b[^.;]{0,40}\b(?:fund|support|sponsor|industry)", re.IGNORECASE
)
_NO_ROLE = r"\s+(?:had|has|have|played|plays?|took)\b[^,;]{0,60}\bno role\b"
_WITHOUT_ROLE = re.compile(_NO_ROLE, re.IGNORECASE)
_FUNDER = r"\b(?:fund(?:er|ing)|sponsor)s?(?: (?:of|for) (?:this|the|our) (?:\w+ )?\w+)?"
_FUNDER_NAMED = re.compile(rf"{_FUNDER}\s*[,(](?P<names>[^;]{{1,300}}?)[,)]?{_NO_ROLE}", re.IGNORECASE)
"""A funder without a role, and its name behind it: "the funder, Pfizer, had no role"."""
_NAMED_FUNDER = re.compile(
    rf",?\s*[,(]\s*(?:as )?(?:the|a) (?:\w+ )?{_FUNDER}\s*[,)]{_NO_ROLE}", re.IGNORECASE
)
"""What stands behind a name: "Pfizer, the sponsor, had no role"."""
_TO_A_PERSON = re.compile(
    r"\b(?:fees?|honorari\w+|consult\w*|advis\w+|speaker\w*|employ\w*|shares?|shareholders?|stocks?|equity"
    r"|receiv\w+|grants?|personal|payments?|ties|relationships?|board)\b",
    re.IGNORECASE,
)
_RELATIVE = re.compile(
    r"\b(?<!is a )(?<!managing )(?<!general )"
    r"(?:spouse|wife|husband|partner|father|mother|brother|sister|son|daughter|family|relative)s?\b"
    r"(?=(?:[^.;,]|(?<=\b[A-Z])\.){0,40}\b(?:works?|worked|is|was|are|employ\w+)\b)",
    re.IGNORECASE,
)
"""Whose employment is an author's interest."""
_STOCK = re.compile(r"(?:['’]s)? (?:stocks?|shares?|equity|options)\b", re.IGNORECASE)
_SERVICE = re.compile(
    r"\b(?:medical writing|(?:writing|editorial|editing|language|statistical|logistical)"
    r" (?:and \w+ )?(?:support|assistance|help|services?))\b[^.;]{0,80}?\b(?:by|from)\b"
    r".*?(?=\b(?:fund|sponsor|financ|paid)|;|$)"
    r"|\b(?:bought|purchased|obtained commercially) from [^,;.]{0,60}",
    re.IGNORECASE,
)
"""Who helped to write or sold something, which is no funding; who paid for that stands behind it."""
_STUDY = r"(?:study|trial|work|research|analysis|project|registry)\b"
_THIS_STUDY = re.compile(rf"\b(?:this|the|our|present) (?:\w+ )?{_STUDY}", re.IGNORECASE)
_OTHER_STUDY = re.compile(
    r"\b(?:outside|beyond|unrelated|unconnected|not (?:\w+ )?(?:related|connected)|independent(?:ly)?|apart"
    r"|separate(?:ly)?)"
    r"(?: (?:of|to|with|from|the|this|our|present|current|submitted|reported|scope|context))+"
    rf" {_STUDY}",
    re.IGNORECASE,
)
"""What is said of payments for something else: "outside the scope of this work"."""


def industry(version: Version, passages: Sequence[Passage]) -> tuple[Industry, ...]:
    """Companies that employ authors, paid, or stand in statements of interests, with the words."""
    found = [*_of_affiliations(version), *_of_grants(version)]
    if version.competing_interests:
        found += _of_interests(version.competing_interests)
    for passage in passages:
        if passage.place is Place.INTERESTS:
            found += _of_interests(passage.text)
        elif passage.place in (Place.FUNDING, Place.ACKNOWLEDGEMENTS):
            found += _of_funding(passage.text, stated=passage.place is Place.FUNDING)
        elif passage.place is Place.ABSTRACT and "unded by" in passage.text:
            found += _of_funding(passage.text[passage.text.find("unded by") - 1 :], stated=False)
    if not found:
        return ()
    first: dict[tuple[str, IndustryRole], Industry] = {}
    for one in found:
        first.setdefault((_plain(one.organisation), one.role), one)
    return tuple(first.values())


def _plain(name: str) -> str:
    return re.sub(rf"[,\s]*(?:{_FORM})\s*$", "", name).casefold()


def _of_affiliations(version: Version) -> Iterator[Industry]:
    for text in unique([a.text for author in version.authors for a in author.affiliations]):
        for name in _of_affiliation(text):
            yield Industry(name, IndustryRole.EMPLOYED, text[:LONGEST])


@remembered(1 << 14)
def _of_affiliation(text: str) -> tuple[str, ...]:
    """Companies of an affiliation; none where the part that names one also names a public institution."""
    return companies(text) if len(text) <= _LONGEST_AFFILIATION else ()


def _of_grants(version: Version) -> Iterator[Industry]:
    for grant in version.grants:
        for name in companies(grant.funder)[:1]:
            yield Industry(name, IndustryRole.FUNDED, f"{grant.funder} {grant.award}".strip())


def _of_interests(text: str) -> Iterator[Industry]:
    for sentence in sentences(text):
        for part in sentence.split(";"):
            names = companies(part)
            if not names or _denied(part, names):
                continue
            is_of_this = _THIS_STUDY.search(part) and _THIS_STUDY.search(_OTHER_STUDY.sub("", part))
            paid = is_of_this and _PAID.search(part)
            for name, role in _roles(part, names):
                funded = (paid and not _is_of_employer(part, name)) or _is_funder_without_role(part, name)
                yield Industry(name, IndustryRole.FUNDED if funded else role, sentence[:LONGEST])


def _roles(part: str, names: Sequence[str]) -> Iterator[tuple[str, IndustryRole]]:
    """What each company is to the authors: what is said of one holds of the next until another thing is said.

    "An employee of X and Y who holds stock in Z" is employed by the first two alone.
    """
    if _RELATIVE.search(part):
        yield from ((name, IndustryRole.INTEREST) for name in names)
        return
    role = IndustryRole.EMPLOYED if _EMPLOYED.search(part) else IndustryRole.INTEREST
    end = 0
    for name in sorted(names, key=part.find):
        start = max(part.find(name), end)
        employed = _employment(part, end, start)
        if employed and not _is_elsewhere(part, employed.end(), start):
            role = IndustryRole.EMPLOYED
        elif _TO_A_PERSON.search(part, end, start) or _STOCK.match(part, start + len(name)):
            role = IndustryRole.INTEREST
        yield name, role
        end = start + len(name)


def _employment(part: str, low: int, high: int) -> re.Match[str] | None:
    """The last words on employment between these places."""
    return max(_EMPLOYED.finditer(part, low, high), key=re.Match.start, default=None)


def _is_elsewhere(part: str, low: int, high: int) -> bool:
    """Whether who is employed is so at a public institution, and has something else of the company."""
    return bool(_PUBLIC.search(part, low, high) and _TO_A_PERSON.search(part, low, high))


def _is_of_employer(part: str, name: str) -> bool:
    """Whether `name` is an employer's, and not that of who paid for this study, as is said after that."""
    start = max(part.find(name), 0)
    employed = _employment(part, 0, start)
    return employed is not None and not (
        _PAID.search(part, employed.end(), start) and _THIS_STUDY.search(part, employed.end(), start)
    )


def _is_funder_without_role(part: str, name: str) -> bool:
    """Whether `name` stands beside a funder that had no role, and no payment to a person before it."""
    start = part.find(name)
    if start < 0 or _TO_A_PERSON.search(part, 0, start):
        return False
    if _NAMED_FUNDER.match(part, start + len(name)) or _WITHOUT_ROLE.match(part, start + len(name)):
        return True
    return any(one.start("names") <= start < one.end("names") for one in _FUNDER_NAMED.finditer(part))


def _denied(part: str, names: Sequence[str]) -> bool:
    """Whether a denial stands before the first company, and does not except it.

    "No other interests" behind it denies nothing.
    """
    denial, first = _NO_INTEREST.search(part), part.find(names[0].split()[0])
    return denial is not None and denial.start() < first and not _BUT.search(part, denial.start(), first)


def _of_funding(text: str, *, stated: bool) -> Iterator[Industry]:
    for sentence in sentences(text):
        if not stated and not _PAID.search(sentence):
            continue
        if _UNFUNDED.search(sentence):
            continue
        for name in companies(_SERVICE.sub("", sentence)):
            yield Industry(name, IndustryRole.FUNDED, sentence[:LONGEST])


def companies(text: str) -> tuple[str, ...]:
    """Names of companies in `text`, as printed, each once.

    >>> companies("Novartis Pharma AG, Basel; Department of Surgery, University of Basel")
    ('Novartis Pharma AG',)
    """
    hinted = _hints().within(_bare(text))
    formed = "form" in hinted and _HINT.search(text)
    if not formed and not ("listed" in hinted and any(_find_listed(text))):
        return ()
    found: list[str] = []
    for segment in re.split(r"[;|]|(?<=[a-z])(?<!\bSp)(?<!\bDr)\.\s", text):
        found += _in_segment(segment)
    return unique(found)


def _in_segment(segment: str) -> Iterator[str]:
    taken: list[tuple[int, int]] = []
    named: list[str] = []
    for match in islice(_NAME.finditer(segment), _MOST):
        name = _LEADING.sub("", _last_part(match[0].strip(" ,(")))
        start = max(segment.find(name, match.start()), match.start())
        if _is_public(segment, match, start, name) or _contract().search(name) or _NO_NAME.fullmatch(name):
            continue
        taken.append((start, match.end()))
        first, _, second = name.partition(" and ")
        two = second and first in _names() and not re.match(_FORM, second)
        named += [first, second] if two else [name]
    yield from named
    for match in islice(_find_listed(segment), _MOST):
        if any(start <= match.start() < end for start, end in taken):
            continue
        if any(name.startswith(match[0]) for name in named):
            continue
        around = _part_around(segment, match.start(), match.end(), (" and ", " from ", " by ", " to "))
        beside = around.replace(match[0], "", 1)
        if (
            _contract().search(around)
            or _FOUNDATION.search(beside)
            or (_PUBLIC.search(beside) and not _CORPORATE_INSTITUTE.search(around))
        ):
            continue
        yield match[0]


def _is_public(segment: str, match: re.Match[str], start: int, name: str) -> bool:
    """Whether a name is a public institution's, or, told by a trade, belongs to one or to its department."""
    if not match["trade"]:
        return _PUBLIC.search(name) is not None
    if _UNIT.search(_part_around(segment, match.start(), match.end())):
        return True
    return _PUBLIC.search(_part_around(segment, start, match.end())) is not None


def _last_part(name: str) -> str:
    """A name without what stands before its last comma, unless that is only the legal form."""
    parts = re.split(r",\s+", name)
    while len(parts) > 1 and not re.match(rf"{_FORM}", parts[1]) and len(parts[0]) > 0:
        parts.pop(0)
    return ", ".join(parts)


def _part_around(segment: str, start: int, end: int, words: Sequence[str] = ()) -> str:
    """What stands between the marks around a name, and other words: the unit that the name belongs to."""
    low = max(segment.rfind(mark, 0, start) for mark in (",", "(", ")", ":", *words))
    high = min(
        (place for mark in (",", "(", ")", ":", *words) if (place := segment.find(mark, end)) >= 0),
        default=len(segment),
    )
    return segment[max(low + 1, start - 60) : min(high, end + 60)]


def _find_listed(text: str) -> Iterator[re.Match[str]]:
    names = _listed_names().within(text)
    return _listed(names).finditer(text) if names else iter(())


@lru_cache(maxsize=1 << 10)
def _listed(found: frozenset[str]) -> re.Pattern[str]:
    """These names as whole words, the longest first: a pattern of all that are listed takes long to make."""
    names = sorted(sorted(found), key=len, reverse=True)
    people = r"(?<!Dr )(?<!Dr\. )(?<!Drs )(?<!Prof )(?<!Prof\. )(?<!Professor )"
    return re.compile(rf"(?<![\w-]){people}(?:{'|'.join(map(re.escape, names))})(?![\w-]){_NO_HONOUR}")


@cache
def _names() -> frozenset[str]:
    rows = [row for code, row in load_table("companies").items() if code != "research-organisations"]
    return frozenset(name for row in rows for name in (*row["names"], *row["full"]))


@cache
def _listed_names() -> Hints[str]:
    return Hints({name: [name] for name in _names()})


@cache
def _hints() -> Hints[str]:
    """Words without one of which there is no legal form and no trade, and names that are listed."""
    words = {f" {word} " for word in _WORDS.split(_FORM_WORDS)}
    return Hints({"form": words | _IN_LETTERS, "listed": {_bare(name).decode().strip() for name in _names()}})


def _bare(text: str) -> bytes:
    """`text` with a space for whatever is no plain letter or figure, and around it."""
    return f" {text} ".encode("ascii", "replace").translate(_PLAIN)


@cache
def _contract() -> re.Pattern[str]:
    names = load_table("companies")["research-organisations"]["names"]
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, names))})(?![\w-])")
