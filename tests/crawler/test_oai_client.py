"""The strict OAI-PMH client on single answers: nothing but whole pages, and ends only with evidence."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.fetching.page import Asked, Page, RequestRefused
from crawler.replay import Request
from crawler.sources import oai, pmc
from crawler.sources._oai_record import unique_id
from domain.errors import ConfigError, FindingsError, RecordRejected, SourceChanged
from tests.crawler.damage import damaged
from tests.crawler.replay_oai import Kept, OaiReplay, dublin_core, invented

NOW = datetime(2026, 1, 1, tzinfo=UTC)
QUERY = "metadataPrefix=oai_dc"


def asked(cursor: str | None = None, query: str = QUERY) -> Asked:
    return Asked("oai", "https://repository.example.org/oai", query, cursor)


def answer(server: OaiReplay, given: Asked) -> bytes:
    """What the server says to the request that the client makes."""
    parts = urlsplit(oai.page_url(given))
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    return server.answer(Request(0.0, parts.path, query, {}), None).body


def first_page(records: list[Kept], **options: Any) -> tuple[bytes, Page]:
    body = answer(OaiReplay(records, **options), asked())
    return body, oai.parse_page(body, NOW, asked())


def envelope(inside: str, before: str = "") -> bytes:
    return (
        f'<?xml version="1.0"?>{before}<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
        f"<responseDate>2024-03-01T00:00:00Z</responseDate><request/>{inside}</OAI-PMH>"
    ).encode()


def record(number: int, metadata: str = "", stamp: str = "2024-01-01") -> str:
    return (
        f"<record><header><identifier>oai:a.example.org:{number}</identifier><datestamp>{stamp}</datestamp>"
        f"</header><metadata>{metadata or dublin_core(number)}</metadata></record>"
    )


def listing(*records: str, token: str = "") -> bytes:
    return envelope(f"<ListRecords>{''.join(records)}{token}</ListRecords>")


def test_a_page_cut_anywhere_is_never_taken() -> None:
    body, page = first_page(invented(25))
    assert len(page.records) == 10
    assert len(body) > 6000
    for length in range(len(body)):
        with pytest.raises(SourceChanged):
            oai.parse_page(body[:length], NOW, asked())


@pytest.mark.parametrize("token", ['<resumptionToken completeListSize="2"/>', ""])
def test_an_only_page_cut_anywhere_is_never_taken(token: str) -> None:
    body = listing(record(1), record(2), token=token)
    assert len(oai.parse_page(body, NOW, asked()).records) == 2
    for length in range(len(body)):
        with pytest.raises(SourceChanged):
            oai.parse_page(body[:length], NOW, asked())


def test_a_page_with_a_record_that_is_not_well_formed_cut_anywhere_is_never_taken() -> None:
    body = listing(record(1), record(2, "<dc>a & b</dc>"), token="<resumptionToken>x</resumptionToken>")
    assert len(oai.parse_page(body, NOW, asked()).records) == 2
    for length in range(len(body)):
        with pytest.raises(SourceChanged):
            oai.parse_page(body[:length], NOW, asked())


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        ("<dc>a & b</dc>", "malformed"),
        ("<dc>\x0b</dc>", "malformed"),
        ("<dc>&eacute;</dc>", "no-title"),  # a name that HTML has is read, and tells no title
        ("<dc>&nobodys;</dc>", "malformed"),
        ("<dc><b></dc>", "malformed"),
        ("<x:dc>unbound</x:dc>", "malformed"),
    ],
)
def test_a_record_that_cannot_be_read_costs_itself_only(damage: str, reason: str) -> None:
    body = listing(record(1), record(2, damage), record(3), token='<resumptionToken completeListSize="3"/>')
    page = oai.parse_page(body, NOW, asked())
    own = "oai:repository.example.org/oai:a.example.org"  # another's identifiers, kept as this one's copies
    assert [one.native_id for one in page.records] == [f"{own}:{n}" for n in (1, 2, 3)]
    assert (page.next_cursor, page.total, page.doubt) == (None, 3, "")
    assert [oai.to_version(page.records[n]).title[:15] for n in (0, 2)] == ["Invented paper "] * 2
    with pytest.raises(RecordRejected, match=reason):
        oai.to_version(page.records[1])


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_damage_gives_a_page_or_an_error_of_ours(data: st.DataObject) -> None:
    whole = listing(record(1), record(2), record(3), token="<resumptionToken>x</resumptionToken>")
    pieces = [
        b"<record>",
        b"</record>",
        b"<resumptionToken/>",
        b"<!DOCTYPE a>",
        b"</OAI-PMH>",
        b"\x00",
        b"]]>",
    ]
    body = data.draw(damaged(whole, pieces))
    try:
        page = oai.parse_page(body, NOW, asked())
    except FindingsError:
        return
    for one in page.records:
        try:
            oai.to_version(one)
        except RecordRejected:
            continue


@pytest.mark.parametrize(
    "before",
    [
        "<!DOCTYPE OAI-PMH>",
        '<!DOCTYPE a [<!ENTITY x "y">]>',
        '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd">',
    ],
)
def test_a_document_type_is_refused(before: str) -> None:
    with pytest.raises(SourceChanged):
        oai.parse_page(envelope(f"<ListRecords>{record(1)}</ListRecords>", before), NOW, asked())


@pytest.mark.parametrize(
    "body",
    [b"", b"<html><body>Maintenance</body></html>", b"<OAI-PMH/>", b"{}", b"<rss/>", envelope("<ListSets/>")],
)
def test_what_is_no_list_is_told(body: bytes) -> None:
    with pytest.raises(SourceChanged):
        oai.parse_page(body, NOW, asked())


def test_blank_lines_before_the_declaration_do_no_harm() -> None:
    assert len(oai.parse_page(b"\n\n " + listing(record(1)), NOW, asked()).records) == 1


def test_a_prefix_for_the_protocol_is_as_good_as_none() -> None:
    body = (
        '<o:OAI-PMH xmlns:o="http://www.openarchives.org/OAI/2.0/"><o:ListRecords><o:record><o:header>'
        "<o:identifier>oai:a.example.org:1</o:identifier><o:datestamp>2024-01-01</o:datestamp></o:header>"
        f"<o:metadata>{dublin_core(1)}</o:metadata></o:record><o:resumptionToken>t</o:resumptionToken>"
        "</o:ListRecords></o:OAI-PMH>"
    ).encode()
    page = oai.parse_page(body, NOW, asked())
    assert page.next_cursor is not None
    assert oai.to_version(page.records[0]).title == "Invented paper 1 on breast cancer"


@pytest.mark.parametrize(
    "code", ["badResumptionToken", "badArgument", "cannotDisseminateFormat", "noSetHierarchy", "badVerb"]
)
def test_errors_of_the_protocol_are_refusals(code: str) -> None:
    with pytest.raises(RequestRefused, match=f"{code} because"):
        oai.parse_page(envelope(f'<error code="{code}">because</error>'), NOW, asked())


def test_no_records_is_an_honest_end_of_a_list_that_begins() -> None:
    body = envelope('<error code="noRecordsMatch"/>')
    page = oai.parse_page(body, NOW, asked())
    assert (page.records, page.next_cursor, page.total, page.doubt) == ((), None, 0, "")
    assert "without the empty resumption token" in oai.parse_page(body, NOW, asked("token=t&seen=10")).doubt
    assert "nothing was found from" in oai.parse_page(body, NOW, asked("since=2024-01-05")).doubt


@pytest.mark.parametrize(
    ("cursor", "token", "doubt"),
    [
        ("token=t&seen=10", "<resumptionToken/>", ""),
        ("token=t&seen=10", "", "without the empty resumption token"),
        ("token=t&seen=10&total=12", "", ""),
        ("token=t&seen=10&total=13", "", "1 records short of the 13"),
        ("token=t&seen=10&total=99", "<resumptionToken/>", "87 records short of the 99"),
        ("token=t&seen=10", "<resumptionToken>t</resumptionToken>", "the same resumption token"),
        (None, '<resumptionToken completeListSize="40"/>', "38 records short of the 40"),
        (None, "", ""),
    ],
)
def test_how_a_list_may_end(cursor: str | None, token: str, doubt: str) -> None:
    page = oai.parse_page(listing(record(1), record(2), token=token), NOW, asked(cursor))
    assert page.next_cursor is None
    assert (doubt in page.doubt) if doubt else page.doubt == ""


def test_an_empty_page_with_a_token_is_asked_for_again() -> None:
    with pytest.raises(SourceChanged, match="an empty page that is not the last"):
        oai.parse_page(listing(token="<resumptionToken>t</resumptionToken>"), NOW, asked())


def test_a_single_page_without_a_token_is_confirmed() -> None:
    server = OaiReplay(invented(12), page=12)
    page = oai.parse_page(answer(server, asked()), NOW, asked())
    questions = []
    while page.next_cursor:
        questions.append(asked(page.next_cursor))
        page = oai.parse_page(answer(server, questions[-1]), NOW, questions[-1])
    assert page == Page((), None, step=True)
    told = [parse_qs(urlsplit(oai.page_url(one)).query) for one in questions]
    assert [(one["verb"], one.get("from"), one.get("until")) for one in told] == [
        (["ListIdentifiers"], None, None),
        (["ListRecords"], None, ["2024-01-01T10:00:05Z"]),
        (["ListRecords"], ["2024-01-01T10:00:06Z"], None),
    ]
    # What does not understand "from" or "until" takes nothing back of what the identifiers said.
    for end in questions[1:]:
        for other in (answer(server, asked()), server.refusal().body):
            assert oai.parse_page(other, NOW, end).doubt == ""
    server.records = [*invented(13), replace(invented(1)[0], identifier="oai:repository.example.org:0")]
    for question in questions:
        assert "not the whole list" in oai.parse_page(answer(server, question), NOW, question).doubt


def questions_on(server: OaiReplay) -> list[Asked]:
    """What is asked about a list of one page."""
    page, questions = oai.parse_page(answer(server, asked()), NOW, asked()), []
    while page.next_cursor:
        questions.append(asked(page.next_cursor))
        page = oai.parse_page(answer(server, questions[-1]), NOW, questions[-1])
    return questions


def test_a_part_with_fewer_records_is_no_sign_of_a_cut() -> None:
    """One may have changed since; or the repository keeps fractions of seconds and ends before the last."""
    server = OaiReplay(invented(12), page=12)
    _, earlier, later = questions_on(server)
    for gone, question in ((0, earlier), (11, later)):
        server.records = [one for number, one in enumerate(invented(12)) if number != gone]
        assert oai.parse_page(answer(server, question), NOW, question) == Page((), None, step=True)
        server.records.append(
            replace(invented(12)[5 + (gone > 0)], identifier="oai:repository.example.org:0")
        )
        assert "have come since" in oai.parse_page(answer(server, question), NOW, question).doubt


def test_a_part_that_is_refused_leaves_the_word_of_the_identifiers() -> None:
    server = OaiReplay(invented(12), page=12)
    first, *parts = questions_on(server)
    for part in parts:
        again = asked(oai.fall_back(part))
        assert oai.page_url(again) == oai.page_url(first)
        assert oai.parse_page(answer(server, again), NOW, again) == Page((), None, step=True)
        assert oai.fall_back(again) is None


def test_identifiers_may_come_on_smaller_pages_than_records() -> None:
    server = OaiReplay(invented(12), page=12)
    first, *_ = questions_on(server)
    server.page = 5
    page = oai.parse_page(answer(server, first), NOW, first)
    assert page.doubt == ""
    assert page.next_cursor


def test_deleted_records_are_told() -> None:
    records = invented(4)
    records[2] = Kept(records[2].identifier, records[2].datestamp, deleted=True)
    _, page = first_page(records)
    assert (len(page.records), page.deleted) == (3, (records[2].identifier,))


def test_a_token_travels_alone() -> None:
    address = oai.page_url(
        asked("token=a%2Fb+c%26d&last=2024-01-05", "metadataPrefix=oai_dc&set=x&from=2024-01-01")
    )
    assert parse_qs(urlsplit(address).query) == {"verb": ["ListRecords"], "resumptionToken": ["a/b c&d"]}


def test_an_address_with_a_query_of_its_own_keeps_it() -> None:
    given = Asked("oai", "https://example.org/index.php?page=oai", QUERY)
    assert (
        oai.page_url(given) == "https://example.org/index.php?page=oai&verb=ListRecords&metadataPrefix=oai_dc"
    )


@pytest.mark.parametrize(("seconds", "until"), [(True, "2024-01-03T23:59:59Z"), (False, "2024-01-03")])
def test_the_repository_granularity_is_respected(*, seconds: bool, until: str) -> None:
    server = OaiReplay(invented(40, seconds=seconds), seconds=seconds)
    query = oai.window(QUERY, "2024-01-02", "2024-01-03")
    begin = asked(None, query)
    assert oai.page_url(begin).endswith("?verb=Identify")
    page = oai.parse_page(answer(server, begin), NOW, begin)
    assert page.step
    following = asked(page.next_cursor, query)
    assert parse_qs(urlsplit(oai.page_url(following)).query)["until"] == [until]
    assert oai.parse_page(answer(server, following), NOW, following).total == 14


def test_a_server_that_does_not_identify_itself_is_asked_in_days() -> None:
    begin = asked(None, oai.window(QUERY, "2024-01-02", "2024-01-03"))
    page = oai.parse_page(envelope('<error code="badVerb"/>'), NOW, begin)
    assert "until=2024-01-03" in oai.page_url(asked(page.next_cursor, begin.query))


@pytest.mark.parametrize(
    ("cursor", "again"),
    [
        ("token=t&last=2024-01-05", "since=2024-01-05"),
        ("token=t&last=2024-01-05T10%3A00%3A00Z&since=2024-01-01", "since=2024-01-05T10%3A00%3A00Z"),
        ("token=t&mixed=1", None),
        ("token=t", None),
        ("since=2024-01-05", None),
        ("token=t&mixed=1&set=1", "set=1"),
    ],
)
def test_where_a_list_is_taken_up_again(cursor: str, again: str | None) -> None:
    assert oai.fall_back(asked(cursor)) == again


def test_a_day_is_begun_again() -> None:
    given = Asked(
        "pmc",
        "https://example.org",
        "metadataPrefix=pmc",
        "token=t&last=2024-01-05&day=2024-01-05&end=2024-01-09",
    )
    assert pmc.fall_back(given) == "day=2024-01-05&end=2024-01-09"


def test_datestamps_that_do_not_rise_are_no_place_to_go_on_from() -> None:
    token = "<resumptionToken>t</resumptionToken>"
    body = listing(record(1, stamp="2024-01-05"), record(2, stamp="2024-01-03"), token=token)
    cursor = oai.parse_page(body, NOW, asked()).next_cursor
    assert oai.fall_back(asked(cursor)) is None
    rising = listing(record(1, stamp="2024-01-03"), record(2, stamp="2024-01-05"), token=token)
    assert oai.fall_back(asked(oai.parse_page(rising, NOW, asked()).next_cursor)) == "since=2024-01-05"


@pytest.mark.parametrize(
    ("query", "since", "words"),
    [
        ("breast cancer", None, "--query"),
        ("metadataPrefix=oai_dc&q=cancer", None, "OAI-PMH cannot search"),
        ("metadataPrefix=a&metadataPrefix=b", None, "--query"),
        (QUERY, "2024-13-01", "--since"),
        (QUERY, "20240101", "--since"),
    ],
)
def test_a_wrong_query_is_told(query: str, since: str | None, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        oai.window(query, since, None)


def test_the_window_keeps_sets_and_format() -> None:
    assert oai.window("set=a:b&set=c&metadataPrefix=jats", "2024-01-01", None) == (
        "set=a:b&set=c&metadataPrefix=jats&from=2024-01-01"
    )
    assert oai.window("", None, "2024-01-01") == "metadataPrefix=oai_dc&until=2024-01-01"


@pytest.mark.parametrize(
    ("identifier", "unique"),
    [
        ("oai:arXiv.org:1810.09584", "oai:arXiv.org:1810.09584"),
        ("oai:generic.eprints.org:12", "oai:r.example.org/oai:generic.eprints.org:12"),
        ("oai:ojs.pkp.sfu.ca:article/12", "oai:r.example.org/oai:ojs.pkp.sfu.ca:article/12"),
        ("oai:localhost:12", "oai:r.example.org/oai:localhost:12"),
        ("oai:repo:12", "oai:r.example.org/oai:repo:12"),
        ("12", "oai:r.example.org/12"),
        ("", ""),
    ],
)
def test_identifiers_are_unique_in_the_world(identifier: str, unique: str) -> None:
    assert unique_id(identifier, "https://r.example.org:8080/oai") == unique


def test_a_record_too_large_is_one_record() -> None:
    huge = "<dc>" + "x" * ((16 << 20) + 10) + "</dc>"
    page = oai.parse_page(listing(record(1), record(2, huge), record(3)), NOW, asked())
    assert len(page.records) == 3
    with pytest.raises(RecordRejected):
        oai.to_version(page.records[1])


def test_recorded_answers_of_zenodo(shared_data: Path) -> None:
    tapes = shared_data / "oai-pmh" / "zenodo-cassettes"
    seen: dict[str, int] = {}
    for tape in ("list_records.yaml",):
        for one in yaml.safe_load((tapes / tape).read_text("utf-8"))["interactions"]:
            body = one["response"]["body"].get("content", "").encode()
            listed = body.count(b"<identifier>oai:")
            try:
                page = oai.parse_page(
                    body, NOW, asked("token=t&seen=0" if "resumption" in one["request"]["uri"] else None)
                )
            except RequestRefused as refusal:
                code = re.sub(r".*\): (\w+).*", r"\1", str(refusal))
                seen[code] = seen.get(code, 0) + 1
            except SourceChanged:
                seen["no list"] = seen.get("no list", 0) + 1
            else:
                assert len(page.records) + len(page.deleted) == listed
                seen["pages"] = seen.get("pages", 0) + 1
    assert seen["badResumptionToken"] == 1
    assert seen["badArgument"] == 1
    assert "no list" not in seen
    assert seen["pages"] == 10


def test_zenodo_ends_lists_without_a_token(shared_data: Path) -> None:
    """So its lists are whole only by the count it announced."""
    tape = shared_data / "oai-pmh" / "zenodo-cassettes" / "list_records.yaml"
    bodies = [
        i["response"]["body"]["content"] for i in yaml.safe_load(tape.read_text("utf-8"))["interactions"]
    ]
    last = next(
        b for b in bodies if "<request resumptionToken" in b and "</resumptionToken>" not in b
    ).encode()
    count = last.count(b"<record>")
    assert oai.parse_page(last, NOW, asked(f"token=t&seen=50&total={50 + count}")).doubt == ""
    assert "short" in oai.parse_page(last, NOW, asked("token=t&seen=50&total=8091628")).doubt
