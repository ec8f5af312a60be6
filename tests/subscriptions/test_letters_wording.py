"""Words of letters: every language keeps the places and forms of the English ones; colours can be read."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import load_table
from domain.listing import Moment
from domain.subscription import Wish, WishKind, to_wish
from subscriptions.letters import address, describe, languages
from subscriptions.letters.accents import LEAST_CONTRAST, accents, contrast
from subscriptions.letters.plain import line, paragraphs, pieces, wrapped
from subscriptions.letters.rendering import link_text, mark
from subscriptions.letters.sections import subject_line
from subscriptions.letters.wishes import topic_words
from subscriptions.letters.wording import Phrase, plural, words_in

TEXTS = load_table("letters")
FORMS = {"ar": {"zero", "one", "two", "few", "many", "other"}}
LABELS = {"countries", "cancer_types", "study_types", "languages"}


def leaves(table: dict[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for key, value in table.items():
        if isinstance(value, dict) and "other" not in value:
            yield from leaves(value, (*path, key))
        else:
            yield (*path, key), value


ENGLISH = dict(leaves(TEXTS["en"]))


def places(text: str) -> set[str]:
    return set(re.findall(r"{(\w+)}", text))


@pytest.mark.parametrize("language", [name for name in TEXTS if name != "en"])
class TestTranslations:
    def test_each_text_is_one_that_english_has(self, language: str) -> None:
        own = {path for path, _ in leaves(TEXTS[language]) if path[0] not in LABELS}
        assert own <= ENGLISH.keys()

    def test_none_is_missing_yet(self, language: str) -> None:
        own = dict(leaves(TEXTS[language]))
        assert {path for path in ENGLISH if path not in own} == set()

    def test_each_keeps_its_places(self, language: str) -> None:
        for path, value in leaves(TEXTS[language]):
            if isinstance(value, str) and path in ENGLISH:
                assert places(value) == places(ENGLISH[path]), path

    def test_counts_have_all_forms(self, language: str) -> None:
        for path, value in leaves(TEXTS[language]):
            if isinstance(value, dict) and path[0] not in ("deadline_kinds",):
                assert set(value) == FORMS.get(language, {"one", "other"}), path
                given_places = set().union(*(places(text) for text in value.values()))
                assert given_places <= {"n", "name", "names"}, path

    def test_labels_are_of_codes_that_exist(self, language: str) -> None:
        for name in LABELS:
            assert TEXTS[language].get(name, {}).keys() <= load_table(name).keys()

    def test_every_country_and_cancer_has_its_name(self, language: str) -> None:
        for name in ("countries", "cancer_types"):
            codes = {code for code in load_table(name) if code != "us-states"}
            assert codes <= TEXTS[language][name].keys()

    def test_it_has_twelve_months_and_a_name(self, language: str) -> None:
        assert len(set(TEXTS[language]["months"])) == 12
        assert languages()[language]


def test_what_a_language_lacks_is_said_in_english_and_marked() -> None:
    words = words_in("ar")
    lacking = words.label("licences", "cc-by")
    assert lacking == Phrase("CC BY", "en")
    assert str(mark(lacking, words)) == '<span lang="en" dir="ltr">CC BY</span>'
    assert str(mark(words("advice"), words)) == words("advice").text


def test_french_keeps_the_space_before_its_colon_and_says_the_first() -> None:
    words = words_in("fr")
    told = words("labelled", name="1 nouveau résultat", text="cancer du sein").text
    assert subject_line(told) == "1 nouveau résultat : cancer du sein"
    assert link_text("L’article", "https://example.org/", words).split(":")[0][:-1] == "L’article"
    assert words.day("2026-05-01") == "1er mai 2026"
    assert words_in("es").day("2026-05-01") == "1 de mayo de 2026"


def test_titles_in_other_scripts_are_marked_in_english_letters() -> None:
    assert str(mark(Phrase("دراسة", "ar"), words_in("en"))) == '<span lang="ar" dir="rtl">دراسة</span>'


@pytest.mark.parametrize(
    ("asked", "found"),
    [("pt-BR", "pt"), ("de", "en"), ("", "en"), ("AR", "ar"), ("name", "en"), ("en-GB", "en")],
)
def test_the_nearest_language_is_taken(asked: str, found: str) -> None:
    assert words_in(asked).language == found


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("ar", "zero one two few few few few few few few few many many"),
        ("fr", "one one other other"),
        ("en", "other one other other"),
    ],
)
def test_plural_forms(language: str, forms: str) -> None:
    assert [plural(language, n) for n in range(len(forms.split()))] == forms.split()


@pytest.mark.parametrize(("number", "form"), [(100, "other"), (102, "other"), (103, "few"), (111, "many")])
def test_arabic_hundreds(number: int, form: str) -> None:
    assert plural("ar", number) == form


def test_dates() -> None:
    english, spanish = words_in("en"), words_in("es")
    assert english.day("2026-11-21T05:00:00Z") == "21 November 2026"
    assert (english.day("2026-11"), english.day("2026"), english.day(None)) == ("November 2026", "2026", "")
    assert english.day("2026-13-77") == "2026"
    assert spanish.day("2026-03-06") == "6 de marzo de 2026"
    assert spanish.span(Moment("2027-03-06"), Moment("2027-03-09")) == "6–9 de marzo de 2027"
    assert english.span(Moment("2027-02-27"), Moment("2027-03-02")) == "27 February 2027 – 2 March 2027"
    assert english.moment(Moment("2027-03-06"), end=True) == "6 March 2027, 24:00 anywhere on Earth"
    assert english.moment(Moment("2027-03-06T09:00", "UTC")) == "6 March 2027, 09:00 UTC"


@pytest.mark.parametrize(
    ("wish", "path"),
    [
        (
            to_wish(WishKind.SEARCH, "her2 & x", {"from": ("2020",)}),
            "/search?q=her2+%26+x&from=2020&sort=newest",
        ),
        (to_wish(WishKind.SEARCH, "a", {"sort": ("oldest",)}), "/search?q=a&sort=newest"),
        (
            to_wish(WishKind.TOPIC, "", {"language": ("es", "fr")}),
            "/search?q=language%3Aes+OR+language%3Afr&sort=newest",
        ),
        (to_wish(WishKind.MEETINGS, "x", {"country": ("KE",)}), "/conferences?country=KE&q=x"),
        (to_wish(WishKind.DEADLINES), "/conferences?open=yes"),
        (
            to_wish(WishKind.OPPORTUNITIES, "", {"country": ("KE",), "from": ("UG",), "stage": ("nurse",)}),
            "/opportunities?place=KE&country=UG&stage=nurse",
        ),
        (to_wish(WishKind.OPPORTUNITIES), "/opportunities"),
        (to_wish(WishKind.PAPER, target="a/b"), "/papers/a%2Fb"),
    ],
)
def test_addresses_of_lists(wish: Wish, path: str) -> None:
    assert address(wish) == path


def test_wishes_in_words() -> None:
    wish = to_wish(WishKind.OPPORTUNITIES, "", {"kind": ("grant",), "from": ("UG",), "stage": ("nurse",)})
    assert describe(wish, "en") == "Opportunities: Grant · for people from Uganda · for nurses"
    assert describe(to_wish(WishKind.MEETINGS), "en") == "Conferences: everything new"
    assert describe(to_wish(WishKind.SEARCH, 'a "b"', {"literal": ("x",)}), "en") == 'Your search: a "b"'
    long = describe(to_wish(WishKind.SEARCH, "word " * 900, {"journal": tuple("abcdefghijkl")}), "en")
    assert len(long) < 200


def test_labels_within_sentences() -> None:
    assert topic_words(Phrase("Breast cancer", "en")) == "breast cancer"
    assert topic_words(Phrase("Hodgkin lymphoma", "en")) == "Hodgkin lymphoma"
    assert topic_words(Phrase("DNA", "en")) == "DNA"


@given(st.integers(0, 0xFFFFFF))
def test_every_colour_of_a_list_can_be_read(number: int) -> None:
    light, dark = (tuple(bytes.fromhex(colour[1:])) for colour in accents(f"#{number:06x}"))
    assert contrast(light, (241, 245, 244)) >= LEAST_CONTRAST
    assert contrast(dark, (23, 33, 32)) >= LEAST_CONTRAST


@pytest.mark.parametrize("colour", ["red", "", "#fff", "#12345g", "#0b5750;background:url(x)", "#0B5750"])
def test_what_is_no_colour_is_the_sites_own(colour: str) -> None:
    assert accents(colour) == ("#0b5750", "#86d5c8")


@given(st.text(max_size=400), st.integers(10, 200))
def test_a_line_is_bounded_and_plain(text: str, most: int) -> None:
    plain = line(text, most)
    assert len(plain) <= most
    assert plain == line(plain, most)
    assert not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029\ud800-\udfff]", plain)


@given(st.text(alphabet="ab é癌\u00a0/:.https", max_size=600))
def test_wrapping_loses_nothing(text: str) -> None:
    plain = line(text, 600)
    assert wrapped(plain).replace("\n", "").replace(" ", "") == plain.replace(" ", "")


@given(st.text(alphabet="ab .,https://\n\r<>&", max_size=300))
def test_notes_keep_their_words(text: str) -> None:
    for paragraph in paragraphs(text):
        assert "\r" not in paragraph
        assert "".join(part for part, _ in pieces(paragraph)) == paragraph
        assert all(url.startswith(("http://", "https://")) for _, url in pieces(paragraph) if url)
