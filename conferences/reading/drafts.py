"""Drafts of listings, and what every reader does alike: cleaning texts, checking days, counting refusals."""

import html
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import urljoin, urlsplit

from conferences import plain
from config import load_table
from domain.errors import InvalidDate
from domain.listing import Edition, Moment, Opportunity, OpportunityKind
from domain.plain import address

Draft = Edition | Opportunity

MOST = 2000
"""Drafts of one file or page; what is more is refused."""
_ENTRIES = 5000
_YEARS = range(1970, 2101)
_TAG = re.compile(r"<[^<>]{0,3000}>")
_BREAK = re.compile(r"<(?:br|/p|/li|/div|/h\d)\b[^<>]{0,200}>", re.IGNORECASE)
_SPACES = re.compile(r"[^\S\n]+")
_LINES = re.compile(r"\s*\n\s*")


class Refused(Exception):
    """One entry cannot be taken; the others can. Never leaves this package."""

    def __init__(self, rule: str, detail: str = "") -> None:
        super().__init__(rule, detail)
        self.rule = rule
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Refusal:
    """An entry that was not taken: the rule, and which one it was."""

    rule: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A draft, with what its source knows it by: the same at the next reading, whatever has changed."""

    key: str
    draft: Draft


@dataclass(slots=True)
class Reading:
    """What a file or page holds."""

    format: str
    found: list[Found] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)

    @property
    def drafts(self) -> list[Draft]:
        """The drafts alone."""
        return [found.draft for found in self.found]


def collect(form: str, entries: Sequence[Callable[[], Iterator[Found]]]) -> Reading:
    """Read entry by entry; one that is refused leaves the others alone."""
    reading = Reading(form)
    if len(entries) > _ENTRIES:
        reading.refused.append(Refusal("too-many", f"{len(entries) - _ENTRIES} more"))
    for read in entries[:_ENTRIES]:
        try:
            for found in read():
                if len(reading.found) >= MOST:
                    raise Refused("too-many", f"more than {MOST}")
                reading.found.append(found)
        except Refused as refused:
            reading.refused.append(Refusal(refused.rule, refused.detail[:200]))
        except InvalidDate as error:
            reading.refused.append(Refusal("date", error.text[:200]))
    return reading


def line(text: object, most: int = 300) -> str:
    """A text in one line, without markup."""
    return plain.line(_without_markup(text, most), most)


def paragraph(text: object, most: int = 4_000) -> str:
    """A text in lines, without markup."""
    told = _LINES.sub("\n", _SPACES.sub(" ", _without_markup(text, most)))
    return plain.lines(told, most)


def _without_markup(text: object, most: int) -> str:
    if not isinstance(text, str | int | float) or isinstance(text, bool):
        return ""
    told = html.unescape(_BREAK.sub("\n", str(text)[: most * 8]))
    return _TAG.sub(" ", html.unescape(_TAG.sub(" ", _BREAK.sub("\n", told)))).strip()


def web_address(text: object, base: str = "") -> str:
    """A web address, whole; empty where it is none that a reader could follow."""
    if not isinstance(text, str) or not text.strip():
        return ""
    told = text.strip()
    try:
        # In tables people leave out what browsers put in.
        found = address(urljoin(base, f"https://{told}" if told.lower().startswith("www.") else told))
    except ValueError:
        return ""
    return "" if "@" in urlsplit(found).netloc else found


def fold(text: str) -> str:
    """Words in lower case without accents or punctuation."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join(re.findall(r"\w+", "".join(mark for mark in plain if not unicodedata.combining(mark))))


def titled(text: object) -> str:
    """A title. Raises `Refused`."""
    if not (title := line(text)):
        raise Refused("no-title")
    return title


def checked_days(title: str, starts: Moment | None, ends: Moment | None) -> tuple[Moment, Moment]:
    """Beginning and end, in order. Raises `Refused`, `InvalidDate`."""
    if starts is None:
        raise Refused("no-start", title)
    ends = ends or starts
    if ends.whole_day != starts.whole_day:  # one with a time, one without: days are what both tell
        starts, ends = Moment(starts.at[:10], starts.zone), Moment(ends.at[:10], ends.zone)
    if starts.day.year not in _YEARS or ends.day.year not in _YEARS:
        raise Refused("year", f"{title}: {starts.at}")
    if ends.begins() < starts.begins():
        raise Refused("ends-before-start", f"{title}: {starts.at} to {ends.at}")
    return starts, ends


def is_online(text: str) -> bool:
    """Whether a place is none: an address of the web, or a word for one."""
    words = fold(text)
    if text.strip().lower().startswith(("http://", "https://")):
        return True
    return any(
        words == word or words.startswith(f"{word} ") for word in load_table("reading")["online"]["words"]
    )


@cache
def _kinds() -> list[tuple[OpportunityKind, re.Pattern[str]]]:
    table = load_table("reading")["kinds"]
    return [
        (OpportunityKind(kind), re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})\b"))
        for kind, words in table.items()
    ]


def opportunity_kind(title: str, otherwise: OpportunityKind = OpportunityKind.TRAINING) -> OpportunityKind:
    """What an opportunity is, by words of its title."""
    words = fold(title)
    return next((kind for kind, pattern in _kinds() if pattern.search(words)), otherwise)
