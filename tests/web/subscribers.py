"""People who ask for letters, for tests: a site over a real database, a clock that can be moved, the queue of
letters read as a mail server would deliver them. All invented."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from catalog.sqlcatalog import SqlCatalog
from domain.subscription import Letter, LetterKind, LetterState
from index import open_index
from subscriptions.letters import Writer
from subscriptions.tokens import Purpose, Tokens
from web import Site, create_app, pacing
from web.letters.subscribing import Gate

HOST = "https://findings.example"
SECRET = "s" * 32
READING = 20
"""Seconds that somebody takes to fill the form in."""
TOPIC = {"kind": "topic", "cancer_type": "breast"}
NETWORK = "203.0.113.7"


@dataclass
class Clock:
    """Tells a time that tests move."""

    now: datetime = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **span: float) -> None:
        """Let time go by."""
        self.now += timedelta(**span)


@dataclass
class Readers:
    """A site, those who use it, and the letters that wait to be sent to them."""

    catalog: SqlCatalog
    clock: Clock
    site: Site
    client: FlaskClient = field(init=False)

    def __post_init__(self) -> None:
        self.client = create_app(self.site).test_client()

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.client.get(path, base_url=HOST, headers=headers)

    def post(self, path: str, form: dict[str, Any], network: str = NETWORK) -> TestResponse:
        """Send a form as a browser does from our own page."""
        near = {"REMOTE_ADDR": network}
        return self.client.post(path, data=form, base_url=HOST, headers={"Origin": HOST}, environ_base=near)

    def form(self, **given: object) -> dict[str, Any]:
        """The form of the page about `TOPIC`, as it is served, filled in."""
        page = self.get("/subscribe?" + "&".join(f"{k}={v}" for k, v in TOPIC.items()))
        fields = form_of(page, "/subscribe")
        return {**fields, "act": "subscribe", "email": "ada@readers.example", **given}

    def token(self) -> str:
        """What a form holds that is served now."""
        gate = Gate(self.catalog.subscribers, self.catalog.accounts, SECRET, self.clock)
        return gate.token()

    def ask(self, network: str = NETWORK, **given: object) -> TestResponse:
        """Fill the form in, in no haste, and send it."""
        form = self.form(**given)
        self.clock.pass_(seconds=READING)
        return self.post("/subscribe", form, network)

    def queued(self, kind: LetterKind | None = None) -> list[Letter]:
        """Letters that wait to be sent."""
        found = self.catalog.letters.letters(LetterState.QUEUED, limit=5_000)
        return [letter for letter in found if kind in (None, letter.kind)]

    def link(self, letter: Letter, part: str) -> str:
        """The path of the link in a letter that holds `part`."""
        catalog = self.catalog
        tokens = Tokens(SECRET, lambda: self.clock().timestamp())
        writer = Writer(catalog, catalog.listings, catalog.subscribers, "Findings", HOST, tokens)
        written = writer.write(letter, catalog.subscribers.subscriber(letter.subscriber))
        assert written
        (path,) = set(re.findall(rf"{HOST}(/{part}/[\w.-]+)", written.text))
        return str(path)

    def subscribed(self, **given: object) -> str:
        """Somebody who asked and confirmed; returns the path of their preferences."""
        before = {letter.id for letter in self.queued()}
        assert self.ask(**given).status_code == 200
        (letter,) = [one for one in self.queued(LetterKind.CONFIRM) if one.id not in before]
        path = self.link(letter, "subscribe/confirm")
        assert self.post(path, {}).status_code == 303
        return str(preferences_of(self, letter.subscriber))


@contextmanager
def opened_readers(catalog: SqlCatalog, folder: Path, clock: Clock, **more: Any) -> Iterator[Readers]:
    """A site over a catalog, with an index in a folder."""
    tokens = Tokens(SECRET, lambda: clock().timestamp())
    writer = Writer(catalog, catalog.listings, catalog.subscribers, "Findings", HOST, tokens)
    own = None if "index" in more else open_index("embedded:", folder / "index")
    given = {"url": HOST, "index": own, "clock": clock, **more}
    site = Site(
        catalog,
        secret=SECRET,
        listings=catalog.listings,
        accounts=catalog.accounts,
        subscribers=catalog.subscribers,
        letters=catalog.letters,
        letter_copy=writer.copy,
        issue_copy=writer.issue_copy,
        **given,
    )
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(pacing, "TICK", 1e-6)  # nobody measures here
            yield Readers(catalog, clock, site)
    finally:
        if own:
            own.close()


def preferences_of(readers: Readers, subscriber: str) -> str:
    """The path that letters give for changing."""
    token = Tokens(SECRET, lambda: readers.clock().timestamp()).sign(Purpose.PREFERENCES, subscriber)
    return f"/subscribe/preferences/{token}"


def form_of(page: TestResponse, action: str, act: str = "") -> dict[str, Any]:
    """What the form of a page holds, before anybody changes it."""
    html = lxml.html.fromstring(page.text)
    own = page.request.path
    forms = [
        form
        for form in html.forms
        if (form.action or own) == action
        and form.method == "POST"
        and (not act or dict(form.form_values()).get("act") == act)
    ]
    assert forms, f"no form to {action}: {[form.action for form in html.forms]}"
    given: dict[str, Any] = {}
    for name, value in forms[0].form_values():
        kept = given.setdefault(name, [])
        assert isinstance(kept, list)
        kept.append(value)
    return given
