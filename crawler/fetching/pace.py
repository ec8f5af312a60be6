"""What a source's answers say about how fast, and how much longer, it may be asked."""

import re
import time
from collections.abc import Callable, Mapping

from crawler.fetching.page import Answer
from crawler.fetching.patience import parse_moment

_EPOCH = 1_000_000_000
"""From here on a moment of reset is one of the calendar; below, seconds from now."""
_UNITS = {"": 1.0, "s": 1.0, "m": 60.0, "h": 3600.0}
_INTERVAL = re.compile(r"(\d{1,6}(?:\.\d{1,6})?)\s*([smh]?)")


class Pace:
    """The least time between requests that the source has asked for, and when it opens again.

    Rests on the headers of Crossref (`x-rate-limit-limit`, `x-rate-limit-interval`), and on those of
    OpenAlex, DataCite and many others (`x-ratelimit-remaining`, `x-ratelimit-reset`; since the IETF's draft
    also without the `x-`). They can only slow us down: the table of the source is never exceeded.
    """

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, now: Callable[[], float] = time.time
    ) -> None:
        self._clock, self._now = clock, now
        self._gap = 0.0
        self._apart = 0.0
        self.asked: float | None = None
        """When the last request went out."""
        self._opens = 0.0

    def begin(self) -> None:
        """A request goes out now."""
        self.asked = self._clock()

    def heed(self, answer: Answer) -> None:
        """Learn from an answer."""
        headers = answer.headers
        limit, interval = _number(headers, "x-rate-limit-limit"), _interval(headers)
        if limit and interval:
            self._gap = interval / limit
        remaining = _number(headers, "x-ratelimit-remaining", "ratelimit-remaining")
        reset = self.reset(answer)
        if remaining is not None and remaining <= 0 and reset is not None:
            self._opens = max(self._opens, self._clock() + reset)

    def reset(self, answer: Answer) -> float | None:
        """Seconds until the source counts anew; None where it does not say."""
        moment = _number(answer.headers, "x-ratelimit-reset", "ratelimit-reset")
        if moment is None:
            return None
        if moment < _EPOCH:
            return max(0.0, moment)
        theirs = parse_moment(answer.headers.get("date"))
        return max(0.0, moment - (theirs.timestamp() if theirs else self._now()))

    def gap(self) -> float:
        """Seconds by which the next request would come too soon after the last."""
        return self.left(max(self._gap, self._apart))

    def left(self, gap: float) -> float:
        """Seconds until `gap` has passed since the last request."""
        return 0.0 if self.asked is None else max(0.0, self.asked + gap - self._clock())

    def keep_apart(self, seconds: float) -> None:
        """Let so much time pass between requests: what a robots.txt asks for, whatever headers say."""
        self._apart = seconds

    def closed(self) -> float:
        """Seconds for which the source has nothing more to give us."""
        return max(0.0, self._opens - self._clock())


def _number(headers: Mapping[str, str], *names: str) -> float | None:
    for name in names:
        text = headers.get(name, "").strip()
        if re.fullmatch(r"-?\d{1,15}(?:\.\d{1,9})?", text, re.ASCII):
            return float(text)
    return None


def _interval(headers: Mapping[str, str]) -> float | None:
    """Seconds; Crossref writes `1s`."""
    match = _INTERVAL.fullmatch(headers.get("x-rate-limit-interval", "").strip().lower())
    return float(match[1]) * _UNITS[match[2]] if match else None
