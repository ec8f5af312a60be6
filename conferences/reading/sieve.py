"""The lines of an iCalendar file that we read, cut out before a parser sees it.

Alarms, attachments, people invited and methods never get further than here, nor do nesting and lines without
end: what is left is flat, short and bounded.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_EVENT = ("UID", "SUMMARY", "DESCRIPTION", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE")
_RULES = frozenset({"DTSTART", "RRULE", "RDATE", "TZOFFSETFROM", "TZOFFSETTO", "TZNAME"})
_KEPT = {
    "VCALENDAR": frozenset({"X-WR-TIMEZONE"}),
    "VEVENT": frozenset({*_EVENT, "RECURRENCE-ID", "LOCATION", "URL", "STATUS", "CONTACT", "GEO", "CLASS"}),
    "VTIMEZONE": frozenset({"TZID", "X-LIC-LOCATION"}),
    "STANDARD": _RULES,
    "DAYLIGHT": _RULES,
}
_PLACES = {"VEVENT": "VCALENDAR", "VTIMEZONE": "VCALENDAR", "STANDARD": "VTIMEZONE", "DAYLIGHT": "VTIMEZONE"}
_LONGEST = 60_000
_LINES_EACH = 2000
_NAME = re.compile(r"([A-Za-z-]{1,40})(?=[;:])")


@dataclass(slots=True)
class Block:
    """One event or zone: its lines, unfolded; a zone's hold its rules."""

    name: str
    lines: list[str] = field(default_factory=list)

    def value(self, name: str) -> str:
        """The value of its first property of that name, as it is written."""
        return next((told for told in self.values(name)), "")

    def values(self, name: str) -> Iterator[str]:
        """The values of all its properties of that name."""
        for written in self.lines:
            if written.startswith((f"{name}:", f"{name};")):
                yield value_of(written)


@dataclass(slots=True)
class Sieved:
    """What is left of a file."""

    events: list[Block] = field(default_factory=list)
    zones: list[Block] = field(default_factory=list)
    zone: str = ""
    """`X-WR-TIMEZONE`, the zone of times that have none."""
    calendars: int = 0


def value_of(written: str) -> str:
    """What stands after the first colon outside quotes."""
    quoted = False
    for place, mark in enumerate(written):
        if mark == '"':
            quoted = not quoted
        elif mark == ":" and not quoted:
            return written[place + 1 :]
    return ""


def unfolded(text: str) -> Iterator[str]:
    """The logical lines of a text, each cut where it is too long."""
    parts: list[str] = []
    length = 0
    for physical in re.split(r"\r\n|\r|\n", text):
        if physical[:1] in (" ", "\t") and parts:
            if length < _LONGEST:
                parts.append(physical[1 : _LONGEST - length + 1])
                length += len(physical) - 1
            continue
        if parts:
            yield "".join(parts)
        parts, length = [physical[:_LONGEST]], len(physical)
    yield "".join(parts)


def sieve(text: str) -> Sieved:
    """The events and zones of a file."""
    left = Sieved()
    stack: list[str] = []
    block: Block | None = None
    for written in unfolded(text):
        match = _NAME.match(written)
        if not match:
            continue
        name = match[1].upper()
        written = name + written[match.end() :]
        if name in ("BEGIN", "END"):
            block = _step(name, value_of(written).strip().upper(), stack, block, left)
        elif stack and name in _KEPT.get(stack[-1], ()):
            if stack[-1] == "VCALENDAR":
                left.zone = left.zone or value_of(written).strip()
            elif block is not None and len(block.lines) < _LINES_EACH:
                block.lines.append(written)
    return left


def _step(name: str, kind: str, stack: list[str], block: Block | None, left: Sieved) -> Block | None:
    """Go into a component or out of it; the block that is being filled."""
    if name == "END":
        if kind in stack or f"?{kind}" in stack:  # whatever was left open within it ends, too
            while stack.pop().removeprefix("?") != kind:
                pass
        if block is not None and kind in ("STANDARD", "DAYLIGHT") and block.name == "VTIMEZONE":
            block.lines.append(f"END:{kind}")
        return None if block is None or kind == block.name or not stack else block
    if len(stack) > 100:
        return block
    known = kind == "VCALENDAR" or (kind in _PLACES and stack[-1:] in ([_PLACES[kind]], []))
    stack.append(kind if known else f"?{kind[:100]}")
    left.calendars += kind == "VCALENDAR"
    if known and kind in ("VEVENT", "VTIMEZONE"):
        block = Block(kind)
        (left.events if kind == "VEVENT" else left.zones).append(block)
    elif known and block is not None and kind in ("STANDARD", "DAYLIGHT"):
        block.lines.append(f"BEGIN:{kind}")
    return block
