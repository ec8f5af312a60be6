"""Two states of a listing, field by field, in words."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from enum import StrEnum

from domain.listing import Deadline, Eligibility, Fee, Moment
from domain.listing_ports import Listing

_UNSHOWN = frozenset({"id", "sequence", "checks", "series"})
_NAMES = {"slug": "Its address here ends in", "url": "Web site", "starts": "First day", "ends": "Last day"}
_LONGEST = 4_000


@dataclass(frozen=True, slots=True)
class Row:
    """A field as the public sees it, and as it is proposed."""

    name: str
    before: str
    after: str

    @property
    def changed(self) -> bool:
        """Whether the two differ."""
        return self.before != self.after


def to_rows(public: Listing | None, proposed: Listing) -> tuple[Row, ...]:
    """Fields that hold something in either; those that differ first."""
    after = dict(_fields(proposed))
    before = dict(_fields(public)) if public else {}
    names = dict.fromkeys([*after, *before])
    rows = (Row(_label(name), before.get(name, ""), after.get(name, "")) for name in names)
    return tuple(sorted((row for row in rows if row.before or row.after), key=lambda row: not row.changed))


def _fields(value: object, above: str = "") -> Iterator[tuple[str, str]]:
    if not is_dataclass(value):
        return
    for one in fields(value):
        held = getattr(value, one.name)
        if one.name == "venue":
            yield from _fields(held, "venue ")
        elif one.name not in _UNSHOWN:
            yield above + one.name, _shortened(to_text(held))


def to_text(value: object) -> str:
    """What a field holds, one thing a line.

    >>> to_text((Moment("2027-03-06", "Africa/Nairobi"), Moment("2027-03-07")))
    '2027-03-06 Africa/Nairobi\\n2027-03-07 AoE'
    """
    match value:
        case None | "":
            return ""
        case bool():
            return "yes" if value else "no"
        case StrEnum():
            return value.value
        case Moment():
            return f"{value.at.replace('T', ' ')} {value.zone}"
        case Deadline():
            earlier = "".join(f"; was {to_text(moment)}" for moment in value.earlier)
            return (
                f"{value.kind}{f' ({value.label})' if value.label else ''}: {to_text(value.moment)}{earlier}"
            )
        case Fee():
            whom = ", ".join(text for text in (value.label, *value.income_groups) if text)
            return f"{value.amount} {value.currency} {whom}{' (online)' if value.online else ''}".rstrip()
        case Eligibility():
            whom = ", ".join((*value.countries, *value.income_groups, *value.career_stages))
            return f"{'not ' if value.excluded else ''}{whom} {value.text} ({value.source} {value.read_on})"
        case tuple():
            return "\n".join(map(to_text, value))
    return str(value)


def _shortened(text: str) -> str:
    """A text of bearable length, which says what is left out: nobody approves what they cannot see."""
    more = len(text) - _LONGEST
    return f"{text[:_LONGEST]} … [{more} more characters]" if more > 0 else text


def _label(name: str) -> str:
    if name in _NAMES:
        return _NAMES[name]
    return name.replace("_", " ").capitalize()
