"""`findings mail preview`: a letter as it would be sent now, without sending or saving anything."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from domain.digest import Audience
from domain.errors import FindingsError
from domain.instants import to_timestamp
from domain.subscription import Letter, LetterKind, Section, Subscriber, Wish
from findings.cli import settings_of
from findings.report import plain
from findings.settings import Settings
from findings.wiring import opened_catalog

if TYPE_CHECKING:
    from catalog.sqlcatalog import SqlCatalog


@click.command()
@click.option("--subscriber", "email", help="What the subscriber with that address would get next.")
@click.option("--wish", "address", help="What last week would have brought: an address of /subscribe.")
@click.option("--audience", type=click.Choice([a.value for a in Audience]), default=Audience.PUBLIC.value)
@click.option("--language", default="en", help="Of the letter for a --wish.")
@click.option("--html", type=click.Path(path_type=Path, dir_okay=False), help="Save the HTML form there.")
@click.pass_context
def preview(
    ctx: click.Context,
    email: str | None,
    address: str | None,
    audience: str,
    language: str,
    html: Path | None,
) -> None:
    """Show a letter as it would be now; nothing is sent."""
    from findings.mailing_lists import to_wish_of
    from findings.wiring import built_writer

    if bool(email) == bool(address):
        raise click.UsageError("give either --subscriber or --wish")
    settings, now = settings_of(ctx), datetime.now(UTC)
    with opened_catalog(settings) as catalog:
        if email:
            subscriber, sections = _next(settings, catalog, email, now)
        else:
            subscriber = Subscriber("preview", "nobody@localhost.invalid", language)
            sections = _last_week(settings, catalog, to_wish_of(str(address)), Audience(audience), now)
        stamp = to_timestamp(now)
        letter = Letter("preview", LetterKind.ISSUE, subscriber.id, "preview", sections, created_at=stamp)
        written = built_writer(settings, catalog).write(letter, subscriber) if sections else None
    if written is None:
        click.echo("There is nothing to tell.")
        return
    click.echo(f"Subject: {plain(written.subject)}\n")
    click.echo("\n".join(map(plain, written.text.splitlines())))
    if html:
        html.write_text(written.html, "utf-8")


def _next(
    settings: Settings, catalog: "SqlCatalog", email: str, now: datetime
) -> tuple[Subscriber, tuple[Section, ...]]:
    """What somebody has not been told yet, as if their next letter were due now."""
    from findings.rehearsal import rehearse

    subscriber = catalog.subscribers.by_email(email)
    if subscriber is None:
        raise FindingsError(f"nobody with the address {email} gets letters")
    found = rehearse(catalog, now, Path(settings.data_dir), subscriber)
    return subscriber, found.letters.get(subscriber.id, ())


def _last_week(
    settings: Settings, catalog: "SqlCatalog", wish: Wish, audience: Audience, now: datetime
) -> tuple[Section, ...]:
    from conferences.eligibility import applicants
    from findings.wiring import opened_index
    from index.embedded.percolation import open_percolation
    from index.language.parsing import parse_query
    from subscriptions.previewing import preview as look_back

    with opened_index(settings) as index:
        ports = (index, parse_query, catalog, catalog.listings)
        found = look_back(wish, audience, *ports, applicants(now.year), now, open_percolation)
    click.echo(f"{found.total} in the last week, some {found.per_week:g} a week.\n", err=True)
    more = found.total - len(found.last_week)
    return (Section("preview", wish, audience, found.last_week, more),) if found.last_week else ()
