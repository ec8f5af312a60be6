"""What was found, with its numbers and direction, and what harm was seen."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from domain.digest import Role
from domain.facts import Direction, Fact, FactKind, Quantity, StudyKind
from summarizer.facts.intervals import Found
from summarizer.facts.quantities import SPANS, quantities
from summarizer.facts.tables import directions, good, measures
from summarizer.facts.told import Page
from summarizer.text.sieve import sieved

_HARM = sieved(
    r"\b(?:adverse (?:[\w-]+ )?(?:events?|effects?|reactions?|outcomes?)|side[- ]effects?|toxicit(?:y|ies)|"
    r"(?:treatment-related|(?:post|peri|intra)operative|procedure-related) deaths?|"
    r"neutropeni?a|serious events|(?:postoperative|perioperative|major|"
    r"serious) complications?|"
    r"grade (?:[3-5]|I{3}|I?V)(?: ?[-/] ?(?:[45]|I?V))?(?: (?:and|to|or) (?:[45]|I?V|worse|higher|above))? "
    r"(?:(?!(?:ha[ds]|have|was|were|with|in) )[\w-]+ ){0,4}events?|"
    r"complication rates?|hypersensitivity|safety(?! (?:data )?(?:sets?|population|sample)\b)|"
    r"(?:treatment|drug|vaccine|device|procedure)[- ]related|"
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
    r"\b(?:no (?:(?:statistically|clinically|significant(?:ly)?|clear|major|overall|further|[a-z]+-[a-z]+|"
    r"[a-z]+(?:ble|ent|al|ant)) ){0,2}"
    r"(?:difference|differences|associations?|correlations?|effects?|changes?|improvements?|"
    r"benefits?|increases?|"
    r"reductions?)|no evidence (?:of|for) (?:an? |any )?(?:[\w-]+ ){0,2}(?:difference|association|effect|"
    r"effectiveness|benefit|improvement|correlation|increase|reduction)|"
    r"failed to (?:find|show|detect|demonstrate|reveal) (?:an?y? )?(?:[\w-]+ ){0,2}(?:difference|association|"
    r"effect|benefit|correlation|increase|improvement|reduction)s?|"
    r"neither (?:[\w-]+ ){0,6}(?:showed|found|conveyed|differed|affected|improved|changed|had)|"
    r"(?:did|does|do|was|were|has|have|had) not (?:\w+ly )?(?:differ(?:ent)?|associated|affect\w*|change\w*|"
    r"alter\w*|increase\w*|(?:up|down)-?regulate\w*|induce\w*|promote\w*|stimulate\w*|suppress\w*|"
    r"activate\w*|"
    r"decrease\w*|reduce\w*|improve\w*|correlate\w*|influence\w*|inhibit\w*|enhance\w*|prevent\w*|"
    r"impair\w*|prolong\w*|lower\b|modify|vary|higher|lower|longer|shorter|better|worse|"
    r"increased|superior)|"
    r"not (?:statistically )?(?:significant(?:ly)?) (?:different|higher|lower|associated|greater|longer|"
    r"shorter)|"
    r"(?:was|were|is|are) (?:\w+ly )?(?:similar|comparable|equivalent|unchanged|noninferior|non-inferior)|"
    r"neither \w+|remained (?:stable|unchanged)|(?:was|were|is|are) not (?:statistically )?significant\b|"
    r"not statistically significant|did not reach|unaffected)\b",
    re.I,
)
_ADVERB = (
    r"(?:(?:not|also|both|all|\w+ly|much|far|very|even|\d[\d.]*-fold|a|an|the|to be|in|some|\w+fold|two-fold|"
    r"\d[\d.]*%|times|significant|marked|substantial|clear|modest|slight|small|strong|dramatic) ){0,4}"
)
_LINKED = re.compile(
    rf"\bassociated (?:\w+ly )?with {_ADVERB}(?P<word>[a-z-]+)(?=(?P<after> [a-z-]+(?: of)?(?: [a-z-]+)?)?)"
    rf"",
    re.I,
)
_PREDICATE = re.compile(
    rf"\b(?:(?:was|were|is|are) (?:\w+ly |also )?(?:accompanied|followed) (?:by|with)|"
    rf"was|were|is|are|be|been|had|have|has|showed|shows|show|resulted in|results in|led to|leads to|"
    rf"accompanied by|revealed|expressed|exhibited|displayed|demonstrated|yielded|required|received|reported|"
    rf"experienced|achieved|"
    rf"became|caused|causes|produced|"
    rf"conferred) {_ADVERB}(?P<word>[a-z-]+)(?=(?P<after> [a-z-]+(?: of)?(?: [a-z-]+)?)?)",
    re.I,
)
_VERB = re.compile(
    r"(?:(?<![\w)%-])|(?=[)%-]))(?P<before>[\w)%-]++)(?: (?:significantly|markedly|strongly|substantially|"
    r"also|further|greatly|slightly|dramatically|effectively))? "
    r"(?P<word>[a-z-]+(?:ed|es|ase|ell|ose|ew|ank))\b(?=(?P<after> (?:the |by |from |to |in |"
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
_TURNED = re.compile(
    r"\b(?:survival|free|response|remission|benefit|protect\w*|declin\w*|reduc\w*|improve\w*|recover\w*)\b",
    re.I,
)
_MOMENT = re.compile(
    r"\b(?:at|after|within|by|over|during|first|every|last|until|through|for|before|baseline and|in|about|"
    r"than)\s$",
    re.I,
)
_INTERVALS = re.compile(r"[(\[]\s?-?\d[\d.]*\s?(?:to|-|,|;)\s?-?\d")
_CONTRAST = re.compile(r"\b(?:but|whereas|while|although|however|except)\b", re.I)
# Such a word that only links a sentence to the one before.
_LINKING = re.compile(r"^(?:however|but|in contrast),? |^[^,;]{1,60}(?P<set_off>, however,)", re.I)
_FINITE = re.compile(r"\b(?:was|were|is|are|had|has|have|did|showed|found)\b", re.I)
_AGAINST = re.compile(r"[,;] (?:while|whereas)\b", re.I)
_FINDS = re.compile(r"\bassociated with\b|\bcorrelated with\b|\bpredict(?:s|ed)\b", re.I)
# Of none or few, or of what was only asked: the words tell of no finding.
_UNTOLD = sieved(
    r"^(?:no|none|neither|few|hardly any)\b|\bwhether\b|"
    r"\b(?:but|though|although|yet),? (?:(?:this|it) )?(?:(?:was|were|is) )?not (?:statistically )?"
    r"significant(?:ly)?(?: so)?(?: ?\([^()]*\))?\.?$|\bnon-?significant(?:ly)?\b",
    re.I,
)
_CHANCE = 0.05
_FROM_TO = sieved(
    r"\b(?:improved|changed|went)(?: \w+ly)? from (?P<first>-?\d+(?:\.\d+)?)(?![\d,])"
    r"(?:[^.;,]|\.(?=\d)){0,60}? to (?P<last>-?\d+(?:\.\d+)?)(?![\d,])",
    re.I,
)
# Verbs that can be nothing else, after "and" as well.
_PLAIN_VERBS = frozenset(
    {
        "reduces",
        "suppresses",
        "inhibits",
        "promotes",
        "enhances",
        "impairs",
        "attenuates",
        "diminishes",
        "lowers",
    }
    | {"prevents", "stimulates", "accelerates", "prolongs"}
)
_COMMON = re.compile(r" (?:likely to|(?:common|frequent|prevalent) (?:in|among|with))")
_RATIOS_OF_EVENTS = frozenset(
    {"odds ratio", "risk ratio", "rate ratio", "incidence rate ratio", "prevalence ratio"}
)
_TURNS = re.compile(r"\b(?:increas|reduc|decreas|declin|loss|lack|likely|common)\w*")
_TURNED_SUBJECT = re.compile(
    r"(?:the |these |both )?(?:\w+ )?(?:reductions?|decreases?|declines?|losse?s?) (?:in|of) ", re.I
)
_BESIDES = re.compile(r"\b(?:was|were|had|showed|\w+ed) .*\band $", re.I)
_LATER = re.compile(r"\s(?:after|before|later|post|prior|following|from (?:baseline|the start))\b", re.I)
_DOSED = re.compile(r"\b(?:at|doses? of|received|receiving|given|infused at) $", re.I)
_DOSES = frozenset(
    {"mg", "mg/kg", "mg/m2", "mg/day", "µg", "µg/kg", "g/day", "Gy", "mg/d", "g/kg", "nM", "µM"}
)
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
    """Whether it says when something was measured or how much was given, not what was found."""
    if one.quantity.measure or one.paired:
        return False
    before = text[max(0, one.start - 16) : one.start]
    if one.quantity.unit in _DOSES:
        return _DOSED.search(before) is not None
    moment = _MOMENT.search(before) or _LATER.match(text, one.end)
    return one.quantity.unit in SPANS and moment is not None


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
    same = _SAME.search(text)
    ways = set(_ways(text))
    if same and _BESIDES.search(text[: same.start()]):
        return _UNKNOWN
    if same:
        return _UNKNOWN if ways or _also(text) else Direction.SAME
    if len(ways) == 1 and (way := ways.pop()):
        return (
            _UNKNOWN
            if _contradicted(found) or _opposed(text, way) or _left_open(text) or _UNTOLD.search(text)
            else (Direction.UP if way > 0 else Direction.DOWN)
        )
    return _UNKNOWN if ways else _by_ratio(text, found)


def _left_open(text: str) -> bool:
    """Whether a second finding is set against the first, and goes no way that words tell."""
    parts = _AGAINST.split(text, maxsplit=1)
    return len(parts) > 1 and _FINDS.search(parts[1]) is not None and not any(_ways(parts[1]))


def _opposed(text: str, way: int) -> bool:
    """Whether a second finding goes the other way: "higher response rates, and lower survival"."""
    up, down = directions()
    others = down if way > 0 else up
    return any(match["word"].lower() in others for match in _SECOND.finditer(text))


def _also(text: str) -> bool:
    link = _LINKING.match(text)
    if link and not (link["set_off"] and _FINITE.search(link[0])):
        text = text[link.end() :]
    return _CONTRAST.search(text) is not None


def _ways(text: str) -> Iterator[int]:
    up, down = directions()
    told = set(_LETTERS.findall(text.lower()))
    if told.isdisjoint(up) and told.isdisjoint(down) and told.isdisjoint(_GOOD_WORDS):
        return
    for pattern in (_LINKED, _PREDICATE, _VERB):
        for match in pattern.finditer(text):
            word = match["word"].lower()
            before = match["before"].lower() if pattern is _VERB else ""
            if before in _NO_SUBJECT and not (before == "and" and word in _PLAIN_VERBS):
                continue
            if negated(match[0] + (match["after"] or "")):
                continue
            if word in up or word in down:
                yield (1 if word in up else -1) * _sense(text, match)
            elif word in _GOOD_WORDS and good().search(text[max(0, match.start() - 60) : match.end() + 20]):
                yield _GOOD_WORDS[word]


def _sense(text: str, match: re.Match[str]) -> int:
    """0 where what stands beside it turns the sense: "reduced the increase", "the reduction was greater"."""
    after = match["after"] or ""
    if common := _COMMON.match(after):
        start = match.end() + common.end()
        return 0 if _TURNS.search(text[start : start + 60]) else 1
    return 0 if _TURNS.search(after) or _TURNED_SUBJECT.match(text) else 1


def _contradicted(found: Sequence[Quantity]) -> bool:
    """Whether intervals or p-values say that no difference was shown, whatever the words say."""
    ratios = [one for one in found if one.measure in measures()[2] and one.low]
    if ratios:
        return all(map(_spans_one, ratios))
    by_chance = [is_chance(one.p) for one in found if one.p]
    return bool(by_chance) and all(by_chance)


def is_chance(p: str) -> bool:
    """Whether a p-value leaves it open that there is no difference."""
    try:
        return p[0] in "=>≥" and float(p[1:]) > _CHANCE
    except ValueError:
        return p.startswith("=n")


def _spans_one(one: Quantity) -> bool:
    return float(one.low) <= 1 <= float(one.high)


def _by_ratio(text: str, found: Sequence[Quantity]) -> Direction:
    """The side of no difference on which every ratio lies, where each is told with its interval."""
    if change := _FROM_TO.search(text):
        first, last = float(change["first"]), float(change["last"])
        return _UNKNOWN if first == last else Direction.UP if last > first else Direction.DOWN
    ratios = [one for one in found if one.measure in measures()[2]]
    if not ratios or len(_INTERVALS.findall(text)) > sum(bool(one.low) for one in found):
        return _UNKNOWN
    sides = {_side(one) for one in ratios}
    if sides == {Direction.SAME}:
        return Direction.SAME if len(ratios) == 1 or not _also(text) else _UNKNOWN
    counted = _COUNTED.search(text) or all(one.measure in _RATIOS_OF_EVENTS for one in ratios)
    if len(sides) > 1 or not counted or _TURNED.search(text):
        return _UNKNOWN
    return sides.pop()


def _side(ratio: Quantity) -> Direction:
    """What a ratio's interval shows; nothing where it ends at no difference itself."""
    if not ratio.low or 1 in (float(ratio.low), float(ratio.high)):
        return _UNKNOWN
    if _spans_one(ratio):
        return Direction.SAME
    return Direction.UP if float(ratio.low) > 1 else Direction.DOWN
