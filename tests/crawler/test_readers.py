"""A second process reads half of every page; whatever becomes of it, records are read as without it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

import crawler.records.readers
from crawler.records.readers import Readers, read_alone
from crawler.sources import load_source, module_names
from domain.errors import RecordRejected
from domain.paper import Version
from domain.record import HarvestedRecord

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "tests" / "examples"
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def two_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.records.readers._processors", lambda: 2)


@pytest.fixture
def records() -> list[HarvestedRecord]:
    """The golden examples of all sources, one that is damaged, and one that is no text at all."""
    found = [record for name in module_names() for record in examples(name)]
    broken = replace(found[0], native_id="broken", payload=b"{")
    return [*found, broken, replace(broken, source="europepmc", payload=b"\x00\xff")]


@pytest.fixture
def readers(two_processors: None, records: list[HarvestedRecord]) -> Iterator[Readers]:
    """Two that are at work."""
    with closing(Readers(enough=0)) as both:
        both.read(records)
        second = both._second
        assert second is not None
        second._beginning.join(60)
        assert second._ready
        yield both


def examples(name: str) -> Iterator[HarvestedRecord]:
    [example] = [path for path in EXAMPLES.glob(f"{name}.*") if not path.name.endswith(".versions.json")]
    with example.open("rb") as stream:
        yield from load_source(name).parse_records(stream, NOW)


def told(readings: list[Version | RecordRejected]) -> list[object]:
    return [(one.reason, one.detail) if isinstance(one, RecordRejected) else one for one in readings]


def test_every_example_is_read_as_by_one(readers: Readers, records: list[HarvestedRecord]) -> None:
    alone = told(read_alone(records))
    assert told(readers.read(records)) == alone
    assert told(readers.read(records[::-1])) == alone[::-1]
    assert readers._second is not None
    assert readers._second._ready
    assert any(isinstance(one, tuple) for one in alone), "none was rejected"


def test_one_that_dies_is_done_without(readers: Readers, records: list[HarvestedRecord]) -> None:
    assert readers._second is not None
    readers._second._process.kill()
    readers._second._process.wait()
    for _ in range(2):
        assert told(readers.read(records)) == told(read_alone(records))


def test_one_that_dies_over_its_work_is_done_without(
    readers: Readers, records: list[HarvestedRecord], monkeypatch: pytest.MonkeyPatch
) -> None:
    second = readers._second
    assert second is not None
    give = second.give

    def killed(handed: list[HarvestedRecord]) -> bool:
        second._process.send_signal(signal.SIGSTOP)
        given = give(handed)
        second._process.kill()
        return given

    monkeypatch.setattr(type(second), "give", lambda _, handed: killed(handed))
    assert told(readers.read(records[:8])) == told(read_alone(records[:8]))


def test_what_cannot_be_told_is_read_here(
    readers: Readers, records: list[HarvestedRecord], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A record that names no source is a fault that is to be met here, not swallowed there."""
    from domain.errors import ConfigError

    nowhere = replace(records[0], source="nowhere")
    with pytest.raises(ConfigError):
        readers.read([*records[:6], nowhere])
    assert told(readers.read(records)) == told(read_alone(records)), "it goes on afterwards"


def test_no_answer_is_taken_for_that_to_another_question(
    readers: Readers, records: list[HarvestedRecord]
) -> None:
    """What broke the reading here leaves an answer behind that is as long as the next one."""
    from domain.errors import ConfigError

    nowhere = replace(records[0], source="nowhere")
    with pytest.raises(ConfigError):
        readers.read([nowhere, *records[1:6]])
    assert told(readers.read(records[6:12])) == told(read_alone(records[6:12]))


def test_nothing_that_lies_where_it_is_called_is_run(
    two_processors: None, records: list[HarvestedRecord], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "msgspec.py").write_text("raise SystemExit")
    monkeypatch.chdir(tmp_path)
    with closing(Readers(enough=0)) as both:
        both.read(records[:6])
        assert both._second is not None
        both._second._beginning.join(60)
        assert both._second._ready


def test_where_no_process_can_be_started_one_reads_all(
    two_processors: None, records: list[HarvestedRecord], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with closing(Readers(enough=0)) as both:
        for _ in range(2):
            assert told(both.read(records[:6])) == told(read_alone(records[:6]))


def test_what_a_library_prints_there_garbles_no_answer(
    two_processors: None, records: list[HarvestedRecord], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import sys\n"
        "class Noisy:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.startswith('crawler.sources.'):\n"
        "            sys.stdout.write('loading tables\\n'); sys.stdout.flush()\n"
        "sys.meta_path.insert(0, Noisy())\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with closing(Readers(enough=0)) as both:
        both.read(records[:6])
        assert both._second is not None
        both._second._beginning.join(60)
        assert both._second._ready


@pytest.mark.parametrize(("processors", "enough", "size"), [(1, 0, 10), (2, 100, 10), (2, 0, 3)])
def test_nothing_is_started_where_it_would_not_help(
    records: list[HarvestedRecord], monkeypatch: pytest.MonkeyPatch, processors: int, enough: int, size: int
) -> None:
    monkeypatch.setattr("crawler.records.readers._processors", lambda: processors)
    with closing(Readers(enough)) as readers:
        readers.read(records[:size])
        assert readers._second is None


def test_giants_are_not_handed_over(
    readers: Readers, records: list[HarvestedRecord], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crawler.records.readers, "_MOST_BYTES", 10)
    monkeypatch.setattr(type(readers._second), "take", lambda *_: pytest.fail("it was handed over"))
    assert told(readers.read(records)) == told(read_alone(records))


def test_it_ends_with_whoever_started_it_even_by_a_kill() -> None:
    script = (
        "import time, crawler.records.readers as r\n"
        "from datetime import datetime, UTC\n"
        "from domain.record import HarvestedRecord\n"
        "first = HarvestedRecord('europepmc', '1', datetime.now(UTC), 'application/json', b'{}')\n"
        "second = r._Second(first)\n"
        "second._beginning.join()\n"
        "print(second._process.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, "-c", script], env=environment, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout
        child = int(parent.stdout.readline())
        parent.kill()
    end = time.monotonic() + 30
    while is_alive(child) and time.monotonic() < end:
        time.sleep(0.02)
    assert not is_alive(child)


def is_alive(process: int) -> bool:
    """A zombie that nobody has waited for is dead."""
    found = subprocess.run(["ps", "-o", "stat=", "-p", str(process)], capture_output=True, text=True)
    return bool(found.stdout.strip()) and not found.stdout.strip().startswith("Z")
