"""What is remembered is bounded in letters, too: a file of giants does not fill the memory (all invented)."""

import gc
import tracemalloc
from datetime import UTC, datetime

from crawler.records.remembering import remembered
from crawler.sources import pubmed
from crawler.sources._pubmed_records import may_be_on_cancer, to_record
from crawler.telling.enrich import enrich

_GIANT = 30_000
_MANY = 12


def test_short_texts_are_asked_about_once_and_long_ones_each_time() -> None:
    asked: list[str] = []

    @remembered(8, longest=3)
    def length(text: str) -> int:
        asked.append(text)
        return len(text)

    assert [length(text) for text in ("abc", "abc", "abcd", "abcd")] == [3, 3, 4, 4]
    assert asked == ["abc", "abcd", "abcd"]


def _citation(number: int) -> bytes:
    """A citation in which every field that is remembered is a giant of its own."""
    giant = f"{number} " + "x, " * (_GIANT // 3)
    return (
        f"<PubmedArticle><MedlineCitation><PMID>{number}</PMID><Article>"
        f"<Journal><Title>J</Title><JournalIssue><PubDate><Year>2020</Year><Month>{giant}</Month></PubDate>"
        f"</JournalIssue></Journal><ArticleTitle>Rain</ArticleTitle>"
        f'<Abstract><AbstractText Label="{giant}">Rain.</AbstractText></Abstract>'
        f'<AuthorList CompleteYN="Y"><Author ValidYN="Y"><LastName>Doe</LastName><AffiliationInfo>'
        f"<Affiliation>{giant}</Affiliation></AffiliationInfo></Author></AuthorList>"
        f"<Language>{giant}</Language><PublicationTypeList><PublicationType>{giant}</PublicationType>"
        f"</PublicationTypeList></Article>"
        f"<MedlineJournalInfo><MedlineTA>{giant}</MedlineTA></MedlineJournalInfo>"
        f"<MeshHeadingList><MeshHeading><DescriptorName>{giant}</DescriptorName></MeshHeading></MeshHeadingList>"
        f"<CoiStatement>{giant}</CoiStatement></MedlineCitation></PubmedArticle>"
    ).encode()


def _read(number: int) -> None:
    payload = _citation(number)
    may_be_on_cancer(payload)
    enrich(pubmed.to_version(to_record(payload, datetime(2026, 1, 1, tzinfo=UTC))))


def test_giants_are_not_kept() -> None:
    _read(1)
    gc.collect()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        for number in range(2, 2 + _MANY):
            _read(number)
        gc.collect()
        kept = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert kept < 2 * _GIANT, f"{kept} bytes of {_MANY} records are kept"
