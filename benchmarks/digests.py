"""How good digests are and how fast they are written: `python -m benchmarks.digests [--data DIR] [--json]`.

Two parts, `--part quality` and `--part speed`; both without it. Quality is measured on every file of pairs in
`jats-plain-language/`, `--size` papers of each, evenly spread (0: all). Nothing is told of a paper with
weights that were learned on it: what is learned is learned anew without it.
"""

import argparse
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from benchmarks import digests_speed
from benchmarks.digests_ours import Ours
from benchmarks.digests_pairs import Pair, load_cases
from benchmarks.digests_quality import budgets, case_rows, print_tables
from benchmarks.rows import Row, print_rows

ROOT = Path(__file__).parents[1]
PARTS = ("quality", "speed")
_TELL_AFTER = 30.0
"""Seconds between two lines that say how far it is."""


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    options.add_argument("--size", type=int, default=100, help="how many papers of each file; 0: all")
    options.add_argument("--json", action="store_true")
    options.add_argument("--part", choices=PARTS, action="append", help="only this part; may be repeated")
    options.add_argument("--cache", type=Path, help="where vectors are kept between runs")
    given = options.parse_args()
    parts = given.part or PARTS
    rows = _measured(parts, given.data, given.size, given.cache)
    if given.json:
        print_rows(rows, as_json=True)
    else:
        print_tables(list(rows))


def quality(data: Path, size: int, cache: Path | None) -> Iterator[Row]:
    """The rows of every file of pairs, those of a case as soon as all its papers are told."""
    cases = load_cases(data, size)
    if not cases:
        _say(f"no pairs of papers and plain summaries in {data}")
        return
    ours = Ours(cache)
    for case, pairs in cases.items():
        rows = case_rows(case, _told_of(case, pairs), ours.systems(), budgets(pairs))
        ours.save()
        _say(_in_short(case, rows))
        yield from rows


def _measured(parts: Sequence[str], data: Path, size: int, cache: Path | None) -> Iterator[Row]:
    if "quality" in parts:
        yield from quality(data, size, cache)
    if "speed" in parts:
        yield from digests_speed.speed_rows(data, size)


def _told_of(case: str, pairs: Sequence[Pair]) -> Iterator[Pair]:
    """The pairs, with a line now and then that says how many are done."""
    _say(f"{case}: {len(pairs)} papers")
    last = time.monotonic()
    for done, pair in enumerate(pairs):
        if time.monotonic() - last > _TELL_AFTER:
            last = time.monotonic()
            _say(f"{case}: {done} of {len(pairs)}, {time.process_time():.0f} CPU seconds so far")
        yield pair


def _in_short(case: str, rows: Iterable[Row]) -> str:
    found = [f"{row.system} {row.value:.3f}" for row in rows if row.metric == "rouge1"]
    return f"{case}, ROUGE-1: {', '.join(found)}"


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
