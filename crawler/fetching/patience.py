"""How gently a source is asked, and how long to wait when it asks us to or does not answer."""

import random
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from config import load_table
from domain.errors import ConfigError

_SECONDS = re.compile(r"-?[0-9]+")
_FIRST_WAIT = 1.0
_WITH_KEY = "requests_per_second_with_key"
_LONGEST_BACKOFF = 120.0


@dataclass(frozen=True, slots=True)
class Patience:
    """The limits of one source, from its table in `config/sources.toml`."""

    page_size: int = 100
    requests_per_second: float = 1.0
    concurrency: int = 1
    timeout: float = 60.0
    """Seconds for one answer."""
    retries: int = 5
    """How often one page is asked for again before the run gives up."""
    max_wait: float = 3600.0
    """Seconds of waiting that a source may ask for."""
    max_page_bytes: int = 1 << 26
    max_pages: int = 1_000_000
    """Pages after which a list is held to have no end."""
    first_wait: float = _FIRST_WAIT
    """Seconds before the first repetition, when the source does not say."""

    def delay(self, failures: int, asked: float | None) -> float:
        """Seconds to wait after so many failures in a row: never less than the source asked for.

        Doubles each time, with jitter so that many nodes do not come back at the same moment.
        """
        longest = min(self.first_wait * 2.0 ** (min(failures, 30) - 1), _LONGEST_BACKOFF)
        backoff = longest * random.uniform(0.5, 1.0)  # noqa: S311 - spreads load, guards nothing
        return max(asked or 0.0, backoff)


def load_patience(source: str, *, keyed: bool = False) -> Patience:
    """The limits of `source`; `keyed` are those for who has a key.

    Raises:
        ConfigError: the source has no table, or a limit is not a number above zero.
    """
    table = source_table(source)
    known = {name: table[name] for name in Patience.__slots__ if name in table}
    if keyed and _WITH_KEY in table:
        known["requests_per_second"] = table[_WITH_KEY]
    for name, value in known.items():
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or value < 0 or (value == 0 and name != "retries"):
            raise ConfigError(f"config/sources.toml [{source}] {name}", "must be a number above zero")
    return Patience(**known)


def source_table(source: str) -> dict[str, Any]:
    """The table of `source` in `config/sources.toml`.

    Raises:
        ConfigError: there is none.
    """
    tables = load_table("sources")
    if source not in tables:
        raise ConfigError(source, f"no such source; there are: {', '.join(sorted(tables))}")
    table: dict[str, Any] = tables[source]
    return table


def parse_retry_after(value: str | None, now: datetime | None = None) -> float | None:
    """Seconds that a Retry-After header asks for; None when there is none or it cannot be read.

    Both forms of RFC 9110 10.2.3, a number of seconds or a date; a date that is past asks for nothing. `now`
    is the server's clock, where it tells it: ours may be another.
    """
    text = (value or "").strip()
    if _SECONDS.fullmatch(text):
        return max(0.0, float(text[:20]))
    moment = parse_moment(text)
    if moment is None:
        return None
    return max(0.0, (moment - (now or datetime.now(UTC))).total_seconds())


def parse_moment(value: str | None) -> datetime | None:
    """The moment that a date of HTTP names; None for what is none."""
    try:
        moment = parsedate_to_datetime(value or "")
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def module_name(source: str) -> str:
    """The module of `crawler/sources` that reads `source`: the one its table names, else its namesake.

    Raises:
        ConfigError: there is no such source.
    """
    return str(source_table(source).get("module", source))
