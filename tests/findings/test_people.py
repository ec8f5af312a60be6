"""`findings people …`: the operator makes the first moderator. Everybody here is invented."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from domain.account import Permission
from findings import commands
from findings.cli import cli
from findings.settings import Settings
from findings.wiring import opened_accounts, opened_listings

Run = Callable[..., Result]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=str(tmp_path))


@pytest.fixture
def run(tmp_path: Path) -> Run:
    commands.register(cli)
    environment = {"FINDINGS_DATA_DIR": str(tmp_path)}
    return lambda *words: CliRunner().invoke(cli, ["people", *words], env=environment, prog_name="findings")


def told(answer: Result) -> dict:
    assert answer.exit_code == 0, answer.output
    return json.loads(answer.stdout)


def test_the_first_moderator_is_made(run: Run, settings: Settings) -> None:
    made = told(run("grant", "Ada@Example.org", "moderate", "--name", "Ada Invented", "--json"))
    assert (made["email"], made["permissions"], made["state"]) == (
        "ada@example.org",
        ["moderate"],
        "not proven",
    )
    with opened_accounts(settings) as accounts:
        person = accounts.by_email("ada@example.org")
        assert person is not None
        assert person.may(Permission.MODERATE)
    with opened_listings(settings) as listings:
        (entry,) = listings.audit(person.id)
    assert (entry.act, entry.detail) == ("granted", "moderate")
    assert entry.person.startswith("operator")
    assert "Ada Invented" in run("list").stdout
    assert told(run("list", "--json"))["people"] == [made]
    assert told(run("revoke", "ada@example.org", "moderate", "--json"))["permissions"] == []


def test_nobody_is_made_by_mistake(run: Run) -> None:
    for words in (("grant", "adda@example.org", "moderate"), ("lock", "adda@example.org")):
        answer = run(*words)
        assert answer.exit_code == 1
        assert "nobody has an account with the address adda@example.org" in answer.stderr
    for no_name in ((), ("--name", " ")):
        assert "; give --name to make one" in run("grant", "adda@example.org", "moderate", *no_name).stderr
    for address in ("ada", "ada@example", "ada example.org", "ada@example.org, bo@example.org"):
        answer = run("grant", address, "moderate", "--name", "Ada Invented")
        assert answer.exit_code == 2
        assert "is no e-mail address" in answer.stderr
    assert told(run("list", "--json"))["total"] == 0
    assert run("grant", "ada@example.org", "everything").exit_code == 2


def test_a_locked_account_may_nothing(run: Run, settings: Settings) -> None:
    now = datetime.now(UTC)
    with opened_accounts(settings) as accounts:
        ada = accounts.create("ada@example.org", "Ada")
        accounts.grant(ada.id, Permission.ADMINISTER, "operator")
        accounts.open_session(ada.id, "hash", now + timedelta(hours=1))
    assert told(run("lock", "ada@example.org", "--json"))["state"] == "locked"
    with opened_accounts(settings) as accounts:
        assert accounts.session("hash", now) is None
        assert not accounts.person(ada.id).may(Permission.MODERATE)
    assert told(run("lock", "ada@example.org", "--undo", "--json"))["state"] == "not proven"


def test_whoever_lost_the_app_gets_in_again(run: Run, settings: Settings) -> None:
    with opened_accounts(settings) as accounts:
        ada = accounts.create("ada@example.org", "Ada")
        accounts.set_totp(ada.id, "A" * 32)
    assert run("forget-codes", "ada@example.org").exit_code == 0
    with opened_accounts(settings) as accounts:
        assert not accounts.person(ada.id).has_totp
