"""The replay server speaks as Europe PMC does: as the recorded answers show, and by its reference guide."""

import gzip
import http.client
import json
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from crawler.europepmc_replay import EuropePmcReplay
from crawler.replay import Fault, FaultKind

Records = Callable[[int], list[dict[str, Any]]]


def get(server: EuropePmcReplay, path: str = "/search", **asked: Any) -> tuple[int, dict[str, Any]]:
    query = {"query": "cancer", "format": "json", "resultType": "core"} | asked
    try:
        with urllib.request.urlopen(f"{server.base_url}{path}?{urlencode(query)}", timeout=5) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def test_paging_by_cursor_to_the_last_page(core_records: Records) -> None:
    records, cursor, found, pages = core_records(25), "*", [], 0
    with EuropePmcReplay(records) as server:
        while cursor:
            _, answer = get(server, pageSize=10, cursorMark=cursor)
            found += answer["resultList"]["result"]
            assert answer["hitCount"] == 25
            cursor, pages = answer.get("nextCursorMark", ""), pages + 1
    assert (found, pages) == (records, 3)


def test_an_answer_has_the_members_of_a_real_one(core_records: Records, shared_data: Path) -> None:
    real = json.loads((shared_data / "api-europepmc/fastpaper/europepmc_search.json").read_text("utf-8"))
    with EuropePmcReplay(core_records(25)) as server:
        _, ours = get(server, pageSize=3)
    assert set(real) - {"nextPageUrl"} == set(ours)
    assert set(real["request"]) == set(ours["request"])
    assert {name: type(value) for name, value in ours.items()}.items() <= {
        name: type(value) for name, value in real.items()
    }.items()


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"query": " "}, 400),
        ({"pageSize": 1001}, 400),
        ({"pageSize": "many"}, 400),
        ({"format": "xml"}, 400),
        ({"cursorMark": "nonsense"}, 400),
        ({"cursorMark": "AoE="}, 400),
        ({"path": "/elsewhere"}, 404),
    ],
)
def test_errors_are_json_with_a_code(core_records: Records, asked: dict[str, Any], status: int) -> None:
    with EuropePmcReplay(core_records(2)) as server:
        code, answer = get(server, **asked)
    assert (code, answer["errCode"]) == (status, status)
    assert answer["errMsg"]


def test_the_part_of_the_query_language_it_knows(core_records: Records) -> None:
    records = core_records(28)
    records[0]["isOpenAccess"] = "N"
    records[1]["dateOfRevision"] = "2025-06-01"
    with EuropePmcReplay(records) as server:

        def count(query: str) -> int:
            return int(get(server, query=query)[1]["hitCount"])

        assert count("anything at all") == 28
        assert count("(a OR b) AND OPEN_ACCESS:y") == 27
        assert count('DOI:"10.5555/INVENTED.3"') == 1
        assert count("EXT_ID:7 AND SRC:MED") == 1
        assert count("EXT_ID:7 AND SRC:PPR") == 0
        assert count("(x) AND UPDATE_DATE:[2025-01-01 TO 3000-12-31]") == 1
        assert count("FIRST_IDATE:[2024-01-02 TO 2024-01-03]") == 2


def test_lite_is_less_than_core(core_records: Records) -> None:
    with EuropePmcReplay(core_records(1)) as server:
        _, answer = get(server, resultType="lite")
    assert "abstractText" not in answer["resultList"]["result"][0]


def test_a_file_of_records_and_a_compressed_answer(core_records: Records, tmp_path: Path) -> None:
    path = tmp_path / "sample.jsonl"
    path.write_text("\n".join(json.dumps(r) for r in core_records(3)), "utf-8")
    with EuropePmcReplay(path) as server:
        address = f"{server.base_url}/search?query=x&format=json"
        asked = urllib.request.Request(address, headers={"Accept-Encoding": "gzip"})
        with urllib.request.urlopen(asked) as answer:
            assert answer.headers["Content-Encoding"] == "gzip"
            assert json.loads(gzip.decompress(answer.read()))["hitCount"] == 3
    assert server.requests[0].headers["accept-encoding"] == "gzip"


def test_a_cut_answer_is_shorter_than_it_says(core_records: Records) -> None:
    faults = [Fault(1, FaultKind.CUT, size=50), Fault(2, FaultKind.CUT_UNNOTICED, size=50)]
    with EuropePmcReplay(core_records(3), faults) as server:
        with pytest.raises(http.client.IncompleteRead):
            get(server)
        with pytest.raises(json.JSONDecodeError):
            get(server)
        assert get(server)[0] == 200


def test_a_reset_is_a_reset(core_records: Records) -> None:
    faults = [Fault(1, FaultKind.RESET)]
    with EuropePmcReplay(core_records(3), faults) as server, pytest.raises(OSError, match="reset by peer"):
        get(server)
