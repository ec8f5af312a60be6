"""Registered trials that a text names, and whether it shows that they are the study's own."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache

from config import load_table
from domain.paper import Trial, TrialRole

_CUE = re.compile(
    r"\bregist(?:ered|ration|ry|er\b)|\btrial (?:number|id|identifier|no\b)|\btrials?\.gov\b|\beudract\b"
    r"|\bclinicaltrials?\b|\bidentifier\b|\bregistro\b|\benregistr",
    re.IGNORECASE,
)
_NOT_OWN = re.compile(
    r"\b(?:ongoing|on-going|recruiting|planned|upcoming|future|will|previous(?:ly)?|earlier|prior|such as"
    r"|e\.g|for example|other trials?|several|(?:two|three|four|five|\d+) (?:\w+ )?(?:trials|studies)"
    r"|included? trials|under ?way|currently|next|not (?:yet )?registered|data (?:from|of)"
    r"|being (?:tested|evaluated|investigated))\b",
    re.IGNORECASE,
)
_BOUNDARY = re.compile(r"(?<![\s.(]no)(?<!\bnos)(?<!\bvs)(?<!e\.g)(?<!i\.e)[.!?][)\]]*\s+(?=[A-Z(\[])")
_NUMBER = re.compile(r"\d{4}|RBR-", re.IGNORECASE)
_LONGEST_EVIDENCE = 600


@dataclass(frozen=True, slots=True)
class Registry:
    """A trial register and the form of its ids."""

    code: str
    hint: str
    pattern: re.Pattern[str]
    form: str
    names: tuple[str, ...]
    needs_cue: bool
    lower: bool

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
            hint=row["hint"],
            pattern=re.compile(rf"(?<![A-Za-z0-9-]){row['pattern']}(?![A-Za-z0-9])", re.IGNORECASE),
            form=row["form"],
            names=tuple(row["names"]),
            needs_cue=row.get("cue", False),
            lower=row.get("lower", False),
        )
        for code, row in load_table("registries").items()
    )


def find_trials(text: str) -> tuple[Trial, ...]:
    """Trials whose registry ids stand in `text`, each once, with the sentence that names it.

    The role is `REPORTS` only where that sentence speaks of registration and of nothing else, such as other
    trials, earlier ones or ones to come. A review or a protocol needs a further check by the caller.
    """
    if not _NUMBER.search(text):
        return ()
    lowered = text.lower()
    return merge_trials(
        _to_trial(registry, match, text)
        for registry in registries()
        if registry.hint in lowered
        for match in registry.pattern.finditer(text)
        if not registry.needs_cue or _CUE.search(text[max(0, match.start() - 60) : match.start()])
    )


def to_trial(registry_name: str, accession: str, role: TrialRole = TrialRole.MENTIONS) -> Trial | None:
    """The trial that a source's databank entry names; None when it is no trial or its id is malformed."""
    name = registry_name.strip().lower()
    given = accession.strip()
    named = [registry for registry in registries() if name in registry.names]
    for registry in (*named, *(r for r in registries() if not r.needs_cue)):
        match = registry.pattern.search(given)
        if match is None and registry in named and registry.code in {"clinicaltrials-gov", "isrctn"}:
            match = registry.pattern.search(registry.form.format(given))
        if match:
            return Trial(registry.code, registry.normalise(match), role)
    return None


def merge_trials(trials: Iterable[Trial]) -> tuple[Trial, ...]:
    """Each trial once, in order: the stronger role wins, and evidence is kept from whoever has it."""
    chosen: dict[tuple[str, str], Trial] = {}
    for trial in trials:
        key = (trial.registry, trial.id)
        known = chosen.setdefault(key, trial)
        if known.role is TrialRole.MENTIONS and trial.role is TrialRole.REPORTS:
            chosen[key] = trial
        elif known.role is trial.role and not known.evidence and trial.evidence:
            chosen[key] = replace(known, evidence=trial.evidence)
    return tuple(chosen.values())


def _to_trial(registry: Registry, match: re.Match[str], text: str) -> Trial:
    sentence = _sentence(text, match.start(), match.end())
    return Trial(registry.code, registry.normalise(match), _role(sentence), sentence)


def _role(sentence: str) -> TrialRole:
    ids = sum(1 for _ in _ids(sentence))
    own = ids <= 3 and _CUE.search(sentence) and not _NOT_OWN.search(sentence)
    return TrialRole.REPORTS if own else TrialRole.MENTIONS


def _ids(text: str) -> Iterator[str]:
    lowered = text.lower()
    for registry in registries():
        if registry.hint in lowered and not registry.needs_cue:
            yield from (match[0] for match in registry.pattern.finditer(text))


def _sentence(text: str, start: int, end: int) -> str:
    """The sentence around a match, cut to a window when there is no end in sight."""
    low, high = max(0, start - _LONGEST_EVIDENCE), min(len(text), end + _LONGEST_EVIDENCE)
    for mark in _BOUNDARY.finditer(text, low, high):
        if mark.end() <= start:
            low = mark.end()
        elif mark.start() >= end:
            high = mark.start() + len(mark[0].rstrip())
            break
    return text[low:high].strip()
