"""The Elasticsearch engine beside a bare replay of its own requests, on one node.

The node is that of FINDINGS_TEST_ELASTICSEARCH_URL, else one is started as the tests start theirs.
"""

import http.client
import os
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import msgspec

from benchmarks.children import run_child
from benchmarks.corpus import papers
from benchmarks.elasticsearch import opened_elasticsearch
from benchmarks.rows import Row
from domain.ports import Indexable
from index.elastic.bulk import _chunks, put
from index.elastic.door import Cluster
from index.elastic.engine import ElasticEngine, open_engine
from index.elastic.generations import writing
from index.elastic.options import ElasticOptions, parse_address
from index.elastic.schema import to_lines
from index.language.mentions import versions

_BATCH = 500
_MOST_ADDED = 20_000
_MOST_ASKED = 100_000
_ASKED = 200
_CONNECTIONS = (1, 2)
_TICKS = os.sysconf("SC_CLK_TCK")


class Spent(NamedTuple):
    """Seconds of one run."""

    wall: float
    client: float
    server: float


def elastic_rows(size: int, folder: Path, rounds: int) -> Iterator[Row]:
    """Rate of bulk requests, then latency."""
    with opened_elasticsearch() as url:
        if not url:
            return
        yield from _bulk_rows(url, min(size, _MOST_ADDED), rounds)
        if size <= _MOST_ASKED:
            yield from _latency_rows(url, size, folder, rounds)


def options(prefix: str) -> ElasticOptions:
    """One shard, without a copy, and patience: the node shares a small machine with the client."""
    return ElasticOptions(name=prefix, shards=1, replicas=0, search_timeout=60.0)


@contextmanager
def _cluster(url: str, prefix: str) -> Iterator[Cluster]:
    """A connection; every index of that prefix is removed at the end."""
    cluster = Cluster(parse_address(url), options(prefix))
    try:
        yield cluster
    finally:
        for name in cluster.ask("GET", f"/{prefix}*/_alias") or ():
            cluster.ask("DELETE", f"/{name}")
        cluster.close()


def _bulk_rows(url: str, size: int, rounds: int) -> Iterator[Row]:
    made = list(papers(size))
    prefix = f"findings-bench-{uuid.uuid4().hex[:8]}"
    with _cluster(url, prefix) as cluster:
        engine = open_engine(cluster)
        bodies = _bodies(made)
        server = _server_pid(cluster)
        systems: dict[str, Callable[[], object]] = {
            "findings": lambda: _ours(engine, made),
            **{
                f"replay-{lanes}": lambda lanes=lanes: _replay(url, engine, bodies, lanes)  # type: ignore[misc]
                for lanes in _CONNECTIONS
            },
        }
        took: dict[str, list[Spent]] = {system: [] for system in systems}
        for number in range(rounds + 1):
            for system, work in systems.items():
                spent = _measured(work, server)
                if number:  # the first time the server is still warming up
                    took[system].append(spent)
    for system, runs in took.items():
        yield from _bulk_figures(f"bulk/{size}", system, size, runs)


def _bulk_figures(case: str, system: str, size: int, runs: Sequence[Spent]) -> Iterator[Row]:
    fastest = min(runs)
    whole = [run.client + run.server for run in runs]
    yield Row(case, system, "papers_per_second", size / fastest.wall, "1/s")
    yield Row(case, system, "papers_per_cpu_second", size / min(whole), "1/s")
    shares = [run.client / total for run, total in zip(runs, whole, strict=True)]
    yield Row(case, system, "client_share_of_cpu", min(shares), "share")
    yield Row(case, system, "client_cpu_s", min(run.client for run in runs), "s")
    yield Row(case, system, "server_cpu_s", min(run.server for run in runs), "s")


def _bodies(made: Sequence[Indexable]) -> list[bytes]:
    """The very requests that ours sends."""
    actions = (put(paper_id, line, 1) for paper_id, line in to_lines(made, versions()))
    batches = iter(lambda: list(islice(actions, _BATCH)), [])
    return [b"".join(action.line for action in chunk) for batch in batches for chunk in _chunks(batch)]


def _ours(engine: ElasticEngine, made: Sequence[Indexable]) -> None:
    """What a rebuild does, without the catalog."""
    with engine.replacement() as fresh:
        for start in range(0, len(made), _BATCH):
            fresh.write(made[start : start + _BATCH], [], start + _BATCH)


def _replay(url: str, engine: ElasticEngine, bodies: Sequence[bytes], lanes: int) -> None:
    """The same requests to a like index, over plain connections that know nothing else."""
    with engine.replacement() as fresh, ThreadPoolExecutor(lanes) as pool:
        path = f"/{writing(str(fresh._pinned))}/_bulk?filter_path=errors"
        for done in [pool.submit(_send, url, path, bodies[lane::lanes]) for lane in range(lanes)]:
            done.result()


def _send(url: str, path: str, bodies: Sequence[bytes]) -> None:
    connection = http.client.HTTPConnection(urlsplit(url).netloc)
    for body in bodies:
        connection.request("POST", path, body, {"content-type": "application/x-ndjson"})
        answer = msgspec.json.decode(connection.getresponse().read())
        if answer != {"errors": False}:
            raise RuntimeError(f"the replay was turned away: {answer}")
    connection.close()


def _measured(work: Callable[[], object], server: int) -> Spent:
    start, client, remote = time.perf_counter(), time.process_time(), _cpu_of(server)
    work()
    return Spent(time.perf_counter() - start, time.process_time() - client, _cpu_of(server) - remote)


def _server_pid(cluster: Cluster) -> int:
    found = cluster.ask("GET", "/_nodes/process")
    assert found
    return int(next(iter(found["nodes"].values()))["process"]["id"])


def _cpu_of(pid: int) -> float:
    """CPU seconds of a process of this machine, as long as it has run."""
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) / _TICKS


def _latency_rows(url: str, size: int, folder: Path, rounds: int) -> Iterator[Row]:
    from benchmarks.search import latency_rows

    prefix = f"findings-bench-{uuid.uuid4().hex[:8]}"
    folder.mkdir(parents=True, exist_ok=True)
    with _cluster(url, prefix):
        run_child("search_elastic", url, prefix, folder, size)
        place = f"{url}#{prefix}"
        asked: list[dict[str, Any]] = [
            run_child("search_asking", "elasticsearch", place, _ASKED, number)
            for number in range(1, rounds + 1)
        ]
        for row in latency_rows(size, "findings-elasticsearch", asked):
            if not row.case.startswith("memory"):
                yield row


def open_elastic(url: str, prefix: str, opener: Callable[[], Any]) -> Any:  # noqa: ANN401 - HybridIndex
    """Our index of that prefix."""
    from index import open_index

    return open_index(url, Path(), opener, options(prefix))


def main() -> None:
    """Fill words and vectors: `python -m benchmarks.search_elastic URL PREFIX FOLDER SIZE`."""
    from benchmarks.search_building import BATCH, encoder
    from benchmarks.search_vectors import SyntheticEncoder, load_topics

    url, prefix, folder, size = sys.argv[1], sys.argv[2], Path(sys.argv[3]), int(sys.argv[4])
    topics, name = load_topics(folder), encoder().name
    index = open_elastic(url, prefix, lambda: SyntheticEncoder(name, topics))
    every, position = papers(size), 0
    while batch := list(islice(every, BATCH)):
        position += len(batch)
        index.write(batch, [], position)
        index.vectors.write(batch, [], position)
    print("{}")


if __name__ == "__main__":
    main()
