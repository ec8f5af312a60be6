"""What is asked for each letter, or for each page of rounds, goes through an index."""

import pytest

from catalog.letters.composing import _read_recipients
from catalog.letters.erasing import forget_unconfirmed
from catalog.letters.news import read_told
from catalog.letters.reading import read_active, read_by_email, read_wishes
from catalog.letters.rounds import read_rounds
from catalog.letters.sending import _due, _take_back, begin
from catalog.letters.telling import read_recipients, read_sent, read_told_at
from tests.catalog.asking import LUNG, NOW, after, issue, paper, stamp, subscribed
from tests.catalog.test_catalog_plans import plan


@pytest.fixture
def url(fresh_url):
    return fresh_url


@pytest.fixture
def filled(catalog):
    several = [subscribed(catalog, f"p{n}@example.org") for n in range(5)]
    catalog.subscribers.tell({LUNG.key: [paper(n) for n in range(9)]})
    catalog.subscribers.compose([issue(catalog, one, paper(n)) for n, one in enumerate(several)], NOW)
    return catalog


def test_the_queue_is_read_in_its_order(filled):
    with filled._database.read() as connection:
        found = plan(connection, lambda: _due(connection, 2, stamp(after(days=1)), ["busy.example"], 10))
    assert "ix_letters_queue" in found
    assert "TEMP B-TREE" not in found
    assert "Sort" not in found


@pytest.mark.parametrize("number", [0, 1])
def test_claims_that_ran_out_are_looked_up_among_claims(filled, number):
    with filled._database.write() as connection:
        found = plan(connection, lambda: _take_back(connection, NOW), number)
    assert "ix_letters_owner" in found


def test_what_a_clock_put_off_is_looked_up_in_the_queue(filled):
    with filled._database.write() as connection:
        found = plan(connection, lambda: _take_back(connection, NOW), 2)
    assert "ix_letters_queue" in found


def test_a_letter_is_begun_by_its_id(filled):
    with filled._database.write() as connection:
        found = plan(connection, lambda: begin(connection, "sender", "x", NOW))
    # Of so few letters PostgreSQL looks through the claimed ones.
    assert "uq_letters_id" in found or "ix_letters_owner" in found


def test_rounds_are_gone_through_in_the_order_of_their_key(filled):
    with filled._database.read() as connection:
        found = plan(connection, lambda: read_rounds(connection, NOW, "a/daily", 10))
    assert "TEMP B-TREE" not in found
    assert "Sort" not in found
    assert "SCAN" not in found


@pytest.mark.parametrize("number", range(5))
def test_what_is_read_of_a_page_of_subscribers_is_looked_up_by_them(filled, number):
    """By their state would be all of them, for each page anew."""
    names = [f"s{n}" for n in range(250)]

    def questions():
        read_active(connection, names)
        _read_recipients(connection, names, ["weekly/1"])

    with filled._database.read() as connection:
        found = plan(connection, questions, number)
    assert "SCAN" not in found
    assert "Seq Scan" not in found
    if connection.dialect.name == "sqlite":  # PostgreSQL goes by how many there are
        assert "ix_subscriptions_active" not in found


def test_who_never_answered_is_looked_up_by_when_they_asked(filled):
    with filled._database.write() as connection:
        found = plan(connection, lambda: forget_unconfirmed(connection, NOW))
    assert "ix_subscriptions_pending" in found


def test_news_of_a_wish_are_looked_up_by_time(filled):
    with filled._database.read() as connection:
        found = plan(connection, lambda: read_told(connection, LUNG.key, stamp(), "", 10))
    assert "ix_told_wish_key_at" in found
    assert "Seq Scan" not in found


def test_who_was_told_of_what_is_looked_up_both_ways(filled):
    with filled._database.read() as connection:
        sent = plan(connection, lambda: read_sent(connection, ["a", "b"], {"paper:p1:": 1}))
        told = plan(connection, lambda: read_recipients(connection, "paper:p1:", "", 10))
    assert "pk_ledger" in sent or "USING PRIMARY KEY (subscriber_id=? AND news_id>?" in sent
    assert "ix_ledger_news_id_subscriber_id" in told or "pk_ledger" in told
    assert "Seq Scan on ledger" not in told


def test_an_address_is_found_by_its_hash_and_wishes_by_who_waits_for_them(filled):
    with filled._database.read() as connection:
        found = plan(connection, lambda: read_by_email(connection, "p1@example.org"))
        wishes = plan(connection, lambda: read_wishes(connection, "", 10))
    assert "uq_subscribers_address_hash" in found
    assert "ix_subscriptions_active" in wishes


def test_who_told_what_and_when_is_looked_up_by_subscriber(filled):
    mine = filled.subscribers.by_email("p1@example.org").id
    with filled._database.read() as connection:
        letters = plan(connection, lambda: read_told_at(connection, mine, [paper(1).key]), 1)
    assert "uq_letters_subscriber_id_slot" in letters
