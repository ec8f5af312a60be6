"""`findings mail list …`: lists that organizations send under their own name."""

import re
import sys
from dataclasses import replace
from urllib.parse import parse_qs

import click

from domain.digest import Audience
from domain.errors import FindingsError
from domain.subscription import MailingList, Rhythm, Wish, WishKind
from findings.cli import json_option, settings_of
from findings.report import print_json, print_table
from findings.wiring import opened_catalog

_COLOUR = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)


@click.group("list")
def list_() -> None:
    """Lists that organizations send under their own name: a wish, a rhythm, a look, and an editor's note."""


@list_.command()
@json_option
@click.pass_context
def show(ctx: click.Context, as_json: bool) -> None:
    """All lists."""
    with opened_catalog(settings_of(ctx)) as catalog:
        found = catalog.subscribers.mailing_lists()
    if as_json:
        print_json(found)
        return
    rows = [
        (m.slug, m.name, m.rhythm, m.language, "closed" if m.closed else "open", m.note[:40]) for m in found
    ]
    print_table(("list", "name", "rhythm", "language", "", "next note"), rows)


@list_.command()
@click.argument("name")
@click.option("--wish", "address", required=True, help="What it sends: the address of /subscribe for it.")
@click.option("--slug", default="", help="Its name in addresses; made from its name where left out.")
@click.option("--about", default="", help="What the list is and who sends it, in a few sentences.")
@click.option("--rhythm", type=click.Choice([r.value for r in Rhythm]), default=Rhythm.WEEKLY.value)
@click.option("--audience", type=click.Choice([a.value for a in Audience]), default=Audience.PUBLIC.value)
@click.option("--language", default="en", help="Of its letters.")
@click.option("--accent", default=MailingList.__dataclass_fields__["accent"].default, help="Colour, #rrggbb.")
@click.option("--reply-to", default="", help="Where answers to its letters go.")
@json_option
@click.pass_context
def add(ctx: click.Context, /, name: str, address: str, as_json: bool, **more: str) -> None:
    """Make a list, or change the one with that --slug.

    What it sends is told as on the site: fill in the form at /subscribe and copy its address.
    """
    from subscriptions.letters import languages
    from subscriptions.mail.fields import to_address

    if more["language"] not in languages():
        raise click.UsageError(f"--language is one that letters are written in: {', '.join(languages())}")
    if not _COLOUR.fullmatch(more["accent"]):
        raise click.UsageError("--accent is a colour such as #0b5c6b")
    if more["reply_to"]:
        to_address(more["reply_to"])
    made = MailingList(
        id="",
        slug=more["slug"],
        name=" ".join(name.split()),
        wish=to_wish_of(address),
        about=more["about"],
        rhythm=Rhythm(more["rhythm"]),
        audience=Audience(more["audience"]),
        language=more["language"],
        accent=more["accent"].lower(),
        reply_to=more["reply_to"],
    )
    with opened_catalog(settings_of(ctx)) as catalog:
        known = [one for one in catalog.subscribers.mailing_lists() if one.slug == made.slug]
        if known:
            made = replace(made, id=known[0].id, note=known[0].note, closed=known[0].closed)
        kept = catalog.subscribers.save_list(made)
    print_json(kept) if as_json else click.echo(f"/lists/{kept.slug}")


@list_.command()
@click.argument("slug")
@click.argument("text", required=False)
@click.pass_context
def note(ctx: click.Context, slug: str, text: str | None) -> None:
    """Put TEXT (or what is typed in) on top of the next issue of the list SLUG; no text takes it away."""
    told = text if text is not None else sys.stdin.read()
    with opened_catalog(settings_of(ctx)) as catalog:
        catalog.subscribers.save_list(replace(catalog.subscribers.mailing_list(slug), note=told.strip()))
    click.echo("It stands on top of the next issue." if told.strip() else "The next issue has no note.")


@list_.command()
@click.argument("slug")
@click.option("--undo", is_flag=True, help="Open it again.")
@click.pass_context
def close(ctx: click.Context, slug: str, undo: bool) -> None:
    """Send no more issues of the list SLUG, and let nobody ask for it; its archive stays."""
    with opened_catalog(settings_of(ctx)) as catalog:
        catalog.subscribers.save_list(replace(catalog.subscribers.mailing_list(slug), closed=not undo))
    click.echo("Open." if undo else "Closed.")


def to_wish_of(address: str) -> Wish:
    """The wish that an address of the site, or its parameters alone, asks for. Raises `FindingsError`."""
    from web.letters.wishes import read_wish

    wish = read_wish(parse_qs(address.partition("?")[2] or address, keep_blank_values=False))
    if wish is None or wish.kind is WishKind.LIST:
        raise FindingsError("that asks for nothing: copy the address of the form at /subscribe")
    return wish
