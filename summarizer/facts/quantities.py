"""Numbers of a sentence with what they measure and their units.

Only what stands in a form that is sure is taken: a number needs a unit or a named measure. All patterns run
in linear time.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from domain.facts import Quantity
from summarizer.facts.intervals import (
    CI,
    INTERVAL,
    LEVEL,
    NEAR,
    NUM,
    P_VALUE,
    Found,
    finds,
    is_compared,
    is_spanned,
    number,
    with_interval,
    with_p,
)
from summarizer.facts.tables import measures
from summarizer.facts.units import range_before_unit, unit_after

SPANS = frozenset({"years", "months", "weeks", "days", "hours", "minutes", "seconds", "person-years"})
"""Units of time."""
_DIGIT = re.compile(r"\d")
_NUMBER = re.compile(
    rf"(?<![\w.,/^])(?<!\d:)(?<!\d [Xx] )(?<![^\W\d_]-)(?:(?<=[\s(\[,;=:])[-+]|^[-+])?"
    rf"(?:(?:(?<=\b[Oo]f )|(?<=\bper ))\d{{1,3}}(?: \d{{3}})++(?!\d)|{NUM})(?![\d^])(?!/\d)"
)
_GROUP = 3
_TAIL = re.compile(r"(?<![\d.,])\d{1,3} $")
_LABELLED = re.compile(
    r"(?:grades?|phases?|stages?|types?|groups?|arms?|tables?|fig(?:ure)?s?|cycles?|levels?|class|version|"
    r"n\s?=|score|"
    r"aged|ages?|over|under|older than|younger than|at least|up to|than|[≥≤<>±]|[<>] or =|CI[,:]?|chapter|"
    r"days?|weeks?|no\.|"
    r"category)\s?$",
    re.I,
)
_AFTER_LEVEL = re.compile(rf"\s?(?:%|per ?cent)\s?-?\s?(?:{CI}|confidence|credible)")
_SPREAD = re.compile(rf"\s?(?:±|\+/-)\s?{NUM}|\s\((?:SD|SE|SEM|sd|se)[ :=,]{{1,3}}{NUM}\)")
_JOINED = re.compile(r"\s?,?\s?(?:vs\.?|versus|v\.?|compared (?:with|to)|against)\s", re.I)
_LIST = re.compile(r"\s?(?:,|,? and|,? vs\.?|,? versus)\s")
_RANGE = re.compile(r"\s?(?:-|to|–)\s?")
_CHANGE = re.compile(r"(?<!ranged )(?<!ranging )(?<!range )(?<!varied )\bfrom\s$")
_DIFFERENCES = frozenset({"mean difference", "standardised mean difference", "risk difference"})
_OR_MORE = re.compile(r" or (?:more|less|higher|lower|greater|above|older|younger)\b")
_OTHER_NAME = re.compile(r"\b(?:ratio|means?|coefficient|differences?|beta|score)\b|β", re.I)
_CHANGED = re.compile(r"\b(?:increase|reduc|decreas|chang|differ|improv|rise|fall|lower|higher)")
_WHEN = re.compile(r"\b(?:at|after|within|from|over|during|until|to) $")
_MEASURE_GAP = re.compile(r"[^\d;.:]{0,60}(?:[:.=]\s?)?[^\d;.:]{0,10}$")


def quantities(text: str) -> list[Found]:
    """The quantities of a sentence given with plain signs (`told.plain`), in order."""
    if _DIGIT.search(text) is None:
        return []
    intervals = list(finds(INTERVAL, text))
    values = list(finds(P_VALUE, text))
    heads = _heads(text, _taken([*intervals, *values]))
    if not heads:
        return []
    heads = _listed_ratios(text, _named(text, heads), intervals)
    heads = [head for head in heads if head.quantity.unit or head.quantity.measure]
    heads = _paired(text, heads)
    heads = [with_interval(text, heads, n, intervals) for n in range(len(heads))]
    return with_p(text, heads, values)


def _taken(matches: Sequence[re.Match[str]]) -> list[tuple[int, int]]:
    return [match.span() for match in matches]


def _heads(text: str, taken: Sequence[tuple[int, int]]) -> list[Found]:
    """Numbers that may be values, each with the unit right after it."""
    heads: list[Found] = []
    skip_to = 0
    for match in finds(_NUMBER, text):
        start, end = match.span()
        if start < skip_to or any(a <= start < b for a, b in taken):
            continue
        if _is_torn(text, start, end):
            continue
        if _is_label(text, start, end):
            skip_to = _range_end(text, end)
            continue
        spread = _SPREAD.match(text, end)
        spread = spread or range_before_unit(text, end)
        unit, after = unit_after(text, spread.end() if spread else end)
        if text[end : end + 1] == "-" and unit and unit != "fold":
            continue  # "5-year survival": no value
        if _OR_MORE.match(text, after):
            continue
        bound = _range_end(text, end)
        if bound and not _CHANGE.search(text[max(0, start - 16) : start]):
            skip_to = bound
            continue
        skip_to = spread.end() if spread else 0
        heads.append(Found(start, after, Quantity(number(match[0]), unit)))
    return heads


def _is_torn(text: str, start: int, end: int) -> bool:
    """Whether a number before it may belong to it: "a mean of 12 345 cells" are not 345."""
    return text[start:end].isdecimal() and end - start == _GROUP and _TAIL.search(text[:start]) is not None


def _is_label(text: str, start: int, end: int) -> bool:
    """Whether the number is a name ("phase 3"), a limit ("over 65"), a level of confidence or a year."""
    before = text[max(0, start - 14) : start]
    if _LABELLED.search(before) or _AFTER_LEVEL.match(text, end):
        return True
    year = end - start == 4 and text[start:end].isdigit() and 1900 <= int(text[start:end]) <= 2039
    return year and not unit_after(text, end)[0]


def _range_end(text: str, end: int) -> int:
    """Where a range ends that begins with the number before `end`; 0 where there is none."""
    match = _RANGE.match(text, end)
    second = _NUMBER.match(text, match.end()) if match else None
    if match is None or second is None:
        unit, after = unit_after(text, end)
        match = _RANGE.match(text, after) if unit else None
        second = _NUMBER.match(text, match.end()) if match else None
    return second.end() if second else 0


def _named(text: str, heads: list[Found]) -> list[Found]:
    """Each with the measure that is named before it, and with the unit of what it is compared with."""
    names = list(_measures(text))
    for index in reversed(range(len(heads) - 1)):
        if not heads[index].quantity.unit:
            unit = _unit_of_next(text, heads, index)
            heads[index] = replace(heads[index], quantity=replace(heads[index].quantity, unit=unit))
    named: list[Found] = []
    for index, head in enumerate(heads):
        quantity = head.quantity
        measure = _measure(text, names, heads, index, quantity)
        named.append(replace(head, quantity=replace(quantity, measure=measure)))
    for index in range(1, len(named)):
        named[index] = _like_the_last(text, named[index - 1], named[index])
        named[index - 1 : index + 1] = _respectively(text, names, named[index - 1], named[index])
    return named


def _listed_ratios(text: str, heads: list[Found], intervals: Sequence[re.Match[str]]) -> list[Found]:
    """Bare numbers with intervals that follow a ratio or difference: "1.2 (0.9-1.6) in men, 0.8 (…)"."""
    told, name = list(heads), ""
    for index, head in enumerate(heads):
        quantity = head.quantity
        if quantity.measure in measures()[2] or quantity.measure in _DIFFERENCES:
            name = quantity.measure if is_spanned(text, head, intervals) else ""
        elif not (quantity.measure or quantity.unit) and name and is_spanned(text, head, intervals):
            if _OTHER_NAME.search(text[heads[index - 1].end : head.start]):
                name = ""
                continue
            told[index] = replace(head, quantity=replace(quantity, measure=name))
        elif quantity.measure:
            name = ""
    return told


def _respectively(
    text: str, names: Sequence[tuple[int, int, str]], first: Found, second: Found
) -> tuple[Found, Found]:
    """Each its own, where two names stand before two numbers ("sensitivity and specificity were …")."""
    before = [one for one in names if one[1] <= first.start][-2:]
    if len(before) < 2 or before[1][2] != first.quantity.measure or second.quantity.measure:
        return first, second
    between = (text[before[0][1] : before[1][0]], text[first.end : second.start])
    if any(gap.strip() not in ("and", ", and", "or") for gap in between) or before[0][2] == before[1][2]:
        return first, second
    return tuple(
        replace(head, quantity=replace(head.quantity, measure=name))
        for head, (_, _, name) in zip((first, second), before, strict=True)
    )  # type: ignore[return-value]


def _measures(text: str) -> Iterator[tuple[int, int, str]]:
    pattern, names, _ = measures()
    for match in finds(pattern, text):
        if match.lastindex:
            name = names[match.lastindex - 1]
            if name.startswith("negative") and text.endswith("positive and ", 0, match.start()):
                yield match.start() - 13, match.start() - 5, name.replace("negative", "positive")
            yield match.start(), match.end(), name


def _measure(
    text: str, names: Sequence[tuple[int, int, str]], heads: Sequence[Found], index: int, quantity: Quantity
) -> str:
    head = heads[index]
    before = [one for one in names if one[1] <= head.start]
    if not before:
        return ""
    _, end, name = before[-1]
    if len(before) > 1 and text[before[-2][1] : before[-1][0]] in (" (", " ["):
        name = before[-2][2]  # "rate ratio (RR)": the abbreviation may stand for others, too
    if index and heads[index - 1].start >= end:
        return ""  # another number took it
    gap = LEVEL.sub("", text[end : head.start])
    # "odds ratio (OR) for death, 2.1": what is named twice is one
    ratio = name in measures()[2]
    if (
        not _MEASURE_GAP.fullmatch(gap)
        or " per " in gap
        or (ratio and quantity.unit)
        or (ratio and not _is_ratio(quantity))
    ):
        return ""
    if name in ("median", "mean"):
        # "The mean was reduced by 7%": the number is a change of it.
        sure = quantity.unit not in ("", "%", "fold", "times") and " by " not in gap
        sure = sure and not (quantity.unit in SPANS and _WHEN.search(gap))
        level = (
            quantity.unit == "%" and gap.endswith((" of ", " was ", " were ")) and not _CHANGED.search(gap)
        )
        sure = sure or level
        return name if sure else ""
    return name


def _is_ratio(quantity: Quantity) -> bool:
    return not quantity.value.startswith("-") and float(quantity.value) < 1000


def _unit_of_next(text: str, heads: Sequence[Found], index: int) -> str:
    """The unit of the next number where the two are compared: "12.3 vs 9.1 months"."""
    this, after = heads[index], heads[index + 1]
    unit = after.quantity.unit
    gap = text[this.end : after.start]
    if not unit:
        return ""
    decimals = "." in this.quantity.value and "." in after.quantity.value and unit == "%"
    listed = gap in (" and ", ", ", ", and ") and (
        decimals or "respectively" in text[after.end : after.end + 120]
    )
    return unit if listed or gap == " to " or _JOINED.fullmatch(gap) else ""


def _like_the_last(text: str, last: Found, head: Found) -> Found:
    """With the measure of the number it is compared with, where it has the same unit."""
    gap = text[last.end : head.start]
    same = last.quantity.unit == head.quantity.unit != ""
    if head.quantity.measure or not same or len(gap) > NEAR or ";" in gap:
        return head
    to = gap == " to " and _CHANGE.search(text[max(0, last.start - 16) : last.start])
    each = gap == " and " and "respectively" in text[head.end : head.end + 60]
    if not (to or each or _JOINED.search(f"{gap} ")):
        return head
    return replace(head, quantity=replace(head.quantity, measure=last.quantity.measure))


def _paired(text: str, heads: list[Found]) -> list[Found]:
    paired = list(heads)
    for index in range(1, len(heads)):
        last, head = heads[index - 1], heads[index]
        gap = text[last.end : head.start]
        from_to = gap.strip() == "to"
        if (
            last.quantity.unit == head.quantity.unit
            and len(gap) <= NEAR
            and ";" not in gap
            and (from_to or is_compared(gap))
        ):
            paired[index - 1] = replace(paired[index - 1], paired=True)
            paired[index] = replace(head, paired=True)
    return paired
