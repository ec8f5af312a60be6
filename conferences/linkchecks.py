"""Checking the addresses of resources: which come next, and what an answer means.

A page that answers 200 and says "not found" in words is taken at its number: nobody can tell the two apart
for all sites. An address is never given up: after three failures in a row its owner and reviewers are told.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ssl import SSLCertVerificationError
from urllib.parse import urlsplit

from domain.errors import FetchRefused
from domain.instants import to_timestamp
from domain.listing import LinkCheck, Resource

FAILURES_TOLD = 3
"""So many in a row are told to its owner and to reviewers."""
AGAIN_AFTER = timedelta(days=7)
AGAIN_AFTER_FAILURE = timedelta(hours=20)
"""Less than a day, so that a daily job does not skip one."""
MOVED, GONE, CERTIFICATE = "moved", "gone", "certificate"
PROBLEMS = {
    MOVED: "It answers at another address.",
    GONE: "There is no such page any more.",
    CERTIFICATE: "Its certificate is not valid, so nobody can tell who answers.",
    "status": "It answers that something is wrong.",
    "unresolved": "Its host name leads nowhere.",
    "unanswered": "It does not answer.",
    "deadline": "It takes too long to answer.",
    "too-large": "It answers with more than we take in.",
    "redirects": "It sends us from address to address without end.",
    "downgrade": "It leads from a protected to an unprotected address.",
    "address": "It leads to a place that is not public.",
}
"""What was found → words for readers; whatever else keeps us from asking is told as it is."""
_GOOD = frozenset({"", MOVED, "media-type", "too-large"})
"""Something answers there."""
_GONE = frozenset({404, 410})
_DEPTH = 8


@dataclass(frozen=True, slots=True)
class Due:
    """An address to ask."""

    listing_id: str
    url: str


def due(resources: Iterable[Resource], now: datetime, most: int) -> list[Due]:
    """What to ask next: what never was asked first, then what was asked longest ago."""
    waiting = [(_last(one), one) for one in resources if one.url and not one.withdrawn]
    ripe = [(last, one) for last, one in waiting if last is None or _is_ripe(last, now)]
    ripe.sort(key=lambda pair: (pair[0].checked_at if pair[0] else "", pair[1].id))
    return [Due(one.id, one.url) for _, one in ripe[:most]]


def judged(url: str, now: datetime, found_at: str, status: int = 200) -> LinkCheck:
    """What it means that `url` answered, at `found_at` after redirects."""
    moved = _place(found_at) != _place(url)
    return LinkCheck(url, to_timestamp(now), status, MOVED if moved else "")


def refused(url: str, now: datetime, error: FetchRefused) -> LinkCheck:
    """What it means that `url` could not be read."""
    status = error.status
    if status in _GONE:
        return LinkCheck(url, to_timestamp(now), status, GONE)
    if any(isinstance(cause, SSLCertVerificationError) for cause in _causes(error)):
        return LinkCheck(url, to_timestamp(now), None, CERTIFICATE)
    return LinkCheck(url, to_timestamp(now), status, "" if error.rule == "media-type" else error.rule)


def failures(resource: Resource) -> list[LinkCheck]:
    """The checks of its address that failed since it last answered, newest first."""
    own = sorted(
        (c for c in resource.checks if c.url == resource.url), key=lambda c: c.checked_at, reverse=True
    )
    answered = next((n for n, check in enumerate(own) if is_good(check)), len(own))
    return own[:answered]


def is_good(check: LinkCheck) -> bool:
    """Whether something answered."""
    return check.problem in _GOOD


def words(check: LinkCheck) -> str:
    """What was found, for readers."""
    if not check.problem:
        return "It answers."
    return PROBLEMS.get(check.problem, f"It cannot be asked ({check.problem}).")


def _last(resource: Resource) -> LinkCheck | None:
    own: Sequence[LinkCheck] = [check for check in resource.checks if check.url == resource.url]
    return max(own, key=lambda check: check.checked_at, default=None)


def _is_ripe(last: LinkCheck, now: datetime) -> bool:
    try:
        then = datetime.fromisoformat(last.checked_at)
    except ValueError:
        return True
    then = then if then.tzinfo else then.replace(tzinfo=UTC)
    return now - then >= (AGAIN_AFTER if is_good(last) else AGAIN_AFTER_FAILURE)


def _place(url: str) -> tuple[str, str]:
    """Host and path, as far as a reader would call it another place."""
    parts = urlsplit(url)
    return (parts.hostname or "").removeprefix("www."), parts.path.rstrip("/")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """What an error came of, and what libraries wrapped in their own."""
    found: list[BaseException] = [error]
    for _ in range(_DEPTH):
        if not found:
            return
        one = found.pop()
        yield one
        inner = (one.__cause__, one.__context__, getattr(one, "reason", None), *one.args)
        found += [cause for cause in inner if isinstance(cause, BaseException)]
