"""A strict client of OAI-PMH 2.0, which the sources that speak it share.

A list is told to be whole only on the repository's own word: an empty resumption token at its end, as many
records as were announced, or one page that further questions confirm: for the identifiers of the list, and
for the list in two parts, of which none can be cut off where both are as they were. All else ends in a doubt.
Rests on the protocol (openarchives.org/OAI/2.0/openarchivesprotocol.htm) and its implementation guidelines.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import BinaryIO
from urllib.parse import urlencode, urlsplit

from crawler.fetching.page import Asked, Page, RequestRefused
from crawler.records.xml import split_records
from crawler.sources._oai_answer import Item, OaiAnswer, header_of, read_answer
from crawler.sources._oai_place import Place, Wanted
from crawler.sources._oai_record import own_id, spread
from domain.errors import SourceChanged
from domain.record import HarvestedRecord

RECORDS = ("record", "oai:record", "oai20:record", "ns0:record", r"[A-Za-z_][\w.-]*:record")
"""What records are called in dumps, the last a pattern: whoever wrote one chose the prefix."""

_REFUSED = 400
_NONE = "noRecordsMatch"
_STAMP = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d+)?Z)?")
_UNSURE = 10  # a single page of fewer records is nobody's page size, so it is no cut list either
_TOLERATED_GAP = 0.01
_IDENTIFIERS, _EARLIER, _LATER = "1", "2", "3"
"""What is asked for to confirm a single page, one after the other."""
_HASH = 16
_MARGIN = 1000
"""Records that a list may bring beyond twice the announced number, before we call it endless."""


def page_url(asked: Asked, *, by_day: bool = False) -> str:
    """The address of a page; a resumption token travels alone, as the protocol has it."""
    wanted, place = Wanted.read(asked.query), Place.read(asked.cursor)
    if asked.cursor is None and (by_day or wanted.until):
        given = [("verb", "Identify")]
    elif place.token:
        given = [("verb", "ListRecords"), ("resumptionToken", place.token)]
    else:
        verb = "ListIdentifiers" if place.confirm == _IDENTIFIERS else "ListRecords"
        given = [("verb", verb), *wanted.arguments(place)]
    joint = "&" if urlsplit(asked.base_url).query else "?"
    return f"{asked.base_url.rstrip('?&')}{joint}{urlencode(given)}"


def parse_page(
    body: bytes, fetched_at: datetime, asked: Asked, media_type: str, *, by_day: bool = False
) -> Page:
    """Read an answer; `by_day` for a list that is asked for one day after the other.

    Raises:
        SourceChanged: the answer is not whole, or is none to our question.
        RequestRefused: the repository's own error.
    """
    answer = read_answer(body, asked.source)
    wanted, place = Wanted.read(asked.query), Place.read(asked.cursor)
    if asked.cursor is None and (by_day or wanted.until):
        return _identified(answer, wanted, asked, by_day=by_day)
    if place.confirm:
        return _confirmed(answer, wanted, place)
    codes = {code for code, _ in answer.errors}
    if codes and codes != {_NONE}:
        raise RequestRefused(
            asked.source, _REFUSED, "; ".join(f"{code} {words}".strip() for code, words in answer.errors)
        )
    if codes:
        answer = replace(answer, listed=(), token=None, total=None)
    if answer.listed is None or answer.headers:
        raise SourceChanged(asked.source, "the answer holds no list of records")
    if not answer.listed and answer.token:
        raise SourceChanged(asked.source, "an empty page that is not the last")
    return _listed(answer, fetched_at, asked, media_type, none_match=bool(codes))


def fall_back(asked: Asked, *, by_day: bool = False) -> str | None:
    """Where to take a list up again whose token is refused.

    That is the last datestamp seen, if they have only risen so far; else the beginning of the slice. Should
    they fall later on, then the order was another than it seemed, and the list is not called whole. Where no
    identifiers are listed, the two parts of the list are asked for instead, and where a part is refused, the
    identifiers alone.
    """
    place = Place.read(asked.cursor)
    if place.confirm in (_EARLIER, _LATER):
        return str(replace(place, confirm=_IDENTIFIERS, split="", since="", until=""))
    if not place.token:
        return _earlier_part(place) or (asked.cursor if by_day else None)
    since = "" if by_day or place.mixed else place.last
    again = replace(place, token="", last="", mixed="", seen="", total="", since=since)
    if by_day or since or place.set:
        return str(again)
    return None


def read_dump(
    stream: BinaryIO, fetched_at: datetime, source: str, media_type: str
) -> Iterator[HarvestedRecord]:
    """The records of a saved answer, however large.

    Raises:
        SourceChanged: it is cut short or cannot be decoded.
    """
    for piece in split_records(stream, RECORDS, source):
        yield from spread(_record(header_of(piece.data), fetched_at, Asked(source, "", ""), media_type))


def _record(item: Item, fetched_at: datetime, asked: Asked, media_type: str) -> HarvestedRecord:
    native_id = own_id(item.identifier, asked)
    if not native_id:
        native_id = f"sha256:{sha256(item.payload).hexdigest()[:32]}"
    revised = item.datestamp[:10] if _STAMP.fullmatch(item.datestamp) else None
    return HarvestedRecord(asked.source, native_id, fetched_at, media_type, item.payload, revised=revised)


def _identified(answer: OaiAnswer, wanted: Wanted, asked: Asked, *, by_day: bool) -> Page:
    """After Identify: how finely the repository counts time, and which days there are to ask for.

    Days are understood by every repository, so one that does not identify itself is asked in days.
    """
    seconds = "1" if "T" in answer.granularity else ""
    if not by_day:
        return Page((), str(Place(seconds=seconds, set="0")), step=True)
    first = max(wanted.since, answer.earliest[:10]) if wanted.since else answer.earliest[:10]
    last = min(wanted.until or "9999", answer.responded[:10])
    if not answer.identified or not _STAMP.fullmatch(first) or not _STAMP.fullmatch(last):
        raise SourceChanged(asked.source, "the repository does not say from when to when it has records")
    if first > last:
        return Page((), None, step=True)
    return Page((), str(Place(seconds=seconds, day=first, end=last)), step=True)


def _confirmed(answer: OaiAnswer, wanted: Wanted, place: Place) -> Page:
    """After asking once more for a list that came in one page and without a token.

    What does not answer our question takes nothing back of what the identifiers said. That these are as many
    as the records says something where it is no number that both may have been cut off at.
    """
    if place.confirm == _IDENTIFIERS:
        count, most = len(answer.listed or ()), int(place.seen or 0)
        differs = count + bool(answer.token) > most
        agrees = count == most and not _is_round(most)
        following = _earlier_part(replace(place, agreed="1" if agrees else ""))
    else:
        agrees, differs = _compared(answer, place)
        following = _later_part(place) if agrees and place.confirm == _EARLIER else None
    doubt = ""
    if differs:
        doubt = "a page without a resumption token was not the whole list, or records have come since"
    elif following:
        return Page((), following, step=True)
    elif not (agrees or place.agreed):
        doubt = "nothing confirms that a page without a resumption token was the whole list"
    return _onwards(Page((), None, step=True, doubt=doubt), wanted, replace(place, confirm=""))


def _is_round(number: int) -> bool:
    """Whether somebody may have chosen it as the size of a page."""
    return number % 10 == 0 or number % 25 == 0 or number.bit_count() == 1


def _compared(answer: OaiAnswer, place: Place) -> tuple[bool, bool]:
    """Whether a part of the list is as it was on the single page, and whether it has what that had not.

    Neither is known of an answer with records from without the part: it is none to our question. Nor is it of
    fewer records: some may have changed since, or the repository leaves out those of the last datestamp.
    """
    listed, is_early = answer.listed or (), place.confirm == _EARLIER
    if not listed or any((item.datestamp <= place.split) is not is_early for item in listed):
        return False, False
    known = place.early if is_early else place.late
    same = not answer.token and _known_by(listed) == known
    return same, not same and len(listed) + bool(answer.token) >= int(known[_HASH:] or 0)


def _earlier_part(place: Place) -> str | None:
    """Where the earlier part of a single page's list is asked for, after its identifiers; None for no part.

    A repository that cuts its lists off, in whatever order, cuts none off that has fewer records than came:
    so the list was whole if each part is as it was. Its identifiers may be cut off as its records are.
    """
    if place.confirm != _IDENTIFIERS or not place.split:
        return None
    return str(replace(place, confirm=_EARLIER, until=place.split))


def _later_part(place: Place) -> str:
    return str(replace(place, confirm=_LATER, until="", since=_following(place.split)))


def _in_parts(place: Place, items: tuple[Item, ...]) -> Place:
    """The place with what the list's two parts are known by, as near to halves as datestamps divide it."""
    stamps = sorted(item.datestamp for item in items)
    ends = [number for number in range(1, len(stamps)) if stamps[number - 1] != stamps[number]]
    is_stamped = all(map(_STAMP.fullmatch, stamps)) and len(set(map(len, stamps))) == 1
    if not (ends and is_stamped):
        return place
    split = stamps[min(ends, key=lambda number: abs(2 * number - len(stamps))) - 1]
    early, late = (
        _known_by([item for item in items if (item.datestamp <= split) is is_early])
        for is_early in (True, False)
    )
    return replace(place, split=split, early=early, late=late)


def _known_by(items: Sequence[Item]) -> str:
    """A short name of a set of records, which another set has not, and how many they are."""
    names = "\n".join(sorted(item.identifier for item in items))
    return f"{sha256(names.encode()).hexdigest()[:_HASH]}{len(items)}"


def _following(stamp: str) -> str:
    """The datestamp next to one, as finely as it counts time."""
    if len(stamp) == len("2024-01-01"):
        return (date.fromisoformat(stamp) + timedelta(days=1)).isoformat()
    return f"{datetime.fromisoformat(stamp[:19]) + timedelta(seconds=1):%Y-%m-%dT%H:%M:%SZ}"


def _listed(
    answer: OaiAnswer, fetched_at: datetime, asked: Asked, media_type: str, *, none_match: bool
) -> Page:
    wanted, place = Wanted.read(asked.query), Place.read(asked.cursor)
    items = answer.listed or ()
    here = _further(place, items, answer.total)
    sliced = bool(place.day) or len(wanted.sets) > 1
    told = [_record(item, fetched_at, asked, media_type) for item in items if not item.deleted]
    page = Page(
        records=tuple(one for record in told for one in spread(record)),
        next_cursor=None,
        total=None if sliced else 0 if none_match and not place.token else answer.total,
        deleted=tuple(own_id(i.identifier, asked) for i in items if i.deleted and i.identifier),
        step=sliced,
        count=len(told),
    )
    if answer.token and answer.token != place.token and not _runaway(here):
        # Without a total the count would only make each cursor new, and hide that tokens go in a circle.
        return replace(
            page, next_cursor=str(replace(here, token=answer.token, seen=here.seen if here.total else ""))
        )
    if answer.token is None and not place.token and len(items) >= _UNSURE:
        return replace(page, next_cursor=str(_in_parts(replace(here, confirm=_IDENTIFIERS), items)))
    doubt = _doubt(answer, place, here, none_match=none_match)
    return _onwards(replace(page, doubt=doubt), wanted, replace(here, token=""))


def _runaway(here: Place) -> bool:
    return bool(here.total) and int(here.seen or 0) > 2 * int(here.total) + _MARGIN


def _further(place: Place, items: tuple[Item, ...], total: int | None) -> Place:
    """The place after `items`."""
    stamps = [item.datestamp for item in items]
    rising = all(map(_STAMP.fullmatch, stamps)) and [place.last, *stamps] == sorted([place.last, *stamps])
    mixed = place.mixed or ("" if rising else "1")
    return replace(
        place,
        last="" if mixed else stamps[-1] if stamps else place.last,
        mixed=mixed,
        seen=str(int(place.seen or 0) + len(items)),
        total=place.total if total is None else str(total),
    )


def _doubt(answer: OaiAnswer, place: Place, here: Place, *, none_match: bool) -> str:
    """Why a list that ends on this page may not be whole; "" where there is evidence that it is."""
    seen, total = int(here.seen or 0), int(here.total) if here.total else None
    if place.since and here.mixed:
        return (
            f"records are not in the order of their datestamps, so going on from {place.since} left some out"
        )
    if answer.token:
        same = answer.token == place.token
        return "the repository gives the same resumption token again" if same else "the list does not end"
    if total is not None and seen >= total:
        return ""
    if total is not None and total - seen > _TOLERATED_GAP * total:
        return f"the list ended {total - seen} records short of the {total} announced"
    if answer.token == "":
        return ""
    if place.token:
        return "the list ended without the empty resumption token that marks an end"
    if place.since and none_match:
        return f"nothing was found from {place.since} on, where there had been records"
    return "" if none_match or answer.listed else "an empty list without a word of its end"


def _onwards(page: Page, wanted: Wanted, place: Place) -> Page:
    """Go from the end of a slice to the next one, and take its doubt along to the last."""
    doubt = place.doubt
    if page.doubt:
        doubt = "; ".join(filter(None, (doubt, f"{_slice_name(place, wanted)}{page.doubt}")))[:400]
    place = Place(set=place.set, day=place.day, end=place.end, seconds=place.seconds, doubt=doubt)
    if int(place.set or 0) + 1 < len(wanted.sets):
        place = replace(place, set=str(int(place.set or 0) + 1))
    elif place.day < place.end:
        following = date.fromisoformat(place.day) + timedelta(days=1)
        place = replace(place, set="", day=following.isoformat())
    else:
        return replace(page, doubt=doubt)
    return replace(page, next_cursor=str(place), doubt="")


def _slice_name(place: Place, wanted: Wanted) -> str:
    if place.day:
        return f"{place.day}: "
    return f"{wanted.sets[int(place.set or 0)]}: " if len(wanted.sets) > 1 else ""
