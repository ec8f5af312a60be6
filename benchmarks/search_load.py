"""Questions at a steady pace: `python -m benchmarks.search_load ADDRESS SECONDS RATE SEED`.

Open loop: each question is due at its time whether or not earlier ones were answered, and its wait counts
from then, so a server that stands still is not spared the questions it would have been asked meanwhile.
An empty answer counts as one where the same question has hits when it is asked again later.
"""

import asyncio
import json
import sys
import time
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import quote

from benchmarks.children import quantile
from benchmarks.search_queries import mixed

_PATIENCE = 60.0
_PATH = "/search.json?facets=no&q="
"""The counts of the filters load apart from the hits."""


class Answer(NamedTuple):
    """What came of one question."""

    status: int
    hits: int
    seconds: float


def main() -> None:
    """Ask, and print what came of it."""
    (host, port), seconds, rate, seed = sys.argv[1].split(":"), *map(int, sys.argv[2:5])
    texts = [asked.text for asked in mixed(seconds * rate, seed)]
    answers = asyncio.run(_ask_all(host, int(port), texts, rate))
    bare = [text for text, answer in zip(texts, answers, strict=True) if answer[:2] == (200, 0)]
    again = asyncio.run(_ask_all(host, int(port), bare, 5))
    took = [answer.seconds * 1000 for answer in answers]
    print(
        json.dumps(
            {
                "asked": len(answers),
                "not_200": sum(answer.status != 200 for answer in answers),
                "empty": sum(answer.hits > 0 for answer in again),
                "p50_ms": quantile(took, 0.5),
                "p95_ms": quantile(took, 0.95),
                "p99_ms": quantile(took, 0.99),
                "statuses": sorted({answer.status for answer in answers}),
            }
        )
    )


async def _ask_all(host: str, port: int, texts: Sequence[str], rate: int) -> list[Answer]:
    start = time.perf_counter() + 0.2
    return await asyncio.gather(
        *(_ask(host, port, text, start + number / rate) for number, text in enumerate(texts))
    )


async def _ask(host: str, port: int, text: str, due: float) -> Answer:
    await asyncio.sleep(due - time.perf_counter())
    try:
        status, body = await asyncio.wait_for(_get(host, port, _PATH + quote(text)), _PATIENCE)
        hits = len(json.loads(body)["results"]) if status == 200 else 0
    except (OSError, TimeoutError, ValueError, IndexError):
        status, hits = 0, 0
    return Answer(status, hits, time.perf_counter() - due)


async def _get(host: str, port: int, path: str) -> tuple[int, bytes]:
    reader, writer = await asyncio.open_connection(host, port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n".encode())
    answer = await reader.read()
    writer.close()
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split(b" ", 2)[1]), body


if __name__ == "__main__":
    main()
