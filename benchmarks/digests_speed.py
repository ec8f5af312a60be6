"""How fast digests are written: the part `speed` of `benchmarks.digests`.

Digests of every paper for every audience, against the bare forward pass of the encoder over exactly the
sentences that digests need encoded, with as many threads; each run is a process of its own, all of them
interleaved, and the best of each counts.

A paper is encoded once, for however many audiences it is told. `share_of_encoder` is what the bare pass takes
of the time for digests for all three, `share_of_encoder_one_audience` what it takes of that for digests for
the public alone.
"""

import json
import os
import resource
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.rows import Row
from catalog import open_catalog
from crawler.records.importing import import_paths
from domain.collecting import rare_collections
from domain.digest import Audience
from domain.errors import DigestRefused
from domain.paper import Paper
from domain.ports import Digester, ReadingAhead
from summarizer import open_digester
from summarizer.choosing.eligibility import source_version
from summarizer.choosing.reading import is_usable
from summarizer.choosing.roles import section_labels
from summarizer.encoder import open_encoder
from summarizer.text.sentences import read_sentences

ROOT = Path(__file__).parents[1]
_IMPORTED = time.process_time()
"""What starting Python and importing all this cost; part of a cold start."""
RUNS = 3
_TOLD = {"findings": tuple(Audience), "findings-public": (Audience.PUBLIC,), "encoder": tuple(Audience)}
"""For whom each system writes digests of a paper; the bare pass encodes what digests for anybody need."""
_SHOWN = ("findings", "encoder")
Choose = Callable[[Iterable[float]], float]
UNITS: dict[str, tuple[str, Choose]] = {
    "digests_per_second": ("1/s", max),
    "digests_per_cpu_second": ("1/s", max),
    "cold_start_seconds": ("s", min),
    "peak_mb": ("MB", min),
}
_ALL = 100_000
_BATCH = 64
_PROJECTED = 100_000


def main() -> None:
    """Measure one system in this process, for `speed_rows`, and print what was found."""
    system, database, cache, size = sys.argv[1:]
    print(json.dumps(_measured(system, database, Path(cache), int(size))))


def speed_rows(data: Path, size: int) -> list[Row]:
    """How fast digests of the articles in `data` are written, and the control."""
    source = data / "jats-plain-language" / "elife_cancer_xml.tar.gz"
    if not source.exists():
        return []
    with TemporaryDirectory() as folder:
        return _rows(source, size or _ALL, Path(folder))


def _rows(source: Path, size: int, folder: Path) -> list[Row]:
    database = f"sqlite:///{folder / 'findings.db'}"
    catalog = open_catalog(database, ("jats",))
    import_paths([source], catalog)
    catalog.close()
    runs: dict[str, list[dict[str, float]]] = {system: [] for system in _TOLD}
    for number in range(RUNS + 1):
        for system, results in runs.items():
            result = _child(system, database, folder, size)
            if number:  # the first run builds the encoder's graph
                results.append(result)
    case = f"{int(runs['findings'][0]['papers'])} papers"
    seen = {
        (system, metric): choose(result[metric] for result in results)
        for system, results in runs.items()
        for metric, (_, choose) in UNITS.items()
    }
    rows = [
        Row(case, system, metric, value, UNITS[metric][0])
        for (system, metric), value in seen.items()
        if system in _SHOWN
    ]
    return rows + _derived(case, seen)


def _derived(case: str, seen: Mapping[tuple[str, str], float]) -> list[Row]:
    """What follows: how we stand to the encoder, what the rest costs, how long 100,000 papers take."""
    ours, bare = (seen[system, "digests_per_cpu_second"] for system in ("findings", "encoder"))
    rest = 1 / ours - 1 / bare
    every, public, encoded = (seen[system, "digests_per_second"] for system in _TOLD)
    hours = _PROJECTED * len(Audience) / every / 3600
    alone = public * len(Audience) / encoded
    rows = [
        Row(case, "findings", "share_of_encoder", every / encoded, "ratio"),
        Row(case, "findings", "share_of_encoder_one_audience", alone, "ratio"),
        Row(case, "findings", "hours_for_100k_papers", hours, "h"),
    ]
    if rest > 0:
        rows.append(Row(case, "findings", "digests_per_cpu_second_without_encoder", 1 / rest, "1/s"))
    return rows


def _child(system: str, database: str, cache: Path, size: int) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.digests_speed", system, database, str(cache), str(size)]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    measured: dict[str, float] = json.loads(result.stdout)
    return measured


def _measured(system: str, database: str, cache: Path, size: int) -> dict[str, float]:
    catalog = open_catalog(database, ("jats",))
    papers = catalog.pending_digests(Audience.PUBLIC, "none/0", _ALL)
    catalog.close()
    papers = [paper for paper in papers if _is_eligible(paper)][:size]
    if system == "encoder":
        wall, used, cold = _encode(papers, cache)
    else:
        wall, used, cold = _digest(papers, cache, _TOLD[system])
    written = len(papers) * len(_TOLD[system])
    return {
        "papers": len(papers),
        "digests_per_second": written / wall,
        "digests_per_cpu_second": written / used,
        "cold_start_seconds": cold,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def _digest(
    papers: Sequence[Paper], cache: Path, audiences: Sequence[Audience]
) -> tuple[float, float, float]:
    cold = time.perf_counter()
    digester = open_digester("extractive", cache)
    _write(digester, papers[-1:], audiences)  # opens the encoder and reads the tables
    cold = time.perf_counter() - cold + _IMPORTED
    start, cpu = time.perf_counter(), time.process_time()
    with rare_collections():
        _write(digester, papers, audiences)
    return time.perf_counter() - start, time.process_time() - cpu, cold


def _write(digester: Digester, papers: Sequence[Paper], audiences: Sequence[Audience]) -> None:
    """As `summarizer.digesting.write_all` does, without its database."""
    batches = [papers[first : first + _BATCH] for first in range(0, len(papers), _BATCH)]
    for batch, after in zip_longest(((), *batches), batches, fillvalue=()):
        _read_ahead(digester, after)
        for paper in batch:
            for audience in audiences:
                with suppress(DigestRefused):
                    digester.digest(paper, audience)


def _read_ahead(digester: Digester, papers: Sequence[Paper]) -> None:
    if isinstance(digester, ReadingAhead):
        digester.read_ahead(papers)


def _encode(papers: Sequence[Paper], cache: Path) -> tuple[float, float, float]:
    """The bare forward pass: as the digester's, several papers at once, a thread each."""
    cold = time.perf_counter()
    encoder = open_encoder(cache, threads=1)
    encoder.encode(["Warm."])
    cold = time.perf_counter() - cold + _IMPORTED
    texts = [_encoded(paper) for paper in papers]
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool, rare_collections():
        start, cpu = time.perf_counter(), time.process_time()
        deque(pool.map(encoder.encode, texts), maxlen=0)
        return time.perf_counter() - start, time.process_time() - cpu, cold


def _encoded(paper: Paper) -> list[str]:
    """What a digester must encode of a paper, for whatever number of audiences, and nothing else."""
    _, abstract, _ = source_version(paper)
    return [s.text for s in read_sentences(abstract, section_labels()) if is_usable(s)]


def _is_eligible(paper: Paper) -> bool:
    try:
        source_version(paper)
    except DigestRefused:
        return False
    return True


if __name__ == "__main__":
    main()
