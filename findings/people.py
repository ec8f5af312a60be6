"""`findings people …`: who has an account, and what an operator lets them do.

The first moderator of a node is made here: nobody on the site could.
"""

import getpass
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from domain.account import Permission, Person
from domain.errors import FindingsError
from findings.cli import json_option, settings_of
from findings.report import print_json, print_table
from findings.wiring import opened_accounts

if TYPE_CHECKING:
    from domain.listing_ports import Accounts

_PAGE = 50
_permission = click.argument("permission", type=click.Choice([permission.value for permission in Permission]))


@click.group()
def people() -> None:
    """See who has an account; let people review and administer; lock accounts."""


@people.command("list")
@click.option("--page", type=click.IntRange(min=1), default=1, help=f"Pages hold {_PAGE}.")
@json_option
@click.pass_context
def list_(ctx: click.Context, page: int, as_json: bool) -> None:
    """The accounts, in the order of their addresses."""
    with opened_accounts(settings_of(ctx)) as accounts:
        total, found = accounts.people((page - 1) * _PAGE, _PAGE)
    if as_json:
        print_json({"total": total, "people": [_to_facts(person) for person in found]})
        return
    _print(found, f"{total} in all")


@people.command()
@click.argument("email")
@_permission
@click.option("--name", default="", help="Makes an account of that name where there is none yet.")
@json_option
@click.pass_context
def grant(ctx: click.Context, email: str, permission: str, name: str, as_json: bool) -> None:
    """Let the person with the address EMAIL do what PERMISSION says.

    Without an account, give a --name, too: one is made, which a link sent to the address opens.
    """
    from web.people.accounts import to_email  # the site takes a second to load

    name = " ".join(name.split())
    if name and not to_email(email):  # nobody could ever sign in with it
        raise click.BadParameter(f"{email!r} is no e-mail address, such as name@institute.org")
    with opened_accounts(settings_of(ctx)) as accounts:
        person = accounts.create(email, name) if name else _find(accounts, email, "; give --name to make one")
        accounts.grant(person.id, Permission(permission), _operator())
        _tell(accounts, person, as_json)


@people.command()
@click.argument("email")
@_permission
@json_option
@click.pass_context
def revoke(ctx: click.Context, email: str, permission: str, as_json: bool) -> None:
    """Take a permission."""
    with opened_accounts(settings_of(ctx)) as accounts:
        person = _find(accounts, email)
        accounts.revoke(person.id, Permission(permission), _operator())
        _tell(accounts, person, as_json)


@people.command()
@click.argument("email")
@click.option("--undo", is_flag=True, help="Unlock it.")
@json_option
@click.pass_context
def lock(ctx: click.Context, email: str, undo: bool, as_json: bool) -> None:
    """Let nobody sign in with the address EMAIL; its sessions end at once."""
    with opened_accounts(settings_of(ctx)) as accounts:
        person = _find(accounts, email)
        accounts.update(replace(person, locked=not undo))
        _tell(accounts, person, as_json)


@people.command("forget-codes")
@click.argument("email")
@json_option
@click.pass_context
def forget_codes(ctx: click.Context, email: str, as_json: bool) -> None:
    """Ask EMAIL for no more one-time codes: for who has lost the app, once you know it is really them."""
    with opened_accounts(settings_of(ctx)) as accounts:
        person = _find(accounts, email)
        accounts.set_totp(person.id, "")
        _tell(accounts, person, as_json)


def _find(accounts: "Accounts", email: str, advice: str = "") -> Person:
    person = accounts.by_email(email)
    if person is None:
        raise FindingsError(f"nobody has an account with the address {email}{advice}")
    return person


def _tell(accounts: "Accounts", person: Person, as_json: bool) -> None:
    now = accounts.person(person.id)
    print_json(_to_facts(now)) if as_json else _print([now])


def _print(found: list[Person], title: str = "") -> None:
    rows = [
        (p.email, p.name, " ".join(sorted(p.permissions)), _to_state(p), p.created_at[:10]) for p in found
    ]
    print_table(("address", "name", "may", "state", "since"), rows, title=title)


def _to_state(person: Person) -> str:
    return "locked" if person.locked else "proven" if person.proven else "not proven"


def _to_facts(person: Person) -> dict[str, object]:
    return {
        "id": person.id,
        "email": person.email,
        "name": person.name,
        "permissions": sorted(person.permissions),
        "state": _to_state(person),
        "created_at": person.created_at,
    }


def _operator() -> str:
    try:
        return f"operator {getpass.getuser()}"
    except (KeyError, OSError):
        return "operator"
