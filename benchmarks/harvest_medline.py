"""Systems that read MEDLINE/PubMed XML, measured by `benchmarks.harvest`."""

import gzip
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, cast

from domain.record import HarvestedRecord

Result = dict[str, float]


def _findings() -> Callable[[Path], Result]:
    from crawler.sources.pubmed import parse_versions

    def work(path: Path) -> Result:
        with gzip.open(path) as stream:
            return _citations(parse_versions(cast("BinaryIO", stream), datetime.now(UTC)))

    return work


def _prescan() -> Callable[[Path], Result]:
    """As an import of papers on cancer only does: what cannot be about cancer is passed over unread."""
    from crawler.sources.pubmed import parse_on_cancer
    from crawler.telling.prescan import may_be_on_cancer

    may_be_on_cancer(b"")  # reads the vocabulary, once for a process however much it reads

    def work(path: Path) -> Result:
        with gzip.open(path) as stream:
            return _citations(parse_on_cancer(cast("BinaryIO", stream), datetime.now(UTC)))

    return work


def _citations(found: Iterable[tuple[HarvestedRecord, object]]) -> Result:
    """How many were read; what one says of another article is a record more of ours, and none of the file."""
    return {"records": float(sum("#" not in record.native_id for record, _ in found))}


def _pubmed_parser() -> Callable[[Path], Result]:
    from pubmed_parser import parse_medline_xml

    def work(path: Path) -> Result:
        every = {"year_info_only": False, "author_list": True, "parse_downto_mesh_subterms": True}
        found = parse_medline_xml(str(path), nlm_category=True, **every)
        return {"records": sum(1 for _ in found)}

    return work


def _lxml() -> Callable[[Path], Result]:
    from lxml import etree

    def work(path: Path) -> Result:
        count = 0
        with gzip.open(path) as stream:
            tag = "PubmedArticle" if b"PubmedArticleSet" in stream.read(100) else "MedlineCitation"
            stream.seek(0)
            for _, element in etree.iterparse(stream, tag=tag):
                count += 1
                element.clear()
        return {"records": count}

    return work


SYSTEMS: dict[str, Callable[[], Callable[[Path], Result]]] = {
    "findings": _findings,
    "findings-prescan": _prescan,
    "pubmed_parser": _pubmed_parser,
    "lxml": _lxml,
}
