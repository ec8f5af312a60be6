"""A listing as the rules look at it: its words, addresses and days, and what it is seen beside."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, datetime
from urllib.parse import urlsplit

from domain.errors import InvalidDate
from domain.listing import Deadline, Edition, Fee, Moment, Opportunity, Resource, Series, Venue
from domain.listing_ports import Listing

_MAIL = re.compile(r"[^\s<>,;:()\"]+@([\w.-]+\.\w+)")
_WIDE = frozenset({"ac", "co", "com", "edu", "gov", "go", "net", "or", "org", "nom", "gob"})
"""Labels below which a country's names are given out."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another listing, with the account that handed it in and when (ISO 8601), where known."""

    listing: Listing
    account: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class Context:
    """What a listing is judged beside."""

    now: datetime
    account: str = ""
    """Who hands it in."""
    neighbours: tuple[Neighbour, ...] = ()
    """Public and waiting listings that may have to do with it; itself among them does no harm."""
    series: Series | None = None
    """The series of an edition."""
    known: bool = False
    """Its series, or the listing itself, is public already."""
    approved: int = 0
    """How many listings of the account are public."""
    at: str = ""
    """When it was first handed in (ISO 8601); empty: now."""


@dataclass(frozen=True, slots=True)
class Case:
    """A listing in the parts that rules ask for."""

    listing: Listing
    context: Context
    title: str
    text: str
    """All that its owners wrote in words."""
    url: str
    host: str
    """Of its page, in lower case; empty: none."""
    mails: tuple[str, ...]
    """Of whom to write to, in lower case."""
    organizers: tuple[str, ...]
    deadlines: tuple[Deadline, ...]
    fees: tuple[Fee, ...]
    venue: Venue
    starts: Moment | None = None
    ends: Moment | None = None
    topics: tuple[str, ...] = ()
    own: frozenset[str] = field(default=frozenset())
    """Ids that stand for the same meeting: its own and its series'."""


def to_case(listing: Listing, context: Context) -> Case:
    """The parts of a listing of any kind."""
    match listing:
        case Edition():
            return _edition(listing, context)
        case Opportunity():
            text = f"{listing.title}\n{listing.summary}\n" + "\n".join(e.text for e in listing.eligibility)
            return _case(listing, context, text, (listing.provider,), starts=listing.runs_from,
                         ends=listing.runs_until, venue=listing.venue)  # fmt: skip
        case Resource():
            return _case(
                listing, context, f"{listing.title}\n{listing.summary}\n{listing.terms}", (listing.provider,)
            )
        case Series():
            return _case(listing, context, f"{listing.title}\n{listing.summary}", listing.organizers)


def _edition(edition: Edition, context: Context) -> Case:
    series = context.series
    organizers = edition.organizers or (series.organizers if series else ())
    words = (edition.title, edition.summary, edition.travel_grants, edition.free_online_seats)
    labels = (*(d.label for d in edition.deadlines), *(f.label for f in edition.fees))
    return _case(
        edition,
        context,
        "\n".join((*words, *labels)),
        organizers,
        url=edition.url or (series.url if series else ""),
        contact=edition.contact,
        deadlines=edition.deadlines,
        fees=edition.fees,
        venue=edition.venue,
        starts=edition.starts,
        ends=edition.ends,
    )


def _case(
    listing: Listing,
    context: Context,
    text: str,
    organizers: tuple[str, ...],
    *,
    url: str = "",
    contact: str = "",
    deadlines: tuple[Deadline, ...] = (),
    fees: tuple[Fee, ...] = (),
    venue: Venue | None = None,
    starts: Moment | None = None,
    ends: Moment | None = None,
) -> Case:
    url = url or listing.url
    return Case(
        listing=listing,
        context=context,
        title=listing.title,
        text=text,
        url=url,
        host=to_host(url),
        mails=tuple(match[0].lower().strip(".") for match in _MAIL.finditer(contact)),
        organizers=tuple(name for name in organizers if name.strip()),
        deadlines=deadlines,
        fees=fees,
        venue=venue or Venue(),
        starts=starts,
        ends=ends,
        topics=listing.cancer_types,
        own=frozenset({listing.id, series_of(listing)}) - {""},
    )


def series_of(listing: Listing) -> str:
    """The id of the series that it is or belongs to; empty: of none."""
    if isinstance(listing, Edition):
        return listing.series
    return listing.id if isinstance(listing, Series) else ""


def to_host(url: str) -> str:
    """The host that an address names; empty where it names none."""
    try:
        return (urlsplit(url.strip()).hostname or "").removeprefix("www.").rstrip(".")
    except ValueError:
        return ""


def to_domain(host: str) -> str:
    """The name that somebody has registered, as far as labels tell."""
    labels = host.split(".")
    reserved = labels[-1:] == ["example"] and len(labels) > 2 and len(labels[-2]) == 2
    last = labels[-3:] if reserved else labels[-2:]
    wide = last[0] in _WIDE and len(labels) > len(last) and len(last[-1]) in (2, 7)
    return ".".join(labels[-len(last) - 1 :] if wide else last) if len(labels) > 1 else host


def is_below(host: str, names: "frozenset[str] | set[str] | list[str]") -> bool:
    """Whether a host is one of the names, or below it."""
    labels = host.split(".")
    return any(".".join(labels[n:]) in names for n in range(len(labels)))


def day_of(moment: Moment | None) -> date | None:
    """Its local day; None where there is none, or none that exists."""
    try:
        return moment.day if moment else None
    except InvalidDate:
        return None


def to_words(text: str) -> list[str]:
    """Words without accents or case; in scripts without spaces, single characters."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return re.findall(r"[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]|[^\W_]+", plain)
