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
_COMPARED = re.compile(
    rf"[^.;]{{0,80}}?\bcompared (?:with|to) (?:(?:[a-z-]+ ){{0,2}}of )?{NUM}(?: [a-z][\w-]*){{0,4}}? "
    rf"{THING}\b",
    re.I,
)
_AGAINST = re.compile(r"\bcompared (?:with|to) (?:[a-z-]+ ){0,3}$", re.I)
# So many for each: "50 patients per group", "75 patients randomly selected from each of three groups".
_EACH = re.compile(
    r",? (?:(?:in|for|from|at|to|of) )?(?:per|each|every)\b|"
    r"(?: [\w-]+){1,3} (?:in|from|for) (?:each|every)\b",
    re.I,
)
# The least, the most or nearly so many.
_BOUNDED = re.compile(
    r"(?:\b(?:(?:more|less|fewer|greater) than|at (?:least|most)|up to|over|under|above|below|nearly|almost|"
    r"about|around|approximately|roughly|some|close to)|[<>≤≥~≈]) ?$",
    re.I,
)
_EARLIER = re.compile(
    r"\b(?:previously,? (?!(?:un)?[a-z-]+ed\b)|(?:previous|earlier|prior|another) (?:[\w-]+ )?"
    r"(?:trials?|stud(?:y|ies)|reports?|cohorts?|series|surveys?)\b)[^.;]*$",
    re.I,
)
_SHARE = re.compile(rf"(?:\d|\b{WORDED}) of (?:the |a total of )?$", re.I)
# The same words again, and no name: "1,019 patients starting one drug and 5,377 starting another".
_ALSO = re.compile(r" (?P<word>\w{3,}ing|with|who|on|in) [^.;:,()\d]{1,80},? and \d[\d,]* (?P=word)\b", re.I)
# "703 were assigned to one drug", and not "to one drug or another".
ONE_ARM = r" to (?!(?:[^.;:]|[.:]\d){0,160}?\b(?:or|either|versus|vs|groups|arms)\b)"
# Those that were left of them are the whole: "Of 900 patients, 310 were enrolled".
SIFTED = re.compile(
    r"[^.;]{0,60}?(?:[,;] (?:and )?(?:of whom (?=[^.;]{0,30}\b(?:responded|replied|answered)\b))?|"
    r"\b(?:screened|approached|invited|assessed)(?: for eligibility)?,? and )"
    rf"{NUM}(?: \(\d[\d.]*%\))?(?: (?!of\b)[a-z][\w-]*){{0,3}}? (?:(?:was|were) (?:\w+ly )?"
    rf"(?:included|enrol+ed|recruited|randomi[sz]ed|(?:assigned|allocated)(?!{ONE_ARM})|eligible|"
    r"analy[sz]ed|returned|completed)|underwent randomi[sz]ation|returned (?:it|the)|responded|replied|"
    r"answered|participated|agreed|consented|took part)\b",
    re.I,
)
_SIFTED_WHO = re.compile(
    r"[^.;]{0,60}?, (?:only )?those (?:[\w-]+ )?(?:who|with|without)\b[^.;]{0,160}\bwere (?:\w+ly )?"
    r"(?:selected|included|enrol+ed|recruited|analy[sz]ed)\b",
    re.I,
)
_PLANNED = re.compile(r"[^.;]{0,60}\bwill be\b", re.I)
UNSURE = re.compile(r"\d ?%|\beach\b|\bper\b|\bsubgroups?\b|\bof (?:these|them|whom|which)\b", re.I)
ALL_OF = re.compile(r"(?:^|\b(?:of|among|in) )(?:(?:the|these|our|all|all the) |a total of )?$", re.I)


def _is_listed(count: Count) -> bool:
    """Whether others are counted beside them whom they do not hold: then they are one group of several."""
    rest = BRACKETS.sub("", count.after)
    others = [to_number(match["n"]) for match in LISTED.finditer(rest)]
    return bool(others) and sum(others) != count.number


def _is_one_of_several(count: Count) -> bool:
    """Whether what follows or leads to them tells of others, or that they are not those of this study."""
    after, before = count.after, count.before[-25:]
    return bool(
        _ANOTHER.search(before)
        or _BOUNDED.search(before)
        or _STAGE.search(count.before)
        or _BESIDE.match(BRACKETS.sub("", after)[:90])
        or _COMPARED.match(after)
        or _EACH.match(after)
        or _ALSO.match(after)
        or SIFTED.match(after)
        or _SIFTED_WHO.match(after)
        or _is_listed(count)
        or _PLANNED.search(after)
        or _EARLIER.search(count.before)
        or _SHARE.search(count.before)
        or _AGAINST.search(count.before)
    )


def is_part(count: Count) -> bool:
    """Whether those counted are but a part: one group of two, those of some kind, another few."""
    before, text = count.before[-25:], count.told.plain[count.start : count.end]
    return bool(
        PART.search(before) or PART.search(text) or _FIRST.search(before) or _is_one_of_several(count)
    )


def is_part_of_few(count: Count) -> bool:
    """The same of those whom only weak words say to be the whole."""
    before = count.before[-25:]
    own = ALL_OF.search(count.before) is not None
    return bool(
        (PART.search(before) and not own)
        or _SEEN_IN.search(before)
        or UNSURE.search(count.told.plain[count.start : count.end])
        or _is_one_of_several(count)
    )
