"""The commands about raw records that are kept: reading them again, and those that could not be taken."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from domain.errors import NotFound
from domain.ports import Rejection
from findings.cli import Exit, json_option, settings_of
from findings.report import print_json, print_source, print_table, progress
from findings.wiring import know_institutions, locked, opened_catalog

if TYPE_CHECKING:
    from crawler.rereading import RereadReport


@click.command()
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@click.option("--dry-run", is_flag=True, help="Save nothing; say what would change.")
@click.option("--withdraw", is_flag=True, help="Withdraw the records that cannot be taken any more.")
@json_option
@click.pass_context
def reread(
    ctx: click.Context, sources: tuple[str, ...], dry_run: bool, withdraw: bool, as_json: bool
) -> None:
    """Read the records that are here again, as after an upgrade; nothing is fetched.

    What they say by today's rules replaces what was read before; those that could not be taken are tried
    again, and records that today's rules find to be one paper are joined. It goes on where it was stopped.
    `findings digest` and `findings index sync` take it up from there.
    """
    from crawler import rereading

    settings = settings_of(ctx)
    know_institutions(settings)
    with (
        locked(Path(settings.data_dir) / "locks" / "reread", "reread"),
        opened_catalog(settings) as catalog,
        progress("Reading again", quiet=as_json) as step,
    ):
        held, refused = catalog.holdings(), catalog.rejected()
        reports = rereading.reread(
            sources,
            catalog,
            drop=withdraw,
            dry_run=dry_run,
            progress=lambda source, done: step(
                done, held.get(source, 0) + refused.get(source, 0), what=source
            ),
        )
    if as_json:
        print_json(reports)
    else:
        rows = [(report.source, *row) for report in reports for row in _count_rows(report)]
        print_table(("source", "", "records"), rows)
    ctx.exit(Exit.PARTIAL if any(report.counts.rejected for report in reports) else Exit.DONE)


def _count_rows(report: "RereadReport") -> list[tuple[str, int]]:
    counts = report.counts
    rows = [("read otherwise", counts.updated), ("as before", counts.unchanged)]
    rows += [(f"read otherwise: {name}", number) for name, number in sorted(report.changed.items())]
    rows += [("taken now", counts.new)] if counts.new else []
    rows += [("skipped: not about cancer", counts.skipped)] if counts.skipped else []
    return rows + [(f"cannot be taken: {why}", number) for why, number in sorted(counts.rejected.items())]


@click.command()
@click.argument("source", required=False)
@click.argument("record", required=False, metavar="[ID]")
@click.option("--reason", help="Only those that could not be taken for this reason.")
@click.option(
    "--limit", type=click.IntRange(1, 1000), default=50, show_default=True, help="How many to list."
)
@click.option("--skip", type=click.IntRange(min=0), default=0, help="How many of the latest to leave out.")
@json_option
@click.pass_context
def rejections(
    ctx: click.Context,
    source: str | None,
    record: str | None,
    reason: str | None,
    limit: int,
    skip: int,
    as_json: bool,
) -> None:
    """The records that could not be taken: how many and why; of SOURCE each, the latest first.

    With ID, that record as its source gave it. `findings reread` tries them again.
    """
    from crawler.sources import load_source

    with opened_catalog(settings_of(ctx)) as catalog:
        counts = [one for one in catalog.rejection_counts() if reason in (None, one.reason)]
        if source is None:
            rows = [(one.source, one.reason, one.count, one.latest[:16].replace("T", " ")) for one in counts]
            print_json(counts) if as_json else print_table(("source", "reason", "records", "latest"), rows)
            return
        if record is not None:
            _show(catalog.rejection(source, record), source, record, as_json=as_json)
            return
        page = catalog.rejections(limit, source=source, reason=reason, offset=skip)
        total = sum(one.count for one in counts if one.source == source)
    if not total:
        load_source(source)  # which says so where there is none of that name
    if as_json:
        print_json({"total": total, "records": [_to_row(one) for one in page]})
        return
    told = [(r.record.native_id, r.reason, r.detail, f"{r.record.fetched_at:%Y-%m-%d %H:%M}") for r in page]
    print_table(("record", "reason", "detail", "fetched"), told)
    if (shown := skip + len(page)) < total:
        click.echo(f"{shown:,} of {total:,}; go on with --skip {shown}", err=True)


def _show(found: Rejection | None, source: str, native_id: str, *, as_json: bool) -> None:
    if found is None:
        raise NotFound(f"rejected record of {source}", native_id)
    if as_json:
        print_json(_to_row(found) | {"payload": found.record.payload.decode("utf-8", "replace")})
    else:
        print_source(found.record.payload)


def _to_row(rejection: Rejection) -> dict[str, object]:
    record = rejection.record
    return {
        "source": record.source,
        "id": record.native_id,
        "reason": rejection.reason,
        "detail": rejection.detail,
        "fetched_at": record.fetched_at,
    }
