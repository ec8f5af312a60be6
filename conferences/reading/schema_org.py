"""schema.org events, courses and grants as drafts."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial

from conferences.reading.drafts import (
    Found,
    Reading,
    Refused,
    checked_days,
    collect,
    fold,
    is_online,
    line,
    opportunity_kind,
    paragraph,
    titled,
    web_address,
)
from conferences.reading.linked import (
    Node,
    flattened,
    nodes_of_page,
    parse_page,
    text_of,
    types_of,
    values,
)
from conferences.reading.moments import parse_moment
from conferences.reading.places import to_country
from domain.errors import UnreadableListing
from domain.listing import (
    Attendance,
    Edition,
    Fee,
    Moment,
    Opportunity,
    OpportunityKind,
    Venue,
)

_COURSES = frozenset({"Course", "CourseInstance", "EducationEvent"})
_GRANTS = frozenset({"Grant", "MonetaryGrant", "FundingScheme"})
_NO_EVENTS = frozenset(
    {"PublicationEvent", "BroadcastEvent", "OnDemandEvent", "UserInteraction", "EventSeries"}
)
_OTHER_EVENTS = frozenset({"Hackathon", "Festival"})
_MEETINGS = re.compile(
    r"\b(?:annual|congres|congress|congreso|congresso|conference|meeting|symposium|kongress)\b"
)
_LINKS = ("location", "organizer", "provider", "hostInstitution", "funder", "offers", "amount")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?")
_MIDNIGHT = re.compile(r"(\d{4}-\d\d-\d\d)T00:00(?::00)?(?:\.0+)?(?:Z|[+-]\d\d:?\d\d)?")
_LAST_MINUTE = re.compile(r"(\d{4}-\d\d-\d\d)T23:59(?::\d\d)?(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?")


def read_page(body: bytes, url: str, now: datetime) -> Reading:
    """The events, courses and grants of a page.

    Raises:
        UnreadableListing: it tells of none.
    """
    page = parse_page(body)
    if page is None:
        raise UnreadableListing("this page cannot be read", "no-page")
    return _read("schema.org", list(nodes_of_page(page)), url)


def read_jsonld(body: bytes, url: str, now: datetime) -> Reading:
    """The events, courses and grants of a JSON-LD file. Raises `UnreadableListing`."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise UnreadableListing("this is not JSON", "no-json") from error
    if not (nodes := list(flattened(told))):
        raise UnreadableListing("this JSON is in no form that we know", "format")
    return _read("schema.org", nodes, url)


def _read(form: str, nodes: list[Node], url: str) -> Reading:
    entries: list[Callable[[], Iterator[Found]]] = []
    _join(nodes)
    told: set[str] = set()
    parts = {_mark(one) for node in nodes if _reader_of(node) is _event for one in _own_parts(node)}
    instances = {id(one) for node in nodes for one in values(node, "hasCourseInstance")}
    for node in nodes:
        reader = _reader_of(node)
        mark = _mark(node)
        if reader is None or id(node) in instances or mark in told:
            continue
        told.add(mark)
        told |= {_mark(one) for one in values(node, "hasCourseInstance")}
        entries.append(partial(_part if mark in parts else reader, node, url))
    if not entries:
        raise UnreadableListing(
            "this page tells of no event, course or grant that programs can read", "no-event"
        )
    return collect(form, entries)


def _join(nodes: list[Node]) -> None:
    """Put in place what a node only names by its `@id`, where it is told elsewhere."""
    known: dict[str, Node] = {}
    for node in nodes:
        name = node.get("@id")
        if isinstance(name, str) and len(node) > len(known.get(name, ())):
            known[name] = node
    for node in nodes:
        for key in _LINKS:
            if key in node:
                node[key] = [_told_of(one, known) for one in values(node, key)]


def _told_of(one: object, known: Mapping[str, Node]) -> object:
    if not isinstance(one, dict) or not one.keys() <= {"@id", "@type"}:
        return one
    name = one.get("@id")
    return known.get(name, one) if isinstance(name, str) else one


def _mark(node: object) -> str:
    return f"{text_of(node, 'name')}\n{text_of(node, 'startDate')}\n{text_of(node, 'url', '@id')}"


def _own_parts(node: Node) -> list[object]:
    """Sessions within a meeting: they have no page of their own."""
    return [one for one in values(node, "subEvent") if not text_of(one, "url")]


def _part(node: Node, url: str) -> Iterator[Found]:
    raise Refused("part", line(text_of(node, "name")))


def _reader_of(node: Node) -> Callable[[Node, str], Iterator[Found]] | None:
    types = types_of(node)
    if types <= {"EducationEvent", "Event"} and _MEETINGS.search(fold(text_of(node, "name"))):
        return _event
    if types & _COURSES:
        return _course
    if types & _GRANTS:
        return _grant
    if types & _NO_EVENTS:
        return None
    if types & _OTHER_EVENTS or any(one.endswith("Event") for one in types):
        return _event
    return None


def _event(node: Node, url: str) -> Iterator[Found]:
    title = titled(text_of(node, "name", "headline"))
    attendance, venue = _place(node)
    starts, ends = _days(node, title, venue)
    status = text_of(node, "eventStatus").rsplit("/", 1)[-1]
    if status == "EventPostponed":
        raise Refused("postponed", title)
    link = web_address(text_of(node, "url", "@id"), url) or url
    edition = Edition(
        id="",
        series="",
        slug=starts.at[:4],
        title=title,
        starts=starts,
        ends=ends,
        summary=paragraph(text_of(node, "description", "disambiguatingDescription").replace("\\n", "\n")),
        url=link,
        attendance=attendance,
        venue=venue,
        languages=_languages(node),
        organizers=_organizers(node),
        contact=line(text_of(_first(node, "organizer"), "email")).removeprefix("mailto:"),
        fees=_fees(node),
        cancelled=status == "EventCancelled",
        earlier=_earlier(node, starts, venue) if status == "EventRescheduled" else (),
    )
    yield Found(_key(node, link, title), edition)


def _course(node: Node, url: str) -> Iterator[Found]:
    instances = [one for one in values(node, "hasCourseInstance") if isinstance(one, dict)]
    for instance in instances[:100] or [node]:
        merged = {**{key: value for key, value in node.items() if key != "hasCourseInstance"}, **instance}
        merged = {**merged, "name": text_of(instance, "name") or text_of(node, "name")}
        yield _training(merged, url, numbered=len(instances) > 1)


def _training(node: Node, url: str, *, numbered: bool) -> Found:
    title = titled(text_of(node, "name"))
    attendance, venue = _place(node)
    modes = {str(mode).lower() for mode in values(node, "courseMode")}
    if "online" in modes:
        attendance = Attendance.HYBRID if modes & {"onsite", "blended"} else Attendance.ONLINE
    starts = ends = None
    if text_of(node, "startDate"):
        starts, ends = _days(node, title, venue)
    link = web_address(text_of(node, "url", "@id"), url) or url
    draft = Opportunity(
        id="",
        kind=opportunity_kind(title),
        title=title,
        provider=next(iter(_organizers(node)), ""),
        url=link,
        summary=paragraph(text_of(node, "description", "abstract")),
        closes=_moment(node, ("applicationDeadline", "registrationDeadline"), venue),
        runs_from=starts,
        runs_until=ends,
        attendance=attendance,
        venue=venue,
        languages=_languages(node),
        source=url,
    )
    key = _key(node, link, title)
    return Found(f"{key}#{starts.at}" if numbered and starts else key, draft)


def _grant(node: Node, url: str) -> Iterator[Found]:
    title = titled(text_of(node, "name"))
    link = web_address(text_of(node, "url", "@id"), url) or url
    amount = _first(node, "amount")
    draft = Opportunity(
        id="",
        kind=opportunity_kind(title, OpportunityKind.GRANT),
        title=title,
        provider=line(text_of(node, "funder", "sponsor", "provider")),
        url=link,
        summary=paragraph(text_of(node, "description")),
        closes=_moment(node, ("applicationDeadline", "validThrough", "endDate", "expires"), Venue()),
        opens=_moment(node, ("validFrom", "startDate"), Venue()),
        amount=line(text_of(amount, "value", "maxValue") or text_of(node, "amount"), 40),
        currency=_currency(text_of(amount, "currency") or text_of(node, "currency")),
        source=url,
    )
    yield Found(_key(node, link, title), draft)


def _key(node: Node, link: str, title: str) -> str:
    return text_of(node, "@id", "identifier", "url")[:500] or f"{link} {title}"


def _first(node: Node, key: str) -> object:
    return next(iter(values(node, key)), None)


def _moment(node: Node, keys: tuple[str, ...], venue: Venue) -> Moment | None:
    return parse_moment(text_of(node, *keys), venue.country, venue.city)


def _days(node: Node, title: str, venue: Venue) -> tuple[Moment, Moment]:
    first, last = (text_of(node, key).strip() for key in ("startDate", "endDate"))
    if (begins := _MIDNIGHT.fullmatch(first)) and (over := _LAST_MINUTE.fullmatch(last)):
        first, last = begins[1], over[1]  # whole days, as calendars of many sites write them
    texts = [_without_midnight(text) for text in (first, last)]
    starts, ends = (parse_moment(text, venue.country, venue.city) for text in texts)
    return checked_days(title, starts, ends)


def _without_midnight(text: str) -> str:
    """Many programs write a day as its first moment, without a zone."""
    return text.strip().removesuffix("T00:00:00").removesuffix("T00:00")


def _earlier(node: Node, starts: Moment, venue: Venue) -> tuple[tuple[Moment, Moment], ...]:
    before = _moment(node, ("previousStartDate",), venue)
    return ((before, before),) if before and before != starts else ()


def _place(node: Node) -> tuple[Attendance, Venue]:
    mode = text_of(node, "eventAttendanceMode").rsplit("/", 1)[-1]
    online = mode == "OnlineEventAttendanceMode" or "VirtualLocation" in types_of(node)
    on_site: list[Venue] = []
    for place in values(node, "location"):
        if isinstance(place, dict) and "VirtualLocation" in types_of(place):
            online = True
        elif told := _venue(place):
            on_site.append(told)
        elif _named(place):
            online = True
    if mode == "MixedEventAttendanceMode" or (online and on_site and mode != "OnlineEventAttendanceMode"):
        return Attendance.HYBRID, next(iter(on_site), Venue())
    return (Attendance.ONLINE, Venue()) if online else (Attendance.ON_SITE, next(iter(on_site), Venue()))


def _named(place: object) -> str:
    return line(place if isinstance(place, str) else text_of(place, "name", "address", "url"))


def _venue(place: object) -> Venue | None:
    """A place on Earth; None where it is none."""
    name = _named(place)
    if isinstance(place, str) or not isinstance(place, dict):
        return Venue(to_country(name), "", name) if name and not is_online(name) else None
    address = _first(place, "address")
    street = line(address if isinstance(address, str) else text_of(address, "streetAddress"))
    city = line(text_of(address, "addressLocality"), 100)
    region, land = text_of(address, "addressRegion"), text_of(address, "addressCountry")
    if not (city or street or land) and (not name or is_online(name)):
        return None
    country = to_country(land, ", ".join(filter(None, (city, region))), street, name)
    latitude, longitude = _point(_first(place, "geo") or place)
    return Venue(country, city, "" if name == street else name, street, None, latitude, longitude)


def _point(geo: object) -> tuple[float | None, float | None]:
    try:
        latitude, longitude = float(text_of(geo, "latitude")), float(text_of(geo, "longitude"))
    except ValueError:
        return None, None
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else (None, None)


def _organizers(node: Node) -> tuple[str, ...]:
    keys = ("organizer", "provider", "hostInstitution")
    names = (
        line(one if isinstance(one, str) else text_of(one, "name"), 200)
        for key in keys
        for one in values(node, key)
    )
    return tuple(dict.fromkeys(name for name in names if name and not name.startswith("http")))[:20]


def _languages(node: Node) -> tuple[str, ...]:
    told = [
        one if isinstance(one, str) else text_of(one, "alternateName", "name")
        for one in values(node, "inLanguage")
    ]
    codes = (code.strip().replace("_", "-").split("-")[0].lower() for code in told)
    return tuple(dict.fromkeys(code for code in codes if code.isalpha() and 2 <= len(code) <= 3)) or ("en",)


def _currency(text: str) -> str:
    code = text.strip().upper()
    return code if len(code) == 3 and code.isascii() and code.isalpha() else ""


def _fees(node: Node) -> tuple[Fee, ...]:
    fees = []
    for offer in values(node, "offers")[:20]:
        price, currency = (
            text_of(offer, "price", "lowPrice").strip(),
            _currency(text_of(offer, "priceCurrency")),
        )
        if _THOUSANDS.fullmatch(price):
            price = price.replace(",", "")
        least = not text_of(offer, "price") and text_of(offer, "highPrice") != text_of(offer, "lowPrice")
        label = line(text_of(offer, "name"), 100) or ("The lowest fee" if least else "")
        if price.replace(".", "", 1).isdigit() and len(price) <= 12 and (currency or float(price) == 0):
            fees.append(Fee(price, currency, label))
    return tuple(dict.fromkeys(fees))
