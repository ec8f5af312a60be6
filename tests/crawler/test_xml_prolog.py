"""The beginning of a document, told apart in time linear in it from what is no document."""

import io
import time

import pytest

from crawler.records.xml import element_text, parse_element, root_name, split_records

ROOT = b"<article>"


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b" " * 33 + b"An Invented Licence\n" + b" " * 20 + b"of no version\n", ""),
        (b"\n" * 100_000 + b"x", ""),
        (b"\n" * 100_000 + ROOT, "article"),
        (b"<!-- invented -->\n" * 5_000 + b"x", ""),
        (b"<!-- invented -->\n" * 5_000 + ROOT, "article"),
        (b"<!--" * 25_000, ""),
        (b"<?xml " * 20_000, ""),
        (b"<!DOCTYPE x [" + b"] " * 50_000, ""),
        (b"<!DOCTYPE x [" + b"]" + b" " * 100_000, ""),
        (b"<" + b"a" * 100_000, ""),
        (b"<a" + b" b" * 50_000, ""),
        (b"<?xml version='1.0'?>\n<!DOCTYPE x [<!ELEMENT x ANY>]>\n<!-- > --><p:x a='1'>", "p:x"),
    ],
    ids=lambda value: repr(value[:12]),
)
def test_a_root_is_found_or_not_in_a_moment(head: bytes, name: str) -> None:
    began = time.process_time()
    assert root_name(head) == name
    assert time.process_time() - began < 1


@pytest.mark.parametrize("mark", [b"<?", b"?>", b" ", b"<!-", b"<?>"])
def test_what_stands_between_records_is_read_in_a_moment(mark: bytes) -> None:
    junk = b"x" + mark * 50_000
    records = b"<PubmedArticle></PubmedArticle>"
    document = b"<PubmedArticleSet>" + records + junk + records + b"</PubmedArticleSet>"
    began = time.process_time()
    pieces = list(split_records(io.BytesIO(document), ("PubmedArticle",), "pubmed"))
    assert time.process_time() - began < 1
    assert [piece.name for piece in pieces] == ["PubmedArticle", "", "PubmedArticle"]


def test_comments_between_records_are_no_text() -> None:
    record = b"<PubmedArticle></PubmedArticle>"
    gap = b"\n<?invented ?> <!-- made up -->\n"
    document = b"<PubmedArticleSet>" + gap + record + gap + b"y</PubmedArticleSet>"
    pieces = list(split_records(io.BytesIO(document), ("PubmedArticle",), "pubmed"))
    assert [(piece.name, piece.data) for piece in pieces] == [("PubmedArticle", record), ("", b"y")]


def test_characters_that_a_document_type_names_are_read_though_it_is_not_loaded() -> None:
    article = b"<p>IFN&mdash;&ggr;&nbsp;&THgr; caf&eacute; &lt; 1</p>"
    assert element_text(parse_element(article, "invented", "1")) == "IFN—γ Θ café < 1"


def test_of_a_formula_given_twice_one_is_read_and_tags_are_never_words() -> None:
    formula = "<math><mi>p</mi></math><tex-math>\\alpha p</tex-math>"
    article = (
        f"<p>the <inline-formula><alternatives>{formula}</alternatives></inline-formula> of <odd>x</odd></p>"
    )
    assert element_text(parse_element(article.encode(), "invented", "1")) == "the p of x"
