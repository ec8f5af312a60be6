"""The zones of an iCalendar file: names of the time zone database where they are certain."""

import re
from datetime import datetime
from functools import cache

import icalendar
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from conferences.reading.drafts import fold
from conferences.reading.moments import zone_names
from conferences.reading.sieve import Block
from config import load_table

_TZID = re.compile(r';TZID=("[^"]*"|[^;:]*)', re.IGNORECASE)
_PARTS = 3
_UTC = frozenset({"UTC", "GMT", "Z", "ETC/UTC", "ETC/GMT"})


def certain_name(name: str) -> str:
    """The name in the time zone database of a zone that a program calls `name`; empty where unknown.

    >>> certain_name("/freeassociation.sourceforge.net/Tzfile/Africa/Nairobi"), certain_name("Our Zone")
    ('Africa/Nairobi', '')
    """
    plain = name.strip().strip('"').strip()
    if plain.upper() in _UTC:
        return "UTC"
    if plain in zone_names():
        return plain
    if found := WINDOWS_TO_OLSON.get(plain):
        return found
    parts = [part for part in plain.split("/") if part]
    tails = ("/".join(parts[-count:]) for count in range(min(_PARTS, len(parts)), 1, -1))
    return next((tail for tail in tails if tail in zone_names()), "")


def to_zone_code(name: str) -> str:
    """The code of a zone as people write it: in any case, by its town, by letters; empty where unknown.

    >>> to_zone_code("africa/kampala"), to_zone_code("New York"), to_zone_code("EAT"), to_zone_code("aoe")
    ('Africa/Kampala', 'America/New_York', 'Africa/Nairobi', 'AoE')
    """
    return certain_name(name) or _spoken().get(fold(name.replace("_", " ")), "")


@cache
def _spoken() -> dict[str, str]:
    names = sorted(name for name in zone_names() if "/" in name and not name.startswith("Etc/"))
    towns = {fold(name.rpartition("/")[2].replace("_", " ")): name for name in reversed(names)}
    whole = {fold(name.replace("_", " ")): name for name in names}
    told = {fold(word): name for word, name in load_table("reading")["zones"].items()}
    return {**towns, **whole, **told}


def named(blocks: list[Block]) -> tuple[dict[str, str], dict[str, Block]]:
    """For each zone that a file defines its certain name, or else its definition."""
    names: dict[str, str] = {}
    own: dict[str, Block] = {}
    for block in blocks[:200]:
        name = block.value("TZID").strip().strip('"')
        found = certain_name(name) or certain_name(block.value("X-LIC-LOCATION"))
        if found:
            names[name] = found
        elif name and _is_calm(block):
            own.setdefault(name, block)
    return names, own


def _is_calm(block: Block) -> bool:
    """Whether a definition changes its clocks once a year at most, by each of a few rules."""
    rules = list(block.values("RRULE"))
    firsts = list(block.values("DTSTART"))
    return (
        len(block.lines) <= 400
        and all(re.search(r"FREQ=YEARLY\b", rule) and len(rule) < 200 for rule in rules)
        and not any(re.search(r"BYHOUR|BYMINUTE|BYSECOND|INTERVAL=0|COUNT", rule) for rule in rules)
        and all(first[:4].isdigit() and first[:4] >= "1600" for first in firsts)
    )


def with_names(written: str, names: dict[str, str]) -> tuple[str, str]:
    """A property with its zone's certain name, and the zone's own name where it has no other."""
    match = _TZID.search(written)
    if not match:
        return written, ""
    own = match[1].strip('"').strip()
    found = names.get(own) or certain_name(own)
    if found == "UTC":
        value = written[match.end() :]
        return written[: match.start()] + value + ("" if value.endswith("Z") else "Z"), ""
    if found:
        return f"{written[: match.start()]};TZID={found}{written[match.end() :]}", ""
    return written, own


def offset_of(local: datetime, block: Block) -> datetime | None:
    """A local time with the offset that a file's own definition gives it; None where that is broken."""
    text = "\r\n".join(["BEGIN:VTIMEZONE", *block.lines, "END:VTIMEZONE", ""])
    try:
        zone = icalendar.Timezone.from_ical(text)
        assert isinstance(zone, icalendar.Timezone)
        return local.replace(tzinfo=zone.to_tz(lookup_tzid=False))
    except Exception:  # the parser raises of every kind on broken definitions
        return None
