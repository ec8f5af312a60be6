"""Every route that takes a form, as the application lists them: what another site sends changes nothing (S4).

A new route is tried without a word here. Where the last test calls its form stale, its row in `TOKENS` is
missing. What mail programs send by design is in `web.private.ONE_CLICK`. Everything is invented.
"""

import hashlib
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from catalog import open_catalog
from catalog.sqlcatalog import SqlCatalog
from conferences.fetching import Fetcher
from domain.account import Permission
from domain.listing import Edition, Moment, Resource, ResourceKind, Series, State
from tests.web.organizers import HOST, Post
from web import Site, create_app
from web.forms import Forms
from web.people.accounts import Door, Purpose
from web.private import ONE_CLICK

SECRET, REVIEW_KEY = "s" * 32, "an invented review key"
STALE, FOREIGN = "This form is no longer valid", "This form was sent from another site"
FOREIGN_HEADERS = (
    {"Origin": "https://evil.example"},
    {"Origin": "https://findings.example.evil.example"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
)
TOKENS = {
    "/papers/<paper_id>/digest/<audience>/suggest": "suggest/{paper_id}/{audience}",
    "/papers/<paper_id>/digest/<audience>/clear": "clear/{paper_id}/{audience}",
    "/listings/<listing_id>/report": "report/{listing_id}",
    "/moderate/digests/sign-in": "sign-in",
}
"""For what the token of a form is good that needs no session; at the door, for `account`."""
BY_ADDRESS = ("/subscribe", "/unsubscribe")
"""Below these the address holds a signed token; a wrong one finds nothing, and is not called stale."""


@dataclass
class World:
    """A site with all that one can have, and somebody who may do everything on it."""

    path: Path
    catalog: SqlCatalog
    app: Flask
    door: Door
    ids: dict[str, str]

    def browser(self) -> tuple[FlaskClient, str]:
        """That somebody's, in a new session, with what their forms hold."""
        person = self.catalog.accounts.by_email("ada@society.example")
        assert person
        key = self.door.enter(person)
        client = self.app.test_client()
        client.set_cookie("__Host-findings", key, domain="findings.example", secure=True)
        return client, self.door.csrf(key)

    def address(self, rule: Rule) -> str:
        """The route about something that is there."""
        return rule.rule.replace("<", "{").replace(">", "}").format_map(self.ids)

    def form(self, rule: Rule, csrf: str) -> dict[str, str]:
        """All that lets a form of that route be taken, by whoever may send it."""
        purpose = TOKENS.get(rule.rule, "account").format_map(self.ids)
        return {
            "csrf": csrf,
            "token": Forms(SECRET).token(purpose),
            "sure": "yes",
            "title": "Changed by another",
            "key": REVIEW_KEY,
            "name": "Ada Invented",
        }

    def at_the_desk(self, client: FlaskClient) -> str:
        """Signs in with the review key as well; returns what forms of that desk hold."""
        form = {"token": Forms(SECRET).token("sign-in"), "key": REVIEW_KEY, "name": "Ada Invented"}
        path = "/moderate/digests/sign-in"
        # Each from another network, as few may sign in from one.
        self.ids["network"] = str(int(self.ids["network"]) + 1)
        near = {"REMOTE_ADDR": f"198.51.100.{self.ids['network']}"}
        assert client.post(path, data=form, base_url=HOST, environ_base=near).status_code == 303
        with client.session_transaction(base_url=HOST, path="/moderate") as session:
            return str(session["csrf"])

    def state(self) -> str:
        """All that the database holds."""
        with sqlite3.connect(self.path) as connection:
            return hashlib.sha256("\n".join(connection.iterdump()).encode()).hexdigest()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    path = tmp_path_factory.mktemp("forms") / "findings.db"
    catalog, post = open_catalog(f"sqlite:///{path}"), Post()
    site = Site(
        catalog,
        None,  # type: ignore[arg-type]
        url=HOST,
        secret=SECRET,
        listings=catalog.listings,
        accounts=catalog.accounts,
        mailer=post,
        fetcher=Fetcher("invented", resolver=lambda host, port: []),
        review_key=REVIEW_KEY,
        **{name: found for name in ("subscribers",) if (found := getattr(catalog, name, None))},
    )
    person = catalog.accounts.create("ada@society.example", "Ada Invented")
    catalog.accounts.grant(person.id, Permission.ADMINISTER, "test")

    def link(purpose: Purpose, token: str) -> str:
        return f"{HOST}/{purpose}/{token}"

    door = Door(catalog.accounts, post, SECRET, "Findings", link, wait=lambda seconds: None)
    door.prove(catalog.accounts.person(person.id))
    series = catalog.listings.save(Series("", "", "Invented"), State.PUBLIC, person.id, "created").id
    days = (Moment("2099-03-08"), Moment("2099-03-10"))
    edition = Edition("", series, "2099", "Invented 2099", *days)
    listed = catalog.listings.save(edition, State.PUBLIC, person.id, "created").id
    offer = Resource("", ResourceKind.TOOL, "Invented tool", "https://tool.example")
    catalog.listings.save(offer, State.DRAFT, person.id, "created")
    ids = {"listing_id": listed, "kinds": "resources", "paper_id": "none", "audience": "public"}
    ids |= {"list_id": "none", "token": "no-token", "network": "0"}
    yield World(path, catalog, create_app(site), door, ids)
    catalog.close()


def rules(app: Flask) -> list[Rule]:
    """Each route that does anything but show."""
    unsafe = {"POST", "PUT", "PATCH", "DELETE"}
    return sorted((rule for rule in app.url_map.iter_rules() if unsafe & (rule.methods or set())), key=str)


def send(
    world: World,
    client: FlaskClient,
    rule: Rule,
    form: Mapping[str, str],
    headers: Mapping[str, str] | None = None,
) -> TestResponse:
    (method,) = {"POST", "PUT", "PATCH", "DELETE"} & (rule.methods or set())
    return client.open(world.address(rule), method=method, data=form, headers=headers, base_url=HOST)


def test_the_application_lists_its_forms(world: World) -> None:
    found = [str(rule) for rule in rules(world.app)]
    assert len(found) >= 30
    assert {"/organize/new", "/moderate/several", "/account/link", "/listings/<listing_id>/report"} <= set(
        found
    )
    assert all(rule.methods == {"POST", "OPTIONS"} for rule in rules(world.app)), "only POST changes anything"


def test_forms_of_other_sites_are_refused_though_all_in_them_is_right(world: World) -> None:
    before = world.state()
    client, csrf = world.browser()
    before_desk = world.state()
    desk = world.at_the_desk(client)
    for rule in rules(world.app):
        if rule.endpoint in ONE_CLICK:
            continue
        form = world.form(rule, desk if rule.rule.startswith("/moderate/digests") else csrf)
        for headers in FOREIGN_HEADERS:
            answer = send(world, client, rule, form, headers)
            assert answer.status_code == 403, (rule, headers)
            assert FOREIGN in answer.text, (rule, headers)
    assert before != before_desk == world.state(), "only the session is new"


def test_forms_without_their_token_or_with_anothers_are_refused(world: World) -> None:
    client, csrf = world.browser()
    desk = world.at_the_desk(client)
    _, others = world.browser()
    before = world.state()
    for rule in rules(world.app):
        right = world.form(rule, desk if rule.rule.startswith("/moderate/digests") else csrf)
        for wrong in (
            right | {"csrf": "", "token": ""},
            right | {"csrf": "x" * 40, "token": "x" * 40},
            right | {"csrf": others, "token": Forms(SECRET).token("another form")},
            right | {"csrf": csrf[:-1], "token": right["token"][:-1]},
            right | {"csrf": right["token"], "token": right["csrf"]},
        ):
            answer = send(world, client, rule, wrong, {"Origin": HOST})
            assert 400 <= answer.status_code < 500, (rule, wrong)
            assert STALE in answer.text or rule.rule.startswith(BY_ADDRESS), (rule, wrong, answer.status_code)
    assert world.state() == before


def test_nobody_is_let_in_without_a_session(world: World) -> None:
    """A form of another's with its right token is nothing without the cookie."""
    client = world.app.test_client()
    _, csrf = world.browser()
    before = world.state()
    for rule in rules(world.app):
        if not rule.rule.startswith(("/organize", "/moderate/listings", "/moderate/several")):
            continue
        assert (
            send(world, client, rule, {"csrf": csrf, "sure": "yes"}, {"Origin": HOST}).status_code == 403
        ), rule
    assert world.state() == before


def test_reading_changes_nothing(world: World) -> None:
    """Programs that look at mail, and pages fetched ahead, follow links."""
    client, csrf = world.browser()
    world.at_the_desk(client)
    before = world.state()
    for rule in rules(world.app):
        for method in ("GET", "HEAD", "OPTIONS"):
            pairs = world.form(rule, csrf) | {"act": "hand-in"}
            answer = client.open(world.address(rule), method=method, query_string=pairs, base_url=HOST)
            assert answer.status_code < 500, (rule, method)
    assert world.state() == before


def test_the_right_form_is_taken(world: World) -> None:
    """The tests above can fail: with its own token and from our own page no form is refused."""
    for rule in rules(world.app):
        client, csrf = world.browser()
        if rule.rule.startswith("/moderate/digests"):
            csrf = world.at_the_desk(client)
        answer = send(
            world, client, rule, world.form(rule, csrf), {"Origin": HOST, "Sec-Fetch-Site": "same-origin"}
        )
        assert STALE not in answer.text, f"{rule}: say in TOKENS what its token is good for"
        assert FOREIGN not in answer.text, rule
        assert answer.status_code != 403, rule
