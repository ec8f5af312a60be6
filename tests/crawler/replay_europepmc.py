"""Europe PMC's server with invented records."""

from collections.abc import Iterable

from crawler.europepmc_replay import EuropePmcReplay
from crawler.replay import Fault


def serve(count: int, faults: Iterable[Fault] = ()) -> EuropePmcReplay:
    """A server with so many invented papers."""
    return EuropePmcReplay([record(number) for number in range(1, count + 1)], faults)


def record(number: int) -> dict[str, str]:
    """An invented core record."""
    return {
        "id": str(number),
        "source": "MED",
        "pmid": str(number),
        "doi": f"10.5555/invented.{number}",
        "title": f"Invented paper {number} on cancer",
        "abstractText": f"<h4>Results</h4>Of {number} mice, none was real.",
        "isOpenAccess": "Y",
        "license": "cc by",
        "firstIndexDate": f"2024-01-{number % 28 + 1:02}",
        "firstPublicationDate": "2024-01-01",
    }
