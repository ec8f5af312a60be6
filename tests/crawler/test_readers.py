"""A second process reads half of every page; whatever becomes of it, records are read as without it."""

import logging
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from crawler.records import second
from crawler.records.alone import Reading, read_alone
from crawler.records.edition import seen_edition
from crawler.records.messages import to_frame
from crawler.records.readers import Readers
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
    # Whoever works on the program while its tests run is to find other faults than that it has changed.
    monkeypatch.setattr(second, "EDITION", seen_edition())


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


def process_of(readers: Readers) -> "subprocess.Popen[bytes]":
    assert readers._second is not None
    return readers._second._process


def started(readers: Readers, records: list[HarvestedRecord]) -> None:
    """Let the second process come to its work, or to its end."""
    readers.read(records)
    assert readers._second is not None
    readers._second._beginning.join(60)


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
    readers: Readers, records: list[HarvestedRecord]
) -> None:
    process = process_of(readers)
    process.send_signal(signal.SIGSTOP)
    begun = readers.begin(records[:8])
    assert begun.number is not None
    process.kill()
    assert told(begun.finish()) == told(read_alone(records[:8]))


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second, "_TICK", 0.2)
    monkeypatch.setattr(second, "_SILENT", 10)


@pytest.mark.parametrize("many", [1, 200])
def test_one_that_hangs_is_ended_and_that_is_told_once(
    readers: Readers,
    records: list[HarvestedRecord],
    impatient: None,
    caplog: pytest.LogCaptureFixture,
    many: int,
) -> None:
    """It is stopped before it takes its work: a little, which the pipe holds, or more than it holds."""
    asked = records * many
    process = process_of(readers)
    process.send_signal(signal.SIGSTOP)
    with caplog.at_level(logging.WARNING):
        begin = time.monotonic()
        assert told(readers.read(asked)) == told(read_alone(records)) * many
        assert time.monotonic() - begin > 2, "it was not waited for"
        assert told(readers.read(records)) == told(read_alone(records))
    assert process.wait(10) == -signal.SIGKILL
    assert [line.getMessage() for line in caplog.records] == [
        "the second reader is given up: it has not been heard of for 2 s; this process reads on alone"
    ]


def test_one_that_hangs_amid_an_answer_is_ended(
    readers: Readers, records: list[HarvestedRecord], impatient: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its answer is longer than what passes at a time, and it stops once the first of it has come."""
    real, process = os.read, process_of(readers)

    def first(end: int, _: int) -> bytes:
        process.send_signal(signal.SIGSTOP)
        return real(end, 100)

    monkeypatch.setattr(os, "read", first)
    assert told(readers.read(records * 100)) == told(read_alone(records)) * 100
    assert process.wait(10) == -signal.SIGKILL


def test_one_that_is_slow_is_waited_for(
    two_processors: None,
    records: list[HarvestedRecord],
    impatient: None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """All of it takes longer than the silence that is borne, none of its records does."""
    (tmp_path / "sitecustomize.py").write_text(
        "import time, crawler.sources as sources\n"
        "real = sources.try_reading\n"
        "def slow(*given):\n"
        "    time.sleep(0.6)\n"
        "    return real(*given)\n"
        "sources.try_reading = slow\n"
    )
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{ROOT}")
    with closing(Readers(enough=0)) as both:
        started(both, records[:12])
        begin = time.monotonic()
        assert told(both.read(records[:12])) == told(read_alone(records[:12]))
        assert time.monotonic() - begin > 3
        assert both._second is not None
        assert both._second._ready, "it was given up"


def test_newer_files_are_not_read_by(
    two_processors: None,
    records: list[HarvestedRecord],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The program is replaced between the start of the harvest and that of its second process."""
    for room in ("config", "crawler", "domain"):
        shutil.copytree(ROOT / room, tmp_path / room)
    reader = tmp_path / "crawler" / "sources" / "europepmc.py"
    reader.write_text(reader.read_text().replace('"no-title"', '"no-name"'))
    monkeypatch.setattr(second, "__file__", str(tmp_path / "crawler" / "records" / "second.py"))
    with caplog.at_level(logging.WARNING), closing(Readers(enough=0)) as both:
        started(both, records[:6])
        assert both._second is not None
        assert not both._second._ready
        assert told(both.read(records)) == told(read_alone(records))
    assert [line.getMessage() for line in caplog.records] == [
        "the second reader is given up: the program was replaced since this process began, and it would read "
        "by the newer one; this process reads on alone"
    ]


def test_newer_files_of_a_source_that_comes_later_are_not_read_by(
    readers: Readers, records: list[HarvestedRecord], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that meets a source for the first time looks at the files again."""
    both = readers._second
    assert both is not None
    monkeypatch.setattr(second, "EDITION", "another")
    assert told(readers.read(records)) == told(read_alone(records))
    assert not both._ready


@pytest.mark.parametrize("name", ["crawler/sources/oai.py", "config/countries.toml", "domain/paper.py"])
def test_an_edition_is_another_with_each_file(tmp_path: Path, name: str) -> None:
    for room in ("config", "crawler", "domain"):
        shutil.copytree(ROOT / room, tmp_path / room)
    before = seen_edition(tmp_path)
    assert seen_edition(tmp_path) == before
    path = tmp_path / name
    stat = path.stat()
    path.write_bytes(path.read_bytes().replace(b"e", b"i"))
    assert path.stat().st_size == stat.st_size
    assert seen_edition(tmp_path) != before


def test_answers_are_told_apart(readers: Readers, records: list[HarvestedRecord]) -> None:
    """Several sources are harvested at once: one page is begun before another is done."""
    first, second_, third = (readers.begin(records[start : start + 8]) for start in (0, 8, 16))
    third.drop()
    assert told(second_.finish()) == told(read_alone(records[8:16]))
    assert told(first.finish()) == told(read_alone(records[:8]))
    assert readers._second is not None
    assert readers._second._ready


def test_the_share_of_who_is_waited_for_becomes_smaller(
    readers: Readers, records: list[HarvestedRecord], monkeypatch: pytest.MonkeyPatch
) -> None:
    readers._share = 0.5
    begun = readers.begin(records)
    assert begun.second is not None
    while not begun.second.has(begun.number or 0):
        time.sleep(0.01)
    begun.finish()
    assert readers._share > 0.5
    process_of(readers).send_signal(signal.SIGSTOP)
    begun = readers.begin(records)
    take = second.Second.take

    def take_at_last(this: second.Second, *given: Any) -> list[Reading] | None:
        process_of(readers).send_signal(signal.SIGCONT)  # now that it is waited for, however slow the machine
        return take(this, *given)

    monkeypatch.setattr(second.Second, "take", take_at_last)
    assert told(begun.finish()) == told(read_alone(records))
    assert readers._share == 0.5


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


def test_where_no_thread_can_be_started_one_reads_all_and_leaves_no_process(
    two_processors: None, records: list[HarvestedRecord], monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[subprocess.Popen[bytes]] = []
    started, popen = threading.Thread.start, subprocess.Popen

    def noted(*given: object, **named: object) -> "subprocess.Popen[bytes]":
        begun.append(popen(*given, **named))  # type: ignore[call-overload]
        return begun[-1]

    def full(thread: threading.Thread) -> None:
        if thread.daemon:
            raise RuntimeError("can't start new thread")
        started(thread)

    monkeypatch.setattr(subprocess, "Popen", noted)
    monkeypatch.setattr(threading.Thread, "start", full)
    with closing(Readers(enough=0)) as both:
        for _ in range(2):
            assert told(both.read(records[:6])) == told(read_alone(records[:6]))
    assert [process.poll() for process in begun] == [-signal.SIGKILL]


def test_an_id_that_is_no_text_is_read_here(readers: Readers, records: list[HarvestedRecord]) -> None:
    """JSON may hold half a surrogate."""
    odd = [*records[:6], replace(records[6], native_id="\ud800")]
    assert told(readers.read(odd)) == told(read_alone(odd))
    assert readers._second is not None
    assert readers._second._ready, "it is given up for one record"


def test_closing_waits_for_none_that_the_system_holds(
    two_processors: None, records: list[HarvestedRecord], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It neither comes to its work nor dies, as one does that waits for a disk which does not answer."""
    monkeypatch.setattr(second, "_TICK", 0.1)
    both = Readers(enough=0)
    monkeypatch.setenv("PYTHONPATH", "")
    both.read(records[:6])
    assert both._second is not None
    process = process_of(both)
    process.send_signal(signal.SIGSTOP)
    monkeypatch.setattr(process, "kill", lambda: None)
    closing_ = threading.Thread(target=both.close)
    closing_.start()
    closing_.join(5)
    process.send_signal(signal.SIGKILL)
    assert not closing_.is_alive()
    process.wait()


def test_it_ends_without_a_word_when_who_started_it_is_killed_amid_its_work(
    records: list[HarvestedRecord],
) -> None:
    asked = to_frame(msgspec.msgpack.encode((1, records)))
    command = [sys.executable, "-m", "crawler.records.serving"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, cwd=ROOT) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        process.stdin.write(asked)
        process.stdin.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == 0


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


def test_nobody_waits_until_a_page_is_taken(readers: Readers, records: list[HarvestedRecord]) -> None:
    """More than a pipe holds is handed over while the other is at the page before, or does nothing at all."""
    large = [replace(record, native_id=f"{n}") for n in range(40) for record in records]
    assert sum(len(record.payload) for record in large[len(large) // 2 :]) > 1.5 * second._PIPE_BYTES
    readers._share = 0.5
    process_of(readers).send_signal(signal.SIGSTOP)
    begun = []
    handing = threading.Thread(target=lambda: begun.append(readers.begin(large)))
    handing.start()
    handing.join(20)
    in_time = not handing.is_alive()
    process_of(readers).send_signal(signal.SIGCONT)
    handing.join()
    assert in_time
    assert begun[0].number is not None
    assert told(begun[0].finish()) == told(read_alone(large))
    assert readers._second is not None
    assert readers._second._ready


def test_no_more_is_handed_over_than_it_comes_to(readers: Readers, records: list[HarvestedRecord]) -> None:
    large = records * 40
    readers._share = 0.5
    process_of(readers).send_signal(signal.SIGSTOP)
    begun = [readers.begin(large) for _ in range(second._WAITING + 3)]
    assert begun[0].number is not None
    assert begun[-1].number is None
    for one in begun:
        one.drop()


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
    monkeypatch.setattr(second, "_MOST_BYTES", 10)
    monkeypatch.setattr(type(readers._second), "take", lambda *_: pytest.fail("it was handed over"))
    assert told(readers.read(records)) == told(read_alone(records))


def test_it_ends_with_whoever_started_it_even_by_a_kill() -> None:
    script = (
        "import time, crawler.records.second as r\n"
        "from datetime import datetime, UTC\n"
        "from domain.record import HarvestedRecord\n"
        "first = HarvestedRecord('europepmc', '1', datetime.now(UTC), 'application/json', b'{}')\n"
        "second = r.Second(first)\n"
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
