"""The embedded semantic half: one quantised vector per paper, in files beside the lexical index.

Many processes may read while one writes. A projection of its own: an unchanged text is never encoded again,
and what is damaged or of another model is made anew from the change log.
"""

import fcntl
import logging
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from itertools import compress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from domain.errors import SearchError, SearchUnavailable
from domain.identifiers import is_work_id
from domain.ports import Indexable
from domain.query import Query, Sort
from index.embedded.engine import EmbeddedEngine
from index.embedded.generations import FULL, Generations
from index.embedded.hamming import bits_of
from index.embedded.schema import key_paper, paper_key
from index.embedded.vectorfiles import FORMAT, Damaged, Manifest, VectorFiles
from index.embedded.vectorstate import State, load
from index.embedded.vectortable import Keys, Rows, Table
from index.engine import Codes, Match
from index.language.tree import is_filtered
from index.meaning import text_hash, text_of
from index.quantise import cosines
from index.questions import Questions

_PATIENCE = 60.0
"""Seconds to wait for another writer."""
_DEPTH = 20
"""How many times more candidates than wanted are compared exactly."""
_PART = 250
"""One in so many papers is compared exactly, too: among a million, more are nearly as close."""
_LEAST = 1000
_FEW = 20_000
"""So many papers that pass a filter are looked up; of more, the closest are tried until enough pass."""
_COMPACT = 0.3
"""The share of dead rows that is too much,"""
_WORTH = 1000
"""where there are so many rows."""
_BLOCK = 20_000

log = logging.getLogger(__name__)


class EmbeddedVectors:
    """`VectorStore` in a folder of this machine. Safe to share between threads. Raises `SearchError`."""

    def __init__(
        self, folder: Path, questions: Questions, engine: EmbeddedEngine, *, path: Path | None = None
    ) -> None:
        """Keep files in `folder`; `engine` tells which papers there are and which pass a filter."""
        self._generations = Generations(folder, f"vectors-{FORMAT}")
        self._questions = questions
        self._engine = engine
        self._pinned = path
        self._lock = threading.Lock()
        self._state: State | None = None
        self._path: Path | None = None
        self._stamps: tuple[object, object] = (None, None)
        self._checked: Path | None = None
        """The generation whose vectors were all read once and found whole."""
        self._read: int | None = None
        """The position that was last asked for."""
        self._fetched: Path | None = None
        """The generation whose vectors the system was told to have at hand."""
        self._before: EmbeddedVectors | None = None
        """Whose vectors are taken over, where the texts are the same."""

    # The projection.

    def position(self) -> int:
        """The change sequence up to which it is up to date; 0 for a new one. Raises `ModelUnavailable`."""
        with self._files():
            state = self._current(self._questions.name)
            self._read = state.manifest.position if state else 0
            return self._read

    def count(self) -> int:
        """How many papers have a vector."""
        with self._files():
            state = self._current(self._questions.known_name)
            return len(state.table.keys) if state else 0

    def ids(self) -> Iterator[str]:
        """The ids of the papers that have a vector, in no order."""
        with self._files():
            state = self._current(self._questions.known_name)
        for key in state.table.keys.tolist() if state else ():
            yield key_paper(key)

    def clear(self) -> None:
        """Empty it and go back to position 0."""
        with self.replacement():
            pass

    @contextmanager
    def replacement(self) -> Iterator["EmbeddedVectors"]:
        """An empty one to fill; it takes the place of this one when the block ends without an error."""
        with ExitStack() as stack:
            with self._files():
                path = stack.enter_context(self._generations.filling())
            yield EmbeddedVectors(self._generations.folder, self._questions, self._engine, path=path)
            with self._files(), self._writing():
                self._generations.adopt(path)
                self._read = None

    @contextmanager
    def successor(self) -> Iterator["EmbeddedVectors"]:
        """As `replacement`, but vectors of texts that are the same are taken over."""
        with self.replacement() as fresh:
            fresh._before = self
            yield fresh

    def write(self, upserts: Iterable[Indexable], deletes: Iterable[str], position: int) -> None:
        """Apply changes and move to `position`, durably; only texts that changed are encoded."""
        papers = list(upserts)
        gone = {paper_key(paper) for paper in deletes if is_work_id(paper)}
        texts = {paper_key(item.paper.id): text_of(item.paper) for item in papers}
        gone |= {key for key, text in texts.items() if not text}
        with self._files(), self._writing():
            state = self._writable()
            if self._read is not None and state.manifest.position < self._read:
                raise SearchUnavailable("the vectors were made anew meanwhile; sync again")
            self._append(state, {key: text for key, text in texts.items() if text}, gone, position)
            self._read = position

    # Answers.

    def stored(self, paper_ids: Sequence[str]) -> Mapping[str, Codes]:
        """The vectors of those papers that have one."""
        known_ids = [paper for paper in paper_ids if is_work_id(paper)]
        with self._files():
            state = self._current(self._questions.known_name)
            if state is None:
                return {}
            known, rows = state.table.find(np.array([paper_key(p) for p in known_ids], np.uint64))
            having = compress(known_ids, known.tolist())
            return dict(zip(having, state.codes[rows[known]], strict=True))

    def nearest(self, vector: Codes, query: Query, size: int) -> list[Match]:
        """The papers closest to `vector` that pass the filters and years of `query`, best first."""
        with self._files():
            state = self._current(self._questions.known_name)
            if state is None or size <= 0 or not len(state.table.keys):
                return []
            if state.files.folder != self._fetched:
                self._fetched = state.files.folder
                state.codes.fetch()
            alive = len(state.table.keys)
            if not is_filtered(query):
                return _nearest(state, vector, size)
            passing = self._engine.passing(query, _FEW)
            if passing is None:
                many = self._engine.find(None, query, Sort.NEWEST, 0)[0]
                return self._down(state, vector, query, size, max(1, alive / many))
            known, rows = state.table.find(passing)
            near = state.table.closest_of(rows[known], vector, max(_LEAST, size * _DEPTH))
            return _best(self._passing(state, near, vector, query, size, 1), size)

    def _down(self, state: State, vector: Codes, query: Query, size: int, rarity: float) -> list[Match]:
        """From the closest on until enough have passed."""
        depth = max(int(max(_LEAST, size * _DEPTH) * rarity), len(state.table.keys) // _PART)
        while True:
            rows = state.table.closest(vector, depth)
            found = self._passing(state, rows, vector, query, size, rarity)
            if len(found) >= size or len(rows) >= len(state.table.keys):
                return _best(found, size)
            depth *= 4

    def _passing(
        self, state: State, rows: Rows, vector: Codes, query: Query, size: int, rarity: float
    ) -> list[Match]:
        """At least the `size` closest of those rows that pass, where there are so many."""
        scores = cosines(vector, state.codes[rows])
        order = np.argsort(-scores, kind="stable")
        found: list[Match] = []
        start, step = 0, int(size * rarity * 1.2)
        while len(found) < size and start < len(order):  # the fewer pass, the more are asked about at once
            end = min(start + step, len(order))
            while end < len(order) and scores[order[end]] == scores[order[end - 1]]:
                end += 1  # those that tie are told apart by the engine's order
            some = order[start:end]
            ids = [key_paper(key) for key in state.table.labels[rows[some], 0].tolist()]
            close = dict(zip(ids, scores[some].tolist(), strict=True))
            there = self._engine.scores(None, query, list(close))
            found += [Match(paper, close[paper], match.order) for paper, match in there.items()]
            start, step = end, step * 2
        return found

    # The files.

    def _append(self, state: State, texts: Mapping[int, str], gone: set[int], position: int) -> None:
        """Rows for the texts that changed and for the papers that have lost theirs; then the manifest."""
        keys = _keys(texts)
        hashes = np.array([text_hash(text) for text in texts.values()], np.uint64)
        unlike = state.table.unlike(keys, hashes)
        wanted = [text for text, is_unlike in zip(texts.values(), unlike, strict=True) if is_unlike]
        codes = self._made(keys[unlike], hashes[unlike], wanted, state.manifest.dimensions)
        lost = _keys(gone)
        lost = lost[state.table.find(lost)[0]]
        labels = np.zeros((len(wanted) + len(lost), 2), np.uint64)
        labels[:, 0] = np.concatenate([keys[unlike], lost])
        labels[: len(wanted), 1] = hashes[unlike]
        codes = np.concatenate([codes, np.zeros((len(lost), codes.shape[1]), np.int8)])
        manifest = replace(state.manifest, dimensions=codes.shape[1])
        if len(labels):
            manifest = state.files.append(manifest, labels, bits_of(codes), codes)
        state.files.store(replace(manifest, position=position))
        fresh = self._current(manifest.model)
        if fresh and not self._pinned:
            self._compact(fresh)

    def _made(self, keys: Keys, hashes: Keys, texts: Sequence[str], dimensions: int) -> Codes:
        """The vectors of texts; those that are known already are not made again."""
        if self._before is None:
            return self._encoded(texts, dimensions)
        same, known = self._before._known(keys, hashes)
        others = [text for text, is_same in zip(texts, same, strict=True) if not is_same]
        encoded = self._encoded(others, dimensions or known.shape[1])
        codes = np.zeros((len(texts), encoded.shape[1]), np.int8)
        codes[~same] = encoded
        if same.any():
            codes[same] = known
        return codes

    def _known(self, keys: Keys, hashes: Keys) -> tuple[NDArray[np.bool_], Codes]:
        """Which of the papers have a vector of a text with that hash, and those vectors."""
        state = self._whole()
        if state is None:
            return np.zeros(len(keys), np.bool_), np.zeros((0, 0), np.int8)
        same = ~state.table.unlike(keys, hashes)
        return same, state.codes[state.table.find(keys[same])[1]]

    def _encoded(self, texts: Sequence[str], dimensions: int) -> Codes:
        if not texts:
            return np.zeros((0, dimensions), np.int8)
        codes = self._questions.vectors(texts)
        if dimensions not in (0, codes.shape[1]):
            raise SearchError(f"the encoder gives {codes.shape[1]} numbers a text, it gave {dimensions}")
        return codes

    def _compact(self, state: State) -> None:
        """Leave dead rows behind when they are too many."""
        rows = state.table.live()
        if state.table.rows < _WORTH or len(rows) > (1 - _COMPACT) * state.table.rows:
            return
        with self._generations.filling() as path:
            files = VectorFiles(path)
            manifest = Manifest(state.manifest.model, state.manifest.dimensions)
            for start in range(0, len(rows), _BLOCK):
                part = rows[start : start + _BLOCK]
                codes = state.codes[part]
                manifest = files.append(manifest, state.table.labels[part], bits_of(codes), codes)
            files.store(replace(manifest, position=state.manifest.position))
            self._generations.adopt(path)

    def _writable(self) -> State:
        """The state to write behind; of a new generation where there is none that can be gone on with."""
        if state := self._whole():
            return state
        files, manifest = self._fresh(), Manifest(self._questions.name, 0)
        return State(files, manifest, Table.empty(0), files.codes(manifest))

    def _whole(self) -> State | None:
        """The state, if its vectors are of our model and none is damaged."""
        state = self._current(self._questions.name)
        try:
            if state and state.files.folder != self._checked:
                state.files.check_codes(state.manifest)
                self._checked = state.files.folder
        except Damaged as error:
            log.warning("the vectors in %s are damaged (%s)", self._generations.folder, error)
            state = None
        return state

    def _fresh(self) -> VectorFiles:
        if self._pinned:
            return VectorFiles(self._pinned)
        if self._generations.stamp() is None:
            self._generations.current()  # refuses a folder that holds something else
        with self._generations.filling() as path:
            self._generations.adopt(path)
        return VectorFiles(path)

    def _current(self, name: str | None) -> State | None:
        """What the latest manifest says; None where there is none, it is damaged, or of another model."""
        with self._lock:
            try:
                self._refresh()
            except Damaged as error:
                log.warning("the vectors in %s are damaged (%s)", self._generations.folder, error)
                self._state = None
            state = self._state
        return state if state and name in (None, state.manifest.model) else None

    def _refresh(self) -> None:
        """Read on where another manifest counts now; a folder that vanishes meanwhile has a successor."""
        while True:
            generation = self._generations.stamp()
            try:
                self._reread(generation)
            except (Damaged, OSError):
                if self._pinned or generation == self._generations.stamp():
                    raise
            else:
                if self._pinned or generation == self._generations.stamp():
                    return

    def _reread(self, generation: object) -> None:
        known = self._stamps[0] == generation and self._path is not None
        path = self._path if known else self._folder()
        files = VectorFiles(path) if path else None
        stamps = (generation, files.stamp() if files else None)
        if known and stamps == self._stamps:
            return
        try:
            state = load(files, self._state if known else None) if files else None
        except Damaged:  # it stays so, while any other error may be over the next time
            self._path, self._stamps, self._state = path, stamps, None
            raise
        self._path, self._stamps, self._state = path, stamps, state

    def _folder(self) -> Path | None:
        if self._pinned:
            return self._pinned
        try:
            return self._generations.current()
        except SearchUnavailable as error:
            raise Damaged(str(error)) from error

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Hold the lock that only one writer has, in whichever process."""
        folder = self._generations.folder
        folder.parent.mkdir(parents=True, exist_ok=True)
        with (folder.parent / f"{folder.name}.lock").open("w") as lock:
            until = time.monotonic() + _PATIENCE
            while True:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() > until:
                        raise SearchUnavailable(
                            f"another process is writing to the vectors in {folder}; try later"
                        ) from None
                    time.sleep(0.05)
            yield

    @contextmanager
    def _files(self) -> Iterator[None]:
        folder = self._generations.folder
        try:
            yield
        except Damaged as error:
            raise SearchUnavailable(f"the vectors in {folder} are damaged ({error})") from error
        except OSError as error:
            if error.errno in FULL:
                raise SearchUnavailable(f"the vectors in {folder} have no room left on their disk") from error
            raise SearchUnavailable(f"the vectors in {folder} cannot be used ({error.strerror})") from error


def _keys(keys: Iterable[int]) -> Keys:
    return np.fromiter(keys, np.uint64)


def _nearest(state: State, vector: Codes, size: int) -> list[Match]:
    """Whatever is closest; where several tie for the last place, all of them within reason."""
    rows = state.table.closest(vector, max(_LEAST, size * _DEPTH, len(state.table.keys) // _PART))
    scores = cosines(vector, state.codes[rows])
    if len(scores) > size:
        near = np.flatnonzero(scores >= np.partition(scores, -size)[-size])
        rows, scores = rows[near], scores[near]
    order = np.argsort(-scores, kind="stable")[: 2 * size]
    keys = state.table.labels[rows[order], 0].tolist()
    return [Match(key_paper(key), score, 0) for key, score in zip(keys, scores[order].tolist(), strict=True)]


def _best(found: Iterable[Match], size: int) -> list[Match]:
    return sorted(found, key=lambda match: (-match.score, -match.order))[:size]
