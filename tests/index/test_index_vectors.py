"""The embedded vectors: right neighbours, filters, crashes, damage. Papers and vectors are invented."""

import builtins
import errno
import io
import os
import random
import resource
import signal
import subprocess
import sys
import threading
import time
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from domain.errors import SearchUnavailable
from domain.identifiers import Identifiers, work_id
from domain.paper import Abstract, AbstractKind, Paper, Section, Version, VersionKind
from domain.ports import Indexable
from domain.query import Query
from index.embedded import vectorcodes
from index.embedded import vectors as vectors_module
from index.embedded.engine import EmbeddedEngine
from index.embedded.vectors import EmbeddedVectors
from index.meaning import text_of
from index.quantise import cosines, quantise
from index.questions import Questions

fromfile = np.fromfile
ROOT = Path(__file__).parents[2]


class InventedEncoder:
    """Vectors drawn by the hash of the text; keeps what it was asked."""

    def __init__(self, name="invented/1"):
        self.name = name
        self.asked = []

    def encode(self, texts):
        self.asked += texts
        seeds = [int.from_bytes(sha256((self.name + text).encode()).digest()[:8]) for text in texts]
        drawn = np.stack([np.random.default_rng(seed).standard_normal(384) for seed in seeds])
        return (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype(np.float32)


def paper(number, title="", year=2020, **facts):
    version = Version(
        VersionKind.ARTICLE, Identifiers(), title or f"Invented {number}", published=str(year), **facts
    )
    return Indexable(Paper(work_id(f"invented:{number}"), (version,), "", ""))


def id_of(number):
    return work_id(f"invented:{number}")


@pytest.fixture
def encoder():
    return InventedEncoder()


@pytest.fixture
def engine(tmp_path):
    return EmbeddedEngine(tmp_path / "index")


@pytest.fixture
def open_store(tmp_path, engine, encoder):
    """Opens the same files again and again, as other processes would."""
    return lambda using=encoder: EmbeddedVectors(tmp_path / "vectors", Questions(lambda: using), engine)


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """Three thousand papers in both halves, and the quantised vector of each."""
    folder, encoder = tmp_path_factory.mktemp("many"), InventedEncoder()
    engine = EmbeddedEngine(folder / "index")
    store = EmbeddedVectors(folder / "vectors", Questions(lambda: encoder), engine)
    papers = [paper(n, year=1990 + n % 30) for n in range(3000)]
    engine.write(papers, [], 1)
    store.write(papers, [], 1)
    codes = quantise(encoder.encode([text_of(item.paper) for item in papers]))
    return store, engine, papers, codes


def question(seed):
    drawn = np.random.default_rng(seed).standard_normal((1, 384)).astype(np.float32)
    return quantise(drawn)[0]


def best(papers, codes, vector, size, passes=lambda item: True):
    scored = zip(papers, cosines(vector, codes), strict=True)
    ranked = sorted(((score, item.paper.id) for item, score in scored if passes(item)), reverse=True)
    return ranked[:size]


def test_the_nearest_are_those_of_an_exact_scan(many):
    store, _, papers, codes = many
    found, wanted = 0, 0
    for seed in range(20):
        right = best(papers, codes, question(seed), 100)
        got = {match.paper_id: match.score for match in store.nearest(question(seed), Query(), 100)}
        assert len(got) == 100
        found += sum(paper_id in got for _, paper_id in right)
        wanted += len(right)
        assert all(got[paper_id] == score for score, paper_id in right if paper_id in got)
    assert found / wanted >= 0.98


@pytest.mark.parametrize(("low", "high"), [(1995, 1995), (1990, 2004), (1991, None), (None, 1989)])
def test_only_papers_that_pass_the_filters_are_near(many, low, high):
    """One year is few and compared in full, fifteen or twenty-nine of thirty years are walked down to."""
    store, _, papers, codes = many
    vector = question(7)

    def passes(item):
        return (low is None or item.paper.primary.year >= low) and (
            high is None or item.paper.primary.year <= high
        )

    right = [paper_id for _, paper_id in best(papers, codes, vector, 50, passes)]
    query = Query(year_from=low, year_to=high)
    got = [match.paper_id for match in store.nearest(vector, query, 50)]
    assert len(got) == len(right)
    years = {item.paper.id: item.paper.primary.year for item in papers}
    assert all((low or 0) <= years[paper_id] <= (high or 9999) for paper_id in got)
    assert len(set(got) & set(right)) >= 0.98 * len(right)
    if low == high:
        assert got == right


def test_a_paper_that_is_no_longer_in_the_index_passes_no_filter(many):
    store, engine, papers, codes = many
    every = Query(year_from=1)
    (_, nearest), *_ = best(papers, codes, question(3), 1)
    engine.write([], [nearest], 2)
    try:
        assert nearest not in {match.paper_id for match in store.nearest(question(3), every, 10)}
        assert len(store.nearest(question(3), every, 10)) == 10
    finally:
        engine.write([item for item in papers if item.paper.id == nearest], [], 3)


def test_papers_that_tie_are_told_all_or_newest_first_where_filters_choose(open_store, engine):
    papers = [paper(n, "The same title", year=2000 + n) for n in range(9)]
    store = open_store()
    engine.write(papers, [], 1)
    store.write(papers, [], 1)
    vector = store.stored([id_of(0)])[id_of(0)]
    assert {match.paper_id for match in store.nearest(vector, Query(), 5)} == {id_of(n) for n in range(9)}
    assert len(store.nearest(vector, Query(), 2)) == 4  # within reason
    got = [match.paper_id for match in store.nearest(vector, Query(year_from=1), 4)]
    assert got == [id_of(n) for n in (8, 7, 6, 5)]


def test_only_texts_that_changed_are_encoded(open_store, encoder):
    store = open_store()
    store.write([paper(1), paper(2)], [], 2)
    store.write([paper(1), paper(2, year=2024)], [], 4)
    assert encoder.asked == ["Invented 1", "Invented 2"]
    store.write([paper(2, "A new title")], [], 5)
    assert encoder.asked[2:] == ["A new title"]
    (row,) = quantise(encoder.encode(["A new title"]))
    assert np.array_equal(open_store().stored([id_of(2)])[id_of(2)], row)
    assert (store.count(), store.position()) == (2, 5)


def test_deleted_papers_and_those_without_a_text_have_no_vector(open_store, engine):
    store = open_store()
    store.write([paper(n) for n in range(4)], [], 4)
    engine.write([paper(n) for n in range(4)], [], 4)
    store.write([paper(1, " \n ")], [id_of(0), id_of(77), "no id at all"], 6)
    for opened in (store, open_store()):
        assert sorted(opened.ids()) == sorted([id_of(2), id_of(3)])
        assert (opened.count(), opened.position()) == (2, 6)
        assert set(opened.stored([id_of(n) for n in range(4)])) == {id_of(2), id_of(3)}
        near = opened.nearest(question(1), Query(), 10)
        assert {match.paper_id for match in near} == {id_of(2), id_of(3)}
    store.write([paper(0)], [], 7)
    assert id_of(0) in open_store().stored([id_of(0)])


def test_a_new_one_is_empty_and_opening_touches_nothing(open_store, tmp_path):
    store = open_store()
    assert (store.position(), store.count(), list(store.ids())) == (0, 0, [])
    assert store.nearest(question(1), Query(), 10) == []
    assert store.stored([id_of(1)]) == {}
    assert not (tmp_path / "vectors").exists()


def test_before_the_first_vector_nothing_is_missing(open_store, caplog):
    open_store().write([paper(1, " ")], [id_of(2)], 5)
    store = open_store()
    assert store.position() == 5
    store.write([paper(3)], [], 6)
    assert (store.count(), store.position(), caplog.messages) == (1, 6, [])


def test_dead_rows_are_left_behind(open_store, tmp_path, encoder, monkeypatch):
    monkeypatch.setattr(vectors_module, "_WORTH", 50)
    store, reader = open_store(), open_store()
    store.write([paper(n) for n in range(60)], [], 1)
    before = reader.stored([id_of(n) for n in range(60)])
    store.write([], [id_of(n) for n in range(20)], 2)
    (bits,) = (tmp_path / "vectors").glob("g*/bits")
    assert bits.stat().st_size == 40 * 48
    for opened in (store, reader, open_store()):
        assert (opened.count(), opened.position()) == (40, 2)
        after = opened.stored([id_of(n) for n in range(60)])
        assert set(after) == {id_of(n) for n in range(20, 60)}
        assert all(np.array_equal(after[key], before[key]) for key in after)
    store.write([paper(30)], [], 3)
    assert len(encoder.asked) == 60


def test_a_replacement_is_seen_whole_or_not_at_all(open_store, encoder):
    store, reader = open_store(), open_store()
    store.write([paper(1)], [], 1)
    with store.replacement() as fresh:
        assert fresh.position() == 0
        fresh.write([paper(2)], [], 2)
        assert list(reader.ids()) == [id_of(1)]
        fresh.write([paper(3)], [], 3)
    assert sorted(reader.ids()) == sorted([id_of(2), id_of(3)])
    assert reader.position() == store.position() == 3
    store.clear()
    assert (store.count(), reader.count(), reader.position()) == (0, 0, 0)


def test_a_writer_that_read_what_is_gone_must_sync_again(open_store):
    slow, other = open_store(), open_store()
    slow.write([paper(1)], [], 5)
    assert slow.position() == 5
    other.clear()
    with pytest.raises(SearchUnavailable, match="sync again"):
        slow.write([paper(2)], [], 6)
    assert slow.position() == 0
    slow.write([paper(2)], [], 1)


def test_vectors_of_another_model_are_not_used_and_are_made_anew(open_store, engine):
    old, other = open_store(), InventedEncoder("invented/2")
    old.write([paper(1)], [], 9)
    engine.write([paper(1)], [], 9)
    new = open_store(other)
    assert (new.position(), new.count()) == (0, 0)
    assert new.nearest(question(1), Query(), 5) == []
    assert new.stored([id_of(1)]) == {}
    new.write([paper(1)], [], 3)
    assert other.asked == ["Invented 1"]
    assert old.position() == 0
    assert np.array_equal(new.stored([id_of(1)])[id_of(1)], quantise(other.encode(["Invented 1"]))[0])


def cut(path):
    os.truncate(path, path.stat().st_size - 8)


def flip(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)


def remove(path):
    path.unlink()


@pytest.mark.parametrize("damage", [cut, flip, remove])
@pytest.mark.parametrize("name", ["labels", "bits", "codes", "manifest.json"])
def test_what_is_damaged_is_made_anew(name, damage, open_store, tmp_path, encoder):
    open_store().write([paper(n) for n in range(20)], [], 20)
    (path,) = (tmp_path / "vectors").glob(f"g*/{name}")
    damage(path)
    store = open_store()
    if (name, damage) != ("codes", flip):  # which only the next writer reads as a whole
        assert (store.position(), store.count()) == (0, 0)
    store.write([paper(n) for n in range(20)], [], 21)
    again = open_store()
    assert (again.position(), again.count()) == (21, 20)
    stored = again.stored([id_of(n) for n in range(20)])
    right = quantise(encoder.encode([f"Invented {n}" for n in range(20)]))
    assert all(np.array_equal(stored[id_of(n)], row) for n, row in enumerate(right))


def test_a_damaged_current_is_mended_and_other_peoples_files_are_left_alone(open_store, tmp_path):
    open_store().write([paper(1)], [], 1)
    (tmp_path / "vectors" / "CURRENT").write_text("nonsense")
    store = open_store()
    assert store.position() == 0
    store.write([paper(1)], [], 1)
    assert open_store().position() == 1
    for path in (tmp_path / "vectors").iterdir():
        path.rename(tmp_path / path.name)
    (tmp_path / "vectors" / "holiday.jpg").write_bytes(b"invented")
    with pytest.raises(SearchUnavailable, match="something other"):
        open_store().write([paper(1)], [], 1)
    assert [path.name for path in (tmp_path / "vectors").iterdir()] == ["holiday.jpg"]


@pytest.mark.parametrize("file", ["CURRENT", "manifest.json", "labels", "codes"])
def test_files_that_cannot_be_read_for_a_moment_are_not_given_up(file, open_store, monkeypatch):
    open_store().write([paper(n) for n in range(3)], [], 3)
    store, real, failed = open_store(), builtins.open, []

    def refused(path, *arguments, **named):
        if Path(path).name == file and not failed:
            failed.append(path)
            raise OSError(errno.EMFILE, "Too many open files")
        return real(path, *arguments, **named)

    for module in (io, builtins):
        monkeypatch.setattr(module, "open", refused)
    monkeypatch.setattr(
        np, "fromfile", lambda path, *rest, **named: fromfile(refused(path, "rb"), *rest, **named)
    )
    with pytest.raises(SearchUnavailable, match="Too many open files"):
        store.position()
    assert failed
    assert (store.position(), store.count()) == (3, 3)
    assert len(store.nearest(question(1), Query(), 0)) == 0
    store.write([paper(3)], [], 4)
    assert open_store().count() == 4


def test_what_is_being_filled_outlives_others_that_become_current(open_store, tmp_path, monkeypatch):
    monkeypatch.setattr(vectors_module, "_WORTH", 50)
    store, other = open_store(), open_store()
    store.write([paper(n) for n in range(60)], [], 1)
    with store.replacement() as fresh:
        fresh.write([paper(1)], [], 1)
        other.write(
            [], [id_of(n) for n in range(20)], 2
        )  # leaves dead rows behind, in a generation of its own
        assert other.count() == 40
        other.clear()
        fresh.write([paper(2)], [], 2)
    assert (store.position(), sorted(other.ids())) == (2, sorted([id_of(1), id_of(2)]))
    assert len(list((tmp_path / "vectors").glob("g*"))) == 1


def test_what_a_killed_process_was_filling_is_removed(open_store, tmp_path):
    store = open_store()
    store.write([paper(1)], [], 1)
    filler = subprocess.Popen(
        [sys.executable, "-c", FILLER, str(Path(__file__).parent), str(tmp_path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert filler.stdout.readline() == "filling\n"
    store.clear()
    assert len(list((tmp_path / "vectors").glob("g*"))) == 2
    filler.kill()
    filler.communicate()
    store.clear()
    assert len(list((tmp_path / "vectors").glob("g*"))) == 1


def test_one_writer_at_a_time_and_readers_go_on(open_store, monkeypatch):
    monkeypatch.setattr(vectors_module, "_PATIENCE", 0.2)
    store, other = open_store(), open_store()
    store.write([paper(1)], [], 1)
    with other._writing():
        with pytest.raises(SearchUnavailable, match="another process is writing"):
            store.write([paper(2)], [], 2)
        assert (store.count(), store.position()) == (1, 1)
    store.write([paper(2)], [], 2)
    assert store.count() == 2


def test_readers_have_an_answer_while_generations_come_and_go(open_store, engine):
    store, reader = open_store(), open_store()
    engine.write([paper(1)], [], 1)
    store.write([paper(1)], [], 1)
    done, found = threading.Event(), set()

    def read():
        while not done.is_set():
            found.add(len(reader.nearest(question(1), Query(), 5)))

    thread = threading.Thread(target=read)
    thread.start()
    for _ in range(15):
        with store.replacement() as fresh:
            fresh.write([paper(1)], [], 1)
    done.set()
    thread.join()
    assert found == {1}


FILLER = """
import sys, time
from pathlib import Path
sys.path[:0] = [sys.argv[1]]
from test_index_vectors import InventedEncoder, Questions, EmbeddedEngine, EmbeddedVectors, paper
folder = Path(sys.argv[2])
store = EmbeddedVectors(folder / "vectors", Questions(InventedEncoder), EmbeddedEngine(folder / "index"))
with store.replacement() as fresh:
    fresh.write([paper(1)], [], 1)
    print("filling", flush=True)
    time.sleep(600)
"""

WRITER = """
import sys
from pathlib import Path
sys.path[:0] = [sys.argv[1]]
from test_index_vectors import InventedEncoder, Questions, EmbeddedEngine, EmbeddedVectors, paper, id_of
from index.embedded import vectors
vectors._WORTH = 30
folder = Path(sys.argv[2])
store = EmbeddedVectors(folder / "vectors", Questions(InventedEncoder), EmbeddedEngine(folder / "index"))
for n in range(store.position() + 1, 100_000):
    store.write([paper(n)], [id_of(n - 5)], n)
    print(n, flush=True)
"""


def start_writer(folder):
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(Path(__file__).parent), str(folder)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_killed_at_any_point_vectors_and_position_agree(tmp_path, open_store, encoder):
    """Paper n is written, and paper n - 5 deleted, in the write that moves to position n."""
    seed = random.SystemRandom().randrange(2**32)
    chance = random.Random(seed)
    acknowledged = 0
    for _ in range(8):
        writer = start_writer(tmp_path)
        acknowledged = int(writer.stdout.readline())
        time.sleep(chance.random() * 0.4)
        os.kill(writer.pid, signal.SIGKILL)
        acknowledged = max([acknowledged, *map(int, writer.stdout.read().split("\n")[:-1])])
        writer.wait()
        store = open_store()
        position = store.position()
        assert position >= acknowledged, f"seed {seed}"
        numbers = range(max(1, position - 4), position + 1)
        assert set(store.ids()) == {id_of(n) for n in numbers}, f"seed {seed}"
        stored = store.stored([id_of(n) for n in numbers])
        right = quantise(encoder.encode([f"Invented {n}" for n in numbers]))
        assert all(np.array_equal(stored[id_of(n)], row) for n, row in zip(numbers, right, strict=True))


def test_readers_see_what_other_processes_write(tmp_path, open_store):
    reader = open_store()
    assert reader.count() == 0
    writer = start_writer(tmp_path)
    for _ in range(60):
        number = int(writer.stdout.readline())
        assert reader.position() >= number
        assert 1 <= reader.count() <= 5
    writer.kill()
    writer.communicate()


def test_a_full_disk_is_told_and_changes_nothing(open_store, encoder):
    """A limit on the size of files stands for the disk: the system refuses the write half way."""
    store = open_store()
    store.write([paper(n) for n in range(10)], [], 10)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (384 * 25, hard))
    try:
        with pytest.raises(SearchUnavailable, match="no room left"):
            store.write([paper(n) for n in range(10, 60)], [], 60)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert (open_store().count(), open_store().position(), store.count()) == (10, 10, 10)
    store.write([paper(n) for n in range(10, 60)], [], 60)
    assert (open_store().count(), open_store().position()) == (60, 60)


def test_an_english_abstract_is_read_first_and_very_long_ones_are_cut():
    def abstract(text, **facts):
        return Abstract((Section(text),), **facts)

    versions = (
        Version(VersionKind.ARTICLE, Identifiers(), "Título", abstracts=(abstract("Texto.", language="es"),)),
        Version(
            VersionKind.PREPRINT,
            Identifiers(),
            "Title",
            abstracts=(
                abstract("Plainly put.", kind=AbstractKind.PLAIN),
                abstract("The text. " * 900),
            ),
        ),
    )
    text = text_of(Paper(id_of(1), versions, "", ""))
    assert text.startswith("Title\nThe text. The text.")
    assert 1900 < len(text) <= 2000
    assert text_of(Paper(id_of(1), versions[:1], "", "")) == "Título\nTexto."
    assert text_of(paper(1, "Only a title").paper) == "Only a title"


def test_a_large_file_is_read_row_by_row_and_never_mapped(tmp_path, monkeypatch):
    monkeypatch.setattr(vectorcodes, "_MAPPED", 1000)
    path, rows = tmp_path / "codes", 3000
    codes = np.random.default_rng(1).integers(-127, 128, (rows, 100), np.int8)
    path.write_bytes(codes.tobytes())
    stored = vectorcodes.StoredCodes(path, rows, 100)
    for wanted in ([], [0], [rows - 1, 0, rows - 1], np.random.default_rng(2).integers(0, rows, 500)):
        wanted = np.array(wanted, np.intp)
        assert np.array_equal(stored[wanted], codes[wanted])
    assert str(path) not in Path("/proc/self/maps").read_text()
    path.write_bytes(codes.tobytes()[:-1])
    with pytest.raises(OSError, match="cut short"):
        stored[np.array([rows - 1])]
    with pytest.raises(ValueError, match="shorter"):
        vectorcodes.StoredCodes(path, rows, 100)


def test_vectors_read_row_by_row_are_as_near(many, monkeypatch):
    store, engine, *_ = many
    monkeypatch.setattr(vectorcodes, "_MAPPED", 0)
    again = EmbeddedVectors(store._generations.folder, store._questions, engine)
    for seed in range(3):
        assert again.nearest(question(seed), Query(), 100) == store.nearest(question(seed), Query(), 100)


def test_a_large_file_is_fetched_once_for_all_questions(open_store, monkeypatch):
    monkeypatch.setattr(vectorcodes, "_MAPPED", 0)
    monkeypatch.setattr(vectorcodes, "_BLOCK", 1000)
    read, real = [], os.pread

    def seen(file, size, start):
        read.append((size, start))
        return real(file, size, start)

    monkeypatch.setattr(os, "pread", seen)
    store = open_store()
    store.write([paper(n) for n in range(5)], [], 5)
    store.nearest(question(1), Query(), 3)
    for _ in range(100):
        if (1000, 1000) in read:
            break
        time.sleep(0.05)
    assert [start for size, start in read if size == 1000] == [0, 1000]
    store.write([paper(5)], [], 6)
    store.nearest(question(2), Query(), 3)
    assert [start for size, start in read if size == 1000] == [0, 1000]
