"""Searching while the index is made anew: the real site, catalog and commands, questions at a steady pace.

During the rebuild new papers are written to the catalog, and synced once a minute as the scheduler would; in
the end all of them must be found. A rebuild rests while the site is busy, so it may well go on when the
questions end: only where they last longer is its end, when the new index takes over, among what is measured.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from benchmarks.children import ROOT, run_child
from benchmarks.corpus import papers
from benchmarks.rows import Row
from benchmarks.search_vectors import SyntheticEncoder, load_topics
from catalog import open_catalog
from domain.paper import Version
from domain.ports import Catalog
from domain.record import HarvestedRecord
from findings.settings import Settings
from findings.wiring import opened_encoder, opened_index, trust_order
from index import open_index
from index.sync import sync

RATE = 50
QUIET, LOADED = 20, 60
_PAGE = 500
_NEW, _EVERY = 10, 2.0
"""So many new papers every so many seconds,"""
_MOST = 3_000
"""and no more than these."""
_PAUSE = 60.0
"""Seconds between two syncs; the first comes after half of them."""


def rebuild_rows(size: int, folder: Path, quiet: int = QUIET, loaded: int = LOADED) -> Iterator[Row]:
    """Waits in quiet and during a rebuild, and what was lost."""
    settings = Settings(data_dir=str(folder), site_url="http://127.0.0.1", port=_free_port())
    _prepare(settings, size)
    address = f"127.0.0.1:{settings.port}"
    writer, rebuilds = _Writer(settings, size), _Rebuilds(settings)
    with _site(settings):
        run_child("search_load", address, 5, RATE, 1)  # each process of the site opens its encoder
        calm = run_child("search_load", address, quiet, RATE, 2)
        with writer, rebuilds:
            busy = run_child("search_load", address, loaded, RATE, 3)
        lost = writer.lost()
    case = f"rebuild/{size}"
    for name, found in (("quiet", calm), ("rebuilding", busy)):
        for metric in ("p50_ms", "p95_ms", "p99_ms"):
            yield Row(case, "findings", f"{name}_{metric}", found[metric], "ms")
    yield Row(case, "findings", "p95_to_quiet", busy["p95_ms"] / calm["p95_ms"], "times")
    for metric in ("asked", "not_200", "empty"):
        yield Row(case, "findings", metric, busy[metric], "answers")
    yield Row(case, "findings", "rebuilds", rebuilds.finished, "")
    yield Row(case, "findings", "rebuild_s", rebuilds.seconds, "s")
    yield Row(case, "findings", "written_meanwhile", len(writer.written), "papers")
    yield Row(case, "findings", "lost", lost, "papers")
    yield Row(case, "findings", "syncs_to_repeat", writer.turned_away, "")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _prepare(settings: Settings, size: int) -> None:
    """A catalog and an index of it; made once for each folder."""
    folder = Path(settings.data_dir)
    done = folder / "prepared"
    if done.exists():
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    catalog = open_catalog(settings.database, trust_order())
    versions = (item.paper.primary for item in papers(size))
    while page := list(islice(versions, _PAGE)):
        _save(catalog, page)
    topics, name = load_topics(folder), opened_encoder(settings).name
    index = open_index("embedded:", settings.index_folder, lambda: SyntheticEncoder(name, topics))
    sync(catalog, index, batch=10_000)
    index.close()
    catalog.close()
    done.touch()


def _save(catalog: Catalog, versions: Sequence[Version]) -> None:
    now = datetime.now(UTC)
    catalog.save(
        [
            (
                HarvestedRecord("pubmed", str(v.identifiers.pmid), now, "text/plain", v.title.encode()),
                v,
            )
            for v in versions
        ]
    )


def _command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "findings", *arguments]


def _environment(settings: Settings) -> dict[str, str]:
    own = {
        "FINDINGS_DATA_DIR": settings.data_dir,
        "FINDINGS_PORT": str(settings.port),
        "FINDINGS_CONFIG": os.devnull,
    }
    return {name: value for name, value in os.environ.items() if not name.startswith("FINDINGS_")} | own


@contextmanager
def _site(settings: Settings) -> Iterator[None]:
    """The site as `findings serve` runs it."""
    with subprocess.Popen(
        _command("serve"), cwd=ROOT, env=_environment(settings), stdout=subprocess.DEVNULL
    ) as site:
        try:
            _wait(settings.port)
            yield
        finally:
            site.terminate()


def _wait(port: int) -> None:
    until = time.monotonic() + 60
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
        else:
            return


class _Background:
    """Does something again and again until the block ends, and finishes what it has begun."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        raise NotImplementedError

    def _findings(self, *arguments: str) -> int:
        command, environment = _command(*arguments), _environment(self._settings)
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
        if done.returncode:
            print(" ".join(arguments), done.stderr.strip()[-300:], file=sys.stderr)
        return done.returncode


class _Rebuilds(_Background):
    """One rebuild after the other."""

    finished = 0
    seconds = 0.0

    def _run(self) -> None:
        while not self._ended.is_set():
            start = time.perf_counter()
            if self._findings("index", "rebuild", "--json") == 0:
                self.finished += 1
                self.seconds = time.perf_counter() - start


class _Writer(_Background):
    """New papers into the catalog, and from there into the index, as the scheduler would."""

    def __init__(self, settings: Settings, size: int) -> None:
        super().__init__(settings)
        self.written: list[str] = []
        self.turned_away = 0
        # Made beforehand: to come past the first `size` takes seconds, which would be missing to the site.
        self._new = iter([item.paper.primary for item in islice(papers(size + _MOST), size, None)])

    def _run(self) -> None:
        catalog = open_catalog(self._settings.database, trust_order())
        synced = time.monotonic() - _PAUSE / 2
        while not self._ended.wait(_EVERY):
            page = list(islice(self._new, _NEW))
            _save(catalog, page)
            self.written += [f"pmid:{version.identifiers.pmid}" for version in page]
            if time.monotonic() - synced > _PAUSE:
                self.turned_away += self._findings("index", "sync", "--json") != 0
                synced = time.monotonic()
        catalog.close()

    def lost(self) -> int:
        """How many of those written are not in the index once it has been synced again."""
        self._findings("index", "sync", "--json")
        catalog = open_catalog(self._settings.database, trust_order())
        with opened_index(self._settings) as index:
            known = set(index.ids())
            lost = sum(catalog.find(key) not in known for key in self.written)
        catalog.close()
        return lost


def main() -> None:
    """Print the figures of one run: `python -m benchmarks.search_rebuild SIZE FOLDER [QUIET LOADED]`."""
    rows = rebuild_rows(int(sys.argv[1]), Path(sys.argv[2]), *map(int, sys.argv[3:5]))
    print(json.dumps({row.metric: row.value for row in rows}, indent=1))


if __name__ == "__main__":
    main()
