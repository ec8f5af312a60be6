"""The benchmark of meetings runs, and measures what it says. Every meeting is invented."""

from pathlib import Path

from benchmarks.conferences import measure


def test_every_case_is_measured_beside_its_limit(tmp_path: Path) -> None:
    rows = list(measure(tmp_path, size=45, rounds=2))
    cases = {row.case for row in rows}
    assert {"list", "filter", "past", "filtered .ics", ".json", "map", "whole .ics, first"} <= cases
    assert {row.system for row in rows if row.case == "list"} == {"findings", "bare SQL"}
    (events,) = [row.value for row in rows if row.metric == "events"]
    assert 30 < events < 45 * 5
    assert all(row.value >= 0 for row in rows)
