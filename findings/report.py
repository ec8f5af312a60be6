"""What a command says: a table or JSON at the end, a bar or log lines on the way."""

import json
import logging
import shutil
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Protocol

import msgspec
from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table

from crawler.health import SourceHealth
from domain.record import Counts

_LOG_EVERY = 10.0  # seconds between log lines where there is no terminal

log = logging.getLogger("findings")


class Step(Protocol):
    """Told how far the work has come."""

    def __call__(self, done: int, total: int | None = None, reason: str = "", what: str = "") -> None:
        """`done` of `total` (None: not known) of `what`; `reason` says why it is waiting."""
        ...


@contextmanager
def progress(work: str, *, quiet: bool = False) -> Iterator[Step]:
    """A bar on a terminal, a log line every ten seconds elsewhere, nothing when `quiet`."""
    if quiet:
        yield lambda done, total=None, reason="", what="": None
    elif sys.stderr.isatty():
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(work, total=None)
            yield lambda done, total=None, reason="", what=work: bar.update(
                task,
                completed=done,
                total=total,
                description=escape(plain(f"{what}: {reason}" if reason else what)),
            )
    else:
        yield _logged(work)


def _logged(work: str) -> Step:
    last = time.monotonic()

    def step(done: int, total: int | None = None, reason: str = "", what: str = "") -> None:
        nonlocal last
        if reason or time.monotonic() - last >= _LOG_EVERY:
            last = time.monotonic()
            waiting = f", waiting: {reason}" if reason else ""
            log.info(
                "%s: %s%d%s%s", work, f"{what} " * bool(what), done, f" of {total}" if total else "", waiting
            )

    return step


def plain(cell: object) -> str:
    """Text for a terminal: what others wrote may hold signs that would command it."""
    return "".join(c if c.isprintable() else " " for c in str(cell))


def print_source(text: bytes) -> None:
    """Print what a source sent, as it came; on a terminal line by line, without what would command it."""
    if sys.stdout.isatty():
        for line in text.decode("utf-8", "replace").splitlines():
            print(plain(line))  # noqa: T201
    else:
        sys.stdout.buffer.write(text)


def print_json(value: object) -> None:
    """Print a value, domain objects included, as one line of JSON; in ASCII where not all can be written."""
    everything = sys.stdout.encoding.lower().startswith("utf")
    print(json.dumps(msgspec.to_builtins(value), ensure_ascii=not everything))  # noqa: T201


def print_table(headings: Sequence[str], rows: Sequence[Sequence[object]], title: str = "") -> None:
    """Print a table: of lines and columns on a terminal, tab-separated elsewhere."""
    if not sys.stdout.isatty():
        for row in rows:
            print("\t".join(plain(cell) for cell in row))  # noqa: T201
        return
    table = Table(
        title=title or None,
        title_justify="left",
        box=None,
        pad_edge=False,
        collapse_padding=True,
        show_header=any(headings),
    )
    for number, heading in enumerate(headings):
        numeric = bool(rows) and all(isinstance(row[number], int) for row in rows)
        table.add_column(heading, justify="right" if numeric else "left")
    for row in rows:
        table.add_row(*(f"{cell:,}" if isinstance(cell, int) else escape(plain(cell)) for cell in row))
    Console().print(table)


def count_rows(counts: Counts, deleted: int = 0, ignored: int = 0) -> list[tuple[str, int]]:
    """The rows of a harvest's or import's report."""
    rows = [
        ("new", counts.new),
        ("updated", counts.updated),
        ("unchanged", counts.unchanged),
    ]
    if counts.skipped:
        rows.append(("skipped: not about cancer", counts.skipped))
    rows += [(f"rejected: {reason}", number) for reason, number in sorted(counts.rejected.items())]
    rows.append(("in all", counts.total))
    if deleted:
        rows.append(("works withdrawn: deleted at their source", deleted))
    if ignored:
        rows.append(("files of other kinds left alone", ignored))
    return rows


def print_counts(counts: Mapping[str, object]) -> None:
    """Print what there is: in a few lines on a terminal, which leaves room for the rest, else one each."""
    if not sys.stdout.isatty():
        print_table(("", ""), list(counts.items()))
        return
    parts = [
        f"{name} {value:,}" if isinstance(value, int) else f"{name} {value}" for name, value in counts.items()
    ]
    Console().print(" · ".join(part.replace(" ", "\u00a0") for part in parts), highlight=False)


def print_health(sources: Sequence[SourceHealth]) -> None:
    """Print how each source is doing, one line each, then what someone should look at.

    A line of a terminal holds what fits; all of it is in `findings status --json`.
    """
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    if sources:
        rows = [
            (
                source.source,
                source.state,
                source.complete[:10] or "never",
                _known(source.announced),
                source.held,
                source.newest,
                source.budget.replace(" of ", "/"),
            )
            for source in sources
        ]
        print_table(("source", "state", "complete", "announced", "held", "newest", "today"), rows)
    for source in sources:
        for alarm in source.alarms:
            line = f"! {source.source}: {alarm}"
            print(line if width is None or len(line) <= width else f"{line[: width - 1]}…")  # noqa: T201


def _known(number: int | None) -> int | str:
    return "–" if number is None else number
