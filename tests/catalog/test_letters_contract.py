"""News, rounds and letters on both databases: told once, sent once, and what a dying sender leaves behind."""

from dataclasses import replace
from datetime import datetime

import pytest

from catalog.codec import decompress
from catalog.database import Database
from catalog.revisions import downgrade, upgrade
from domain.errors import NotAllowed, NotFound, Superseded
from domain.subscription import (
    LetterKind,
    LetterState,
    ListIssue,
    MailingList,
    News,
    NewsKind,
    Rhythm,
    Section,
    WishKind,
    to_wish,
)
from domain.subscription_ports import Composed, Outbox, Settlement, Subscribers, Suppression
from tests.catalog.asking import (
    BREAST,
    LUNG,
    NOW,
    after,
    asked,
    consent,
    issue,
    paper,
    section,
    send,
    send_all,
    stamp,
    subscribed,
)
from tests.catalog.invented import article

SENDING, SENT, FAILED = LetterState.SENDING, LetterState.SENT, LetterState.FAILED
QUEUED, CLAIMED = LetterState.QUEUED, LetterState.CLAIMED
UNCERTAIN, DROPPED = LetterState.UNCERTAIN, LetterState.DROPPED


@pytest.fixture
def subscribers(catalog) -> Subscribers:
    return catalog.subscribers


@pytest.fixture
def outbox(catalog) -> Outbox:
    return catalog.letters


@pytest.fixture
def mine(catalog):
    return subscribed(catalog)


def queued_issue(catalog, mine, number: int = 1):
    catalog.subscribers.compose([issue(catalog, mine, paper(number), slot=f"s{number}")], NOW)
    (letter,) = [one for one in catalog.letters.letters(QUEUED) if one.slot == f"s{number}"]
    return letter


def test_what_the_catalog_told_is_read_in_order(catalog):
    catalog.save([article(1)])
    catalog.save([article(2)])
    first, second = catalog.outbox()
    assert (first.topic, second.topic) == ("paper.added", "paper.added")
    assert first.id < second.id
    assert second.paper_id == catalog.find("doi:10.5555/a2")
    assert isinstance(first.facts, dict)
    assert datetime.fromisoformat(first.at).tzinfo
    assert catalog.outbox(first.id) == [second]
    assert catalog.outbox(0, 1) == [first]


# News


def test_news_are_told_once_by_rank(subscribers):
    told = [paper(1), paper(3), paper(2), News(NewsKind.RETRACTED, "p9", stamp(), "doi:10.5555/n")]
    for position in (5, 5, 3):
        subscribers.tell({LUNG.key: told, BREAST.key: told[:1]})
        subscribers.reach(position)
    subscribers.tell({LUNG.key: [replace(told[0], rank=99.0, at=stamp(after(days=1)))]})
    assert subscribers.position() == 5
    assert subscribers.position("listings") == 0
    assert subscribers.told(LUNG.key, "") == [paper(3), paper(2), paper(1), told[3]]
    assert subscribers.told(BREAST.key, "") == [paper(1)]
    assert subscribers.told("nothing", "") == []


def test_news_are_told_of_a_span_and_a_limit_takes_of_each_kind(subscribers):
    told = [paper(n, at=after(hours=n)) for n in range(10)]
    told += [replace(one, kind=NewsKind.VERSION) for one in told[:4]]
    subscribers.tell({LUNG.key: told})
    since, until = stamp(after(hours=2)), stamp(after(hours=6))
    assert [n.target for n in subscribers.told(LUNG.key, since, until)] == ["p6", "p5", "p4", "p3", "p3"]
    kinds = [n.kind for n in subscribers.told(LUNG.key, "", limit=6)]
    assert kinds == [NewsKind.PAPER] * 3 + [NewsKind.VERSION] * 3


def test_wishes_are_those_of_active_subscriptions_and_open_lists(catalog, subscribers, mine):
    subscribed(catalog, "bo@example.org")
    subscribers.sign_up(asked("cy@example.org", BREAST), NOW)
    listed = to_wish(WishKind.SEARCH, "listed")
    kept = subscribers.save_list(MailingList("", "", "A List", listed))
    assert subscribers.wishes() == sorted([LUNG, listed], key=lambda wish: wish.key)
    first, second = subscribers.wishes()
    assert (subscribers.wishes("", 1), subscribers.wishes(first.key)) == ([first], [second])
    assert subscribers.counts()["wishes"] == 2
    subscribers.save_list(replace(kept, closed=True))
    subscribers.end(mine.subscriber, consent("unsubscribed"))
    assert subscribers.wishes() == [LUNG]


# Composing


def test_a_round_put_together_is_a_letter_and_its_news_are_in_the_ledger(catalog, subscribers, outbox, mine):
    told = issue(catalog, mine, paper(1), paper(2))
    assert subscribers.compose([told], NOW) == 1
    (letter,) = outbox.letters(QUEUED)
    assert (letter.kind, letter.subscriber, letter.slot) == (LetterKind.ISSUE, mine.subscriber, "weekly/1")
    assert (letter.sections, letter.rhythm, letter.created_at) == (told.sections, Rhythm.WEEKLY, stamp())
    assert outbox.letter(letter.id) == letter
    keys = [paper(n).key for n in range(4)]
    assert subscribers.sent_keys([mine.subscriber, "x"], keys) == {
        mine.subscriber: frozenset(keys[1:3]),
        "x": frozenset(),
    }
    assert subscribers.rounds(after(days=7, seconds=-1)) == []
    (due,) = subscribers.rounds(after(days=7))
    assert (due.slot, due.due_at) == ("weekly/1", stamp(after(days=7)))
    with pytest.raises(NotFound):
        outbox.letter("nothing")


def test_a_round_without_news_moves_on(catalog, subscribers, outbox, mine):
    assert subscribers.compose([issue(catalog, mine)], NOW) == 0
    assert outbox.letters(QUEUED) == []
    assert subscribers.rounds(NOW) == []


def test_whoever_composes_second_sends_nothing_twice(catalog, subscribers, outbox, mine):
    first, second = issue(catalog, mine, paper(1)), issue(catalog, mine, paper(2), slot="weekly/2")
    assert [subscribers.compose([one], NOW) for one in (first, first, second)] == [1, 0, 0]
    assert len(outbox.letters(QUEUED)) == 1
    (due,) = subscribers.rounds(after(days=7))
    assert due.slot == "weekly/1"
    again = replace(first, round=due)
    assert subscribers.compose([again], NOW) == 0, "a slot has one letter"
    repeated = replace(again, slot="weekly/3", sections=(section(mine, paper(1), paper(3)),))
    assert subscribers.compose([repeated], NOW) == 1
    told = [[n.target for s in x.sections for n in s.news] for x in outbox.letters(QUEUED)]
    assert sorted(told) == [["p1"], ["p3"]]


def test_one_letter_tells_nothing_twice(catalog, subscribers, outbox, mine):
    other = subscribed(catalog, wish=BREAST)
    both = (section(mine, paper(1), paper(1)), section(other, paper(1)), section(other, paper(2)))
    subscribers.compose([replace(issue(catalog, mine), sections=both)], NOW)
    (letter,) = outbox.letters(QUEUED)
    assert [(s.subscription, [n.target for n in s.news]) for s in letter.sections] == [
        (mine.id, ["p1"]),
        (other.id, ["p2"]),
    ]


def test_two_rhythms_at_once_share_one_ledger(catalog, subscribers, outbox, mine):
    daily = subscribed(catalog, wish=BREAST, rhythm=Rhythm.DAILY)
    several = [
        issue(catalog, mine, paper(1), paper(2)),
        issue(catalog, daily, paper(2), paper(3), slot="daily/1"),
    ]
    assert subscribers.compose(several, NOW) == 2
    told = sorted(tuple(n.target for s in x.sections for n in s.news) for x in outbox.letters(QUEUED))
    assert told == [("p1", "p2"), ("p3",)]


def test_when_somebody_was_told_is_known_while_the_letter_is_kept(catalog, subscribers, outbox, mine):
    assert subscribers.told_at(mine.subscriber, [paper(1).key]) == ""
    subscribers.compose([issue(catalog, mine, paper(1), paper(2))], NOW)
    keys = [paper(9).key, paper(1).key]
    assert subscribers.told_at(mine.subscriber, keys) == stamp()
    assert subscribers.told_at("nobody", keys) == ""
    assert subscribers.told_at(mine.subscriber, []) == ""
    subscribers.end(mine.subscriber, consent("unsubscribed"))
    assert subscribers.told_at(mine.subscriber, keys) == "", "the letter was dropped before it was sent"


def test_of_old_letters_those_about_a_piece_of_news_are_read_when_it_is_asked_for(
    catalog, subscribers, mine, monkeypatch
):
    for number in range(40):
        now = after(days=number)
        told = (section(mine, paper(number, at=now)), section(mine, paper(99, at=now)))
        (due,) = subscribers.rounds(now)
        one = Composed(due, f"weekly/{number}", stamp(now), told)
        assert subscribers.compose([one], now) == 1
    opened = []
    monkeypatch.setattr("catalog.letters.store.decompress", lambda data: opened.append(1) or decompress(data))
    for number in (0, 20, 39):
        assert subscribers.told_at(mine.subscriber, [paper(number).key]) == stamp(after(days=number))
    assert subscribers.told_at(mine.subscriber, [paper(99).key, paper(7).key]) == stamp(after(days=7))
    assert subscribers.told_at(mine.subscriber, [paper(77).key]) == ""
    assert len(opened) < 50, "five times at most a few, of forty"


def test_what_ended_meanwhile_is_not_told(catalog, subscribers, outbox, mine):
    other = subscribed(catalog, wish=BREAST)
    both = (section(mine, paper(1)), section(other, paper(2)))
    first = replace(issue(catalog, mine), sections=both)
    subscribers.end(mine.subscriber, consent("unsubscribed"), mine.id)
    assert subscribers.compose([first], NOW) == 1
    (letter,) = outbox.letters(QUEUED)
    assert [s.subscription for s in letter.sections] == [other.id]
    assert subscribers.sent_keys([mine.subscriber], [paper(1).key]) == {mine.subscriber: frozenset()}
    second = issue(catalog, other, paper(3)) if subscribers.rounds(NOW) else first
    subscribers.end(mine.subscriber, consent("unsubscribed"))
    assert subscribers.compose([second], NOW) == 0
    gone = subscribed(catalog, "bo@example.org")
    late = issue(catalog, gone, paper(1))
    subscribers.erase(gone.subscriber, NOW)
    assert subscribers.compose([late], NOW) == 0


def test_a_round_that_changed_meanwhile_is_reckoned_anew(catalog, subscribers, mine):
    subscribers.compose([issue(catalog, mine)], NOW)
    (due,) = subscribers.rounds(after(days=7))
    person = subscribers.subscriber(mine.subscriber)
    subscribers.update(replace(person, zone="Asia/Tokyo"), consent("changed"))
    late = Composed(due, "weekly/2", stamp(after(days=14)), (section(mine, paper(1)),))
    assert subscribers.compose([late], NOW) == 1
    (again,) = subscribers.rounds(after(days=7))
    assert (again.slot, again.due_at) == ("weekly/2", "")


def test_a_clock_that_was_ahead_puts_nothing_off(catalog, subscribers, outbox, mine):
    ahead = replace(issue(catalog, mine, paper(1)), next_at=stamp(after(days=365)))
    subscribers.compose([ahead], after(days=358))
    assert [r.slot for r in subscribers.rounds(NOW)] == ["weekly/1"]
    (letter,) = outbox.claim("s", after(days=358), 9, 60)
    outbox.step("s", None, letter.id, after(days=358))
    outbox.step("s", Settlement(letter.id, QUEUED, "451 later", stamp(after(days=359))), None, NOW)
    assert [x.id for x in outbox.claim("s", NOW, 9, 60)] == [letter.id]
    outbox.step("s", None, letter.id, NOW)
    outbox.renew("s", after(days=300), 60)
    outbox.claim("t", NOW, 9, 60)
    assert outbox.letter(letter.id).state is SENDING
    outbox.renew("s", after(seconds=30), 400 * 86_400)
    outbox.claim("t", after(seconds=40), 9, 60)
    assert outbox.letter(letter.id).state is UNCERTAIN


def test_rounds_are_paged_by_subscriber_and_rhythm(catalog, subscribers):
    for n in range(3):
        subscribed(catalog, f"p{n}@example.org")
        subscribed(catalog, f"p{n}@example.org", BREAST, rhythm=Rhythm.DAILY)
    everything = subscribers.rounds(NOW)
    keys = [(r.subscriber.id, r.rhythm.value) for r in everything]
    assert keys == sorted(keys)
    assert len(keys) == 6
    paged, cursor = [], ""
    while page := subscribers.rounds(NOW, cursor, 2):
        paged += page
        cursor = f"{page[-1].subscriber.id}/{page[-1].rhythm}"
    assert paged == everything


# Recalls


def test_those_who_were_told_are_warned_once(catalog, subscribers, outbox, mine):
    others = [subscribed(catalog, f"p{n}@example.org") for n in range(3)]
    subscribers.compose([issue(catalog, one, paper(1)) for one in (mine, *others)], NOW)
    subscribers.end(others[0].subscriber, consent("unsubscribed"))
    told = subscribers.recipients(paper(1).key)
    assert [p.id for p in told] == sorted(one.subscriber for one in (mine, *others[1:]))
    assert subscribers.recipients(paper(1).key, told[0].id, 1) == told[1:2]
    assert subscribers.recipients("paper:none:") == []
    warning = News(NewsKind.RETRACTED, "p1", stamp(), "doi:10.5555/n")
    ids = [one.subscriber for one in (mine, *others)]
    assert subscribers.recall(ids, warning, NOW) == 3
    assert subscribers.recall(ids, warning, NOW) == 0
    letters = [x for x in outbox.letters(QUEUED) if x.kind is LetterKind.RECALL]
    assert {x.slot for x in letters} == {"recall/p1/retracted/doi:10.5555/n"}
    (one,) = next(x for x in letters if x.subscriber == mine.subscriber).sections
    assert one == Section(mine.id, to_wish(WishKind.PAPER, target="p1"), mine.audience, (warning,))


def test_whom_an_issue_told_of_it_needs_no_warning(catalog, subscribers, mine):
    warning = News(NewsKind.RETRACTED, "p1", stamp())
    subscribers.compose([issue(catalog, mine, warning)], NOW)
    assert subscribers.recall([mine.subscriber], warning, NOW) == 0
    assert subscribers.recall([mine.subscriber], replace(warning, kind=NewsKind.CONCERN), NOW) == 1


# Sending


def test_first_letters_go_first_then_warnings_then_issues(catalog, subscribers, outbox, mine):
    queued_issue(catalog, mine, 1)
    queued_issue(catalog, mine, 2)
    subscribers.recall([mine.subscriber], News(NewsKind.CONCERN, "p1", stamp()), NOW)
    subscribers.sign_up(asked("bo@example.org"), NOW)
    claimed = outbox.claim("sender", NOW, 3, 60)
    assert [x.kind.value for x in claimed] == ["confirm", "recall", "issue"]
    assert {x.state for x in claimed} == {CLAIMED}
    assert [x.slot for x in outbox.claim("other", NOW, 3, 60)] == ["s2"]
    assert outbox.claim("third", NOW, 0, 60) == []


def test_busy_domains_are_left_out(catalog, outbox):
    for email in ("a@one.example", "b@two.example", "c@three.example"):
        catalog.subscribers.sign_up(asked(email), NOW)
    claimed = outbox.claim("sender", NOW, 9, 60, ["one.example", "THREE.example"])
    (letter,) = claimed
    assert catalog.subscribers.subscriber(letter.subscriber).email == "b@two.example"


def test_a_letter_is_sent_once(catalog, outbox, mine):
    letter = queued_issue(catalog, mine)
    (claimed,) = outbox.claim("sender", NOW, 9, 60)
    outbox.step("sender", None, letter.id, NOW)
    sending = outbox.letter(letter.id)
    assert (sending.state, sending.attempts, claimed.attempts) == (SENDING, 1, 0)
    outbox.step("sender", Settlement(letter.id, SENT, "250 2.0.0\r\n ok"), None, after(seconds=1))
    sent = outbox.letter(letter.id)
    assert (sent.state, sent.answer, sent.changed_at) == (SENT, "250 2.0.0 ok", stamp(after(seconds=1)))
    for late in (FAILED, QUEUED, UNCERTAIN, DROPPED):
        outbox.step("sender", Settlement(letter.id, late), None, NOW)
    with pytest.raises(Superseded):
        outbox.step("sender", None, letter.id, NOW)
    assert outbox.letter(letter.id) == sent
    assert outbox.claim("other", after(days=9), 9, 60) == []


def test_answers_show_no_address(catalog, outbox, mine):
    letter = queued_issue(catalog, mine)
    outbox.claim("sender", NOW, 9, 60)
    answer = "550 <ada@example.org>: ada@example.org unknown, see https://x.example/" + "y" * 999
    outbox.step("sender", Settlement(letter.id, FAILED, answer), None, NOW)
    kept = outbox.letter(letter.id).answer
    assert kept.startswith("550 <…@…>: …@… unknown, see https://x.example/")
    assert len(kept) == 300


def test_one_step_settles_one_and_begins_the_next(catalog, outbox, mine):
    first, second = queued_issue(catalog, mine, 1), queued_issue(catalog, mine, 2)
    outbox.claim("sender", NOW, 9, 60)
    outbox.step("sender", None, first.id, NOW)
    outbox.step("sender", Settlement(first.id, SENT), second.id, NOW)
    assert [outbox.letter(x.id).state for x in (first, second)] == [SENT, SENDING]
    outbox.step("sender", None, None, NOW)


def test_a_claim_that_ran_out_is_taken_back(catalog, outbox, mine):
    first, second = queued_issue(catalog, mine, 1), queued_issue(catalog, mine, 2)
    outbox.claim("frozen", NOW, 9, 60)
    outbox.step("frozen", None, first.id, NOW)
    with pytest.raises(Superseded):
        outbox.step("frozen", None, second.id, after(seconds=60))
    claimed = outbox.claim("other", after(seconds=61), 9, 60)
    assert [x.id for x in claimed] == [second.id]
    assert outbox.letter(first.id).state is UNCERTAIN
    with pytest.raises(Superseded):
        outbox.step("frozen", Settlement(first.id, SENT, "250"), second.id, after(seconds=61))
    assert outbox.letter(first.id).state is SENT, "the answer came late, but it came"
    outbox.step("other", None, second.id, after(seconds=62))
    outbox.step("frozen", Settlement(second.id, FAILED), None, after(seconds=62))
    assert outbox.letter(second.id).state is SENDING


def test_only_an_answer_overrides_that_nobody_knew(catalog, outbox, mine):
    letter = queued_issue(catalog, mine)
    outbox.claim("frozen", NOW, 9, 60)
    outbox.step("frozen", None, letter.id, NOW)
    outbox.claim("other", after(days=1), 9, 60)
    for state in (QUEUED, DROPPED, UNCERTAIN):
        outbox.step("frozen", Settlement(letter.id, state), None, after(days=1))
        assert outbox.letter(letter.id).state is UNCERTAIN
    outbox.resolve(letter.id, sent=False, now=after(days=1))
    outbox.step("frozen", Settlement(letter.id, SENT), None, after(days=1))
    assert outbox.letter(letter.id).state is QUEUED, "an operator has decided"


def test_what_is_held_for_longer_is_not_taken_back(catalog, outbox, mine):
    first = queued_issue(catalog, mine)
    queued_issue(catalog, mine, 2)
    outbox.claim("sender", NOW, 9, 60)
    outbox.step("sender", None, first.id, NOW)
    outbox.renew("sender", after(seconds=50), 60)
    outbox.renew("stranger", after(seconds=50), 6000)
    assert outbox.claim("other", after(seconds=100), 9, 60) == []
    assert outbox.letter(first.id).state is SENDING
    outbox.renew("sender", after(seconds=111), 60)
    assert len(outbox.claim("other", after(seconds=112), 9, 60)) == 1, "what ran out stays so"


def test_what_is_given_back_goes_to_others(catalog, outbox, mine):
    first, second = queued_issue(catalog, mine), queued_issue(catalog, mine, 2)
    outbox.claim("sender", NOW, 9, 60)
    outbox.step("sender", None, first.id, NOW)
    outbox.release("stranger")
    assert outbox.claim("other", NOW, 9, 60) == []
    outbox.release("sender")
    assert [x.id for x in outbox.claim("other", NOW, 9, 60)] == [second.id]
    assert outbox.letter(first.id).state is SENDING


def test_a_passing_failure_is_tried_again_later(catalog, outbox, mine):
    letter = queued_issue(catalog, mine)
    outbox.claim("sender", NOW, 9, 60)
    outbox.step("sender", None, letter.id, NOW)
    later = stamp(after(minutes=5))
    outbox.step("sender", Settlement(letter.id, QUEUED, "451 later", later), None, NOW)
    waiting = outbox.letter(letter.id)
    assert (waiting.state, waiting.not_before, waiting.answer) == (QUEUED, later, "451 later")
    assert outbox.claim("sender", after(minutes=4), 9, 60) == []
    (again,) = outbox.claim("sender", after(minutes=5), 9, 60)
    assert again.attempts == 1


def test_what_need_not_be_begun_can_be_settled(catalog, outbox, mine):
    letters = [queued_issue(catalog, mine, n) for n in range(4)]
    outbox.claim("sender", NOW, 9, 60)
    for letter, state in zip(letters, (DROPPED, FAILED, QUEUED, SENT), strict=True):
        outbox.step("sender", Settlement(letter.id, state), None, NOW)
    states = [outbox.letter(x.id).state for x in letters]
    assert states == [DROPPED, FAILED, QUEUED, CLAIMED], "what never left was not sent"


@pytest.mark.parametrize("how", ["end", "suppress", "erase"])
def test_what_is_no_longer_wanted_is_not_begun_nor_tried_again(catalog, subscribers, outbox, mine, how):
    first, second = queued_issue(catalog, mine, 1), queued_issue(catalog, mine, 2)
    outbox.claim("sender", NOW, 9, 60)
    outbox.step("sender", None, first.id, NOW)
    match how:
        case "end":
            subscribers.end(mine.subscriber, consent("one-click"))
        case "suppress":
            from domain.addresses import address_hash

            subscribers.suppress(Suppression(address_hash("ada@example.org"), "asked", stamp()))
        case "erase":
            subscribers.erase(mine.subscriber, NOW)
    with pytest.raises(Superseded):
        outbox.step("sender", Settlement(first.id, QUEUED, "451"), second.id, NOW)
    assert outbox.claim("sender", after(days=1), 9, 60) == []
    counts = outbox.letter_counts()
    issues = {state: n for (kind, state), n in counts.items() if kind is LetterKind.ISSUE}
    assert issues == ({UNCERTAIN: 1, DROPPED: 1} if how == "erase" else {DROPPED: 2})


def test_an_operator_resolves_what_is_uncertain(catalog, subscribers, outbox, mine):
    letters = [queued_issue(catalog, mine, n) for n in range(3)]
    for letter in letters:
        outbox.claim("sender", NOW, 9, 60)
        send(catalog, letter, state=UNCERTAIN)
    assert [x.id for x in outbox.letters(UNCERTAIN)] == sorted(x.id for x in letters)
    outbox.resolve(letters[0].id, sent=True, now=NOW)
    outbox.resolve(letters[1].id, sent=False, now=NOW)
    subscribers.end(mine.subscriber, consent("unsubscribed"))
    outbox.resolve(letters[2].id, sent=False, now=NOW)
    assert [outbox.letter(x.id).state for x in letters] == [SENT, DROPPED, DROPPED]
    with pytest.raises(NotAllowed):
        outbox.resolve(letters[0].id, sent=True, now=NOW)
    with pytest.raises(NotFound):
        outbox.resolve("nothing", sent=True, now=NOW)


def test_letters_that_ended_are_forgotten_and_still_counted(catalog, subscribers, outbox, mine):
    first, second = queued_issue(catalog, mine, 1), queued_issue(catalog, mine, 2)
    outbox.claim("sender", NOW, 9, 60)
    send(catalog, first)
    send(catalog, second, state=UNCERTAIN)
    third = queued_issue(catalog, mine, 3)
    before = outbox.letter_counts()
    assert outbox.forget(NOW) == 0
    assert outbox.forget(after(days=1)) == 2, "the question and what was sent"
    assert outbox.letter_counts() == before
    with pytest.raises(NotFound):
        outbox.letter(first.id)
    assert {outbox.letter(x.id).state for x in (second, third)} == {UNCERTAIN, QUEUED}
    assert outbox.open_counts() == {QUEUED: 1, UNCERTAIN: 1}
    assert subscribers.sent_keys([mine.subscriber], [paper(1).key])[mine.subscriber]


def test_letters_of_a_state_are_paged(catalog, outbox):
    for n in range(5):
        catalog.subscribers.sign_up(asked(f"p{n}@example.org"), NOW)
    everything = outbox.letters(QUEUED)
    assert [x.id for x in everything] == sorted(x.id for x in everything)
    assert outbox.letters(QUEUED, everything[1].id, 2) == everything[2:4]
    assert outbox.letters(SENT) == []
    assert len({x.id for x in everything}) == 5
    assert min(len(x.id) for x in everything) == 22


# Lists of organizations


def test_a_list_gets_an_id_and_a_name_of_its_own(subscribers):
    first = subscribers.save_list(MailingList("", "", "Société d’Oncologie", LUNG, about="ours"))
    second = subscribers.save_list(MailingList("", "Societe d'oncologie", "Another", BREAST))
    third = subscribers.save_list(MailingList("", "", "写", LUNG))
    assert (first.slug, second.slug, third.slug) == ("societe-d-oncologie", "societe-d-oncologie-2", "list")
    changed = replace(first, name="Renamed", closed=True, note="n\0")
    assert subscribers.save_list(changed) == replace(changed, note="n�")
    assert subscribers.mailing_list(first.id) == subscribers.mailing_list(first.slug)
    assert [x.name for x in subscribers.mailing_lists()] == ["Another", "Renamed", "写"]
    with pytest.raises(NotFound):
        subscribers.mailing_list("nothing")


def test_an_issue_is_kept_once_and_takes_its_note_along(subscribers):
    kept = subscribers.save_list(MailingList("", "", "L", LUNG, note="Dear all"))
    issues = [ListIssue(kept.id, f"s{n}", stamp(after(days=n)), "Dear all", (paper(n),)) for n in range(3)]
    assert [subscribers.save_issue(one) for one in (*issues, issues[0])] == [True, True, True, False]
    assert subscribers.mailing_list(kept.id).note == ""
    assert subscribers.issues(kept.slug) == (3, issues[::-1])
    assert subscribers.issues(kept.id, 1, 1) == (3, issues[1:2])
    assert subscribers.issue(kept.slug, "s1") == issues[1]
    with pytest.raises(NotFound):
        subscribers.issue(kept.id, "s7")
    subscribers.save_list(replace(kept, note="Written since"))
    subscribers.save_issue(replace(issues[0], slot="s9"))
    assert subscribers.mailing_list(kept.id).note == "Written since"
    with pytest.raises(NotFound):
        subscribers.issues("nothing")


def test_all_that_is_due_is_sent(catalog, outbox):
    for n in range(250):
        catalog.subscribers.sign_up(asked(f"p{n}@example.org"), NOW)
    sent = send_all(catalog) + send_all(catalog) + send_all(catalog)
    assert len({x.id for x in sent}) == 250


def test_going_back_forgets_what_was_counted(url, open_here):
    catalog = open_here()
    catalog.subscribers.tell({LUNG.key: [paper(1)]})
    catalog.subscribers.reach(7)
    catalog.subscribers.erase(subscribed(catalog).subscriber, NOW)
    database = Database(url)
    downgrade(database, "0009")
    upgrade(database)
    database.close()
    anew = open_here()
    assert anew.subscribers.position() == anew.subscribers.counts()["erased"] == 0
    assert anew.letters.letter_counts() == {}
