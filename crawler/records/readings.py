"""One JSON record at a time: named as it comes, read as a version, whatever else is in it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec

from crawler.fetching.days import parse_day
from crawler.records.answers import Fields, Raw, hashed_id, text
from domain.errors import FindingsError, RecordRejected
from domain.paper import Version
from domain.record import HarvestedRecord

_MEDIA_TYPE = "application/json"


def read_version(record: HarvestedRecord, to_fields: Callable[[Fields], dict[str, Any]]) -> Version:
    """The version that `to_fields` makes of a record's object.

    Raises:
        RecordRejected: `malformed`, `no-title`, or what `to_fields` says.
    """
    try:
        values = to_fields(msgspec.json.decode(record.payload, type=dict[str, Any]))
    except FindingsError:
        raise
    except (msgspec.DecodeError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise RecordRejected(record.source, record.native_id, "malformed", str(error)[:200]) from error
    if not values["title"] and not values.get("companion"):
        raise RecordRejected(record.source, record.native_id, "no-title")
    return Version(**values)


def named_fields(payload: bytes, *names: str) -> Fields:
    """The fields of those names, or all, of the object in `payload`; none when it is no object.

    A damaged record is kept, and named by its bytes. Fields that are not asked for are not taken apart.
    """
    try:
        if not names:
            found: Fields = msgspec.json.decode(payload, type=dict[str, Any])
            return found
        held = msgspec.json.decode(payload, type=Raw)
        return {name: msgspec.json.decode(held[name]) for name in names if name in held}
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return {}


def whole_number(value: object) -> int | None:
    """A count that may come as a number or as text; None for anything else."""
    written = text(value)
    return int(written) if written.isascii() and written.isdecimal() and len(written) < 16 else None


def json_record(
    source: str, native_id: str, payload: bytes, fetched_at: datetime, revised: str = ""
) -> HarvestedRecord:
    """A record under its own id, or one made from its bytes; `revised` may begin with a day."""
    day = parse_day(revised[:10])
    return HarvestedRecord(
        source,
        native_id or hashed_id(payload),
        fetched_at,
        _MEDIA_TYPE,
        payload,
        revised=day.isoformat() if day else None,
    )
