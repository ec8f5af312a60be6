"""How often something may be done: counted in the database, so that all processes share it."""

from datetime import datetime, timedelta

from domain.listing_ports import Accounts

Limit = tuple[timedelta, int]
"""So often in a span."""


def has_room(accounts: Accounts, key: str, now: datetime, *limits: Limit) -> bool:
    """Note one more, unless there are enough in a span; whoever comes at the same time counts, too."""
    if any(accounts.attempts(key, now - span) >= most for span, most in limits):
        return False
    return not is_too_often(accounts, key, now, *limits)


def is_too_often(accounts: Accounts, key: str, now: datetime, *limits: Limit) -> bool:
    """Note one more in any case: who goes on in spite of a refusal is refused for longer."""
    # Noted first, so that many at once do not slip through together.
    accounts.note_attempt(key, now)
    return any(accounts.attempts(key, now - span) > most for span, most in limits)
