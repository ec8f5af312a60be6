"""Unpaywall: one DOI at a time, and whose licence a copy's is."""

import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from crawler.fetching.page import Asked, RequestRefused
from crawler.sources import LookupSource, load_source, unpaywall
from domain.errors import ConfigError, FindingsError, RecordRejected, SourceChanged
from domain.paper import Version
from tests.crawler.damage import damaged
from tests.crawler.replay_unpaywall import known, serve

NOW = datetime(2026, 1, 1, tzinfo=UTC)
EXAMPLE = Path(__file__).parents[1] / "examples" / "unpaywall.json"


def asked(doi: str, contact: str = "node@findings.example") -> Asked:
    return Asked("unpaywall", "https://api.unpaywall.org/v2", "", cursor=doi, contact=contact)


def read(**fields: Any) -> Version:
    body = json.dumps(known("10.5555/a", **fields)).encode()
    (record,) = unpaywall.parse_page(body, NOW, asked("10.5555/A")).records
    return unpaywall.to_version(record)


def copy(**fields: Any) -> dict[str, Any]:
    given = {"url": "https://copy.example/a", "url_for_landing_page": "https://copy.example/a"}
    return {**given, "version": "publishedVersion", "license": "cc-by", **fields}


def test_it_is_asked_about_one_doi_by_someone_with_an_address() -> None:
    url = unpaywall.page_url(asked("10.1002/(sici)1<2:a#b>3.0.co;2-t"))
    base = "https://api.unpaywall.org/v2/10.1002/%28sici%291%3C2%3Aa%23b%3E3.0.co%3B2-t"
    assert url == f"{base}?email=node%40findings.example"
    for contact in ("", "https://findings.example"):
        with pytest.raises(ConfigError, match="e-mail"):
            unpaywall.page_url(asked("10.5555/a", contact))
    assert isinstance(load_source("unpaywall"), LookupSource)
    assert unpaywall.window("as it is", None, None) == "as it is"


def test_what_is_known_is_a_companion_of_the_paper() -> None:
    version = read()
    assert (version.companion, version.title, version.identifiers.doi) == (True, "", "10.5555/a")
    assert version.licence is not None
    assert (version.licence.code, version.open_access) == ("cc-by", True)
    assert [(t.format, t.free) for t in version.full_texts] == [("pdf", True), ("html", True)]


def test_closed_is_said_to_be_closed() -> None:
    version = read(is_oa=False, best_oa_location=None, oa_locations=[])
    assert (version.open_access, version.licence, version.full_texts) == (False, None, ())


@pytest.mark.parametrize(
    ("best", "others", "code"),
    [
        (copy(version="submittedVersion"), [], None),
        (copy(version="acceptedVersion"), [copy(license="cc-by-nc")], "cc-by-nc"),
        (copy(license="implied-oa"), [], None),
        (copy(license=None), [copy(license="cc0")], "cc0"),
        (copy(license="pd"), [], "public-domain"),
        (copy(license="publisher-specific, author manuscript"), [], "other"),
        (copy(license="cc-by-nc-nd"), [copy(license="cc-by")], "cc-by-nc-nd"),
    ],
)
def test_only_a_published_copy_gives_the_articles_licence(
    best: dict[str, Any], others: list[dict[str, Any]], code: str | None
) -> None:
    found = read(best_oa_location=best, oa_locations=others).licence
    assert (found.code if found else None) == code


def test_refusals_are_its_own_words() -> None:
    """An address that it does not take is a closed door, whatever its status says."""
    told = ((404, "isn't in Unpaywall", 404), (422, "your own email address", 401), (422, "no DOI", 422))
    for status, words, meant in told:
        body = json.dumps({"HTTP_status_code": status, "error": True, "message": words}).encode()
        with pytest.raises(RequestRefused, match=words) as caught:
            unpaywall.parse_page(body, NOW, asked("10.5555/a"))
        assert caught.value.status == meant


def test_an_answer_about_another_paper_is_none() -> None:
    body = json.dumps(known("10.5555/b")).encode()
    with pytest.raises(SourceChanged, match=r"10\.5555/b"):
        unpaywall.parse_page(body, NOW, asked("10.5555/a"))
    for damaged_body in (b"", b"[]", b"{}", b"<html>", body[:-2]):
        with pytest.raises(SourceChanged):
            unpaywall.parse_page(damaged_body, NOW, asked("10.5555/a"))


def test_a_saved_search_by_title_holds_a_record_for_each_paper_found() -> None:
    found = [{"response": known(doi), "score": 1.0, "snippet": "s"} for doi in ("10.5555/a", "10.5555/b")]
    body = json.dumps({"results": found, "elapsed_seconds": 0.1}).encode()
    records = unpaywall.parse_records(io.BytesIO(body), NOW)
    assert [record.native_id for record in records] == ["10.5555/a", "10.5555/b"]
    with pytest.raises(SourceChanged):
        unpaywall.parse_page(body, NOW, asked("10.5555/a"))


def test_the_recorded_answer_is_read(shared_data: Path) -> None:
    body = (shared_data / "api-unpaywall" / "unpaywall_lookup.json").read_bytes()
    assert unpaywall.recognises(body[:8192])
    (record,) = unpaywall.parse_records(io.BytesIO(body), NOW)
    version = unpaywall.to_version(record)
    assert (version.identifiers.doi, version.open_access, version.licence) == (
        "10.1038/nature12373",
        True,
        None,
    )
    assert version.full_texts[0].url == "https://www.nature.com/articles/nature12373.pdf"
    assert record.revised == "2026-03-20"


@settings(max_examples=200, deadline=None)
@given(damaged(EXAMPLE.read_bytes(), [b"[]", b"{}", b"null", b'"', b"\xff"]))
def test_damage_costs_no_more_than_an_error_of_ours(body: bytes) -> None:
    try:
        for record in unpaywall.parse_records(io.BytesIO(body), NOW):
            try:
                unpaywall.to_version(record)
            except RecordRejected as rejected:
                assert rejected.reason in {"malformed", "no-identifier"}  # noqa: PT017
    except FindingsError:
        pass


def test_the_replay_knows_its_dois_and_no_others() -> None:
    from urllib.error import HTTPError
    from urllib.request import urlopen

    with serve(2) as server:
        for doi, status in (("10.5555/invented.2", 200), ("10.5555/invented.3", 404)):
            url = unpaywall.page_url(Asked("unpaywall", server.base_url, "", cursor=doi, contact="a@b.org"))
            try:
                with urlopen(url) as answer:
                    assert answer.status == status
                    page = unpaywall.parse_page(answer.read(), NOW, asked(doi))
                    assert [record.native_id for record in page.records] == [doi]
            except HTTPError as error:
                assert error.code == status  # noqa: PT017
