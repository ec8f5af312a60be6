"""What was given or compared, what was measured, and for how long."""

import re
from collections.abc import Iterator

from domain.digest import Role
from domain.facts import Fact, FactKind, Quantity, StudyKind
from summarizer.facts.quantities import SPANS, quantities
from summarizer.facts.told import Page, Told
from summarizer.text.sieve import sieved

_PHRASE = r"[^.;:()\[\]]{2,100}?"
_ASSIGNED = re.compile(
    rf"\b(?:randomly (?:assigned|allocated)|randomi[sz]ed|assigned|allocated)(?: [^.;()]{{0,90}}?)?"
    rf"(?: \(?\d ?: ?\d(?: ?: ?\d)?\)?)? (?:to (?:receive |undergo |take |have |inhale |use |drink |eat |"
    rf"wear |attend |add )?|"
    rf"(?:to )?receive )(?:either )?(?P<one>{_PHRASE})"
    rf"(?: \([^()]{{1,60}}\))?(?: or (?:to )?(?:receive )?| versus | vs\.? |"
    rf" compared with )(?P<two>{_PHRASE})"
    r"(?=[.;,(\[]| (?-i:in [A-Z])| (?:for|in a|in the|between|every|once|twice|daily|at|alone|was|were|"
    r"after|before|during|"
    r"on)\b|$)",
    re.I,
)
_VERSUS = re.compile(
    rf"(?:^|: |\b(?:compar(?:ed|es?|ing|ison of)|of|efficacy of|effect of|effects of|safety of|"
    rf"trial of) )(?P<one>{_PHRASE})"
    rf" (?:versus|vs\.?|compared (?:with|to)) (?P<two>{_PHRASE})"
    r"(?=[.;:,(\[]| (?:for|in|on|as|among|after|during|following)\b|$)",
    re.I,
)
_COMPARED_WITH = re.compile(
    rf"\bcompar(?:ed|es|ing|e) (?:the )?(?:(?:efficacy|effects?|effectiveness|"
    rf"safety) (?:and \w+ )?of )?(?P<one>{_PHRASE})"
    rf" (?:with|to|and) (?P<two>{_PHRASE})(?=[.;:,(\[]| (?:for|in|on|as|among|after|during|following)\b|$)",
    re.I,
)
_EFFECT_OF = sieved(
    r"\b(?:effects?|efficacy|effectiveness|impact|influence|benefits?|"
    r"safety) (?:and \w+ )?of (?P<one>[^.;:()\[\]]{3,80}?)"
    r" (?=(?:on|in(?! (?:situ|vitro|vivo))|for|as|among|versus|vs\.?|compared)\b)",
    re.I,
)
_MANY = re.compile(r"\b(?:three|four|3|4) (?:groups|arms)\b|, [^,]{2,60},? (?:or|and) ", re.I)
_VAGUE = re.compile(
    r"\b(?:one of|two groups|either group|groups?|arms?|it|them|this|these|that|which|who|types? of|"
    r"techniques|methods|"
    r"treatment or control)\b|\d ?: ?\d",
    re.I,
)
_ELLIPTIC = re.compile(
    r"(?:very )?(?:early|late|high|low|higher|lower|short|long|immediate|delayed|standard|intensive|open|"
    r"single|double)"
    r"(?:[- ](?:dose|term|risk|course))?|[a-z]+(?:al|ic|ive|ed|ing|ary|ous|ate)|\d[\w.]*(?: \w+)?",
    re.I,
)
_LEAD = re.compile(
    r"(?:(?:randomi[sz]ed|controlled|pilot|double-blind|prospective|clinical|"
    r"open-label)[ ,]+){0,4}(?:the )?(?:trial|study|effects?|efficacy|effectiveness|safety|impact|"
    r"comparison|use|evaluation)"
    r"(?: and (?:safety|efficacy|tolerability))? of ",
    re.I,
)
_TWO = re.compile(r"\b(?:versus|vs|with)\b", re.I)
_TRAILING = re.compile(r"[\s,]+(?:and|or|in|with|of|to|either)\s*$")
_NO_ARM = re.compile(r"\b(?:compared|versus)\b|^(?:is|are|do|does|can|how|what|why|should)\b", re.I)
_PRIMARY = sieved(
    r"\b(?:primary|main|co-primary|principal) (?:efficacy |study |clinical |trial )?(?:outcomes?|"
    r"end-? ?points?)(?: measures?| of the study)?"
    r"(?: \([^()]{1,40}\))? (?:was|were|is|are|included)(?: defined as)? (?P<what>[^.;]{4,200})",
    re.I,
)
_BESIDES = re.compile(
    r",? with (?:additional|secondary)|,? (?:and |while |whereas )?(?:the )?secondary|, (?:analy[sz]ed|"
    r"assessed|measured|defined)\b",
    re.I,
)
_TELLS = re.compile(r"\b(?:was|were|we)\b", re.I)
_OUTCOME_LABEL = re.compile(r"^(?:main|primary) (?:outcome|end)", re.I)
_FOLLOWED = sieved(
    r"\bfollow(?:ed)?[- ]?up\b[^.;]{0,50}?\d|\bfollowed (?:up )?(?:for|over|until|through)\b[^.;]{0,40}?\d|"
    r"\d[^.;,]{0,20} (?:of )?follow-?up\b",
    re.I,
)
_YEAR = r"(?:19|20)\d\d"
_A_YEAR = re.compile(_YEAR)
_MONTH = (
    r"(?:(?:\d{1,2} )?(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.?(?: \d{1,2})?,? )?"
)
_YEARS = re.compile(
    rf"\b(?:(?:between|from|during) )?{_MONTH}(?P<first>{_YEAR})(?: (?:to|and|through|until) |"
    rf"-){_MONTH}(?P<last>{_YEAR})\b(?!-)",
    re.I,
)


def arms(page: Page, kind: StudyKind) -> Iterator[Fact]:
    """What was given and what it was compared with, where a sentence says both or a trial's question one."""
    if kind is StudyKind.TRIAL:
        for told in page.own(Role.METHOD, Role.RESULT, Role.QUESTION):
            if match := _sure(_ASSIGNED, told):
                yield from _both(page, told, match)
                return
    if kind in (StudyKind.TRIAL, StudyKind.REVIEW):
        for told in _questions(page):
            match = _sure(_VERSUS, told) or _sure(_COMPARED_WITH, told)
            if match and not _NO_ARM.search(match["one"]):
                yield from _both(page, told, match)
                return
    if kind in (StudyKind.TRIAL, StudyKind.REVIEW, StudyKind.OBSERVATIONAL):
        for told in _questions(page):
            effect = _EFFECT_OF.search(told.plain)
            if effect and not (_VAGUE.search(effect["one"]) or _TWO.search(effect["one"])):
                yield _fact(page, told, FactKind.INTERVENTION, effect.start("one"), effect.end("one"))
                return


def _questions(page: Page) -> Iterator[Told]:
    if page.title:
        yield page.title
    yield from page.own(Role.QUESTION)


def _sure(pattern: re.Pattern[str], told: Told) -> re.Match[str] | None:
    match = pattern.search(told.plain)
    if (
        match is None
        or _MANY.search(match[0])
        or _ELLIPTIC.fullmatch(match["one"])
        or any(_VAGUE.search(match[name]) for name in ("one", "two"))
    ):
        return None
    return match


def _both(page: Page, told: Told, match: re.Match[str]) -> Iterator[Fact]:
    for kind, name in ((FactKind.INTERVENTION, "one"), (FactKind.COMPARATOR, "two")):
        yield _fact(page, told, kind, match.start(name), match.end(name))


def _fact(page: Page, told: Told, kind: FactKind, start: int, end: int) -> Fact:
    if lead := _LEAD.match(told.plain, start, end):
        start = lead.end()
    return Fact(kind, _TRAILING.sub("", told.text[start:end]).strip(" ,"), told.evidence(page.hash))


def outcomes(page: Page) -> Iterator[Fact]:
    """The primary outcome, where the paper names one."""
    for told in page.own(Role.METHOD, Role.QUESTION, Role.RESULT):
        match = _PRIMARY.search(told.plain)
        if match:
            end = _until(told.plain, match.start("what"), match.end("what"))
            yield _fact(page, told, FactKind.OUTCOME, match.start("what"), end)
            return
        if _OUTCOME_LABEL.match(told.label) and not _TELLS.search(told.plain):
            yield _fact(page, told, FactKind.OUTCOME, 0, _until(told.plain, 0, len(told.text.rstrip(" ."))))
            return


def _until(text: str, start: int, end: int) -> int:
    """Where what follows is no more the outcome itself."""
    stop = _BESIDES.search(text, start, end)
    return stop.start() if stop else end


def times(page: Page) -> Iterator[Fact]:
    """How long people were followed, and the years in which they were studied."""
    followed = spanned = False
    for told in page.own(Role.METHOD, Role.RESULT, Role.QUESTION):
        if not followed and (match := _FOLLOWED.search(told.plain)):
            found = _near(told, match)
            if found:
                followed = True
                yield Fact(FactKind.TIME, told.text, told.evidence(page.hash), found)
        if spanned or _A_YEAR.search(told.plain) is None:
            continue
        if (match := _YEARS.search(told.plain)) and match["first"] < match["last"]:
            spanned = True
            years = tuple(Quantity(match[name], "year") for name in ("first", "last"))
            value = told.text[match.start() : match.end()]
            yield Fact(FactKind.TIME, value, told.evidence(page.hash), years)


def _near(told: Told, match: re.Match[str]) -> tuple[Quantity, ...]:
    """The span that stands in the words about following, alone."""
    found = [
        one.quantity
        for one in quantities(told.plain)
        if one.quantity.unit in SPANS and match.start() - 40 <= one.start <= match.end()
    ]
    return tuple(found[:1])
