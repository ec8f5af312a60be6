"""How fast pages are harvested and saved, beside `scrapy bench`: `python -m benchmarks.harvest_crawl`.

`scrapy bench` follows links on a server of its own and keeps nothing. Ours asks a replay server, which is a
process of its own too, for page after page of invented records, reads them and saves each page durably before
it asks for the next. In turns, in one run; the rate is that of the best turn.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from benchmarks.children import ROOT, memory_mb, run_child
from benchmarks.rows import Row, print_rows

TURNS = 2
SIZES = (10, 25, 100)
"""Records on a page: as in PMC's OAI-PMH, Europe PMC's default, and what we ask Europe PMC for."""
USUAL = 25
PAGES = 200
_CRAWLED = re.compile(r"Crawled (\d+) pages")
_SECONDS = 10.0
"""How long `scrapy bench` runs by itself."""


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--json", action="store_true")
    options.add_argument("--child", type=int, metavar="SIZE", help=argparse.SUPPRESS)
    options.add_argument("--serve", type=int, metavar="COUNT", help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.serve:
        _serve(given.serve)
    elif given.child:
        print(json.dumps(_harvested(given.child)))
    else:
        print_rows(list(crawl_rows()), as_json=given.json)


def crawl_rows() -> Iterator[Row]:
    """Pages a minute, and records a second."""
    scrapy, ours = 0.0, dict.fromkeys(SIZES, 0.0)
    cpu, peak = dict.fromkeys(SIZES, 0.0), dict.fromkeys(SIZES, 0.0)
    for _ in range(TURNS):
        scrapy = max(scrapy, _scrapy_bench())
        for size in SIZES:
            found = run_child("harvest_crawl", "--child", size)
            ours[size] = max(ours[size], found["pages"] / found["wall"] * 60)
            cpu[size] = max(cpu[size], found["pages"] * size / found["cpu"])
            peak[size] = max(peak[size], found["peak"])
    for size in SIZES:
        case = "crawl/europepmc" + (f"-{size}" if size != USUAL else "")
        yield Row(case, "findings", "pages_per_minute", ours[size], "1/min")
        yield Row(case, "scrapy-bench", "pages_per_minute", scrapy, "1/min")
        yield Row(case, "findings", "records_per_second", ours[size] * size / 60, "1/s")
        yield Row(case, "findings", "records_per_cpu_second", cpu[size], "1/s")
        yield Row(case, "findings", "peak_mb", peak[size], "MB")


def _scrapy_bench() -> float:
    command = [sys.executable, "-m", "scrapy", "bench"]
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(command, cwd=folder, stderr=subprocess.PIPE, text=True, check=True)
    crawled = [int(number) for number in _CRAWLED.findall(done.stderr)]
    return max(crawled) / _SECONDS * 60


def _harvested(size: int) -> dict[str, float]:
    """One harvest of `PAGES` pages into a fresh catalog."""
    from catalog import open_catalog
    from crawler.harvest import harvest
    from crawler.patience import load_patience

    patience = replace(load_patience("europepmc"), page_size=size, requests_per_second=10_000.0)
    with _replay(size * PAGES) as address, tempfile.TemporaryDirectory() as folder:
        catalog = open_catalog(f"sqlite:///{folder}/catalog.db")
        wall, cpu = time.perf_counter(), time.process_time()
        report = harvest("europepmc", catalog, base_url=address, patience=patience)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        catalog.close()
    if (report.outcome, report.counts.new) != ("complete", size * PAGES):
        raise RuntimeError(f"the harvest was not whole: {report}")
    return {"pages": float(report.pages), "wall": wall, "cpu": cpu, "peak": memory_mb()["peak"]}


@contextmanager
def _replay(count: int) -> Iterator[str]:
    command = [sys.executable, "-m", "benchmarks.harvest_crawl", "--serve", str(count)]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout
        try:
            yield server.stdout.readline().strip()
        finally:
            server.terminate()


def _serve(count: int) -> None:
    from crawler.europepmc_replay import EuropePmcReplay

    with EuropePmcReplay(_records(count), compressed=False) as server:
        print(server.base_url, flush=True)
        sys.stdin.read()


def _records(count: int) -> list[dict[str, Any]]:
    """Core records about invented papers, as long as usual ones."""
    from benchmarks.corpus import papers

    return [_record(number, item.paper) for number, item in enumerate(papers(count), 1)]


def _record(number: int, paper: Any) -> dict[str, Any]:  # noqa: ANN401 - a Paper; nothing is loaded for scrapy
    version = paper.primary
    main = version.abstract()
    authors = [
        {
            "lastName": author.family,
            "firstName": author.given,
            "authorAffiliationDetailsList": {
                "authorAffiliation": [{"affiliation": place.text} for place in author.affiliations]
            },
        }
        for author in version.authors
    ]
    return {
        "id": str(number),
        "source": "MED",
        "pmid": str(number),
        "doi": f"10.5555/invented.{number}",
        "title": version.title,
        "abstractText": main.text if main else "",
        "authorList": {"author": authors},
        "journalInfo": {"journal": {"title": version.journal.title if version.journal else ""}},
        "pubYear": str(version.year or 2020),
        "isOpenAccess": "Y",
        "license": "cc by",
        "firstIndexDate": "2024-01-01",
        "firstPublicationDate": "2024-01-01",
    }


if __name__ == "__main__":
    main()
