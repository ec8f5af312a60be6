"""What is news and whom it concerns: a real catalog, its outbox, and an index of the new papers alone."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from domain.digest import Audience
from domain.identifiers import Identifiers
from domain.paper import Link, LinkKind, NoticeKind, TrialRole, VersionKind
from domain.subscription import LetterKind, NewsKind, Rhythm, WishKind, to_wish
from subscriptions.letters.wording import words_in
from subscriptions.recency import is_recent
from tests.catalog.invented import digest
from tests.subscriptions.letterbox import to_writer
from tests.subscriptions.newsroom import NOW, Newsroom, day, from_country, reports, version

BREAST = to_wish(WishKind.TOPIC, "", {"cancer_type": ("breast",)})


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    found = Newsroom(tmp_path)
    yield found
    found.close()


def search(text: str = "", **filters: tuple[str, ...]):
    return to_wish(WishKind.SEARCH, text, filters)


@pytest.mark.parametrize(
    ("published", "recent"),
    [
        ("2026-11-21", True),
        ("2026-08-23", True),
        ("2026-08-22", False),
        ("2026-08", True),
        ("2026-07", False),
        ("2026", True),
        ("2025", False),
        ("2027-11", True),
        ("2027-12", False),
        ("2028", False),
        ("", False),
        ("2026-13", False),
        ("soon", False),
    ],
)
def test_a_paper_is_new_for_ninety_days(published: str, recent: bool) -> None:
    assert is_recent(published, "2026-11-21T08:00:00Z") is recent


def test_a_new_paper_is_told_to_those_who_asked_for_its_topic(room: Newsroom) -> None:
    room.subscribe(BREAST, "one@example.org")
    room.subscribe(to_wish(WishKind.TOPIC, "", {"cancer_type": ("lung",)}), "two@example.org")
    paper = room.publish(1)
    room.run()
    assert room.told("one@example.org") == [f"paper:{paper}"]
    assert room.told("two@example.org") == []


def test_a_backfill_and_an_index_built_anew_send_nothing(room: Newsroom) -> None:
    room.subscribe(BREAST)
    room.subscribe(search("invented"))
    for number in range(30):
        room.publish(number, published=f"{1990 + number}-06-15")
    room.publish(40, published=None)
    room.publish(41, published=day(120))
    assert room.run().told.told == 0
    assert room.letters() == []


def test_reading_records_anew_sends_nothing(room: Newsroom) -> None:
    room.subscribe(BREAST)
    room.publish(1, published="2011", cancer_types=("lung",))
    room.run()
    room.publish(1, published="2011", title="The same, read better")
    room.run()
    assert room.letters() == []


def test_a_new_paper_whose_subjects_are_found_a_little_later_is_told_once(room: Newsroom) -> None:
    room.subscribe(BREAST)
    room.publish(1, cancer_types=())
    room.run()
    assert room.letters() == []
    paper = room.publish(1, title="The same with its subjects")
    room.run(NOW + timedelta(hours=2))
    room.publish(1, title="And corrected once more")
    room.run(NOW + timedelta(hours=4))
    assert room.told() == [f"paper:{paper}"]


def test_a_topic_narrows_by_country_and_language(room: Newsroom) -> None:
    wish = to_wish(WishKind.TOPIC, "", {"country": ("KE", "BR"), "language": ("en", "pt")})
    room.subscribe(wish)
    kenyan = room.publish(1, authors=from_country("KE"))
    room.publish(2, authors=from_country("DE"))
    room.publish(3, authors=from_country("BR"), language="es")
    brazilian = room.publish(4, authors=from_country("BR"), language="pt")
    room.run()
    assert sorted(room.told()) == sorted([f"paper:{kenyan}", f"paper:{brazilian}"])


def test_a_search_is_read_as_the_site_reads_it(room: Newsroom) -> None:
    room.subscribe(search('title:"liver metastases" NOT mouse', country=("KE",)))
    found = room.publish(1, title="Surgery for liver metastases", authors=from_country("KE"))
    room.publish(2, title="Surgery for liver metastases in a mouse", authors=from_country("KE"))
    room.publish(3, title="Surgery for liver metastases", authors=from_country("DE"))
    room.publish(4, title="Metastases of the liver", authors=from_country("KE"))
    room.run()
    assert room.told() == [f"paper:{found}"]


def test_a_search_is_not_loosened_where_no_new_paper_has_all_its_words(room: Newsroom) -> None:
    room.subscribe(search("lung immunotherapy"))
    room.subscribe(search("lung immunotherapy", cancer_type=("breast",)), "two@example.org")
    room.publish(1, title="Immunotherapy of the skin")
    room.publish(2, title="Lung function in rowers")
    room.run()
    assert room.letters() == []


def test_a_search_finds_other_names_of_the_same_unless_they_are_switched_off(room: Newsroom) -> None:
    room.subscribe(search("bowel cancer"), "one@example.org")
    room.subscribe(search("bowel cancer", literal=("*",)), "two@example.org")
    room.publish(1, title="Screening for colorectal cancer", cancer_types=("colorectal",))
    room.run()
    assert len(room.told("one@example.org")) == 1
    assert room.told("two@example.org") == []


def test_years_narrow_a_search(room: Newsroom) -> None:
    year = NOW.year
    room.subscribe(search("invented", **{"from": (str(year - 1),)}), "one@example.org")
    room.subscribe(search("invented", to=(str(year - 1),)), "two@example.org")
    room.publish(1)
    room.run()
    assert (len(room.told("one@example.org")), len(room.told("two@example.org"))) == (1, 0)


def test_what_asks_for_a_digest_waits_for_it(room: Newsroom) -> None:
    room.subscribe(search("invented", has_digest=("public",)))
    paper = room.publish(1)
    room.run()
    assert room.letters() == []
    room.catalog.save_digests([digest(room.catalog.paper(paper), Audience.PUBLIC)])
    room.run(NOW + timedelta(hours=2))
    assert room.told() == [f"paper:{paper}"]


def test_no_search_stops_the_others(room: Newsroom) -> None:
    room.subscribe(search("invented", no_such_field=("x",)), "one@example.org")
    room.subscribe(search("((("), "two@example.org")
    room.subscribe(search("invented"), "three@example.org")
    room.publish(1)
    room.run()
    assert len(room.told("three@example.org")) == 1


def test_a_retracted_paper_is_not_announced(room: Newsroom) -> None:
    room.subscribe(BREAST)
    room.notice(1, NoticeKind.RETRACTED)
    room.notice(2, NoticeKind.CONCERN)
    assert room.run().told.told == 0
    assert room.letters() == []


@pytest.mark.parametrize("kind", [NoticeKind.RETRACTED, NoticeKind.WITHDRAWN, NoticeKind.CONCERN])
def test_those_who_were_told_of_a_paper_are_warned_once(room: Newsroom, kind: NoticeKind) -> None:
    room.subscribe(BREAST, "told@example.org")
    paper = room.publish(1)
    room.run()
    room.subscribe(BREAST, "later@example.org", confirmed=NOW + timedelta(minutes=30))
    room.notice(1, kind)
    assert room.run(NOW + timedelta(hours=3)).told.recalls == 1
    room.run(NOW + timedelta(hours=5))
    (letter,) = room.letters(LetterKind.RECALL)
    assert room.news(LetterKind.RECALL, "told@example.org")[0].target == paper
    assert letter.sections[0].news[0].kind == kind.value


def test_a_warning_says_when_the_paper_was_told_of(room: Newsroom) -> None:
    room.subscribe(BREAST)
    room.publish(1)
    room.run()
    (first,) = room.letters()
    room.notice(1, NoticeKind.RETRACTED)
    room.run(NOW + timedelta(hours=3))
    (letter,) = room.letters(LetterKind.RECALL)
    written = to_writer(room.catalog).write(letter, room.subscribers.subscriber(letter.subscriber))
    assert written is not None
    day = words_in("en").day(first.created_at)
    assert f"We told you of this paper in our letter of {day}:" in " ".join(written.text.split())


def test_a_correction_is_told_to_those_who_watch_the_paper_alone(room: Newsroom) -> None:
    room.subscribe(BREAST, "topic@example.org")
    paper = room.publish(1)
    room.subscribe(to_wish(WishKind.PAPER, target=paper), "watcher@example.org")
    room.run()
    room.notice(1, NoticeKind.CORRECTED)
    room.run(NOW + timedelta(hours=2))
    assert room.told("watcher@example.org") == [f"corrected:{paper}"]
    assert room.told("topic@example.org") == [f"paper:{paper}"]
    assert room.letters(LetterKind.RECALL) == []


def test_who_watches_a_paper_and_was_told_of_it_is_warned_but_once(room: Newsroom) -> None:
    paper = room.publish(1)
    room.subscribe(BREAST)
    room.subscribe(to_wish(WishKind.PAPER, target=paper))
    room.run()
    room.notice(1, NoticeKind.RETRACTED)
    room.run(NOW + timedelta(hours=2))
    room.run(NOW + timedelta(hours=4))
    every = room.news() + room.news(LetterKind.RECALL)
    assert [news.kind for news in every if news.kind.is_warning] == [NewsKind.RETRACTED]


def test_a_preprint_that_is_published_is_news_to_those_who_watch_it(room: Newsroom) -> None:
    facts = {"kind": VersionKind.PREPRINT, "identifiers": Identifiers(doi="10.5555/pre.1")}
    paper = room.publish(1, published=day(400), **facts)
    room.subscribe(to_wish(WishKind.PAPER, target=paper))
    room.run()
    room.publish(2, links=(Link(LinkKind.PREPRINT, "doi:10.5555/pre.1"),))
    room.run(NOW + timedelta(hours=2))
    (news,) = room.news()
    assert (news.kind, news.target, news.detail) == (NewsKind.VERSION, paper, "doi:10.5555/news.2")


def test_a_former_id_leads_to_the_same_paper(room: Newsroom) -> None:
    one = room.publish(1)
    other = room.publish(2, kind=VersionKind.PREPRINT, title="Quite another title", published=day(3))
    room.subscribe(to_wish(WishKind.PAPER, target=other))
    room.subscribe(BREAST, "topic@example.org")
    room.run()
    assert len(room.told("topic@example.org")) == 2
    room.publish(1, links=(Link(LinkKind.PREPRINT, "doi:10.5555/news.2"),))
    assert {room.catalog.paper(one).id, room.catalog.paper(other).id} == {one}
    room.notice(1, NoticeKind.RETRACTED, links=(Link(LinkKind.PREPRINT, "doi:10.5555/news.2"),))
    room.run(NOW + timedelta(hours=2))
    assert f"retracted:{one}" in room.told("reader@example.org")
    assert len(room.letters(LetterKind.RECALL)) == 1


def test_a_paper_that_was_told_is_not_told_again_as_part_of_an_older_one(room: Newsroom) -> None:
    room.subscribe(BREAST)
    older = room.publish(1, kind=VersionKind.PREPRINT, published="2019")
    younger = room.publish(2, title="Quite another title")
    room.run()
    assert room.told() == [f"paper:{younger}"]
    room.publish(2, title="Quite another title", links=(Link(LinkKind.PREPRINT, "doi:10.5555/news.1"),))
    assert room.catalog.paper(younger).id == older
    room.run(NOW + timedelta(hours=2))
    assert room.told() == [f"paper:{younger}"]


def test_a_paper_that_its_source_withdraws_before_the_letter_is_not_in_it(room: Newsroom) -> None:
    room.subscribe(BREAST, rhythm=Rhythm.MONTHLY)
    room.publish(1)
    kept = room.publish(2)
    assert room.run().told.told == 2
    room.catalog.delete("alpha", ["n1-alpha"])
    room.run(NOW + timedelta(days=32))
    assert room.told() == [f"paper:{kept}"]


def test_a_digest_that_is_recalled_is_no_letter(room: Newsroom) -> None:
    room.subscribe(BREAST)
    paper = room.publish(1)
    room.catalog.save_digests([digest(room.catalog.paper(paper), Audience.PUBLIC)])
    room.run()
    room.publish(1, title="Corrected title", published=day(1))
    topics = [entry.topic for entry in room.catalog.outbox()]
    assert "digest.recalled" in topics
    room.run(NOW + timedelta(hours=2))
    assert room.told() == [f"paper:{paper}"]
    assert room.letters(LetterKind.RECALL) == []


def test_results_of_a_trial_are_told_to_those_who_watch_a_paper_that_names_it(room: Newsroom) -> None:
    protocol = room.publish(1, published="2021", trials=reports("NCT01234567", TrialRole.MENTIONS))
    room.subscribe(to_wish(WishKind.PAPER, target=protocol))
    room.run()
    results = room.publish(2, trials=reports("NCT01234567"))
    room.publish(3, trials=reports("NCT01234567", TrialRole.MENTIONS))
    room.publish(4, trials=reports("NCT07654321"))
    room.publish(5, trials=reports("NCT01234567"), published="2012")
    room.run(NOW + timedelta(hours=2))
    (news,) = room.news()
    assert (news.kind, news.target, news.detail) == (NewsKind.RESULTS, protocol, results)


def test_what_was_added_before_somebody_confirmed_is_not_told(room: Newsroom) -> None:
    room.subscribe(BREAST, "early@example.org")
    room.publish(1)
    room.subscribe(BREAST, "late@example.org", confirmed=NOW + timedelta(hours=1))
    room.run(NOW + timedelta(hours=2))
    assert len(room.told("early@example.org")) == 1
    assert room.told("late@example.org") == []


def test_a_run_that_is_repeated_tells_nothing_again(room: Newsroom) -> None:
    room.subscribe(BREAST)
    room.publish(1)
    assert room.run().told.told == 1
    assert room.run().told.entries == 0
    assert len(room.letters()) == 1


def test_entries_are_read_without_readers_so_that_nothing_old_waits_for_the_first(room: Newsroom) -> None:
    room.publish(1)
    assert room.run().told.entries == 1
    room.subscribe(BREAST)
    assert room.run().told.told == 0


def test_a_large_batch_is_read_in_pieces(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("subscriptions.telling._ENTRIES", 3)
    monkeypatch.setattr("subscriptions.telling._WISHES", 1)
    monkeypatch.setattr("subscriptions.matching.PAGE", 2)
    room.subscribe(BREAST, rhythm=Rhythm.DAILY)
    room.subscribe(search("invented"), rhythm=Rhythm.DAILY)
    for number in range(8):
        room.publish(number)
    assert room.run().told.told == 16


def test_the_newest_version_counts() -> None:
    assert version(1).published == day()
