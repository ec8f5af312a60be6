"""How surely records of one work are found: `python -m benchmarks.identity [--data DIR] [--json]`.

Pairs of records without a shared identifier, each labelled as one work or two: the hard invented ones of
`labels/identity.toml`, and pairs of the real records under `--data`, made when it is run. There one work is
a record and the same as another source tells it (fewer authors, initials, no place, another year …), or two
sources' records that share an identifier, which is taken away; two works are records with different
identifiers of one scheme that share a blocking key, or have the nearest titles of one journal.

A pair counts as found as in the catalog: it shares a blocking key and `same_work` says yes. Rules were
chosen on two thirds of the pairs; `held-out` is the rest.
"""

import argparse
import json
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.rows import Row, print_rows
from domain.identifiers import Identifiers
from domain.matching import match_keys, same_work
from domain.paper import Abstract, Author, Journal, Section, Version, VersionKind

ROOT = Path(__file__).parents[1]
LABELS = Path(__file__).parent / "labels" / "identity.toml"
_JOURNAL = {"journal": "title", "abbreviation": "abbreviation", "volume": "volume", "pages": "pages"}


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records and whether they tell of one work."""

    kind: str
    one: Version
    other: Version
    same: bool
    held_out: bool = False

    @property
    def found(self) -> bool:
        """Whether the catalog would take them for one work."""
        shared = set(match_keys(self.one)) & set(match_keys(self.other))
        return bool(shared) and same_work(self.one, self.other) is not None

    @property
    def right(self) -> bool:
        """Whether that is so."""
        return self.found is self.same


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    options.add_argument("--json", action="store_true")
    options.add_argument("--wrong", action="store_true", help="print the pairs that are judged wrongly")
    given = options.parse_args()
    pairs = [*invented_pairs(), *real_pairs(given.data)]
    if given.wrong:
        for pair in (pair for pair in pairs if not pair.right):
            shown = [pair.kind, pair.same, _shown(pair.one), _shown(pair.other)]
            print(json.dumps(shown, ensure_ascii=False))
    print_rows(list(rows(pairs)), as_json=given.json)


def invented_pairs() -> list[Pair]:
    """The pairs of `labels/identity.toml`; every third is held out."""
    table = tomllib.loads(LABELS.read_text("utf-8"))
    records = table["records"]
    return [
        Pair(
            pair["kind"],
            _to_version(records[pair["of"]] | pair.get("one", {})),
            _to_version(records[pair["of"]] | pair.get("other", {})),
            pair["same"],
            number % 3 == 2,
        )
        for number, pair in enumerate(table["pairs"])
    ]


def real_pairs(data: Path) -> list[Pair]:
    """Pairs of the real records under `data`, if there are any; every third is held out."""
    from benchmarks.identity_real import (
        read_pairs,
    )  # the readers of all sources, which the invented do without

    return [
        Pair(f"real-{kind}", one, other, same, number % 3 == 2)
        for number, (kind, one, other, same) in enumerate(read_pairs(data))
    ]


def rows(pairs: Iterable[Pair]) -> Iterator[Row]:
    """Precision and recall of all, of those held out, of the invented and real, and how many are right of
    each kind."""
    listed = list(pairs)
    sets = {
        "all": listed,
        "held-out": [p for p in listed if p.held_out],
        "invented": [p for p in listed if not p.kind.startswith("real-")],
        "invented-held-out": [p for p in listed if p.held_out and not p.kind.startswith("real-")],
        "real": [p for p in listed if p.kind.startswith("real-")],
    }
    for name, chosen in sets.items():
        for metric, value in scores(chosen).items():
            yield Row(name, "findings", metric, value, "pairs" if metric == "pairs" else "share")
    totals, right = Counter(p.kind for p in listed), Counter(p.kind for p in listed if p.right)
    for kind, total in sorted(totals.items()):
        yield Row(f"kind/{kind}", "findings", "right", right[kind] / total, "share")
        yield Row(f"kind/{kind}", "findings", "pairs", total, "pairs")


def scores(pairs: Iterable[Pair]) -> dict[str, float]:
    """Precision, recall and how many pairs; empty without pairs."""
    listed = [(pair.same, pair.found) for pair in pairs]
    if not listed:
        return {}
    true = sum(same and found for same, found in listed)
    found, same = sum(found for _, found in listed), sum(same for same, _ in listed)
    return {"precision": true / max(found, 1), "recall": true / max(same, 1), "pairs": len(listed)}


def _to_version(told: Mapping[str, Any]) -> Version:
    abstract, journal = told.get("abstract"), {to: told.get(name, "") for name, to in _JOURNAL.items()}
    return Version(
        VersionKind(told.get("kind", "article")),
        Identifiers(told.get("doi"), told.get("pmid"), told.get("pmcid"), other=tuple(told.get("other", ()))),
        told["title"],
        abstracts=(Abstract((Section(abstract),)),) if abstract else (),
        authors=tuple(_to_author(name) for name in told["authors"].split("; ") if name),
        published=told["year"] or None,
        journal=Journal(**journal) if any(journal.values()) else None,
        publication_types=tuple(told.get("publication_types", ())),
    )


def _to_author(name: str) -> Author:
    family, comma, given = name.partition(", ")
    return Author(f"{given} {family}", family, given) if comma else Author(name)


def _shown(told: Version) -> str:
    place = told.journal
    where = f"{place.title} {place.volume} {place.pages}" if place else ""
    names = ", ".join(author.name for author in told.authors[:4])
    return f"{told.kind.value} | {told.title} | {names} ({len(told.authors)}) | {told.published} | {where}"


if __name__ == "__main__":
    main()
