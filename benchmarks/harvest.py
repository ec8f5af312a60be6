"""How fast records are read and imported: `python -m benchmarks.harvest [--data DIR] [--size N] [--json]`.

Every timing is the best of interleaved runs, each in a process of its own; the controls read the same file.
CPU seconds count what the process used, so a busy machine disturbs them little.
"""

import argparse
import gzip
import json
import random
import re
import string
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from benchmarks import harvest_jats, harvest_medline
from benchmarks.harvest_crawl import crawl_rows
from benchmarks.rows import Row, best, print_rows

ROOT = Path(__file__).parents[1]
RUNS = 5
# As many records as the whole run has time for. Imports are of more: a file of NLM holds 30,000, beside which
# what a process loads once is little.
_MOST, _MOST_IMPORTED = 2000, 6000
_CITATION = re.compile(rb"<(PubmedArticle|MedlineCitation)(?=[\s>]).*?</\1>", re.DOTALL)
_PMID = re.compile(rb"(<PMID\b[^>]*>)\d+(</PMID>)")
_NAMED = re.compile(rb"(<(?:ArticleTitle|LastName|ForeName)>)([^<&]+)")
_ID = re.compile(rb"(<(?:Volume|ArticleId IdType=\"(?:doi|pmc)\"|ELocationID EIdType=\"doi\"[^>]*)>[^<]+)")
Result = dict[str, float]


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    options.add_argument(
        "--size", type=int, default=0, help=f"how many records; default {_MOST}, imported {_MOST_IMPORTED}"
    )
    options.add_argument("--json", action="store_true")
    options.add_argument("--child", nargs=2, metavar=("WHAT", "FILE"), help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.child:
        print(json.dumps(_measured(given.child[0], Path(given.child[1]))))
        return
    with tempfile.TemporaryDirectory() as folder:
        print_rows(list(_rows(given.data, given.size, Path(folder))), as_json=given.json)


def _rows(data: Path, size: int, folder: Path) -> Iterator[Row]:
    files = _citation_files(data / "api-pubmed")
    for source in files:
        path, count = _clone(source, size or _MOST, folder)
        case = f"medline-parse/{source.name}"
        yield from _compare(case, tuple(harvest_medline.SYSTEMS), path, count)
        yield from _two_processes(case, "findings", path)
    if files:
        cloned = _clone(files[0], size or _MOST_IMPORTED, folder)
        yield from _stages("import", *cloned)
        yield from _pipeline(*cloned)
    for articles in sorted((data / "jats-plain-language").glob("*.tar.gz")):
        yield from _compare(f"jats-parse/{articles.name}", harvest_jats.SYSTEMS, articles, 0)
        yield from _stages("import-jats", articles, 0)
    yield from crawl_rows()


def _citation_files(folder: Path) -> list[Path]:
    """The file with most records of each format: the present one, and that of the years until 2016.

    `pubmed_parser` reads nothing of the old one, which is said rather than left out.
    """
    fullest: dict[bytes, tuple[int, Path]] = {}
    for path in sorted(folder.rglob("*.xml*")):
        found = _citations(path)
        if found and len(found) > fullest.get(_wrapper(found[0]), (0, path))[0]:
            fullest[_wrapper(found[0])] = (len(found), path)
    return [path for _, (_, path) in sorted(fullest.items(), reverse=True)]


def _citations(path: Path) -> list[bytes]:
    data = path.read_bytes()
    return [m[0] for m in _CITATION.finditer(gzip.decompress(data) if path.suffix == ".gz" else data)]


def _estranged(piece: bytes, turn: int) -> bytes:
    """The record with other letters in its title and names, so that no two records tell of one paper."""
    letters = string.ascii_lowercase
    others = "".join(random.Random(turn).sample(letters, 26)) if turn else letters
    turned = bytes.maketrans((letters + letters.upper()).encode(), (others + others.upper()).encode())
    piece = _NAMED.sub(lambda match: match[1] + match[2].translate(turned), piece)
    return _ID.sub(rb"\g<1>%d" % turn, piece) if turn else piece


def _wrapper(citation: bytes) -> bytes:
    return b"PubmedArticleSet" if citation.startswith(b"<PubmedArticle") else b"MedlineCitationSet"


def _clone(source: Path, count: int, folder: Path) -> tuple[Path, int]:
    """A set of `count` records of `source` over and over, each with ids, title and authors of its own."""
    pieces = _citations(source)
    wrapper = _wrapper(pieces[0])
    path = folder / (source.name.removesuffix(".gz") + ".gz")
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(b"<" + wrapper + b">\n")
        for number in range(count):
            pmid = str(10_000_000 + number).encode()
            piece = _estranged(pieces[number % len(pieces)], number // len(pieces))
            file.write(_PMID.sub(rb"\g<1>" + pmid + rb"\g<2>", piece, count=1) + b"\n")
        file.write(b"</" + wrapper + b">\n")
    return path, count


def _compare(case: str, systems: tuple[str, ...], path: Path, count: int) -> Iterator[Row]:
    """Each system over the same file, in turns; `count` is how many citations it holds, 0 where not known."""
    results: dict[str, list[Result]] = {system: [] for system in systems}
    for _ in range(RUNS):
        for system in systems:
            results[system].append(_run(system, path))
    for system, runs in results.items():
        records = max(run["records"] for run in runs)
        name = system.removesuffix("-jats")
        if count and records < count:
            yield Row(case, name, "records_read", records, f"of {count}")
            continue
        yield Row(case, name, "records_per_cpu_second", records / best(r["cpu"] for r in runs), "1/s")
        yield Row(case, name, "records_per_second", records / best(r["wall"] for r in runs), "1/s")
        yield Row(case, name, "peak_mb", best(r["peak"] for r in runs), "MB")


def _two_processes(case: str, system: str, path: Path) -> Iterator[Row]:
    """How much more two processes read in the same time than one; on a busy machine, less than they could."""
    alone, together = [], []
    for _ in range(RUNS):
        alone.append(_run(system, path)["wall"])
        both = [_started(system, path) for _ in range(2)]
        together.append(max(_ended(child)["wall"] for child in both))
    yield Row(case, system, "two_processes_to_one", 2 * best(alone) / best(together), "ratio")


def _stages(what: str, path: Path, count: int) -> Iterator[Row]:
    """Import into a fresh SQLite catalog, and where its time goes.

    Counted are the `count` citations of the file, where that is known: an import counts what one says of
    another article's standing as a record of its own.
    """
    runs = [_run("import", path) for _ in range(3)]
    fastest = min(runs, key=lambda run: run["cpu"])
    records = count or int(fastest["records"])
    case = f"{what}/{records}"
    yield Row(case, "findings", "records_per_cpu_second", records / fastest["cpu"], "1/s")
    yield Row(case, "findings", "records_per_second", records / best(r["wall"] for r in runs), "1/s")
    for stage in ("parse", "enrich", "save"):
        yield Row(case, "findings", f"cpu_seconds_{stage}", fastest[stage], "s")
    yield Row(case, "findings", "peak_mb", best(r["peak"] for r in runs), "MB")


def _pipeline(path: Path, count: int) -> Iterator[Row]:
    """The whole import of `count` citations beside bare parses of the same file, in turns: ours, and that of
    `pubmed_parser`, which is told where it read them all.

    A harvest of MEDLINE is one of papers on cancer only; what an import of everything costs stands beside it.
    """
    systems = ("import", "import-prescan", "findings", "pubmed_parser")
    runs: dict[str, list[Result]] = {system: [] for system in systems}
    for _ in range(3):
        for system in systems:
            runs[system].append(_run(system, path))
    bare = {system: best(r["cpu"] for r in runs[system]) for system in ("findings", "pubmed_parser")}
    together = []
    for _ in range(3):
        both = [_started("import", path) for _ in range(2)]
        together.append(max(_ended(child)["wall"] for child in both))
    case = f"import/{count}"
    for system, name in (("import", "findings"), ("import-prescan", "findings-prescan")):
        spent = best(r["cpu"] for r in runs[system])
        if name != "findings":
            yield Row(case, name, "records_per_cpu_second", count / spent, "1/s")
        yield Row(case, name, "pipeline_to_own_bare_parse", bare["findings"] / spent, "ratio")
        if max(run["records"] for run in runs["pubmed_parser"]) == count:
            yield Row(case, name, "pipeline_to_pubmed_parser", bare["pubmed_parser"] / spent, "ratio")
    alone = best(r["wall"] for r in runs["import"])
    yield Row(case, "findings", "two_processes_to_one", 2 * alone / best(together), "ratio")


def _run(what: str, path: Path) -> Result:
    return _ended(_started(what, path))


def _started(what: str, path: Path) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "benchmarks.harvest", "--child", what, str(path)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def _ended(child: "subprocess.Popen[str]") -> Result:
    printed, _ = child.communicate()
    if child.returncode:
        raise subprocess.CalledProcessError(child.returncode, child.args)
    result: Result = json.loads(printed.splitlines()[-1])
    return result


def _measured(what: str, path: Path) -> Result:
    """Run one system once, here; imports are not counted."""
    work = _SYSTEMS[what]()
    cpu, wall = time.process_time(), time.perf_counter()
    found = work(path)
    spent = {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall, "peak": _peak_mb()}
    return spent | found  # what sets up its files first keeps its own time


def _peak_mb() -> float:
    """The high-water mark of this process; `ru_maxrss` would begin with that of the parent."""
    status = Path("/proc/self/status")
    if status.exists() and (match := re.search(r"VmHWM:\s+(\d+)", status.read_text())):
        return int(match[1]) / 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _import(cancer_only: bool = False) -> Callable[[Path], Result]:
    """The real import, with clocks put around enriching and saving; parsing is what remains."""
    import crawler.records.importing as importing
    from catalog import open_catalog
    from catalog.sqlcatalog import SqlCatalog
    from crawler.sources import file_sources
    from crawler.telling.enrich import enrich_all

    file_sources()  # the modules of the sources, which are imported when the first file is looked at
    result: Result = {"enrich": 0.0, "save": 0.0}

    def timed(stage: str, work: Callable[..., object]) -> Callable[..., object]:
        def clocked(*arguments: object) -> object:
            start = time.process_time()
            done = work(*arguments)
            result[stage] += time.process_time() - start
            return done

        return clocked

    setattr(importing, "enrich_all", timed("enrich", enrich_all))  # noqa: B010 - replaced for the time of this process
    setattr(SqlCatalog, "save", timed("save", SqlCatalog.save))  # noqa: B010

    def work(path: Path) -> Result:
        with tempfile.TemporaryDirectory() as folder:
            catalog = open_catalog(f"sqlite:///{folder}/catalog.db")
            start = time.process_time()
            report = importing.import_paths([path], catalog, cancer_only=cancer_only)
            spent = time.process_time() - start
            catalog.close()
        rest = spent - result["enrich"] - result["save"]
        return result | {"records": float(report.counts.total), "parse": rest, "cpu": spent}

    return work


_SYSTEMS: dict[str, Callable[[], Callable[[Path], Result]]] = {
    **harvest_medline.SYSTEMS,
    "findings-jats": harvest_jats.findings,
    "pubmed_parser-jats": harvest_jats.pubmed_parser,
    "lxml-jats": harvest_jats.lxml,
    "import": _import,
    "import-prescan": partial(_import, cancer_only=True),
}

if __name__ == "__main__":
    main()
