"""JATS articles read whole: metadata, text and references, by Findings and by pubmed_parser.

pubmed_parser has one call for each and parses the file anew every time; both read the same files from disk.
Timed is all that `parse_article` returns, read and tidied, nothing put off: metadata, every paragraph with
its section and what it points to, every reference with title, names, journal, year and ids. Not timed is what
`to_version` looks for in the text afterwards (trials, sharing, companies, sample), which the other has not.
"""

import tarfile
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

Result = dict[str, float]
SYSTEMS = ("findings-jats", "pubmed_parser-jats", "lxml-jats")


def _over_files(archive: Path, read: Callable[[str], object]) -> Result:
    """`read` over every article of the archive, which is unpacked before the clock starts."""
    from time import perf_counter, process_time

    count = 0
    with TemporaryDirectory() as folder, tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
        paths = sorted(str(path) for path in Path(folder).rglob("*.*ml"))
        cpu, wall = process_time(), perf_counter()
        for path in paths:
            read(path)
            count += 1
        return {"records": count, "cpu": process_time() - cpu, "wall": perf_counter() - wall}


def findings() -> Callable[[Path], Result]:
    """One call: `parse_article`."""
    from crawler.sources.jats import parse_article

    return lambda archive: _over_files(archive, lambda path: parse_article(Path(path).read_bytes()))


def pubmed_parser() -> Callable[[Path], Result]:
    """Its three calls."""
    from pubmed_parser import parse_pubmed_paragraph, parse_pubmed_references, parse_pubmed_xml

    def read(path: str) -> None:
        parse_pubmed_xml(path)
        parse_pubmed_paragraph(path, all_paragraph=True)
        parse_pubmed_references(path)

    return lambda archive: _over_files(archive, read)


def lxml() -> Callable[[Path], Result]:
    """The tree alone."""
    from lxml import etree

    return lambda archive: _over_files(archive, etree.parse)
