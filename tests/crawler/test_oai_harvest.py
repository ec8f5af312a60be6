"""Whole harvests by OAI-PMH: every list ends truly, whatever happens to its tokens."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast
from urllib.parse import parse_qsl, urlsplit

import pytest

from crawler.fetching.exchange import Exchange
from crawler.fetching.page import Answer, Asked
from crawler.fetching.paging import Pager
from crawler.fetching.patience import Patience
from crawler.harvest import HarvestReport, harvest
from crawler.replay import Fault, FaultKind, Reply, Request
from crawler.sources import load_source
from domain.errors import SourceError
from domain.ports import Catalog
from domain.record import Checkpoint
from tests.crawler import replay_arxiv, replay_pmc
from tests.crawler.replay_oai import Kept, OaiReplay, Refused, dublin_core, invented, serve

QUICK = Patience(
    page_size=10,
    requests_per_second=500,
    retries=2,
    timeout=5,
    max_wait=30,
    first_wait=0.01,
    max_page_bytes=1 << 22,
)


def run(server: OaiReplay, catalog: Catalog, source: str = "oai", **options: Any) -> HarvestReport:
    options.setdefault("patience", QUICK)
    return harvest(source, catalog, base_url=server.base_url, **options)


class Line:
    """A straight line to a server, in place of HTTP, which takes too long for hundreds of harvests."""

    patience = replace(QUICK, page_size=2)

    def __init__(self, server: OaiReplay) -> None:
        self.server = server

    async def answer(self, url: str, headers: Mapping[str, str] | None = None) -> Answer:
        """The server's answer."""
        del headers
        parts = urlsplit(url)
        return Answer(200, self.server.reply(Request(0.0, parts.path, dict(parse_qsl(parts.query)), {})).body)

    async def wait(self, seconds: float, reason: str) -> None:
        """Do not."""


def walk(
    server: OaiReplay,
    saved: Checkpoint | None = None,
    query: str = "metadataPrefix=oai_dc",
    source: str = "oai",
) -> tuple[set[str], bool, Checkpoint]:
    """The ids that one run gets, whether it calls the list whole, and where it stands."""
    asked = Asked(source, "http://repository.example.org/oai", query)
    pager = Pager(cast("Any", load_source(source)), cast("Exchange", Line(server)), asked, saved)
    ids: set[str] = set()

    async def to_the_end() -> bool:
        try:
            while (page := await pager.next_page(None)) is not None:
                pager.advance(page)
                ids.update(record.native_id for record in page.records)
                ids.update(page.deleted)
        except SourceError:
            return False
        missing = (pager.expected or 0) - pager.seen
        return not pager.problem and missing <= 0.01 * (pager.expected or 0)

    whole = asyncio.run(to_the_end())
    place = Checkpoint(source, "scope", pager.cursor, whole, pager.pages, pager.expected, pager.seen)
    return ids, whole, place


def of(server: OaiReplay) -> set[str]:
    return {kept.identifier for kept in server.records}


@pytest.mark.parametrize("status", [200, 400, 404, 410, 422])
def test_an_error_is_read_whatever_its_status(catalog: Catalog, status: int) -> None:
    """Zenodo says `noRecordsMatch` and `badResumptionToken` with 422, where the protocol has 200."""
    with OaiReplay([], error_status=status) as server:
        report = run(server, catalog)
    assert (report.outcome, report.note, report.counts.total) == ("complete", "", 0)
    with OaiReplay(invented(30), [Fault(2, FaultKind.EXPIRED)], error_status=status) as server:
        report = run(server, catalog)
    assert (report.outcome, report.counts.new) == ("complete", 30)
    assert "badResumptionToken" in report.note
    with OaiReplay(invented(3), error_status=status) as server:
        report = run(server, catalog, query="metadataPrefix=marcxml")
    assert (report.outcome, report.counts.total) == ("failed", 0)
    assert "cannotDisseminateFormat" in report.note


@pytest.mark.parametrize("status", [400, 404, 422])
@pytest.mark.parametrize("body", [b"<html>Not here.</html>", b"", b"whole"])
def test_a_refusal_is_never_a_list(catalog: Catalog, status: int, body: bytes) -> None:
    """Neither a page for people nor an answer that lists records is an empty window."""
    with serve(5) as server:
        answer = server.answer

        def refuse(*asked: Any) -> Reply:
            reply = answer(*asked)
            reply.status, reply.body = status, reply.body if body == b"whole" else body
            return reply

        server.answer = refuse  # type: ignore[method-assign]
        report = run(server, catalog)
    assert (report.outcome, report.counts.total) == ("failed", 0)
    assert f"({status})" in report.note


KINDS = [
    FaultKind.EXPIRED,
    FaultKind.SAME_CURSOR,
    FaultKind.FIRST_CURSOR,
    FaultKind.NO_CURSOR,
    FaultKind.NO_RECORDS,
    FaultKind.EMPTY,
    FaultKind.HTML,
]


FIRST = dict.fromkeys(KINDS, 1) | {FaultKind.NO_CURSOR: 2}
"""A first page of two records and no token is by the protocol the whole list; ten and more are confirmed."""


@pytest.mark.parametrize("counts", [True, False], ids=["counts", "no-counts"])
@pytest.mark.parametrize("rising", [True, False], ids=["rising", "mixed"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_fault_at_any_of_fifty_pages_never_makes_a_short_list_whole(
    kind: FaultKind, *, rising: bool, counts: bool
) -> None:
    records = invented(100)
    records = records if rising else records[::2] + records[1::2]
    every = 1 if rising and not counts else 6
    for at in range(FIRST[kind], 51, every):
        server = OaiReplay(records, [Fault(at, kind)], page=2, counts=counts)
        ids, whole, place = walk(server)
        assert whole == (ids == of(server)) or not whole, at
        assert len(server.requests) <= 50 + 50 + 4, at
        if kind in {FaultKind.EXPIRED, FaultKind.NO_RECORDS, FaultKind.EMPTY, FaultKind.HTML}:
            assert whole is (at > 1 or kind is not FaultKind.EXPIRED) or not rising, at
        if not whole:
            server.faults.clear()
            more, whole, _ = walk(server, place)
            assert (ids | more, whole) == (of(server), True), at


@pytest.mark.parametrize("kind", KINDS)
def test_a_fault_that_stays_ends_the_run_soon(kind: FaultKind) -> None:
    for at in (FIRST[kind], 2, 25, 49, 50):
        server = OaiReplay(invented(100), [Fault(at, kind, times=999)], page=2, counts=False)
        ids, whole, _ = walk(server)
        assert not (whole and ids != of(server)), at
        assert len(server.requests) <= at + 8, at


def test_a_token_that_expires_again_and_again_still_gets_on() -> None:
    faults = [Fault(at, FaultKind.EXPIRED) for at in range(5, 400, 5)]
    server = OaiReplay(invented(100, a_day=2), faults, page=2, counts=False)
    assert walk(server)[:2] == (of(server), True)


def test_a_circle_of_tokens_is_left() -> None:
    class Circling(OaiReplay):
        def token(self, given: Mapping[str, str], offset: int) -> str:
            return super().token(given, offset % 30)

    server = Circling(invented(100), page=2, counts=False)
    _, whole, _ = walk(server)
    assert not whole
    assert len(server.requests) <= 3 * 15 + 2


@pytest.mark.parametrize("closing", [True, False])
@pytest.mark.parametrize("counts", [True, False])
def test_an_end_needs_evidence(*, closing: bool, counts: bool) -> None:
    ids, whole, _ = walk(OaiReplay(invented(25), closing=closing, counts=counts))
    assert len(ids) == 25
    assert whole is (closing or counts)


@pytest.mark.parametrize("seconds", [True, False])
def test_a_window_of_days_holds_both_days_whole(*, seconds: bool) -> None:
    server = OaiReplay(invented(70, seconds=seconds), seconds=seconds)
    source = cast("Any", load_source("oai"))
    ids, whole, _ = walk(server, query=source.window("", "2024-01-03", "2024-01-05"))
    assert (len(ids), whole) == (21, True)


def test_several_sets_are_harvested_one_after_the_other() -> None:
    first, second = invented(25, sets=("a:x",)), invented(40, sets=("b",))[25:]
    server = OaiReplay([*first, *second], counts=False)
    ids, whole, _ = walk(server, query="metadataPrefix=oai_dc&set=a&set=none&set=b")
    assert (ids, whole) == (of(server), True)
    server = OaiReplay([*first, *second], [Fault(2, FaultKind.NO_CURSOR)], counts=False)
    ids, whole, _ = walk(server, query="metadataPrefix=oai_dc&set=a&set=none&set=b")
    assert (len(ids), whole) == (35, False)


@pytest.mark.parametrize("kind", KINDS)
def test_pmc_loses_at_most_a_day_and_says_so(kind: FaultKind) -> None:
    for at in range(2, 28, 3):
        server = replay_pmc.serve(60, [Fault(at, kind)])
        ids, whole, _ = walk(server, query="metadataPrefix=pmc&set=pmc-open", source="pmc")
        if kind is FaultKind.EXPIRED and "resumptionToken" not in server.requests[at - 1].query:
            assert not whole  # what was refused had no token: there is nothing else to ask for
            continue
        assert whole is (ids == of(server)) or not whole, at
        assert len(ids) >= 60 - 23, at
        assert len(server.requests) <= 26 + 5, at


def test_a_harvest_over_loopback(catalog: Catalog) -> None:
    with serve(35) as server:
        report = run(server, catalog)
        again = run(server, catalog, since="2024-01-01")
    assert (report.outcome, report.note, report.counts.new, report.expected) == ("complete", "", 35, 35)
    assert (again.outcome, again.counts.unchanged) == ("complete", 35)
    paper = catalog.paper(catalog.find("oai:repository.example.org:7"))
    assert paper.title == "Invented paper 7 on breast cancer"


@pytest.mark.parametrize("at", [2, 6, 10])
@pytest.mark.parametrize(
    ("kind", "outcome"),
    [
        (FaultKind.EXPIRED, "complete"),
        (FaultKind.NO_CURSOR, "partial"),
        (FaultKind.CUT_UNNOTICED, "complete"),
    ],
)
def test_tokens_and_cuts_over_loopback(catalog: Catalog, kind: FaultKind, at: int, outcome: str) -> None:
    with OaiReplay(invented(40), [Fault(at, kind, size=500)], page=4) as server:
        report = run(server, catalog)
        missing = kind is FaultKind.NO_CURSOR and at < 10
        assert report.outcome == (outcome if missing or kind is not FaultKind.NO_CURSOR else "complete"), (
            report.note
        )
        server.faults.clear()
        assert run(server, catalog).outcome == "complete"
    assert catalog.counts()["records"] == 40


class WithoutIdentifiers(OaiReplay):
    """A repository that gives the first `most` records of a list and no token, and lists no identifiers."""

    most = 12
    lists_none_status = 200

    def answer(self, request: Request, fault: Fault | None) -> Reply:
        """The answer of a verb that it knows."""
        if request.query.get("verb") == "ListIdentifiers":
            return replace(self._error(Refused("badVerb")), status=self.lists_none_status)
        return super().answer(request, fault)

    def _list(self, verb: str, asked: Mapping[str, str], fault: Fault | None) -> str:
        self.page, kept = self.most, self.records
        self.records = [one for one in kept if self._matches(one, asked)][: self.most]
        try:
            return super()._list(verb, asked, fault)
        finally:
            self.records = kept


class CutAlike(WithoutIdentifiers):
    """One that lists identifiers, and no more of them than records."""

    def answer(self, request: Request, fault: Fault | None) -> Reply:
        """The answer of any verb."""
        return OaiReplay.answer(self, request, fault)


@pytest.mark.parametrize(("count", "outcome"), [(12, "complete"), (13, "partial")])
def test_identifiers_may_be_cut_at_the_same_number(catalog: Catalog, count: int, outcome: str) -> None:
    with CutAlike(invented(count)) as server:
        assert run(server, catalog).outcome == outcome


@pytest.mark.parametrize(("most", "outcome"), [(20, "partial"), (32, "partial"), (21, "complete")])
def test_as_many_identifiers_confirm_no_page_of_a_round_size(
    catalog: Catalog, most: int, outcome: str
) -> None:
    """All have one datestamp, so that nothing else can."""
    with CutAlike([replace(one, datestamp="2024-01-01T10:00:00Z") for one in invented(most)]) as server:
        server.most = most
        assert run(server, catalog).outcome == outcome


class FromLater(WithoutIdentifiers):
    """One that takes the datestamp to begin from as one to leave out."""

    def _matches(self, kept: Kept, given: Mapping[str, str]) -> bool:
        return super()._matches(kept, given) and kept.datestamp != given.get("from")


@pytest.mark.parametrize("count", [12, 13])
def test_a_later_record_at_the_end_is_a_sign_of_a_cut(catalog: Catalog, count: int) -> None:
    with FromLater(invented(count)) as server:
        assert run(server, catalog).outcome == "partial"


@pytest.mark.parametrize("status", [200, 404])
@pytest.mark.parametrize(
    ("stamps", "count", "outcome"),
    [
        *(("rising", 12, "complete"), ("rising", 13, "partial")),
        *(("falling", 12, "complete"), ("falling", 13, "partial")),
        *(("risen", 24, "partial"), ("one", 12, "partial")),
    ],
)
def test_without_identifiers_its_parts_confirm_a_single_page(
    catalog: Catalog, stamps: str, count: int, outcome: str, status: int
) -> None:
    """Of `risen`, the first page has all that is later than its first record."""
    records = invented(count)
    if stamps == "falling":
        records.reverse()
    if stamps == "one":
        records = [replace(one, datestamp=records[0].datestamp) for one in records]
    if stamps == "risen":
        records = records[:1] + records[-11:] + records[1:-11]
    with WithoutIdentifiers(records) as server:
        server.lists_none_status = status
        report = run(server, catalog)
    assert (report.outcome, catalog.counts()["records"]) == (outcome, 12), report.note


def test_deleted_records_leave_the_catalog(catalog: Catalog) -> None:
    with serve(12) as server:
        run(server, catalog)
        gone = server.records[4]
        server.records[4] = Kept(gone.identifier, "2024-02-01T00:00:00Z", deleted=True)
        report = run(server, catalog, since="2024-01-31")
    assert report.outcome == "complete"
    assert catalog.counts()["papers"] == 11


NOTICE = (
    '<article article-type="retraction" xmlns:xlink="http://www.w3.org/1999/xlink"><front><article-meta>'
    '<article-id pub-id-type="doi">10.5555/notice</article-id><title-group>'
    "<article-title>Retraction: two invented papers</article-title></title-group>"
    '<related-article related-article-type="retracted-article" ext-link-type="doi" xlink:href="10.5555/a"/>'
    '<related-article related-article-type="retracted-article" ext-link-type="doi" xlink:href="10.5555/b"/>'
    "</article-meta></front></article>"
)


def paper(number: int, letter: str) -> Kept:
    article = (
        f"<article><front><article-meta><article-id pub-id-type='doi'>10.5555/{letter}</article-id>"
        f"<title-group><article-title>Invented tumours, part {letter}</article-title></title-group>"
        "</article-meta></front></article>"
    )
    return Kept(f"oai:repository.example.org:{number}", "2024-01-01T00:00:00Z", {"jats": article})


def test_a_deleted_notice_takes_back_what_it_said_of_every_paper(catalog: Catalog) -> None:
    notice = Kept("oai:repository.example.org:3", "2024-01-02T00:00:00Z", {"jats": NOTICE})
    query = "metadataPrefix=jats"
    with OaiReplay([paper(1, "a"), paper(2, "b"), notice]) as server:
        server.formats = ("jats",)
        assert run(server, catalog, query=query).outcome == "complete"
        assert [len(catalog.paper(catalog.find(f"doi:10.5555/{x}")).notices) for x in "ab"] == [1, 1]
        server.records[2] = Kept(notice.identifier, "2024-02-01T00:00:00Z", deleted=True)
        run(server, catalog, query=query, since="2024-01-31")
    assert [len(catalog.paper(catalog.find(f"doi:10.5555/{x}")).notices) for x in "ab"] == [0, 0]


def test_an_error_on_the_first_page_is_told_in_the_repository_words(catalog: Catalog) -> None:
    with serve(5) as server:
        report = run(server, catalog, query="metadataPrefix=marcxml")
    assert (report.outcome, "cannotDisseminateFormat marcxml" in report.note) == ("failed", True)


def test_one_repository_table_is_a_source_of_its_own(catalog: Catalog) -> None:
    with serve(3) as server:
        assert run(server, catalog, "redalyc").counts.new == 3
    paper = catalog.paper(catalog.find("oai:repository.example.org:1"))
    assert {p.source for p in paper.primary.provenance.values()} == {"redalyc"}


def test_theses_are_kept_as_no_papers(catalog: Catalog) -> None:
    records = invented(3)
    thesis = {"oai_dc": dublin_core(9, type="info:eu-repo/semantics/masterThesis")}
    records[1] = replace(records[1], metadata=thesis)
    with OaiReplay(records) as server:
        report = run(server, catalog)
    assert (report.counts.new, report.counts.rejected) == (2, {"not-a-paper": 1})


def test_pmc_and_arxiv_over_loopback(catalog: Catalog) -> None:
    with replay_pmc.serve(30) as server:
        report = run(server, catalog, "pmc")
    assert (report.outcome, report.counts.new, report.note) == ("complete", 30, "")
    assert catalog.paper(catalog.find("pmcid:PMC7")).title == "Invented trial 7 in breast cancer"
    with replay_arxiv.serve(30) as server:
        report = run(server, catalog, "arxiv")
    assert (report.outcome, report.counts.new, report.note) == ("complete", 30, "")
    assert catalog.paper(catalog.find("arxiv:2401.00007")).title == "Invented model 7 of breast cancer"


@pytest.mark.parametrize(("counts", "has"), [(True, "30"), (False, "more")])
def test_a_harvest_that_was_limited_is_made_whole_by_the_next(
    catalog: Catalog, counts: bool, has: str
) -> None:
    with OaiReplay(invented(30), counts=counts) as server:
        first = run(server, catalog, limit=10)
        assert first.note == f"stopped after 10 records as asked; the source has {has}"
        second = run(server, catalog)
        assert (second.outcome, second.counts.new, second.note) == ("complete", 20, "")
        assert second.query == first.query, "nothing was taken for known that had not come"
        assert run(server, catalog).query != first.query, "now only what has changed"
