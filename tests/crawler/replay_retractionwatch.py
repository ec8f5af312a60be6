"""A server on this machine that hands out a table as Crossref's GitLab does; its rows are invented."""

import csv
import io
from collections.abc import Iterable, Sequence

from crawler.replay import Fault, Replay, Reply, Request

COLUMNS = [
    "Record ID",
    "Title",
    "Subject",
    "Institution",
    "Journal",
    "Publisher",
    "Country",
    "Author",
    "URLS",
    "ArticleType",
    "RetractionDate",
    "RetractionDOI",
    "RetractionPubMedID",
    "OriginalPaperDate",
    "OriginalPaperDOI",
    "OriginalPaperPubMedID",
    "RetractionNature",
    "Reason",
    "Paywalled",
    "Notes",
]


class RetractionWatchReplay(Replay):
    """Serves one file."""

    path = "/crossref/retraction-watch-data/-/raw/main"

    def __init__(self, table: bytes, faults: Iterable[Fault] = (), *, compressed: bool = True) -> None:
        self.table = table
        super().__init__(faults, compressed=compressed)

    def refusal(self) -> Reply:
        return Reply(b"<html><body>404</body></html>", 404, "text/html")

    def answer(self, request: Request, fault: Fault | None) -> Reply:
        if request.path != f"{self.path}/retraction_watch.csv":
            return self.refusal()
        return Reply(self.table, media_type="text/plain; charset=utf-8", headers={"ETag": '"invented"'})


def serve(count: int, faults: Iterable[Fault] = ()) -> Replay:
    """A server whose file holds so many rows."""
    return RetractionWatchReplay(table([row(number) for number in range(count, 0, -1)]), faults)


def row(number: int, **cells: str) -> dict[str, str]:
    """An invented row."""
    given = dict.fromkeys(COLUMNS, "") | {
        "Record ID": str(number),
        "Title": f'Invented, "retracted" paper {number}',
        "Institution": "Invented Hospital, Nowhere;\nInvented Institute;",
        "RetractionDate": "9/21/2023 0:00",
        "RetractionDOI": f"10.5555/notice.{number}",
        "RetractionPubMedID": "0",
        "OriginalPaperDate": "1/5/2015 0:00",
        "OriginalPaperDOI": f"10.5555/invented.{number}",
        "OriginalPaperPubMedID": "0",
        "RetractionNature": "Retraction",
        "Reason": "+Concerns/Issues About Data;+Investigation by Journal/Publisher;",
        "Paywalled": "No",
    }
    return given | cells


def table(rows: Sequence[dict[str, str]]) -> bytes:
    """The file that holds the rows."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()
