"""How fast pages are harvested and saved, beside `scrapy bench`: `python -m benchmarks.harvest_crawl`.

`scrapy bench` follows links on a server of its own for ten seconds, many at once, and keeps nothing. Ours
asks a replay server, a process of its own too, for page after page of invented records, as each names the
next, for about as long, reads them and saves each page durably before it asks for another. Neither clock runs
while modules are loaded: Scrapy's from the opening of its spider, ours from the first page that is saved. In
turns, in one run; the rate is that of the best turn.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.children import ROOT, memory_mb, run_child
from benchmarks.rows import Row, print_rows

TURNS = 3
_TOLD = re.compile(r"'(response_received_count|elapsed_time_seconds)': ([\d.]+)")
"""What `scrapy bench` says of itself at its end."""
_LOOKS = 25
"""After so many pages the memory is looked at."""


@dataclass(frozen=True, slots=True)
class Crawl:
    """A harvest that is measured."""

    source: str
    size: int
    """Records on a page."""
    pages: int


CRAWLS = {
    "crawl/pages": Crawl("pages", 1, 1000),
    "crawl/oai": Crawl("oai", 10, 800),
    "crawl/europepmc-10": Crawl("europepmc", 10, 600),
    "crawl/europepmc": Crawl("europepmc", 25, 300),
    "crawl/europepmc-100": Crawl("europepmc", 100, 100),
}
"""A publisher's page tells of one paper; PMC lists ten on a page, Europe PMC 25 where nothing else is asked
for, and 100 when we ask."""


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--json", action="store_true")
    options.add_argument("--case", action="append", choices=CRAWLS, help="only this one; may be repeated")
    options.add_argument("--child", metavar="CASE", help=argparse.SUPPRESS)
    options.add_argument("--serve", metavar="CASE", help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.serve:
        _serve(CRAWLS[given.serve])
    elif given.child:
        print(json.dumps(_harvested(given.child)))
    else:
        print_rows(list(crawl_rows(given.case or CRAWLS)), as_json=given.json)


def crawl_rows(cases: Iterable[str] = CRAWLS) -> Iterator[Row]:
    """Pages a minute, and records a second."""
    scrapy: list[float] = []
    ours: dict[str, list[dict[str, float]]] = {case: [] for case in cases}
    for _ in range(TURNS):
        scrapy.append(_scrapy_bench())
        for case, runs in ours.items():
            runs.append(run_child("harvest_crawl", "--child", case))
    for case, runs in ours.items():
        size = CRAWLS[case].size
        rate = max((run["pages"] - 1) / run["wall"] * 60 for run in runs)
        thrift = max(run["pages"] * size / run["cpu"] for run in runs)
        yield Row(case, "findings", "pages_per_minute", rate, "1/min")
        yield Row(case, "scrapy-bench", "pages_per_minute", max(scrapy), "1/min")
        yield Row(case, "findings", "records_per_second", rate * size / 60, "1/s")
        yield Row(case, "findings", "records_per_cpu_second", thrift, "1/s")
        yield Row(case, "findings", "peak_mb", max(run["peak"] for run in runs), "MB")


def _scrapy_bench() -> float:
    """Its pages a minute; it goes on for a while when its ten seconds are over."""
    command = [sys.executable, "-m", "scrapy", "bench"]
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(command, cwd=folder, stderr=subprocess.PIPE, text=True, check=True)
    told = {name: float(number) for name, number in _TOLD.findall(done.stderr)}
    return told["response_received_count"] / told["elapsed_time_seconds"] * 60


def _harvested(case: str) -> dict[str, float]:
    """One harvest of all pages into a fresh catalog."""
    from catalog import open_catalog
    from crawler.fetching.patience import load_patience
    from crawler.harvest import HarvestProgress, harvest

    crawl = CRAWLS[case]
    patience = replace(load_patience(crawl.source), page_size=crawl.size, requests_per_second=10_000.0)
    held, began = [0.0], 0.0

    def look(progress: HarvestProgress) -> None:
        nonlocal began
        began = began or time.perf_counter()
        if progress.pages % _LOOKS == 0 or progress.pages == crawl.pages - 1:
            held.append(_held_mb())

    with _replay(case) as address, tempfile.TemporaryDirectory() as folder:
        catalog = open_catalog(f"sqlite:///{folder}/catalog.db")
        cpu = _cpu_seconds()
        report = harvest(crawl.source, catalog, base_url=address, patience=patience, progress=look)
        wall, cpu = time.perf_counter() - began, _cpu_seconds() - cpu
        catalog.close()
    if (report.outcome, report.counts.new) != ("complete", crawl.size * crawl.pages):
        raise RuntimeError(f"the harvest was not whole: {report}")
    return {"pages": float(crawl.pages), "wall": wall, "cpu": cpu, "peak": max(held)}


def _held_mb() -> float:
    """Memory of this process and its reader, whatever else runs: a file that both have mapped counts once."""
    used = [memory_mb(process) for process in ("self", *_readers())]
    return sum(one["private"] for one in used) + max(one["rss"] - one["private"] for one in used)


def _readers() -> list[str]:
    """The process that reads a share of every page, where there is one."""
    children = " ".join(path.read_text() for path in Path("/proc/self/task").glob("*/children")).split()
    return [one for one in children if b"crawler.records" in Path(f"/proc/{one}/cmdline").read_bytes()]


def _cpu_seconds() -> float:
    """What this process used, and those that it started and that have ended: a reader, but no server."""
    return sum(os.times()[:4])


@contextmanager
def _replay(case: str) -> Iterator[str]:
    command = [sys.executable, "-m", "benchmarks.harvest_crawl", "--serve", case]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout
        try:
            yield server.stdout.readline().strip()
        finally:
            server.terminate()


def _serve(crawl: Crawl) -> None:
    from benchmarks.crawl_servers import open_server

    with open_server(crawl.source, crawl.pages, crawl.size) as server:
        print(server.base_url, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
