"""The index after crashes, damage, another version, and with several processes at once."""

import json
import os
import random
import resource
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
import tantivy

from domain.errors import ConfigError, SearchError, SearchUnavailable
from domain.query import Query
from index import open_index
from index.embedded import engine as embedded
from index.embedded import opening
from index.hybrid import HybridIndex

ROOT = Path(__file__).parents[2]

WRITER = """
import sys
from pathlib import Path
from domain.identifiers import Identifiers
from domain.paper import Paper, Version, VersionKind
from domain.ports import Indexable
from index import open_index

index = open_index("embedded:", Path(sys.argv[1]))
for n in range(index.position() + 1, 100_000):
    version = Version(VersionKind.ARTICLE, Identifiers(), f"Invented {n}", published="2020")
    index.write([Indexable(Paper(f"f{n:010d}", (version,), "", ""))], [f"f{n - 5:010d}"], n)
    print(n, flush=True)
"""


def start(code: str, folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, str(folder)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )


def test_killed_at_any_point_data_and_position_agree(tmp_path):
    """Paper n is written, and paper n - 5 deleted, in the write that moves to position n."""
    seed = random.SystemRandom().randrange(2**32)
    chance = random.Random(seed)
    acknowledged = 0
    for _ in range(8):
        writer = start(WRITER, tmp_path)
        assert writer.stdout is not None
        acknowledged = int(writer.stdout.readline())
        time.sleep(chance.random() * 0.3)
        os.kill(writer.pid, signal.SIGKILL)
        acknowledged = max([acknowledged, *map(int, writer.stdout.read().split("\n")[:-1])])
        writer.wait()
        index = open_index("embedded:", tmp_path)
        position = index.position()
        assert position >= acknowledged, f"seed {seed}"
        expected = {f"f{n:010d}" for n in range(max(1, position - 4), position + 1)}
        assert set(index.ids()) == expected, f"seed {seed}"
        assert index.search(Query("invented")).total == len(expected)


def test_readers_see_the_commits_of_other_processes(tmp_path):
    readers = [open_index("embedded:", tmp_path) for _ in range(2)]
    assert [reader.count() for reader in readers] == [0, 0]
    writer = start(WRITER, tmp_path)
    assert writer.stdout is not None
    for _ in range(12):
        number = int(writer.stdout.readline())
        for reader in readers:
            assert reader.position() >= number
            assert 1 <= reader.search(Query("invented")).total <= 5
    writer.kill()
    writer.wait()


def test_writing_twice_is_the_same_as_once(open_engine, make):
    index = open_engine()
    for _ in range(2):
        index.write([make(1, "One"), make(2, "Two")], [make(3, "").paper.id, "unknown"], 9)
    assert index.count() == 2
    assert index.position() == 9
    index.write([make(1, "Changed")], [make(2, "").paper.id], 10)
    assert open_engine().search(Query("changed")).total == 1
    assert open_engine().search(Query("one")).total == 0
    assert (index.count(), index.position()) == (1, 10)


def test_a_write_that_fails_changes_nothing(open_engine, make):
    index = open_engine()
    index.write([make(1, "One")], [], 1)

    def failing():
        yield make(2, "Two")
        raise RuntimeError("the catalog went away")

    with pytest.raises(RuntimeError):
        index.write(failing(), [make(1, "").paper.id], 2)
    assert (index.count(), index.position()) == (1, 1)
    index.write([make(2, "Two")], [], 2)
    assert index.count() == 2


def test_a_full_disk_is_told_and_changes_nothing(tmp_path, make):
    """A limit on the size of files stands for the disk."""
    index = open_index("embedded:", tmp_path)
    index.write([make(1, "One")], [], 1)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1024, hard))
    try:
        with pytest.raises(SearchUnavailable, match="no room left"):
            index.write([make(n, f"{n} words " * 50) for n in range(2, 60)], [], 2)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert (index.count(), index.position()) == (1, 1)
    index.write([make(2, "Two")], [], 2)
    assert index.count() == 2


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ("An IO error occurred: 'No space left on device (os error 28)'", "no room left"),
        (
            "Failed to open file for write: 'IoError { io_error: Os { code: 28, kind: StorageFull",
            "no room left",
        ),
        ("PathError { path: 'x', err: Os { code: 24, kind: TooManyOpenFiles", "more open files"),
        ("Os { code: 13, kind: PermissionDenied", "may not be read"),
        ("Data corrupted: 'code 28'", "rebuild"),
    ],
)
def test_what_the_system_refuses_is_told_however_the_library_words_it(tmp_path, told, words):
    index = open_index("embedded:", tmp_path)
    with pytest.raises(SearchUnavailable, match=words), index._engine._opening.guard():
        raise ValueError(told)


def test_clear_empties(open_engine, make):
    index = open_engine()
    index.write([make(1, "One")], [], 1)
    other = open_engine()
    assert other.count() == 1
    index.clear()
    assert (index.count(), index.position(), other.count(), other.position()) == (0, 0, 0, 0)
    assert other.search(Query("one")).hits == ()


def test_a_replacement_is_seen_whole_or_not_at_all(tmp_path, make):
    index, reader = (open_index("embedded:", tmp_path) for _ in range(2))
    index.write([make(1, "One")], [], 1)
    with index.replacement() as fresh:
        fresh.write([make(2, "Two")], [], 2)
        assert list(reader.ids()) == list(index.ids()) == [make(1, "").paper.id]
        fresh.write([make(3, "Three")], [], 3)
    assert set(reader.ids()) == set(index.ids()) == {make(n, "").paper.id for n in (2, 3)}
    assert reader.position() == index.position() == 3
    assert len([path for path in tmp_path.iterdir() if path.is_dir()]) == 1


def test_a_reader_finds_what_became_current_while_it_opened_the_one_before(tmp_path, make, monkeypatch):
    writer, reader = (embedded.EmbeddedEngine(tmp_path) for _ in range(2))
    writer.write([make(1, "One")], [], 1)
    generations, asked = reader._opening._generations, []
    stamp = generations.stamp

    def stamped():
        asked.append(True)
        if len(asked) == 2:  # whenever it looks again: right after opening, or at its next answer
            with writer.replacement() as fresh:
                fresh.write([make(2, "Two"), make(3, "Three")], [], 3)
        return stamp()

    monkeypatch.setattr(generations, "stamp", stamped)
    reader.count()
    assert (reader.count(), reader.position()) == (2, 3)


def test_a_rebuild_outlives_another_that_began_later(tmp_path, make):
    slow, quick = (embedded.EmbeddedEngine(tmp_path) for _ in range(2))
    slow.write([make(1, "One")], [], 1)
    with slow.replacement() as fresh:
        fresh.write([make(1, "One")], [], 1)
        quick.clear()
        fresh.write([make(2, "Two")], [], 2)
    assert slow.count() == quick.count() == 2
    assert len([path for path in tmp_path.iterdir() if path.is_dir()]) == 1


def test_a_rebuild_that_fails_leaves_the_old_index(tmp_path, make):
    index = open_index("embedded:", tmp_path)
    index.write([make(1, "One")], [], 1)
    with pytest.raises(RuntimeError), index.replacement():
        raise RuntimeError("stopped")
    assert (index.count(), index.position()) == (1, 1)


@pytest.mark.parametrize("end", [KeyboardInterrupt, OSError(28, "No space left on device")])
def test_a_rebuild_that_is_cut_short_leaves_no_half_of_an_index(tmp_path, make, end):
    engine = embedded.EmbeddedEngine(tmp_path)
    engine.write([make(1, "One")], [], position=1)
    before = sorted(tmp_path.iterdir())

    def cut_short():
        with engine.replacement() as fresh:
            fresh.write([make(2, "Two")], [], position=2)
            raise end

    for _ in range(2):
        with pytest.raises((KeyboardInterrupt, OSError, SearchError)):
            cut_short()
        assert sorted(tmp_path.iterdir()) == before
    assert engine.position() == 1
    engine.close()


def test_what_was_read_of_an_old_generation_is_not_written_to_a_new_one(tmp_path, make):
    slow, other = (open_index("embedded:", tmp_path) for _ in range(2))
    slow.write([make(1, "One")], [], 1)
    assert slow.position() == 1
    other.clear()
    with pytest.raises(SearchUnavailable, match="rebuilt meanwhile"):
        slow.write([make(2, "Two")], [], 2)
    assert slow.position() == 0
    slow.write([make(2, "Two")], [], 2)


def test_another_writer_is_told_to_wait_and_readers_go_on(tmp_path, make):
    index = open_index("embedded:", tmp_path)
    index.write([make(1, "One")], [], 1)
    with index.replacement() as fresh:
        path = fresh.path
    held = tantivy.Index.open(str(path)).writer()
    with pytest.raises(SearchUnavailable, match="another process is writing"):
        index.write([make(2, "Two")], [], 2)
    assert index.count() == 0
    held.wait_merging_threads()
    index.write([make(2, "Two")], [], 2)
    assert index.count() == 1


def test_readers_have_an_answer_while_generations_come_and_go(tmp_path, make):
    index, reader = (open_index("embedded:", tmp_path) for _ in range(2))
    index.write([make(1, "One")], [], 1)
    done, totals = threading.Event(), set()

    def read():
        while not done.is_set():
            totals.add(reader.search(Query("one")).total)

    with ThreadPoolExecutor(2) as pool:
        reading = [pool.submit(read) for _ in range(2)]
        for _ in range(12):
            with index.replacement() as fresh:
                fresh.write([make(1, "One")], [], 1)
        done.set()
        for future in reading:
            future.result()
    assert totals == {1}


@pytest.mark.parametrize("published", ["2024-13-45", "spring", "", "20", "0000"])
def test_a_broken_date_or_letter_stops_nothing(published, open_engine, make):
    index = open_engine()
    broken = "lone \ud800 surrogate"
    index.write([make(1, broken, broken, published=published, keywords=(broken,), study_type=broken)], [], 1)
    page = index.search(Query("surrogate", filters={"study_type": ("lone-\ud800-surrogate",)}))
    assert page.total == 1
    assert page.hits[0].title.text == "lone \ufffd surrogate"


def damage_current(folder):
    (folder / "CURRENT").write_text("nonsense")


def damage_meta(folder):
    next(folder.glob("g*/meta.json")).write_text("{}")


def remove_segments(folder):
    for path in folder.glob("g*/*.term"):
        path.unlink()


def remove_generation(folder):
    for path in folder.glob("g*/*"):
        path.unlink()
    for path in folder.glob("g*"):
        path.rmdir()


@pytest.mark.parametrize("damage", [damage_current, damage_meta, remove_segments, remove_generation])
def test_a_damaged_index_says_how_to_mend_it_and_can_be_mended(damage, tmp_path, make):
    open_index("embedded:", tmp_path).write([make(1, "One")], [], 1)
    damage(tmp_path)
    index = open_index("embedded:", tmp_path)
    for call in (index.position, lambda: index.search(Query("one")), index.count):
        with pytest.raises(SearchUnavailable, match="findings index rebuild") as raised:
            call()
        assert "\n" not in str(raised.value)
    index.clear()
    index.write([make(1, "One")], [], 1)
    assert index.count() == 1


def test_a_folder_with_other_things_in_it_is_left_alone(tmp_path):
    (tmp_path / "holiday.jpg").write_bytes(b"invented")
    with pytest.raises(SearchUnavailable, match="something other"):
        open_index("embedded:", tmp_path).count()
    assert [path.name for path in tmp_path.iterdir()] == ["holiday.jpg"]


def test_an_index_of_another_version_starts_anew(tmp_path, make):
    open_index("embedded:", tmp_path).write([make(1, "One")], [], 1)
    current = tmp_path / "CURRENT"
    current.write_text(json.dumps(json.loads(current.read_text()) | {"schema": 0}))
    index = open_index("embedded:", tmp_path)
    assert (index.position(), index.count()) == (0, 0)


def mapped(folder: Path) -> set[str]:
    """Where in this process's memory files of the folder are."""
    maps = Path("/proc/self/maps")
    if not maps.exists():
        pytest.skip("what is mapped is not told by this system")
    return {line.split()[0] for line in maps.read_text().splitlines() if str(folder) in line}


def test_a_large_index_is_opened_anew_before_it_fills_the_memory_of_who_asks(tmp_path, make, monkeypatch):
    index = open_index("embedded:", tmp_path)
    index.write([make(n, f"Colon cancer {n}") for n in range(1, 301)], [], 300)
    wanted = index.search(Query("colon", size=20))
    before = mapped(tmp_path)
    assert before
    index.search(Query("colon"))
    assert mapped(tmp_path) == before
    monkeypatch.setattr(opening, "_MAPPED", 0)
    monkeypatch.setattr(opening, "_VIEWS", 1)
    opened = []
    inside = opening.Opening._open

    def counted(self: opening.Opening, path: Path) -> tantivy.Index:
        opened.append(path)
        return inside(self, path)

    monkeypatch.setattr(opening.Opening, "_open", counted)

    def ask(_: int) -> bool:
        page = index.search(Query("colon", size=20))
        return ([hit.paper_id for hit in page.hits], page.total) == (
            [hit.paper_id for hit in wanted.hits],
            wanted.total,
        )

    with ThreadPoolExecutor(4) as threads:
        assert all(threads.map(ask, range(60)))
    assert len(opened) >= 60
    assert len(mapped(tmp_path)) <= len(before)
    index.write([make(301, "Colon cancer 301")], [], 301)
    assert (index.count(), index.position()) == (301, 301)


@pytest.mark.parametrize("full", [False, True])
def test_who_still_runs_another_version_leaves_the_rebuilt_index_alone(tmp_path, make, monkeypatch, full):
    site = open_index("embedded:", tmp_path)
    site.write([make(1, "One")], [], 1)
    assert site.count() == 1
    with monkeypatch.context() as upgraded:
        upgraded.setattr(opening, "schema_version", lambda: "newer")
        newer = open_index("embedded:", tmp_path)
        assert isinstance(newer, HybridIndex)
        with newer.replacement() as words:
            words.write([make(1, "One"), make(2, "Two")], [], 2)
    if full:  # which must not begin anew what another version has
        monkeypatch.setattr(opening, "_MAPPED", 0)
        monkeypatch.setattr(opening, "_VIEWS", 1)
    assert (site.position(), site.count()) == (1, 1)
    assert [hit.paper_id for hit in site.search(Query("one")).hits] == [make(1, "").paper.id]
    with pytest.raises(SearchUnavailable, match="another version of Findings; restart"):
        site.write([make(3, "Three")], [], 3)
    assert (newer.position(), newer.count()) == (2, 2)


@pytest.mark.parametrize("url", ["gopher://localhost:9200", "nonsense", ""])
def test_another_engine_is_one_clear_line(url, tmp_path):
    with pytest.raises(ConfigError, match="search_url") as raised:
        open_index(url, tmp_path)
    assert "\n" not in str(raised.value)


def test_opening_touches_nothing(tmp_path):
    open_index("embedded:", tmp_path / "index").close()
    assert list(tmp_path.iterdir()) == []


def test_an_id_that_the_catalog_never_gives_is_one_clear_line(open_engine, make):
    index = open_engine()
    wrong = make(1, "One")
    wrong = replace(wrong, paper=replace(wrong.paper, id="not-a-work"))
    with pytest.raises(SearchError, match="'not-a-work' is not the id of a paper"):
        index.write([make(2, "Two"), wrong], [], 1)
    assert (index.count(), index.position()) == (0, 0)


def test_ids_that_are_none_are_passed_over(tmp_path, make):
    engine = embedded.EmbeddedEngine(tmp_path)
    engine.write([make(1, "One")], ["nonsense"], 1)
    own = make(1, "").paper.id
    assert set(engine.scores(None, Query(), ["nonsense", own, "f"])) == {own}
    assert set(engine.shown(["", own])) == {own}


def test_a_replacement_keeps_the_last_of_several_writings_of_a_paper(tmp_path, make):
    engine = embedded.EmbeddedEngine(tmp_path)
    with engine.replacement() as fresh:
        for n in range(1, 6):
            fresh.write([make(1, f"Invented {n}"), make(n, f"Other {n}")], [], n)
            assert fresh.position() == n
        fresh.write([make(9, "Gone")], [make(2, "").paper.id], 6)
        assert (fresh.count(), fresh.position()) == (5, 6)
        fresh.write([], [make(9, "").paper.id], 7)
    assert (engine.count(), engine.position()) == (4, 7)


def test_a_write_that_fails_takes_a_replacement_back_to_what_it_says(tmp_path, make):
    engine = embedded.EmbeddedEngine(tmp_path)

    def failing():
        yield make(2, "Two")
        raise RuntimeError("the catalog went away")

    with engine.replacement() as fresh:
        fresh.write([make(1, "One")], [], 1)
        with pytest.raises(RuntimeError):
            fresh.write(failing(), [], 2)
        assert (fresh.count(), fresh.position()) == (0, 0)
        fresh.write([make(1, "One"), make(2, "Two")], [], 2)
    assert (engine.count(), engine.position()) == (2, 2)


def test_a_rebuild_needs_no_word_on_cores(tmp_path, make, monkeypatch):
    """macOS has no call that tells how many a process may use."""
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    index = open_index("embedded:", tmp_path)
    with index.replacement() as fresh:
        fresh.write([make(1, "One")], [], 1)
    assert index.count() == 1
