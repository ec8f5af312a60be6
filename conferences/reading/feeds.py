"""RSS and Atom feeds of opportunities."""

import io
import re
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any

import feedparser  # type: ignore[import-untyped]

from conferences.reading.drafts import (
    Found,
    Reading,
    Refused,
    collect,
    line,
    opportunity_kind,
    paragraph,
    titled,
    web_address,
)
from conferences.reading.moments import parse_moment
from domain.errors import InvalidDate, UnreadableListing
from domain.listing import Moment, Opportunity

_ENTRIES = 1000
_NUMBER, _MONTH = r"\d{1,2}(?:st|nd|rd|th)?", r"[a-z]{3,9}"
_DAY = rf"(\d{{4}}-\d\d-\d\d|{_NUMBER}\s{_MONTH},?\s\d{{4}}|{_MONTH}\s{_NUMBER},?\s\d{{4}})"
_WORDS = r"deadline|closing date|closes|apply by|applications? (?:close|due|until)"
_CLOSES = re.compile(rf"\b(?:{_WORDS})\b[^.\n\d]{{0,40}}?{_DAY}", re.IGNORECASE)


def read_feed(body: bytes, url: str, now: datetime) -> Reading:
    """The entries of a feed; one whose deadline has passed is refused.

    Raises:
        UnreadableListing: it is no feed, or an empty one.
    """
    if len(re.findall(rb"<(?:\w{1,20}:)?(?:item|entry)\b", body)) > _ENTRIES:
        raise UnreadableListing("this feed is too long", "too-many")
    try:
        feed = feedparser.parse(io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False)
    except Exception as error:  # its parsers raise of every kind
        raise UnreadableListing("this feed cannot be read", "no-feed") from error
    if not feed.get("version"):
        raise UnreadableListing("this is not a feed", "no-feed")
    if not feed.entries:
        raise UnreadableListing("this feed is empty", "no-event")
    provider = line(feed.feed.get("title"), 200)
    return collect("feed", [partial(_entry, entry, provider, url, now) for entry in feed.entries])


def _entry(entry: Any, provider: str, url: str, now: datetime) -> Iterator[Found]:  # noqa: ANN401 - feedparser's own
    title = titled(entry.get("title"))
    link = web_address(entry.get("link"), url)
    if not link:
        raise Refused("no-address", title)
    content = next((one.get("value") for one in entry.get("content") or []), "")
    summary = paragraph(entry.get("summary") or content)
    closes = _closes(f"{title}\n{summary}")
    if closes and closes.ends() <= now:
        raise Refused("closed", title)
    draft = Opportunity(
        id="",
        kind=opportunity_kind(title),
        title=title,
        provider=line(entry.get("author"), 200) or provider,
        url=link,
        summary=summary,
        closes=closes,
        source=url,
    )
    yield Found(line(entry.get("id"), 500) or link, draft)


def _closes(text: str) -> Moment | None:
    """The day behind the words for a deadline; its end everywhere, for no zone is told."""
    if not (match := _CLOSES.search(text)):
        return None
    try:
        moment = parse_moment(match[1])
    except InvalidDate:
        return None
    return Moment(moment.at) if moment else None
