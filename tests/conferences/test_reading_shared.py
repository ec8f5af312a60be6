"""Every file of real events: each event in, or refused with its rule."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from conferences.fetching import Fetched
from conferences.reading import read_all
from domain.errors import UnreadableListing

NOW = datetime(2026, 11, 21, tzinfo=UTC)
TYPES = {".ics": "text/calendar", ".csv": "text/csv", ".html": "text/html"}


def _counts(folder: Path, pattern: str) -> Counter[str]:
    counts: Counter[str] = Counter()
    for path in sorted(folder.rglob(pattern)):
        fetched = Fetched(
            f"https://calendar.example/{path.name}", 200, TYPES.get(path.suffix, ""), path.read_bytes()
        )
        try:
            reading = read_all(fetched, NOW)
        except UnreadableListing as error:
            counts[f"file {error.rule}"] += 1
            continue
        counts["in"] += len(reading.found)
        counts.update(f"event {refusal.rule}" for refusal in reading.refused)
        assert all(refusal.rule for refusal in reading.refused)
    return counts


@pytest.mark.parametrize(
    ("part", "pattern", "expected"),
    [
        (
            "icalendar-tests",
            "*.ics",
            {
                "in": 952,
                "event no-title": 64,
                "event no-start": 21,
                "event date": 9,
                "event zone-unknown": 9,
                "event recurrence": 7,
                "file no-event": 18,
                "file no-calendar": 1,
                "file format": 17,
            },
        ),
        ("tess", "*.ics", {"in": 14}),
        ("tess", "*.csv", {"in": 17}),
        ("tess", "*.json", {"in": 102, "file no-event": 1, "file format": 7}),
        ("tess", "*.jsonld", {"event no-start": 1}),
        ("tess", "*.html", {"file no-event": 11}),
        ("nci", "*.json", {"in": 8}),
        ("indico-export", "*.yaml", {"file format": 4}),
        ("ccf-deadlines", "*.yml", {"file format": 354}),
        ("awadalla-lab-conferences", "*.md", {"in": 21, "event date": 1}),
    ],
)
def test_every_event_is_in_or_refused(
    shared_data: Path, part: str, pattern: str, expected: dict[str, int]
) -> None:
    assert dict(+_counts(shared_data / "events" / part, pattern)) == expected
