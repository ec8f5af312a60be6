"""The reference list of a JATS article, read in one walk over its elements."""

from typing import NamedTuple, cast

from lxml import etree

from crawler.text import tidy
from crawler.xml import flat_text
from domain.errors import RecordRejected
from domain.identifiers import normalise_arxiv, normalise_doi, normalise_pmcid, normalise_pmid
from domain.paper import unique

Element = etree._Element

MOST = 20_000
"""A review has some thousands; what claims more is damaged or made to hurt."""
_HREF = "{http://www.w3.org/1999/xlink}href"
_CITATIONS = frozenset({"element-citation", "mixed-citation", "citation", "nlm-citation"})
_HALVES = frozenset({"surname", "given-names"})
_FIELDS = frozenset({"article-title", "data-title", "chapter-title", "source", "year"})
_READ = (
    *("ref", *_CITATIONS, "person-group", "string-name", "collab", "suffix", "pub-id", "ext-link", "uri"),
    *_HALVES,
    *_FIELDS,
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
    doi: str | None = None
    pmid: str | None = None
    pmcid: str | None = None
    arxiv: str | None = None

    @property
    def key(self) -> str | None:
        """The strongest of its identifiers."""
        for scheme in ("doi", "pmid", "pmcid", "arxiv"):
            if value := getattr(self, scheme):
                return f"{scheme}:{value}"
        return None


class _Entry:
    """A reference on its way."""

    __slots__ = ("citation", "fields", "id", "names")

    def __init__(self, ref_id: str, citation: Element) -> None:
        self.id = ref_id
        self.citation = citation
        self.fields: dict[str, str] = {}
        """The first value of each kind of element; ids under the name of their kind."""
        self.names: list[str] = []

    def reference(self) -> Reference:
        """The entry as far as it was read."""
        get, citation = self.fields.get, self.citation
        source, doi = get("source", ""), get("doi") or get("address")
        pmid, pmcid, arxiv = get("pmid"), get("pmcid"), get("arxiv")
        title = get("article-title") or get("data-title") or get("chapter-title") or source
        return Reference(
            self.id,
            citation.get("publication-type") or citation.get("citation-type") or "",
            title or flat_text(citation),
            tuple(self.names if "".join(self.names).isprintable() else map(tidy, self.names)),
            source,
            get("year", ""),
            normalise_doi(doi) if doi else None,
            normalise_pmid(pmid) if pmid else None,
            normalise_pmcid(pmcid) if pmcid else None,
            normalise_arxiv(arxiv) if arxiv else None,
        )


class _List:
    """The entries of a list so far, and the last of them, to which what is read next belongs."""

    def __init__(self, native_id: str) -> None:
        self.entries: list[_Entry] = []
        self._native_id = native_id
        self._ref_id = ""
        self._fields: dict[str, str] = {}
        self._names: list[str] = []
        """Where names go: to the last entry, or to nobody for those of editors."""

    def read(self, part: Element) -> None:
        """Read a part of the document. A name has two halves, in either order, or one."""
        half = of = ""
        for element in part.iter(*_READ):
            tag = cast("str", element.tag)
            if tag in _HALVES:
                text = element.text or flat_text(element)
                if half and tag != of:
                    self._names.append(f"{half} {text}" if tag == "surname" else f"{text} {half}")
                    half = ""
                    continue
                if half:
                    self._names.append(half)
                half, of = text, tag
                continue
            if half:
                self._names.append(half)
                half = ""
            if tag not in _FIELDS:
                self._step(tag, element)
            elif tag not in self._fields:
                self._fields[tag] = flat_text(element)

    def _step(self, tag: str, element: Element) -> None:
        if tag == "pub-id":
            self._fields.setdefault(element.get("pub-id-type", ""), element.text or "")
        elif tag == "ext-link" or tag == "uri":
            self._fields.setdefault("address", element.get(_HREF) or element.text or "")
        elif tag == "collab" or tag == "string-name":
            if not len(element) or tag == "collab":
                self._names.append(flat_text(element))
        elif tag == "suffix":
            self._names[-1:] = [f"{name} {flat_text(element)}" for name in self._names[-1:]]
        elif tag == "person-group":
            ours = element.get("person-group-type", "") in _AUTHORS
            self._names = self.entries[-1].names if ours and self.entries else []
        elif tag == "ref":
            self._fields, self._names, self._ref_id = {}, [], element.get("id", "")
        elif not (self._fields and _is_alternative(element)):
            self._begin(element)

    def _begin(self, citation: Element) -> None:
        entry = _Entry(self._ref_id, citation)
        self._fields, self._names = entry.fields, entry.names
        self.entries.append(entry)
        if len(self.entries) > MOST:
            raise RecordRejected("jats", self._native_id, "too-large", f"more than {MOST} references")


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


def cited_keys(entries: tuple[Reference, ...]) -> tuple[str, ...]:
    """The strongest key of each reference that has one."""
    return unique(key for one in entries if (key := one.key))
