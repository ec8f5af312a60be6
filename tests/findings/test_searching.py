"""`findings search`: what it tells beside the papers that it lists."""

from typing import Any


def test_years_in_words_are_told_and_may_be_asked_for(node: Any, replay: Any) -> None:
    node.json("harvest", "europepmc", "--query", "cancer", "--base-url", replay.base_url, code=3)
    node.json("index", "sync")
    found = node.json("search", "cancer since 2020")
    assert found["period"] == {"written": "since 2020", "low": 2020, "high": None, "rest": "cancer"}
    told = node.run("search", "cancer since 2020")[2]
    assert "Papers of all years are listed. Only papers published from 2020 on: --from 2020" in told
    later = node.json("search", "cancer since 2020", "--from", "2020")
    assert later["period"] is None
    assert later["total"] < found["total"]
    alone = node.json("search", "since 2020")
    assert alone["total"] >= later["total"]
    assert alone["period"] is None
    early = node.json("search", "cancer", "--to", "2019")
    assert early["total"] + later["total"] <= found["total"]
    assert "--from" not in node.run("search", "cancer nowhereoid since 2020", "--to", "2019")[2]


def test_a_slip_of_spelling_is_told(node: Any, replay: Any) -> None:
    node.json("harvest", "europepmc", "--query", "cancer", "--base-url", replay.base_url, code=3)
    node.json("index", "sync")
    assert node.json("search", "melenoma")["suggestion"] == "melanoma"
    assert "Did you mean: melanoma?" in node.run("search", "melenoma")[2]


def test_what_was_left_out_is_told_to_programs_too(node: Any) -> None:
    (told,) = node.json("search", "cancer AND humans[filter]")["notes"]
    assert "left out" in told
    assert told in node.run("search", "cancer AND humans[filter]")[2]
