"""Retraction Watch: rows as notices, reinstatements, and files that are not whole."""

import io
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.fetching.page import Asked
from crawler.fetching.patience import Patience
from crawler.harvest import harvest
from crawler.records.archives import HEAD_BYTES
from crawler.records.importing import import_paths
from crawler.replay import Fault, FaultKind
from crawler.sources import retractionwatch
from domain.errors import FindingsError, RecordRejected, SourceChanged
from domain.paper import NoticeKind, Version
from domain.ports import Catalog
from tests.crawler.damage import damaged
from tests.crawler.replay_retractionwatch import COLUMNS, row, serve, table

NOW = datetime(2026, 1, 1, tzinfo=UTC)
EXAMPLE = Path(__file__).parents[1] / "examples" / "retractionwatch.csv"


def readings(body: bytes) -> dict[str, Version | str]:
    found: dict[str, Version | str] = {}
    for record in retractionwatch.parse_page(body, NOW).records:
        try:
            found[record.native_id] = retractionwatch.to_version(record)
        except RecordRejected as rejected:
            found[record.native_id] = rejected.reason
    return found


def kinds(*rows: dict[str, str]) -> list[list[NoticeKind]]:
    found = readings(table(rows)).values()
    return [[notice.kind for notice in v.notices] for v in found if isinstance(v, Version)]


def test_a_row_is_a_notice_on_the_paper_it_names() -> None:
    version = readings(table([row(7, OriginalPaperPubMedID="12345", RetractionPubMedID="23456")]))["7"]
    assert isinstance(version, Version)
    assert (version.companion, version.title) == (True, "")
    assert list(version.identifiers.keys()) == ["doi:10.5555/invented.7", "pmid:12345"]
    (notice,) = version.notices
    assert (notice.kind, notice.identifier, notice.date) == (
        NoticeKind.RETRACTED,
        "doi:10.5555/notice.7",
        "2023-09-21",
    )
    assert notice.text == "Retraction Watch: Concerns/Issues About Data; Investigation by Journal/Publisher"


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"RetractionNature": "Retraction"}, NoticeKind.RETRACTED),
        ({"RetractionNature": "Expression of concern"}, NoticeKind.CONCERN),
        ({"RetractionNature": "Correction"}, NoticeKind.CORRECTED),
        ({"RetractionNature": "Reinstatement"}, None),
        ({"Reason": "+Withdrawn (out of date);"}, NoticeKind.WITHDRAWN),
        ({"Reason": "+Temporary Removal;"}, NoticeKind.WITHDRAWN),
        ({"RetractionNature": "Correction", "Reason": "+Withdrawn (out of date);"}, NoticeKind.CORRECTED),
    ],
)
def test_the_kinds_are_told_apart(cells: dict[str, str], expected: NoticeKind | None) -> None:
    assert kinds(row(1, **cells)) == [[expected] if expected else []]


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"RetractionNature": "Rumour"}, "unknown-nature"),
        ({"RetractionNature": ""}, "unknown-nature"),
        ({"OriginalPaperDOI": "unavailable"}, "no-identifier"),
        ({"OriginalPaperDOI": "Unavailable", "OriginalPaperPubMedID": "0"}, "no-identifier"),
    ],
)
def test_a_row_that_tells_nothing_is_refused(cells: dict[str, str], reason: str) -> None:
    assert readings(table([row(1, **cells)])) == {"1": reason}


def test_a_notice_that_is_the_paper_itself_is_not_named() -> None:
    (version,) = readings(table([row(1, RetractionDOI="10.5555/INVENTED.1")])).values()
    assert isinstance(version, Version)
    assert version.notices[0].identifier is None


def back(number: int, date: str, **cells: str) -> dict[str, str]:
    return row(number, RetractionNature="Reinstatement", RetractionDate=date, **cells)


def test_a_reinstatement_takes_earlier_retractions_back_and_nothing_else() -> None:
    paper = {"OriginalPaperDOI": "10.5555/P"}
    first = row(1, RetractionDate="1/5/2020 0:00", **paper)
    concern = row(2, RetractionNature="Expression of concern", RetractionDate="1/5/2019 0:00", **paper)
    taken = back(3, "6/30/2021 0:00", OriginalPaperDOI="10.5555/p")
    later = row(4, RetractionDate="7/1/2022 0:00", **paper)
    other = row(5, RetractionDate="1/5/2020 0:00")
    for order in ([first, concern, taken, later, other], [other, later, taken, concern, first]):
        found = readings(table(order))
        notices = {name: [n.kind for n in v.notices] for name, v in found.items() if isinstance(v, Version)}
        assert notices == {
            "1": [],
            "2": [NoticeKind.CONCERN],
            "3": [],
            "4": [NoticeKind.RETRACTED],
            "5": [NoticeKind.RETRACTED],
        }


def test_a_reinstatement_is_found_by_pmid_where_there_is_no_doi() -> None:
    paper = {"OriginalPaperDOI": "unavailable", "OriginalPaperPubMedID": "777"}
    assert kinds(row(1, **paper), back(2, "1/1/2025 0:00", **paper)) == [[], []]
    address = {"OriginalPaperDOI": "https://doi.org/10.5555/P"}
    assert kinds(row(1, OriginalPaperDOI="10.5555/p"), back(2, "1/1/2025 0:00", **address)) == [[], []]
    nameless = {"OriginalPaperDOI": "unavailable", "OriginalPaperPubMedID": "0"}
    assert kinds(row(1), back(2, "1/1/2025 0:00", **nameless)) == [[NoticeKind.RETRACTED]]


@pytest.mark.parametrize("ending", [b"\n", b"\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_files_of_either_system_are_read(ending: bytes, mark: bytes) -> None:
    body = mark + table([row(1), row(2, Notes="two\nlines")]).replace(b"\n", ending)
    assert retractionwatch.recognises(body[:HEAD_BYTES])
    assert [type(v) for v in readings(body).values()] == [Version, Version]


def test_another_encoding_costs_no_row() -> None:
    body = table([row(1, Title="Étude inventée")]).decode().encode("cp1252")
    assert isinstance(readings(body)["1"], Version)


def test_columns_may_stand_in_another_order_and_others_beside_them() -> None:
    body = (
        b"Record ID,New,OriginalPaperDOI,RetractionNature,RetractionDate,,\n"
        b"5,x,10.5555/a,Retraction,12/31/2020 0:00,,\n6,x,10.5555/b\n7,x,10.5555/c,Retraction,,,,surplus\n"
    )
    found = readings(body)
    assert isinstance(found["5"], Version)
    assert (found["6"], found["7"]) == ("malformed", "malformed")


def test_a_stray_quotation_mark_costs_its_own_row_only() -> None:
    lines = table([row(n, Institution="") for n in range(1, 6)]).splitlines(keepends=True)
    lines[2] = lines[2].replace(b"No,", b'"No,')
    found = readings(b"".join(lines))
    assert found.pop("2") == "malformed"
    assert sorted(found) == ["1", "3", "4", "5"]
    assert all(isinstance(version, Version) for version in found.values())


def test_a_file_cut_anywhere_but_after_a_row_is_noticed() -> None:
    body = table([row(1), row(2, Notes="an invented\nnote"), row(3)])
    whole = {len(table([row(1), row(2, Notes="an invented\nnote"), row(3)][:n])) for n in range(1, 4)}
    for end in range(len(body)):
        if end in whole:
            continue  # nothing in such a file tells that there were more rows
        with pytest.raises(SourceChanged):
            retractionwatch.parse_page(body[:end], NOW)
        kept: list[str] = []
        records = retractionwatch.parse_records(io.BytesIO(body[:end]), NOW)
        with pytest.raises(SourceChanged):
            kept.extend(record.native_id for record in records)
        complete = sum(end >= size for size in whole)
        assert kept[:complete] == ["1", "2", "3"][:complete]
        assert len(kept) <= complete + 1


@pytest.mark.parametrize("body", [b"", b"\n", b"<html>", b"a,b,c\n1,2,3\n", b"PK\x03\x04", b"{}"])
def test_what_is_no_such_table_is_refused(body: bytes) -> None:
    assert not retractionwatch.recognises(body)
    with pytest.raises(SourceChanged):
        retractionwatch.parse_page(body, NOW)


@settings(max_examples=300, deadline=None)
@given(damaged(EXAMPLE.read_bytes(), [b'"', b"\n", b"\r", b",", b"\0", b"\xff", b'""']))
def test_damage_costs_no_more_than_an_error_of_ours(body: bytes) -> None:
    try:
        for record in retractionwatch.parse_records(io.BytesIO(body), NOW):
            try:
                retractionwatch.to_version(record)
            except RecordRejected as rejected:
                assert rejected.reason in {"malformed", "no-identifier", "unknown-nature"}  # noqa: PT017
    except FindingsError:
        pass


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries({"Title": CELLS, "Notes": CELLS, "Institution": CELLS}), min_size=1, max_size=5
    )
)
def test_what_a_writer_quotes_a_reader_finds(cells: list[dict[str, str]]) -> None:
    body = table([row(number, **values) for number, values in enumerate(cells, 1)])
    found = readings(body)
    assert [*found] == [str(number) for number in range(1, len(cells) + 1)]
    assert all(isinstance(version, Version) for version in found.values())


def test_the_address_is_the_files() -> None:
    base = "https://gitlab.example/raw/main"
    for given_url in (base, f"{base}/", f"{base}/retraction_watch.csv"):
        asked = Asked("retractionwatch", given_url, "")
        assert retractionwatch.page_url(asked) == f"{base}/retraction_watch.csv"
    assert retractionwatch.window("", "2024-01-01", None) == ""


def run(catalog: Catalog, faults: list[Fault]) -> Any:
    quick = Patience(requests_per_second=200, retries=3, first_wait=0.02, timeout=2)
    with serve(30, faults) as server:
        return harvest("retractionwatch", catalog, base_url=server.base_url, patience=quick)


@pytest.mark.parametrize(
    "kind", [None, FaultKind.CUT, FaultKind.CUT_UNNOTICED, FaultKind.HTML, FaultKind.RESET]
)
def test_the_whole_file_is_harvested(catalog: Catalog, kind: FaultKind | None) -> None:
    report = run(catalog, [Fault(1, kind, size=1500)] if kind else [])
    assert (report.outcome, report.counts.new, report.seen) == ("complete", 30, 30)


def test_it_is_imported_from_a_file_and_from_an_archive(catalog: Catalog, tmp_path: Path) -> None:
    import zipfile

    with zipfile.ZipFile(tmp_path / "rows.zip", "w") as archive:
        archive.writestr("data/retraction_watch.csv", table([row(1), row(2)]))
    (tmp_path / "cut.csv").write_bytes(table([row(3), row(4)])[:-20])
    report = import_paths([tmp_path / "rows.zip", tmp_path / "cut.csv"], catalog)
    assert (report.counts.new, report.outcome) == (3, "partial")
    assert "breaks off" in report.problems[0]


def test_a_file_longer_than_one_read_is_imported_whole(catalog: Catalog, tmp_path: Path) -> None:
    """Members of archives give no more than 64 KiB at once."""
    import gzip

    rows = [row(n, Notes="invented " * 30) for n in range(1, 401)]
    rows.append(back(401, "1/1/2025 0:00", OriginalPaperDOI="10.5555/invented.1"))
    body = table(rows)
    assert len(body) > 2 * HEAD_BYTES
    (tmp_path / "retraction_watch.csv").write_bytes(body)
    (tmp_path / "again.csv.gz").write_bytes(gzip.compress(body))
    report = import_paths([tmp_path / "retraction_watch.csv", tmp_path / "again.csv.gz"], catalog)
    assert (report.outcome, report.problems) == ("complete", [])
    assert (report.counts.new, report.counts.unchanged) == (401, 401)


def test_rows_are_given_before_a_break_of_the_stream(tmp_path: Path, catalog: Catalog) -> None:
    import gzip

    whole = gzip.compress(table([row(n, Notes=f"{n * 7919} " * 40) for n in range(1, 2001)]))
    (tmp_path / "cut.csv.gz").write_bytes(whole[: len(whole) // 2])
    report = import_paths([tmp_path / "cut.csv.gz"], catalog)
    assert report.outcome == "partial"
    assert "cut short in the middle of compressed data" in report.problems[0]
    assert 500 < report.counts.new < 2000


def test_memory_stays_flat_however_long_the_file(tmp_path: Path) -> None:
    """Of a file and of an answer alike, whose body is not counted."""
    path = tmp_path / "long.csv"
    with path.open("wb") as file:
        file.write(table([]))
        for number in range(1, 12_001):
            file.write(table([row(number, Notes="invented " * 100)]).partition(b"\n")[2])
    tracemalloc.start()
    with path.open("rb") as file:
        count = sum(1 for _ in retractionwatch.parse_records(file, NOW))
    of_file = tracemalloc.get_traced_memory()[1]
    body = path.read_bytes()
    tracemalloc.reset_peak()
    page = retractionwatch.parse_page(body, NOW)
    of_page = tracemalloc.get_traced_memory()[1] - len(body)
    tracemalloc.stop()
    assert (count, len(page.records), len(body) > 12 << 20) == (12_000, 12_000, True)
    assert of_file < 8 << 20
    assert of_page < 12 << 20


def test_records_set_aside_are_a_sequence_like_any_other() -> None:
    for size in (1, 60_000):  # in memory, and on disk
        rows = table([row(n, Notes="x" * size) for n in range(1, 120)])
        records = list(retractionwatch.parse_records(io.BytesIO(rows), NOW))
        aside = retractionwatch.parse_page(rows, NOW).records
        assert [*aside] == records
        assert (aside[0], aside[-1], len(aside[:100]), len(aside[100:])) == (records[0], records[-1], 100, 19)
        assert [one for pair in zip(aside[10:], aside[20:], strict=False) for one in pair][:2] == [
            records[10],
            records[20],
        ]
        assert not aside[500:]
        with pytest.raises(IndexError):
            aside[119]


def test_the_replay_has_the_columns_that_are_documented() -> None:
    assert len(COLUMNS) == 20
