"""`findings merge …`: why records are one paper, and an operator's word on which are."""

import getpass
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from catalog import open_catalog
from findings.cli import json_option, settings_of
from findings.report import print_json, print_table, progress
from findings.wiring import trust_order

if TYPE_CHECKING:
    from catalog.sqlcatalog import SqlCatalog
    from catalog.works.decisions import Decision


@click.group()
def merge() -> None:
    """See why records are one paper, join papers, part them, and take that back.

    A KEY is an identifier (doi:10.…, a PubMed id, PMC…) or record:SOURCE/ID; a PAPER is the id on its page or
    any of its keys. What is decided is kept when the sources are harvested again.
    """


_why = click.option("--why", default="", help="The reason, kept with the decision.")
_by = click.option("--by", default="", help="Who decides; default: your name on this machine.")


@merge.command("list")
@click.argument("paper", required=False)
@json_option
@click.pass_context
def list_(ctx: click.Context, paper: str | None, as_json: bool) -> None:
    """The decisions that were made; with PAPER, its records and why they are one paper."""
    with _opened(ctx) as catalog:
        if paper is None:
            _tell(catalog.decisions(), as_json)
            return
        made = catalog.makeup(paper)
    if as_json:
        print_json(made)
        return
    rows = [
        (told.record, told.kind, told.published or "", " ".join(told.keys), told.title)
        for told in made.records
    ]
    print_table(("record", "kind", "published", "keys", "title"), rows, f"Paper {made.paper}")
    reasons = [(r.one, r.other, r.why, "; ".join(r.reasons)) for r in made.reasons]
    if reasons:
        print_table(("record", "is one paper with", "by", "because"), reasons)
    if made.decisions:
        _tell(made.decisions, as_json)


@merge.command()
@click.argument("one", metavar="KEY")
@click.argument("other", metavar="KEY")
@_why
@_by
@json_option
@click.pass_context
def join(ctx: click.Context, one: str, other: str, why: str, by: str, as_json: bool) -> None:
    """Make one paper of the two that have these keys."""
    with _opened(ctx) as catalog:
        _tell([catalog.join(one, other, by or _me(), why)], as_json)


@merge.command()
@click.argument("paper")
@click.argument("key")
@_why
@_by
@json_option
@click.pass_context
def split(ctx: click.Context, paper: str, key: str, why: str, by: str, as_json: bool) -> None:
    """Make a paper of its own of the records of PAPER that have KEY."""
    with _opened(ctx) as catalog:
        _tell(catalog.split(paper, key, by or _me(), why), as_json)


@merge.command()
@click.argument("what", metavar="PAPER|NUMBER")
@_by
@json_option
@click.pass_context
def undo(ctx: click.Context, what: str, by: str, as_json: bool) -> None:
    """Take back the decision of that number, or whatever joined PAPER last."""
    with _opened(ctx) as catalog:
        _tell(catalog.undo(what, by or _me()), as_json)


@merge.command()
@json_option
@click.pass_context
def review(ctx: click.Context, as_json: bool) -> None:
    """Put every paper together anew by today's rules, as after an upgrade."""
    with _opened(ctx) as catalog, progress("Reviewing", quiet=as_json) as step:
        before, total, done, after = catalog.counts(), catalog.last_change(), 0, ""
        size = 500
        while last := catalog.rejoin(after, size):
            after, done = last, done + size
            step(done, None)
        papers, changes = catalog.counts()["papers"], catalog.last_change() - total
    facts = {"papers before": before["papers"], "papers": papers, "changes": changes}
    print_json(facts) if as_json else print_table(("", ""), list(facts.items()))


def _tell(decisions: Sequence["Decision"], as_json: bool) -> None:
    if as_json:
        print_json(decisions)
        return
    rows = [
        (
            d.number,
            "same" if d.same else "apart",
            d.one,
            d.other,
            d.made_at,
            d.made_by,
            d.reason,
            d.undone_at or "",
        )
        for d in decisions
    ]
    print_table(("number", "decided", "key", "key", "on", "by", "because", "undone"), rows)


@contextmanager
def _opened(ctx: click.Context) -> Iterator["SqlCatalog"]:
    catalog = open_catalog(settings_of(ctx).database, trust_order())
    try:
        yield catalog
    finally:
        catalog.close()


def _me() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "operator"
