"""Where a harvest by OAI-PMH stands: what its cursor says, and what a query asks for."""

from dataclasses import dataclass, fields
from datetime import date
from urllib.parse import parse_qsl, urlencode

from domain.errors import ConfigError

_ARGUMENTS = frozenset({"metadataPrefix", "set", "from", "until"})
_DAY_LENGTH = 10


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a list, written into the cursor as a query string; what is empty is left out.

    A list is harvested in slices where the query names several sets, or where the source goes day by day.
    """

    token: str = ""
    last: str = ""
    """The highest datestamp so far: where to go on when the token is refused."""
    mixed: str = ""
    """Set once datestamps did not rise: then nothing before `last` is known to be whole."""
    since: str = ""
    """The datestamp from which the list was begun again."""
    seen: str = ""
    """How many records of this slice came."""
    total: str = ""
    """How many it was said to have."""
    set: str = ""
    """Which of the query's sets, counted from 0."""
    day: str = ""
    end: str = ""
    """The last day, of slices by day."""
    seconds: str = ""
    """Set where the repository's datestamps have seconds."""
    confirm: str = ""
    """Set while we ask whether a single page without a token was all: by identifiers, then in two parts."""
    split: str = ""
    """The datestamp up to which the earlier part of that page goes."""
    early: str = ""
    late: str = ""
    """What the records of the two parts are known by."""
    until: str = ""
    """The last datestamp that is asked for: that of the earlier part."""
    agreed: str = ""
    """Set where as many identifiers are listed as there were records."""
    doubt: str = ""
    """Why an earlier slice may not be whole."""

    @classmethod
    def read(cls, cursor: str | None) -> "Place":
        """The place that a cursor names."""
        known = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in parse_qsl(cursor or "") if name in known})

    def __str__(self) -> str:
        values = ((field.name, getattr(self, field.name)) for field in fields(self))
        return urlencode([(name, value) for name, value in values if value])


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a query asks a repository for."""

    prefix: str
    sets: tuple[str, ...] = ()
    since: str = ""
    until: str = ""

    @classmethod
    def read(cls, query: str) -> "Wanted":
        """Read a query that `window` has made."""
        given = parse_qsl(query)
        one = dict(given)
        sets = tuple(dict.fromkeys(value for name, value in given if name == "set"))
        return cls(one.get("metadataPrefix", "oai_dc"), sets, one.get("from", ""), one.get("until", ""))

    def arguments(self, place: Place) -> list[tuple[str, str]]:
        """The arguments of the list of a slice, or of the rest of it."""
        given = [("metadataPrefix", self.prefix)]
        if self.sets:
            given.append(("set", self.sets[min(int(place.set or 0), len(self.sets) - 1)]))
        since = place.since or place.day or self.since
        until = place.until or place.day or self.until
        if place.seconds or max(len(since), len(until)) > _DAY_LENGTH:
            since = f"{since}T00:00:00Z" if len(since) == _DAY_LENGTH else since
            until = f"{until}T23:59:59Z" if len(until) == _DAY_LENGTH else until
        return given + [(name, value) for name, value in (("from", since), ("until", until)) if value]


def window(query: str, since: str | None, until: str | None) -> str:
    """`query`, limited to the days on which the repository changed a record, both included.

    Raises:
        ConfigError: the query is none, or a day is not a day.
    """
    try:
        given = parse_qsl(query, strict_parsing=True) if query.strip() else []
    except ValueError as error:
        raise ConfigError("--query", "is made of set=… and metadataPrefix=…, joined by &") from error
    names = [name for name, _ in given]
    if odd := sorted(
        {name for name in names if name not in _ARGUMENTS or (name != "set" and names.count(name) > 1)}
    ):
        raise ConfigError(
            "--query", f"OAI-PMH cannot search: only set=… and metadataPrefix=… work, not {odd[0]!r}"
        )
    days = {name: value for name, value in (("from", since), ("until", until)) if value}
    for name, value in days.items():
        _check_day("--since" if name == "from" else "--until", value)
    kept = [(name, value) for name, value in given if name not in days]
    if "metadataPrefix" not in names:
        kept.insert(0, ("metadataPrefix", "oai_dc"))
    return urlencode(kept + list(days.items()), safe=":")


def _check_day(option: str, value: str) -> None:
    try:
        if len(value) != _DAY_LENGTH:
            raise ValueError(value)
        date.fromisoformat(value)
    except ValueError as error:
        raise ConfigError(option, f"{value!r} is not a day (YYYY-MM-DD)") from error
