"""Words for codes, dates, links and queries; and every example in the docstrings holds."""

import doctest
import importlib
import pkgutil

import pytest

import web
from domain.licence import Licence
from domain.paper import Trial
from domain.query import And, Not, Or, Phrase, Preferring, Range, Word
from web.labels import (
    cut,
    date_words,
    label,
    language_attributes,
    licence_title,
    licence_url,
    source_title,
    time_words,
)
from web.papers.links import orcid_url, safe_url, trial_url
from web.params import FACET_FIELDS
from web.search.reading import describe


@pytest.mark.parametrize("name", [module.name for module in pkgutil.iter_modules(web.__path__)])
def test_examples_in_docstrings(name: str) -> None:
    module = importlib.import_module(f"web.{name}")
    assert doctest.testmod(module).failed == 0


def test_an_unknown_code_or_table_shows_the_code() -> None:
    assert label("no-such-table", "XYZ") == "XYZ"
    assert label("licences", "unknown") == "Not stated"


@pytest.mark.parametrize("date", ["2024-13-45", "soon", "2024-00-00"])
def test_odd_dates_do_not_break_a_page(date: str) -> None:
    assert date_words(date)
    assert time_words(date)


def test_a_licence_is_named_in_the_version_stated() -> None:
    licence = Licence("cc-by", "…", "license", "3.0")
    assert licence_title(licence) == "CC BY 3.0"
    assert licence_url(licence) == "https://creativecommons.org/licenses/by/3.0/"
    assert licence_title(Licence("cc-by", "…", "license")) == "CC BY"


@pytest.mark.parametrize(
    ("language", "text", "attributes"),
    [
        ("en", "Breast cancer", ""),
        ("und", "Breast cancer", ""),
        ("fa", "سرطان پستان", ' lang="fa" dir="rtl"'),
        ("und", "סרטן", ' lang="" dir="rtl"'),
        ("zh", "Liver cancer", ""),
        ('x" onload="', "Texte", ' lang="x&#34; onload=&#34;"'),
        ("en", "", ""),
    ],
)
def test_language_attributes(language: str, text: str, attributes: str) -> None:
    assert language_attributes(language, text) == attributes


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "https:",
        "http://[",
        "",
        None,
        "ftp://a/b",
    ],
)
def test_only_web_addresses_become_links(url: str | None) -> None:
    assert safe_url(url) == ""


def test_registries_and_orcid() -> None:
    assert (
        trial_url(Trial("clinicaltrials-gov", 'NCT1"/../'))
        == "https://clinicaltrials.gov/study/NCT1%22%2F..%2F"
    )
    assert trial_url(Trial("unheard-of", "1")) == ""
    assert orcid_url("https://orcid.org/0000-0002-1825-0097") == "https://orcid.org/0000-0002-1825-0097"
    assert orcid_url('"><b>') == ""


def test_a_query_tree_in_words() -> None:
    tree = And(
        (
            Or((Word("breast"), Word("mamm", prefix=True))),
            Not(Range("year", None, 2010)),
            Phrase("a b", "title"),
        )
    )
    assert describe(tree) == (
        "(“breast” or words beginning with “mamm”) and the phrase “a b” in the title, "
        "not published up to 2010"
    )


def test_a_language_that_was_asked_for_has_its_name() -> None:
    assert describe(And((Word("breast"), Word("fr", "language")))) == "“breast” and language “French”"
    assert describe(Word("qq", "language")) == "language “qq”"


def test_what_only_denies_is_said_of_any_paper() -> None:
    mice, rats = Not(Word("mice")), Not(Word("rats"))
    assert describe(mice) == "any paper, not “mice”"
    assert describe(And((mice, rats))) == "any paper, not “mice” and not “rats”"
    assert describe(And((mice, Word("breast")))) == "“breast” and not “mice”"
    assert describe(Or((mice, rats))) == "any paper, not “mice” or not “rats”"
    assert describe(And((mice, Range("year", 2010, 2010)))) == "any paper, not “mice”, published in 2010"


def test_what_only_ranks_is_said_last() -> None:
    either = Or((Word("breast"), Word("lung")))
    assert describe(Preferring(either, (Word("after"), Word("2010")))) == (
        "“breast” or “lung”, first those that also have “after” or “2010”"
    )


def test_a_deep_query_tree_ends() -> None:
    tree: And | Word = Word("a")
    for _ in range(500):
        tree = And((tree, Word("b")))
    assert "…" in describe(tree)


def test_facet_fields_are_fields_of_the_index() -> None:
    from index.fields import FACETS

    assert {facet.field for facet in FACET_FIELDS} <= {row.name for row in FACETS}


def test_imported_files_are_called_so():
    assert source_title("europepmc") == "Europe PMC"
    assert source_title("import") == "Imported files"
    assert source_title("unheard-of") == "unheard-of"


@pytest.mark.parametrize("text", ["one two three", "乳癌" * 50, "a" * 100, f"see {'b' * 100}", ""])
@pytest.mark.parametrize("most", [1, 8, 60])
def test_what_is_cut_stays_within_its_bounds(text: str, most: int) -> None:
    told = cut(text, most)
    assert len(told) <= most
    assert told == text or (told.endswith("…") and text.startswith(told[:-1]))
