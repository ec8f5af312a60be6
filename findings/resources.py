"""`findings resources …`: the repositories that papers name as resources, and whether links still answer."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import click

from catalog import open_catalog
from conferences import linkchecks
from conferences.fetching import Fetcher
from conferences.shelves import shelves
from domain.errors import FetchRefused, MailError, NotFound
from domain.listing import Kind, LinkCheck, Resource, State
from domain.listing_ports import Accounts, Listings, Wanted
from domain.ports import Mailer
from findings.cli import json_option, settings_of
from findings.report import print_json, print_table
from findings.settings import Settings
from findings.wiring import locked, opened_listings, trust_order
from subscriptions.mail import open_mailer

SEEDER = "repositories"
"""Who lists what the table of repositories knows."""
CHECKER = "link-check"
_PAGE = 500
_OWNERS_PAGE = "/organize"


@dataclass(frozen=True, slots=True)
class Desk:
    """Where results of checks go."""

    listings: Listings
    accounts: Accounts
    mailer: Mailer | None
    site_url: str


@click.group()
def resources() -> None:
    """List the repositories that papers name; see whether the links of resources still answer."""


@resources.command()
@json_option
@click.pass_context
def seed(ctx: click.Context, as_json: bool) -> None:
    """List each repository of config/repositories.toml, or bring it up to date; what people changed stays."""
    with opened_listings(settings_of(ctx)) as listings:
        counts = seed_shelves(listings)
    if as_json:
        print_json(counts)
    else:
        print_table(("", "resources"), sorted(counts.items()), "Repositories")


@resources.command()
@click.option("--limit", type=click.IntRange(min=1), default=200, help="Ask at most so many (200).")
@json_option
@click.pass_context
def check(ctx: click.Context, limit: int, as_json: bool) -> None:
    """Ask the addresses of resources that were not asked for a week; those that failed, every day."""
    settings = settings_of(ctx)
    with locked(Path(settings.data_dir) / "locks" / "link-check", "`findings resources check`"):
        found = _check(settings, limit)
    if as_json:
        print_json([{"url": c.url, "status": c.status, "problem": c.problem} for c in found])
        return
    counts: dict[str, int] = {}
    for one in found:
        counts[linkchecks.words(one)] = counts.get(linkchecks.words(one), 0) + 1
    print_table(("", "links"), sorted(counts.items()), f"{len(found)} links asked")


def seed_shelves(listings: Listings) -> dict[str, int]:
    """List each repository of the table; how many are new, updated, unchanged, or in somebody's hands."""
    counts = dict.fromkeys(("new", "updated", "unchanged", "kept"), 0)
    for resource in shelves():
        counts[_seed(listings, resource)] += 1
    return counts


def check_links(desk: Desk, fetcher: Fetcher, now: datetime, most: int) -> Iterator[LinkCheck]:
    """Ask what is due, keep each answer, and tell where one failed for the third time in a row."""
    for due in linkchecks.due(_public(desk.listings), now, most):
        answer = asked(fetcher, due.url, now)
        desk.listings.check_link(due.listing_id, answer)
        _tell(desk, due.listing_id)
        yield answer


def asked(fetcher: Fetcher, url: str, now: datetime) -> LinkCheck:
    """What an address answers."""
    try:
        found = fetcher.get(url)
    except FetchRefused as error:
        return linkchecks.refused(url, now, error)
    return linkchecks.judged(url, now, found.url, found.status)


def _check(settings: Settings, limit: int) -> list[LinkCheck]:
    catalog = open_catalog(settings.database, trust_order())
    try:
        mailer = open_mailer(settings.smtp_url, settings.mail_from, settings.mail_folder)
        desk = Desk(catalog.listings, catalog.accounts, mailer, settings.site_url)
        fetcher = Fetcher(settings.contact or settings.site_url)
        return list(check_links(desk, fetcher, datetime.now(UTC), limit))
    finally:
        catalog.close()


def _seed(listings: Listings, resource: Resource) -> str:
    try:
        before = listings.listed(resource.id)
    except NotFound:
        listings.save(resource, State.PUBLIC, SEEDER, "created")
        return "new"
    if any(entry.person not in {SEEDER, CHECKER} for entry in listings.audit(resource.id)):
        return "kept"
    if isinstance(before.public, Resource) and _bare(before.public) == resource:
        return "unchanged"
    listings.save(resource, State.PUBLIC, SEEDER, "changed")
    return "updated"


def _bare(resource: Resource) -> Resource:
    return replace(resource, checks=())


def _public(listings: Listings) -> Iterator[Resource]:
    offset = 0
    while True:
        _, found = listings.public(Wanted(Kind.RESOURCE), offset, _PAGE)
        yield from (one.public for one in found if isinstance(one.public, Resource))
        offset += _PAGE
        if len(found) < _PAGE:
            return


def _tell(desk: Desk, listing_id: str) -> None:
    """Tell owners and reviewers, once: when it has failed so many times in a row, and not thereafter."""
    listed = desk.listings.listed(listing_id)
    failed = linkchecks.failures(listed.public) if isinstance(listed.public, Resource) else []
    if len(failed) != linkchecks.FAILURES_TOLD:
        return
    for one in failed:  # three reports bring it before the reviewers
        day = one.checked_at[:10]
        told = f"Link checked on {day}: {linkchecks.words(one)}"
        desk.listings.report(listing_id, told, f"{CHECKER} {one.checked_at}")
    _write_owners(desk, listing_id, listed.latest.title, failed[0])


def _write_owners(desk: Desk, listing_id: str, title: str, last: LinkCheck) -> None:
    if desk.mailer is None:
        return
    text = (
        f"The address of “{title}” could not be read three times in a row.\n\n{last.url}\n"
        f"{linkchecks.words(last)}\n\nYour listing stays as it is. You can mend the address here:\n"
        f"{desk.site_url.rstrip('/')}{_OWNERS_PAGE}\n"
    )
    for membership in desk.accounts.memberships(listing_id):
        person = desk.accounts.person(membership.person)
        try:
            desk.mailer.send(person.email, "A link of your listing does not answer", text)
        except MailError:
            continue  # the reviewers were told; the page says so, too
