"""PubMed over HTTP: lists of PMIDs from ESearch, their citations from EFetch (NCBI E-utilities, NBK25499).

No history server is used: what it remembers is gone after some hours, while a cursor that holds days, an
offset and the PMIDs asked for can be taken up at any time, and shows which of them did not come.
"""

import dataclasses
import re
from datetime import date, datetime
from io import BytesIO
from urllib.parse import urlencode

import msgspec
from msgspec.structs import replace

from crawler.fetching.days import check_days, parse_day
from crawler.fetching.page import Asked, Page, RequestRefused
from crawler.records.xml import element_text, parse_element, root_name
from crawler.sources._pubmed_records import ROOTS, SOURCE, parse_records
from crawler.sources._pubmed_slices import (
    EARLIEST,
    LATEST,
    MOST_HITS,
    Place,
    begun_again,
    halved,
    next_slice,
    read_place,
    to_cursor,
)
from domain.errors import ConfigError, RecordRejected, SourceChanged
from domain.record import HarvestedRecord

MOST_IDS = 200
"""How many PMIDs one address may hold; for more NCBI asks for POST."""
_MOST_RESTARTS = 3
_BOUNDED = re.compile(r"\((.*)\) AND (\d{4})/(\d\d)/(\d\d):(\d{4})/(\d\d)/(\d\d)\[([em]dat)\]", re.DOTALL)
_WITHIN = {"edat": "pdat", "mdat": "edat"}
"""By which other date a single day is divided that has too many hits."""
_EMPTY_SET = re.compile(rb"<PubmedArticleSet\s*/>\s*$")
_ERROR = re.compile(rb"<(?:ERROR|Error)>(.{0,400}?)</(?:ERROR|Error)>", re.DOTALL)
_PASSING = (
    (re.compile(r"rate limit|too many requests", re.IGNORECASE), 429),
    (re.compile(r"backend|unavailable|try again|internal|timed? ?out|busy|unable to", re.IGNORECASE), 503),
)
"""Words of errors that pass, with the HTTP status that says the same."""


class _Error(msgspec.Struct):
    """How NCBI's gateway refuses, whatever format was asked for."""

    error: str


def window(query: str, since: str | None, until: str | None) -> str:
    """`query`, limited to days of entry, or of the last change where `since` or `until` is given."""
    if not query.strip():
        raise ConfigError("--query", "PubMed needs one")
    field = "edat" if since is None and until is None else "mdat"
    check_days(since, until)
    first, last = parse_day(since or "") or EARLIEST, parse_day(until or "") or LATEST
    return f"({query.strip()}) AND {_days(first, last)}[{field}]"


def page_url(asked: Asked) -> str:
    """The address of a search for PMIDs, or of the citations of those that were found."""
    place = _place(asked)
    given = {"db": "pubmed", "retmode": "xml", "tool": "findings"}
    given |= {"id": ",".join(place.ids)} if place.ids else _search(asked, place)
    if "@" in asked.contact and "//" not in asked.contact:
        given["email"] = asked.contact.strip().removeprefix("mailto:")
    if asked.key:
        given["api_key"] = asked.key
    service = "efetch.fcgi" if place.ids else "esearch.fcgi"
    return f"{asked.base_url.rstrip('/')}/{service}?{urlencode(given)}"


def _search(asked: Asked, place: Place) -> dict[str, str]:
    query, first, last, field = _bounds(asked.query)
    if not place.recount:
        first, last = place.first, place.last
    if place.is_divided and not place.recount:
        query = f"({query}) AND {_days(place.within_first, place.within_last)}[{_WITHIN[field]}]"
    days = {"mindate": f"{first:%Y/%m/%d}", "maxdate": f"{last:%Y/%m/%d}"}
    start = {"retstart": "0" if place.recount else str(place.offset)}
    room = 0 if place.recount else _room(place, asked.size)
    return {"term": query, "datetype": field, **days, **start, "retmax": str(room)}


def parse_page(body: bytes, fetched_at: datetime, asked: Asked) -> Page:
    """Read the answer to either question.

    A citation that was listed and does not come is asked for once more; if it is still missing, the harvest
    goes on and says at its end that it is not whole.
    """
    place = _place(asked)
    _raise_error(body)
    if place.ids:
        return _fetched(body, fetched_at, asked, place)
    count, ids = _read_search(body)
    if place.recount:
        return _end(replace(place, due=min(count, place.due or count)))
    return _searched(count, ids, asked, place)


def fall_back(asked: Asked) -> str | None:
    """The beginning of the slice; past what was asked for twice in vain, counting that as lost.

    What is announced from there on is what remains.
    """
    try:
        place = _place(asked)
    except RequestRefused:
        return None
    if place.again:
        place = replace(place, lost=place.lost + len(place.ids), ids=(), again=False)
    else:
        place = begun_again(place)
    left = None if place.due is None else max(0, place.due - place.came_before)
    return to_cursor(replace(place, due=left, came=place.came - place.came_before, came_before=0))


def _searched(count: int, ids: tuple[str, ...], asked: Asked, place: Place) -> Page:
    place = replace(place, due=count if place.due is None else place.due)
    if place.count not in (None, count) and place.restarts < _MOST_RESTARTS:
        return _step(replace(begun_again(place), restarts=place.restarts + 1))
    if count > MOST_HITS and (half := halved(place)):
        return _step(half)
    changed = 0 if place.count is None else abs(count - place.count)
    place = replace(place, count=count, lost=place.lost + changed)
    if len(ids) < _room(place, asked.size):
        raise SourceChanged(SOURCE, f"listed {len(ids)} PMIDs of {count}, from number {place.offset} on")
    if not ids:
        return _onward((), asked, place)
    return _step(replace(place, ids=ids, offset=place.offset + len(ids)))


def _fetched(body: bytes, fetched_at: datetime, asked: Asked, place: Place) -> Page:
    if root_name(body) not in ROOTS and not _EMPTY_SET.search(body):
        raise SourceChanged(SOURCE, "the answer is no set of citations")
    records = () if _EMPTY_SET.search(body) else tuple(parse_records(BytesIO(body), fetched_at))
    found = {record.native_id for record in records if "#" not in record.native_id}
    count = sum("#" not in record.native_id for record in records)
    missing = tuple(one for one in place.ids if one not in found)
    if len(found.difference(place.ids)) >= len(missing):
        missing = ()  # PubMed merges doubles, and may answer with the PMID that is left
    came = place.came + len(place.ids) - len(missing)
    if missing and not place.again:
        asking = replace(place, came=came, ids=missing, again=True)
        return Page(records, to_cursor(asking), place.due, step=True, count=count)
    done = replace(place, came=came, lost=place.lost + len(missing), ids=(), again=False)
    return dataclasses.replace(_onward(records, asked, done), count=count)


def _onward(records: tuple[HarvestedRecord, ...], asked: Asked, place: Place) -> Page:
    """What follows when all that was asked for is there: more of the slice, the next slice, or the end."""
    assert place.count is not None
    if place.offset < min(place.count, MOST_HITS):
        return Page(records, to_cursor(place), place.due, step=True)
    place = replace(place, lost=place.lost + max(0, place.count - MOST_HITS))
    following = next_slice(place, _bounds(asked.query)[2])
    if following is None and place.came < (place.due or 0):
        following = replace(place, recount=True)
    if following is None:
        return _end(place, records)
    return Page(records, to_cursor(following), place.due, step=True)


def _step(place: Place) -> Page:
    return Page((), to_cursor(place), place.due, step=True)


def _end(place: Place, records: tuple[HarvestedRecord, ...] = ()) -> Page:
    doubt = ""
    if place.lost:
        doubt = f"{place.lost} citations that PubMed listed did not come"
    elif place.came < (place.due or 0):
        doubt = f"PubMed announced {place.due} citations, and listed {place.came}"
    return Page(records, None, place.due, step=not records, doubt=doubt)


def _room(place: Place, size: int) -> int:
    """How many PMIDs the next search can list."""
    most = max(1, min(size, MOST_IDS))
    return most if place.count is None else max(0, min(most, min(place.count, MOST_HITS) - place.offset))


def _read_search(body: bytes) -> tuple[int, tuple[str, ...]]:
    """How many hits a search has, and the PMIDs it lists."""
    try:
        root = parse_element(body, SOURCE, "esearch")
    except RecordRejected as broken:
        raise SourceChanged(SOURCE, f"ESearch answers what is no XML: {broken.detail}") from broken
    count, listed = (root.findtext("Count") or "").strip(), root.find("IdList")
    if root.tag != "eSearchResult" or not count.isdecimal() or listed is None:
        raise SourceChanged(SOURCE, "the answer is not one of ESearch")
    ids = tuple(dict.fromkeys(element_text(one).lstrip("0") for one in listed.iterchildren("Id")))
    if not all(one.isdecimal() for one in ids):
        raise SourceChanged(SOURCE, "ESearch lists what is no PMID")
    return int(count), ids


def _raise_error(body: bytes) -> None:
    """The refusals of E-utilities, which come with any HTTP status, 200 included."""
    if body.lstrip()[:1] == b"{":
        try:
            words = msgspec.json.decode(body, type=_Error).error
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise SourceChanged(SOURCE, "the answer is JSON, but not an error") from error
    elif root_name(body[:4096]) in ROOTS or not (match := _ERROR.search(body[:4096])):
        return
    else:
        words = " ".join(match[1].decode("utf-8", "replace").split())
    raise RequestRefused(SOURCE, next((code for what, code in _PASSING if what.search(words)), 400), words)


def _place(asked: Asked) -> Place:
    if asked.cursor is None:
        return Place(*_bounds(asked.query)[1:3])
    try:
        return read_place(asked.cursor)
    except ValueError as error:
        raise RequestRefused(SOURCE, 400, f"no cursor of ours: {error}") from error


def _bounds(query: str) -> tuple[str, date, date, str]:
    """What `window` put together: the query, its first and last day, and which day is meant."""
    match = _BOUNDED.fullmatch(query)
    if match is None:
        return query, EARLIEST, LATEST, "edat"
    first, last = (date(*map(int, match.group(*span))) for span in ((2, 3, 4), (5, 6, 7)))
    return match[1], first, last, match[8]


def _days(first: date, last: date) -> str:
    return f"{first:%Y/%m/%d}:{last:%Y/%m/%d}"
