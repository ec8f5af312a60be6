"""A server on this machine that answers as NCBI's E-utilities do for PubMed, from invented citations.

Of a query it understands the date ranges `[edat]`, `[mdat]` and `[pdat]`, and "nothing"; all else finds
everything. Refusals are those of the recorded answers and of NCBI's own pages.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from crawler.replay import Fault, FaultKind, Replay, Reply, Request

PATH = "/entrez/eutils"
MOST_HITS = 9999
_RANGE = re.compile(r"(\d{4}/\d\d/\d\d):(\d{4}/\d\d/\d\d)\[(edat|mdat|pdat)\]")
_DATED = frozenset({"edat", "mdat", "pdat"})
_DTD = '<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2026//EN" "">'


@dataclass(frozen=True, slots=True)
class Citation:
    """An invented citation."""

    pmid: str
    title: str = ""
    edat: str = "2024/01/01"
    mdat: str = "2024/01/01"
    pdat: str = "2024/01/01"
    xml: str = ""
    """What EFetch gives instead of the usual."""

    def to_xml(self) -> str:
        """As EFetch gives it."""
        year, month, day = self.mdat.split("/")
        title = escape(self.title or f"Invented paper {self.pmid} on breast cancer")
        return self.xml or (
            '<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM">'
            f'<PMID Version="1">{self.pmid}</PMID>'
            f"<DateRevised><Year>{year}</Year><Month>{month}</Month><Day>{day}</Day></DateRevised>"
            f"<Article><Journal><Title>Invented journal</Title></Journal><ArticleTitle>{title}</ArticleTitle>"
            f"<Abstract><AbstractText>Of {self.pmid} mice, none was real.</AbstractText></Abstract></Article>"
            "</MedlineCitation></PubmedArticle>"
        )


@dataclass(slots=True)
class Oddities:
    """What PubMed does now and then, and does not call an error."""

    missing: frozenset[str] = frozenset()
    """PMIDs that are listed, and never come."""
    late: set[str] = field(default_factory=set)
    """PMIDs that do not come the first time."""
    merged: Mapping[str, str] = field(default_factory=dict)
    """PMIDs that are listed and answered with another."""


class PubmedReplay(Replay):
    """Serves `citations`, the latest first."""

    path = PATH

    def __init__(
        self,
        citations: Sequence[Citation],
        faults: Iterable[Fault] = (),
        *,
        oddities: Oddities | None = None,
        compressed: bool = True,
    ) -> None:
        self.citations = sorted(citations, key=lambda one: -int(one.pmid))
        self.oddities = oddities or Oddities()
        super().__init__(faults, compressed=compressed)

    def refusal(self) -> Reply:
        """As E-utilities refuse what they have forgotten."""
        return _error("eFetchResult", "Cannot retrieve history data. query_key: 1", 400)

    def answer(self, request: Request, fault: Fault | None) -> Reply:
        """The answer of ESearch or EFetch."""
        asked = request.query
        empty = fault is not None and fault.kind is FaultKind.NO_RECORDS
        if asked.get("api_key") == "wrong":
            return Reply(b'{"error":"API key invalid","api-key":"wrong","type":"api key"}', 400)
        if asked.get("db") != "pubmed":
            return _error("eSearchResult", f"Invalid db name specified: {asked.get('db', '')}")
        if request.path == f"{PATH}/esearch.fcgi":
            return self._search(asked, empty=empty)
        if request.path == f"{PATH}/efetch.fcgi":
            return self._fetch(asked, empty=empty)
        return Reply(b"<html><title>404</title></html>", 404, "text/html")

    def _search(self, asked: Mapping[str, str], *, empty: bool) -> Reply:
        term, start, most = asked.get("term", ""), asked.get("retstart", "0"), asked.get("retmax", "20")
        if not term.strip():
            return _error("eSearchResult", "Empty term and query_key - nothing todo")
        if asked.get("datetype", "pdat") not in _DATED or not (start + most).isdecimal():
            return _error("eSearchResult", "Invalid parameter")
        if int(start) >= MOST_HITS:
            return _error(
                "eSearchResult",
                "Search Backend failed: Exception:\n'retstart' cannot be larger than 9998. For PubMed,"
                " ESearch can only retrieve the first 9,999 records matching the query.",
            )
        found = [one.pmid for one in self.citations if _matches(one, asked)]
        end = min(int(start) + int(most), MOST_HITS)
        listed = [] if empty else found[int(start) : end]
        return _search_answer(len(found), int(start), listed)

    def _fetch(self, asked: Mapping[str, str], *, empty: bool) -> Reply:
        wanted = [one for one in asked.get("id", "").split(",") if one.isdecimal()]
        if not wanted:
            return _error("eFetchResult", "ID list is empty! Possibly it has no correct IDs.", 400)
        if len(asked["id"]) > 200 * 9:
            return Reply(b"<html><title>414 Request-URI Too Long</title></html>", 414, "text/html")
        odd = self.oddities
        names = {odd.merged.get(one, one) for one in wanted if one not in odd.missing | odd.late}
        odd.late.difference_update(wanted)
        found = [] if empty else [one.to_xml() for one in self.citations if one.pmid in names]
        return _xml(f"{_DTD}\n<PubmedArticleSet>{''.join(found)}</PubmedArticleSet>")


def serve(count: int, faults: Iterable[Fault] = ()) -> Replay:
    """A server of so many invented citations, entered over three weeks."""
    days = [f"2024/01/{number % 21 + 1:02}" for number in range(count)]
    return PubmedReplay(
        [Citation(str(30_000_001 + n), edat=day, mdat=day, pdat=day) for n, day in enumerate(days)], faults
    )


def _matches(citation: Citation, asked: Mapping[str, str]) -> bool:
    if "nothing" in asked["term"]:
        return False
    bounds = _RANGE.findall(asked["term"])
    if "mindate" in asked and "maxdate" in asked:
        bounds.append((asked["mindate"], asked["maxdate"], asked.get("datetype", "pdat")))
    return all(low <= getattr(citation, name) <= high for low, high, name in bounds)


def _search_answer(count: int, start: int, listed: Sequence[str]) -> Reply:
    ids = "".join(f"<Id>{one}</Id>\n" for one in listed)
    id_list = f"<IdList>\n{ids}</IdList>" if ids else "<IdList/>"
    return _xml(
        '<!DOCTYPE eSearchResult PUBLIC "-//NLM//DTD esearch 20060628//EN"'
        ' "https://eutils.ncbi.nlm.nih.gov/eutils/dtd/20060628/esearch.dtd">\n'
        f"<eSearchResult><Count>{count}</Count><RetMax>{len(listed)}</RetMax><RetStart>{start}</RetStart>"
        f"{id_list}<TranslationSet/><QueryTranslation>cancer[Subset]</QueryTranslation></eSearchResult>"
    )


def _error(root: str, words: str, status: int = 200) -> Reply:
    reply = _xml(f"<{root}><ERROR>{escape(words)}</ERROR></{root}>")
    reply.status = status
    return reply


def _xml(body: str) -> Reply:
    declared = f'<?xml version="1.0" encoding="UTF-8" ?>\n{body}\n'
    return Reply(declared.encode(), media_type="text/xml; charset=UTF-8")
