"""Clocks that were ahead and are set back: what was told then must not count as told up to a later time."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from domain.subscription_ports import Subscribers

COMPOSED, AHEAD, AGAIN = "composed", "clock-ahead", "clock-again"
"""Positions, which only rise, in seconds since 1970: up to when letters were put together; how far ahead the
clock was when it was last set back; and the time that came again then."""
_TOLERATED = timedelta(minutes=2)
_LONGEST = timedelta(days=3)
_LATE = timedelta(hours=1)
"""Letters are put together so often that a setback is seen sooner."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Setback:
    """Time that came twice."""

    again: datetime
    ahead: datetime

    def before(self, moment: datetime, now: datetime) -> datetime:
        """`moment`, or the beginning of the time that came twice, where it may lie in its first passage."""
        if moment > now or (self.again <= moment <= self.ahead and self.ahead - self.again <= _LONGEST):
            return (min(self.again, now) if self.ahead > _EPOCH else now) - _LATE
        return moment


def note_time(subscribers: Subscribers, now: datetime) -> Setback:
    """Keep that letters are put together now; the last setback, which may be this one."""
    reached, furthest = _seconds(now), subscribers.position(COMPOSED)
    if furthest - reached > _TOLERATED.total_seconds() and subscribers.position(AHEAD) < furthest:
        subscribers.tell({}, reached, AGAIN)
        subscribers.tell({}, furthest, AHEAD)
    if reached > furthest:
        subscribers.tell({}, reached, COMPOSED)
    return Setback(_moment(subscribers.position(AGAIN)), _moment(subscribers.position(AHEAD)))


def _seconds(moment: datetime) -> int:
    return int((moment - _EPOCH).total_seconds())


def _moment(seconds: int) -> datetime:
    return _EPOCH + timedelta(seconds=seconds)
