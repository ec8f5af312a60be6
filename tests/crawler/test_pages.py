"""What is read from publishers' pages; pages, people and papers are invented."""

import io
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from crawler.fetching.page import Asked
from crawler.records.dates import written_date
from crawler.records.importing import import_paths
from crawler.sources import file_sources, pages, read
from crawler.sources._pages_excerpt import parse_excerpt
from domain.errors import ConfigError, RecordRejected, SourceChanged
from domain.paper import Affiliation, NoticeKind, Version, VersionKind
from domain.ports import Catalog
from tests.crawler.damage import damaged

UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A busy machine makes examples slowly."""

NOW = datetime(2026, 1, 1, tzinfo=UTC)
EXAMPLE = (Path(__file__).parents[1] / "examples" / "pages.html").read_bytes()
ADDRESS = "https://journal.example/article/7"
LINKED = """{"@context": "https://schema.org", "@graph": [
 {"@type": "WebPage", "name": "A page"},
 {"@type": ["ScholarlyArticle"], "@id": "#a", "headline": "Invented <i>drug</i> in lung cancer",
  "identifier": {"@type": "PropertyValue", "propertyID": "DOI", "value": "https://doi.org/10.5555/LD.7"},
  "author": [{"@id": "#p"}, {"@type": "Person", "givenName": "Bo", "familyName": "Other",
    "sameAs": "https://orcid.org/0000-0002-1825-0097",
    "affiliation": [{"@type": "Organization", "name": "Invented Clinic",
       "address": {"addressLocality": "Lima", "addressCountry": "PE"}}]}],
  "datePublished": "2022-05-06T08:00:00Z", "isAccessibleForFree": "True", "inLanguage": "en-GB",
  "license": {"@type": "CreativeWork", "url": "https://creativecommons.org/licenses/by/4.0/"},
  "keywords": ["lung", "drug"], "pageStart": "12", "pageEnd": "19",
  "description": "Of 412 invented patients none was real, as a text says that is long enough.",
  "isPartOf": {"@type": "PublicationIssue", "issueNumber": "3", "isPartOf": [
    {"@type": "PublicationVolume", "volumeNumber": 9,
     "isPartOf": {"@type": "Periodical", "name": "Invented Journal", "issn": ["0000-0019", "00000027"]}}]}},
 {"@type": "Person", "@id": "#p", "name": "Invented, Ada", "email": "ada@example.org"}]}"""


def page(head: str, body: str = "") -> bytes:
    return f"<!doctype html><html lang='en'><head>{head}</head><body>{body}</body></html>".encode()


def tags(**contents: str) -> str:
    return "".join(f'<meta name="{name.replace("__", ".")}" content="{c}">' for name, c in contents.items())


def linked(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


def version(body: bytes) -> Version | None:
    """What a page of the site is read as; None where it tells of no paper."""
    found = pages.parse_page(body, NOW, Asked("pages", "https://journal.example/", "", ADDRESS))
    assert found.step
    return pages.to_version(found.records[0]) if found.records else None


def must(body: bytes) -> Version:
    found = version(body)
    assert found is not None
    return found


@pytest.mark.parametrize(
    "head",
    [
        tags(citation_title="An invented study", citation_author="Novak, Ada; Lind, Bo"),
        linked(
            '{"@type": "ScholarlyArticle", "name": "An invented study", "author": "Ada Novak and Bo Lind"}'
        ),
        linked(
            '{"@type": "ScholarlyArticle", "name": "An invented study", "author": ["Ada Novak", "Bo Lind"]}'
        ),
    ],
)
def test_authors_may_stand_together_in_one_text(head: str) -> None:
    assert [author.name for author in must(page(head)).authors] == ["Ada Novak", "Bo Lind"]


@pytest.mark.parametrize(
    ("journal", "kind"), [("Research Square", VersionKind.PREPRINT), ("Research", VersionKind.ARTICLE)]
)
def test_what_a_preprint_server_shows_is_a_preprint(journal: str, kind: VersionKind) -> None:
    head = tags(citation_title="An invented study", citation_author="Lind", citation_journal_title=journal)
    assert must(page(head)).kind is kind


def test_an_article_in_json_ld_alone() -> None:
    found = must(page(linked(LINKED)))
    assert found.identifiers.doi == "10.5555/ld.7"
    assert (found.title, found.language, found.published) == (
        "Invented drug in lung cancer",
        "en",
        "2022-05-06",
    )
    assert [(a.name, a.family, a.orcid) for a in found.authors] == [
        ("Ada Invented", "Invented", None),
        ("Bo Other", "Other", "0000-0002-1825-0097"),
    ]
    assert found.authors[1].affiliations == (Affiliation("Invented Clinic, Lima, PE"),)
    journal = found.journal
    assert journal
    assert (journal.title, journal.volume, journal.issue, journal.pages) == (
        "Invented Journal",
        "9",
        "3",
        "12-19",
    )
    assert journal.issn == ("0000-0019", "0000-0027")
    assert found.licence
    assert (found.licence.code, found.licence.field) == ("cc-by", "json-ld license")
    assert found.keywords == ("lung", "drug")
    assert found.abstracts[0].text.startswith("Of 412 invented patients")


@pytest.mark.parametrize(
    "text",
    [
        "//<![CDATA[\n" + LINKED + "\n//]]>",
        LINKED.replace("none was", "none\nwas"),
        LINKED + ";",
        f"[{LINKED}]",
        LINKED.replace("ScholarlyArticle", "https://schema.org/MedicalScholarlyArticle"),
    ],
)
def test_json_ld_as_it_is_found(text: str) -> None:
    assert must(page(linked(text))).identifiers.doi == "10.5555/ld.7"


@pytest.mark.parametrize(
    "body",
    [
        page("<title>About us</title>"),
        page(tags(DC__Title="News", DC__Creator="Someone")),
        page(tags(citation_journal_title="A list of issues")),
        page(linked('{"@type": "NewsArticle", "headline": "News"}')),
        page(linked('{"@type": "Article", "headline": "A blog"}')),
        page(linked('{"@type": "ScholarlyArticle", "headline": ')),
        page(tags(citation_title="T", robots="noindex")),
        b"<html>",
    ],
)
def test_pages_that_tell_of_no_paper(body: bytes) -> None:
    assert version(body) is None


def test_dublin_core_and_prism_where_there_is_nothing_else() -> None:
    found = must(
        page(
            tags(
                dc__title="Invented screening for cervical cancer",
                dc__creator="Invented, Ada",
                dc__identifier="doi:10.5555/dc.1",
                dc__rights="Creative Commons Attribution 4.0",
                prism__publicationName="Invented Journal",
                prism__volume="3",
                prism__startingPage="5",
                prism__endingPage="9",
                dc__date="2021-02",
                dc__language="pt",
            )
        )
    )
    assert (found.identifiers.doi, found.published, found.language) == ("10.5555/dc.1", "2021-02", "pt")
    assert found.journal
    assert (found.journal.title, found.journal.pages) == ("Invented Journal", "5-9")
    assert found.licence
    assert (found.licence.code, found.licence.field) == ("cc-by", "dc.rights")


def test_a_licence_is_never_guessed_from_the_text() -> None:
    body = "<p>Published under CC BY 4.0 <a href='https://creativecommons.org/licenses/by/4.0/'>here</a></p>"
    found = must(page(tags(citation_title="T"), body))
    assert (found.licence, found.open_access) == (None, None)


@pytest.mark.parametrize(("free", "code"), [("true", "cc-by"), ("false", None), ('"unsure"', "cc-by")])
def test_beside_what_must_be_paid_for_no_licence_is_believed(free: str, code: str | None) -> None:
    article = (
        f'{{"@type": "ScholarlyArticle", "headline": "An invented study", "isAccessibleForFree": {free},'
        ' "license": "https://creativecommons.org/licenses/by/4.0/"}'
    )
    found = must(page(tags(citation_title="An invented study") + linked(article)))
    assert (found.licence and found.licence.code, found.open_access) == (code, code is not None)


def test_of_two_licences_the_narrower_holds() -> None:
    links = (
        '<link rel="license" href="https://creativecommons.org/licenses/by/4.0/">'
        + tags(DC__Rights="https://creativecommons.org/licenses/by-nc-nd/4.0")
    )  # fmt: skip
    found = must(page(tags(citation_title="T") + links))
    assert found.licence
    assert found.licence.code == "cc-by-nc-nd"


@pytest.mark.parametrize(("rights", "code"), [("All rights reserved", "other"), ("© The Authors", "cc-by")])
def test_what_is_said_beside_a_licence_counts(rights: str, code: str) -> None:
    link = '<link rel="license" href="https://creativecommons.org/licenses/by/4.0/">'
    found = must(page(tags(citation_title="T", DC__Rights=rights) + link))
    assert found.licence
    assert found.licence.code == code


def test_of_several_articles_the_one_is_read_that_the_page_is_about() -> None:
    def article(name: str) -> str:
        return f'{{"@type": "ScholarlyArticle", "@id": "#{name}", "headline": "{name}"}}'

    about = '{"@type": "WebPage", "mainEntity": {"@id": "#Own"}}'
    for nodes in ((article("Related"), about, article("Own")), (article("Own"), article("Related"))):
        assert must(page(linked(f'{{"@graph": [{", ".join(nodes)}]}}'))).title == "Own"


def test_what_is_told_of_another_article_is_not_this_ones() -> None:
    cited = '{"@type": "ScholarlyArticle", "headline": "Cited", "sameAs": "https://doi.org/10.5555/cited"}'
    assert version(page(linked(f'{{"@type": "WebPage", "name": "Home", "citation": [{cited}]}}'))) is None
    for title, doi in (
        ("Something else altogether", None),
        ("INVENTED drug in lung cancer: a trial", "10.5555/ld.7"),
        ("Invented drug in lung cancer of people who never smoked and others beside", "10.5555/ld.7"),
    ):
        found = must(page(tags(citation_title=title) + linked(LINKED)))
        assert (found.title, found.identifiers.doi) == (title, doi)
        assert bool(found.licence) is bool(doi)


def test_no_address_of_e_mail_is_kept() -> None:
    head = tags(citation_title="T", citation_author="A", citation_author_email="a@example.org") + linked(
        LINKED
    )
    (record,) = pages.parse_page(page(head), NOW, Asked("pages", ADDRESS, "")).records
    assert b"@example.org" not in record.payload
    (saved,) = pages.parse_records(io.BytesIO(EXAMPLE), NOW)
    assert b"lucia@example.org" not in saved.payload


def test_an_excerpt_reads_as_its_page_does() -> None:
    for body in (
        EXAMPLE,
        page(linked(LINKED)),
        page(tags(citation_title="&lt;/script&gt; &quot;x&quot; &amp;amp;")),
    ):
        first = parse_excerpt(body).to_bytes()
        assert parse_excerpt(first).to_bytes() == first


@pytest.mark.parametrize(
    ("title", "reason"),
    [("Correction to: an invented trial", "not-a-paper"), ("Erratum", "not-a-paper"), ("<br>", "no-title")],
)
def test_notices_and_pages_without_a_title_are_rejected(title: str, reason: str) -> None:
    with pytest.raises(RecordRejected) as rejected:
        version(page(tags(citation_title=title.replace("<", "&lt;"))))
    assert rejected.value.reason == reason


def test_theses_are_no_papers_and_retracted_papers_are_told() -> None:
    with pytest.raises(RecordRejected):
        version(page(tags(citation_title="T", citation_dissertation_institution="Invented University")))
    found = must(page(tags(citation_title="RETRACTED: An invented trial")))
    assert (found.title, found.notices[0].kind) == ("An invented trial", NoticeKind.RETRACTED)


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8", "utf-8"),
        ("utf-8", "iso-8859-1"),
        ("utf-8-sig", ""),
        ("cp1252", "iso-8859-1"),
        ("cp1252", ""),
        ("utf-16", "utf-16"),
        ("koi8-r", "koi8-r"),
        ("gb18030", "gb2312"),
        ("iso-2022-jp", "iso-2022-jp"),
        ("utf-8", "no-such-encoding"),
        ("utf-8", "rot13"),
    ],
)
def test_encodings_declared_rightly_wrongly_or_not_at_all(encoding: str, declared: str) -> None:
    title = {"koi8-r": "Рак лёгкого", "gb18030": "肺癌研究", "iso-2022-jp": "肺がん"}.get(
        encoding, "Cáncer – ü"
    )
    text = page(f'<meta charset="{declared}">' + tags(citation_title=title)).decode()
    assert must(text.encode(encoding)).title == title


@pytest.mark.parametrize(
    ("given", "day"),
    [
        ("2019/05/12", "2019-05-12"),
        ("2019-05", "2019-05"),
        ("Jun 5, 2019", "2019-06-05"),
        ("5 June 2019", "2019-06-05"),
        ("September 2019", "2019-09"),
        ("2019", "2019"),
        ("Winter 2019", "2019"),
        ("soon", None),
    ],
)
def test_dates_as_publishers_write_them(given: str, day: str | None) -> None:
    assert written_date(given) == day


def test_windows_and_paths() -> None:
    query = pages.window("/article/*  /content/*", "2024-01-01", "2024-06-30")
    assert pages.is_wanted("https://a.example/article/1", "2024-03-01", query)
    assert pages.is_wanted("https://a.example/content/1", None, query)
    assert pages.is_wanted("https://a.example/article/1", "2024", query)
    assert not pages.is_wanted("https://a.example/about", "2024-03-01", query)
    assert not pages.is_wanted("https://a.example/article/1", "2023-12-31", query)
    assert not pages.is_wanted("https://a.example/article/1", "2024-07-01", query)
    assert pages.is_wanted("", "2025-01-01", query)
    assert not pages.is_wanted("", "2023-01-01", query)
    with pytest.raises(ConfigError):
        pages.window("", "May", None)


def test_a_saved_page_is_imported(tmp_path: Path, catalog: Catalog) -> None:
    folder = tmp_path / "saved"
    folder.mkdir()
    (folder / "77.html").write_bytes(EXAMPLE)
    (folder / "about.html").write_bytes(page("<title>About</title>"))
    report = import_paths([folder], catalog)
    assert (report.outcome, report.counts.new, report.ignored) == ("complete", 1, 1)
    (record,) = catalog.records("pages", limit=2)
    found = read(record)
    assert found.countries == ("CO", "PE", "EC")
    assert "breast" in found.cancer_types
    assert [trial.id for trial in found.trials] == ["NCT00000077"]


def test_other_pages_are_left_alone(shared_data: Path) -> None:
    found = [path for path in shared_data.rglob("*.html") if pages.recognises(path.read_bytes()[: 1 << 16])]
    assert found == []
    for source in file_sources():
        assert source.recognises(page(linked(LINKED))) == (source is pages)


@pytest.mark.parametrize(
    "body",
    [
        b"<html>" + b"<div>" * 500_000,
        b"<html><meta name=citation_title content='" + b"a" * 20_000_000,
        b"<html>" + b"<meta name=citation_author content=a>" * 200_000,
        b"<html>" + b"<" * 2_000_000,
        b"<!DOCTYPE html [<!ENTITY a 'aaaaaaaaaa'>]><html>" + b"&a;" * 200_000,
        b"<html><script type='application/ld+json'>" + b'{"Article":' * 200_000,
        b'<html><script type="application/ld+json">{"@type":"ScholarlyArticle","x":'
        + b"[" * 5_000 + b"]" * 5_000 + b"}</script>",
        b'<html><script type="application/ld+json">["Article",' + b"{},[]," * 100_000 + b"0]</script>",
        b"<html>" + b"<!-- " * 300_000,
        b"<html><meta charset='" + b"x" * 100_000,
    ],
    ids=range(10),
)  # fmt: skip
def test_hostile_pages_are_read_in_time(body: bytes) -> None:
    start = time.process_time()
    pages.recognises(body[: 1 << 16])
    with suppress(RecordRejected, SourceChanged):
        version(body)
    assert time.process_time() - start < 10


@UNHURRIED
@given(damaged(EXAMPLE, [b"<", b">", b'"', b"\xff", b"\0", b"&#0;", b"<script", b"citation_title", b"<!--"]))
def test_damage_never_breaks_the_reader(body: bytes) -> None:
    pages.recognises(body)
    try:
        found = version(body)
    except (RecordRejected, SourceChanged):
        return
    assert found is None or found.title


def test_a_saved_page_is_read_past_its_first_64_kib(catalog: Catalog, tmp_path: Path) -> None:
    told = tags(citation_title="An invented cohort of breast cancer") + "<!--" + "x" * 100_000 + "-->"
    late = tags(citation_doi="10.5555/late.1", citation_author="Ada Invented")
    (tmp_path / "long.html").write_bytes(page(told + late))
    import_paths([tmp_path / "long.html"], catalog)
    assert catalog.paper(catalog.find("doi:10.5555/late.1")).title == "An invented cohort of breast cancer"
