"""Rates by a clock of our own: no domain waits for another, and what rests is remembered."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from subscriptions.mail.rates import Rates


@dataclass
class Clock:
    seconds: float = 0.0

    def monotonic(self) -> float:
        return self.seconds

    def wall(self) -> datetime:
        return datetime(2026, 11, 21, tzinfo=UTC) + timedelta(seconds=self.seconds)


def rates(clock: Clock, per_minute: int = 60, path: Path | None = None, **own: int) -> Rates:
    named = {name.replace("_", "."): rate for name, rate in own.items()}
    return Rates(per_minute, path, named, clock.monotonic, clock.wall)


def test_a_domain_gets_as_many_as_it_bears() -> None:
    clock = Clock()
    limited = rates(clock)
    sent = {"a.example": 0, "b.example": 0}
    for tick in range(6000):
        clock.seconds = tick / 100
        for domain in sent:
            sent[domain] += limited.take(domain) == 0.0
    assert sent == {"a.example": 65, "b.example": 65}, "60 a minute, and 6 seconds' worth at once"


def test_what_it_says_to_wait_is_enough() -> None:
    clock = Clock()
    limited = rates(clock)
    while limited.take("a.example") == 0.0:
        pass
    clock.seconds += limited.take("a.example") + 1e-9
    assert limited.take("a.example") == 0.0


def test_some_domains_have_rates_of_their_own() -> None:
    limited = rates(Clock(), 60, slow_example=6, free_example=0)
    assert [limited.take("slow.example") == 0.0 for _ in range(3)] == [True, False, False]
    assert all(limited.take("free.example") == 0.0 for _ in range(1000))


def test_a_rest_grows_until_a_letter_is_taken(tmp_path: Path) -> None:
    clock, waits = Clock(), []
    limited = rates(clock, path=tmp_path / "rests.json")
    for _ in range(8):
        limited.rest("a.example", "4.7.28 slow down")
        waits.append(round(limited.take("a.example") / 60))
    assert waits == [5, 10, 20, 40, 80, 160, 240, 240]
    assert limited.take("b.example") == 0.0
    again = rates(clock, path=tmp_path / "rests.json")
    assert again.resting()["a.example"].reason == "4.7.28 slow down"
    again.taken("a.example")
    again.rest("a.example", "again")
    assert round(again.take("a.example") / 60) == 5


def test_a_pause_outlasts_the_run_and_can_be_lifted(tmp_path: Path) -> None:
    clock = Clock()
    rates(clock, path=tmp_path / "rests.json").pause("a.example", "5.7.1 blocked")
    again = rates(clock, path=tmp_path / "rests.json")
    assert again.resting()["a.example"].paused
    clock.seconds = 12 * 3600 + 1
    assert again.resting() == {}
    clock.seconds = 0
    assert again.lift("a.example")
    assert rates(clock, path=tmp_path / "rests.json").resting() == {}


def test_a_clock_set_back_makes_no_rest_endless(tmp_path: Path) -> None:
    clock = Clock()
    limited = rates(clock)
    limited.pause("a.example", "5.7.1 blocked")
    clock.seconds = -86_400.0
    assert limited.take("a.example") == 0.0


def test_a_damaged_memory_is_none(tmp_path: Path) -> None:
    path = tmp_path / "rests.json"
    for text in ("", "[]", '{"a.example": 1}', '{"a.example": {"until": "soon", "reason": ""}}'):
        path.write_text(text)
        assert rates(Clock(), path=path).resting() == {}


def test_what_cannot_be_kept_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    limited = rates(Clock(), path=tmp_path / "file" / "rests.json")
    limited.rest("a.example", "slow down")
    assert limited.take("a.example") > 0


def test_what_rested_long_ago_is_forgotten(tmp_path: Path) -> None:
    clock = Clock()
    rates(clock, path=tmp_path / "rests.json").rest("a.example", "slow down")
    clock.seconds = 3 * 86_400
    later = rates(clock, path=tmp_path / "rests.json")
    later.rest("b.example", "slow down")
    assert list(later.resting()) == ["b.example"]
    assert "a.example" not in (tmp_path / "rests.json").read_text()
