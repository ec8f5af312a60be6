"""How many were studied: the whole, never a part; where that is not sure, nothing.

The whole is told by words that only a whole has ("we enrolled", "a total of"), else by what the study was
done in, where nothing that is counted exceeds it. Groups that together are the whole ("cases (n = 310) and
controls (n = 727)") are told as they stand, with a number for each: their sum is printed nowhere.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain.digest import Role
from domain.facts import Fact, FactKind, Quantity, StudyKind
from summarizer.facts.counts import (
    MIDDLE,
    NUM,
    THING,
    Count,
    counted,
    ends_range,
    numbered,
    to_count,
    to_number,
)
from summarizer.facts.kept import consented, sifted
from summarizer.facts.parts import ALL_OF, BRACKETS, LISTED, ONE_ARM, PART, UNSURE, is_part, is_part_of_few
from summarizer.facts.people import PEOPLE
from summarizer.facts.told import Page, Told
from summarizer.text.sieve import sieved

_ANIMALS = (
    r"(?:mice|rats|dogs|cats|pigs|piglets|rabbits|sheep|hamsters|guinea pigs|cows|monkeys|macaques|zebrafish)"
)
_STUDIES = r"(?:studies|trials|articles|publications|rcts|papers|cohorts|reports|reviews)"
_CHOSEN = (
    r"(?:randomly assigned|randomly allocated|randomi[sz]ed|enrol+ed|recruited|included|studied|"
    r"analy[sz]ed|reviewed|"
    rf"evaluated|interviewed|surveyed|involved|followed|(?:assigned|allocated)(?!{ONE_ARM}))"
)
_VERB_BEFORE = re.compile(rf"\b(?P<verb>{_CHOSEN}) (?:data (?:from|on|of) )?(?:a total of )?$", re.I)
_VERB_AFTER = re.compile(
    r"(?:[^.;,()]|\([^()]{0,80}\)|"
    r", (?=(?:with|aged|who|mean|undergoing|including|\d+ (?:wo)?men)\b)){0,140}? "
    rf"(?:(?:was|were) (?:\w+ly )?(?P<verb>{_CHOSEN}|selected|randomly|"
    r"treated(?=[,.;]| (?:at|between|from|across)\b))\b|met (?:the |our |"
    rf"all )?(?:[\w'-]+ ){{0,2}}criteria|"
    r"were (?:completed|returned)\b|participated\b|provided\b|took part\b|had a complete follow-?up\b|"
    r"agreed to (?:participate|take part)\b)",
    re.I,
)
_DONE_ON = re.compile(
    r"(?<!, )\b(?:comprised|consisted of|"
    r"(?:performed|conducted|done|carried out|undertaken) (?:on|in|with|among)|"
    r"(?:study|cohort|series|trial|sample|survey|review|analysis) of|subjects were|(?:images|data|samples|"
    r"records|charts|"
    r"specimens) (?:were )?(?:collected |acquired |obtained )?(?:of|from)|(?:eyes|knees|hips|teeth|sites|"
    r"lesions|samples|specimens|tumou?rs|feet|hands|limbs|ears) (?:of|from|in)|"
    r"\b\d+ (?:eyes|knees|hips|sites|lesions) \() "
    r"?(?:a total of )?$",
    re.I,
)
# Weaker words: what a study is of, where nothing that it counts exceeds that.
_SET_IN = re.compile(
    r"\b(?:(?:in|among|from|of|on)(?: (?:a total of|all|the first|our|these|the|a group of))?|"
    r"these|the first|present|report) $",
    re.I,
)
_OPENING = re.compile(r"^(?:In|Of|Among) (?:the |all )?$")
_PARTICIPANTS = re.compile(r"participants?|patients?|subjects?|population|sample|setting", re.I)
_TOOK_PART = re.compile(
    r"(?:study )?(?:participants?|patients?|patient\(s\)|subjects?|population|sample)", re.I
)
_REVIEWED = re.compile(rf"{NUM}{MIDDLE}(?P<unit>{_STUDIES})\b", re.I)
# "Of 2,914 records screened, 14 trials were included": what was screened is not what was reviewed.
_SIFTED_FROM = re.compile(rf"(?:Of|From|Among|Out of) [^.;]{{3,90}}?, (?={NUM}{MIDDLE}{_STUDIES}\b)")
_EARLIER = re.compile(r"\b(?:original|previous(?:ly)?|earlier|prior|initial|other)\b", re.I)
_MORE_STUDIES = re.compile(rf",? (?:and|plus) {NUM}{MIDDLE}{_STUDIES}\b", re.I)
_LEFT = sieved(
    rf"\bof (?:which|these|them),? (?:only )?{NUM}{MIDDLE}(?P<unit>{_STUDIES})(?= (?:were (?:\w+ly )?"
    r"(?:included|eligible|selected|retained|analy[sz]ed)|met|fulfilled|satisfied|described|qualified|"
    r"provided|reported)\b)",
    re.I,
)
_WITH_PEOPLE = re.compile(
    rf"\b(?:involving|with|including|comprising|representing|of|and|from|enrolling|on)(?: data (?:from|"
    rf"on))?(?: a total of)? {NUM}{MIDDLE}"
    rf"(?P<unit>{PEOPLE})\b",
    re.I,
)
_KEPT = re.compile(
    r"\b(?:includ(?:ed|ing)|eligible|(?:met|satisfied) (?:the |our |all )?(?:[\w-]+ )?criteria|fulfilled|"
    r"analy[sz]ed|"
    r"pooled|were (?:\w+ly )?(?:selected|assessed|retained|used)|"
    r"qualified|comprising|based on)\b",
    re.I,
)
_IDENTIFIED = re.compile(r"\b(?:were|was) (?:finally )?(?:identified|found|reviewed)\b", re.I)
_FOUND_ONLY = sieved(
    r"\b(?:possible|potential\w*|screened|retrieved|search\w*|excluded|records|citations|abstracts|hits|"
    r"duplicates)\b",
    re.I,
)
_ANIMAL_COUNT = re.compile(rf"{NUM}{MIDDLE}(?P<unit>{_ANIMALS})\b", re.I)
_MORE = re.compile(r"\b(?:another|additional|further) (?:group of )?$", re.I)
# Such as stand beside those who were studied for something: with them they are the whole.
_CONTROLS = re.compile(
    rf"(?P<gap>[^.]{{0,220}}?(?:;|,|,? and|,? versus|,? vs\.?|,? plus) ){NUM}(?: [a-z][\w-]*){{0,4}}? "
    r"(?P<unit>controls|control (?:subjects|participants|patients|individuals)|"
    r"healthy (?:volunteers|subjects|individuals|adults)|volunteers|comparators)\b",
    re.I,
)
# Yet another group between the two: "50 patients with asthma, 45 with bronchitis and 60 controls".
_THIRD = re.compile(r"(?:,|;|\band) \d[\d,]* (?:with|without|who|had|were|of)\b", re.I)
_BESIDE_WORDS = re.compile(r"control|healthy|volunteer|comparator", re.I)
# Two numbers before the names of the groups: "463 and 497 cases and controls".
_BOTH_GROUPS = re.compile(
    r"(?<![\d.,])(?P<first>\d{1,3}(?:,\d{3})+|\d{1,6}) and (?P<second>\d{1,3}(?:,\d{3})+|\d{1,6}) "
    r"(?:[a-z-]+ ){0,3}(?:cases|patients|women|men) and (?:[a-z-]+ ){0,2}controls\b",
    re.I,
)
# People that a model makes up were not studied.
_MADE_UP = re.compile(
    r"\b(?:simulat\w+|hypothetical|virtual|synthetic) (?:an? |the )?"
    r"(?:(?:[\w-]+ )?(?:cohorts?|groups?|populations?|samples?|sets?) )?(?:of )?$|"
    r"\bmodel(?:l?ed)? (?:of |a (?:[\w-]+ )?(?:cohort|population) of )$",
    re.I,
)
# What a model learned from, and what it was tried on.
_SET = re.compile(
    r"\b(?:training|validation|test(?:ing)?|derivation|development|discovery|replication|independent|external|"
    r"separate) (?:[\w-]+ )?(?:set|cohort|sample|series|group|data ?set)s?\b[^.;,]{0,30}$",
    re.I,
)
_VALIDATED = re.compile(
    rf"[^.;]{{0,100}}\bvalidat\w+ [^.;]{{0,60}}{NUM}(?: [a-z][\w-]*){{0,4}}? {THING}\b", re.I
)
# "1,846 carriers from 612 families": those who were studied are others.
_COUNTED_OF = re.compile(
    rf"\b\d[\d,]* (?:[a-z][\w-]* ){{0,3}}(?:{PEOPLE}|carriers|members|relatives) (?:from|in|of|across) $"
)
_IS_PEOPLE = re.compile(rf"{PEOPLE}|persons|parents|pupils|teachers|workers|employees|athletes")
_LEAST = 5
"""Fewer than these are seldom the whole of a study that does not say so."""
_MOST_GROUPS = 4
_OWN = (Role.METHOD, Role.RESULT)


_RANKS = {**dict.fromkeys(("enrolled", "enroled", "recruited", "included", ""), 2), "random": 3}
"""How surely a verb says who is in a study: what was reviewed or analysed may be more, or less."""


@dataclass(frozen=True, slots=True)
class _Chosen:
    count: Count
    verb: str = ""

    @property
    def rank(self) -> int:
        return _RANKS.get("random" if self.verb.startswith("random") else self.verb, 1)


def sizes(page: Page, kind: StudyKind) -> Iterator[Fact]:
    """How many were studied: the whole, first; for reviews the studies and the people in them."""
    if kind is StudyKind.MODEL:  # those it counts are made up, or took part in others' studies
        return
    if kind is StudyKind.REVIEW:
        yield from (count.fact(page.hash) for count in _reviewed(page))
        return
    if kind in (StudyKind.ANIMAL, StudyKind.LABORATORY):
        counts = list(_animals(page)) if kind is StudyKind.ANIMAL else []
        if len({count.number for count in counts}) == 1:
            yield counts[0].fact(page.hash)
        return
    people = kind in (StudyKind.TRIAL, StudyKind.QUALITATIVE)
    if fact := _whole(page, people=people):
        yield fact


def _whole(page: Page, *, people: bool) -> Fact | None:
    found = [(told, counted(told)) for told in page.own(Role.QUESTION, *_OWN)]
    counts = [count for told, of_told in found if told.role is not Role.QUESTION for count in of_told]
    numbers = [number for told, _ in found if told.role is not Role.QUESTION for *_, number in numbered(told)]
    most = max([*(count.number for count in counts), *numbers], default=0)
    more = any(_MORE.search(count.before) for count in counts)  # "another 20 patients"
    told_plainly = [one for one in (None if more else _stated(page), _sure(counts)) if one]
    kept = [*sifted(one for one in counts if not _is_of_others(one)), *consented(page.own(*_OWN))]
    if len({one.number for one in kept}) == 1 and all(one.number <= kept[0].number for one in told_plainly):
        return _fact(kept[0], page, people=people)
    for one in told_plainly:
        if one.number >= most:
            return _fact(one, page, people=people)
    if groups := _controls(counts, page) or _groups(found, page):
        return groups if sum(int(q.value) for q in groups.quantities) >= most else None
    for one in told_plainly[:1]:
        if (chosen := _chosen(one)) and chosen.rank > 1:
            return _fact(one, page, people=people)
    if more:
        return None
    weaker = _set_in(page, found)
    return _fact(weaker, page, people=people) if weaker and weaker.number >= most else None


def _fact(count: Count, page: Page, *, people: bool) -> Fact | None:
    return None if people and not _IS_PEOPLE.fullmatch(count.unit) else count.fact(page.hash)


def _stated(page: Page) -> Count | None:
    """The number that the record's reader found, where it stands in the abstract."""
    size = page.version.sample_size
    if not size or size.unit in ("mice", "rats", "dogs", "studies"):
        return None
    for told in page.own(Role.METHOD, Role.RESULT, Role.QUESTION, Role.MEANING):
        if size.evidence[:40] not in told.text and told.text[:40] not in size.evidence:
            continue
        for count in counted(told):
            if count.number == size.number and not is_part(count):
                return count
    return None


def _sure(counts: Sequence[Count]) -> Count | None:
    """The one that words say were studied, chosen by lot before all.

    Where they say several, the first, if it is the most and said as surely as the others: later ones are
    parts.
    """
    chosen = [found for count in counts if (found := _chosen(count))]
    chosen = [one for one in chosen if one.rank == _RANKS["random"]] or chosen
    if not chosen:
        return None
    first, rest = chosen[0], [one for one in chosen if one.count.number != chosen[0].count.number]
    least = any(one.count.number > first.count.number or one.rank > first.rank for one in rest)
    return None if least else first.count


def _chosen(count: Count) -> _Chosen | None:
    found = _as_chosen(count)
    return None if found is None or is_part(count) or _is_of_others(count) else found


def _is_of_others(count: Count) -> bool:
    """Whether others were studied: a model made up those counted, learned from them or was tried on them, or
    they are the families of those who were."""
    return bool(
        _SET.search(count.before)
        or _MADE_UP.search(count.before)
        or _COUNTED_OF.search(count.before)
        or _VALIDATED.match(BRACKETS.sub("", count.after))
    )


def _as_chosen(count: Count) -> _Chosen | None:
    if count.start == 0 and _TOOK_PART.fullmatch(count.told.label):
        return _Chosen(count)
    if before := _VERB_BEFORE.search(count.before):
        return _Chosen(count, before["verb"].lower())
    if _DONE_ON.search(count.before):
        return _Chosen(count)
    after = _VERB_AFTER.match(count.after)
    return _Chosen(count, (after["verb"] or "").lower()) if after else None


def _controls(counts: Sequence[Count], page: Page) -> Fact | None:
    """Those who have something and those who have not, where one sentence counts both."""
    found = []
    for told in dict.fromkeys(count.told for count in counts):
        if "controls" in told.plain and (match := _BOTH_GROUPS.search(told.plain)):
            quantities = tuple(
                Quantity(str(to_number(match[n])), "participants") for n in ("first", "second")
            )
            found.append(_together(told, page, *match.span(), quantities))
    for count in counts:
        after = count.after
        beside = _CONTROLS.match(after) if _BESIDE_WORDS.search(after) else None
        if beside is None or UNSURE.search(beside["gap"]) or PART.search(count.before[-25:]):
            continue
        if LISTED.search(BRACKETS.sub("", beside["gap"])) or _THIRD.search(beside["gap"]):
            continue
        shift = count.end
        quantities = (count.quantity, Quantity(str(to_number(beside["n"])), beside["unit"].lower()))
        found.append(_together(count.told, page, count.start, shift + beside.end("unit"), quantities))
    return found[0] if len(found) == 1 else None


def _groups(found: Sequence[tuple[Told, list[Count]]], page: Page) -> Fact | None:
    """Groups with their numbers in brackets, where one sentence alone counts so."""
    told_of = []
    for told, _ in found:
        if told.role is Role.RESULT and not _PARTICIPANTS.search(told.label):
            continue
        if groups := list(numbered(told)):
            told_of.append((told, groups))
    if len(told_of) != 1:
        return None
    told, groups = told_of[0]
    if len(groups) != len(_NUMBERS.findall(told.plain)):
        return None
    start, end = groups[0][0], groups[-1][1]
    unit = _unit_before(told, start)
    if not unit or len(groups) > _MOST_GROUPS or UNSURE.search(told.plain[start : end + 20]):
        return None
    start = unit.start()
    named = unit["unit"].lower() if len(groups) == 1 else "participants"
    quantities = tuple(Quantity(str(number), named) for *_, number in groups)
    return _together(told, page, start, end + 1, quantities)


_NUMBERS = re.compile(r"\b[nN] ?=")
_UNIT_BEFORE = re.compile(rf"\b(?P<unit>{THING})\b(?=[^.;]{{0,80}}$)", re.I)


def _unit_before(told: Told, start: int) -> re.Match[str] | None:
    return _UNIT_BEFORE.search(told.plain[:start])


def _together(told: Told, page: Page, start: int, end: int, quantities: tuple[Quantity, ...]) -> Fact:
    value = told.text[start:end]
    return Fact(FactKind.SIZE, value, told.evidence(page.hash), quantities)


def _set_in(page: Page, found: Sequence[tuple[Told, list[Count]]]) -> Count | None:
    """What the study was done in, as methods, question or title say."""
    likely: list[Count] = []
    titled = [(page.title, counted(page.title))] if page.title else []
    for told, counts in (*titled, *found):
        for count in counts:
            no_whole = is_part_of_few(count) or _is_of_others(count)
            if count.number >= _LEAST and _leads(told, count) and not no_whole:
                likely.append(count)
    return likely[0] if len({count.number for count in likely}) == 1 else None


def _leads(told: Told, count: Count) -> bool:
    if told.role is Role.RESULT:
        return ALL_OF.search(count.before) is not None and told.plain[: count.start].count(",") == 0
    if _OPENING.search(count.before) and count.start < 10:
        return " we " in count.told.plain
    if count.start == 0:
        return _PARTICIPANTS.search(told.label) is not None or not UNSURE.search(told.plain)
    return _SET_IN.search(count.before) is not None


def _reviewed(page: Page) -> Iterator[Count]:
    for told in page.own(*_OWN):
        if match := _LEFT.search(told.plain):
            yield to_count(told, match)
            return
    for sure in (_KEPT, _IDENTIFIED):
        for told in page.own(*_OWN):
            sifted = _SIFTED_FROM.match(told.plain)
            start = sifted.end() if sifted else 0
            rest = told.plain[start:]
            if not sure.search(rest) or _FOUND_ONLY.search(rest):
                continue
            match = next((m for m in _REVIEWED.finditer(told.plain, start) if not _is_earlier(m)), None)
            if match is None or _MORE_STUDIES.match(told.plain, match.end()):
                continue
            if PART.search(told.plain[max(0, match.start() - 25) : match.end()]):
                continue
            yield to_count(told, match)
            people = _WITH_PEOPLE.search(told.plain, match.end())
            if people and people.start() - match.end() < 60 and not ends_range(people):
                yield to_count(told, people)
            return


def _is_earlier(match: re.Match[str]) -> bool:
    lead = match.string[max(0, match.start() - 30) : match.start()]
    return _EARLIER.search(lead + match[0]) is not None


def _animals(page: Page) -> Iterator[Count]:
    for told in page.own(Role.METHOD):
        for match in _ANIMAL_COUNT.finditer(told.plain):
            if PART.search(told.plain[max(0, match.start() - 25) : match.end() + 12]):
                continue
            yield to_count(told, match)
