"""A node in a folder of its own, run by its command, and what it holds afterwards."""

import json
import random
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import pytest

from crawler.europepmc_replay import EuropePmcReplay
from domain.digest import Audience
from domain.query import Query
from findings.demo import sample
from findings.settings import Settings
from findings.wiring import opened_catalog, opened_index
from tests.findings.loaded import Loaded, clean_environment

DOOMED = """
import functools, os, signal, sys, threading
from dataclasses import replace
import crawler.plan, index.sync, summarizer.digesting
from catalog.sqlcatalog import SqlCatalog
from index.embedded.engine import EmbeddedEngine
from index.embedded.vectors import EmbeddedVectors

point, moment, delay = int(sys.argv[1]), sys.argv[2], float(sys.argv[3])
die = functools.partial(os.kill, os.getpid(), signal.SIGKILL)

def doomed(write):
    def wrapped(*arguments, **named):
        global point
        point -= 1
        if point == 0 and moment == "before":
            die()
        if point == 0 and moment == "amid":
            threading.Timer(delay, die).start()
        done = write(*arguments, **named)
        if point == 0:
            die()
        return done
    return wrapped

for owner, name in (
    (SqlCatalog, "save"), (SqlCatalog, "save_digests"), (EmbeddedEngine, "write"), (EmbeddedVectors, "write")
):
    setattr(owner, name, doomed(getattr(owner, name)))
limits = crawler.plan.load_patience
crawler.plan.load_patience = lambda *a, **k: replace(limits(*a, **k), page_size=10, requests_per_second=100)
index.sync.sync = functools.partial(index.sync.sync, batch=10)
summarizer.digesting.write_all = functools.partial(summarizer.digesting.write_all, batch=5)
sys.argv = ["findings", *sys.argv[4:]]
from findings.cli import main
main()
"""
"""The command, in portions so small that three kills at its second writing leave something to write."""

IMPATIENT = """
from dataclasses import replace
import crawler.plan
limits = crawler.plan.load_patience
crawler.plan.load_patience = lambda *a, **k: replace(limits(*a, **k), retries=1)
from findings.cli import main
main()
"""
"""The command, which asks a source twice where it would go on for half a minute."""


@dataclass(frozen=True)
class Node:
    """A node's folder, and its command."""

    folder: Path
    loaded: Loaded

    @property
    def settings(self) -> Settings:
        return Settings(data_dir=str(self.folder))

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        """Start the command."""
        return self._start(["-m", "findings", *arguments], environment)

    def start_python(self, code: str, *arguments: str) -> subprocess.Popen[str]:
        """Start a program of the test's own, with the node's settings."""
        return self._start(["-c", code, *arguments], {})

    def _start(self, arguments: list[str], environment: dict[str, str]) -> subprocess.Popen[str]:
        # What whoever runs the tests ignores, as under `nohup` or behind `&`, the command would ignore, too.
        before = {number: signal.signal(number, signal.SIG_DFL) for number in (signal.SIGHUP, signal.SIGINT)}
        try:
            return subprocess.Popen(
                [sys.executable, *arguments],
                env=self._environment(environment),
                cwd=self.folder.parent,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                start_new_session=True,
            )
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _environment(self, environment: dict[str, str]) -> dict[str, str]:
        return clean_environment() | {"FINDINGS_DATA_DIR": str(self.folder)} | environment

    def run(self, *arguments: str, **environment: str) -> tuple[int, str, str]:
        """Exit code, output, errors of the command in a process that need not load anything first."""
        return self.loaded.run(self.folder.parent, arguments, self._environment(environment))

    def json(self, *arguments: str, code: int = 0, **environment: str) -> Any:
        got, output, errors = self.run(*arguments, "--json", **environment)
        assert got == code, errors
        return json.loads(output)

    def run_impatient(self, *arguments: str) -> tuple[int, str, str]:
        """As `run`; a source that does not answer is soon given up."""
        return self.loaded.run(self.folder.parent, arguments, self._environment({}), IMPATIENT)

    def run_doomed(self, point: int, moment: str, delay: float, *arguments: str) -> tuple[int, str]:
        """Exit code, errors of the command in small portions that kills itself at its `point`-th writing."""
        told = (str(point), moment, str(delay), *arguments)
        code, _, errors = self.loaded.run(self.folder.parent, told, self._environment({}), DOOMED)
        return code, errors

    def kill_and_finish(self, kills: int, chance: random.Random, *arguments: str) -> tuple[int, int]:
        """Run a command to its end after `kills` kills; how many came in time, how many left it half done.

        Each comes just before, amid or just after something is written, so that none comes too late.
        """
        landed, steps = 0, [self.work()]
        for turn in range(kills):
            moment = ("after", "amid", "before")[turn % 3]
            point, delay = chance.randint(1, 2), chance.uniform(0, 0.02)
            code, errors = self.run_doomed(point, moment, delay, *arguments)
            landed += code == -signal.SIGKILL
            assert code in (-signal.SIGKILL, 0, 3), errors
            steps.append(self.work())
        code, _, errors = self.run(*arguments)
        assert code in (0, 3), errors
        return landed, sum(before < now < self.work() for before, now in pairwise(steps))

    def work(self) -> int:
        """A number that rises with all that any stage does."""
        with opened_catalog(self.settings) as catalog, opened_index(self.settings) as index:
            counts = catalog.counts()
            return sum(counts[name] for name in ("records", "digests", "refused")) + index.position()

    def state(self) -> dict[str, Any]:
        """All that the node holds but for the times at which it came: papers, digests, what search finds."""
        papers, digests = {}, {}
        with opened_catalog(self.settings) as catalog, opened_index(self.settings) as index:
            after = 0
            while changes := catalog.changes(after):
                after = changes[-1].sequence
                for paper in catalog.papers([c.paper_id for c in changes if not c.deleted]):
                    versions = tuple(replace(v, provenance={}) for v in paper.versions)
                    papers[paper.id] = msgspec.to_builtins((versions, paper.aliases))
                    for audience in Audience:
                        if digest := catalog.digest(paper.id, audience):
                            digests[paper.id, audience] = msgspec.to_builtins(replace(digest, created_at=""))
            counts = catalog.counts()
            lag = after - index.position()
            found = {
                text: sorted(hit.paper_id for hit in index.search(Query(text, size=100)).hits)
                for text in ("cancer", "survival", "screening", "year:2020-2026")
            }
            indexed = sorted(index.ids())
        counts.pop("changes", None)
        return {
            "papers": papers,
            "digests": digests,
            "counts": counts,
            "indexed": indexed,
            "found": found,
            "lag": lag,
        }


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loaded]:
    """Where commands run without loading anything first."""
    opened = Loaded(tmp_path_factory.mktemp("loaded"))
    yield opened
    opened.close()


@pytest.fixture
def make_node(tmp_path: Path, loaded: Loaded, encoder_cache: Path) -> Callable[[str], Node]:
    def make(name: str) -> Node:
        folder = tmp_path / name
        folder.mkdir()
        # every node of one machine may use the same prepared encoder
        (folder / "cache").symlink_to(encoder_cache)
        return Node(folder, loaded)

    return make


@pytest.fixture
def node(make_node: Callable[[str], Node], empty_database: Path) -> Node:
    """A node whose first command need not make the catalog's tables, as those of `make_node` must."""
    made = make_node("node")
    shutil.copy(empty_database, made.folder / "findings.db")
    return made


@pytest.fixture
def replay() -> Iterator[EuropePmcReplay]:
    """The bundled sample, served in Europe PMC's format."""
    with sample() as path, EuropePmcReplay(path) as server:
        yield server


@pytest.fixture
def port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
