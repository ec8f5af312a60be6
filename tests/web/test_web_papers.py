"""The paper page says who, what, under which licence, with which warnings, and from where."""

import json
from dataclasses import replace
from pathlib import Path

import lxml.html
import pytest
from flask import render_template
from flask.testing import FlaskClient

from catalog import open_catalog
from domain.identifiers import Identifiers
from domain.paper import Affiliation, Author, Link, LinkKind, NoticeKind, VersionKind
from domain.record import HarvestedRecord
from tests.web.conftest import Library
from tests.web.invented import NASTY, WHEN, article
from web import Site, create_app
from web.papers.page import AFFILIATIONS_SHOWN, AUTHORS_SHOWN, byline, show


def read(client: FlaskClient, library: Library, number: int) -> lxml.html.HtmlElement:
    return lxml.html.fromstring(client.get(f"/papers/{library.ids[number]}").text)


def text_of(element: lxml.html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


@pytest.mark.parametrize(
    "key", ["10.5555/invented.1", "https://doi.org/10.5555/INVENTED.1", "pmid:90000001", "90000001"]
)
def test_any_identifier_leads_to_the_one_address(client: FlaskClient, library: Library, key: str) -> None:
    answer = client.get(f"/papers/{key}")
    assert answer.status_code == 301
    assert answer.headers["Location"] == f"/papers/{library.ids[1]}"


def test_the_preprint_leads_to_the_same_paper(client: FlaskClient, library: Library) -> None:
    assert client.get("/papers/10.5555/preprint.1").headers["Location"] == f"/papers/{library.ids[1]}"
    page = read(client, library, 1)
    assert "Preprint, 2 November 2024" in text_of(page.xpath("//aside")[0])


def test_a_withdrawn_record_is_gone(client: FlaskClient, library: Library) -> None:
    for suffix, kind in (("", "text/html; charset=utf-8"), (".json", "application/json")):
        answer = client.get(f"/papers/{library.ids[99]}{suffix}")
        assert (answer.status_code, answer.content_type) == (410, kind)
    assert "withdrawn" in client.get(f"/papers/{library.ids[99]}").text


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (2, NoticeKind.RETRACTED),
        (3, NoticeKind.CONCERN),
        (4, NoticeKind.CORRECTED),
        (5, NoticeKind.WITHDRAWN),
    ],
)
def test_each_notice_has_its_own_box_before_the_title(
    client: FlaskClient, library: Library, number: int, kind: NoticeKind
) -> None:
    page = read(client, library, number)
    boxes = page.xpath("//div[contains(@class, 'notice')]")
    assert [box.get("class") for box in boxes] == [f"notice {kind}"]
    assert boxes[0].xpath("following::h1")
    words = {NoticeKind.CONCERN: "expression of concern"}.get(kind, str(kind))
    assert words in text_of(boxes[0].xpath("h2")[0]).lower()


def test_no_line_begins_with_what_parts_its_pieces(client: FlaskClient, library: Library) -> None:
    """Paper 11 has no journal and no date."""
    line = read(client, library, 11).xpath("//header/p[@class='meta']")[0]
    assert text_of(line) == "Kenya"
    found = lxml.html.fromstring(client.get(f"/search?q={library.paper(11).title}").text)
    lines = [text_of(line) for line in found.xpath("//ol//p[@class='meta']")]
    assert "Wanjiru A · Kenya · Cohort or follow-up study" in lines


def test_a_correction_is_never_called_a_retraction(client: FlaskClient, library: Library) -> None:
    assert "retract" not in text_of(read(client, library, 4)).lower()


def test_facts_of_a_full_record(client: FlaskClient, library: Library) -> None:
    page = read(client, library, 1)
    words = text_of(page)
    for part in (
        "Reports results of NCT99999999",
        "“This trial was registered.”",
        "Imaginary Research Fund",
        "Breast Neoplasms",
        "As its source states it: “https://creativecommons.org/licenses/by/4.0/” (field “license”)",
        "Europe PMC, record MED:0, fetched 20 November 2026, 08:15 UTC",
        "The paper’s own plain summary",
        "Invented Journal of Cancer Care 12(3), 45-52",
        "Data: open, free for anyone to get",
        "“All data are in the Gene Expression Omnibus (GSE99999).”",
        "Code: on request, to be had by asking first",
        "Data: on request, to be had by asking first (in the preprint)",
        "paid for the study, or for part of it",
        "named in the authors’ competing interests",
        "“S. Harding advises Made-up Pharma.”",
        "1204 women",
        "Invented Congress of Nursing 2024, Nakuru, Kenya, 28 May 2024",
        "Abstract P-117",
        "It cites at least 3 works",
        "(corresponding author)",
        "Conference abstract, 30 May 2024",
    ):
        assert part in words, part
    addresses = page.xpath("//a/@href")
    for address in (
        "https://doi.org/10.5555/invented.1",
        "https://pubmed.ncbi.nlm.nih.gov/90000001/",
        "https://clinicaltrials.gov/study/NCT99999999",
        "https://orcid.org/0000-0001-2345-6789",
        "https://example.org/full/1",
        "/search?cancer_type=breast",
        "https://www.ncbi.nlm.nih.gov/geo/query/acc.cgi?acc=GSE99999",
        "https://doi.org/10.5555/data.1",
        "https://ror.org/0zzzzzz00",
    ):
        assert address in addresses, address


def test_reference_managers_find_what_they_need(client: FlaskClient, library: Library) -> None:
    page = read(client, library, 1)
    tags = [
        (tag.get("name"), tag.get("content")) for tag in page.xpath("//meta[starts-with(@name, 'citation_')]")
    ]
    assert ("citation_author", "Wanjiru, Achieng") in tags
    assert ("citation_publication_date", "2025/06/03") in tags
    assert ("citation_doi", "10.5555/invented.1") in tags
    assert ("citation_lastpage", "52") in tags
    assert page.xpath("//link[@rel='canonical']/@href") == [
        f"https://findings.example/papers/{library.ids[1]}"
    ]
    article = json.loads(page.xpath("//script/text()")[0])
    assert article["@type"] == "ScholarlyArticle"
    assert article["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert article["author"][0] == {
        "@type": "Person",
        "name": "Wanjiru A",
        "@id": "https://orcid.org/0000-0001-2345-6789",
    }


def test_the_record_as_json(client: FlaskClient, library: Library) -> None:
    record = client.get(f"/papers/{library.ids[1]}.json").json
    assert record["id"] == library.ids[1]
    assert [version["kind"] for version in record["versions"]] == ["article", "abstract", "preprint"]
    assert record["versions"][0]["licence"]["code"] == "cc-by"
    assert record["versions"][0]["provenance"]["*"]["source"] == "europepmc"
    assert client.get(f"/papers/{library.ids[12]}.json").json["versions"][0]["authors"][199]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (2, "The paper has been retracted"),
        (6, "Its source states no licence"),
        (10, "Its licence does not allow"),
        (14, "It has not been written yet"),
    ],
)
def test_a_missing_digest_has_its_reason(
    client: FlaskClient, library: Library, number: int, words: str
) -> None:
    box = read(client, library, number).xpath("//section[@class='offer']")[0]
    assert "No plain-language digest" in text_of(box)
    assert words in text_of(box)


@pytest.mark.parametrize(
    ("number", "lang", "direction"),
    [(6, "ar", "rtl"), (7, "zh", None), (11, "", "rtl"), (1, None, None)],
)
def test_language_and_direction(
    client: FlaskClient, library: Library, number: int, lang: str | None, direction: str | None
) -> None:
    title = read(client, library, number).xpath("//h1")[0]
    assert (title.get("lang"), title.get("dir")) == (lang, direction)


def test_an_abstract_in_arabic_is_set_from_right_to_left(client: FlaskClient, library: Library) -> None:
    body = read(client, library, 6).xpath("//div[contains(@class, 'abstract')]")[0]
    assert (body.get("lang"), body.get("dir")) == ("ar", "rtl")


def test_a_language_other_than_the_pages_own_is_named(client: FlaskClient, library: Library) -> None:
    assert "· in Arabic" in text_of(read(client, library, 6).xpath("//p[@class='meta']")[0])
    assert "· in " not in text_of(read(client, library, 1).xpath("//p[@class='meta']")[0])


@pytest.mark.parametrize(("code", "told"), [("mul", "· in several languages"), ("und", ""), ("qqq", "")])
def test_a_language_that_is_no_single_one_has_no_odd_name(
    site: Site, library: Library, code: str, told: str
) -> None:
    paper = library.paper(1)
    with create_app(site).test_request_context():
        view = show(site, replace(paper, versions=(replace(paper.primary, language=code),)))
        page = render_template("paper.html", view=view, address="", tags=(), json_ld={}, late="")
    meta = text_of(lxml.html.fromstring(page).xpath("//p[@class='meta']")[0])
    assert told in meta
    assert ("· in " in meta) == bool(told)


@pytest.mark.parametrize(
    ("identifiers", "words", "address"),
    [
        (Identifiers(doi="10.5555/a"), "Read at the publisher", "https://doi.org/10.5555/a"),
        (Identifiers(pmid="1"), "Find it in PubMed", "https://pubmed.ncbi.nlm.nih.gov/1/"),
        (Identifiers(other=("local:1",)), "", ""),
    ],
)
def test_where_no_full_text_is_known_its_record_is_offered(
    site: Site, library: Library, identifiers: Identifiers, words: str, address: str
) -> None:
    paper = library.paper(1)
    bare = replace(paper.primary, identifiers=identifiers, full_texts=())
    with create_app(site).test_request_context():
        view = show(site, replace(paper, versions=(bare,)))
        page = render_template("paper.html", view=view, address="", tags=(), json_ld={}, late="")
    buttons = lxml.html.fromstring(page).xpath("//header//a[@class='button']")
    assert [(text_of(one), one.get("href")) for one in buttons] == ([(words, address)] if words else [])


def test_a_long_byline_says_what_it_leaves_out(client: FlaskClient, library: Library) -> None:
    page = read(client, library, 12)
    assert "and 192 others" in text_of(page)
    assert f"and {200 - AUTHORS_SHOWN} more, all in the full record" in text_of(page)


def test_affiliations_beyond_those_shown_are_counted() -> None:
    places = [Affiliation(f"Invented Institute {n}, Nairobi, Kenya", country="KE") for n in range(60)]
    told = byline([Author("Ada Invented", affiliations=tuple(places))])
    assert (len(told.affiliations), told.more_affiliations) == (AFFILIATIONS_SHOWN, 60 - AFFILIATIONS_SHOWN)


def test_a_country_is_named_where_the_address_does_not(site: Site, library: Library) -> None:
    paper = library.paper(1)
    places = ("Invented Hospital, Pune, India", "Invented Indian Institute, Pune")
    author = Author("Ada Invented", affiliations=tuple(Affiliation(one, country="IN") for one in places))
    with create_app(site).test_request_context():
        view = show(site, replace(paper, versions=(replace(paper.primary, authors=(author,)),)))
        page = render_template("paper.html", view=view, address="", tags=(), json_ld={}, late="")
    told = lxml.html.fromstring(page).xpath("//ul[contains(@class, 'places')]/li")
    assert [text_of(one) for one in told] == [f"1{places[0]}", f"2{places[1]} India"]


def test_nothing_a_source_says_becomes_markup(client: FlaskClient, library: Library) -> None:
    addresses = [f"/papers/{library.ids[13]}", f"/papers/{library.ids[13]}/digest/public", "/digests", "/"]
    for address in [*addresses, "/search?q=payloads", f"/search?q={NASTY}&cancer_type={NASTY}&from={NASTY}"]:
        answer = client.get(address)
        assert answer.status_code == 200, address
        page = lxml.html.fromstring(answer.text)
        assert "<script>alert(1)</script>" in page.text_content(), "the payload is there, as text"
        assert not page.xpath("//script[not(@type='application/ld+json')] | //img"), address
        assert not page.xpath("//@*[starts-with(name(), 'on')]"), address
        assert not page.xpath("//a[starts-with(@href, 'javascript')]"), address
        assert not page.xpath("//script[contains(text(), '<')]"), address


def test_the_id_of_a_paper_that_became_part_of_another_leads_there(site: Site, tmp_path: Path) -> None:
    catalog = open_catalog(f"sqlite:///{tmp_path / 'merging.db'}")
    alone = replace(article(1, "An invented article"), links=())
    preprint = article(2, "An invented preprint", kind=VersionKind.PREPRINT)
    for number, version in enumerate((alone, preprint)):
        catalog.save([(HarvestedRecord("europepmc", str(number), WHEN, "text/plain", b"x"), version)])
    before = {catalog.find("doi:10.5555/invented.1"), catalog.find("doi:10.5555/invented.2")}
    linked = replace(alone, links=(Link(LinkKind.PREPRINT, "doi:10.5555/invented.2"),))
    catalog.save([(HarvestedRecord("europepmc", "0", WHEN, "text/plain", b"y"), linked)])
    kept = catalog.find("doi:10.5555/invented.1")
    (alias,) = before - {kept}
    client = create_app(replace(site, catalog=catalog)).test_client()
    for suffix in ("", ".json", "/digest/public"):
        answer = client.get(f"/papers/{alias}{suffix}")
        assert (answer.status_code, answer.headers["Location"]) == (301, f"/papers/{kept}{suffix}")
    catalog.close()
