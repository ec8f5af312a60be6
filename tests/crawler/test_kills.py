"""`kill -9` of a harvest of five sources at random moments: it ends as one that was never killed.

`FINDINGS_TEST_SOAK=1` makes it 200 kills over 5,000 records; the seed is printed when it fails.
"""

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path
from typing import Any

from catalog import open_catalog
from catalog.sqlcatalog import SqlCatalog
from crawler.replay import Fault, FaultKind, Replay
from tests.crawler import replay_europepmc

ROOT = Path(__file__).parents[2]
SOAK = bool(os.environ.get("FINDINGS_TEST_SOAK"))
KILLS, RECORDS = (200, 1000) if SOAK else (8, 60)
FREEZES = 10 if SOAK else 1
SOURCES = ("europepmc", "oai", "openalex", "datacite", "pubmed")

SCRIPT = """
import json, sys
from dataclasses import replace
import crawler.plan as plan
import crawler.records.readers as readers
from catalog import open_catalog
from crawler.harvest import Wanted, harvest_sources
addresses, table, limits = json.loads(sys.argv[1]), plan.source_table, plan.load_patience
plan.source_table = lambda name: {**table(name), "base_url": addresses[name]}
plan.load_patience = lambda name, keyed=False: replace(
    limits(name), page_size=10, requests_per_second=40, first_wait=0.01
)
readers._ENOUGH = 40
wanted = Wanted(contact="tests@findings.example")
reports = harvest_sources(list(addresses), open_catalog(sys.argv[2]), wanted)
print(json.dumps({report.source: [report.outcome, report.note] for report in reports}))
"""


def start(servers: dict[str, Replay], database: str) -> subprocess.Popen[str]:
    addresses = json.dumps({name: server.base_url for name, server in servers.items()})
    return subprocess.Popen(
        [sys.executable, "-c", SCRIPT, addresses, database],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(servers: dict[str, Replay], database: str) -> None:
    output, errors = start(servers, database).communicate(timeout=600)
    assert output, errors
    outcomes = json.loads(output)
    assert {name: outcome for name, (outcome, _) in outcomes.items()} == dict.fromkeys(servers, "complete"), (
        outcomes
    )


def state(catalog: SqlCatalog) -> dict[str, Any]:
    """All that is held but for the times at which it came."""
    held: dict[str, Any] = {"counts": catalog.counts()}
    for name in SOURCES:
        after = ""
        while records := catalog.records(name, after):
            after = records[-1].native_id
            held |= {f"{name}:{r.native_id}": hashlib.sha256(r.payload).hexdigest() for r in records}
    held["counts"].pop("changes")
    return held


def opened(path: Path) -> dict[str, Any]:
    catalog = open_catalog(f"sqlite:///{path}")
    try:
        return state(catalog)
    finally:
        catalog.close()


def test_of_two_harvests_at_once_the_one_that_was_frozen_saves_nothing_more(tmp_path: Path) -> None:
    """It is stopped while it waits for a page, another takes its place, and then it goes on."""
    for number in range(FREEZES):
        database, delayed = f"sqlite:///{tmp_path}/{number}.db", 2 + number % 4
        with replay_europepmc.serve(60, [Fault(delayed, FaultKind.DELAY, seconds=1)]) as server:
            frozen = start({"europepmc": server}, database)
            while len(server.requests) < delayed:
                assert frozen.poll() is None
                time.sleep(0.01)
            time.sleep(0.2)
            frozen.send_signal(signal.SIGSTOP)
            finish({"europepmc": server}, database)
            before = opened(tmp_path / f"{number}.db")
            frozen.send_signal(signal.SIGCONT)
            output, errors = frozen.communicate(timeout=60)
            assert (output, frozen.returncode) == ("", 1)
            assert "Superseded: another harvest of europepmc has begun; this one ends" in errors
            assert opened(tmp_path / f"{number}.db") == before
        assert len(before) == 1 + 60


def test_a_killed_harvest_ends_like_an_unbroken_one(tmp_path: Path) -> None:
    seed = random.randrange(2**32)
    chance = random.Random(seed)
    with ExitStack() as stack:
        servers = {
            name: stack.enter_context(import_module(f"tests.crawler.replay_{name}").serve(RECORDS))
            for name in SOURCES
        }
        finish(servers, f"sqlite:///{tmp_path}/whole.db")
        plain = {name: len(server.requests) for name, server in servers.items()}
        landed = 0
        for _ in range(KILLS):
            process = start(servers, f"sqlite:///{tmp_path}/killed.db")
            asked = sum(len(server.requests) for server in servers.values())
            enough = asked + chance.randint(1, max(2, sum(plain.values()) // KILLS))
            while process.poll() is None and sum(len(s.requests) for s in servers.values()) < enough:
                time.sleep(0.002)
            time.sleep(chance.uniform(0, 0.05))
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
                landed += 1
            process.communicate()
        finish(servers, f"sqlite:///{tmp_path}/killed.db")
        asked_again = {name: len(server.requests) - 2 * plain[name] for name, server in servers.items()}
    whole, killed = opened(tmp_path / "whole.db"), opened(tmp_path / "killed.db")
    assert len(whole) == 1 + RECORDS * len(SOURCES)
    assert killed == whole, f"seed {seed}"
    assert landed >= KILLS // 2, f"too few kills came in time: {landed}"
    # one page at most is under way at each source when it is killed
    assert all(again <= landed for again in asked_again.values()), f"seed {seed}, {landed}: {asked_again}"
