"""How good digests are and how fast they are written: `python -m benchmarks.digests [--data DIR] [--json]`.

Two parts, `--part quality` and `--part speed`; both without it. Quality is measured on every file of pairs in
`jats-plain-language/`, `--size` papers of each, evenly spread (0: all). Nothing is told of a paper with
weights that were learned on it: what is learned is learned anew without it.
"""

import argparse
from pathlib import Path

from benchmarks import digests_speed
from benchmarks.digests_ours import Ours
from benchmarks.digests_pairs import load_cases
from benchmarks.digests_quality import print_tables, quality_rows
from benchmarks.rows import Row, print_rows

ROOT = Path(__file__).parents[1]
PARTS = ("quality", "speed")


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
    rows: list[Row] = []
    if "quality" in parts:
        rows += quality(given.data, given.size, given.cache)
    if "speed" in parts:
        rows += digests_speed.speed_rows(given.data, given.size)
    if given.json:
        print_rows(rows, as_json=True)
    else:
        print_tables(rows)


def quality(data: Path, size: int, cache: Path | None) -> list[Row]:
    """The rows of every file of pairs."""
    cases = load_cases(data, size)
    if not cases:
        return []
    ours = Ours(cache)
    rows = quality_rows(cases, ours.systems())
    ours.save()
    return rows


if __name__ == "__main__":
    main()
