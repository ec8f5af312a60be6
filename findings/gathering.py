"""`findings gather`: what calendars of societies and pages of organizers tell, brought before a reviewer."""

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
from findings.settings import Settings
from findings.wiring import locked, opened_listings, trust_order
from subscriptions.mail import open_mailer

if TYPE_CHECKING:
    from conferences.gathering import Mark


@click.command()
@click.argument("calendars", nargs=-1, metavar="[CALENDAR]...")
@click.option("--all", "everything", is_flag=True, help="Read again what has not changed, too.")
@click.option("--watched", is_flag=True, help="Read the pages again that organizers listed from, instead.")
@click.option("--limit", type=click.IntRange(min=1), default=500, help="Of those at most so many (500).")
@json_option
@click.pass_context
def gather(
    ctx: click.Context,
    calendars: tuple[str, ...],
    everything: bool,
    watched: bool,
    limit: int,
    as_json: bool,
) -> None:
    """Read the calendars of config/calendars.toml; what is new or has changed waits for a reviewer."""
    settings = settings_of(ctx)
    if watched and (calendars or everything):
        raise click.UsageError("--watched stands alone: it reads no calendars")
    locks = Path(settings.data_dir) / "locks"
    if watched:
        with locked(locks / "gather-watched", "`findings gather --watched`"):
            code = _gather_watched(settings, limit, as_json)
    else:
        with locked(locks / "gather", "`findings gather`"):
            code = _gather_calendars(settings, calendars, everything, as_json)
    ctx.exit(code)


def _gather_calendars(settings: Settings, names: tuple[str, ...], everything: bool, as_json: bool) -> Exit:
    # the readers of calendars take a moment to load that other commands need not pay
    from conferences.gathering import chosen, load_calendars, source_name
    from conferences.gathering import gather as gather_from

    folder = Path(settings.data_dir)
    wanted = chosen(load_calendars(load_table("calendars")), names)
    if not wanted:
        click.echo("findings: config/calendars.toml names no calendar", err=True)
    fetcher = Fetcher(settings.contact or settings.site_url)
    marks = {} if everything else _load_marks(folder)
    reports = []
    with opened_listings(settings) as listings:
        for calendar in wanted:
            now = datetime.now(UTC)
            judge = partial(_doubts, listings, source_name(calendar), now)
            report = gather_from(calendar, fetcher, listings, now, marks.pop(calendar.url, None), judge)
            if report.mark:
                marks[calendar.url] = report.mark
            _save_marks(folder, marks)
            reports.append(report)
    if as_json:
        print_json([{"calendar": r.calendar, "counts": r.counts, "problem": r.problem} for r in reports])
    for report in reports if not as_json else ():
        print_table(("", "listings"), sorted(report.counts.items()), report.calendar)
        if report.problem:
            click.echo(f"findings: {report.calendar}: {report.problem}", err=True)
    return Exit.PARTIAL if any(report.problem for report in reports) else Exit.DONE


def _gather_watched(settings: Settings, most: int, as_json: bool) -> Exit:
    from conferences.rereading import Rereader
    from findings.watching import Owners, read_watched
    from web.listings.trusting import judge_owned
    from web.organize.fetching_forms import as_listed

    mailer = open_mailer(settings.smtp_url, settings.mail_from, settings.mail_folder)
    catalog = open_catalog(settings.database, trust_order())
    try:
        now = datetime.now(UTC)
        judge = partial(judge_owned, catalog.listings, catalog.accounts, now)
        fetcher = Fetcher(settings.contact or settings.site_url)
        rereader = Rereader(catalog.listings, fetcher, judge, as_listed)
        owners = Owners(catalog.accounts, mailer, settings.site_name, settings.site_url)
        found = read_watched(rereader, owners, now, most)
    finally:
        catalog.close()
    if as_json:
        print_json({"counts": found.counts, "problems": found.problems})
    else:
        print_table(("", "listings"), sorted(found.counts.items()), "Watched pages")
        for problem in found.problems:
            click.echo(f"findings: {problem}", err=True)
    return Exit.PARTIAL if found.problems else Exit.DONE


def _doubts(listings: Listings, source: str, now: datetime, listing: Listing) -> tuple[Doubt, ...]:
    """What the trust rules say of a listing beside those that are here."""
    from conferences.trust import doubts
    from web.listings.trusting import to_context  # the web room takes a second to load

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
