"""Every source has a golden pair: an example in its own format, and the versions it is read as.

`tests/examples/<source>.<format>` holds invented records; `<source>.versions.json` what `to_version` makes of
those that it takes. When a change is meant, delete the second file, run this test, and review what it
writes anew.
"""

import json
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from crawler.records.archives import HEAD_BYTES
from crawler.records.formats import read_member
from crawler.sources import file_sources, load_source, module_names
from domain.errors import RecordRejected
from domain.record import HarvestedRecord

EXAMPLES = Path(__file__).parents[1] / "examples"
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("name", list(module_names()))
def test_the_example_of_a_source_is_read_as_reviewed(name: str) -> None:
    example, reviewed = example_of(name), EXAMPLES / f"{name}.versions.json"
    readings = readings_of(name, records_of(name, example))
    assert readings, f"{example.name} holds no record that can be read"
    if not reviewed.exists():
        reviewed.write_text(json.dumps(readings, ensure_ascii=False, indent=1) + "\n", "utf-8")
        pytest.fail(f"wrote {reviewed.name} from {example.name}: please review it, then run this again")
    assert readings == json.loads(reviewed.read_text("utf-8"))


@pytest.mark.parametrize("name", list(module_names()))
def test_a_source_has_one_name(name: str) -> None:
    source = load_source(name)
    assert name == source.SOURCE
    assert "/" in source.MEDIA_TYPE
    for record in records_of(name, example_of(name)):
        assert (record.source, record.media_type, record.fetched_at) == (name, source.MEDIA_TYPE, NOW)
        assert record.native_id


def test_reading_does_not_depend_on_what_was_read_before() -> None:
    for name in module_names():
        records = records_of(name, example_of(name))
        assert readings_of(name, records[::-1])[::-1] == readings_of(name, records)


def test_each_file_is_recognised_by_one_source_and_no_other() -> None:
    for source in file_sources():
        example = example_of(source.SOURCE)
        head = example.read_bytes()[:HEAD_BYTES]
        assert [other.SOURCE for other in file_sources() if other.recognises(head)] == [source.SOURCE]
        with example.open("rb") as stream:
            assert [record.source for record, _ in read_member(head, stream, NOW) or ()]


def example_of(name: str) -> Path:
    found = [p for p in EXAMPLES.glob(f"{name}.*") if not p.name.endswith(".versions.json")]
    assert len(found) == 1, f"tests/examples needs one {name}.<format>, it has {[p.name for p in found]}"
    return found[0]


def records_of(name: str, example: Path) -> list[HarvestedRecord]:
    with example.open("rb") as stream:
        return list(load_source(name).parse_records(stream, NOW))


def readings_of(name: str, records: list[HarvestedRecord]) -> list[Any]:
    """The versions as JSON; rejected records leave nothing."""
    versions = []
    for record in records:
        with suppress(RecordRejected):
            versions.append(load_source(name).to_version(record))
    return list(json.loads(msgspec.json.encode(versions)))


@pytest.mark.parametrize("name", ["pubmed", "europepmc"])
def test_when_a_record_was_revised_is_kept(name: str) -> None:
    days = {record.revised for record in records_of(name, example_of(name))}
    assert days - {None}
    assert all(day is None or datetime.fromisoformat(day[:10]) for day in days)
