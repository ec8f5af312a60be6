"""What a paper says about getting at its data and code: open, on request, or not to be had.

The rules, where a statement says several things. What is kept in a repository or at an address of its own
makes the data open, whatever else has to be asked for. Where only the article and its supplement hold data, a
statement that the raw, individual or underlying data are to be asked for decides; "further" or "additional"
data do not. Data that are given only to those who apply (EGA, dbGaP, registers, access committees) are on
request. In a statement of availability, public data that were analysed are open; elsewhere in a paper, data
that were used are not the paper's own and say nothing. "Not applicable" and "no data were generated" say
nothing either.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from config import load_table
from crawler.records.remembering import remembered
from crawler.telling.hints import Hints, lowered
from crawler.telling.repositories import Place, places_in
from crawler.telling.sentences import LONGEST, sentences
from domain.body import Passage
from domain.body import Place as Part
from domain.paper import unique
from domain.statements import Availability, Shared, Sharing

_HINTS = ("availab", "deposit", "accession", "request", "github", "archived", "uploaded", "submitted to")
_VERB = re.compile(r"\b(?:is|are|was|were|has|have|can|may|will|be|deposited|available)\b", re.IGNORECASE)
_EMAIL = re.compile(r"(?<!\S)[^\s@]+@\S+")
_PUBLIC = re.compile(r"\b(?:publicly|freely|openly|fully) ", re.IGNORECASE)
_NO = re.compile(r"\W*no\b", re.IGNORECASE)
_HELD = re.compile(
    r"\brestrict|\bcontrolled|\bcommittee|\bsign(?:ing|ed) an?\b|(?<!open[ -])\baccess\b[^.;]{0,60}\brequest",
    re.IGNORECASE,
)
_ACCESS = re.compile(
    r"\W*(?:and )?access (?:to (?:the|these|this|such|our) (?:deposited |stored |full )?"
    r"(?:data(?: ?sets?)?|files|repository) )?"
    r"(?:is|are|requires?|can|may|will|must|has|needs)\b",
    re.IGNORECASE,
)
"""Begins a clause on how to get at what was said to be kept somewhere."""


@cache
def _cue(name: str) -> re.Pattern[str]:
    """The words of `config/sharing.toml` that go by `name`."""
    return re.compile("|".join(load_table("sharing")[name]), re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Claim:
    what: Shared
    state: Availability
    sentence: str
    links: tuple[str, ...] = ()
    weight: int = 0


_FIRM, _KEPT, _LOCKED = 1, 2, 3
"""Names an address, or asks for the data themselves; is kept in a repository; under lock there."""
_ORDER = (
    (Availability.ON_REQUEST, (_LOCKED,)),
    (Availability.OPEN, (_KEPT,)),
    (Availability.OPEN, (_FIRM,)),
    (Availability.ON_REQUEST, (_FIRM,)),
    (Availability.OPEN, (0,)),
    (Availability.ON_REQUEST, (0,)),
    (Availability.NONE, (0,)),
)
"""What decides before what."""


def sharing(passages: Sequence[Passage]) -> tuple[Sharing, ...]:
    """What `passages` state about data and about code, at most one statement each, with the sentence."""
    if not any(map(_may_claim, passages)):
        return ()
    claims: list[_Claim] = []
    reader = _Reader()
    for passage in passages:
        claims += reader.read(passage)
    return tuple(found for what in Shared if (found := _settled(what, claims))) if claims else ()


def _settled(what: Shared, claims: Iterable[_Claim]) -> Sharing | None:
    mine = [claim for claim in claims if claim.what is what]
    withheld = any(claim.state is Availability.NONE for claim in mine)
    for state, weights in _ORDER:
        chosen = [claim for claim in mine if claim.state is state and claim.weight in weights]
        if chosen and not (withheld and state is Availability.OPEN and _KEPT not in weights and _asked(mine)):
            links = unique(link for claim in mine if claim.state is state for link in claim.links)
            return Sharing(what, state, chosen[0].sentence[:LONGEST], links)
    return None


def _asked(claims: Iterable[_Claim]) -> bool:
    return any(claim.state is Availability.ON_REQUEST for claim in claims)


def _may_claim(passage: Passage) -> bool:
    return _is_formal(passage) or _hinted(passage.text)


def _is_formal(passage: Passage) -> bool:
    """Whether a passage is a statement about data or code, by where it stands."""
    return passage.place is Part.AVAILABILITY or (bool(passage.label) and _is_heading(passage.label))


class _Reader:
    """Reads passages in order: a list of others' data goes on until one of the paper's own begins."""

    def __init__(self) -> None:
        self._used = False
        self._label = ""

    def read(self, passage: Passage) -> Iterator[_Claim]:
        """What a passage claims."""
        formal = _is_formal(passage)
        if passage.label != self._label or not formal:
            self._used, self._label = False, passage.label
        if formal and not _cue("listing").search(passage.label):
            yield from self._statement(passage)
        elif formal or _hinted(passage.text):
            yield from self._passing(passage, formal=formal)

    def _statement(self, passage: Passage) -> Iterator[_Claim]:
        label = passage.label.lower()
        default = Shared.CODE if _cue("code_label").search(label) and "data" not in label else Shared.DATA
        may_lock = "ccess" in passage.text and not _keeps(passage.text, controlled=True)
        asked, kept = "", False
        for sentence in sentences(passage.text):
            if sentence.endswith("?"):  # "Will data be shared? No." says nothing before it is answered
                asked = sentence
                continue
            if asked and _NO.match(sentence):
                yield _Claim(default, Availability.NONE, f"{asked} {sentence}")
            asked = ""
            kept = may_lock and _is_kept(sentence, kept)
            listed = _cue("own_list").search(sentence)
            self._used = (self._used or bool(_cue("used_list").search(sentence))) and not listed
            if not self._used:
                yield from _read(_own_part(sentence), sentence, default, locks=kept)

    @staticmethod
    def _passing(passage: Passage, *, formal: bool) -> Iterator[_Claim]:
        """Claims of a paragraph that is about something else, or of a list of accessions."""
        telling = "own" if formal else "deposit"
        for sentence in sentences(passage.text):
            if _tells(telling, sentence) and not _cue("used").search(sentence):
                default = Shared.DATA if formal else None
                yield from (claim for claim in _read(sentence, sentence, default) if claim.weight)


def _keeps(text: str, *, controlled: bool) -> bool:
    """Whether `text` names a repository, one that gives data only to who applies or one that is open."""
    return any(p.repository and p.repository.controlled is controlled for p in places_in(text))


def _is_kept(sentence: str, before: bool) -> bool:
    """Whether the data last spoken of are in an open repository, in `sentence` or, as is known, `before`."""
    if _keeps(sentence, controlled=False):
        return True
    return before and (_ACCESS.match(sentence) is not None or not _tells("data", sentence))


@remembered(1 << 10)
def _is_heading(label: str) -> bool:
    """Whether what stands under `label` is a statement about data or code."""
    return _tells("label", label)


def _hinted(text: str) -> bool:
    return bool(_hints().within(lowered(text)))


def _tells(cue: str, sentence: str) -> bool:
    """Whether words of `cue` stand in `sentence`; in plain letters told mostly without the patterns."""
    if sentence.isascii() and cue not in _hinted_cues(sentence):
        return False
    return _cue(cue).search(sentence) is not None


@remembered(64)
def _hinted_cues(sentence: str) -> frozenset[str]:
    return _cue_hints().within(sentence.lower())


@cache
def _cue_hints() -> Hints[str]:
    return Hints(load_table("sharing")["hints"])


@cache
def _hints() -> Hints[bool]:
    return Hints({True: _HINTS})


def _own_part(sentence: str) -> str:
    """A list of data sets, run into one sentence, up to those that others published."""
    listed = _cue("used_list").search(sentence)
    return sentence[: listed.start()] if listed and _cue("own_list").search(sentence) else sentence


def _read(text: str, sentence: str, default: Shared | None, *, locks: bool = False) -> Iterator[_Claim]:
    """The claims of one sentence; `default` is what a formal statement speaks of where it does not say.

    `locks` where access that has to be asked for is to all that was said to be kept, whatever keeps it.
    """
    if _cue("nothing").search(text):
        return
    subjects: tuple[Shared, ...] = ()
    for clause in _clauses(text):
        bare = _EMAIL.sub(" ", clause)
        places = places_in(bare)
        own = _subjects(_without_links(bare, places))
        if not own and _tells("materials", bare) and not any(p.repository for p in places):
            subjects = ()
            continue
        if not own and not subjects:
            programs = bool(places) and all(p.repository and p.repository.programs for p in places)
            own = (Shared.CODE,) if programs else (default,) if default else ()
        subjects = own or subjects
        if found := _state(bare, places, formal=default is not None):
            state, weight = found
            if locks and state is Availability.ON_REQUEST and _ACCESS.match(clause):
                weight = _LOCKED
            links = tuple(p.link for p in places if p.link and state is not Availability.NONE)
            yield from (_Claim(what, state, sentence, links, weight) for what in subjects)


def _clauses(text: str) -> Iterator[str]:
    start = 0
    verb = _VERB.search(text)
    for match in _cue("clause").finditer(text):
        if verb is None:
            break
        if verb.end() <= match.start():  # "data and code are" is one clause
            yield text[start : match.start()]
            start = match.end()
            verb = _VERB.search(text, start)
    yield text[start:]


def _subjects(clause: str) -> tuple[Shared, ...]:
    if not _tells("code", clause):
        return (Shared.DATA,) if _tells("data", clause) else ()
    rest = _cue("code_for_data").sub(" ", clause)
    return (Shared.DATA, Shared.CODE) if _tells("data", rest) else (Shared.CODE,)


def _without_links(clause: str, places: Iterable[Place]) -> str:
    for place in places:
        if "://" in place.link:
            clause = clause.replace(place.link, " ").replace(place.link.partition("://")[2], " ")
    return clause


def _state(clause: str, places: Sequence[Place], *, formal: bool) -> tuple[Availability, int] | None:
    """What a clause says, and how firmly; None where it says nothing of the kind."""
    refused = _cue("refused").search(clause)
    positive = _cue("refused").sub(" ", clause) if refused else clause
    controlled = any(p.repository and p.repository.controlled for p in places)
    kept = any(p.repository and not p.repository.controlled for p in places)
    asked = _tells("request", positive)
    if asked and not (kept and not controlled and not _HELD.search(positive)):
        return Availability.ON_REQUEST, 0 if _cue("further").search(clause) else _FIRM
    if controlled and not kept:
        return Availability.ON_REQUEST, _FIRM
    if refused:
        return Availability.NONE, 0
    is_open = _cue("open").search(positive)
    if any(p.link for p in places) and (formal or is_open):
        return Availability.OPEN, _KEPT if kept else _FIRM
    if kept and is_open:
        return Availability.OPEN, _KEPT
    if formal and is_open:
        public = _PUBLIC.search(positive) and not _cue("supplement").search(positive)
        return Availability.OPEN, _FIRM if public else 0
    return None
