"""Days that a person or a checkpoint names, checked before a source is asked about them."""

import re
from datetime import date

from domain.errors import ConfigError

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def parse_day(text: str) -> date | None:
    """The day that `text` writes as 2024-03-06, or None."""
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def check_days(since: str | None, until: str | None) -> None:
    """Make sure that both are days.

    Raises:
        ConfigError: one is not.
    """
    for name, day in (("--since", since), ("--until", until)):
        if day is not None and parse_day(day) is None:
            raise ConfigError(name, f"{day!r} is not a day like 2024-03-06")
