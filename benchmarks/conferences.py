"""Lists of meetings through the real site and store: `python -m benchmarks.conferences [--size N] [--json]`.

Every meeting is invented. Beside each case stands the raw limit of the same run, in turn with ours: bare SQL
that counts all that is to come and reads as many rows without decoding them, and the icalendar library
rendering as many events that somebody has already read.
"""

import argparse
import random
import resource
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import icalendar
from flask.testing import FlaskClient

from benchmarks.children import quantile
from benchmarks.rows import Row, print_rows
from catalog import open_catalog
from domain.listing import Attendance, Deadline, DeadlineKind, Edition, Fee, Moment, Series, State, Venue
from index import open_index
from web import Site, create_app
from web.listings.conferences import WHOLE_SIZE

NOW = datetime(2027, 1, 15, 12, tzinfo=UTC)
ZONES = ("Africa/Nairobi", "America/Sao_Paulo", "Asia/Kolkata", "Europe/Berlin", "America/New_York", "UTC")
COUNTRIES = ("KE", "BR", "IN", "DE", "US", "NG", "GH", "VN", "MX", "ZA", "FR", "JP")
CANCERS = ("breast", "lung", "colorectal", "prostate", "cervical", "leukaemia")
WORDS = (
    "invented",
    "tumours",
    "children",
    "nurses",
    "imaging",
    "screening",
    "surgery",
    "genomics",
    "registry",
)
T = TypeVar("T")
_BY_SERIES = 10
_BATCH = 2_000


def main() -> None:
    """Measure, and print the rows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=20_000, help="how many meetings")
    parser.add_argument("--rounds", type=int, default=40, help="how often each page is asked for")
    parser.add_argument("--data", help="taken and not used: every meeting is invented")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print_rows(list(measure(Path(folder), options.size, options.rounds)), as_json=options.json)


def measure(folder: Path, size: int, rounds: int) -> Iterator[Row]:
    """Fill a store, and ask for every kind of list."""
    catalog = open_catalog(f"sqlite:///{folder / 'listings.db'}", ())
    index = open_index("embedded:", folder / "index")
    began = time.process_time()
    for series in invented_series(size):
        ids = catalog.listings.save_all([s for s, _ in series], State.PUBLIC, "invented", "created")
        editions = [e for own, (_, make) in zip(ids, series, strict=True) for e in make(own)]
        catalog.listings.save_all(editions, State.PUBLIC, "invented", "created")
    yield Row(f"{size} saved", "findings", "cpu", (time.process_time() - began) / size * 1000, "ms/meeting")
    site = Site(catalog, index, listings=catalog.listings, clock=lambda: NOW)
    client = create_app(site).test_client()
    raw = sqlite3.connect(folder / "listings.db")
    draw = random.Random(2)
    for case, path in {
        "list": lambda: f"/conferences?page={draw.randint(1, 40)}",
        "filter": lambda: f"/conferences?{_filters(draw)}",
        "past": lambda: f"/conferences?past=yes&page={draw.randint(1, 40)}",
        "filtered .ics": lambda: f"/conferences.ics?{_filters(draw)}",
        ".json": lambda: f"/conferences.json?{_filters(draw)}",
    }.items():
        yield from _paced(case, client, raw, path, rounds)
    yield from _paced("map", client, raw, lambda: "/conferences/map", 2)
    yield from _whole(client, raw)
    yield Row("process", "findings", "peak", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "MiB")
    raw.close()
    index.close()
    catalog.close()


def _paced(
    case: str, client: FlaskClient, raw: sqlite3.Connection, path: Callable[[], str], rounds: int
) -> Iterator[Row]:
    """One case, each question asked of us and then of the bare database."""
    ours: list[tuple[float, float]] = []
    bare: list[tuple[float, float]] = []
    sizes = []
    client.get(path())
    for _ in range(rounds):
        asked = path()
        answer, took = _timed(lambda asked=asked: client.get(asked))  # type: ignore[misc]
        if answer.status_code not in {200, 302}:
            raise RuntimeError(f"{asked} answered {answer.status_code}")
        ours.append(took)
        sizes.append(len(answer.data))
        many = {"filtered .ics": WHOLE_SIZE, "map": 1_000_000, ".json": 100}.get(case, 20)
        bare.append(_timed(lambda: _bare_sql(raw, many))[1])  # noqa: B023
    for system, taken in (("findings", ours), ("bare SQL", bare)):
        for place, unit in enumerate(("cpu", "wall")):
            times = [each[place] * 1000 for each in taken]
            yield Row(case, system, f"{unit} p50", quantile(times, 0.5), "ms")
            yield Row(case, system, f"{unit} p95", quantile(times, 0.95), "ms")
    yield Row(case, "findings", "bytes p95", quantile(sizes, 0.95), "B")


def _whole(client: FlaskClient, raw: sqlite3.Connection) -> Iterator[Row]:
    """The longest calendar that is given out, twice: nothing kept, and as kept as it stays."""
    case = "whole .ics"
    for name in ("first", "again"):
        answer, (cpu, wall) = _timed(lambda: client.get("/conferences.ics"))
        yield Row(f"{case}, {name}", "findings", "cpu", cpu * 1000, "ms")
        yield Row(f"{case}, {name}", "findings", "wall", wall * 1000, "ms")
    events = icalendar.Calendar.from_ical(answer.data).walk("VEVENT")
    yield Row(f"{case}, first", "findings", "bytes", len(answer.data), "B")
    yield Row(f"{case}, first", "findings", "events", len(events), "events")
    made = [_plain_event(event) for event in events]
    _, (cpu, wall) = _timed(lambda: [_rendered(one) for one in made])
    yield Row(f"{case}, first", "bare icalendar", "cpu", cpu * 1000, "ms")
    yield Row(f"{case}, first", "bare icalendar", "wall", wall * 1000, "ms")
    _, (cpu, wall) = _timed(lambda: _bare_sql(raw, WHOLE_SIZE))
    yield Row(f"{case}, first", "bare SQL", "cpu", cpu * 1000, "ms")
    yield Row(f"{case}, first", "bare SQL", "wall", wall * 1000, "ms")


def _bare_sql(raw: sqlite3.Connection, size: int) -> int:
    """Count what is to come, and read the first of it as it lies there."""
    now = f"{NOW:%Y-%m-%dT%H:%M:%SZ}"
    where = "FROM shown_listings s WHERE s.kind = 'edition' AND s.ends > ?"
    total = raw.execute(f"SELECT count(*) {where}", (now,)).fetchone()[0]
    rows = raw.execute(
        "SELECT l.public FROM listings l JOIN shown_listings s ON s.id = l.id "
        "WHERE s.kind = 'edition' AND s.ends > ? ORDER BY s.place LIMIT ?",
        (now, size),
    ).fetchall()
    return int(total) + len(rows)


def _plain_event(event: icalendar.Component) -> list[tuple[str, object]]:
    names = ("uid", "dtstamp", "dtstart", "dtend")
    texts = ("summary", "description", "location", "url", "status")
    return [(name, event.decoded(name)) for name in names if name in event] + [
        (name, str(event[name])) for name in texts if name in event
    ]


def _rendered(properties: Iterable[tuple[str, object]]) -> bytes:
    event = icalendar.Event()
    for name, value in properties:
        event.add(name, value)
    return bytes(event.to_ical())


def _timed(work: Callable[[], T]) -> tuple[T, tuple[float, float]]:
    cpu, wall = time.process_time(), time.perf_counter()
    found = work()
    return found, (time.process_time() - cpu, time.perf_counter() - wall)


def _filters(draw: random.Random) -> str:
    chosen = draw.sample(
        [
            f"country={draw.choice(COUNTRIES)}",
            f"cancer_type={draw.choice(CANCERS)}",
            f"month={NOW.year + draw.randint(0, 1)}-{draw.randint(2, 12):02}",
            "open=yes",
            "attendance=online",
            f"q={draw.choice(WORDS)}",
        ],
        2,
    )
    return "&".join(chosen)


def invented_series(size: int) -> Iterator[list[tuple[Series, Callable[[str], list[Edition]]]]]:
    """Batches of series, each with what makes its editions once it has an id."""
    draw = random.Random(1)
    batch: list[tuple[Series, Callable[[str], list[Edition]]]] = []
    for number in range(-(-size // _BY_SERIES)):
        title = f"Invented Meeting {number} on {' and '.join(draw.sample(WORDS, 3))}"
        editions = min(_BY_SERIES, size - number * _BY_SERIES)

        def make(series: str, title: str = title, editions: int = editions) -> list[Edition]:
            return [_invented(draw, series, title, n) for n in range(editions)]

        batch.append((Series("", "", title, summary=_prose(draw, 40)), make))
        if len(batch) * _BY_SERIES >= _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _invented(draw: random.Random, series: str, title: str, number: int) -> Edition:
    first = date(2026, 1, 1) + timedelta(days=draw.randint(0, 1_400))
    zone, timed = draw.choice(ZONES), draw.random() < 0.3
    last = first + timedelta(days=draw.randint(0, 4))
    starts, ends = (f"{first}T09:00", f"{last}T17:30") if timed else (f"{first}", f"{last}")
    due = (first - timedelta(days=days) for days in (150, 60, 10))
    kinds = (DeadlineKind.ABSTRACT, DeadlineKind.EARLY_REGISTRATION, DeadlineKind.REGISTRATION)
    wanted = draw.randint(0, 3)
    return Edition(
        "",
        series,
        str(number),
        f"{title}, edition {number}",
        Moment(starts, zone),
        Moment(ends, zone),
        summary=_prose(draw, 60),
        url=f"https://meeting{number}.example/",
        attendance=draw.choice(list(Attendance)),
        venue=Venue(draw.choice(COUNTRIES), "Invented City", "Invented Hall", latitude=1.0, longitude=36.0),
        cancer_types=tuple(draw.sample(CANCERS, draw.randint(0, 2))),
        deadlines=tuple(Deadline(k, Moment(f"{d}")) for k, d in list(zip(kinds, due, strict=True))[:wanted]),
        fees=(Fee("0", "EUR", "Students"), Fee("250", "EUR", "Everybody else")),
        cancelled=draw.random() < 0.02,
    )


def _prose(draw: random.Random, words: int) -> str:
    return " ".join(draw.choices(WORDS, k=words)).capitalize() + "."


if __name__ == "__main__":
    main()
