"""Accounts on both databases: secrets, sessions, parts, and what is left when one is erased. All invented."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from domain.account import Part, Permission
from domain.errors import NotAllowed, NotFound
from domain.listing import Edition, Kind, Moment, Series, State
from domain.listing_ports import Wanted

NOW = datetime.now(UTC).replace(microsecond=0)
"""What is over by the real clock is forgotten, so the tests live in the present."""
LATER = NOW + timedelta(hours=1)
OWNER, EDITOR, VIEWER = Part


@pytest.fixture
def accounts(catalog):
    return catalog.accounts


@pytest.fixture
def ada(accounts):
    return accounts.create("ada@example.org", "Ada Invented")


@pytest.fixture
def bo(accounts):
    return accounts.create("bo@example.org", "Bo")


@pytest.fixture
def series(catalog, ada):
    return catalog.listings.save(Series("", "", "A Meeting"), State.DRAFT, ada.id, "created").latest


def edition_of(catalog, series, by, state=State.DRAFT):
    day = Moment("2027-05-10")
    return catalog.listings.save(Edition("", series.id, "", "2027", day, day), state, by, "created").latest


def test_an_account_is_made_once_for_an_address(accounts, ada):
    assert (ada.email, ada.name, ada.proven, ada.locked) == ("ada@example.org", "Ada Invented", False, False)
    assert len(ada.id) == 12
    assert accounts.create(" ADA@Example.org", "Somebody else") == ada
    assert accounts.by_email("Ada@EXAMPLE.ORG") == accounts.person(ada.id) == ada
    assert accounts.by_email("nobody@example.org") is None
    with pytest.raises(NotFound):
        accounts.person("nobody")


def test_what_may_change_is_saved(accounts, ada, bo):
    changed = replace(
        ada, email="new@Example.org", name="A.", proven=True, permissions=frozenset({Permission.MODERATE})
    )
    accounts.update(changed)
    assert accounts.person(ada.id) == replace(changed, email="new@example.org")
    with pytest.raises(NotAllowed):
        accounts.update(replace(changed, email="BO@example.org"))
    with pytest.raises(NotFound):
        accounts.update(replace(changed, id="nobody", email="x@example.org"))
    accounts.grant(bo.id, Permission.ADMINISTER, "operator")
    accounts.grant(bo.id, Permission.MODERATE, "operator")
    assert accounts.person(bo.id).permissions == {Permission.ADMINISTER, Permission.MODERATE}
    assert [person.name for person in accounts.people(0, 1)[1]] == ["Bo"]
    assert accounts.people()[0] == 2


def test_permissions_are_in_the_audit(catalog, accounts, bo):
    accounts.grant(bo.id, Permission.MODERATE, "operator")
    accounts.revoke(bo.id, Permission.MODERATE, "operator")
    assert accounts.person(bo.id).permissions == frozenset()
    told = [(entry.person, entry.act, entry.detail) for entry in catalog.listings.audit(bo.id)]
    assert told == [("operator", "granted", "moderate"), ("operator", "revoked", "moderate")]


def test_secrets_are_kept_apart(accounts, ada):
    assert (accounts.password(ada.id), accounts.totp(ada.id)) == ("", "")
    accounts.set_password(ada.id, "$argon2id$…")
    accounts.set_totp(ada.id, "SECRET")
    assert (accounts.password(ada.id), accounts.totp(ada.id)) == ("$argon2id$…", "SECRET")
    person = accounts.person(ada.id)
    assert (person.has_password, person.has_totp) == (True, True)
    accounts.update(replace(person, name="Other"))
    assert accounts.password(ada.id) == "$argon2id$…"
    accounts.set_totp(ada.id, "")
    assert not accounts.person(ada.id).has_totp
    for ask in (accounts.password, accounts.totp):
        with pytest.raises(NotFound):
            ask("nobody")
    for tell in (accounts.set_password, accounts.set_totp):
        with pytest.raises(NotFound):
            tell("nobody", "x")


def test_a_token_is_good_once_for_its_purpose_and_until_it_ends(accounts, ada):
    accounts.issue_token(ada.id, "sign-in", "h1", LATER, "next=/organize")
    assert accounts.redeem_token("prove", "h1", NOW) is None
    assert accounts.redeem_token("sign-in", "h2", NOW) is None
    assert accounts.redeem_token("sign-in", "h1", LATER) is None
    assert accounts.redeem_token("sign-in", "h1", LATER - timedelta(seconds=1)) == (ada.id, "next=/organize")
    assert accounts.redeem_token("sign-in", "h1", NOW) is None


def test_a_new_token_ends_the_one_before_for_the_same(accounts, ada):
    for hashed, detail in (("h1", ""), ("h2", "series"), ("h3", "")):
        accounts.issue_token(ada.id, "invite", hashed, LATER, detail)
    redeemed = [accounts.redeem_token("invite", hashed, NOW) for hashed in ("h1", "h2", "h3")]
    assert redeemed == [None, (ada.id, "series"), (ada.id, "")]
    with pytest.raises(NotFound):
        accounts.issue_token("nobody", "invite", "h4", LATER)


def test_links_sent_to_an_address_end_with_it(accounts, ada):
    accounts.issue_token(ada.id, "sign-in", "h1", LATER)
    accounts.issue_token(ada.id, "invite", "h2", LATER)
    accounts.update(replace(ada, name="Other", email="ADA@example.org"))
    assert accounts.redeem_token("invite", "h2", NOW)
    accounts.update(replace(ada, email="new@example.org"))
    assert accounts.redeem_token("sign-in", "h1", NOW) is None


def test_two_cannot_redeem_one_token(accounts, ada):
    accounts.issue_token(ada.id, "sign-in", "h1", LATER)
    with ThreadPoolExecutor(4) as pool:
        redeemed = list(pool.map(lambda _: accounts.redeem_token("sign-in", "h1", NOW), range(4)))
    assert sorted(map(bool, redeemed)) == [False, False, False, True]


def test_sessions_end_by_time_by_word_by_a_new_password_and_by_a_lock(accounts, ada, bo):
    for person, hashed in ((ada, "s1"), (ada, "s2"), (bo, "s3")):
        accounts.open_session(person.id, hashed, LATER)
    assert accounts.session("s1", NOW).id == ada.id
    assert accounts.session("s1", LATER) is None
    assert accounts.session("s9", NOW) is None
    accounts.close_session("s1")
    assert accounts.session("s1", NOW) is None
    accounts.set_password(ada.id, "hash")
    assert accounts.session("s2", NOW) is None
    assert accounts.session("s3", NOW) == bo
    accounts.issue_token(bo.id, "sign-in", "h1", LATER)
    accounts.update(replace(bo, locked=True))
    assert accounts.session("s3", NOW) is None
    assert accounts.redeem_token("sign-in", "h1", NOW) is None
    accounts.issue_token(bo.id, "sign-in", "h2", LATER)
    accounts.open_session(bo.id, "s4", LATER)
    assert accounts.redeem_token("sign-in", "h2", NOW) is None
    assert accounts.session("s4", NOW) is None
    with pytest.raises(NotFound):
        accounts.open_session("nobody", "s5", LATER)


def test_attempts_are_counted_and_forgotten(catalog, accounts):
    for minutes in (0, 5, 10):
        accounts.note_attempt("k", NOW + timedelta(minutes=minutes))
    accounts.note_attempt("other", NOW)
    assert accounts.attempts("k", NOW) == 3
    assert accounts.attempts("k", NOW + timedelta(minutes=5)) == 2
    assert accounts.attempts("none", NOW) == 0
    accounts.note_attempt("k", NOW + timedelta(days=1, minutes=7))
    assert accounts.attempts("k", NOW) == 2
    with catalog._database.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM attempts")).scalar_one() == 2


def test_who_lists_something_owns_it(catalog, accounts, ada, series):
    (mine,) = accounts.memberships(series.id)
    assert (mine.person, mine.listing, mine.part) == (ada.id, series.id, OWNER)
    gathered = catalog.listings.save(Series("", "", "Gathered"), State.IN_REVIEW, "a-source", "created")
    assert accounts.memberships(gathered.id) == []


def test_the_part_in_a_series_counts_for_its_editions(catalog, accounts, ada, bo, series):
    edition = edition_of(catalog, series, ada.id)
    assert accounts.memberships(edition.id) == []
    assert accounts.part(ada.id, edition.id) is OWNER
    assert accounts.part(bo.id, edition.id) is None
    accounts.set_part(bo.id, edition.id, EDITOR, ada.id)
    assert (accounts.part(bo.id, edition.id), accounts.part(bo.id, series.id)) == (EDITOR, None)
    accounts.set_part(bo.id, series.id, VIEWER, ada.id)
    assert accounts.part(bo.id, edition.id) is EDITOR
    assert {listed.id for listed in catalog.listings.owned(ada.id)} == {series.id, edition.id}
    assert accounts.part(ada.id, "nothing") is None
    for person, listing in (("nobody", series.id), (bo.id, "nothing")):
        with pytest.raises(NotFound):
            accounts.set_part(person, listing, EDITOR, ada.id)


def test_the_last_owner_stays(catalog, accounts, ada, bo, series):
    edition = edition_of(catalog, series, ada.id)
    for part in (None, EDITOR):
        with pytest.raises(NotAllowed, match="last owner"):
            accounts.set_part(ada.id, series.id, part, ada.id)
    accounts.set_part(bo.id, edition.id, OWNER, ada.id)
    accounts.set_part(bo.id, edition.id, None, ada.id)
    accounts.set_part(bo.id, series.id, OWNER, ada.id)
    accounts.set_part(ada.id, series.id, None, bo.id)
    assert [m.person for m in accounts.memberships(series.id)] == [bo.id]
    told = [(e.person, e.act, e.detail) for e in catalog.listings.audit(series.id)][1:]
    assert told == [(ada.id, "invited", f"{bo.id} owner"), (bo.id, "removed", f"{ada.id} owner")]


def everything(catalog):
    tables = ("people", "memberships", "tokens", "sessions", "listing_audit", "listings")
    with catalog._database.read() as connection:
        return repr([connection.execute(text(f"SELECT * FROM {table}")).all() for table in tables])


def test_an_erased_account_leaves_what_it_did_and_nothing_else(catalog, accounts, ada, bo, series):
    listings = catalog.listings
    listings.save(series, State.PUBLIC, "rita", "approved", detail="asked Ada Invented at ada@example.org")
    accounts.set_part(bo.id, series.id, EDITOR, ada.id)
    draft = edition_of(catalog, series, ada.id)
    accounts.set_password(ada.id, "hash-of-ada")
    accounts.issue_token(ada.id, "sign-in", "h1", LATER)
    accounts.open_session(ada.id, "s1", LATER)
    accounts.grant(ada.id, Permission.MODERATE, "operator")
    accounts.erase(ada.id)
    left = everything(catalog)
    assert not [word for word in (ada.id, "ada@example.org", "Ada Invented", "hash-of-ada") if word in left]
    with pytest.raises(NotFound):
        accounts.person(ada.id)
    acts = [(e.person, e.act) for e in listings.audit(series.id)]
    assert acts == [("", "created"), ("rita", "approved"), ("", "invited")]
    assert listings.public(Wanted(Kind.SERIES))[0] == 1
    assert listings.listed(draft.id), "another still has a part in it"
    assert accounts.create("ada@example.org", "Ada").id != ada.id


def test_drafts_that_nobody_else_sees_go_with_the_account(catalog, accounts, ada, bo, series):
    listings = catalog.listings
    draft = edition_of(catalog, series, ada.id)
    other = listings.save(Series("", "", "Other"), State.DRAFT, ada.id, "created").latest
    handed_in = edition_of(catalog, other, ada.id, State.IN_REVIEW)
    accounts.erase(ada.id)
    for gone in (series, draft):
        with pytest.raises(NotFound):
            listings.listed(gone.id)
    assert listings.listed(handed_in.id)
    assert listings.listed(other.id)
    assert [entry.act for entry in listings.audit(series.id)] == ["created"]
    accounts.erase(bo.id)
