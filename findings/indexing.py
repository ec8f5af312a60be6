"""The commands that keep the search index in step with the catalog."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import click

from domain.errors import ModelUnavailable
from domain.ports import Catalog, SearchIndex
from findings.cli import json_option, settings_of
from findings.report import print_json, print_table, progress
from findings.settings import Settings
from findings.wiring import opened_catalog, opened_index
from findings.yielding import Pace, be_nice, find_quota

if TYPE_CHECKING:
    from index.sync import Synced

_NICENESS = 10
"""Whoever fills the index lets those who search meanwhile go first."""
_PIECE = 128
"""So many papers are done between two rests of a rebuild."""


@click.group()
def index() -> None:
    """Keep the search index in step with the catalog."""


@index.command("sync")
@json_option
@click.pass_context
def index_sync(ctx: click.Context, as_json: bool) -> None:
    """Drain the change log into the index: the words first, then the vectors for search by meaning."""
    from index.sync import sync

    _fill_index(settings_of(ctx), sync, "Indexing", as_json)


@index.command("rebuild")
@click.option("--vectors", is_flag=True, help="Encode every paper again, too; takes hours for many.")
@click.option("--hurry", is_flag=True, help="Take no rests, however busy others keep the machine.")
@json_option
@click.pass_context
def index_rebuild(ctx: click.Context, vectors: bool, hurry: bool, as_json: bool) -> None:
    """Build the index anew from the catalog; searches go on meanwhile.

    The busier others keep the machine, the more of it is left to them, and the longer it takes: up to some
    eight times as long as on a machine of its own.
    """
    from index.sync import rebuild

    fill = partial(rebuild, vectors=vectors, batch=_PIECE)
    _fill_index(settings_of(ctx), fill, "Rebuilding", as_json, None if hurry else Pace(quota=find_quota()))


def _fill_index(
    settings: Settings, fill: "Callable[..., Synced]", what: str, as_json: bool, pace: Pace | None = None
) -> None:
    be_nice(_NICENESS)
    with opened_catalog(settings) as catalog, opened_index(settings) as engine:
        with progress(what, quiet=as_json) as step:

            def told(what: str, done: int, total: int) -> None:
                step(done, total, what=what)
                if pace:
                    pace.rest()

            done = fill(catalog, engine, progress=told)
        papers = engine.count()
        vectors = engine.vectors.count() if engine.vectors and not done.note else None
    if as_json:
        found = {"papers": papers, "changes": done.words, "vectors": vectors, "encoded": done.vectors}
        print_json(found | {"note": done.note})
        return
    rows = [("changes applied", done.words), ("papers in the index", papers)]
    if vectors is not None:
        rows += [("changes applied to vectors", done.vectors), ("papers with a vector", vectors)]
    print_table(("", ""), rows)
    if done.note:
        click.echo(f"findings: no vectors, so papers are found by their words only: {done.note}", err=True)


@index.command("status")
@json_option
@click.pass_context
def index_status(ctx: click.Context, as_json: bool) -> None:
    """How many papers are in the index, and how far it lags behind."""
    settings = settings_of(ctx)
    with opened_catalog(settings) as catalog, opened_index(settings) as engine:
        position, last = engine.position(), catalog.last_change()
        values: dict[str, object] = {
            "papers": engine.count(),
            "position": position,
            "last_change": last,
            "lag": _lag(position, last),
            "changed_names": (changed := engine.changed_names()),
        }
        values |= {name.replace(" ", "_"): value for name, value in _of_vectors(engine, catalog).items()}
        values["note"] = lack_of(catalog, engine)
    if as_json:
        print_json(values)
        return
    print_table(("", ""), [(name, value) for name, value in values.items() if name != "note"])
    if values["note"]:
        click.echo(f"findings: {values['note']}", err=True)
    if changed:
        click.echo(_CHANGED.format(changed))


_CHANGED = (
    "{} things of config/synonyms.toml have other names than when the index was built. They are looked for "
    "name by name, which takes longer, until `findings index rebuild`."
)


def lack_of(catalog: Catalog, index: SearchIndex) -> str:
    """What is wrong with the search index, in a line; empty when it holds all papers as they are.

    Raises:
        CatalogError, SearchError: one of them does not answer.
    """
    position = index.position()  # before the catalog, as in `_lag`
    behind = catalog.last_change() - position
    if behind < 0:
        return "the search index is ahead of the database, so of another one; run `findings index sync`"
    papers, found = catalog.counts()["papers"], index.count()
    if found != papers:
        return f"the search index holds {found} of {papers} papers; run `findings index sync`"
    return f"the search index is {behind} changes behind; run `findings index sync`" if behind else ""


def of_index(engine: SearchIndex, catalog: Catalog) -> dict[str, object]:
    """How much is in the index, and how far it lags behind."""
    lag = _lag(engine.position(), catalog.last_change())
    counts: dict[str, object] = {"papers": engine.count(), "lag": lag} | _of_vectors(engine, catalog)
    return {f"index {name}": value for name, value in counts.items()}


def _of_vectors(engine: SearchIndex, catalog: Catalog) -> dict[str, object]:
    """How many papers can be found by meaning, and how far that lags behind."""
    if engine.vectors is None:
        return {"vectors": "off"}
    try:
        lag = _lag(engine.vectors.position(), catalog.last_change())
        return {"vectors": engine.vectors.count(), "vectors lag": lag}
    except ModelUnavailable:
        return {"vectors": "no encoder"}


def _lag(position: int, last_change: int) -> int | str:
    """How many changes an index at `position` lacks; of an index of another database nobody knows.

    The position is asked for first, as the catalog only ever moves on: an index that was synced between both
    would look like one of another database.
    """
    return last_change - position if position <= last_change else "unknown"
