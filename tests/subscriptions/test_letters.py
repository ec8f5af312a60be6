"""Letters in words: what they say, that both parts say the same, and that nothing hostile comes through."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog import open_catalog
from domain.digest import Audience
from domain.listing import Deadline, DeadlineKind, Moment, State, Venue
from domain.paper import Notice, NoticeKind
from domain.subscription import LetterKind, ListIssue, MailingList, News, NewsKind, WishKind, to_wish
from subscriptions.letters import Written
from subscriptions.letters.items import Item
from subscriptions.letters.rendering import render_item
from subscriptions.letters.wording import Phrase, words_in
from subscriptions.tokens import CONFIRM_WITHIN, Purpose, Tokens
from tests.subscriptions.letterbox import (
    AT,
    BREAST,
    EDITION,
    FELLOWSHIP,
    SECRET,
    SITE,
    WHO,
    Letterbox,
    Read,
    open_letterbox,
    save,
    to_letter,
    to_section,
    to_writer,
)
from tests.web.invented import RETRACTION, article

HOSTILE = "<b onclick=x>Bold</b> \u202etxt.exe\u202c\x00\x07\r\nBcc: x@example.org \u2066 {{ 7*7 }} & \"'"

UNSEEN = "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]"
ALLOWED = {"html", "head", "meta", "title", "style", "body", "div", "p", "a", "h1", "h2", "h3", "span"}


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Letterbox]:
    catalog = open_catalog(f"sqlite:///{tmp_path_factory.mktemp('letters')}/findings.db")
    yield open_letterbox(catalog)
    catalog.close()


def written(found: Written | None) -> tuple[Written, Read]:
    assert found is not None
    return found, Read(found.html)


def same_links(letter: Written, page: Read) -> None:
    """Every link of the HTML stands whole in the text, and the other way round."""
    in_text = {link.rstrip(".") for link in re.findall(r"https?://\S+", letter.text)}
    assert set(page.links) == in_text


class TestIssue:
    def test_a_finding_in_the_words_of_its_audience(self, box: Letterbox) -> None:
        letter, page = written(box.writer.write(to_letter(to_section(box.news(1))), WHO))
        assert letter.subject == "1 new finding on breast cancer"
        assert letter.language == "en"
        for words in (page.words, " ".join(letter.text.split())):
            assert "Yearly breast examination by nurses in rural clinics: an invented trial" in words
            assert "earlier stage in 62% of the women examined, against 41% of the others." in words
            assert "The women were followed for two years only." in words
            assert "Wanjiru A and 3 others" in words
            assert "3 June 2025 · Kenya, Brazil, United Kingdom" in words
            assert "CC BY 4.0" in words
            assert "This is not medical advice." in words
            assert "every Monday, when there is something new" in words
            assert "1 Invented Street, Madeupville" in words
        assert f"{SITE}/papers/{box.ids[1]}/digest/public" in page.links
        assert f"{SITE}/letters/letter-Id_1" in page.links
        same_links(letter, page)

    def test_the_digest_is_that_of_the_audience_asked_for(self, box: Letterbox) -> None:
        section = to_section(box.news(1), audience=Audience.PROFESSIONAL)
        _, page = written(box.writer.write(to_letter(section), WHO))
        assert f"{SITE}/papers/{box.ids[1]}/digest/professional" in page.links
        assert "written for health professionals" in page.words

    def test_a_paper_without_a_digest_says_what_it_is(self, box: Letterbox) -> None:
        _, page = written(box.writer.write(to_letter(to_section(box.news(14))), WHO))
        assert "Cohort or follow-up study" in page.words
        assert not [link for link in page.links if "/digest/" in link]
        assert "Software chose" not in page.words

    def test_what_was_retracted_since_says_so_and_loses_its_digest(self, box: Letterbox) -> None:
        letter = to_letter(to_section(box.news(30)))
        before, _ = written(box.writer.write(letter, WHO))
        assert "Retracted" not in before.html
        changed = article(30, "Invented cancer paper number 30", notices=(RETRACTION,))
        save(box.catalog, [changed])
        _, page = written(to_writer(box.catalog).write(letter, WHO))
        assert "Retracted" in page.words
        assert "The notice, 1 February 2025" in page.words
        assert "https://pubmed.ncbi.nlm.nih.gov/90000999/" in page.links

    def test_a_writer_that_lives_long_sees_what_changes(
        self, box: Letterbox, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        letter = to_letter(to_section(box.news(31), box.news(21)))
        box.writer.write(letter, WHO)
        save(box.catalog, [article(31, "Invented cancer paper number 31", notices=(RETRACTION,))])
        monkeypatch.setattr("subscriptions.letters.reading._ASK_EVERY", 0.0)
        _, page = written(box.writer.write(letter, WHO))
        assert page.words.count("Its findings should not be relied on.") == 1

    def test_nothing_left_is_no_letter(self, box: Letterbox) -> None:
        letter = to_letter(to_section(News(NewsKind.PAPER, "gone", AT), News(NewsKind.MEETING, "gone", AT)))
        assert box.writer.write(letter, WHO) is None
        assert box.writer.copy(letter) == ""
        section = to_section(News(NewsKind.PAPER, "gone", AT), box.news(1))
        found, _ = written(box.writer.write(to_letter(section), WHO))
        assert found.subject == "1 new finding on breast cancer"

    def test_a_subject_names_what_counts_most(self, box: Letterbox) -> None:
        search = to_wish(WishKind.SEARCH, "her2")
        found, _ = written(box.writer.write(to_letter(to_section(box.news(20), wish=search)), WHO))
        assert found.subject == "1 new finding: “her2”"
        two = to_wish(WishKind.TOPIC, "", {"cancer_type": ("hodgkin-lymphoma", "breast")})
        section = to_section(box.news(20), box.news(21), wish=two)
        found, _ = written(box.writer.write(to_letter(section), WHO))
        assert found.subject == "2 new findings on breast cancer and Hodgkin lymphoma"
        mixed = to_section(
            *(box.news(20), box.news(21), box.news(2, NewsKind.RETRACTED), box.news(4, NewsKind.CORRECTED)),
            News(NewsKind.MEETING, EDITION.id, AT),
            wish=to_wish(WishKind.SEARCH, "x"),
        )
        found, _ = written(box.writer.write(to_letter(mixed, to_section(box.news(22))), WHO))
        assert found.subject == "1 warning about a paper, 3 new findings and 2 more items: “x”, Breast cancer"

    def test_sections_lead_to_the_rest_of_the_same_list(self, box: Letterbox) -> None:
        wish = to_wish(
            WishKind.TOPIC, "", {"cancer_type": ("breast",), "country": ("KE",), "language": ("fr",)}
        )
        letter, page = written(box.writer.write(to_letter(to_section(box.news(1), wish=wish, more=12)), WHO))
        address = f"{SITE}/search?q=language%3Afr&cancer_type=breast&country=KE&sort=newest"
        assert address in page.links
        assert f"12 more on the site:\n{address}\n" in letter.text

    def test_what_became_of_papers(self, box: Letterbox) -> None:
        section = to_section(
            box.news(1, NewsKind.VERSION, "doi:10.5555/invented.1"),
            box.news(21, NewsKind.RESULTS, box.ids[22]),
            box.news(3, NewsKind.CONCERN),
            box.news(5),
        )
        _, page = written(box.writer.write(to_letter(section), WHO))
        assert "What was a preprint or an abstract has now been published." in page.words
        assert f"{SITE}/papers/{box.ids[22]}" in page.links
        assert "Read its findings with caution." in page.words
        assert "Preprint: not checked by other researchers" in page.words
        assert "Its authors or publisher have removed this paper." in page.words


class TestListings:
    WISH = to_wish(WishKind.DEADLINES, "", {"cancer_type": ("breast",)})

    def test_a_deadline_in_the_zone_it_is_given_in(self, box: Letterbox) -> None:
        news = News(NewsKind.DEADLINE, EDITION.id, AT, "registration|2027-02-01T17:00|Africa/Nairobi")
        letter, page = written(box.writer.write(to_letter(to_section(news, wish=self.WISH)), WHO))
        assert letter.subject == "1 deadline coming up on breast cancer"
        assert "Registration: until 1 February 2027, 17:00 Africa/Nairobi time" in page.words
        assert "Abstracts" not in page.words
        assert "6–9 March 2027 · Madeupville, Kenya · On site and online" in page.words
        assert f"{SITE}/conferences/lakeside-meeting/2027" in page.links
        same_links(letter, page)

    def test_an_extended_deadline_says_from_when(self, box: Letterbox) -> None:
        news = News(NewsKind.DEADLINE, EDITION.id, AT, "abstract|2026-11-15|AoE")
        letter, _ = written(box.writer.write(to_letter(to_section(news, wish=self.WISH)), WHO))
        expected = "until 30 November 2026, 24:00 anywhere on Earth (was 15 November 2026)"
        assert expected in " ".join(letter.text.split())

    def test_a_new_meeting_tells_what_is_still_open(self, box: Letterbox) -> None:
        _, page = written(
            box.writer.write(to_letter(to_section(News(NewsKind.MEETING, EDITION.id, AT))), WHO)
        )
        assert "Abstracts: until" in page.words
        assert "Papers: until" not in page.words

    def test_a_cancelled_meeting(self, box: Letterbox) -> None:
        news = [News(kind, "edition2", AT) for kind in (NewsKind.CANCELLED, NewsKind.MEETING)]
        letter, page = written(box.writer.write(to_letter(to_section(*news)), WHO))
        assert letter.subject.startswith("1 conference changed")
        assert "The organizers have cancelled it." in page.words
        assert "until" not in page.words

    def test_what_has_closed_is_not_told(self, box: Letterbox) -> None:
        closing = News(NewsKind.CLOSING, FELLOWSHIP.id, AT)
        passed = News(NewsKind.DEADLINE, EDITION.id, AT, "paper|2026-11-01|AoE")
        _, page = written(box.writer.write(to_letter(to_section(closing, passed)), WHO))
        assert "Closes 29 November 2026, 17:00 Europe/Lisbon time" in page.words
        assert "Lakeside" not in page.words
        later = to_writer(box.catalog, clock=lambda: FELLOWSHIP.closes.ends())  # type: ignore[union-attr]
        assert later.write(to_letter(to_section(closing)), WHO) is None

    def test_a_series_is_named_and_led_to(self, box: Letterbox) -> None:
        wish = to_wish(WishKind.SERIES, target="series1")
        section = to_section(News(NewsKind.MEETING, EDITION.id, AT), wish=wish, more=1)
        letter, page = written(box.writer.write(to_letter(section), WHO))
        assert letter.subject == "1 new conference: Lakeside Meeting (invented)"
        assert f"{SITE}/conferences/lakeside-meeting" in page.links

    def test_a_listing_that_was_withdrawn_is_left_out(self, box: Letterbox) -> None:
        other = replace(FELLOWSHIP, id="fellowship2")
        box.catalog.listings.save(other, State.PUBLIC, "test", "created")
        box.catalog.listings.save(other, State.WITHDRAWN, "test", "withdrawn")
        assert box.writer.write(to_letter(to_section(News(NewsKind.CLOSING, other.id, AT))), WHO) is None


class TestQuestions:
    def test_a_question_holds_nothing_that_anybody_typed(self, box: Letterbox) -> None:
        wish = to_wish(WishKind.SEARCH, "buy cheap pills", {"journal": ("https://spam.example",)})
        letter = to_letter(to_section(wish=wish), kind=LetterKind.CONFIRM, slot="confirm/subscription1/x")
        found, page = written(box.writer.write(letter, replace(WHO, email="spam@spam.example")))
        for part in (found.subject, found.html, found.text):
            assert "pills" not in part
            assert "spam" not in part
        assert "Findings (findings.example)" in found.subject
        token = next(link for link in page.links if "/confirm/" in link).rpartition("/")[2]
        assert Tokens(SECRET).read(Purpose.CONFIRM, token, CONFIRM_WITHIN) == "subscription1"
        _, _, after = " ".join(found.text.split()).partition("press “Never write to this address”")
        assert f"/confirm/{token}" in after, "who did not ask can end all questions by the same link"
        assert box.writer.copy(letter) == ""
        same_links(found, page)

    def test_what_is_known_leads_to_preferences(self, box: Letterbox) -> None:
        _, page = written(box.writer.write(to_letter(to_section(), kind=LetterKind.KNOWN), WHO))
        token = next(link for link in page.links if "/preferences/" in link).rpartition("/")[2]
        assert Tokens(SECRET).read(Purpose.PREFERENCES, token, None) == WHO.id
        assert "Nothing has changed." in page.words


class TestRecall:
    def test_a_recall_is_plain(self, box: Letterbox) -> None:
        wish = to_wish(WishKind.PAPER, target=box.ids[2])
        section = to_section(box.news(2, NewsKind.RETRACTED), wish=wish)
        letter = to_letter(section, kind=LetterKind.RECALL, slot=f"recall/{box.ids[2]}/retracted")
        found, page = written(box.writer.write(letter, WHO))
        assert found.subject == "Retracted: a vaccine against lung cancer in mice", "its title says so itself"
        assert "We told you of this paper in an earlier letter:" in page.words, "no such letter is kept"
        assert "A paper that we told you about has been retracted" in page.words
        assert "Its findings should not be relied on." in page.words
        assert "https://pubmed.ncbi.nlm.nih.gov/90000999/" in page.links
        same_links(found, page)

    def test_what_is_no_longer_so_is_not_told(self, box: Letterbox) -> None:
        section = to_section(box.news(20, NewsKind.RETRACTED))
        assert box.writer.write(to_letter(section, kind=LetterKind.RECALL), WHO) is None


class TestPersonalLinks:
    def test_they_are_signed_for_one_subscriber_and_one_purpose(self, box: Letterbox) -> None:
        _, page = written(box.writer.write(to_letter(to_section(box.news(1))), WHO))
        tokens = Tokens(SECRET)
        ends = [link.rpartition("/")[2] for link in page.links if "/unsubscribe/" in link]
        subjects = {tokens.read(Purpose.UNSUBSCRIBE, token, None) for token in ends}
        assert subjects == {WHO.id, f"{WHO.id}/subscription1"}
        own = next(link for link in page.links if "/preferences/" in link).rpartition("/")[2]
        assert tokens.read(Purpose.PREFERENCES, own, None) == WHO.id
        assert tokens.read(Purpose.UNSUBSCRIBE, own, None) is None

    def test_a_web_copy_has_none(self, box: Letterbox) -> None:
        copy = box.writer.copy(to_letter(to_section(box.news(1))))
        assert "Yearly breast examination" in copy
        assert "unsubscribe" not in copy
        assert "preferences" not in copy
        assert WHO.id not in copy


class TestLists:
    NOTE = (
        "Dear reader,\n\nSee https://example.org/a?b=1&c=2. <script>1</script>\r\n\r\n"
        "javascript:alert(2)\n\nYours,\nthe editor"
    )

    def test_an_issue_bears_the_name_and_the_note_of_its_list(self, box: Letterbox) -> None:
        subscribers = box.catalog.subscribers
        own = subscribers.save_list(
            MailingList("", "imaginary-society", "Imaginary Society", BREAST, accent="#ffee00")
        )
        issue = ListIssue(own.id, "weekly/2026-W47", AT, self.NOTE, (box.news(1),))
        subscribers.save_issue(issue)
        note = News(NewsKind.NOTE, own.id, AT, "weekly/2026-W47")
        section = to_section(note, box.news(1), wish=to_wish(WishKind.LIST, target=own.id))
        found, page = written(box.writer.write(to_letter(section), WHO))
        archived, archive = written(box.writer.issue(issue, own))
        for letter, read in ((found, page), (archived, archive)):
            assert letter.subject == "Imaginary Society: 1 new finding"
            assert "Yours,\nthe editor\n" in letter.text
            assert "Yours,<br>the editor" in letter.html
            assert "Dear reader," in read.words
            assert "https://example.org/a?b=1&c=2" in read.links
            assert "<script" not in letter.html
            assert not [link for link in read.links if link.startswith("javascript")]
            assert "#ffee00" not in letter.html.partition("</head>")[2]
            assert "#0b5750" not in letter.html
            assert f"{SITE}/lists/{own.slug}" in read.links
            same_links(letter, read)
        assert not [link for link in archive.links if "/unsubscribe/" in link or "/preferences/" in link]

    def test_a_list_that_is_gone_tells_nothing(self, box: Letterbox) -> None:
        section = to_section(box.news(1), wish=to_wish(WishKind.LIST, target="gone"))
        assert box.writer.write(to_letter(section), WHO) is None


class TestHostile:
    def test_titles_and_names_cannot_do_harm(self, box: Letterbox) -> None:
        ids = save(
            box.catalog, [article(50, HOSTILE, notices=(Notice(NoticeKind.CORRECTED, "doi:10.1/\u202e<x>"),))]
        )
        news = (News(NewsKind.PAPER, ids[50], AT), box.news(13))
        wish = to_wish(WishKind.SEARCH, HOSTILE, {"journal": (HOSTILE,)})
        found, page = written(box.writer.write(to_letter(to_section(*news, wish=wish, more=3)), WHO))
        assert {tag for tag, _ in page.tags} <= ALLOWED
        assert not [given for _, given in page.tags if any(name.startswith("on") for name in given)]
        assert all(link.startswith(("https://", "http://")) for link in page.links)
        assert "49" not in found.subject
        for part in (found.subject, found.html, found.text):
            assert not re.search(UNSEEN, part)
        assert "\n" not in found.subject
        assert found.subject.isprintable()

    def test_listings_and_lists_cannot_do_harm(self, box: Letterbox) -> None:
        text = HOSTILE * 3
        offer = replace(FELLOWSHIP, id="hostile1", title=text, provider=text, venue=Venue("<PT>", text))
        deadlines = (Deadline(DeadlineKind.OTHER, Moment("2027-01-02", "UTC"), text),)
        edition = replace(EDITION, id="hostile2", slug="2030", title=text, deadlines=deadlines)
        for listing in (offer, edition):
            box.catalog.listings.save(listing, State.PUBLIC, "test", "created")
        own = box.catalog.subscribers.save_list(MailingList("", "hostile", text, BREAST, accent=text))
        news = (News(NewsKind.CLOSING, "hostile1", AT), News(NewsKind.MEETING, "hostile2", AT))
        section = to_section(*news, wish=to_wish(WishKind.LIST, target=own.id))
        issue = ListIssue(own.id, "weekly/2026-W48", AT, text, news)
        for found in (box.writer.write(to_letter(section), WHO), box.writer.issue(issue, own)):
            letter, page = written(found)
            assert {tag for tag, _ in page.tags} <= {*ALLOWED, "br"}
            assert not re.search(UNSEEN, letter.subject + letter.html + letter.text)
            assert letter.subject.isprintable()
            assert len([tag for tag, _ in page.tags if tag == "h2"]) == 2
            names = {name for tag, given in page.tags if tag == "p" for name in given}
            assert names <= {"class", "style", "lang", "dir"}

    @given(st.text(max_size=60), st.sampled_from(["", "en", "ar", "und", '"><b>']))
    def test_any_text_is_only_text(self, text: str, language: str) -> None:
        text = f"x{text}y"
        said = Phrase(text, language)
        item = Item(said, f"{SITE}/papers/x", says=(said,), facts=(said,))
        page = Read(render_item(item, words_in("en")).html)
        assert {tag for tag, _ in page.tags} <= ALLOWED
        assert "".join(page.text.split()).count("".join(text.split())) >= 3

    @pytest.mark.parametrize("title", ["A" * 10_000, "long words " * 1_000, "癌" * 10_000, "é́́́́́" * 2_000])
    def test_a_title_without_end_is_cut(self, box: Letterbox, title: str) -> None:
        ids = save(box.catalog, [article(51, title)])
        found, page = written(box.writer.write(to_letter(to_section(News(NewsKind.PAPER, ids[51], AT))), WHO))
        assert len(found.html) < 20_000
        shown = ("".join(c for c in line if not unicodedata.combining(c)) for line in found.text.splitlines())
        assert len(max(shown, key=len)) < 200
        assert "…" in page.words

    def test_a_subject_is_bounded(self, box: Letterbox) -> None:
        wish = to_wish(WishKind.SEARCH, "word " * 400)
        found, _ = written(box.writer.write(to_letter(to_section(box.news(1), wish=wish)), WHO))
        assert len(found.subject) <= 110


class TestForm:
    def test_nothing_is_loaded_and_nobody_tracked(self, box: Letterbox) -> None:
        found, page = written(box.writer.write(to_letter(to_section(box.news(1), box.news(2))), WHO))
        assert not [tag for tag, _ in page.tags if tag in {"img", "link", "script", "iframe", "object"}]
        assert "url(" not in found.html
        assert "@import" not in found.html
        assert not [link for link in page.links if "utm_" in link]

    def test_styles_stand_on_elements_but_for_dark_screens(self, box: Letterbox) -> None:
        found, page = written(box.writer.write(to_letter(to_section(box.news(1))), WHO))
        bare = [given for tag, given in page.tags if "class" in given and not given.get("style")]
        assert not bare
        assert "prefers-color-scheme: dark" in found.html
        assert "{{" not in found.html
        assert '<meta name="color-scheme" content="light dark">' in found.html

    def test_twenty_five_items_of_the_longest_kind_fit(self, box: Letterbox) -> None:
        long = [article(n, f"{n} " + "Réanalyse exceptionnelle ” & < " * 40) for n in range(60, 85)]
        ids = save(box.catalog, long)
        news = [News(NewsKind.PAPER, ids[n], AT) for n in range(60, 85)]
        found, page = written(box.writer.write(to_letter(to_section(*news, more=2)), WHO))
        assert len(found.html.encode()) <= 100_000
        shown = len({link for link in page.links if re.fullmatch(f"{SITE}/papers/[a-z0-9]+", link)})
        left = int(re.search(r"(\d+) more on the site", page.words)[1])  # type: ignore[index]
        assert shown + left == 27

    def test_what_does_not_fit_is_counted(self, box: Letterbox, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("subscriptions.letters.writer.MOST_BYTES", 14_000)
        news = [box.news(n) for n in range(20, 34)]
        found, page = written(box.writer.write(to_letter(to_section(*news), to_section(box.news(1))), WHO))
        assert len(found.html.encode()) <= 14_000
        left = int(re.search(r"(\d+) more on the site", page.words)[1])  # type: ignore[index]
        shown = len({box.ids[n] for n in range(20, 34) if f"{SITE}/papers/{box.ids[n]}" in page.links})
        assert 0 < shown < 14
        assert shown + left == 14
        assert "Yearly breast examination" in page.words

    def test_lines_of_text_are_short_and_links_whole(self, box: Letterbox) -> None:
        news = [box.news(n) for n in (1, 2, 7, 8, 12)]
        letter, page = written(box.writer.write(to_letter(to_section(*news, more=9)), WHO))
        wide = [line for line in letter.text.splitlines() if len(line) > 78]
        assert all(re.fullmatch(r"\s*https?://\S+", line) for line in wide)
        same_links(letter, page)
