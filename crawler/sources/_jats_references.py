"""The reference list of a JATS article, read in one walk over its elements."""

from typing import NamedTuple, cast

from lxml import etree

from crawler.text import tidy
from crawler.xml import flat_text
from domain.errors import RecordRejected
from domain.identifiers import Identifiers, normalise_arxiv, normalise_doi, normalise_pmcid, normalise_pmid
from domain.paper import unique

Element = etree._Element

MOST = 20_000
"""A review has some thousands; what claims more is damaged or made to hurt."""
_HREF = "{http://www.w3.org/1999/xlink}href"
_CITATIONS = frozenset({"element-citation", "mixed-citation", "citation", "nlm-citation"})
_NAMES = frozenset({"name", "string-name"})
_STARTS = frozenset({"ref", "person-group", *_CITATIONS})
_TITLES = ("article-title", "data-title", "chapter-title", "trans-title")
_READ = (
    *("ref", *_CITATIONS, "person-group", *_NAMES, "surname", "given-names", "collab"),
    *(*_TITLES, "source", "year", "pub-id", "ext-link", "uri"),
)
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
    identifiers: Identifiers = Identifiers()


class _Entry:
    """A reference on its way."""

    __slots__ = ("citation", "first", "id", "names")

    def __init__(self, ref_id: str, citation: Element) -> None:
        self.id = ref_id
        self.citation = citation
        self.first: dict[str, str] = {}
        """The first value of each kind of element; ids under the name of their kind."""
        self.names: list[list[str]] = []

    def reference(self) -> Reference:
        first, citation = self.first, self.citation
        title = next((first[name] for name in _TITLES if name in first), "")
        source = first.get("source", "")
        return Reference(
            self.id,
            citation.get("publication-type") or citation.get("citation-type") or "",
            title or source or flat_text(citation),
            unique(_printed(parts) for parts in self.names if parts),
            source,
            first.get("year", ""),
            _identifiers(first),
        )

    def take(self, tag: str, element: Element) -> None:
        """Keep what `element` says, unless one before it has."""
        if tag == "pub-id":
            self.first.setdefault(element.get("pub-id-type", ""), element.text or "")
        elif tag == "ext-link" or tag == "uri":
            self.first.setdefault("address", element.get(_HREF) or element.text or "")
        elif tag not in self.first:
            self.first[tag] = flat_text(element)


def _printed(parts: list[str]) -> str:
    name = " ".join(parts)
    return name if name.isprintable() else tidy(name)


class _List:
    """The entries of a list so far, and the last of them, to which what is read next belongs."""

    def __init__(self, native_id: str) -> None:
        self.entries: list[_Entry] = []
        self._native_id = native_id
        self._ref_id = ""
        self._entry: _Entry | None = None
        self._names: list[list[str]] = []
        """Where names go: to the entry, or to nobody for those of editors."""

    def read(self, part: Element) -> None:
        name: list[str] = []
        for element in part.iter(*_READ):
            tag = cast("str", element.tag)
            if tag == "surname":
                name.append(element.text or flat_text(element))
            elif tag == "given-names":
                name.insert(0, element.text or flat_text(element))
            elif tag in _NAMES:
                name = [] if len(element) else [flat_text(element)]
                self._names.append(name)
            elif self._entry is None or tag in _STARTS:
                self._start(tag, element)
            elif tag == "collab":
                self._names.append([flat_text(element)])
            else:
                self._entry.take(tag, element)

    def _start(self, tag: str, element: Element) -> None:
        if tag == "ref":
            self._entry, self._names, self._ref_id = None, [], element.get("id", "")
        elif tag in _CITATIONS and (self._entry is None or not _is_alternative(element)):
            self._entry = _Entry(self._ref_id, element)
            self._names = self._entry.names
            self.entries.append(self._entry)
            if len(self.entries) > MOST:
                raise RecordRejected("jats", self._native_id, "too-large", f"more than {MOST} references")
        elif tag == "person-group" and self._entry is not None:
            ours = element.get("person-group-type", "") in _AUTHORS
            self._names = self._entry.names if ours else []


def references(root: Element, native_id: str) -> tuple[Reference, ...]:
    """The references of the article, one for each work.

    Raises:
        RecordRejected: `too-large`.
    """
    found = _List(native_id)
    for part in root.iterchildren("back", "body"):
        found.read(part)
    return tuple(entry.reference() for entry in found.entries)


def _is_alternative(citation: Element) -> bool:
    """Whether it is another form of the citation before it."""
    parent = citation.getparent()
    return parent is not None and parent.tag == "citation-alternatives"


def _identifiers(first: dict[str, str]) -> Identifiers:
    doi = first.get("doi") or first.get("address")
    pmid, pmcid, arxiv = first.get("pmid"), first.get("pmcid"), first.get("arxiv")
    if not (doi or pmid or pmcid or arxiv):
        return _NONE
    return Identifiers(
        doi=normalise_doi(doi) if doi else None,
        pmid=normalise_pmid(pmid) if pmid else None,
        pmcid=normalise_pmcid(pmcid) if pmcid else None,
        arxiv=normalise_arxiv(arxiv) if arxiv else None,
    )


_NONE = Identifiers()


def cited_keys(entries: tuple[Reference, ...]) -> tuple[str, ...]:
    """The strongest key of each reference that has one."""
    return unique(key for one in entries if (key := next(one.identifiers.keys(), None)))
