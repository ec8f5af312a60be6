"""Papers as references: what others' readers get out of our files is what the paper says. All is invented."""

import json
import re
from dataclasses import replace

import bibtexparser
import lxml.html
import pytest
import rispy
from bibtexparser.middlewares import NameParts, SeparateCoAuthors, SplitNameParts
from citeproc import (
    Citation,
    CitationItem,
    CitationStylesBibliography,
    CitationStylesStyle,
    formatter,
)
from citeproc.source.json import CiteProcJSON
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import SearchUnavailable
from domain.identifiers import Identifiers
from domain.paper import (
    Abstract,
    Author,
    Journal,
    MeshHeading,
    Notice,
    NoticeKind,
    Paper,
    Section,
    Version,
    VersionKind,
)
from domain.query import Query, SearchPage
from domain.statements import Meeting
from tests.web.conftest import Library
from tests.web.invented import JOURNAL, article
from web import Site, create_app
from web.labels import citation
from web.papers.metadata import highwire
from web.references import files
from web.references.bibtex import to_bibtex
from web.references.csl import to_item
from web.references.reference import Reference, to_reference
from web.references.ris import to_ris
from web.search import saved

FORMS = tuple(files.FORMATS)
COMMANDS = {
    "textbackslash": "\\",
    "textbraceleft": "{",
    "textbraceright": "}",
    "textasciitilde": "~",
    "textasciicircum": "^",
}


def reference(version: Version) -> Reference:
    paper = Paper("finvented00", (version,), "2026-11-20", "2026-11-20")
    return to_reference(paper, "https://findings.example/papers/finvented00", "Findings")


def from_ris(one: Reference) -> dict[str, object]:
    (found,) = rispy.loads(to_ris(one))
    assert "unknown_tag" not in found
    return found


def from_bibtex(one: Reference) -> bibtexparser.model.Entry:
    library = bibtexparser.parse_string(
        to_bibtex(one), append_middleware=[SeparateCoAuthors(), SplitNameParts()]
    )
    assert not library.failed_blocks
    (found,) = library.entries
    return found


def decoded(text: str) -> str:
    """What TeX prints for text of a field."""
    return re.sub(r"\\(?:(text\w+)\{\}|([%&#$_]))|[{}]", lambda m: COMMANDS.get(m[1]) or m[2] or "", text)


def parts(name: NameParts) -> tuple[str, str, str]:
    return tuple(decoded(" ".join(words)) for words in (name.von + name.last, name.first, name.jr))


def bibtex_names(one: Reference) -> list[tuple[str, str, str]]:
    return [parts(name) for name in from_bibtex(one).fields_dict["author"].value]


# What each kind of paper becomes.

FULL = article(
    1,
    "HER2 & CDK4/6 inhibitors in 50% of women: an invented trial",
    identifiers=Identifiers("10.5555/invented.1_a", "90000001", "PMC9000001"),
    authors=(
        Author("Achieng Wanjiru", "Wanjiru", "Achieng"),
        Author("Jan van der Berg", "van der Berg", "Jan"),
        Author("John Q Smith Jr.", "Smith", "John Q"),
        Author("Pain and Ease Group, Nakuru"),
    ),
    abstracts=(Abstract((Section("Why.", "Background"), Section("What.\nMore."))),),
    journal=replace(JOURNAL, pages="1145-52"),
    mesh=(MeshHeading("Breast Neoplasms", "D001943"),),
    keywords=("breast neoplasms", "nurses"),
    published="2025-06-03",
)


def test_an_article_as_ris() -> None:
    assert to_ris(reference(FULL)).split("\r\n") == [
        "TY  - JOUR",
        "ID  - finvented00",
        "TI  - HER2 & CDK4/6 inhibitors in 50% of women: an invented trial",
        "AU  - Wanjiru, Achieng",
        "AU  - van der Berg, Jan",
        "AU  - Smith, John Q, Jr.",
        "AU  - Pain and Ease Group Nakuru",
        "PY  - 2025",
        "DA  - 2025/06/03/",
        "T2  - Invented Journal of Cancer Care",
        "J2  - Inv J Cancer",
        "VL  - 12",
        "IS  - 3",
        "SP  - 1145",
        "EP  - 1152",
        "SN  - 1234-5678",
        "PB  - Example",
        "LA  - en",
        "DO  - 10.5555/invented.1_a",
        "AN  - 90000001",
        "C2  - PMC9000001",
        "UR  - https://doi.org/10.5555/invented.1_a",
        "AB  - Background: Why. What. More.",
        "KW  - Breast Neoplasms",
        "KW  - nurses",
        "N1  - Licence: CC BY 4.0, https://creativecommons.org/licenses/by/4.0/",
        "DP  - Findings",
        "ER  - ",
        "",
    ]


def test_an_article_as_bibtex() -> None:
    assert (
        to_bibtex(reference(FULL))
        == r"""@article{wanjiru2025-finvented00,
  title = {{HER2 \& CDK4/6 inhibitors in 50\% of women: an invented trial}},
  author = {Wanjiru, Achieng and van der Berg, Jan and Smith, Jr., John Q and {Pain and Ease Group, Nakuru}},
  month = jun,
  year = {2025},
  journal = {Invented Journal of Cancer Care},
  publisher = {Example},
  volume = {12},
  number = {3},
  pages = {1145--1152},
  issn = {1234-5678},
  language = {en},
  keywords = {Breast Neoplasms; nurses},
  copyright = {CC BY 4.0, https://creativecommons.org/licenses/by/4.0/},
  abstract = {Background: Why. What. More.},
  doi = {10.5555/invented.1_a},
  pmid = {90000001},
  pmcid = {PMC9000001},
  url = {https://doi.org/10.5555/invented.1_a},
}
"""
    )
    assert bibtex_names(reference(FULL))[1:] == [
        ("van der Berg", "Jan", ""),
        ("Smith", "John Q", "Jr."),
        ("Pain and Ease Group, Nakuru", "", ""),
    ]


@pytest.mark.filterwarnings("ignore:The following arguments")  # citeproc-py does not know `custom`
def test_an_article_as_csl_is_set_by_a_style() -> None:
    item = to_item(reference(FULL))
    assert item["type"] == "article-journal"
    assert item["author"] == [
        {"family": "Wanjiru", "given": "Achieng"},
        {"family": "van der Berg", "given": "Jan"},
        {"family": "Smith", "given": "John Q", "suffix": "Jr."},
        {"literal": "Pain and Ease Group, Nakuru"},
    ]
    assert item["issued"] == {"date-parts": [[2025, 6, 3]]}
    assert (item["page"], item["PMCID"], item["container-title-short"]) == (
        "1145-1152",
        "PMC9000001",
        "Inv J Cancer",
    )
    source = CiteProcJSON([item])
    style = CitationStylesStyle("harvard-cite-them-right", validate=False)
    book = CitationStylesBibliography(style, source, formatter.plain)
    book.register(Citation([CitationItem(item["id"])]))
    (line,) = map(str, book.bibliography())
    assert "Wanjiru, A. " in line
    assert "12(3), pp. 1145–1152" in line


def test_a_preprint_is_one_in_every_format() -> None:
    one = reference(
        article(
            2,
            "An invented preprint",
            kind=VersionKind.PREPRINT,
            identifiers=Identifiers(doi="10.5555/preprint.2", arxiv="2401.00001"),
            journal=Journal("inventRxiv", publisher="Example"),
            published="2024-11",
        )
    )
    ris, bibtex, csl = from_ris(one), from_bibtex(one), to_item(one)
    assert (ris["type_of_reference"], ris["publisher"], ris["date"]) == ("UNPB", "inventRxiv", "2024/11//")
    assert bibtex.entry_type == "misc"
    assert (bibtex["eprint"], bibtex["archiveprefix"], bibtex["howpublished"]) == (
        "2401.00001",
        "arXiv",
        "inventRxiv",
    )
    assert "journal" not in bibtex
    assert (csl["type"], csl["genre"], csl["publisher"]) == ("article", "Preprint", "inventRxiv")
    assert "container-title" not in csl
    assert ris["notes"][0] == bibtex["note"] == csl["note"] == "Preprint"


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("proceedings-article", ("CPAPER", "inproceedings", "paper-conference")),
        ("Conference paper", ("CPAPER", "inproceedings", "paper-conference")),
        ("book-chapter", ("CHAP", "incollection", "chapter")),
    ],
)
def test_proceedings_and_books_are_no_journals(kind: str, told: tuple[str, str, str]) -> None:
    one = reference(article(2, "A paper", publication_types=(kind,)))
    ris, bibtex, csl = from_ris(one), from_bibtex(one), to_item(one)
    assert (ris["type_of_reference"], bibtex.entry_type, csl["type"]) == told
    assert ris["secondary_title"] == bibtex["booktitle"] == csl["container-title"] == JOURNAL.title


def test_an_abstract_names_its_meeting() -> None:
    meeting = Meeting("Invented Congress 2024", "icn", 2024, "Nakuru, Kenya", "2024-05-28", "P-117")
    version = article(3, "An invented poster", kind=VersionKind.ABSTRACT, meeting=meeting)
    note = "Conference abstract, P-117. Presented at Invented Congress 2024, Nakuru, Kenya, 28 May 2024"
    for journal, told in (
        (JOURNAL, ("JOUR", "article", "article-journal")),
        (None, ("CPAPER", "inproceedings", "paper-conference")),
    ):
        one = reference(replace(version, journal=journal))
        ris, bibtex, csl = from_ris(one), from_bibtex(one), to_item(one)
        assert (ris["type_of_reference"], bibtex.entry_type, csl["type"]) == told
        assert bibtex["note"] == csl["note"] == note
    assert ris["secondary_title"] == bibtex["booktitle"] == csl["event-title"] == "Invented Congress 2024"


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (NoticeKind.RETRACTED, "Retracted"),
        (NoticeKind.WITHDRAWN, "Withdrawn"),
        (NoticeKind.CONCERN, "Expression of concern"),
        (NoticeKind.CORRECTED, "Corrected"),
    ],
)
def test_what_stands_against_a_paper_goes_with_it(kind: NoticeKind, words: str) -> None:
    one = reference(article(4, "A paper", notices=(Notice(kind, "pmid:90000999", "Why.", "2025-02-01"),)))
    told = f"{words}, 1 February 2025, https://pubmed.ncbi.nlm.nih.gov/90000999/"
    assert from_ris(one)["notes"][0] == told
    assert decoded(from_bibtex(one)["note"]) == told
    assert to_item(one)["note"] == told


def test_of_many_notices_the_gravest_are_told() -> None:
    corrections = [Notice(NoticeKind.CORRECTED, f"doi:10.5555/erratum.{n}") for n in range(30)]
    one = reference(article(4, "A paper", notices=(*corrections, Notice(NoticeKind.RETRACTED))))
    assert len(one.notes) == 5
    assert one.notes[0] == "Retracted"


def test_the_plain_line_says_what_is_no_sound_article() -> None:
    preprint = Version(VersionKind.PREPRINT, Identifiers(doi="10.5555/x"), "A title.", published="2024")
    assert citation(preprint) == "A title [Preprint]. 2024. https://doi.org/10.5555/x"
    corrected = replace(preprint, notices=(Notice(NoticeKind.CORRECTED),))
    assert citation(corrected) == citation(preprint)
    retracted = article(4, "A paper", notices=(Notice(NoticeKind.RETRACTED), Notice(NoticeKind.RETRACTED)))
    assert "A paper [Retracted]. Invented Journal of Cancer Care" in citation(retracted)
    renamed = replace(retracted, title="RETRACTED: A paper")
    assert "RETRACTED: A paper. Invented Journal of Cancer Care" in citation(renamed)


def test_a_title_in_another_script_stays_as_it_is() -> None:
    one = reference(
        article(
            6,
            "Early detection in the countryside",
            original_title="دراسة متخيلة عن سرطان الثدي",
            language="ar",
            authors=(Author("ليلى حداد", "حداد", "ليلى"),),
        )
    )
    assert from_ris(one)["translated_title"] == one.original_title == from_bibtex(one)["origtitle"]
    assert from_ris(one)["language"] == "ar"
    assert bibtex_names(one) == [("حداد", "ليلى", "")]
    assert to_bibtex(one).startswith("@article{finvented00,")
    assert to_item(one)["original-title"] == one.original_title


@pytest.mark.parametrize(
    ("pages", "first", "last"),
    [
        ("e12059", "e12059", None),
        ("S155–S156", "S155", "S156"),
        ("101\u2011109", "101", "109"),
        ("1787-8; discussion 1791", None, None),
    ],
)
def test_pages_and_numbers_of_articles(pages: str, first: str | None, last: str | None) -> None:
    one = reference(article(7, "A paper", journal=replace(JOURNAL, pages=pages)))
    ris = from_ris(one)
    assert (ris["start_page"], ris.get("end_page")) == (first or pages, last)
    assert from_bibtex(one)["pages"] == (f"{first}--{last}" if last else first or pages)


@pytest.mark.parametrize(
    ("published", "ris", "month"),
    [
        ("2024-03-06", "2024/03/06/", "mar"),
        ("2024-12", "2024/12//", "dec"),
        ("2024", "2024///", None),
        ("2024-13-01", "2024///", None),
        ("2024-02-00", "2024/02//", "feb"),
    ],
)
def test_dates_as_far_as_they_are_known(published: str, ris: str, month: str | None) -> None:
    one = reference(article(7, "A paper", published=published))
    assert (from_ris(one)["date"], from_ris(one)["year"]) == (ris, "2024")
    fields = from_bibtex(one).fields_dict
    assert (fields["month"].value if "month" in fields else None) == month


def test_a_paper_with_next_to_nothing() -> None:
    bare = Version(VersionKind.ARTICLE, Identifiers(other=("local:x",)), "A title")
    one = reference(bare)
    assert from_ris(one) == {
        "type_of_reference": "JOUR",
        "id": "finvented00",
        "title": "A title",
        "urls": ["https://findings.example/papers/finvented00"],
        "database_provider": "Findings",
    }
    assert [*from_bibtex(one).fields_dict] == ["title", "url"]
    assert [*to_item(one)] == ["id", "type", "title", "URL", "source"]


# The tags on the page itself.


def tags(version: Version) -> list[tuple[str, str]]:
    return [pair for pair in highwire(reference(version), "https://findings.example/") if pair[1]]


def test_the_page_names_many_authors() -> None:
    people = [Author(f"Ada{n} van Lind{n}", f"van Lind{n}", f"Ada{n}") for n in range(30)]
    group = Author("Invented Trials Group, Nakuru; Kenya")
    told = [
        value for name, value in tags(article(1, "A paper", authors=(group, *people))) if "author" in name
    ]
    assert len(told) == 11
    assert [name for value in told for name in value.split("; ")] == [
        "Invented Trials Group Nakuru  Kenya",
        *(f"van Lind{n}, Ada{n}" for n in range(30)),
    ]


def test_the_page_says_where_the_paper_is() -> None:
    journal = replace(JOURNAL, issn=("1234-5678", "8765-4321"), pages="1145-52")
    told = tags(article(1, "A paper", journal=journal, published="2024-03"))
    for pair in (
        ("citation_journal_title", JOURNAL.title),
        ("citation_publication_date", "2024/03"),
        ("citation_issn", "1234-5678"),
        ("citation_issn", "8765-4321"),
        ("citation_lastpage", "1152"),
    ):
        assert pair in told
    proceedings = article(1, "A paper", publication_types=("proceedings-article",))
    assert ("citation_conference_title", JOURNAL.title) in tags(proceedings)
    assert ("citation_book_title", JOURNAL.title) in tags(
        article(1, "A", publication_types=("book-chapter",))
    )


# Whatever the texts are, readers get them back.

WORDS = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=40)
PIECES = st.lists(
    st.sampled_from(
        ["and", "{", "}", "\\", "%", "@article{x,", "\r\nER  - \r\n", ",", "~^_#$&", '"', "=", "x"]
    )
    | WORDS,
    max_size=6,
).map(" ".join)
NAMES = st.lists(st.builds(Author, PIECES.map(lambda name: f"N {name}"), PIECES, PIECES), max_size=3)


@given(PIECES, PIECES, NAMES, PIECES)
def test_any_text_is_read_back(title: str, text: str, authors: list[Author], journal: str) -> None:
    one = reference(
        article(
            8,
            f"T {title}",
            abstracts=(Abstract((Section(f"A {text}"),)),),
            authors=tuple(authors),
            journal=Journal(f"J {journal}"),
            keywords=(f"K {text}",),
        )
    )
    ris, bibtex, csl = from_ris(one), from_bibtex(one), json.loads(json.dumps(to_item(one)))
    assert ris["title"] == decoded(bibtex["title"]) == csl["title"] == one.title
    assert ris["abstract"] == decoded(bibtex["abstract"]) == csl["abstract"] == one.abstract
    assert ris["secondary_title"] == decoded(bibtex["journal"]) == csl["container-title"] == one.container
    assert len(ris.get("authors", ())) == len(csl.get("author", ())) == len(authors)
    if authors:
        told = [(n.family, n.given, n.suffix) if n.family else (n.whole, "", "") for n in one.names]
        assert bibtex_names(one) == told


# Addresses.


@pytest.mark.parametrize("form", FORMS)
def test_the_reference_of_a_paper(client: FlaskClient, library: Library, form: str) -> None:
    for paper_id in (library.ids[number] for number in library.ids if number != 99):
        answer = client.get(f"/papers/{paper_id}.{form}")
        assert answer.content_type == files.FORMATS[form].media_type
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{paper_id}.{form}"'
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert listed(answer.text, form) == [paper_id]


@pytest.mark.parametrize("form", FORMS)
def test_addresses_lead_and_fail_as_those_of_the_page_do(
    client: FlaskClient, library: Library, form: str
) -> None:
    moved = client.get(f"/papers/10.5555/invented.1.{form}")
    assert (moved.status_code, moved.headers["Location"]) == (301, f"/papers/{library.ids[1]}.{form}")
    assert client.get(f"/papers/{library.ids[99]}.{form}").status_code == 410
    assert client.get(f"/papers/f000000000a.{form}").status_code == 404
    assert client.get(f"/papers/nothing.{form}").status_code == 404


def listed(answer_text: str, form: str) -> list[str]:
    """The ids of the papers in a file."""
    if form == "csl.json":
        return [item["id"] for item in json.loads(answer_text)]
    if form == "ris":
        return [entry["id"] for entry in rispy.loads(answer_text)] if answer_text else []
    return [entry.key[-11:] for entry in bibtexparser.parse_string(answer_text).entries]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("query", ["q=cancer", "q=invented+trial&country=KE&sort=oldest", "q=", "q=qqqq"])
def test_a_search_is_taken_along_as_it_is_listed(client: FlaskClient, form: str, query: str) -> None:
    shown: list[str] = []
    address: str | None = f"/search.json?{query}&facets=no&size=7"
    while address:
        page = client.get(address).json
        shown += [result["id"] for result in page["results"]]
        address = page["next"] and page["next"].removeprefix("https://findings.example")
    answer = client.get(f"/search.{form}?{query}&page=2&size=3")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="search.{form}"'
    assert listed(answer.text, form) == shown
    assert bool(shown) == (query != "q=qqqq")


@pytest.mark.parametrize("form", FORMS)
def test_a_long_list_comes_in_pieces_and_ends(site: Site, monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    monkeypatch.setattr(saved, "MOST", 13)
    monkeypatch.setattr(saved, "_CHUNK", 4)
    answer = create_app(site).test_client().get(f"/search.{form}")
    assert answer.is_streamed
    assert len(listed(answer.text, form)) == 13


class FakeDown:
    vectors = None

    def search(self, query: Query) -> SearchPage:
        raise SearchUnavailable("the index at /secret/place does not answer")


def test_a_search_that_fails_is_no_empty_file(site: Site) -> None:
    client = create_app(replace(site, index=FakeDown())).test_client()  # type: ignore[arg-type]
    for form in FORMS:
        answer = client.get(f"/search.{form}?q=cancer")
        assert answer.status_code == 503
        assert "Content-Disposition" not in answer.headers
        assert "/secret" not in answer.text


def test_files_go_out_compressed(client: FlaskClient, library: Library) -> None:
    for form in FORMS:
        answer = client.get(f"/search.{form}", headers={"Accept-Encoding": "gzip"})
        assert answer.headers["Content-Encoding"] == "gzip"


def test_pages_lead_to_the_files(client: FlaskClient, library: Library) -> None:
    path = f"/papers/{library.ids[1]}"
    page = lxml.html.fromstring(client.get(path).text)
    for form, told in files.FORMATS.items():
        (link,) = page.xpath(f"//link[@rel='alternate'][@type='{told.mimetype}']/@href")
        assert link == f"{path}.{form}"
        assert page.xpath(f"//aside//a[@href='{path}.{form}']/text()") == [told.title]
    found = lxml.html.fromstring(client.get("/search?q=cancer&country=KE&page=2").text)
    for form, told in files.FORMATS.items():
        assert found.xpath(f"//a[text()='{told.title}']/@href") == [f"/search.{form}?q=cancer&country=KE"]
    assert not lxml.html.fromstring(client.get("/search?q=qqqq").text).xpath("//a[text()='RIS']")
