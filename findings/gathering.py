"""`findings gather`: what the calendars of societies tell, brought before a reviewer."""

import json
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from catalog import open_catalog
from conferences.fetching import Fetcher
from config import load_table
from domain.listing_ports import Doubt, Listing, Listings
from findings.cli import Exit, json_option, settings_of
from findings.report import print_json, print_table
from findings.wiring import locked, trust_order

if TYPE_CHECKING:
    from conferences.gathering import Mark


@click.command()
@click.argument("calendars", nargs=-1, metavar="[CALENDAR]...")
@click.option("--all", "everything", is_flag=True, help="Read again what has not changed, too.")
@json_option
@click.pass_context
def gather(ctx: click.Context, calendars: tuple[str, ...], everything: bool, as_json: bool) -> None:
    """Read the calendars of config/calendars.toml; what is new or has changed waits for a reviewer."""
    # the readers of calendars take a moment to load that other commands need not pay
    from conferences.gathering import chosen, load_calendars, source_name
    from conferences.gathering import gather as gather_from

    settings = settings_of(ctx)
    folder = Path(settings.data_dir)
    wanted = chosen(load_calendars(load_table("calendars")), calendars)
    if not wanted:
        click.echo("findings: config/calendars.toml names no calendar", err=True)
    fetcher = Fetcher(settings.contact or settings.site_url)
    catalog = open_catalog(settings.database, trust_order())
    try:
        with locked(folder / "locks" / "gather", "`findings gather`"):
            marks = {} if everything else _load_marks(folder)
            reports = []
            for calendar in wanted:
                known = marks.get(calendar.url)
                now = datetime.now(UTC)
                judge = partial(_doubts, catalog.listings, source_name(calendar), now)
                report = gather_from(calendar, fetcher, catalog.listings, now, known, judge)
                marks.pop(calendar.url, None)
                if report.mark:
                    marks[calendar.url] = report.mark
                _save_marks(folder, marks)
                reports.append(report)
    finally:
        catalog.close()
    if as_json:
        print_json([{"calendar": r.calendar, "counts": r.counts, "problem": r.problem} for r in reports])
    for report in reports if not as_json else ():
        print_table(("", "listings"), sorted(report.counts.items()), report.calendar)
        if report.problem:
            click.echo(f"findings: {report.calendar}: {report.problem}", err=True)
    ctx.exit(Exit.PARTIAL if any(report.problem for report in reports) else Exit.DONE)


def _doubts(listings: Listings, source: str, now: datetime, listing: Listing) -> tuple[Doubt, ...]:
    """What the trust rules say of a listing beside those that are here."""
    from conferences.trust import doubts
    from web.trusting import to_context  # the web room takes a second to load

    return doubts(listing, to_context(listings, listing, source, now))


def _marks_path(folder: Path) -> Path:
    return folder / "gathered.json"


def _load_marks(folder: Path) -> dict[str, "Mark"]:
    """What is only there to spare the societies' servers: broken, it is as good as none."""
    from conferences.gathering import Mark

    try:
        told = json.loads(_marks_path(folder).read_text("utf-8"))
        return {url: Mark(str(etag), str(modified)) for url, (etag, modified) in told.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}


def _save_marks(folder: Path, marks: dict[str, "Mark"]) -> None:
    text = json.dumps({url: (mark.etag, mark.modified) for url, mark in marks.items()})
    _marks_path(folder).write_text(text, "utf-8")
