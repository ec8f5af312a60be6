"""What a source says now beside what is listed, and the difference that may be proposed.

Three things are compared: what the source said last time, what it says now, and what is listed. A field that
somebody has typed over since the source was last read stays as it is, and is told of; a source that is
silent takes nothing away.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from conferences.reading import Draft
from domain.account import AuditEntry
from domain.listing import Attendance, Edition, Venue

_DAYS = ("starts", "ends")
_EDITION = (
    "title",
    "summary",
    "url",
    "attendance",
    "venue",
    "contact",
    "organizers",
    "deadlines",
    "fees",
    "cancelled",
)
_OPPORTUNITY = (
    "title",
    "provider",
    "url",
    "summary",
    "closes",
    "opens",
    "runs_from",
    "runs_until",
    "attendance",
    "venue",
    "amount",
    "currency",
)
_OPENING = "as its source told it:"


@dataclass(frozen=True, slots=True)
class Change:
    """A field that the source tells otherwise than it is listed."""

    field: str
    """Its name; `days` are beginning and end."""
    listed: object
    told: object


@dataclass(frozen=True, slots=True)
class Difference:
    """What to propose, and what not."""

    proposed: Draft
    """As listed, with the changes made."""
    changes: tuple[Change, ...] = ()
    kept: tuple[Change, ...] = ()
    """Left alone: somebody has typed them since, or nobody knows what the source said before."""


def marks(told: Draft) -> dict[str, str]:
    """Each field that a source tells, as a short hash: enough to know it again."""
    return {name: _mark(value) for name, value in _values(told).items() if _is_told(value)}


def compare(listed: Draft, told: Draft, before: Mapping[str, str]) -> Difference:
    """How a listing differs from what its source tells now.

    Args:
        before: the `marks` of what the source told when it was last read.
    """
    ours, theirs = _values(listed), _values(told)
    changes: list[Change] = []
    kept: list[Change] = []
    for name, value in theirs.items():
        if type(listed) is not type(told) or not _is_told(value) or value == ours[name]:
            continue
        if before.get(name) == _mark(value):  # no news: whoever changed ours knew it
            continue
        untouched = _mark(ours[name]) == before.get(name) or (name not in before and not _is_told(ours[name]))
        (changes if untouched else kept).append(Change(name, ours[name], value))
    return Difference(_changed(listed, changes), tuple(changes), tuple(kept))


def to_note(told: Draft, before: Mapping[str, str] | None = None) -> str:
    """What the audit keeps of a reading, so that the next one can be compared with it."""
    known = {**(before or {}), **marks(told)}
    return f"{_OPENING} {', '.join(f'{name} {mark}' for name, mark in known.items())}"


def last_note(entries: Iterable[AuditEntry]) -> dict[str, str]:
    """The marks of the last reading in an audit; none where its source was never read."""
    notes = [entry.detail for entry in entries if entry.detail.startswith(_OPENING)]
    return read_note(notes[-1]) if notes else {}


def read_note(note: str) -> dict[str, str]:
    """The marks that `to_note` wrote down."""
    pairs = (pair.split() for pair in note.removeprefix(_OPENING).split(","))
    return {pair[0]: pair[1] for pair in pairs if len(pair) == 2}


def _values(draft: Draft) -> dict[str, object]:
    if isinstance(draft, Edition):
        values = {name: getattr(draft, name) for name in _EDITION}
        # What a deadline once was is remembered here, and no source tells it.
        values["deadlines"] = tuple(replace(deadline, earlier=()) for deadline in draft.deadlines)
        return {"days": (draft.starts, draft.ends), **values}
    return {name: getattr(draft, name) for name in _OPPORTUNITY}


def _is_told(value: object) -> bool:
    """Whether a source says anything by it; that a meeting takes place on site may be our own guess."""
    return value not in (None, False, (), "", Attendance.ON_SITE, Venue())


def _mark(value: object) -> str:
    return hashlib.sha256(repr(value).encode("utf-8", "surrogatepass")).hexdigest()[:8]


def _changed(listed: Draft, changes: list[Change]) -> Draft:
    values: dict[str, object] = {}
    for change in changes:
        if change.field == "days" and isinstance(change.told, tuple):
            values |= dict(zip(_DAYS, change.told, strict=True))
        else:
            values[change.field] = change.told
    return replace(listed, **values)  # type: ignore[arg-type]
