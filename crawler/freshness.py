"""What is remembered about a source from one harvest to the next, in the catalog's marks.

A day that is to mean "everything before this is here" is taken from when its list was begun, by our clock or
by the source's, whichever is behind: a clock that is wrong may cost a second look, never a record.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from crawler.fetching.page import Answer
from crawler.fetching.patience import parse_moment
from domain.ports import Catalog

OVERLAP_DAYS = 7
"""Sources list some records days after the date they give them."""
PAUSE = timedelta(hours=24)
"""So long a source that shut us out is not asked again, unless it is named or its key changes."""
SILENCE = 900.0
"""Seconds without a page after which a run is held to be stuck."""
_BEAT = 60.0
FENCE = "fence"
_PLACES = "places"
_VALIDATORS = {"etag": "If-None-Match", "last-modified": "If-Modified-Since"}


@dataclass(frozen=True, slots=True)
class Tally:
    """What a source announced of a list, and what of it we have seen."""

    day: str
    expected: int | None
    seen: int
    whole: bool
    """Everything the source has for us, not only what changed of late."""


class Memory:
    """The marks of one source; with `place`, of that one of its servers."""

    def __init__(self, catalog: Catalog, source: str, place: str = "") -> None:
        self._catalog, self._source, self.place = catalog, source, place
        self._beaten: datetime | None = None
        self._owed: tuple[str, ...] | None = None

    def begin_run(self, number: int) -> tuple[str, int | None]:
        """Put up the fence of a run: what it must show to save, and the run that was there before it."""
        before = self._get(FENCE)
        self._set(FENCE, str(number))
        known = places(self._catalog, self._source)
        if self.place and self.place not in known:
            self._catalog.set_mark(self._source, _PLACES, json.dumps([*known, self.place]))
        fence = f"{number}@{self.place}" if self.place else str(number)
        return fence, int(before) if before and before.isdecimal() else None

    def since(self, scope: str, overlap: int, now: datetime) -> str | None:
        """From which day on to ask; None for everything.

        A watermark further ahead than the overlap was set by a clock that was wrong, so nobody knows what
        came before it: everything is asked for.
        """
        day = to_day(self._get(f"watermark:{scope}"))
        if day is None or day > now.date() + timedelta(days=overlap):
            return None
        return (day - timedelta(days=overlap)).isoformat()

    def is_known(self, scope: str) -> bool:
        """Whether a list was read to its end that held something."""
        return self._get(f"watermark:{scope}") is not None

    def begin(self, scope: str, answer: Answer | None, now: datetime) -> None:
        """A list is being read from its start; note the day."""
        self._set(f"began:{scope}", earlier_day(answer, now))

    def complete(self, scope: str, watermark: str | None, now: datetime) -> None:
        """The list was read to its end; all that was there when it was begun need not be asked for again."""
        began = to_day(self._get(f"began:{scope}"))
        self._set(f"began:{scope}", None)
        if watermark is None or began is None:
            return
        before = to_day(self._get(f"watermark:{watermark}"))
        trusted = before if before and before <= now.date() + timedelta(days=1) else began
        self._set(f"watermark:{watermark}", max(began, trusted).isoformat())

    def validators(self, scope: str) -> dict[str, str]:
        """Headers that ask for a list of one answer only if it has changed."""
        return dict(json.loads(self._get(f"validators:{scope}") or "{}"))

    def keep_validators(self, scope: str, answer: Answer | None) -> None:
        """Remember how to ask whether the list has changed; without an answer, that it must be had anew."""
        found = (
            {_VALIDATORS[name]: answer.headers[name] for name in _VALIDATORS if name in answer.headers}
            if answer
            else {}
        )
        self._set(f"validators:{scope}", json.dumps(found) if found else None)

    def beat(self, now: datetime, silence: float = 0.0) -> None:
        """The run is alive, and may be silent for so many seconds from now on."""
        if not silence and self._beaten and 0 <= (now - self._beaten).total_seconds() < _BEAT:
            return
        self._beaten = now
        until = now + timedelta(seconds=SILENCE + silence)
        self._set("alive", until.isoformat(timespec="seconds"))

    def rest(self) -> None:
        """The run has ended."""
        self._set("alive", None)

    def pause(self, key: str, problem: str, now: datetime) -> None:
        """The source shut us out."""
        value = {"key": _fingerprint(key), "problem": problem, "at": now.isoformat(timespec="seconds")}
        self._set("paused", json.dumps(value))

    def unpause(self) -> None:
        """It lets us in."""
        if self._get("paused"):
            self._set("paused", None)

    def paused(self, key: str | None, now: datetime) -> str:
        """Why the source is not to be asked now; empty when it may be. `key` None: whatever it is."""
        pause: dict[str, str] = json.loads(self._get("paused") or "{}")
        if not pause or (key is not None and pause["key"] != _fingerprint(key)):
            return ""
        at = datetime.fromisoformat(pause["at"])
        if key is not None and not timedelta(0) <= now - at < PAUSE:
            return ""
        return f"{pause['problem']} since {at:%Y-%m-%d %H:%M} UTC"

    def tally(self, tally: Tally) -> None:
        """Note how a list that ended compares with what was announced."""
        value = json.dumps([tally.day, tally.expected, tally.seen, tally.whole])
        self._set("tally", value)
        if tally.whole:
            self._set("tally:whole", value)

    def tallied(self) -> Tally | None:
        """The last whole list's tally; while there was none, the last of any list."""
        value = self._get("tally:whole") or self._get("tally")
        return Tally(*json.loads(value)) if value else None

    def see(self, newest: str) -> None:
        """Note the newest record that was given."""
        if newest and newest > (self._get("newest") or ""):
            self._set("newest", newest)

    def newest(self) -> str:
        """The day of the newest record ever given; empty when none had one."""
        return self._get("newest") or ""

    def unreadable(self, scope: str) -> int:
        """How many records of a list under way were beyond our reader so far."""
        return int(self._get(f"unreadable:{scope}") or 0)

    def keep_unreadable(self, scope: str, count: int) -> None:
        """Note how many; none once the list has come to its end."""
        value = str(count) if count else None
        if value != self._get(f"unreadable:{scope}"):
            self._set(f"unreadable:{scope}", value)

    def answer_mark(self, scope: str) -> str:
        """The mark under which an answer is kept until its records are saved."""
        return self._name(f"answer:{scope}")

    def kept_answer(self, scope: str) -> str | None:
        """The answer that is kept."""
        return self._get(f"answer:{scope}")

    def owed(self) -> tuple[str, ...]:
        """What could not be looked up, and is to be asked for again."""
        if self._owed is None:
            self._owed = tuple(json.loads(self._get("owed") or "[]"))
        return self._owed

    def owe(self, keys: Iterable[str]) -> None:
        """Note it, each once; what is not among it is owed no longer."""
        owed = tuple(dict.fromkeys(keys))
        if owed != self.owed():
            self._set("owed", json.dumps(owed) if owed else None)
            self._owed = owed

    def alive_until(self) -> datetime | None:
        """Until when a run that is under way may be silent."""
        value = self._get("alive")
        return datetime.fromisoformat(value) if value else None

    def walked(self, scope: str) -> date | None:
        """The day on which the last whole walk over the catalog was begun."""
        return to_day(self._get(f"walked:{scope}"))

    def walk(self, scope: str, sequence: int | None = None) -> int:
        """The catalog's sequence when the walk was begun; with `sequence`, that it begins now."""
        if sequence is not None:
            self._set(f"sequence:{scope}", str(sequence))
        return int(self._get(f"sequence:{scope}") or 0)

    def keep_walked(self, scope: str) -> None:
        """A whole walk has ended; a walk over changes has no day on which it was begun."""
        if began := self._get(f"began:{scope}"):
            self._set(f"walked:{scope}", began)

    def _get(self, name: str) -> str | None:
        return self._catalog.mark(self._source, self._name(name))

    def _set(self, name: str, value: str | None) -> None:
        self._catalog.set_mark(self._source, self._name(name), value)

    def _name(self, name: str) -> str:
        return f"{name}@{self.place}" if self.place else name


def places(catalog: Catalog, source: str) -> list[str]:
    """The servers of a source that stands for many; none for others."""
    known: list[str] = json.loads(catalog.mark(source, _PLACES) or "[]")
    return known


def memories(catalog: Catalog, source: str) -> list[Memory]:
    """What is remembered of a source, for each of its servers."""
    return [Memory(catalog, source, place) for place in places(catalog, source) or [""]]


def earlier_day(answer: Answer | None, now: datetime) -> str:
    """Today by our clock or by the server's, whichever is behind."""
    told = parse_moment(answer.headers.get("date")) if answer else None
    return min(now, told or now).date().isoformat()


def to_day(value: str | None) -> date | None:
    """A day as it was noted."""
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        return None


def overlap_days(table: Mapping[str, object]) -> int:
    """By how much a source's windows overlap."""
    value = table.get("overlap_days", OVERLAP_DAYS)
    return value if isinstance(value, int) else OVERLAP_DAYS


def _fingerprint(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:16] if key else ""
