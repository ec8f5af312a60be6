"""The commands that bring records in: from the sources, and from files."""

from datetime import datetime
from pathlib import Path

import click

from findings.cli import exit_code, json_option, settings_of, worst
from findings.report import count_rows, print_json, print_table, progress
from findings.wiring import harvesting_lock, know_institutions, opened_catalog


@click.command()
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@click.option("--query", help="The source's own query language; default: the one in config/sources.toml.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Only records the source changed since.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Only records the source changed until.")
@click.option("--limit", type=click.IntRange(min=1), help="Stop after so many records of each source.")
@click.option("--all", "everything", is_flag=True, help="Ask for everything, not only for what has changed.")
@click.option("--patient", is_flag=True, help="Leave sources alone for a day that do not let us in.")
@click.option("--base-url", help="Another address of the source, such as a replay server.")
@json_option
@click.pass_context
def harvest(
    ctx: click.Context,
    sources: tuple[str, ...],
    query: str | None,
    since: datetime | None,
    until: datetime | None,
    limit: int | None,
    everything: bool,
    patient: bool,
    base_url: str | None,
    as_json: bool,
) -> None:
    """Harvest from the open sources: everything once, then what has changed; goes on where it was stopped."""
    from crawler.harvest import Wanted, harvest_sources

    settings = settings_of(ctx)
    know_institutions(settings)
    wanted = Wanted(
        query=query,
        since=since.date().isoformat() if since else None,
        until=until.date().isoformat() if until else None,
        limit=limit,
        everything=everything,
        base_url=base_url,
        contact=settings.contact,
        keys=settings.source_keys,
    )
    with opened_catalog(settings) as catalog, progress("Harvesting", quiet=as_json) as step:
        reports = harvest_sources(
            sources,
            catalog,
            wanted,
            insist=bool(sources) and not patient,
            turn=lambda server: harvesting_lock(settings, server),
            progress=lambda p: step(p.seen, p.expected, p.reason, p.source),
        )
    if as_json:
        print_json(reports)
    for report in reports if not as_json else ():
        print_table(("", "records"), count_rows(report.counts), f"{report.source}: {report.outcome}")
        if report.note:
            note = report.note.removeprefix(f"{report.source}: ")
            click.echo(f"findings: {report.source}: {report.outcome}: {note}", err=True)
    ctx.exit(worst(exit_code(report.outcome, report.counts) for report in reports))


@click.command("import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--cancer-only", is_flag=True, help="Skip records that are not about cancer.")
@click.option("--limit", type=click.IntRange(min=1), help="Stop after so many records.")
@json_option
@click.pass_context
def import_(
    ctx: click.Context, paths: tuple[Path, ...], cancer_only: bool, limit: int | None, as_json: bool
) -> None:
    """Import files, folders and archives: MEDLINE, JATS, OAI-PMH, saved answers of every source, tables."""
    from crawler.records.importing import import_paths

    settings = settings_of(ctx)
    know_institutions(settings)
    with opened_catalog(settings) as catalog, progress("Importing", quiet=as_json) as step:
        report = import_paths(
            paths,
            catalog,
            cancer_only=cancer_only,
            limit=limit,
            progress=lambda p: step(p.records),
        )
    if as_json:
        print_json(report)
    else:
        rows = count_rows(report.counts, report.deleted, report.ignored)
        print_table(("", "records"), rows, f"Import: {report.outcome}")
        for problem in report.problems:
            click.echo(f"findings: {problem}", err=True)
    ctx.exit(exit_code(report.outcome, report.counts))
