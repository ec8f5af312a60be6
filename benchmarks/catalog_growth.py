"""What a record costs as the catalog grows: `python -m benchmarks.catalog_growth [--size N]… [--json]`.

Invented records, a fifth of them told by a second source, are saved in pages until the catalog holds each
size; then the cost of the next records is measured: new ones, ones told again, and unchanged ones. On SQLite,
and on PostgreSQL where `--postgresql URL` names an empty database. CPU seconds are this process's; what
PostgreSQL's own processes use is not in them, so wall seconds are given beside.
"""

import argparse
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from benchmarks.corpus import papers
from benchmarks.rows import Row, print_rows
from catalog import open_catalog
from catalog.codec import to_json
from catalog.sqlcatalog import SqlCatalog
from domain.identifiers import Identifiers
from domain.paper import Author, Version
from domain.record import HarvestedRecord

SIZES = (10_000, 20_000)
PAGE, SAMPLE = 200, 2_000
_WHEN = datetime(2026, 1, 1, tzinfo=UTC)
Told = tuple[HarvestedRecord, Version]


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--size", type=int, action="append", help="records in the catalog; repeat it")
    options.add_argument("--postgresql", metavar="URL", help="an empty database to fill")
    options.add_argument("--json", action="store_true")
    given = options.parse_args()
    sizes = sorted(given.size or SIZES)
    with tempfile.TemporaryDirectory() as folder:
        urls = {"sqlite": f"sqlite:///{Path(folder) / 'catalog.db'}"}
        if given.postgresql:
            urls["postgresql"] = given.postgresql
        found = [row for name, url in urls.items() for row in _grown(name, url, sizes)]
    print_rows(found, as_json=given.json)


def _grown(name: str, url: str, sizes: Sequence[int]) -> Iterator[Row]:
    catalog = open_catalog(url, ("alpha", "beta"))
    records, held = _records(sizes[-1] + SAMPLE * len(sizes)), 0
    for size in sizes:
        while held < size:
            page = list(islice(records, min(PAGE, size - held)))
            catalog.save(page)
            held += len(page)
        fresh = list(islice(records, SAMPLE))
        again = [(record, replace(told, keywords=(*told.keywords, "again"))) for record, told in fresh]
        for case, offered in (("new", fresh), ("changed", again), ("unchanged", again)):
            cpu, wall = _timed(catalog, offered)
            yield Row(f"save-{case}/{name}/{size}", "findings", "cpu_us_per_record", cpu, "µs")
            yield Row(f"save-{case}/{name}/{size}", "findings", "wall_us_per_record", wall, "µs")
        held += len(fresh)
    catalog.close()


def _timed(catalog: SqlCatalog, offered: Sequence[Told]) -> tuple[float, float]:
    cpu, wall = time.process_time(), time.perf_counter()
    for start in range(0, len(offered), PAGE):
        catalog.save(offered[start : start + PAGE])
    count = len(offered) / 1e6
    return (time.process_time() - cpu) / count, (time.perf_counter() - wall) / count


def _records(count: int) -> Iterator[Told]:
    """Invented records; every fifth is told again by another source, with a PubMed id instead of the DOI."""
    for number, item in enumerate(papers(count)):
        told = replace(item.paper.primary, authors=_authors(item.paper.primary.authors, number))
        yield _record("alpha", f"a{number}", told)
        if number % 5 == 0:
            other = replace(told, identifiers=Identifiers(pmid=str(number + 1)), keywords=("invented",))
            yield _record("beta", f"b{number}", other)


def _authors(given: Sequence[Author], number: int) -> tuple[Author, ...]:
    """The corpus draws from few names; names as various as real ones are made of them."""
    suffixes = (number % 97, number // 97 % 89)
    return tuple(
        replace(author, family=f"{author.family}{chr(97 + suffix % 26)}{chr(97 + suffix // 26)}")
        for author, suffix in zip(given, suffixes * len(given), strict=False)
    )


def _record(source: str, native_id: str, told: Version) -> Told:
    return HarvestedRecord(source, native_id, _WHEN, "application/json", to_json(told)), told


if __name__ == "__main__":
    main()
