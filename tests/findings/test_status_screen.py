"""`findings status` on a terminal: a node with every source fits a screen of 80 columns and 40 lines."""

import sys
from typing import Any

import pytest

from crawler.health import SourceHealth
from crawler.sources import source_names
from findings.report import print_counts, print_health


def health(name: str, **given: Any) -> SourceHealth:
    usual = {
        "source": name,
        "title": name.title(),
        "state": "complete",
        "since": "2026-11-20T01:00:00+00:00",
        "complete": "2026-11-20T02:00:00+00:00",
        "announced": 5_123_456,
        "seen": 5_123_456,
        "held": 5_123_400,
        "newest": "2026-11-19",
        "budget": "",
        "alarms": (),
    }
    return SourceHealth(**{**usual, **given})


def test_every_source_fits_a_screen(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    names = list(source_names())
    assert len(names) >= 15
    alarm = "its last harvest failed: " + "a long story " * 30
    sources = [health(name, alarms=(alarm,), state="failed") for name in names[:9]]
    sources += [health(name, budget="12345 of 100000") for name in names[9:]]
    names_of_counts = [f"counted {letter}" for letter in "abcdefgh"]
    print_counts(dict.fromkeys(names_of_counts, 1234567) | {"index papers": 1_234_567, "index lag": 0})
    print_health(sources)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) <= 40
    assert max(map(len, lines)) <= 80, max(lines, key=len)
    for name in names:
        assert any(line.startswith(name) for line in lines), name
    assert sum(line.startswith("! ") and line.endswith("…") for line in lines) == 9
    assert any("1,234,567" in line for line in lines)


def test_elsewhere_every_line_is_whole(capsys: pytest.CaptureFixture[str]) -> None:
    print_counts({"papers": 1234})
    print_health([health("doaj", alarms=("told at length " * 20,))])
    out = capsys.readouterr().out
    assert "papers\t1234" in out
    assert "told at length " * 20 in out
