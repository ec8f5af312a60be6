"""`findings gather` as the shell sees it; the calendars are invented."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import config
from conferences.fetching import Fetched, Fetcher
from domain.errors import FetchRefused
from findings import commands, gathering
from findings.cli import cli

BODY = b"""BEGIN:VCALENDAR
BEGIN:VEVENT
UID:1
SUMMARY:Invented Congress 2099
DTSTART;VALUE=DATE:20990306
LOCATION:Nairobi\\, Kenya
END:VEVENT
END:VCALENDAR
"""
TABLE = {
    "one": {"url": "https://one.example/a.ics", "society": "Invented Society"},
    "two": {"url": "https://two.example/a.ics", "society": "Other Society"},
}


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.setenv("FINDINGS_DATA_DIR", str(tmp_path))
    if "gather" not in cli.commands:
        commands.register(cli)
    monkeypatch.setattr(gathering, "load_table", lambda name: TABLE)
    return lambda *arguments: CliRunner().invoke(cli, ["gather", *arguments])


def _answer(self: Fetcher, url: str, *, etag: str = "", modified: str = "", accept: object = ()) -> Fetched:
    if "two" in url:
        raise FetchRefused(url, "unanswered")
    return Fetched(url, 304, "", b"", etag) if etag else Fetched(url, 200, "text/calendar", BODY, '"1"')


def test_one_answers_and_one_does_not(run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Fetcher, "get", _answer)
    result = run("--json")
    assert result.exit_code == 3
    assert json.loads(result.stdout) == [
        {"calendar": "one", "counts": {"new": 1}, "problem": ""},
        {"calendar": "two", "counts": {}, "problem": "unanswered: https://two.example/a.ics: unanswered"},
    ]
    again = run("one")
    assert (again.exit_code, "new" in again.stdout) == (0, False)
    assert "unchanged\t1" in run("one", "--all").stdout


def test_an_unknown_calendar_is_wrong_usage(run: Callable[..., Result]) -> None:
    result = run("three")
    assert (result.exit_code, "no calendar three" in result.output) == (2, True)


def test_the_table_that_ships_can_be_read() -> None:
    from conferences.gathering import load_calendars

    assert load_calendars(config.load_table("calendars")) == []
