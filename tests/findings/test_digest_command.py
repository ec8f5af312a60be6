"""Writing digests and verifying them by the command."""

from crawler.europepmc_replay import EuropePmcReplay


def test_what_is_written_stands_on_its_papers(node, replay: EuropePmcReplay) -> None:
    node.json("harvest", "europepmc", "--query", "cancer", "--base-url", replay.base_url, code=3)
    written = node.json("digest", "--limit", "4")
    published = sum(report["published"] for report in written.values())
    assert published > 0
    checked = node.json("digest", "--verify")
    assert (checked["digests"], checked["loose"], checked["recalled"]) == (published, 0, [])
    assert checked["sentences"] > published
