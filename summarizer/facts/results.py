"""What was found, with its numbers and direction, and what harm was seen."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from domain.digest import Role
from domain.facts import Direction, Fact, FactKind, Quantity, StudyKind
from summarizer.facts.quantities import SPANS, Found, quantities
from summarizer.facts.tables import directions, good, measures
from summarizer.facts.told import Page
from summarizer.text.sieve import sieved

_HARM = sieved(
    r"\b(?:adverse (?:[\w-]+ )?(?:events?|effects?|reactions?|outcomes?)|side[- ]effects?|toxicit(?:y|ies)|"
    r"treatment-related deaths?|neutropeni?a|serious events|(?:postoperative|perioperative|major|"
    r"serious) complications?|"
    r"complication rates?|hypersensitivity|safety|(?:treatment|drug|vaccine|device|procedure)[- ]related|"
    r"increas\w+ (?:the (?:risk|rate) of )?(?:major |serious |severe )?bleeding|over-?diagnos\w+|"
    r"toxic (?:effects?|deaths?)|(?:stopped|discontinued|withdrew) (?:\w+ )?(?:because of|due to))\b",
    re.I,
)
_COMPARES = sieved(r"\b(?:than|versus|vs|compared|associated|risks?|ratio|differ\w*|similar|between)\b", re.I)
_UNKNOWN = Direction.UNKNOWN
_HARM_KINDS = (StudyKind.TRIAL, StudyKind.OBSERVATIONAL, StudyKind.REVIEW)
_NEGATION = sieved(r"\b(?:no|not|never|nor|neither|none|cannot|fail(?:s|ed)? to|unable|\w+n't)\b", re.I)
_HEDGE = sieved(
    r"\b(?:may|might|could|suggest(?:s|ed|ing|ive)?|appear(?:s|ed)? to|seem(?:s|ed)?|"
    r"(?<!more )(?<!less )(?<!most )likely|possibl[ey]|potentially|potential (?:role|target|benefit|"
    r"biomarker|"
    r"treatment|candidate|cause)s?|potential therap\w+|probabl[ey]|perhaps|presumably|tend(?:s|ed)? to|"
    r"trends? (?:to|towards?)|unclear|uncertain|preliminary|putative|hypothesi[sz]e[ds]?)\b",
    re.I,
)
_SAME = sieved(
    r"\b(?:no (?:statistically |clinically )?(?:significant(?:ly)? |clear |evident |apparent |major |"
    r"relevant )?"
    r"(?:difference|differences|association|associations|correlation|effect|change|changes|improvement|"
    r"benefit|increase|"
    r"reduction)|(?:did|does|do|was|were) not (?:\w+ly )?(?:differ(?:ent)?|associated|affect\w*|change\w*|"
    r"alter\w*|increase\w*|"
    r"decrease\w*|reduce\w*|improve\w*|correlate\w*|influence\w*|higher|lower|longer|shorter|better|worse|"
    r"increased|superior)|"
    r"not (?:statistically )?(?:significant(?:ly)?) (?:different|higher|lower|associated|greater|longer|"
    r"shorter)|"
    r"(?:was|were|is|are) (?:\w+ly )?(?:similar|comparable|equivalent|unchanged|noninferior|non-inferior)|"
    r"neither \w+|remained (?:stable|unchanged)|(?:was|were|is|are) not (?:statistically )?significant\b|"
    r"not statistically significant|did not reach|unaffected)\b",
    re.I,
)
_ADVERB = (
    r"(?:(?:not|also|both|all|\w+ly|much|far|\d[\d.]*-fold|a|an|the|to be|in|some|two-fold|"
    r"\d[\d.]*%|times) ){0,4}"
)
_LINKED = re.compile(
    rf"\bassociated (?:\w+ly )?with {_ADVERB}(?P<word>[a-z-]+)(?=(?P<after> [a-z-]+(?: of)?(?: [a-z-]+)?)?)"
    rf"",
    re.I,
)
_PREDICATE = re.compile(
    rf"\b(?:was|were|is|are|be|been|had|have|has|showed|shows|show|resulted in|results in|led to|leads to|"
    rf"experienced|achieved|"
    rf"became|caused|causes|produced|"
    rf"conferred) {_ADVERB}(?P<word>[a-z-]+)(?=(?P<after> [a-z-]+(?: of)?(?: [a-z-]+)?)?)",
    re.I,
)
_VERB = re.compile(
    r"(?P<before>[\w)%-]+)(?: (?:significantly|markedly|strongly|substantially|also|further|greatly|"
    r"slightly|dramatically|"
    r"effectively))? (?P<word>[a-z-]+(?:ed|es|ase|ell|ose|ew|ank))\b(?=(?P<after> (?:the |by |from |to |in |"
    r"both |tumou?r )?[a-z-]+(?: of)?(?: [a-z-]+)?)?)",
    re.I,
)
# After these, "increased" and the like say which, not what happened.
_SECOND = re.compile(
    r"(?:,|\band|\bbut|\bwhile|\bwhereas) (?:\w+ ){0,2}?(?P<word>[a-z]+(?:er|ed|ess|ase|es))\b", re.I
)
_NO_SUBJECT = frozenset(
    [
        "of",
        "with",
        "and",
        "or",
        "the",
        "a",
        "an",
        "by",
        "for",
        "in",
        "on",
        "to",
        "from",
        "both",
        "as",
        "than",
        "between",
        "via",
        "was",
        "were",
        "is",
        "are",
        "be",
        "been",
        "had",
        "have",
        "has",
        "showed",
        "show",
        "shows",
        "that",
        "which",
        "who",
        "not",
        "associated",
        "no",
        "whose,",
        "at",
        "under",
        "through",
        "into",
        "its",
        "their",
        "significantly",
    ]
)
_GOOD_WORDS = {
    "better": 1,
    "improved": 1,
    "improves": 1,
    "superior": 1,
    "worse": -1,
    "poorer": -1,
    "worsened": -1,
    "inferior": -1,
}
_COUNTED = re.compile(
    r"\b(?:deaths?|died|mortality|recurrences?|relapses?|incidence|risks?|cancers?|progression|events?|"
    r"fractures?|infections?)\b",
    re.I,
)
_TURNED = re.compile(r"\b(?:survival|free|response|remission|benefit|protect\w*)\b", re.I)
_MOMENT = re.compile(
    r"\b(?:at|after|within|by|over|during|first|every|last|until|through|for|before|baseline and|in|about|"
    r"than)\s$",
    re.I,
)
_INTERVALS = re.compile(r"[(\[]\s?-?\d[\d.]*\s?(?:to|-|,|;)\s?-?\d")
_LETTERS = re.compile(r"[a-z]+")
_BROKEN = re.compile(r"\d\.$")
_LEAST = 5


def results(page: Page, kind: StudyKind) -> Iterator[Fact]:
    """The results that the abstract tells, one for each clause; those of harm as such."""
    last = ""
    for told in page.own(Role.RESULT):
        # "80. 6%": a number that was broken in two, and a sentence with it.
        broken = _BROKEN.search(last) and told.text[0].isdigit()
        last = told.text
        if told.role is None or broken:
            continue
        for start, end in clauses(told.plain):
            clause = told.plain[start:end]
            harm = kind in _HARM_KINDS and _HARM.search(clause) is not None
            found = tuple(one.quantity for one in quantities(clause) if not _is_moment(clause, one))
            yield Fact(
                FactKind.HARM if harm else FactKind.RESULT,
                told.text[start:end],
                told.evidence(page.hash, start, end),
                found,
                _UNKNOWN if harm and not _COMPARES.search(clause) else direction(clause, found),
                hedged(clause),
                negated(clause),
            )


def _is_moment(text: str, one: Found) -> bool:
    """Whether it says when something was measured ("at 3 months"), not what was found."""
    if one.quantity.unit not in SPANS or one.quantity.measure or one.paired:
        return False
    return _MOMENT.search(text[max(0, one.start - 16) : one.start]) is not None


def hedged(text: str) -> bool:
    """Whether it is said with care."""
    return _HEDGE.search(text) is not None


def negated(text: str) -> bool:
    """Whether it is denied."""
    return _NEGATION.search(text) is not None


def clauses(text: str) -> list[tuple[int, int]]:
    """The parts of a sentence between semicolons outside brackets, where each can stand alone."""
    if ";" not in text:
        return [(0, len(text))]
    cuts, depth = [0], 0
    for at, sign in enumerate(text):
        depth = max(0, depth + (sign in "([") - (sign in ")]"))
        if sign == ";" and not depth:
            cuts.append(at + 1)
    cuts.append(len(text))
    spans = []
    for first, last in pairwise(cuts):
        while first < last and text[first].isspace():
            first += 1
        spans.append((first, last - (last != len(text))))
    whole = all(len(text[a:b].split()) >= _LEAST and _has_verb(text[a:b]) for a, b in spans)
    return spans if len(spans) > 1 and whole else [(0, len(text))]


def _has_verb(text: str) -> bool:
    return re.search(r"\b(?:was|were|is|are|had|has|have|did|\w+ed)\b", text) is not None


def direction(text: str, found: Sequence[Quantity]) -> Direction:
    """Which way the outcome went, where the words or else the numbers leave no doubt."""
    same = _SAME.search(text) is not None
    ways = {way for way in _ways(text) if way}
    if same:
        return _UNKNOWN if ways or _also(text) else Direction.SAME
    if len(ways) == 1:
        way = ways.pop()
        return (
            _UNKNOWN
            if _contradicted(found) or _opposed(text, way)
            else (Direction.UP if way > 0 else Direction.DOWN)
        )
    return _UNKNOWN if ways else _by_ratio(text, found)


def _opposed(text: str, way: int) -> bool:
    """Whether a second finding goes the other way: "higher response rates, and lower survival"."""
    up, down = directions()
    others = down if way > 0 else up
    return any(match["word"].lower() in others for match in _SECOND.finditer(text))


def _also(text: str) -> bool:
    return re.search(r"\b(?:but|whereas|while|although|however|except)\b", text, re.I) is not None


def _ways(text: str) -> Iterator[int]:
    up, down = directions()
    told = set(_LETTERS.findall(text.lower()))
    if told.isdisjoint(up) and told.isdisjoint(down) and told.isdisjoint(_GOOD_WORDS):
        return
    for pattern in (_LINKED, _PREDICATE, _VERB):
        for match in pattern.finditer(text):
            if pattern is _VERB and match["before"].lower() in _NO_SUBJECT:
                continue
            word = match["word"].lower()
            if negated(match[0] + (match["after"] or "")):
                continue
            if word in up or word in down:
                yield (1 if word in up else -1) * _sense(match["after"] or "")
            elif word in _GOOD_WORDS and good().search(text[max(0, match.start() - 60) : match.end() + 20]):
                yield _GOOD_WORDS[word]


def _sense(after: str) -> int:
    """0 where what follows turns the sense: "reduced the increase", "more likely"."""
    return 0 if re.search(r"\b(?:increas|reduc|decreas|loss|lack|likely|common)\w*", after) else 1


def _contradicted(found: Sequence[Quantity]) -> bool:
    """Whether an interval says that no difference was shown, whatever the words say."""
    ratios = [one for one in found if one.measure in measures()[2] and one.low]
    return bool(ratios) and all(_spans_one(one) for one in ratios)


def _spans_one(one: Quantity) -> bool:
    return float(one.low) <= 1 <= float(one.high)


def _by_ratio(text: str, found: Sequence[Quantity]) -> Direction:
    ratios = [one for one in found if one.measure in measures()[2] and one.low]
    if len(ratios) != 1 or len(_INTERVALS.findall(text)) > 1:
        return _UNKNOWN
    if _spans_one(ratios[0]):
        return Direction.SAME
    if not _COUNTED.search(text) or _TURNED.search(text):
        return _UNKNOWN
    return Direction.UP if float(ratios[0].low) > 1 else Direction.DOWN
