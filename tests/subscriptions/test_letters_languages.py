"""Letters in every language, and the shelf of rendered items behind them."""

import sys
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from catalog import open_catalog
from domain.digest import Audience
from domain.subscription import LetterKind, News, NewsKind
from subscriptions.letters import languages
from subscriptions.letters.reading import Shelf
from subscriptions.letters.wording import words_in
from tests.subscriptions.letterbox import (
    AT,
    EDITION,
    FELLOWSHIP,
    NOW,
    SITE,
    WHO,
    Letterbox,
    Read,
    open_letterbox,
    to_letter,
    to_section,
    to_writer,
)

EVERY = tuple(languages())


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Letterbox]:
    catalog = open_catalog(f"sqlite:///{tmp_path_factory.mktemp('languages')}/findings.db")
    yield open_letterbox(catalog)
    catalog.close()


def everything(box: Letterbox) -> tuple[News, ...]:
    """One of each kind of news that can still be told."""
    listed = [
        News(NewsKind.MEETING, EDITION.id, AT),
        News(NewsKind.MOVED, EDITION.id, AT),
        News(NewsKind.CANCELLED, "edition2", AT),
        News(NewsKind.DEADLINE, EDITION.id, AT, "abstract|2026-11-30|AoE"),
        News(NewsKind.OPPORTUNITY, FELLOWSHIP.id, AT),
        News(NewsKind.CLOSING, FELLOWSHIP.id, AT),
    ]
    kinds = {
        1: "paper",
        2: "retracted",
        3: "concern",
        4: "corrected",
        5: "withdrawn",
        6: "version",
        21: "results",
    }
    return (*(box.news(number, NewsKind(kind), box.ids[22]) for number, kind in kinds.items()), *listed)


@pytest.mark.parametrize("language", EVERY)
class TestEveryLanguage:
    def test_every_kind_of_news(self, box: Letterbox, language: str) -> None:
        letter = to_letter(to_section(*everything(box)))
        written = box.writer.write(letter, replace(WHO, language=language))
        assert written is not None
        page = Read(written.html)
        direction = "rtl" if language == "ar" else "ltr"
        assert (page.tags[0][1]["lang"], page.tags[0][1]["dir"]) == (language, direction)
        assert written.language == language
        assert len([tag for tag, _ in page.tags if tag == "h3"]) == 13
        assert "{" not in written.subject + written.text
        assert words_in(language)("advice").text.split()[0] in page.words

    @pytest.mark.parametrize("kind", [LetterKind.CONFIRM, LetterKind.KNOWN, LetterKind.RECALL])
    @pytest.mark.parametrize("state", [NewsKind.RETRACTED, NewsKind.WITHDRAWN, NewsKind.CONCERN])
    def test_every_kind_of_letter(
        self, box: Letterbox, language: str, kind: LetterKind, state: NewsKind
    ) -> None:
        number = {NewsKind.RETRACTED: 2, NewsKind.WITHDRAWN: 5, NewsKind.CONCERN: 3}[state]
        letter = to_letter(to_section(box.news(number, state)), kind=kind, slot="x/subscription1/y")
        written = box.writer.write(letter, replace(WHO, language=language))
        assert written is not None
        assert "{" not in written.subject + written.text
        assert written.subject.isprintable()


def test_an_arabic_letter_marks_what_is_english_and_an_english_one_what_is_arabic(box: Letterbox) -> None:
    letter = to_letter(to_section(box.news(1), box.news(6)))
    for language, number, own in (("ar", 1, "rtl"), ("en", 6, "ltr")):
        written = box.writer.write(letter, replace(WHO, language=language))
        assert written is not None
        titles = [given for tag, given in Read(written.html).tags if tag == "h3"]
        other = titles[[1, 6].index(number)]
        assert other["dir"] != own
        assert other["lang"] == ("en" if language == "ar" else "ar")


def test_an_unknown_language_is_english(box: Letterbox) -> None:
    written = box.writer.write(to_letter(to_section(box.news(1))), replace(WHO, language="xx"))
    assert written is not None
    assert written.language == "en"


class TestShelf:
    def shelf(self, box: Letterbox, kept: int) -> Shelf:
        return Shelf(box.catalog, box.catalog.listings, SITE, lambda: NOW, kept)

    def test_it_keeps_a_bounded_number(self, box: Letterbox) -> None:
        shelf = self.shelf(box, 5)
        for number in (1, *range(20, 30)):
            assert shelf.fragments([box.news(number)], Audience.PUBLIC, words_in("en"))
        assert len(shelf._kept) == 5
        many = [box.news(number) for number in (1, *range(20, 30))]
        assert [one for one, _ in shelf.fragments(many, Audience.PUBLIC, words_in("en"))] == many

    def test_an_item_is_rendered_once_for_a_language_and_an_audience(self, box: Letterbox) -> None:
        shelf = self.shelf(box, 50)
        news = [box.news(1)]
        first = shelf.fragments(news, Audience.PUBLIC, words_in("en"))[0][1]
        assert shelf.fragments(news, Audience.PUBLIC, words_in("en"))[0][1] is first
        assert shelf.fragments(news, Audience.PROFESSIONAL, words_in("en"))[0][1].html != first.html
        assert shelf.fragments(news, Audience.PUBLIC, words_in("fr"))[0][1].html != first.html

    def test_what_closes_is_read_again(self, box: Letterbox, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("subscriptions.letters.reading._LISTED_FOR", 0.0)
        times = [NOW]
        shelf = Shelf(box.catalog, box.catalog.listings, SITE, lambda: times[0])
        closing = [News(NewsKind.CLOSING, FELLOWSHIP.id, AT)]
        assert shelf.fragments(closing, Audience.PUBLIC, words_in("en"))
        assert FELLOWSHIP.closes
        times[0] = FELLOWSHIP.closes.ends()
        assert not shelf.fragments(closing, Audience.PUBLIC, words_in("en"))

    def test_threads_share_a_writer(self, box: Letterbox) -> None:
        writer = to_writer(box.catalog)
        letter = to_letter(to_section(*everything(box)))
        expected = {name: box.writer.write(letter, replace(WHO, language=name)) for name in EVERY}
        wrong: list[str] = []

        def write(name: str) -> None:
            for _ in range(10):
                found = writer.write(letter, replace(WHO, language=name))
                if found is None or found.subject != expected[name].subject:  # type: ignore[union-attr]
                    wrong.append(name)

        before = sys.getswitchinterval()
        sys.setswitchinterval(1e-5)
        threads = [threading.Thread(target=write, args=(name,)) for name in EVERY]
        try:
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        finally:
            sys.setswitchinterval(before)
        assert not wrong
