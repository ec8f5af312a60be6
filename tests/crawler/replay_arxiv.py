"""arXiv's OAI-PMH interface on this machine: tokens without counts, days as datestamps. All invented."""

from collections.abc import Iterable

from crawler.replay import Fault
from tests.crawler.replay_oai import Kept, OaiReplay, invented

ARXIV = (
    '<arXiv xmlns="http://arxiv.org/OAI/arXiv/"><id>2401.{number:05}</id><created>2024-01-02</created>'
    "<authors><author><keyname>Silva</keyname><forenames>Maria</forenames></author></authors>"
    "<title>Invented model {number} of breast cancer</title><categories>q-bio.QM physics.med-ph</categories>"
    "<doi>10.5555/arxiv.{number}</doi><license>http://creativecommons.org/licenses/by/4.0/</license>"
    "<abstract>  Of {number} mice, none was real.\n</abstract></arXiv>"
)


class ArxivReplay(OaiReplay):
    """Serves preprints in `arXiv`; its tokens say as little as arXiv's."""

    formats = ("arXiv", "arXivRaw", "oai_dc")


def preprints(count: int, sets: tuple[str, ...] = ("q-bio:q-bio:QM",)) -> list[Kept]:
    """So many invented preprints."""
    return [
        Kept(f"oai:arXiv.org:2401.{number:05}", kept.datestamp, {"arXiv": ARXIV.format(number=number)}, sets)
        for number, kept in enumerate(invented(count, seconds=False), 1)
    ]


def serve(count: int, faults: Iterable[Fault] = ()) -> ArxivReplay:
    """A server of so many invented preprints, all in one set of those that the table asks for."""
    return ArxivReplay(preprints(count), faults, seconds=False, counts=False)
