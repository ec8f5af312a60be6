"""How fast digests are written: `python -m benchmarks.digests [--data DIR] [--size N] [--json]`.

Digests of every paper for every audience, against the bare forward pass of the encoder over the same
sentences; each run is a process of its own, the two interleaved, and the best of each counts.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.rows import Row, print_rows
from catalog import open_catalog
from crawler.importing import import_paths
from domain.digest import Audience
from domain.errors import DigestRefused
from domain.paper import Paper
from domain.ports import Digester
from summarizer import open_digester
from summarizer.eligibility import source_version
from summarizer.encoder import open_encoder
from summarizer.reading import is_usable
from summarizer.roles import section_labels
from summarizer.sentences import read_sentences

ROOT = Path(__file__).parents[1]
RUNS = 3
UNITS = {"digests_per_second": "1/s", "digests_per_cpu_second": "1/s", "peak_mb": "MB"}
_ALL = 100_000


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    options.add_argument("--size", type=int, default=100, help="how many papers")
    options.add_argument("--json", action="store_true")
    options.add_argument("--child", nargs=3, metavar=("SYSTEM", "DATABASE", "CACHE"), help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.child:
        system, database, cache = given.child
        print(json.dumps(_measured(system, database, Path(cache), given.size)))
        return
    with TemporaryDirectory() as folder:
        print_rows(_rows(given.data, given.size, Path(folder)), as_json=given.json)


def _rows(data: Path, size: int, folder: Path) -> list[Row]:
    source = data / "jats-plain-language" / "elife_cancer_xml.tar.gz"
    if not source.exists():
        return []
    database = f"sqlite:///{folder / 'findings.db'}"
    catalog = open_catalog(database, ("jats",))
    import_paths([source], catalog)
    catalog.close()
    runs: dict[str, list[dict[str, float]]] = {"findings": [], "encoder": []}
    for number in range(RUNS + 1):
        for system, results in runs.items():
            result = _child(system, database, folder, size)
            if number:  # the first run builds the encoder's graph
                results.append(result)
    case = f"{int(runs['findings'][0]['papers'])} papers"
    return [
        Row(case, system, metric, (min if metric == "peak_mb" else max)(r[metric] for r in results), unit)
        for system, results in runs.items()
        for metric, unit in UNITS.items()
    ]


def _child(system: str, database: str, cache: Path, size: int) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.digests", "--size", str(size)]
    command += ["--child", system, database, str(cache)]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    measured: dict[str, float] = json.loads(result.stdout)
    return measured


def _measured(system: str, database: str, cache: Path, size: int) -> dict[str, float]:
    catalog = open_catalog(database, ("jats",))
    papers = catalog.pending_digests(Audience.PUBLIC, "none/0", _ALL)
    catalog.close()
    papers = [paper for paper in papers if _is_eligible(paper)][:size]
    run = _encode if system == "encoder" else _digest
    wall, used = run(papers, cache)
    written = len(papers) * len(Audience)
    return {
        "papers": len(papers),
        "digests_per_second": written / wall,
        "digests_per_cpu_second": written / used,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def _digest(papers: Sequence[Paper], cache: Path) -> tuple[float, float]:
    digester = open_digester("extractive", cache)
    _write(digester, papers[-1:])  # opens the encoder and reads the tables
    start, cpu = time.perf_counter(), time.process_time()
    _write(digester, papers)
    return time.perf_counter() - start, time.process_time() - cpu


def _write(digester: Digester, papers: Sequence[Paper]) -> None:
    for paper in papers:
        for audience in Audience:
            with suppress(DigestRefused):
                digester.digest(paper, audience)


def _encode(papers: Sequence[Paper], cache: Path) -> tuple[float, float]:
    encoder = open_encoder(cache)
    encoder.encode(["Warm."])
    texts = [_sentences(paper) for paper in papers]
    start, cpu = time.perf_counter(), time.process_time()
    for sentences in texts:
        encoder.encode(sentences)
    return time.perf_counter() - start, time.process_time() - cpu


def _sentences(paper: Paper) -> list[str]:
    """What a digester encodes of a paper, for whatever number of audiences."""
    version, abstract, _ = source_version(paper)
    sentences = read_sentences(abstract, section_labels())
    return [version.title, *(s.text for s in sentences if is_usable(s))]


def _is_eligible(paper: Paper) -> bool:
    try:
        source_version(paper)
    except DigestRefused:
        return False
    return True


if __name__ == "__main__":
    main()
