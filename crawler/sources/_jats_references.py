"""The reference list of a JATS article."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from lxml import etree

from crawler.records.text import tidy
from crawler.records.xml import flat_text
from domain.errors import RecordRejected
from domain.identifiers import normalise_arxiv, normalise_doi, normalise_pmcid, normalise_pmid
from domain.paper import unique

Element = etree._Element

MOST = 20_000
"""A review has some thousands; what claims more is damaged or made to hurt."""
_HREF = "{http://www.w3.org/1999/xlink}href"
_CITATIONS = frozenset({"element-citation", "mixed-citation", "citation", "nlm-citation"})
_FIELDS = frozenset({"article-title", "data-title", "chapter-title", "source", "year"})
_NAMED = frozenset({"name", "string-name", "collab"})
_PRINTED_DOI = re.compile(r"\bdoi(?:\.org/|[:\s]\s*)(10\.\d{4,9}/\S+)", re.IGNORECASE)
"""The DOI of an entry in which nothing is marked."""
_AUTHORS = frozenset({"", "author", "allauthors", "all-authors"})


class Reference(NamedTuple):
    """One entry of a reference list, as far as it can be told."""

    id: str
    """Its id in the document, which `Passage.points_to` names."""
    kind: str = ""
    """`journal`, `book`, `data` and so on, as printed."""
    title: str = ""
    """The title of the work; the whole entry as printed where it is not marked."""
    authors: tuple[str, ...] = ()
    journal: str = ""
    year: str = ""
    doi: str | None = None
    pmid: str | None = None
    pmcid: str | None = None
    arxiv: str | None = None

    @property
    def key(self) -> str | None:
        """The strongest of its identifiers."""
        if self.doi:
            return f"doi:{self.doi}"
        for scheme in ("pmid", "pmcid", "arxiv"):
            if value := getattr(self, scheme):
                return f"{scheme}:{value}"
        return None


class _Entry:
    """A reference on its way."""

    __slots__ = ("fields", "names")

    def __init__(self) -> None:
        self.fields: dict[str, str] = {}
        """The first value of each kind of element; ids under the name of their kind."""
        self.names: list[str] = []

    def read(self, holder: Element) -> None:
        """Read what stands in a citation, or in an element around parts of it."""
        fields = self.fields
        for child in holder:
            tag = child.tag
            if tag in _FIELDS:
                if tag not in fields:
                    fields[tag] = flat_text(child)
            elif tag == "person-group":
                if child.get("person-group-type", "") in _AUTHORS:
                    self._read_names(child)
            elif tag == "pub-id":
                fields.setdefault(child.get("pub-id-type", ""), child.text or "")
            elif tag == "ext-link" or tag == "uri":
                address = child.get(_HREF) or child.text or ""
                if "address" not in fields or "doi.org/" in address:
                    fields["address"] = address
            elif tag in _NAMED:
                self._keep(_name(child))
            elif len(child):
                self.read(child)

    def _read_names(self, group: Element) -> None:
        keep = self.names.append
        for one in group:
            if len(one) == 2 and (second := one[1]).tag == "given-names":  # as nearly all are
                family, given = one[0].text, second.text
                if family and given:
                    keep(f"{given} {family}")
                    continue
            if one.tag in _NAMED:
                self._keep(_name(one))

    def _keep(self, name: str) -> None:
        if name:
            self.names.append(name)

    def reference(self, ref_id: str, citation: Element) -> Reference:
        """The entry as far as it was read."""
        get, names = self.fields.get, self.names
        source, doi = get("source", ""), get("doi") or get("address")
        pmid, pmcid, arxiv = get("pmid"), get("pmcid"), get("arxiv")
        if not (doi or pmid or pmcid or arxiv):
            doi = _printed_doi(citation)
        title = get("article-title") or get("data-title") or get("chapter-title") or source
        return Reference(
            ref_id,
            citation.get("publication-type") or citation.get("citation-type") or "",
            title or flat_text(citation),
            tuple(names if "".join(names).isprintable() else map(tidy, names)),
            source,
            get("year", ""),
            normalise_doi(doi) if doi else None,
            normalise_pmid(pmid) if pmid else None,
            normalise_pmcid(pmcid) if pmcid else None,
            normalise_arxiv(arxiv) if arxiv else None,
        )


def _printed_doi(citation: Element) -> str | None:
    text = etree.tostring(citation, encoding="unicode", method="text", with_tail=False)
    found = _PRINTED_DOI.search(text) if "10." in text else None
    return found[1].rstrip(".,;)]") if found else None


def _name(element: Element) -> str:
    """The name of a person or a group, given names before the family name."""
    halves = {half.tag: flat_text(half) for half in element.iter("given-names", "surname", "suffix")}
    if element.tag == "collab" or not halves:
        return flat_text(element)
    return " ".join(filter(None, map(halves.get, ("given-names", "surname", "suffix"))))


def references(root: Element, native_id: str) -> tuple[Reference, ...]:
    """The references of the article, one for each work.

    Raises:
        RecordRejected: `too-large`.
    """
    found: list[Reference] = []
    for part in root.iterchildren("back", "body"):
        found += islice(_references(part), MOST + 1 - len(found))
    if len(found) > MOST:
        raise RecordRejected("jats", native_id, "too-large", f"more than {MOST} references")
    return tuple(found)


def _references(part: Element) -> Iterator[Reference]:
    ref_id = ""
    known: Element | None = None
    """The alternatives of which one has been read."""
    for element in part.iter("ref", *_CITATIONS):
        if element.tag == "ref":
            ref_id = element.get("id", "")
            last = element[-1].tag if len(element) else ""
            if last not in _CITATIONS and next(element.iter(*_CITATIONS), None) is None:
                yield from _in_other_form(ref_id, element)
            continue
        parent = element.getparent()
        if parent is not None and parent.tag == "citation-alternatives":
            if parent is known:
                continue
            known = parent
        entry = _Entry()
        entry.read(element)
        yield entry.reference(ref_id, element)


def _in_other_form(ref_id: str, ref: Element) -> Iterator[Reference]:
    """An entry without a citation of a kind that we know, where it has an id all the same."""
    entry = _Entry()
    entry.read(ref)
    if (found := entry.reference(ref_id, ref)).key:
        yield found


def cited_keys(entries: tuple[Reference, ...]) -> tuple[str, ...]:
    """The strongest key of each reference that has one."""
    return unique(key for one in entries if (key := one.key))
