"""`kill -9` before, amid and after writings of every stage: the node ends as one that was never killed.

`FINDINGS_TEST_KILLS` sets how many kills each stage gets; the seed is printed when a run fails.
"""

import json
import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crawler.europepmc_replay import EuropePmcReplay
from findings.demo import sample

KILLS = int(os.environ.get("FINDINGS_TEST_KILLS", "3"))
COPIES = 2 if KILLS > 3 else 1


@pytest.fixture
def many_records(tmp_path: Path) -> Path:
    """The bundled sample several times over, each copy under ids of its own."""
    out = tmp_path / "many.jsonl"
    with sample() as path, out.open("w", encoding="utf-8") as file:
        text = path.read_text("utf-8")
        for copy in range(COPIES):
            # all invented ids share these stems, so links within a copy stay within it
            own = text.replace("99000", f"990{copy}0").replace("PPR99", f"PPR9{copy}9")
            own = own.replace("10.5555/", f"10.5555/copy{copy}.")
            file.write(own)
    return out


def test_a_killed_node_ends_like_an_unbroken_one(
    make_node: Callable[[str], Any], many_records: Path, tmp_path: Path
) -> None:
    seed = random.randrange(2**32)
    chance = random.Random(seed)
    saved = tmp_path / "answers"
    saved.mkdir()
    lines = many_records.read_text("utf-8").splitlines()
    for number in range(0, len(lines), 10):
        records = [json.loads(line) for line in lines[number : number + 10]]
        answer = {"version": "6.9", "hitCount": len(records), "resultList": {"result": records}}
        (saved / f"{number:04}.json").write_text(json.dumps(answer), "utf-8")

    whole, killed = make_node("whole"), make_node("killed")
    landed, halfway = {}, {}
    with EuropePmcReplay(many_records) as server:
        stages = (
            ("harvest", "europepmc", "--all", "--query", "cancer", "--base-url", server.base_url),
            ("import", str(saved)),
            ("digest", "--audience", "public"),
            ("index", "sync"),
        )
        for stage in stages:
            code, _, errors = whole.run(*stage)
            assert code in (0, 3), errors
            landed[stage[0]], halfway[stage[0]] = killed.kill_and_finish(KILLS, chance, *stage)
    assert whole.state()["lag"] == 0
    assert len(whole.state()["papers"]) > 50 * COPIES
    assert killed.state() == whole.state(), f"seed {seed}, kills {landed}"
    assert landed == dict.fromkeys(landed, KILLS), "a kill came too late"
    assert sum(halfway.values()) >= 2, f"the kills left no stage half done: {halfway}"
