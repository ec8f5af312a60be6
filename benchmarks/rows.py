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


def print_rows(rows: Sequence[Row], *, as_json: bool) -> None:
    """One JSON list, or a table with how we stand to each control (above 1: more than the control's)."""
    if as_json:
        print(json.dumps([asdict(row) for row in rows]))
        return
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
