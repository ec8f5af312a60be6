"""Clocks that were ahead and are set back: what was told then must not count as told up to a later time.

Positions only rise, and so does time, but for setbacks: each begins another run of the clock, and of each run
is kept when it began and how far it came.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from domain.subscription_ports import Subscribers

RUN = "clock"
_REMEMBERED = 4
"""So many setbacks; who has more has no clock."""
_TOLERATED = timedelta(minutes=2)
_LONGEST = timedelta(days=3)
_LATE = timedelta(hours=1)
"""Letters are put together so often that a setback is seen sooner."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Twice:
    """Time that came twice: from when the clock was set to, up to where it had been."""

    again: datetime
    ahead: datetime

    def holds(self, moment: datetime) -> bool:
        """Whether what was done at `moment` may have been done the first time; not so for years of it."""
        return self.again <= moment <= self.ahead and self.ahead - self.again <= _LONGEST


@dataclass(frozen=True, slots=True)
class Setbacks:
    """The latest setbacks, the last one first."""

    twice: tuple[Twice, ...] = ()

    def before(self, moment: datetime, now: datetime) -> datetime:
        """`moment`, or the beginning of the time that came twice, where it may lie in its first passage."""
        if moment > now:
            moment = min(self.twice[0].again, now) - _LATE if self.twice else now - _LONGEST
        for one in self.twice:
            if one.holds(moment):
                moment = one.again - _LATE
        return moment


def note_time(subscribers: Subscribers, now: datetime) -> Setbacks:
    """Keep that letters are put together now; the latest setbacks, of which one may be this moment's."""
    run, reached = subscribers.position(RUN), _seconds(now)
    furthest = subscribers.position(_ends(run))
    if furthest - reached > _TOLERATED.total_seconds():
        run += 1
        subscribers.reach(reached, _begins(run))
        subscribers.reach(reached, _ends(run))
        subscribers.reach(run, RUN)
    elif reached > furthest:
        subscribers.reach(reached, _ends(run))
    return Setbacks(tuple(_twice(subscribers, n) for n in range(run, max(run - _REMEMBERED, 0), -1)))


def _twice(subscribers: Subscribers, run: int) -> Twice:
    return Twice(
        _EPOCH + timedelta(seconds=subscribers.position(_begins(run))),
        _EPOCH + timedelta(seconds=subscribers.position(_ends(run - 1))),
    )


def _begins(run: int) -> str:
    return f"{RUN}/{run}/from"


def _ends(run: int) -> str:
    return f"{RUN}/{run}/to"


def _seconds(moment: datetime) -> int:
    return int((moment - _EPOCH).total_seconds())
