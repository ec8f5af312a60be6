"""No field that pubmed_parser reads of an article, its paragraphs or its references is missing from ours.

Compared over real files, value by value. Where the two differ on purpose:

- ours keeps the abstract, summaries in plain words and translations; theirs joins pictures and teasers to it;
- ours leaves out the text of formulas in TeX, the lines that repeat the DOI of a figure, and the letters of
  editors and reviewers that follow an article (`sub-article`), which are not its own text;
- ours gives affiliations to their authors; theirs lists them apart, also those that nobody has;
- theirs cuts what stands deeper than one tag into a paragraph or title, and of a reference keeps the DOI or
  the PMID, whichever comes last; ours keeps all;
- theirs adds to a title what follows its tag ("In:");
- theirs keeps a name's letters as they come; ours gives given names before the family name throughout.
"""

import re
import unicodedata
from collections import Counter
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from crawler.sources.jats import Article, parse_article
from domain.errors import RecordRejected
from domain.identifiers import normalise_doi

parser = pytest.importorskip("pubmed_parser")


@cache
def letters(text: str | None) -> str:
    """Letters and digits alone: markup, marks and spaces are not what is compared here."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKD", text or ""))


def within(theirs: str, ours: str) -> bool:
    """Whether all that theirs has stands in ours, in order; ours may have more, from deeper tags."""
    given = iter(letters(ours))
    return all(letter in given for letter in letters(theirs))


@pytest.fixture(scope="module")
def articles(shared_data: Path) -> list[tuple[Path, Article]]:
    folder = shared_data / "jats-plain-language"
    files = [
        *sorted((folder / "xml-elife").glob("*.xml"))[:6],
        *sorted((folder / "xml-plos").glob("*.xml"))[:8],
        *sorted((shared_data / "api-pmc" / "pubmed_parser").glob("*.nxml")),
    ]
    found = []
    for path in files:
        with suppress(RecordRejected):  # the notices of retraction and correction among them
            found.append((path, parse_article(path.read_bytes())))
    assert len(found) > 15
    return found


def test_metadata(articles: list[tuple[Path, Article]]) -> None:
    for path, article in articles:
        theirs = parser.parse_pubmed_xml(str(path))
        version = article.version
        assert letters(theirs["full_title"])[:60] in letters(version.title), path.name
        assert theirs["journal"] == version.journal.title
        assert (normalise_doi(theirs["doi"]), theirs["pmid"] or None) == (
            version.identifiers.doi,
            version.identifiers.pmid,
        )
        assert theirs["pmc"].removeprefix("PMC") == (version.identifiers.pmcid or "").removeprefix("PMC")
        assert theirs["publisher_id"] == article.publisher_id
        assert set(filter(None, theirs["subjects"].split("; "))) <= set(
            "; ".join(article.subjects).split("; ")
        )
        check_dates(theirs, article)
        check_people(theirs, article)


def check_dates(theirs: dict[str, Any], article: Article) -> None:
    ours = dict(reversed(article.dates))
    print_or_collection = ours.get("ppub") or ours.get("collection")
    assert str(theirs["publication_year"]) == str(print_or_collection)[:4]
    for given, kinds in (("publication_date", ("ppub", "collection")), ("epublication_date", ("epub",))):
        day, month, *year = theirs[given].split("-")
        dates = {ours[kind] for kind in kinds if kind in ours}
        if year and month.isdigit():
            whole = f"{year[0]}-{int(month):02}-{int(day):02}"
            assert any(whole.startswith(date) for date in dates)


def check_people(theirs: dict[str, Any], article: Article) -> None:
    places = dict(theirs["affiliation_list"])
    ours = {(author.given, author.family): author for author in article.version.authors}
    for family, given, place in theirs["author_list"]:
        if not family:
            continue  # a group, which theirs leaves without a name
        author = ours[" ".join(given.split()), " ".join(family.split())]
        if place in places:
            words = re.findall(r"[^\W\d_]{4,}", re.sub(r"\S+@\S+", "", places[place]))
            printed = " ".join(one.text for one in author.affiliations)
            assert sum(word in printed for word in words) >= 0.8 * len(words)


def test_statements_of_interest(articles: list[tuple[Path, Article]]) -> None:
    for path, article in articles:
        for line in parser.parse_pubmed_xml(str(path))["coi_statement"].split("\n"):
            if len(letters(line)) > 30:
                assert letters(line) in letters(article.version.competing_interests), path.name


def test_abstracts(articles: list[tuple[Path, Article]]) -> None:
    for path, article in articles:
        theirs = letters(parser.parse_pubmed_xml(str(path))["abstract"])
        for abstract in article.version.abstracts:
            for section in abstract.sections:
                assert letters(section.text)[:80] in theirs, path.name


def test_paragraphs_with_their_sections_and_what_they_point_to(
    articles: list[tuple[Path, Article]],
) -> None:
    compared = 0
    for path, article in articles:
        data = path.read_bytes()
        if b"<sub-article" in data or b"<response" in data:
            continue
        for paragraph in parser.parse_pubmed_paragraph(str(path), all_paragraph=True):
            text = paragraph["text"]
            if text.lstrip().startswith(("DOI:", "10.")) or "documentclass" in text:
                continue
            found = [one for one in article.passages if within(text, one.text)]
            assert found, (path.name, text[:80])
            if len(letters(text)) > 100:
                points_to = {rid for one in found for rid in one.points_to}
                assert set(paragraph["reference_ids"]) <= points_to
                assert any(within(paragraph["section"], one.label) for one in found)
                compared += 1
    assert compared > 300


def test_references(articles: list[tuple[Path, Article]]) -> None:
    compared = 0
    for path, article in articles:
        ours = {one.id: one for one in reversed(article.references)}
        for theirs in parser.parse_pubmed_references(str(path)) or ():
            mine = ours[theirs["ref_id"]]
            assert within(theirs["article_title"].removesuffix("In:"), mine.title), path.name
            assert letters(theirs["journal"]) in letters(mine.journal)
            assert letters(theirs["year"]) == letters(mine.year)
            assert theirs["journal_type"] in {mine.kind, *theirs["journal_type"].split()}
            if theirs["pmid_cited"]:
                assert mine.pmid == theirs["pmid_cited"]
            if theirs["doi_cited"]:
                assert mine.doi == normalise_doi(theirs["doi_cited"])
            for name in filter(None, theirs["name"].split("; ")):
                assert any(Counter(letters(name)) <= Counter(letters(one)) for one in mine.authors)
            compared += 1
    assert compared > 500
