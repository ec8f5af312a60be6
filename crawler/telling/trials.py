"""Registered trials that a text names, and whether it shows that they are the study's own."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import cache

from config import load_table
from crawler.telling.hints import Hints, compiled, lowered
from domain.identity import merge_trials
from domain.paper import Trial, TrialRole, Version

_REGISTERED = (
    r"\bregist(?:ered|ration|ry|er\b)|\bregistro\b|\benregistr|\bclinical trial information\b"
    r"|\b(?:funded by|funding:) [^.]{1,200}clinicaltrials|\bunique identifier\b"
    r"|\bza?re[gj]estr|\bregistrier|register\b(?<=\w{9})|регистра|注册|登録|등록"
)
_REGISTER = (
    r"\btrial (?:number|id|identifier|no\b)|\btrials?\.gov\b|\beudract\b|\bclinicaltrials?\b|\bidentifier\b"
    r"|\bEU ?CT\b|\bEUCTR|\bCTIS|\bICTRP\b|\btrials information system\b|\bNL-OMON"
)
_OWN = re.compile(_REGISTERED, re.IGNORECASE)
_CUE = re.compile(f"{_REGISTERED}|{_REGISTER}", re.IGNORECASE)
_DESIGN = re.compile(
    r"\b(?:this|our|the present) (?:[\w,-]+ ){0,8}(?:trial|study)\b"
    r"|\b(?:was|is) an? (?:[\w,-]+ ){0,9}(?:trial|study)\b"
    r"|\bwe (?:\w+ )?(?:did|conducted|performed|ran|undertook|randomi[sz]ed|randomly|assigned|allocated)\b"
    r"|\b(?:were|was) (?:\w+ ){0,3}(?:randomi[sz]ed|assigned|allocated)\b"
    r"|\brandomly (?:assigned|allocated)\b"
    r"|(?<!who )\bwere (?:\w+ ){0,2}(?:enrolled|recruited)"
    r" (?:at|from(?! (?:(?!\d)[\w-]+ ){0,7}(?:trial|study|cohort))|between|across|in \d)"
    r"|\bthis (?:[\w,-]+ ){0,3}(?:interim|final|primary|updated) (?:[\w-]+ ){0,3}analysis\b",
    re.IGNORECASE,
)
"""How a report speaks of its own trial in passing."""
_OUTCOME = r"(?:results?|analys[ie]s|outcomes?|findings|follow-?up|efficacy|safety|survival)"
_ANNOUNCED = re.compile(
    r"\b(?i:we|this (?:report|article|paper|publication|analysis)) (?:\w+ ){0,2}"
    r"(?:report|present|describe)s? (?!that\b|how\b)(?:on )?(?:[\w,-]+ ){0,8}"
    rf"{_OUTCOME} (?:[\w,-]+ ){{0,5}}(?:of|from|for|in) (?:the|our|an?|[A-Z])"
)
"""How a report says that it is the trial's, whatever kind of study it is taken for."""
_HERE = re.compile(
    rf"\b(?i:{_OUTCOME}) (?:of|from|for) "
    rf"(?:(?!\b(?:{_OUTCOME}|published|was|were|has|have|had"
    rf"|and (?:the|our|we|this|th[eo]se|here))\b)[^.;]){{0,120}}"
    r" (?:is|are) (?:\w+ )?(?:reported|presented) here(?:in)?\b"
)
"""How it says so of what the sentence begins with; the trial's id stands in between."""
_OF_SEVERAL = re.compile(
    r"\b(?:pooled|meta-?anal|combined|across|both|trials|studies|patients? (?:from|in|treated)"
    r"|case|woman|man)\b",
    re.I,
)
"""What is told of more than one trial, or of one patient of it."""
_NOT_OWN = re.compile(
    r"\b(?:ongoing|on-going|recruiting|planned|upcoming|future|will|under ?way|currently"
    r"|not (?:yet )?registered|next (?:trial|study|step|phase)|being (?:tested|evaluated|investigated)"
    r"|previously|earlier,"
    r"|(?:previous|earlier|prior|pivotal|parent|landmark) (?:[\w-]+ ){0,4}(?:trials?|stud(?:y|ies)|reports?)"
    r"|other trials?|another|several|(?:two|three|four|five|\d+) (?:\w+ )?(?:trials|studies)|included? trials"
    r"|such as|e\.g|for example|data (?:from|of)|(?:secondary|post[ -]?hoc) (?:\w+ )?analys[ie]s of"
    r"|an? (?:[\w-]+ ){0,3}(?:trial|study|rct)(?: (?!of\b)[\w-]+){0,3} (?:has been|is) registered"
    r"|prospero|led to|searched|described elsewhere"
    r"|in a registered|who had (?:\w+ )?(?:taken part|participated|been enrolled|completed)"
    r"|unlike|like the|as in|whereas|than in|similar(?:ly)? to|consistent with|contrary to"
    r"|in (?:contrast|line|keeping|agreement) (?:to|with)|compared (?:to|with) the [\w-]+ (?:trial|study)"
    r"|(?:shown|seen|reported|found|demonstrated|observed|tested) in the)\b(?! (?:un)?treated)",
    re.IGNORECASE,
)
_FORMAL = re.compile(
    r"\W*(?:this|our|the present) (?:trial|study) (?:is|was|has been) (?:\w+ )?registered\b"
    r"(?!.*\bprospero\b)",
    re.IGNORECASE,
)
"""Begins a statement of the study's own registration, whatever it says of how far the study is."""
_BACKGROUND = re.compile(r"background|introduction|context|rationale|discussion|importance", re.IGNORECASE)
_BOUNDARY = re.compile(r"(?<![\s.(][Nn]o)(?<!\bnos)(?<!\bvs)(?<!e\.g)(?<!i\.e)[.!?][)\]]*\s+(?=[A-Z(\[])")
_FIGURES = bytes.maketrans(b"123456789", b"000000000")
_NUMBERS = (b"00000", b"0000 0")
"""What most ids hold and most texts do not, with one figure for all."""
_START = r"(?:(?<![A-Za-z0-9-])|(?<=\.gov)|(?<=Trials\.com)|(?<=EudraCT)|(?<=UTN)|(?<=JPRN-))"
"""Ids begin as words do, or run together with the name of their register or of its network."""
_MARKS = str.maketrans(dict.fromkeys("‐‑‒–—―−﹣－", "-") | dict.fromkeys("\u00a0\u2007\u2009\u202f", " "))
"""Dashes and spaces that ids are printed with, letter by letter, so that places in the text stay."""
_LONGEST_EVIDENCE = 600
_REGISTRATION = re.compile(r"\bregist", re.IGNORECASE)
_PREFIXES = {"clinicaltrials-gov": "NCT", "isrctn": "ISRCTN"}
"""What sources leave out where they name the register beside the id."""
_LINK = re.compile(r"\b(?:https?://|www\.)\S*", re.IGNORECASE)
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_NUMBER = re.compile(r"\b(?:numbers?|nos?|ids?|codes?)\b", re.IGNORECASE)
_MOST_IDS = 3
_MOST_READ = 200
"""Ids of a register in one text whose sentences are read; what names more is a list of others' trials."""
_MOST_WORDS = 3
"""A sentence of no more words beside its ids and words for registers says nothing else."""


@dataclass(frozen=True, slots=True)
class Registry:
    """A trial register and the form of its ids."""

    code: str
    hints: tuple[str, ...]
    expression: str
    form: str
    names: tuple[str, ...]
    needs_cue: bool
    short: bool
    lower: bool

    @property
    def pattern(self) -> re.Pattern[str]:
        """How its ids are written: made when a text may hold one, since most registers are named seldom."""
        return compiled(self.expression, re.IGNORECASE)

    def normalise(self, match: re.Match[str]) -> str:
        """The id found, as the register writes it."""
        case = str.lower if self.lower else str.upper
        groups = (case(group) if group[:1] != "s" else group for group in match.groups(""))
        return self.form.format(*groups)


@cache
def registries() -> tuple[Registry, ...]:
    """The registers of `config/registries.toml`."""
    return tuple(
        Registry(
            code=code,
            hints=tuple(row.get("hints") or [row["hint"]]),
            expression=rf"{_START}{row['pattern']}(?![A-Za-z0-9]|-\d{{3}})",
            form=row["form"],
            names=tuple(row["names"]),
            needs_cue=row.get("cue", False),
            short=row.get("short", False),
            lower=row.get("lower", False),
        )
        for code, row in load_table("registries").items()
    )


class _Sign(IntEnum):
    """What a sentence shows of the study's part in the trial it names."""

    NONE = 0
    PASSING = 1
    """Speaks of a trial as reports do of their own."""
    STATED = 2
    """Gives the registration, and nothing against its being the study's own."""


_Found = tuple[Trial, _Sign]


def find_trials(text: str, *, report: bool = False) -> tuple[Trial, ...]:
    """Trials whose registry ids stand in `text`, each once, with the sentence that names it.

    The role is `REPORTS` where that sentence gives a registration and speaks of nothing else, such as other
    trials, earlier ones or ones to come; in the `report` of a trial also where it names its own in passing.
    A review or a protocol needs a further check by the caller.
    """
    return _settled(_found(text, report))


def trials_in(version: Version, *, report: bool) -> tuple[Trial, ...]:
    """Trials that title and main abstract name; what is background names no trial in passing as its own."""
    main = version.abstract()
    sections = main.sections if main else ()
    if not _named_in("\n".join((version.title, *(section.text for section in sections)))):
        return ()
    found = list(_found(version.title, report))
    for section in sections:
        registration = _REGISTRATION.search(section.label)
        text = f"{section.label.capitalize()}: {section.text}" if registration else section.text
        found += _found(text, report and not _BACKGROUND.search(section.label))
    return _settled(found)


def _settled(found: Iterable[_Found]) -> tuple[Trial, ...]:
    """The trials with their roles: one named in passing gives way to one whose registration is stated."""
    known = list(found)
    stated = {trial.registry for trial, sign in known if sign is _Sign.STATED}
    return merge_trials(
        replace(trial, role=TrialRole.REPORTS)
        if sign is _Sign.STATED or (sign is _Sign.PASSING and trial.registry not in stated)
        else trial
        for trial, sign in known
    )


def _named_in(text: str) -> tuple[Registry, ...]:
    """The registers that `text` may give ids of, which is quicker to find out than the ids."""
    hinted = _hints().within(lowered(text))
    if not hinted:
        return ()
    figures = lowered(text).translate(_FIGURES)
    long = any(number in figures for number in _NUMBERS)
    return tuple(one for one in registries() if one.code in hinted and (long or one.short))


@cache
def _hints() -> Hints[str]:
    return Hints({registry.code: registry.hints for registry in registries()})


def _found(text: str, report: bool) -> Iterator[_Found]:
    named = _named_in(text)
    plain = text.translate(_MARKS) if named and not text.isascii() else text
    for registry in named:
        for count, match in enumerate(registry.pattern.finditer(plain)):
            if registry.needs_cue and not _CUE.search(plain, max(0, match.start() - 60), match.end()):
                continue
            if count >= _MOST_READ:
                yield Trial(registry.code, registry.normalise(match)), _Sign.NONE
                continue
            sentence = _sentence(plain, match.start(), match.end())
            evidence = " ".join(text[sentence].split())
            trial = Trial(registry.code, registry.normalise(match), evidence=evidence)
            yield trial, _sign(" ".join(plain[sentence].split()), report)


def to_trial(registry_name: str, accession: str, role: TrialRole = TrialRole.MENTIONS) -> Trial | None:
    """The trial that a source's databank entry names; None when it is no trial or its id is malformed."""
    name = registry_name.strip().lower()
    given = accession.strip()
    named = [registry for registry in registries() if name in registry.names]
    hinted = _hints().within(given.lower())
    for registry in (*named, *(r for r in registries() if r.code in hinted and not r.needs_cue)):
        match = registry.pattern.search(given)
        if match is None and registry in named and registry.code in _PREFIXES:
            match = registry.pattern.search(_PREFIXES[registry.code] + given)
        if match:
            return Trial(registry.code, registry.normalise(match), role)
    return None


def _sign(sentence: str, report: bool) -> _Sign:
    if _NOT_OWN.search(sentence) and not _FORMAL.match(sentence):
        return _Sign.NONE
    ids = tuple(_ids(sentence))
    if len(ids) > _MOST_IDS:
        return _Sign.NONE
    cue = _CUE.search(sentence) or _titles().search(_without(sentence, ids))
    if "(" not in sentence and not _LETTERS.search(_without(sentence, ids)):
        return _Sign.STATED
    if cue and (_OWN.search(sentence) or _says_no_more(sentence, ids)):
        return _Sign.STATED
    if len(ids) == 1 and _announces(sentence, ids[0]) and not _OF_SEVERAL.search(sentence):
        return _Sign.PASSING
    if report and (cue or _DESIGN.search(sentence) or _says_no_more(sentence, ids)):
        return _Sign.PASSING
    return _Sign.NONE


def _announces(sentence: str, number: str) -> bool:
    """Whether a report says here that it tells the results of the trial with this id."""
    here = any(number in match[0] for match in _HERE.finditer(sentence))
    return here or _ANNOUNCED.search(sentence) is not None


def _says_no_more(sentence: str, ids: Iterable[str]) -> bool:
    """Whether ids and words for registers are nearly all there is."""
    rest = _titles().sub(" ", _without(sentence, ids))
    return len(_LETTERS.findall(_NUMBER.sub(" ", _CUE.sub(" ", rest)))) <= _MOST_WORDS


@cache
def _titles() -> re.Pattern[str]:
    """What the registers are called, some of them without a word for what they are, and short for it."""
    rows = load_table("registries").values()
    titles = {re.split(r" \(|, ", row["title"])[0] for row in rows} | {
        one for row in rows for one in row["names"]
    }
    longest = sorted(titles, key=lambda title: (-len(title), title))
    return re.compile("|".join(rf"\b{re.escape(title)}\b" for title in longest), re.IGNORECASE)


def _without(sentence: str, ids: Iterable[str]) -> str:
    for number in ids:
        sentence = sentence.replace(number, " ")
    return _LINK.sub(" ", sentence)


def _ids(text: str) -> Iterator[str]:
    for registry in _named_in(text):
        if not registry.needs_cue:
            yield from (match[0] for match in registry.pattern.finditer(text))


def _sentence(text: str, start: int, end: int) -> slice:
    """Where the sentence around a match stands, cut to a window when there is no end in sight."""
    low, high = max(0, start - _LONGEST_EVIDENCE), min(len(text), end + _LONGEST_EVIDENCE)
    for mark in _BOUNDARY.finditer(text, low, high):
        if mark.end() <= start:
            low = mark.end()
        elif mark.start() >= end:
            high = mark.start() + len(mark[0].rstrip())
            break
    return slice(low, high)
