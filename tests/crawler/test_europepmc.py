"""Reading Europe PMC's records: the real ones, and invented ones that go wrong."""

import copy
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.fetching.page import Asked, RequestRefused
from crawler.sources import europepmc, read
from crawler.sources._europepmc_notices import told
from domain.errors import ConfigError, RecordRejected, SourceChanged
from domain.paper import AbstractKind, Link, LinkKind, Notice, NoticeKind, Version, VersionKind
from domain.record import HarvestedRecord

EXAMPLES = Path(__file__).parents[1] / "examples"
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def example(number: int) -> dict[str, Any]:
    answer = json.loads((EXAMPLES / "europepmc.json").read_text("utf-8"))
    return answer["resultList"]["result"][number]


def version(record: dict[str, Any]) -> Version:
    payload = json.dumps(record).encode()
    return europepmc.to_version(HarvestedRecord("europepmc", "x", NOW, "application/json", payload))


def test_a_full_record() -> None:
    paper = version(example(0))
    assert paper.title.startswith("Weekly against three-weekly exampletaxel in early")
    assert paper.identifiers.doi == "10.5555/invented.0001"
    assert (paper.identifiers.pmid, paper.identifiers.pmcid) == ("90000001", "PMC9900001")
    assert paper.language == "en"
    assert paper.published == "2023-03-09"
    assert [s.label for s in paper.abstracts[0].sections] == [
        "Background",
        "Methods",
        "Results",
        "Conclusions",
    ]
    assert paper.abstract(AbstractKind.PLAIN).text.startswith("Giving the medicine")  # type: ignore[union-attr]
    first, second, group = paper.authors
    assert (first.family, first.given, first.orcid) == ("Mwangi", "Amina", "0000-0002-1825-0097")
    assert [a.ror for a in first.affiliations] == ["https://ror.org/02y9nww90", None]
    assert second.affiliations[0].text == "Example Teaching Hospital, Lagos, Nigeria."
    assert (group.name, group.family) == ("Invented Breast Group", "")
    assert paper.journal is not None
    assert (paper.journal.title, paper.journal.volume, paper.journal.pages) == (
        "Journal of invented oncology",
        "12",
        "101-110",
    )
    assert paper.journal.issn == ("1234-5679", "2345-6786")
    assert paper.publication_types == ("Randomized Controlled Trial", "research-article", "Journal Article")
    assert paper.mesh[0].major
    assert paper.mesh[0].qualifiers == ("drug therapy",)
    assert not paper.mesh[1].major
    assert paper.licence is not None
    assert (paper.licence.code, paper.licence.field) == ("cc-by", "license")
    assert paper.open_access is True
    assert paper.links == (Link(LinkKind.PREPRINT, "ppr:PPR900001"),)
    assert [(n.kind, n.identifier) for n in paper.notices] == [(NoticeKind.CORRECTED, "pmid:90000099")]
    assert [(f.format, f.free) for f in paper.full_texts] == [("html", False), ("pdf", True)]


def test_versions_of_a_preprint_are_one() -> None:
    paper = version(example(1))
    assert paper.kind is VersionKind.PREPRINT
    assert paper.identifiers.other == ("ppr:PPR900001", "ppr:PPR900000")
    assert paper.links == (Link(LinkKind.ARTICLE, "pmid:90000001"),)
    assert paper.journal is not None
    assert paper.journal.title == "inventRxiv"
    assert not paper.notices


def test_a_retraction_and_its_notice_are_told_apart() -> None:
    retracted = version(example(2))
    assert retracted.notices == (Notice(NoticeKind.RETRACTED, "pmid:90000003", "Ann Invent. 2013;4:1"),)
    with pytest.raises(RecordRejected, match="not-a-paper"):
        version(example(3))


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("Retraction of", NoticeKind.RETRACTED),
        ("Expression of concern for", NoticeKind.CONCERN),
        ("Erratum for", NoticeKind.CORRECTED),
        ("Partial retraction of", NoticeKind.CORRECTED),
        ("Corrected and republished from", NoticeKind.CORRECTED),
        ("Comment on", None),
        ("Retraction in", None),
        ("Preprint of", None),
    ],
)
def test_what_a_record_says_of_others_goes_to_them(kind: str, expected: NoticeKind | None) -> None:
    others = [{"type": kind, "id": "7", "source": "MED"}, {"type": kind, "id": "99", "source": "MED"}]
    given = {
        "id": "99",
        "source": "MED",
        "title": "An invented paper",
        "commentCorrectionList": {"commentCorrection": others},
    }
    body = json.dumps({"hitCount": 1, "resultList": {"result": [given]}}).encode()
    asked = Asked("europepmc", "http://x", "x", None, 10, "")
    page = europepmc.parse_page(body, NOW, asked)
    assert page.records == tuple(europepmc.parse_records(io.BytesIO(body), NOW))
    assert page.count == 1
    assert [one.native_id for one in page.records] == ["MED:99"] + ["MED:99#pmid:7"] * bool(expected)
    for record in page.records[1:]:
        told = europepmc.to_version(record)
        assert (told.companion, told.title, list(told.identifiers.keys())) == (True, "", ["pmid:7"])
        assert told.notices == (Notice(expected, "pmid:99", told.notices[0].text),)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("types", "title"),
    [
        ("Published Erratum", "Invented statins"),
        ("Expression of Concern", "Invented statins"),
        ("Journal Article", "Erratum to: Invented statins"),
        ("Letter", "Statement of retraction: Invented statins"),
    ],
)
def test_a_notice_is_no_paper(types: str, title: str) -> None:
    with pytest.raises(RecordRejected, match="not-a-paper"):
        version({"title": title, "pubTypeList": {"pubType": [types]}})


@pytest.mark.parametrize("name", ["authMan", "epmcAuthMan", "nihAuthMan"])
def test_the_licence_of_an_authors_manuscript_is_not_the_articles(name: str) -> None:
    given = {"title": "x", "license": "cc by"}
    assert version({**given, name: "N"}).licence is not None
    assert version({**given, name: "Y"}).licence is None


@pytest.mark.parametrize(
    ("kind", "keys"), [("Journal Article", ()), ("Corrected and Republished Article", ("pmid:7",))]
)
def test_a_paper_printed_again_says_by_its_type_whether_it_was_corrected(
    kind: str, keys: tuple[str, ...]
) -> None:
    record = {
        "pubTypeList": {"pubType": [kind]},
        "commentCorrectionList": {
            "commentCorrection": [{"type": "Republished from", "id": "7", "source": "MED"}]
        },
    }
    assert tuple(told(record, "pmid:99")) == keys


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("Retraction in", NoticeKind.RETRACTED),
        ("Expression of concern in", NoticeKind.CONCERN),
        ("Erratum in", NoticeKind.CORRECTED),
        ("Corrected and republished in", NoticeKind.CORRECTED),
        ("Retraction of", None),
        ("Erratum for", None),
        ("Expression of concern for", None),
        ("Comment in", None),
        ("Update in", None),
        ("Corrected and republished from", None),
    ],
)
def test_each_type_of_correction(kind: str, expected: NoticeKind | None) -> None:
    record = {"title": "x", "commentCorrectionList": {"commentCorrection": [{"type": kind, "id": "1"}]}}
    assert [n.kind for n in version(record).notices] == ([expected] if expected else [])


def test_a_retraction_notice_is_never_retracted_whatever_its_list_says() -> None:
    record = example(3)
    record["commentCorrectionList"]["commentCorrection"].append({"type": "Retraction in", "id": "5"})
    with pytest.raises(RecordRejected, match="not-a-paper"):
        version(record)


def test_a_withdrawn_preprint_and_one_whose_later_version_is() -> None:
    assert [n.kind for n in version(example(4)).notices] == [NoticeKind.WITHDRAWN]
    older = example(1)
    older["versionList"]["version"].append(
        {"versionNumber": 3, "pubTypeList": {"pubType": ["preprint-removal"]}}
    )
    assert [n.kind for n in version(older).notices] == [NoticeKind.WITHDRAWN]


def test_dates_are_no_more_precise_than_their_source() -> None:
    assert [version(example(n)).published for n in (0, 2, 5, 6)] == [
        "2023-03-09",
        "2012",
        "2019",
        "2020",
    ]


def test_the_first_author_has_the_affiliation_that_stands_apart() -> None:
    assert version(example(2)).authors[0].affiliations[0].text.startswith("Department of Examples")


def test_an_author_may_have_an_affiliation_alone_as_before_2020() -> None:
    author = {"fullName": "Nemo C", "lastName": "Nemo", "initials": "C", "affiliation": "Nowhere, Oslo."}
    found = version({**example(0), "authorList": {"author": author}})
    assert [place.text for place in found.authors[0].affiliations] == ["Nowhere, Oslo."]


@pytest.mark.parametrize(
    ("printed", "name", "family", "initials"),
    [
        ("Nemo C", "C Nemo", "Nemo", "C"),
        ("van der Nemo JSAB", "JSAB van der Nemo", "van der Nemo", "JSAB"),
        ("Ö. Némo-Ünal ÅB", "ÅB Ö. Némo-Ünal", "Ö. Némo-Ünal", "ÅB"),
        ("Nemo JP Jr", "JP Nemo Jr", "Nemo", "JP"),
        ("Nemo J-P", "J-P Nemo", "Nemo", "J-P"),
        ("INVENT Group", "INVENT Group", "", ""),
        ("Invented Study Group UK", "Invented Study Group UK", "", ""),
        ("INVENT II", "INVENT II", "", ""),
        ("Nemo", "Nemo", "", ""),
        ("王小明", "王小明", "", ""),
    ],
)
def test_names_of_a_lite_answer_are_family_and_initials(
    printed: str, name: str, family: str, initials: str
) -> None:
    lite = {"id": "1", "source": "MED", "pmid": "1", "title": "An invented title"}
    first, second = version({**lite, "authorString": f"{printed}, Nobody X."}).authors
    assert (first.name, first.family, first.given, first.initials) == (name, family, initials, initials)
    assert (second.name, second.family) == ("X Nobody", "Nobody")


def test_a_meeting_abstract_in_a_record_of_odd_types() -> None:
    paper = version(example(6))
    assert paper.kind is VersionKind.ABSTRACT
    assert paper.identifiers.pmid == "90000007"
    assert [a.name for a in paper.authors] == ["K Lee", "P Novak"]


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b'{"id":"1","source":"MED","title":" "}', "no-title"),
        (b'{"id":"1","source":"MED","title":{"a":1}}', "no-title"),
        (b'{"id":"1","source":"PAT","title":"A patent"}', "not-a-paper"),
        (b'{"id":"1","source":"ETH","title":"A thesis"}', "not-a-paper"),
        (b'["title"]', "malformed"),
        (b'{"title":"cut', "malformed"),
        (b'{"title":"\xff\xfe"}', "malformed"),
        (b'{"title":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "malformed"),
    ],
)
def test_rejections_have_stable_reasons(payload: bytes, reason: str) -> None:
    with pytest.raises(RecordRejected) as rejected:
        europepmc.to_version(HarvestedRecord("europepmc", "MED:1", NOW, "application/json", payload))
    assert rejected.value.reason == reason


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    children = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, child in children:
        yield from places(child, (*path, key))


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_whatever_is_put_anywhere_a_record_is_read_or_rejected(data: st.DataObject) -> None:
    record = copy.deepcopy(example(data.draw(st.sampled_from([0, 1, 2, 6]))))
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from([p for p in places(record) if p]))
        holder = record
        for key in path[:-1]:
            holder = holder[key]
        holder[path[-1]] = data.draw(VALUES)
    payload = json.dumps(record).encode("utf-8", "surrogatepass")
    reason = ""
    try:
        found = read(HarvestedRecord("europepmc", "x", NOW, "application/json", payload))
    except RecordRejected as rejected:
        reason = rejected.reason
    assert reason in {"no-title", "malformed", "not-a-paper"} or found.title


def test_every_real_record_is_read(shared_data: Path) -> None:
    paths = [p for p in (shared_data / "api-europepmc").rglob("*.json") if b'"resultList"' in p.read_bytes()]
    records = [r for p in paths for r in europepmc.parse_records(io.BytesIO(p.read_bytes()), NOW)]
    versions = [read(record) for record in records]
    assert len(versions) >= 20
    assert all(v.title and v.published and any(v.identifiers.keys()) for v in versions)
    full = next(v for v in versions if v.identifiers.pmid == "41744547")
    assert full.published == "2026-02-02"
    assert full.authors[0].orcid == "0000-0003-3617-2691"
    assert len(full.grants) == 5
    assert full.licence is not None
    assert full.licence.code == "cc-by"
    # firstPublicationDate, though journalInfo has a blank date and the year 0
    assert next(v for v in versions if v.identifiers.pmcid == "PMC13013079").published == "2026-03-26"


def test_json_lines_and_answers_are_both_read() -> None:
    whole = (EXAMPLES / "europepmc.json").read_bytes()
    records = json.loads(whole)["resultList"]["result"]
    lines = b"\xef\xbb\xbf" + b"\n\n".join(json.dumps(r).encode() for r in records) + b"\n"
    one_line = json.dumps(json.loads(whole)).encode()
    ids = [f"{r['source']}:{r['id']}" for r in records]
    for body in (whole, lines, one_line):
        found = [r.native_id for r in europepmc.parse_records(io.BytesIO(body), NOW)]
        assert [one for one in found if "#" not in one] == ids


def test_a_page_keeps_the_bytes_of_each_record() -> None:
    body = b'{"hitCount":"2","nextCursorMark":"abc","resultList":{"result":[{"id":1,"source":"MED" },"odd"]}}'
    page = europepmc.parse_page(body, NOW)
    assert [r.payload for r in page.records] == [b'{"id":1,"source":"MED" }', b'"odd"']
    assert (page.next_cursor, page.total) == ("abc", 2)
    assert page.records[1].native_id.startswith("sha256:")


@pytest.mark.parametrize("end", ["", ',"nextCursorMark":null', ',"nextCursorMark":""'])
def test_the_last_page_names_no_other(end: str) -> None:
    body = f'{{"hitCount":1{end},"resultList":{{"result":{{"id":"1","source":"MED"}}}}}}'.encode()
    page = europepmc.parse_page(body, NOW)
    assert page.next_cursor is None
    assert len(page.records) == 1


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b"{}", b'{"resultList":3}', b'{"resultList":{"result":[{}']
)
def test_what_is_no_answer_says_so(body: bytes) -> None:
    with pytest.raises(SourceChanged):
        europepmc.parse_page(body, NOW)


def test_a_page_cut_anywhere_is_never_a_short_page() -> None:
    body = json.dumps(json.loads((EXAMPLES / "europepmc.json").read_text("utf-8"))).encode()
    for end in range(0, len(body) - 1, 7):
        with pytest.raises(SourceChanged):
            europepmc.parse_page(body[:end], NOW)


def test_its_own_errors_are_refusals() -> None:
    with pytest.raises(RequestRefused) as refusal:
        europepmc.parse_page(b'{"errCode":404,"errMsg":"The cursorMark has expired"}', NOW)
    assert refusal.value.status == 404


def test_the_address_of_a_page() -> None:
    url = europepmc.page_url(Asked("europepmc", "http://127.0.0.1/rest/", "a AND (b)", "AoI=+/", 5000))
    assert parse_qs(urlsplit(url).query) == {
        "query": ["a AND (b)"],
        "resultType": ["core"],
        "format": ["json"],
        "cursorMark": ["AoI=+/"],
        "pageSize": ["1000"],
    }


def test_a_window_of_days() -> None:
    assert europepmc.window("a OR b", None, None) == "a OR b"
    assert (
        europepmc.window("a OR b", "2024-02-29", None)
        == "(a OR b) AND UPDATE_DATE:[2024-02-29 TO 3000-12-31]"
    )
    for wrong in ("2023-02-29", "2024", "yesterday", "2024-01-01] OR ["):
        with pytest.raises(ConfigError):
            europepmc.window("a", wrong, None)


def test_a_paper_with_its_retraction_is_no_notice_for_its_mark() -> None:
    record: dict[str, Any] = {"title": "Retracted: Invented cells"}
    with pytest.raises(RecordRejected, match="not-a-paper"):
        version(record)
    record["commentCorrectionList"] = {"commentCorrection": [{"type": "Retraction in", "id": "1"}]}
    assert [notice.kind for notice in version(record).notices] == [NoticeKind.RETRACTED]
