"""Whether those whom a sentence counts are but a part of those who were studied."""

import re

from summarizer.facts.counts import NUM, THING, WORDED, Count, to_number

PART = re.compile(
    r"\b(?:(?:stage|group|part|arm) (?:\d|[a-c]|i+)\b|"
    r"of (?:these|them|those|whom|which|the)|each|per|respectively|groups? of|arms?|among the|out of|"
    r"one in|1 in)\b|/",
    re.I,
)
_ANOTHER = re.compile(
    r"\b(?:another|additional|further|other|only|remaining|and|plus|versus|vs\.?) (?:a )?$", re.I
)
_SEEN_IN = re.compile(
    r"\b(?:found|detected|observed|seen|identified|present|positive|occurred|diagnosed|reported|achieved|noted|"
    r"confirmed|compared|one|\d+) (?:in|with|of|for) $",
    re.I,
)
_STAGE = re.compile(r"\b(?:stage|part|phase) (?:\d|I+)\b[^.;]*$", re.I)
_FIRST = re.compile(r"\bfirst (?:a )?$", re.I)
_BESIDE = re.compile(
    r"[^.;]{0,60}?\b(?:and|versus|vs\.?|plus) (?:\d[\d,]*|[a-z-]+) (?:[\w-]+ ){0,4}(?:controls?|volunteers|"
    r"comparators)\b|(?: \([^()]{0,30}\))?(?: with [\w -]{1,30}?)?,? (?:and|versus|vs\.?|plus) "
    rf"(?:\d[\d,]*|{WORDED}) (?:[\w-]+ ){{0,3}}(?:{THING}|lesions)\b",
    re.I,
)
BRACKETS = re.compile(
    r"\([^()]*(?:\)|$)|(?:\.(?=\s)|\b(?:includ|compris|consist|divided|namely|of whom|of which)).*", re.S
)
LISTED = re.compile(
    r"(?:,|;|\band|\bversus|\bvs\.?) (?:and )?(?:the )?(?:other |another )?"
    rf"{NUM}(?! (?:of|%))(?: [a-z][\w-]*,?){{0,5}}? "
    rf"(?:{THING}|controls|relatives|siblings|volunteers)\b",
    re.I,
)
_PLANNED = re.compile(r"[^.;]{0,60}\bwill be\b", re.I)
UNSURE = re.compile(r"\d+ ?%|\beach\b|\bper\b|\bsubgroups?\b|\bof (?:these|them|whom|which)\b", re.I)
ALL_OF = re.compile(r"(?:^|\b(?:of|among|in) )(?:(?:the|these|our|all|all the) |a total of )?$", re.I)


def _is_listed(count: Count) -> bool:
    """Whether others are counted beside them whom they do not hold: then they are one group of several."""
    rest = BRACKETS.sub("", count.after)
    others = [to_number(match["n"]) for match in LISTED.finditer(rest)]
    return bool(others) and sum(others) != count.number


def is_part(count: Count) -> bool:
    """Whether those counted are but a part: one group of two, those of some kind, another few."""
    before, text = count.before[-25:], count.told.plain[count.start : count.end]
    return bool(
        PART.search(before)
        or PART.search(text)
        or _ANOTHER.search(before)
        or _FIRST.search(before)
        or _STAGE.search(count.before)
        or _BESIDE.match(count.after[:90])
        or _is_listed(count)
        or _PLANNED.search(count.after)
    )


def is_part_of_few(count: Count) -> bool:
    """The same of those whom only weak words say to be the whole."""
    before = count.before[-25:]
    own = ALL_OF.search(count.before) is not None
    return bool(
        (PART.search(before) and not own)
        or _ANOTHER.search(before)
        or _SEEN_IN.search(before)
        or _STAGE.search(count.before)
        or UNSURE.search(count.told.plain[count.start : count.end])
        or _BESIDE.match(count.after[:90])
        or _is_listed(count)
        or _PLANNED.search(count.after)
    )
