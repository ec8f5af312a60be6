"""Statistics in plain words, never changed: what a ratio, an interval or a fold means, said as people say it.

The rules:

- A ratio in brackets becomes its meaning ("(HR 0.73, 95% CI 0.65–0.81)" → "(rate about 27% lower)")
  only where the interval or p-value shows an effect and the words before the bracket name what was
  compared and agree about the direction. A hazard ratio compares rates, an odds ratio odds, a risk
  ratio risks: no other noun is used. A ratio of 2 or more is told as "2.4 times as high". A ratio "per"
  some amount is left alone.
- An interval that holds no effect, or p ≥ 0.05, is never left out silently: where the sentence tells a
  difference or a ratio, the bracket becomes "(this difference may be due to chance)", and behind what is
  said to go together "(this link may be due to chance)".
- Other brackets are left as they are; `wording.drop_statistics` leaves out p-values and intervals
  afterwards, as the professional digest keeps them. A p-value below 0.05 between commas is left out
  here.
- Percentages above 10 lose their decimals and gain "about", unless two of them would become equal, the
  number is a bound or stands in a range, or it would become 100. At 10 or below they stay. Counts ("12
  of 340") always stay.
- "12.3 vs 9.1 months" names the unit twice; a 2-fold or 3-fold increase is a doubling or tripling,
  others stay.

Every number that these rules bring in is told by `derived_numbers`, so that tests can hold the rules to it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, lru_cache

from config import load_table

CHANCE = "this difference may be due to chance"
"""What stands where an interval or p-value shows no effect."""
LINK_BY_CHANCE = "this link may be due to chance"
"""The same, of what is said to go together."""

_LONGEST = 5_000
# Each audience, each way of telling and the gate ask for the same sentences.
_REMEMBERED = 1_000
_NUMBER = r"[-−–]?\d{1,6}(?:[.·]\d{1,6})?|[-−–]?[.·]\d{1,6}"
_BRACKET = re.compile(r"\((?P<inside>[^()]{1,300})\)|\[(?P<square>[^\[\]]{1,300})\]")
_NAMES = (
    r"(?P<name>(?:[Hh]azard|[Oo]dds|[Rr]isk|[Ii]ncidence rate|[Rr]ate) ratio|[Rr]elative risk"
    r"|a?HR|a?OR|RR|IRR)s?\b"
)
_RATIO = re.compile(
    rf"{_NAMES}(?: ?\[?\(?[aA-Z]{{2,4}}\)?\]?)?"
    r"(?:[\s,:=]| of| was){0,5}(?P<value>\d{1,3}[.·]\d{1,3})(?!\d)"
)
_INTERVAL = re.compile(
    r"\b9\d(?:\.\d)?\s?%[ -]?(?:CI|CrI|confidence intervals?|credible intervals?|[Cc]onfidence limits)"
    r"\]?\)?[\s,:=\[(]{0,4}"
    rf"(?P<low>{_NUMBER})(?:\s?(?:-|–|—|to|,|;)\s?|\s)(?P<high>{_NUMBER})"
)
_P = re.compile(r"\b[Pp](?:[ -]?values?)?\s?(?P<sign>[<=>≤≥])\s?(?P<value>0?[.·]\d{1,8}|1[.·]0+|1\b)")
_P_BETWEEN = re.compile(r", ?[Pp]\s?[<=≤]\s?0?[.·]\d{1,8}(?=[,.;]|$)")
_PER = re.compile(r"\bper\b|/\d|\bfor (?:each|every)\b", re.I)
_STATED = re.compile(
    r"\b(?P<the>[Tt]he) (?:adjusted |pooled |multivariable |summary )?(?P<kind>hazard|odds|risk|rate) ratio "
    r"(?:for|of) (?P<what>[a-z][a-z -]{2,50}?) was (?P<value>\d{1,3}[.·]\d{1,3})(?P<rest> \([^()]{5,120}\))"
)
_STATED_BEFORE = re.compile(
    r"\b(?:hazard|odds|risk|rate) ratio (?:for|of) [^().;]{2,80} was \d{1,3}[.·]\d{1,3}"
)
# A bracket that the words before it go on in: "linked with (P = 0.20)".
_OPEN = re.compile(r"\b(?:with|of|at|by|for|and|or|than|to|from|was|were|is|are)\s*\Z")
# What goes together, in the clause before the bracket; "HIV-associated lymphoma" does not.
_TOGETHER = re.compile(
    r"(?:(?<!-)\b(?:correlated|associated|related|linked)(?: \w+){0,2} (?:with|to)\b|\bcorrelations?\b|"
    r"\b(?:associations?|links?|relations?) (?:of|with|between)\b)[^.;()]*\Z",
    re.I,
)
# "Age (r = -0.15, P = 0.09) was correlated with …": what goes together is named behind.
_CORRELATION = re.compile(r"(?:r|r ?s|rho|ρ)\s?=")
_ADJUSTED = re.compile(
    r"(?:\b(?:(?:\w+-)?adjusted|multivari\w+|pooled|crude|unadjusted|summary|stratified|an?)[ ,]*)+$", re.I
)
_BETWEEN = re.compile(r"[\s,;.\]\[]+")
_PERCENT = re.compile(r"(?P<value>\d{1,3}[.·]\d{1,3}) ?%")
_VERSUS = re.compile(
    r"(?<![\d.·–-])(?P<one>\d{1,6}(?:[.·]\d{1,3})?)(?P<own> ?%| [a-z]+)?,? (?:vs\.?|versus|v\.?) "
    r"(?P<two>\d{1,6}(?:[.·]\d{1,3})?)"
    r"(?P<unit> ?%| (?:days?|weeks?|months?|years?|hours?|minutes?|points?|patients|mg|g|kg|mm|cm)\b)?"
    r"(?![\d·]|\.\d|-\w)"
)
_FOLD = re.compile(r"\b(?P<article>an? )(?P<n>2|3|two|three)(?:\.0)?[- ]?fold (?P<noun>increase|rise) in\b")
_GREW = re.compile(r"\b(?P<verb>increased|rose)(?: by)? (?P<n>2|3|two|three)(?:\.0)?[- ]?fold\b")
_HIGHER = re.compile(
    r"\b(?P<n>\d{1,4}(?:[.·]\d{1,2})?)[- ]?fold (?P<more>higher|greater)(?= (?:in|than|for|among)\b)"
)
_FOLDS = {"2": "doubl", "two": "doubl", "3": "tripl", "three": "tripl"}
_WORD = re.compile(r"[\w-]+")


@dataclass(slots=True)
class _Telling:
    """The numbers that the rules bring in."""

    numbers: set[tuple[str, str]] = field(default_factory=set)


@lru_cache(_REMEMBERED)
def plain_statistics(text: str) -> str:
    """`text`, one sentence, with its statistics in words where the rules above are sure of them."""
    return _worded(text, _Telling())


def derived_numbers(source: str) -> frozenset[tuple[str, str]]:
    """Number and unit ("%", "times", "months") of all that `plain_statistics` may bring in for `source`.

    Args:
        source: the sentence as the paper prints it.
    """
    telling = _Telling()
    _worded(source, telling)
    return frozenset(telling.numbers)


def _worded(text: str, telling: _Telling) -> str:
    if len(text) > _LONGEST:
        return text
    for rule in _RULES:
        text = rule(text, telling)
    return text


def _stated_ratios(text: str, telling: _Telling) -> str:
    """ "The hazard ratio for death was 0.73 (95% CI …)" → "The rate of death was about 27% lower"."""

    def said(match: re.Match[str]) -> str:
        value = _decimal(match["value"])
        if _effect(match["rest"], ratio=True) is not True or _PER.search(text):
            return match[0]
        what = {"hazard": "rate", "rate": "rate"}.get(match["kind"], match["kind"])
        return f"{match['the']} {what} of {match['what']} was {_compared(value, telling)}"

    return _STATED.sub(said, text) if " ratio " in text else text


def _bracketed(text: str, telling: _Telling) -> str:
    def said(match: re.Match[str]) -> str:
        inside = match["inside"] or match["square"]
        if _OPEN.search(text, 0, match.start()):
            return match[0]
        before = text[: match.start()]
        ratios = list(_RATIO.finditer(inside))
        stated = _RATIO.search(before[-80:]) is not None or _STATED_BEFORE.search(before[-120:]) is not None
        shown = _effect(inside, ratio=bool(ratios) or stated)
        words = ""
        if shown is False and _tells(text, stated):
            linked = _TOGETHER.search(before) or _CORRELATION.match(inside)
            words = LINK_BY_CHANCE if linked else CHANCE
        elif shown and len(ratios) == 1 and not _PER.search(text):
            words = _ratio_said(ratios[0], before)
        rest = _besides(inside) if words else None
        if rest is None:
            return match[0]
        if shown and _is_said(words, before):
            return f"({rest})" if rest else ""
        if shown:
            _compared(_decimal(ratios[0]["value"]), telling)
        return f"({rest}; {words})" if rest else f"({words})"

    return _BRACKET.sub(said, text) if "(" in text or "[" in text else text


def _is_said(words: str, before: str) -> bool:
    """Whether the words before a bracket give its number: "were 78% higher (odds about 78% higher)"."""
    number = re.search(r"\d[\d.]*(?:%| times)", words)
    return number is not None and re.search(rf"(?<![\d.]){re.escape(number[0])}", before) is not None


def _besides(inside: str) -> str | None:
    """What stands in a bracket in front of its ratio, interval and p-value; None where more stands behind."""
    found = [m.span() for pattern in (_RATIO, _INTERVAL, _P) for m in pattern.finditer(inside)]
    start, end = min(a for a, _ in found), max(b for _, b in found)
    if _BETWEEN.sub("", inside[end:]):
        return None
    return _ADJUSTED.sub("", inside[:start]).strip(" ,;:[")


def _ratio_said(ratio: re.Match[str], before: str) -> str:
    value = _decimal(ratio["value"])
    clause = re.split(r"[;,()\[\]]|\b(?:and|but|while|whereas|or)\b", before)[-1]
    if value == 1 or _direction(clause) != (-1 if value < 1 else 1):
        return ""
    noun = _table().ratios[ratio["name"].lower()]
    return f"{noun} {_compared(value, _Telling())}"


def _compared(value: Decimal, telling: _Telling) -> str:
    if value >= 2:
        telling.numbers.add((_digits(value), "times"))
        return f"{_digits(value)} times as high"
    percent = (abs(value - 1) * 100).quantize(Decimal(1), ROUND_HALF_UP)
    telling.numbers.add((str(percent), "%"))
    return f"about {percent}% {'lower' if value < 1 else 'higher'}"


def _direction(clause: str) -> int:
    """-1 where `clause` tells a named outcome as lowered, 1 as raised, 0 where it does not or tells both."""
    words = {word.lower() for word in _WORD.findall(clause)}
    table = _table()
    if not words & table.outcomes or words & table.unsure:
        return 0
    down, up = bool(words & table.lowering), bool(words & table.raising)
    return int(up) - int(down)


def _effect(inside: str, *, ratio: bool) -> bool | None:
    """Whether interval or p-value in `inside` show an effect; None where they do not say."""
    told: list[bool] = []
    for match in _INTERVAL.finditer(inside):
        low, high = sorted((_decimal(match["low"]), _decimal(match["high"])))
        if low < 0 or ratio:
            none = Decimal(0) if low < 0 else Decimal(1)
            told.append(not low <= none <= high)
    if not told:
        for match in _P.finditer(inside):
            value = _decimal(match["value"])
            if match["sign"] in "<≤=" and value < Decimal("0.05"):
                told.append(True)
            elif match["sign"] in "=>≥" and value > Decimal("0.05"):
                told.append(False)
    return told[0] if told and all(each == told[0] for each in told) else None


def _tells(text: str, stated: bool) -> bool:
    """Whether a sentence tells a difference (or has `stated` a ratio), and tells it as sure."""
    words = {word.lower() for word in _WORD.findall(text)}
    table = _table()
    told = stated or bool(words & (table.lowering | table.raising | table.telling))
    return told and not words & table.unsure


def _without_p(text: str, telling: _Telling) -> str:
    def kept(match: re.Match[str]) -> str:
        before = text[: match.start()]
        inside = before.count("(") + before.count("[") > before.count(")") + before.count("]")
        return match[0] if inside or not _effect(match[0], ratio=False) else ""

    return _P_BETWEEN.sub(kept, text)


def _versus(text: str, telling: _Telling) -> str:
    def said(match: re.Match[str]) -> str:
        own, unit = match["own"] or "", match["unit"] or ""
        if own and unit and own.strip() != unit.strip():
            return match[0]
        if own and not unit and own.strip() != "%":
            return match[0]
        if unit and not own:
            telling.numbers.add((match["one"], unit.strip()))
        return f"{match['one']}{own or unit} compared with {match['two']}{unit}"

    return _VERSUS.sub(said, text) if " v" in text else text


def _folds(text: str, telling: _Telling) -> str:
    def grown(match: re.Match[str]) -> str:
        telling.numbers.add((_figure(match["n"]), "times"))
        return f"a {_FOLDS[match['n']]}ing of"

    def grew(match: re.Match[str]) -> str:
        telling.numbers.add((_figure(match["n"]), "times"))
        return f"{_FOLDS[match['n']]}ed"

    def higher(match: re.Match[str]) -> str:
        telling.numbers.add((match["n"], "times"))
        return f"{match['n']} times as {'high' if match['more'] == 'higher' else 'great'}" + " as"

    if "fold" not in text:
        return text
    text = _GREW.sub(grew, _FOLD.sub(grown, text))
    return re.sub(_HIGHER.pattern.replace(r"(?= (?:in|than|for|among)\b)", r" than\b"), higher, text)


def _rounded(text: str, telling: _Telling) -> str:
    """Percentages above 10 as whole numbers, all of them or none."""
    if "%" not in text:
        return text
    matches = [m for m in _PERCENT.finditer(text) if _may_round(text, m)]
    values = {_decimal(m["value"]) for m in _PERCENT.finditer(text)}
    whole = {value: value.quantize(Decimal(1), ROUND_HALF_UP) for value in values}
    others = {Decimal(n) for n in re.findall(r"(?<![\d.·])(\d{1,3})(?= ?%)", text)}
    if len(set(whole.values())) < len(whole) or others & set(whole.values()):
        return text
    if any(value % 1 == Decimal("0.5") for value in values):  # two halves of a whole would both go up
        return text
    for match in reversed(matches):
        number = str(whole[_decimal(match["value"])])
        telling.numbers.add((number, "%"))
        before = text[: match.start()].split()
        exact = _decimal(match["value"]) % 1 == 0
        about = "" if exact or (before and before[-1].lower() in _table().rounded) else "about "
        about = about if before else about.capitalize()
        text = f"{text[: match.start()]}{about}{number}%{text[match.end() :]}"
    return text


def _may_round(text: str, match: re.Match[str]) -> bool:
    value = _decimal(match["value"])
    before = text[: match.start()]
    behind = text[match.end() : match.end() + 24]
    last = (before.split() or [""])[-1].lower()
    half = Decimal("49.5") <= value <= Decimal("50.5")  # "most" and "less than half" are not the same
    if (
        half
        or not 10 < value < Decimal("99.5")
        or re.search(r"[\d–−<>≤≥=±~-]\s?$", before)
        or last in _table().bounds
    ):
        return False
    return not re.match(r"\s?(?:[-–±]|\+/|to \d|CI\b|confidence|\w+ interval|Cr|percentile)", behind)


def _decimal(number: str) -> Decimal:
    return Decimal(number.replace("·", ".").replace("−", "-").replace("–", "-"))


def _digits(value: Decimal) -> str:
    return str(value)


def _figure(word: str) -> str:
    return {"two": "2", "three": "3"}.get(word, word)


@dataclass(frozen=True, slots=True)
class _Table:
    """The table `config/statistics.toml`."""

    lowering: frozenset[str]
    raising: frozenset[str]
    outcomes: frozenset[str]
    unsure: frozenset[str]
    telling: frozenset[str]
    rounded: frozenset[str]
    bounds: frozenset[str]
    ratios: dict[str, str]


@cache
def _table() -> _Table:
    table = load_table("statistics")
    return _Table(**{k: frozenset(v) for k, v in table.items() if k != "ratios"}, ratios=table["ratios"])


_RULES: tuple[Callable[[str, _Telling], str], ...] = (
    _stated_ratios,
    _bracketed,
    _without_p,
    _folds,
    _versus,
    _rounded,
)
