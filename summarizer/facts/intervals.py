"""Intervals and p-values of a sentence, and the numbers they belong to.

An interval must hold its number, and a p-value must follow it closely. All patterns run in linear time.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from domain.facts import Quantity
from summarizer.facts.tables import measures
from summarizer.facts.told import THOUSANDS

MOST = 60
"""Numbers of a sentence that are looked at."""
NUM = rf"(?:\d{{1,3}}(?:[,{THOUSANDS}]\d{{3}})++(?:\.\d++)?+|\d++(?:\.\d++)?+|\.\d++)"
_SIGNED = rf"[-+]?{NUM}"
CI = (
    r"(?:C\.?I\.?s?|CrIs?|UI|"
    r"(?:[Cc]onfidence|[Cc]redible|[Cc]redibility|[Uu]ncertainty) (?:[Ii]ntervals?|[Ll]imits?))"
)
INTERVAL = re.compile(
    rf"(?:(?P<level>\d\d(?:\.\d)?)\s?(?:%|"
    rf"per ?cent)\s?-?\s?)?(?<![A-Za-z]){CI}(?![A-Za-z])(?:\s?[(\[](?:CI|CrI|UI)s?[)\]])?"
    rf"(?:\s?(?:of|from|was|were|is|for \w+))?[\s,:=;]{{0,3}}[(\[]?\s?(?P<low>{_SIGNED})\s?%?(?:\s?-\s?|"
    rf"\sto\s|\s?[,;]\s|\sand\s)"
    rf"\s?(?P<high>{_SIGNED})"
)
_BARE_INTERVAL = re.compile(
    rf"\s?[(\[]\s?(?P<low>{_SIGNED})\s?%?(?:\s?-\s?|\sto\s|\s?[,;]\s)(?P<high>{_SIGNED})\s?%?\s?(?=[)\],;])"
)
# "(4.28, 1.52 to 12.09": ends of an interval that need no name where the number before has a ratio's.
_TRIPLE = re.compile(rf",\s(?P<low>{_SIGNED})(?:\s?-\s?|\sto\s)(?P<high>{_SIGNED})(?=[),;\]])")
P_VALUE = re.compile(
    rf"(?<![\w-])[pP](?:[- ]?(?:values?|adj|trend|interaction)|(?: for |-|_)(?:trend|interaction|"
    rf"difference))?\s?(?:(?:of|was)\s)?"
    rf"(?P<sign>[=<>≤≥]|less than)\s?"
    rf"(?P<p>(?:{NUM}\s?[x×]\s?)?10\s?\^?-\s?\d+|{NUM}(?:\s?[x×]\s?10\d+)?|ns\b|n\.s\.)"
)
_CLOSE = re.compile(
    r"[\s,;:()\[\]%]*(?:(?:with (?:an? )?|and |(?:two-sided |one-sided |stratified )?log-?rank(?: test)?|"
    r"(?:[A-Z]\w+-)?adjusted|two-sided|"
    r"one-sided|both|all|respectively)[\s,;:()\[\]]*){0,3}"
)
# "Mean difference [95% CI] of": what the brackets to come hold.
LEVEL = re.compile(rf"[(\[]\s?\d\d\s?%\s?-?\s?{CI}\s?[)\]]")
# Another that follows: "P = 0.01, 0.02 and 0.03" are of several numbers.
_MORE_P = re.compile(r"(?:,|,? and|\s?/|;)\s?(?:[<>=≤]\s?)?0?\.\d+(?![\d%]|\s?%|\s?-|\sto\b)")
# Between a number and the p-value in brackets at the end of its clause nothing else may be told.
_ONE_TOLD = re.compile(
    r"(?:(?!\b(?:and|but|while|whereas|than|which|that|who)\b)"
    r"(?:[^\d,;:]|\bgroup \d|\d+-(?:day|week|month|year)))*"
)
_TWO_TOLD = re.compile(r"(?:(?!\b(?:but|while|whereas|than|which|was|were|had|is|are)\b)[^\d,;:])*")
_EVERY = re.compile(r"\ball $")
NEAR = 70


@dataclass(frozen=True, slots=True)
class Found:
    """A quantity with its place in the sentence: of the number alone, and of all that belongs to it."""

    start: int
    end: int
    quantity: Quantity
    paired: bool = False
    """Whether it stands beside another that it is compared with."""


def number(text: str) -> str:
    """A number as printed, without signs that set thousands apart."""
    return re.sub(rf"[,{THOUSANDS} ](?=\d{{3}})", "", text).lstrip("+")


def finds(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """The first of its matches, so many as are looked at."""
    for count, match in enumerate(pattern.finditer(text)):
        if count >= MOST:
            return
        yield match


def with_interval(text: str, heads: list[Found], index: int, intervals: Sequence[re.Match[str]]) -> Found:
    """The number at `index` with the interval that follows it closely."""
    head = heads[index]
    next_start = heads[index + 1].start if index + 1 < len(heads) else len(text)
    for match in intervals:
        if head.end <= match.start() < next_start and match.start() - head.end <= NEAR:
            gap = P_VALUE.sub("", text[head.end : match.start()])
            restated = ")" in gap and text[head.start - 1 : head.start] == "("
            if _CLOSE.fullmatch(gap) and not restated:
                return _holding(head, match, match["level"] or "")
    bare = _BARE_INTERVAL.match(text, head.end)
    ratio = head.quantity.measure in measures()[2]
    if ratio and not bare:
        bare = _TRIPLE.match(text, head.end)
    if bare and (ratio or (intervals and intervals[0].start() < head.start) or LEVEL.search(text)):
        return _holding(head, bare, "")
    return head


def _holding(head: Found, match: re.Match[str], level: str) -> Found:
    """With the interval, if the number lies in it: else one of them is not what it seems."""
    low, high = number(match["low"]), number(match["high"])
    try:
        sure = float(low) <= float(head.quantity.value) <= float(high)
    except ValueError:
        sure = False
    if not sure:
        return head
    return replace(head, end=match.end(), quantity=replace(head.quantity, low=low, high=high, level=level))


def with_p(text: str, heads: list[Found], values: Sequence[re.Match[str]]) -> list[Found]:
    """Each p-value goes to the number it follows, to both of two compared, or to all that it is said of."""
    told, last = list(heads), 0
    for match in values:
        before = [
            index for index, head in enumerate(told) if last <= head.start and head.end <= match.start()
        ]
        last = match.end()
        if _MORE_P.match(text, last):
            continue
        p = ("<" if match["sign"] == "less than" else match["sign"]) + match["p"].replace(" ", "")
        for at in _told_by(text, told, before, match):
            told[at] = replace(told[at], quantity=replace(told[at].quantity, p=p))
    return told


def _told_by(text: str, heads: Sequence[Found], before: Sequence[int], match: re.Match[str]) -> Sequence[int]:
    """The numbers that a p-value is of."""
    if not before or heads[before[-1]].quantity.p:
        return ()
    index = before[-1]
    head = heads[index]
    gap = text[head.end : match.start()]
    if _EVERY.search(gap) and all(heads[at].paired for at in before):
        return before
    near = head.paired and len(gap) <= NEAR and not re.search(r"[;,]", gap)
    if _CLOSE.fullmatch(gap) or near:
        return (index - 1, index) if _is_second(text, heads, index) else (index,)
    if len(gap) > NEAR or not gap.endswith(("(", "[")):
        return ()
    if len(before) == 1 and _ONE_TOLD.fullmatch(gap):
        return before
    two = len(before) == 2 and text[heads[before[0]].end : head.start] == " and "
    return before if two and _TWO_TOLD.fullmatch(gap) else ()


def _is_second(text: str, heads: Sequence[Found], index: int) -> bool:
    if not index or not heads[index].paired or not heads[index - 1].paired or heads[index - 1].quantity.p:
        return False
    gap = text[heads[index - 1].end : heads[index].start]
    return gap == " to " or is_compared(gap)


def is_spanned(text: str, head: Found, intervals: Sequence[re.Match[str]]) -> bool:
    """Whether an interval that holds the number follows at once."""
    near = [
        m
        for m in intervals
        if 0 <= m.start() - head.end <= 6 and _CLOSE.fullmatch(text[head.end : m.start()])
    ]
    match = near[0] if near else _BARE_INTERVAL.match(text, head.end) or _TRIPLE.match(text, head.end)
    return match is not None and bool(_holding(head, match, "").quantity.low)


def is_compared(gap: str) -> bool:
    """Whether what stands between two numbers compares them."""
    return bool(re.search(r"\b(?:vs\.?|versus|v\.?|compared (?:with|to)|than|against)(?!\w)", gap, re.I))
