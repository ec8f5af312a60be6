"""medRxiv is served by the same interface as bioRxiv, under its own name."""

from collections.abc import Iterable

from crawler.replay import Fault, Replay
from tests.crawler.replay_biorxiv import BiorxivReplay, preprint


def serve(count: int, faults: Iterable[Fault] = ()) -> Replay:
    """A server of so many invented preprints on cancer."""
    return BiorxivReplay([preprint(number, "medRxiv") for number in range(1, count + 1)], faults)
