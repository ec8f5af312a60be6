"""Rows: the one form in which every benchmark gives its numbers."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Row:
    """One number: `system` is `findings` or a control's name, measured in the same run."""

    case: str
    system: str
    metric: str
    value: float
    unit: str


def print_rows(rows: Iterable[Row], *, as_json: bool) -> None:
    """One JSON list, or a table with how we stand to each control (above 1: more than the control's).

    The list is written as it grows, so that a run that is stopped leaves what was known.
    """
    if as_json:
        _print_list(rows)
    else:
        _print_table(list(rows))


def _print_list(rows: Iterable[Row]) -> None:
    lead = "["
    for row in rows:
        print(lead + json.dumps(asdict(row)), end="", flush=True)
        lead = ",\n"
    print("]" if lead != "[" else "[]")


def _print_table(rows: Sequence[Row]) -> None:
    table = Table(box=None, pad_edge=False)
    for heading in ("case", "metric", "system", "value", "unit", "findings ÷ it"):
        table.add_column(heading, no_wrap=True)
    ours = {(row.case, row.metric): row.value for row in rows if row.system == "findings"}
    for row in rows:
        own = ours.get((row.case, row.metric))
        ratio = f"{own / row.value:.2f}" if own and row.value and row.system != "findings" else ""
        table.add_row(row.case, row.metric, row.system, f"{row.value:,.4g}", row.unit, ratio)
    Console(width=140).print(table)


def best(values: Iterable[float]) -> float:
    """The least disturbed of several timings: the smallest."""
    return min(values)
