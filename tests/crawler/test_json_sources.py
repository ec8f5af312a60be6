"""What bioRxiv, DOAJ, OpenAlex and DataCite say is read as they mean it, and damage costs one record."""

import gzip
import io
import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.fetching.page import Answer, Asked, Page, RequestRefused
from crawler.records.json_lists import list_members
from crawler.sources import biorxiv, datacite, doaj, file_sources, openalex, read
from crawler.sources._biorxiv_record import to_fields as biorxiv_fields
from crawler.sources._openalex_record import abstract_text
from domain.errors import FindingsError, RecordRejected, SourceChanged
from domain.paper import AbstractKind, LinkKind, NoticeKind, Version, VersionKind
from domain.record import HarvestedRecord
from tests.crawler.damage import damaged
from tests.crawler.replay_biorxiv import preprint
from tests.crawler.replay_datacite import preprint as datacite_record
from tests.crawler.replay_doaj import article
from tests.crawler.replay_openalex import work

NOW = datetime(2026, 1, 1, tzinfo=UTC)
EXAMPLES = Path(__file__).parents[1] / "examples"
SOURCES = {"biorxiv": biorxiv, "doaj": doaj, "openalex": openalex, "datacite": datacite}
ASKED = {
    "biorxiv": Asked("biorxiv", "https://api.example.org", "2024-01-01||"),
    "doaj": Asked("doaj", "https://doaj.example.org", "2024-01-01||cancer"),
    "openalex": Asked("openalex", "https://openalex.example.org", "is_oa:true"),
    "datacite": Asked("datacite", "https://datacite.example.org", "cancer"),
}
PIECES = [
    b"null",
    b'"',
    b"[]",
    b"{}",
    b"1e999",
    b"-1",
    b"\\ud800",
    b"\xff",
    b"[[[[",
    b"99999999999999999999",
    b",",
]
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def record_of(source: ModuleType, found: Any) -> HarvestedRecord:
    return next(source.parse_records(io.BytesIO(json.dumps(found).encode()), NOW))


def version_of(source: ModuleType, found: Any) -> Version:
    version: Version = source.to_version(record_of(source, found))
    return version


@pytest.mark.parametrize("name", SOURCES)
def test_a_damaged_answer_gives_whole_pages_or_an_error(name: str) -> None:
    source, whole = SOURCES[name], (EXAMPLES / f"{name}.json").read_bytes()

    @given(damaged(whole, PIECES))
    @settings(max_examples=150, deadline=None)
    def check(body: bytes) -> None:
        try:
            page: Page = source.parse_page(body, NOW, ASKED[name])
        except (SourceChanged, RequestRefused):
            return
        for record in page.records:
            assert record.native_id
            with suppress(RecordRejected):
                read(record)

    check()


@pytest.mark.parametrize("name", SOURCES)
def test_any_value_in_any_place_costs_one_record_at_most(name: str) -> None:
    source = SOURCES[name]
    models: Mapping[str, Any] = {
        "biorxiv": preprint(1),
        "doaj": article(1),
        "openalex": json.loads((EXAMPLES / "openalex.json").read_bytes())["results"][0],
        "datacite": json.loads((EXAMPLES / "datacite.json").read_bytes())["data"][0],
    }
    inner = {"doaj": "bibjson", "datacite": "attributes"}.get(name)

    @given(st.data())
    @settings(max_examples=150, deadline=None)
    def check(data: st.DataObject) -> None:
        found = json.loads(json.dumps(models[name]))
        place = found[inner] if inner and data.draw(st.booleans()) else found
        place[data.draw(st.sampled_from(sorted(place)))] = data.draw(anything)
        raw = json.dumps(found).encode("utf-8", "surrogatepass")
        try:
            for record in source.parse_records(io.BytesIO(raw), NOW):
                read(record)
        except FindingsError:
            pass

    check()


def test_files_are_recognised_by_their_own_source_only(shared_data: Path) -> None:
    recognised = 0
    for path in sorted(shared_data.glob("api-*/**/*.json")):
        head = path.read_bytes()[: 1 << 16]
        names = [source.SOURCE for source in file_sources() if source.recognises(head)]
        assert len(names) <= 1, path
        own = {"api-biorxiv-medrxiv": "biorxiv", "api-doaj": "doaj", "api-openalex": "openalex"}
        expected = own.get(path.relative_to(shared_data).parts[0])
        if expected:
            recognised += names == [expected]
    assert recognised >= 4


def test_recorded_preprints_are_read(shared_data: Path) -> None:
    folder = shared_data / "api-biorxiv-medrxiv"
    versions, named = [], 0
    for path in folder.glob("*.json"):
        with path.open("rb") as stream:
            records = list(biorxiv.parse_records(stream, NOW))
        assert {record.source for record in records} == {path.name.partition("_")[0]}
        versions += [biorxiv.to_version(record) for record in records]
    assert len(versions) == 200
    named = sum(any(author.corresponding for author in version.authors) for version in versions)
    assert named >= 190
    codes = [version.licence.code for version in versions if version.licence]
    assert codes.count("cc-by-nc-nd") == 58  # the 59th is that of a withdrawal
    assert sum(version.companion for version in versions) == 2


def test_recorded_datacite_records_are_papers_data_or_neither(shared_data: Path) -> None:
    path = shared_data / "api-datacite" / "fatcat" / "datacite_1k_records.jsonl.gz"
    papers, companions, reasons = 0, 0, set()
    with gzip.open(path) as stream:
        for record in datacite.parse_records(stream, NOW):  # type: ignore[arg-type]
            try:
                version = read(record)
            except RecordRejected as rejected:
                reasons.add(rejected.reason)
                continue
            papers += not version.companion
            companions += version.companion
            assert version.companion or version.abstracts
            assert not version.companion or version.data
    assert (papers, companions, reasons) == (51, 106, {"not-a-paper"})  # 17 texts of figshare are supplements


def test_recorded_works_and_articles_are_read(shared_data: Path) -> None:
    with (shared_data / "api-openalex/fastpaper/openalex_search.json").open("rb") as stream:
        works = [openalex.to_version(record) for record in openalex.parse_records(stream, NOW)]
    assert [bool(version.identifiers.doi) for version in works] == [True] * 3
    assert [abstract.text[:20] for abstract in works[1].abstracts] == ["Humans can naturally"]
    with (shared_data / "api-doaj/fatcat/example_doaj_articles.json").open("rb") as stream:
        articles = [doaj.to_version(record) for record in doaj.parse_records(stream, NOW)]
    assert [version.licence.code for version in articles if version.licence] == [
        "cc-by-nc-nd",
        "cc-by",
        "cc-by-nc",
        "cc-by",
        "cc-by",
    ]
    assert [version.authors[-1].corresponding for version in articles] == [True] + [False] * 4


# --- bioRxiv and medRxiv


@pytest.mark.parametrize(
    ("abstract", "labels", "kinds"),
    [
        (
            "BackgroundWe asked.\n\nMethods & FindingsOf 9 cells none was real.",
            ["Background", "Methods & Findings"],
            1,
        ),
        (
            "Results165 cells were not real.\n\nConclusionSARS-CoV-2 was not there.",
            ["Results", "Conclusion"],
            1,
        ),
        ("AimO_LIOne.C_LI\nO_LITwo.C_LI\n\nKey Results", ["Aim"], 1),
        (
            "Cells grew.\n\nGraphical abstract O_FIG x C_FIG\n\nO_ST_ABSConclusionsC_ST_ABSNone.",
            ["", "Conclusions"],
            1,
        ),
        ("Cells grew.\n\nSignificanceAll grew.", ["", "Significance"], 1),
        ("DataSHIELD is a tool.\n\nIt was tried.", [""], 1),
        (
            "FundingNIH.\n\nO_ST_ABSEvidence before this studyC_ST_ABSNone.",
            ["Funding", "Evidence before this study"],
            1,
        ),
        (
            "Cells grew.\n\nO_FIG O_LINKSMALLFIG WIDTH=200 ALT='x'>\nView larger version (47K):\norg.x C_FIG",
            [""],
            1,
        ),
        ("Cells grew.\n\nAuthor summaryThey grew.", [""], 2),
        ("Results in mice were mixed.\n\nScRNA was read.", [""], 1),
        ("McDonald criteria held.", [""], 1),
    ],
)
def test_labels_stick_to_the_abstracts_of_biorxiv(abstract: str, labels: list[str], kinds: int) -> None:
    version = biorxiv.to_version(record_of(biorxiv, preprint(1, abstract=abstract)))
    main = version.abstract()
    assert main is not None
    assert [section.label for section in main.sections] == labels
    assert not any(word in main.text for word in ("O_", "C_", "View larger"))
    assert [one.kind for one in version.abstracts] == [AbstractKind.MAIN, AbstractKind.PLAIN][:kinds]


@pytest.mark.parametrize(
    ("names", "full", "found"),
    [
        ("Wang, Y.; Wang, X.", "Xu Wang", "X. Wang"),
        ("Wang, Y.; Wang, Y.", "Yan Wang", "Y. Wang"),
        ("Wang, Y. A.; Wang, Y. B.", "Yan Wang", None),
        ("Briones, M. R.; Ferreira, R. C.", "Marcelo RS Briones", "M. R. Briones"),
        ("Cochemé, H. M.; Else, S.", "Helena M Cocheme", "H. M. Cochemé"),
        ("O'Reilly, K.; Else, S.", "Kally  OReilly", "K. O'Reilly"),
        ("Else, S.; Other, O.", "Nobody Listed", None),
        ("Solo, A.", "Someone Else", "A. Solo"),
        ("", "Only Corresponding", "Only Corresponding"),
    ],
)
def test_the_corresponding_author_is_one_of_the_list_or_nobody(
    names: str, full: str, found: str | None
) -> None:
    record = preprint(1, authors=names, author_corresponding=full)
    named = [author.name for author in biorxiv_fields(record)["authors"] if author.corresponding]
    assert named == ([found] if found else [])


@pytest.mark.parametrize(
    "fields",
    [
        {"type": "withdrawn"},
        {"title": "WITHDRAWN: Invented cells"},
        {"abstract": "The authors have withdrawn this manuscript."},
        {"abstract": "This article has been withdrawn by its invented authors."},
        {"abstract": "medRxiv has removed this article, as it was posted twice."},
        {"abstract": "Withdrawal Statement: The authors have withdrawn their manuscript."},
        {"abstract": "We have withdrawn this manuscript, since nothing in it was real."},
        {"abstract": "The authors have withdrawn this version of their preprint."},
        {"abstract": "The authors have voluntarily withdrawn their work."},
    ],
)
def test_a_withdrawal_only_adds_its_notice(fields: dict[str, str]) -> None:
    record = record_of(biorxiv, preprint(1, **fields))
    version = biorxiv.to_version(record)
    assert record.native_id == "10.1101/invented.1#withdrawn"
    assert (version.companion, version.title, [n.kind.value for n in version.notices]) == (
        True,
        "",
        ["withdrawn"],
    )


@pytest.mark.parametrize(
    "title",
    [
        "Withdrawal symptoms in cancer patients",
        "Treatment withdrawn early",
        "Withdrawn: invented patients who leave cancer trials",
    ],
)
def test_papers_about_withdrawal_are_not_withdrawn(title: str) -> None:
    assert not version_of(biorxiv, preprint(1, title=title)).notices
    for abstract in (
        f"{title}. This drug has been withdrawn.",
        "We have removed the primary tumour from invented mice.",
        "The authors have withdrawn their consent to an invented trial.",
    ):
        assert not version_of(biorxiv, preprint(1, abstract=abstract)).notices


# --- DOAJ


@pytest.mark.parametrize("size", [0, 1, 7, 400])
def test_a_part_of_the_dump_is_read_piece_by_piece(size: int) -> None:
    whole = (
        b"\xef\xbb\xbf [\n" + b" ,\n".join(json.dumps(article(n)).encode() for n in range(size)) + b"\n]\n"
    )
    assert [json.loads(one)["id"] for one in list_members("doaj", io.BytesIO(whole))] == [
        article(n)["id"] for n in range(size)
    ]
    records = list(doaj.parse_records(io.BytesIO(whole), NOW))
    assert [record.payload for record in records] == [json.dumps(article(n)).encode() for n in range(size)]


def test_a_dump_that_breaks_off_gives_what_came_and_an_error() -> None:
    whole = json.dumps([article(n) for n in range(30)]).encode()
    for cut in range(1, len(whole), 211):
        came = []
        with pytest.raises(SourceChanged):
            came.extend(list_members("doaj", io.BytesIO(whole[:cut])))
    with pytest.raises(SourceChanged, match="no object"):
        list(list_members("doaj", io.BytesIO(b"[1, 2]")))
    with pytest.raises(SourceChanged, match="between its members"):
        list(list_members("doaj", io.BytesIO(b"[{} {}]")))


def test_of_several_licences_of_a_journal_none_is_the_articles() -> None:
    found = article(1)
    found["bibjson"]["journal"]["license"] = [{"type": "CC BY"}, {"type": "CC BY-NC"}]
    assert version_of(doaj, found).licence is None
    found["bibjson"]["journal"]["license"] = [{"type": "CC BY"}]
    licence = version_of(doaj, found).licence
    assert licence is not None
    assert (licence.code, licence.field) == ("cc-by", "bibjson/journal/license")


@pytest.mark.parametrize(
    ("general", "published"), [("Preprint", "2024-05-06"), ("JournalArticle", "2024-05")]
)
def test_a_year_of_issue_is_made_exact_by_a_date_within_it(general: str, published: str) -> None:
    dates = {"Issued": "2024", "Available": "2024-05", "Submitted": "2024-05-06", "Created": "2023-01-01"}
    found = datacite_record(1)
    found["attributes"]["types"] = {"resourceTypeGeneral": general}
    found["attributes"]["dates"] = [{"dateType": name, "date": day} for name, day in dates.items()]
    found["attributes"]["subjects"] = [{"subject": "first word; second word"}]
    version = read(record_of(datacite, found))
    assert (version.published, version.keywords) == (published, ("first word", "second word"))


def test_a_journal_in_print_alone_is_no_article() -> None:
    journal = {"id": "j1", "bibjson": {"title": "Invented Journal", "pissn": "1234-5679", "apc": {}}}
    with pytest.raises(RecordRejected, match="not-a-paper"):
        read(record_of(doaj, journal))


def test_an_article_without_a_doi_has_a_key_all_the_same() -> None:
    assert list(version_of(doaj, article(3)).identifiers.keys()) == [f"doaj:{3:032x}"]


@pytest.mark.parametrize(
    "title",
    ["Retraction: Invented cells", "Erratum to: Invented cells", "Expression of concern: Invented cells"],
)
@pytest.mark.parametrize("name", ["doaj", "datacite"])
def test_a_notice_is_no_paper(name: str, title: str) -> None:
    with pytest.raises(RecordRejected, match="not-a-paper"):
        version_of(*_titled(name, title))


@pytest.mark.parametrize("name", ["doaj", "datacite"])
def test_capitals_in_front_of_a_title_mark_its_paper(name: str) -> None:
    notices = version_of(*_titled(name, "RETRACTED: Invented cells")).notices
    assert [notice.kind.value for notice in notices] == ["retracted"]
    assert not version_of(*_titled(name, "Retracted articles: what happens to citations?")).notices


def _titled(name: str, title: str) -> tuple[ModuleType, dict[str, Any]]:
    if name == "doaj":
        found = article(1)
        found["bibjson"] |= {"title": title, "abstract": ""}
        return doaj, found
    found = datacite_record(1)
    found["attributes"] |= {"titles": [{"title": title}], "types": {"resourceTypeGeneral": "JournalArticle"}}
    return datacite, found


def test_a_repositorys_copy_that_was_accepted_only_gives_no_licence() -> None:
    found = datacite_record(1)
    found["attributes"]["types"] = {"resourceTypeGeneral": "JournalArticle"}
    found["attributes"]["rightsList"] = [{"rightsUri": "https://creativecommons.org/licenses/by/4.0/"}]
    assert version_of(datacite, found).licence is not None
    found["attributes"]["version"] = "Accepted version"
    assert version_of(datacite, found).licence is None


@pytest.mark.parametrize(
    ("rights", "available", "code"),
    [
        ("Closed Access", "2019-01-01", None),
        ("info:eu-repo/semantics/restrictedAccess", "2019-01-01", None),
        ("Embargoed Access", "2999-01-01", None),
        ("Embargoed Access", "2019-01-01", "cc-by"),
        ("Embargoed Access", "", None),
        ("Embargoed Access", f"{datetime.now(UTC).year}", None),
        ("info:eu-repo/semantics/openAccess", "2019-01-01", "cc-by"),
        ("This licence permits unrestricted access", "2019-01-01", "cc-by"),
    ],
)
def test_beside_what_cannot_be_read_no_licence_is_believed(
    rights: str, available: str, code: str | None
) -> None:
    found = datacite_record(1)
    licence = {"rightsUri": "https://creativecommons.org/licenses/by/4.0/"}
    found["attributes"]["rightsList"] = [licence, {"rights": rights}]
    found["attributes"]["dates"] = [{"dateType": "Available", "date": available}]
    version = version_of(datacite, found)
    assert (version.licence and version.licence.code) == code
    assert version.open_access is bool(code)
    found["attributes"]["rightsList"].append({"rights": "Open Access"})
    assert version_of(datacite, found).open_access is bool(code)


# --- OpenAlex


def test_positions_of_an_abstract_are_not_trusted() -> None:
    assert abstract_text({"a": [10**15], "b": [0], "c": [-1], "d": "no", "e": [True, None, "1"]}) == "b a"
    assert abstract_text({"a": list(range(200_000))}) == ""
    assert abstract_text(["a"]) == abstract_text(None) == ""


@pytest.mark.parametrize(
    ("fields", "notices"),
    [({"is_retracted": True}, 1), ({"is_retracted": "yes"}, 0), ({"is_retracted": None}, 0)],
)
def test_only_a_plain_yes_is_a_retraction(fields: dict[str, Any], notices: int) -> None:
    assert len(version_of(openalex, work(1, **fields)).notices) == notices


@pytest.mark.parametrize(
    "fields",
    [
        {"type": "retraction"},
        {"type": "erratum"},
        {"type": "dataset"},
        {"type": "dissertation"},
        {"type": "article", "primary_location": {"raw_type": "info:eu-repo/semantics/doctoralThesis"}},
        {"title": "Additional file 2 of Invented cells"},
        {"is_paratext": True},
        {"title": "Retraction Note: Invented cells", "is_retracted": True},
        {"title": "Correction to: Invented cells"},
        {"title": "Statement of Retraction: Invented cells", "is_retracted": True},
        {"title": "Notice of retraction: Invented cells", "is_retracted": True},
    ],
)
def test_what_is_no_paper_is_turned_away(fields: dict[str, Any]) -> None:
    with pytest.raises(RecordRejected, match="not-a-paper"):
        version_of(openalex, work(1, **fields))


def test_a_paper_on_correction_is_a_paper() -> None:
    assert version_of(openalex, work(1, title="Correction of anaemia in patients with cancer")).title


@pytest.mark.parametrize("version", ["acceptedVersion", "submittedVersion"])
def test_the_licence_of_a_manuscript_is_not_the_articles(version: str) -> None:
    place = {"license": "cc-by", "version": version}
    both = {"primary_location": place, "best_oa_location": place}
    assert version_of(openalex, work(1, **both)).licence is None
    assert version_of(openalex, work(1, type="preprint", **both)).licence is not None


def test_the_licence_of_another_copy_is_not_the_articles() -> None:
    primary = {"version": "publishedVersion", "license": None}
    copy = {"version": "acceptedVersion", "license": "cc-by"}
    assert version_of(openalex, work(1, primary_location=primary, best_oa_location=copy)).licence is None
    same = {**copy, "version": "publishedVersion"}
    licence = version_of(openalex, work(1, primary_location=primary, best_oa_location=same)).licence
    assert licence is not None
    assert licence.field == "best_oa_location/license"


@pytest.mark.parametrize(
    ("answer", "dollars"),
    [
        (Answer(200, b"{}", {"x-ratelimit-cost-usd": "0.001"}), 0.001),
        (Answer(200, b"{}", {"x-ratelimit-cost-usd": "0"}), 0.0),
        (Answer(200, b'{"meta": {"cost_usd": 0.01}}', {}), 0.01),
        (Answer(200, b'{"meta": {"cost_usd": 1e-4}}', {"x-ratelimit-cost-usd": "free"}), 0.0001),
        (Answer(200, b"no JSON", {}), 0.0001),
        (Answer(429, b"", {}), 0.0),
    ],
)
def test_what_an_answer_cost(answer: Answer, dollars: float) -> None:
    assert openalex.spent(answer) == dollars


# --- DataCite


def related(relation: str, value: str, scheme: str = "DOI", **more: str) -> dict[str, str]:
    return {"relationType": relation, "relatedIdentifier": value, "relatedIdentifierType": scheme, **more}


def test_an_article_is_linked_only_where_one_is_named() -> None:
    article_doi = related("IsPreviousVersionOf", "10.5555/article")
    own_family = related("IsVersionOf", "10.5072/invented.concept")
    version = version_of(datacite, datacite_record(1, relatedIdentifiers=[article_doi, own_family]))
    assert [(link.kind, link.key) for link in version.links] == [(LinkKind.ARTICLE, "doi:10.5555/article")]
    assert version.identifiers.other == ("doi:10.5072/invented.concept",)
    two = [article_doi, related("IsVersionOf", "10.5556/another")]
    assert not version_of(datacite, datacite_record(1, relatedIdentifiers=two)).links
    volume = [related("IsPublishedIn", "10.5555/volume")]
    assert not version_of(datacite, datacite_record(1, relatedIdentifiers=volume)).links


def test_a_dataset_has_a_record_for_each_paper_and_never_one_for_itself() -> None:
    tied = [
        related("IsSupplementTo", "10.5555/A"),
        related("IsCitedBy", "https://doi.org/10.5555/a", "URL"),
        related("IsDocumentedBy", "10.48550/arXiv.2401.00001"),
        related("IsSupplementTo", "10.5072/invented.1"),
        related("IsSupplementTo", "10.5072/data", resourceTypeGeneral="Dataset"),
        related("HasPart", "10.5555/b"),
    ]
    found = datacite_record(1, types={"resourceTypeGeneral": "Dataset"}, relatedIdentifiers=tied)
    records = list(datacite.parse_records(io.BytesIO(json.dumps(found).encode()), NOW))
    assert [record.native_id.partition("#")[2] for record in records] == ["doi:10.5555/a", "arxiv:2401.00001"]
    assert all(datacite.to_version(record).companion for record in records)
    assert {datacite.to_version(record).kind for record in records} == {VersionKind.PREPRINT}


@pytest.mark.parametrize(
    ("given", "is_one"),
    [
        ({"titles": [{"title": "Additional file 1 of Invented cells"}]}, True),
        ({"titles": [{"title": "Supplementary Table S3 from Invented cells"}]}, True),
        ({"relatedIdentifiers": [related("IsSupplementTo", "10.5555/a")]}, True),
        (
            {"relatedIdentifiers": [related("IsSupplementTo", "10.5555/a", resourceTypeGeneral="Dataset")]},
            False,
        ),
        ({"relatedIdentifiers": [related("IsSupplementTo", "10.5072/a")]}, False),
        ({"relatedIdentifiers": [related("IsSupplementedBy", "10.5555/a")]}, False),
    ],
)
def test_a_supplement_is_no_paper(given: dict[str, Any], *, is_one: bool) -> None:
    types = {"resourceTypeGeneral": "Text", "resourceType": "Journal contribution"}
    payload = json.dumps(datacite_record(1, types=types, **given)).encode()
    (record,) = datacite.parse_records(io.BytesIO(payload), NOW)
    if is_one and "relatedIdentifiers" not in given:
        with pytest.raises(RecordRejected, match="not-a-paper"):
            datacite.to_version(record)
    else:
        assert datacite.to_version(record).companion is is_one


def test_a_record_that_no_longer_names_a_paper_is_rejected() -> None:
    found = datacite_record(1, types={"resourceTypeGeneral": "Dataset"}, relatedIdentifiers=[])
    payload = json.dumps(found).encode()
    old = HarvestedRecord("datacite", "10.5072/invented.1#doi:10.5555/a", NOW, "application/json", payload)
    with pytest.raises(RecordRejected, match="not-a-paper"):
        datacite.to_version(old)


def test_the_next_page_is_taken_by_its_cursor_and_from_nowhere_else() -> None:
    links = {"next": "https://elsewhere.example.org/steal?page%5Bcursor%5D=abc%2C%2F%3D&page%5Bsize%5D=9"}
    page = datacite.parse_page(json.dumps({"data": [], "links": links}).encode(), NOW)
    assert page.next_cursor == "abc,/="
    url = datacite.page_url(Asked("datacite", "https://here.example.org", "cancer", page.next_cursor))
    assert url.startswith("https://here.example.org/dois?")
    assert "page%5Bcursor%5D=abc%2C%2F%3D" in url


@pytest.mark.parametrize("name", SOURCES)
def test_an_answer_of_another_form_is_told(name: str) -> None:
    for body in (b"{}", b"[]", b"null", b"7", b'"x"', b"<html>", b"", b'{"x": 1}'):
        with pytest.raises(SourceChanged):
            SOURCES[name].parse_page(body, NOW, ASKED[name])


@pytest.mark.parametrize(
    ("name", "body", "words"),
    [
        ("doaj", {"status": "bad_request", "error": "You cannot page so deep"}, "so deep"),
        ("openalex", {"error": "Invalid filter", "message": "Unknown filter field"}, "Unknown filter"),
        ("datacite", {"errors": [{"status": "400", "title": "Bad cursor"}]}, "Bad cursor"),
        ("datacite", {"errors": []}, "no reason given"),
    ],
)
def test_a_sources_own_words_are_passed_on(name: str, body: dict[str, Any], words: str) -> None:
    with pytest.raises(RequestRefused, match=words):
        SOURCES[name].parse_page(json.dumps(body).encode(), NOW, ASKED[name])


def test_datacite_titles_are_shown_in_english_where_there_is_one() -> None:
    titles = [
        {"title": "Eine erfundene Studie", "lang": "de"},
        {"title": "An invented study", "titleType": "TranslatedTitle", "lang": "en"},
        {"title": "Teil I", "titleType": "Subtitle", "lang": "de"},
    ]
    version = version_of(datacite, datacite_record(1, titles=titles, language="de"))
    assert (version.title, version.original_title) == ("An invented study", "Eine erfundene Studie: Teil I")
    version = version_of(datacite, datacite_record(1, titles=titles[:1], language="de"))
    assert (version.title, version.original_title) == ("Eine erfundene Studie", "")


def test_datacite_titles_have_their_subtitles() -> None:
    titles = [{"title": "Does it work?"}, {"title": "an invented study", "titleType": "Subtitle"}]
    assert version_of(datacite, datacite_record(1, titles=titles)).title == "Does it work? an invented study"
    titles[1]["lang"] = "fr"
    assert version_of(datacite, datacite_record(1, titles=[titles[0] | {"lang": "en"}, titles[1]])).title == (
        "Does it work?"
    )


def test_what_openalex_has_in_place_of_deleted_works_is_no_paper() -> None:
    with pytest.raises(RecordRejected, match="not-a-paper"):
        version_of(openalex, work(1, id="https://openalex.org/W4285719527", title="Deleted Work"))


def test_a_work_that_openalex_calls_retracted_is_no_notice_for_its_mark() -> None:
    short = {"title": "Retracted: Invented cells", "abstract_inverted_index": None}
    version = version_of(openalex, work(1, **short, is_retracted=True))
    assert [notice.kind for notice in version.notices] == [NoticeKind.RETRACTED]
    with pytest.raises(RecordRejected, match="not-a-paper"):
        version_of(openalex, work(1, **short))
