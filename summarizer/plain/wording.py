"""The authors' sentences in plainer words: only what is certain to keep the meaning and the grammar."""

import re
from dataclasses import dataclass, field
from functools import cache, lru_cache

from config import load_table
from domain.digest import Role, Term
from summarizer.plain.terms import Glossary
from summarizer.text.abbreviations import Speller
from summarizer.text.sieve import sieved

_NAME_LIKE = re.compile(r"[A-Z0-9]")
_CITATION = re.compile(
    r"\s*\[\s*\d+(?:\s*[-–,;]\s*\d+)*\s*\]"
    r"|\s*\((?:see |e\.g\.,? |reviewed in )?[A-Z][\w'’-]+(?: et al\.?|(?:,| and| &) [A-Z][\w'’-]+)*"
    r",? (?:19|20)\d\d[a-z]?"
    # What follows is taken once, year by year or figure by figure: what never closes has many pieces.
    r"(?:[;,] (?>(?:[^()]{0,200}?(?:19|20)\d\d[a-z]?)+))?\)"
    r"|\s*\(\s?(?:see )?(?>(?:supplementary |extended data )?"
    r"(?:fig(?:ure)?s?|tables?|movies?|videos?)\.?(?=\s*(?:supplement|[A-Z]{0,2}\d|[IVX]+\b|[A-Z]\b|\)))"
    r"(?:(?!\b(?:fig|table|movie|video))[^()]){0,30})+\)"
    r"|\s*\((?:as |see |reviewed )?(?:also |in )?refs?\.? ?\d[\d\s,;–-]{0,30}(?:and \d+)?\)"
    r"|\s*DOI:\s*\S+\s*$",
    re.I,
)
# "5.5 [3] vs 9 [4]", "mean [SD] age, 56 [12] years": how far values are spread, and no works cited.
_SPREAD = re.compile(
    r"(?<=\d) ?%? \[\d+\],? (?:vs\.?|versus|compared with) [-−–]?\d[\d.·]*\s?%? \[\d+\]|\[(?:SDs?|SEs?|SEM)\]"
)
# Without one of these there is nothing to look for; to look costs much more. Each begins with one of a few
# letters, which are found ten times as fast as what may begin in several ways.
_SIGNED = re.compile(r"[~∼≈<>≥≤]")
_TIMED = re.compile(r"\d[ -](?:y|yrs?|mos?|wks?|hrs?)\b")
_SHORT_TIME = re.compile(r"(?<![\w.,])(\d+(?:[.·]\d+)?)( |-)(y|yrs?|mos?|wks?|hrs?)(?=[\s,;:.)]|-old\b|$)")
_TIMES = {"y": "year", "m": "month", "w": "week", "h": "hour"}
_BRACKETS = re.compile(r"\s*(?P<open>[(\[])(?P<inside>[^()\[\]]*(?:[(\[][^()\[\]]*[)\]][^()\[\]]*)*)[)\]]")
_INNER = re.compile(r"\s*(?P<open>[(\[])(?P<inside>[^()\[\]]*)[)\]]")
_STATISTIC = re.compile(
    r"^(?:and |both |all |with |(?:[\w-]+-)?adjusted |unadjusted |crude |pooled |summary |"
    r"multivari\w+ |an? )*"
    r"(?:p(?:[- _]?(?:values?|trend|interaction|adj\w*))?(?: for [\w-]+)?\s*[<>=≤≥]|p values?\b|(?:90|95|"
    r"99)\s?%[\s-]*(?:ci|cri|confidence|credible)\b|"
    r"(?:95% )?(?:confidence|credible) intervals?|ci\b|"
    r"(?-i:[asm]?(?:HR|OR|RR|IRR|SIR|SMR|SMD|WMD|MD)s?\b)[\s:,=]*(?=[\d\[(]|$|for)|"
    r"(?:hazard|odds|risk|rate) ratios?|relative risks?|"
    r"i2|i²|χ2|χ²|chi-square|r2?\s*=|r²|rho\s*=|ρ\s*=|t\s*=|z\s*=|f\s*[=(]|"
    r"β\s*=|log-?rank|(?:\w+ )?heterogeneity$|"
    r"fdr|q\s*[<=]|iqr\b|interquartile range|sd\b|se\b|d\s*=|auc\s*=|ns$|n\.s\.$)",
    re.I,
)
# An aside that only explains, gives examples or points elsewhere holds up who reads for the first time.
# Any other may be a condition or a population ("in zebrafish"), as may one with a number or a name.
_ASIDE = re.compile(
    r"\s\((?:that is|i\.?e\.?|e\.?g\.?|such as|for example|for instance|namely|see)[,:]? "
    r"(?P<inside>(?:[a-z][a-z’'/-]*[,;]? ){0,24}[a-z][a-z’'/-]*)\)(?=[\s.,;:])"
)
_NO_ASIDE = re.compile(
    r"^(?:in|for|at|on|from|of)\b|\b(?:among|after|before|with|during|until|"
    r"shorter|longer|smaller|larger|greater|fewer|older|younger|better|worse|earlier|later|stronger|weaker|"
    r"patients?|people|persons?|wom[ae]n|m[ae]n|boys?|girls?|child(?:ren)?|adults?|adolescents?|infants?|"
    r"smokers?|survivors?|carriers?|volunteers?|participants?|zebrafish|flies|dogs?|"
    r"not?|never|nor|none|neither|except|excluding|only|without|but|unless|if|when|than|versus|vs|per|or|more|less|"
    r"fewer|higher|lower|increas\w*|decreas\w*|reduc\w*|respectively|defined|known|called|termed|adjust\w*|"
    r"may|might|could|possibl[ey]|likely|mice|rats?|animals?|cells?|also|this|by chance)\b"
)
# "Means (SD) were 13.4 (6.2)": how far values are spread.
_DEVIATIONS = re.compile(r"[(\[](?:±\s?)?(?:SDs?|standard deviations?)[)\]]|\bmeans? ?± ?SD\b")
_DEVIATION = re.compile(r"(\d(?:\s?%)?) [(\[](?:±\s?)?\d+(?:[.·]\d+)?[)\]]")
# "(odds ratios: men 0.74; women 0.43)": what is said of some must not stay without what is said of others.
_HEADED = re.compile(r"[^:;]{0,40}(?:ratios?|risks?|[HOR]Rs?)\b[^:;]{0,20}:\s*[a-z]{3}", re.I)
# A bracket that the words before it go on in: "linked with (P = 0.20)".
_OPEN = re.compile(r"\b(?:with|of|at|by|for|than|to|from|was|were|is|are)\s*\Z")
_NEAR = 12
_BARE_NUMBERS = re.compile(r"^(?:to |and |about |respectively|[\d.·,\s%–—−+\[\]()<>=to-])+$", re.I)
_ABOUT_A = re.compile(r"\b(?P<article>an?) about (?P<number>\d+)\b", re.I)
_EIGHT = re.compile(r"8|1[18]$")
# Signs first, and then what stands before them: to look for one letter of a few costs a tenth.
_ABOUT = re.compile(r"[~∼≈](?:(?<=[\s(].)|(?<=^.))\s?(?=\d)")
_SIGNS = {">": "more than", "<": "less than", "≥": "at least", "≤": "at most"}
_SIGN = re.compile(
    r"([<>≥≤])(?:(?<=\(.)|(?<=\bin .)|(?<=\bof .)|(?<=\bwith .)|(?<=\bby .)|(?<=\bfor .)|(?<=\bat .)|"
    r"(?<=\bto .)|(?<=\band .)|(?<=\bor .)|"
    r"(?<=\baged .)|(?<=\bwas .)|(?<=\bwere .)|(?<=\bfrom .)|(?<=\bafter .)|(?<=\bhad .))\s?(?=\d)"
)
_VERSUS = re.compile(r"(\d\s?%?(?: (?:days|weeks|months|years|mo))?),? (?:vs\.?|versus|v\.?) (?=\d)")
_GENERAL = sieved(
    r"\bwe (?:currently |still |now |all |do not |do not yet )?(?:know|understand|live|age|eat|lack|need|"
    r"perceive|breathe)\b|"
    r"\b(?:whom|when|as|how|what|where|food|things) we (?:interact|see|hear|move|speak|sleep|walk|smell|"
    r"taste|touch|encounter|are born|make (?:choices|decisions))\b",
    re.I,
)
_AT_WORK = re.compile(
    r"The researchers (?:also |then |further |next |thus |therefore |have |\w+ly )?"
    r"(?:find|found|show|report|identif|describ|demonstrat|observ|conclud|propos|suggest|us|perform|"
    r"develop|discover|reveal|analy|measur|compar|test|examin|"
    r"investigat|stud|estimat)\w*\b"
)
_WE = re.compile(r"[Ww](?<=\b.)e\b(?![-'’])")
_US = re.compile(r"\b((?:allow|enabl|permitt?|prompt|led|lead|forc|help)(?:e|ed|es|ing|s)?) us\b")
_OUR_KNOWLEDGE = re.compile(r"\b(?P<first>[Tt])o (?:the best of )?our knowledge\b")
_OUR = re.compile(r"\b([Oo]ur) ([\w-]+)(?: ([\w-]+))?")
# Where a sentence already says "they" of something else, the researchers keep their name.
_OTHERS = re.compile(r"\b(?:they|them)\b", re.I)
_FRAGMENT = re.compile(r"^[Tt]o (?P<rest>[a-z]+(?:ly)? [^,;]*(?:, [^,;]*)*)\.$")
_SUBJECT = re.compile(
    r", (?:we|this|the|an?|all|data|patients|it|our|two|three)\b"
    r"[^,]*\b(?:was|were|is|are|did|have|has|had|\w+ed)\b",
    re.I,
)
# "To survive, cells must adapt" is a sentence; "To find what cells need" under no heading is not.
_CLAUSE = re.compile(
    r",|\b(?:is|are|was|were|must|can|could|may|might|will|would|should|has|have|had|do|does|did)\b"
)
_DESIGN = re.compile(r"^(?P<noun>[A-Z][\w,/ -]{3,90}\b(?:study|trial|analysis|review|survey|series))\.?$")

# "All who had a dose were included in the analysis" and "We did a review" are sentences already.
_SAID = re.compile(
    r"^(?:in|of|for|from|at|by|to|on|after|all|we|our)\b|\b(?:we|who|which|that|is|are|was|were|has|have|had|did|"
    r"underwent|received|enrolled|completed|met|took)\b",
    re.I,
)
_PREFIXED = re.compile(r"(?:anti|non|post|pre)-[A-Z]")
_ENDS_NUMBER = frozenset("0123456789%")
_SPACED_SIGN = re.compile(r" (?=[,.;:!?)\]])")
_DOUBLED_SIGN = re.compile(r"[.,;:](?:(?<=[,;:])(?=[.;,])|(?<=\bal\.\.)(?!\.))")  # "Smith et al. [1]."
# Each audience and each way of telling asks for the same sentences.
_REMEMBERED = 1_000


@dataclass(slots=True)
class Telling:
    """What the reader of a digest has been told so far."""

    speller: Speller
    glossary: Glossary
    kept: frozenset[str] = frozenset()
    """Glossary words that stay as they are."""
    explained: set[str] = field(default_factory=set)
    last: tuple[str, Role | None] = ("", None)
    """The sentence before, and its role."""
    concluded: bool = False
    """Whether a conclusion was told as the researchers'."""


@lru_cache(_REMEMBERED)
def strip_citations(text: str) -> str:
    """`text` without bracketed references to the literature, figures and tables."""
    if not ("(" in text or "[" in text or "doi:" in text.lower()):
        return _tidy(text)
    spread = _SPREAD.search(text) is not None

    def left(match: re.Match[str]) -> str:
        after_number = text[match.start() - 1 : match.start()] in _ENDS_NUMBER and "[" in match[0]
        return match[0] if spread and after_number else ""

    return _tidy(_CITATION.sub(left, text))


def complete(text: str, label: str, role: Role) -> str:
    """A whole sentence from the fragments that structured abstracts are written in; others unchanged."""
    match = _FRAGMENT.match(text) if role is Role.QUESTION else None
    if match and not (_SUBJECT.search(text) or (not label and _CLAUSE.search(text))):
        return f"The aim was to {match['rest']}."
    match = _DESIGN.match(text) if role is Role.METHOD and label else None
    if match and not _SAID.search(match["noun"]):
        noun = match["noun"][0].lower() + match["noun"][1:] if match["noun"][1].islower() else match["noun"]
        noun = re.sub(r"^an? ", "", noun, flags=re.I)
        return f"This was {'an' if noun[0] in 'aeio' else 'a'} {noun}."
    return text


def in_plain_words(
    text: str, role: Role, telling: Telling, *, follows: bool, later: str, spelt: bool = True
) -> tuple[str, tuple[Term, ...]]:
    """A sentence for readers without training, and the hard words left in it.

    Args:
        follows: the sentence before it in the paper stands before it in the digest too.
        later: the rest of the digest, for abbreviations.
        spelt: whether short forms are spelt out where they are first read.
    """
    text = _varied(_plainer(text, follows), role, telling.last)
    text, unspelt = telling.speller.spell(text, later) if spelt else (text, telling.speller.unspelt(text))
    text = _opened(_tidy(telling.glossary.simplify(text, telling.kept)))
    if " about " in text:
        text = _ABOUT_A.sub(_about_a, text)
    new = {short: long for short, long in unspelt.items() if short not in telling.explained}
    telling.explained.update(unspelt)
    telling.last = (text, role)
    meanings = telling.glossary.terms(text, telling.explained, telling.speller.definitions)
    known = {term.word for term in meanings}  # "RNAi: RNA interference. RNAi: A way to …"
    terms = [Term(short, _sentence(long)) for short, long in new.items() if short not in known]
    return text, (*terms, *meanings)


@lru_cache(_REMEMBERED)
def _plainer(text: str, follows: bool) -> str:
    """What is told in plainer words whatever has been told before: a digest is told several times."""
    text = plain_signs(drop_statistics(text))
    text = _ASIDE.sub(_without_aside, text) if "(" in text else text
    return third_person(drop_opener(text, follows))


def _without_aside(match: re.Match[str]) -> str:
    return match[0] if _NO_ASIDE.search(match["inside"]) else ""


def _about_a(match: re.Match[str]) -> str:
    """ "An about 60% drop" → "About a 60% drop", with the article that the number takes."""
    about = "About" if match["article"][0].isupper() else "about"
    return f"{about} {'an' if _EIGHT.match(match['number']) else 'a'} {match['number']}"


@lru_cache(_REMEMBERED)
def drop_statistics(text: str) -> str:
    """Leave out bracketed p-values, intervals, ratios and test statistics; other numbers stay."""
    if "(" not in text and "[" not in text:
        return _tidy(text)
    if _DEVIATIONS.search(text):
        text = _DEVIATION.sub(r"\1", text)
    # From the inside out: "[92% (95% CI, 82-97)]" loses its inner bracket only.
    return _tidy(_BRACKETS.sub(_without_statistics, _INNER.sub(_without_statistics, text)))


def _without_statistics(match: re.Match[str]) -> str:
    if ";" in match["inside"] and _HEADED.match(match["inside"]):
        return match[0]
    if _OPEN.search(match.string, max(0, match.start() - _NEAR), match.start()):
        return match[0]
    items = re.split(r"(?<=[^\d]);\s*|(?<=\d);\s*|,\s+", match["inside"])
    kept: list[str] = []
    dropped = label = False
    for item in items:
        number = dropped and (_BARE_NUMBERS.match(item) or (label and item[:1].isdigit()))  # "SD, 1.7 years"
        label = False
        if _STATISTIC.match(item.strip()):
            dropped, label = True, not any(letter.isdigit() for letter in item)
        elif not number:
            kept.append(item)
            dropped = False
    if kept == items:
        return match[0]
    if not any(re.search(r"\w", item) for item in kept):
        return ""
    lead = match[0][: match.start("open") - match.start()]
    rest = ", ".join(kept)
    return f"{lead}[{rest}]" if "(" in rest else f"{lead}({rest})"


@lru_cache(_REMEMBERED)
def plain_signs(text: str) -> str:
    """Signs and short units as words: "∼20%" → "about 20%", "≥65 y" → "at least 65 years"."""
    if not (" v" in text or _SIGNED.search(text) or _TIMED.search(text)):
        return text
    text = _ABOUT.sub("about ", text)
    text = _SIGN.sub(lambda match: f"{_SIGNS[match[1]]} ", text)
    text = _SHORT_TIME.sub(_time, text)
    return _VERSUS.sub(r"\1 compared with ", text)


def _time(match: re.Match[str]) -> str:
    """ "43.1 y" → "43.1 years", "20-y-old" → "20-year-old"."""
    one = match[1] == "1" or match[2] == "-"
    return f"{match[1]}{match[2]}{_TIMES[match[3][0]]}{'' if one else 's'}"


@lru_cache(_REMEMBERED)
def drop_opener(text: str, follows: bool) -> str:
    """Leave out words that only tie a sentence to one that the reader has not been shown."""
    openers, links = _openers()
    for _ in range(2):
        match = openers.match(text) or (None if follows else links.match(text))
        if match is None:
            break
        text = _capital(text[match.end() :])
    return text


@lru_cache(_REMEMBERED)
def third_person(text: str) -> str:
    """ "We found" → "The researchers found"; "our" likewise, except where it means everybody's."""
    if " our knowledge" in text:
        text = _OUR_KNOWLEDGE.sub(r"\g<first>o the researchers’ knowledge", text)
    if _GENERAL.search(text):
        return text
    named = False

    def subject(match: re.Match[str]) -> str:
        nonlocal named
        words = "they" if named and not _OTHERS.search(match.string) else "the researchers"
        named = True
        return _capital(words) if match[0] == "We" else words

    text = _WE.sub(subject, text)
    if " us" in text:
        text = _US.sub(r"\1 the researchers", text)
    return _OUR.sub(_their, text) if "our " in text or "Our " in text else text


def _varied(text: str, role: Role, last: tuple[str, Role | None]) -> str:
    """ "They" for a second sentence in a row that opens with the researchers at work."""
    again = last[1] is role and last[0].startswith(("The researchers ", "They ")) and _AT_WORK.match(text)
    if not again or _OTHERS.search(text):
        return text
    return "They" + text.removeprefix("The researchers")


def _their(match: re.Match[str]) -> str:
    table = load_table("wording")
    rest = match[0][4:]
    nouns = {word.lower() for word in match.groups()[1:] if word}
    if nouns & set(table["everybody"]):
        return match[0]
    before = match.string[: match.start()]
    if re.search(r"\b(?:[Tt]he researchers|they)\b", before):
        return f"their {rest}"
    owner = "the"
    if re.match(
        r"(?:previous|earlier|own|recent|group|lab|team|hospital|institut|cent(?:er|re)|opinion)", rest
    ):
        owner = "the researchers’"
    return f"{_capital(owner) if match[1] == 'Our' else owner} {rest}"


def _capital(text: str) -> str:
    """`text` with a capital, unless it opens with a name such as p53 or mRNA."""
    first = text.split(maxsplit=1)[0] if text.split() else ""
    named = _NAME_LIKE.search(first[1:]) or not first[:1].isascii()  # "mRNA", "β-blockers"
    return text if named else text[:1].upper() + text[1:]


def _opened(text: str) -> str:
    """`text` with a capital where it opens with an ordinary word, as some sources do, or with "anti-PD-1"."""
    if _PREFIXED.match(text):
        return text[0].upper() + text[1:]
    return _capital(text) if re.match(r"[a-z]{3,}[ ,]", text) else text


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")


@lru_cache(_REMEMBERED)
def _tidy(text: str) -> str:
    text = _SPACED_SIGN.sub("", " ".join(text.split()))
    return _DOUBLED_SIGN.sub("", text.replace("( ", "("))


@cache
def _openers() -> tuple[re.Pattern[str], re.Pattern[str]]:
    table = load_table("wording")
    openers = "|".join(sorted(map(re.escape, table["openers"]), key=len, reverse=True))
    links = "|".join(sorted(map(re.escape, table["links"]), key=len, reverse=True))
    return (
        re.compile(rf"(?:{openers}),\s+|here(?:in)?\s+(?=we\b)|in (?:this|the present) \w+\s+(?=we\b)", re.I),
        re.compile(rf"(?:{links}),\s+|(?:thus|therefore|hence|but)\s+(?!far\b|called\b)", re.I),
    )
