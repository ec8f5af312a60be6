"""Lists of events in JSON, as programs of many sites give them out, and tables in Markdown: read as rows."""

import re
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any

from conferences.reading.drafts import Reading, collect
from conferences.reading.tables import Row, edition_of, to_column
from domain.errors import UnreadableListing

_LISTS = ("events", "data", "items", "conferences", "meetings", "results")
_PREFIX = re.compile(r"^(?:field[_ -])?(?:event[_ -](?=start|end))?", re.IGNORECASE)
_TEXTS = ("text", "value", "local", "name", "date")
_MOST = 5000
_LINK = re.compile(r"\[([^\[\]]{1,500})\]\((\S{1,2000})\)")


def rows_of(told: object) -> list[Row]:
    """The events of a JSON value, as rows; none where it holds no list of things with title and beginning."""
    if isinstance(told, dict):
        told = next((told[key] for key in _LISTS if isinstance(told.get(key), list)), None)
    if not isinstance(told, list):
        return []
    rows = [_row(one) for one in told[:_MOST] if isinstance(one, dict)]
    return rows if any(row.get("title") and row.get("starts") for row in rows) else []


def read_records(rows: list[Row], url: str) -> Reading:
    """The editions of such rows."""
    return collect("json", [partial(edition_of, row, url) for row in rows])


def _row(thing: dict[str, Any]) -> Row:
    inner = thing.get("attributes")
    row: Row = {}
    for key, value in (inner if isinstance(inner, dict) else thing).items():
        name = to_column(_PREFIX.sub("", str(key)[:100]))
        row[name] = row.get(name) or _text(value)
        if isinstance(value, dict) and name == "starts" and isinstance(value.get("timezone"), str):
            row["zone"] = value["timezone"]
    return row


def _text(value: object) -> str:
    if isinstance(value, list):
        value = next(iter(value), None)
    if isinstance(value, dict):
        value = next((value[key] for key in _TEXTS if isinstance(value.get(key), str)), None)
    if isinstance(value, bool):
        return "true" if value else ""
    return str(value) if isinstance(value, str | int | float) else ""


def read_markdown(body: bytes, url: str, now: datetime) -> Reading:
    """The tables of a Markdown file.

    Raises:
        UnreadableListing: none has columns for titles and beginnings.
    """
    rows = list(_markdown_rows(body.decode("utf-8", "replace")))
    if not rows:
        raise UnreadableListing("no table here has titles and beginnings", "no-table")
    reading = read_records(rows, url)
    reading.format = "markdown"
    return reading


def _markdown_rows(text: str) -> Iterator[Row]:
    columns: list[str] = []
    for written in text.splitlines()[:_MOST]:
        if not written.startswith("|"):
            columns = []
            continue
        cells = [cell.strip() for cell in written[:20_000].strip().strip("|").split("|")]
        if not columns:
            columns = [to_column(cell) for cell in cells]
        elif {"title", "starts"} <= set(columns) and not set(written) <= set("|-: \t"):
            row = dict(zip(columns, cells, strict=False))
            if link := _LINK.search(row["title"]):
                row |= {"title": link[1], "url": row.get("url") or link[2]}
            yield row
