"""The running text of a JATS article, paragraph by paragraph, each with where it stood.

Body and back matter are walked once, in the order of the document. Figures and tables that stand inside a
paragraph are put after it first, so that no caption breaks a sentence in two.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from lxml import etree

from crawler.passages import Passage, Place
from crawler.text import raised
from crawler.xml import element_text, flat_text, take_out
from domain.paper import Abstract, AbstractKind

Element = etree._Element

_OWN_DOI = re.compile(r"(?:DOI:?\s*)?https?://(?:dx\.)?doi\.org/\S+", re.IGNORECASE)
_HREF = "{http://www.w3.org/1999/xlink}href"
_HOLDERS = frozenset({"sec", "ack", "notes", "fn", "fn-group", "app", "app-group", "caption", "boxed-text"})
_KIND_OF = {"sec": "sec-type", "fn": "fn-type", "notes": "notes-type"}
_FLOATS = ("fig", "fig-group", "table-wrap", "table-wrap-group", "supplementary-material", "media")
_BLOCKS = frozenset({"list", "def-list", "disp-formula", "disp-quote", "boxed-text", "break", "array"})
_FORMULAS = ("tex-math", "annotation")
_READ = ("p", "xref", "ext-link", "title", "related-object", *_HOLDERS, *_BLOCKS)

_KINDS = {
    "intro": Place.INTRODUCTION,
    "introduction": Place.INTRODUCTION,
    "background": Place.INTRODUCTION,
    "methods": Place.METHODS,
    "materials": Place.METHODS,
    "subjects": Place.METHODS,
    "results": Place.RESULTS,
    "cases": Place.RESULTS,
    "discussion": Place.DISCUSSION,
    "conclusions": Place.DISCUSSION,
    "conclusion": Place.DISCUSSION,
    "data-availability": Place.AVAILABILITY,
    "data-availability-statement": Place.AVAILABILITY,
    "data-access": Place.AVAILABILITY,
    "code-availability": Place.AVAILABILITY,
    "availability": Place.AVAILABILITY,
    "datasets": Place.AVAILABILITY,
    "coi-statement": Place.INTERESTS,
    "conflict": Place.INTERESTS,
    "conflict-of-interest": Place.INTERESTS,
    "conflicts-of-interest": Place.INTERESTS,
    "conflict-interest": Place.INTERESTS,
    "competing-interest": Place.INTERESTS,
    "competing-interests": Place.INTERESTS,
    "financial-disclosure": Place.FUNDING,
    "funding-information": Place.FUNDING,
    "funding-statement": Place.FUNDING,
    "funding": Place.FUNDING,
    "supported-by": Place.FUNDING,
    "trial-registration": Place.REGISTRATION,
    "clinical-trial-number": Place.REGISTRATION,
    "registration": Place.REGISTRATION,
    "ack": Place.ACKNOWLEDGEMENTS,
    "acknowledgements": Place.ACKNOWLEDGEMENTS,
    "acknowledgments": Place.ACKNOWLEDGEMENTS,
}
"""What the types of sections and notes say, in the words of the JATS tag library and of publishers."""
_STATEMENTS = (
    (
        Place.AVAILABILITY,
        r"(?:(?:data|code|software|materials?|resources?|accession|deposit(?:ed|ion)?)\b.{0,40})?"
        r"\b(?:availability|accessibility|access|sharing|deposition|accession (?:numbers?|codes?))\b"
        r"|(?:major )?data ?sets?$|data(?: and \w+)? (?:deposit\w*|resources?|statement)\b",
    ),
    (
        Place.INTERESTS,
        r"(?:(?:statement|declarations?|disclosures?) of |potential |author )?"
        r"(?:competing|conflict(?:s|ing)?(?: of)?) (?:financial )?interests?\b|disclosures?(?: statement)?$"
        r"|financial disclosures?$|(?:author )?disclosures?\b|declaration of (?:\w+ )?interests?\b",
    ),
    (
        Place.FUNDING,
        r"(?:sources? of )?(?:funding|financial support|grant support|role of the (?:funding|sponsor))\b",
    ),
    (Place.REGISTRATION, r"(?:clinical )?(?:trial |study |protocol )?registration\b|trial (?:number|id)"),
    (Place.ACKNOWLEDGEMENTS, r"acknowledge?ments?\b"),
)
_CHAPTERS = (
    (Place.INTRODUCTION, r"introduction\b|background\b"),
    (
        Place.METHODS,
        r"(?:(?:materials?|patients?|subjects?|participants?|experimental|study)"
        r" (?:and|&|design|procedures?)\b"
        r"|(?:\w+ )?methods?\b|methodology\b|study (?:population|design)\b)",
    ),
    (Place.RESULTS, r"results?\b|findings\b|case (?:report|presentation|description)"),
    (Place.DISCUSSION, r"discussion\b|conclu(?:sions?|ding)\b|comment$|limitations\b"),
)
_NUMBERING = r"(?:[\dIVX]{0,4}(?:\.\d+)*[.):]?\s+)?"
_HEADING = re.compile(
    f"{_NUMBERING}(?:{'|'.join(f'(?P<{place}>{words})' for place, words in (*_STATEMENTS, *_CHAPTERS))})",
    re.IGNORECASE,
)
_CHAPTER_PLACES = frozenset(place for place, _ in _CHAPTERS)

Head = tuple[Place, str]
"""The place and heading that a section gives to what stands in it."""
_NOWHERE: Head = (Place.OTHER, "")


def passages(root: Element, abstracts: Iterable[Abstract]) -> tuple[Passage, ...]:
    """The abstract, the statements in the front, the body and the back of an article, in this order."""
    found = [p for one in abstracts if one.kind is AbstractKind.MAIN for p in _abstract(one)]
    meta = root.find("front/article-meta")
    if meta is not None:
        found += _front(meta)
    for part in root.iterchildren("body", "back", "floats-group"):
        found += _walk(part)
    return tuple(found)


def _tidy_up(part: Element) -> None:
    """Make the text of elements readable as it is: floats after paragraphs, powers raised, no TeX."""
    for element in reversed(list(part.iter("sup", *_FORMULAS, *_FLOATS))):
        if element.tag == "sup":
            _raise(element)
        elif element.tag in _FORMULAS:
            element.text = None
        elif (parent := element.getparent()) is not None and parent.tag == "p":
            take_out(element)
            parent.addnext(element)


def _raise(sup: Element) -> None:
    """Raise what follows a number: 10<sup>6</sup> must not become 106, nor a mark of a note part of it."""
    before, parent = sup.getprevious(), sup.getparent()
    text = before.tail if before is not None else None if parent is None else parent.text
    if text and text[-1].isdigit():
        for element in sup.iter():
            element.text = raised(element.text or "")
            if element is not sup:
                element.tail = raised(element.tail or "")


def _abstract(abstract: Abstract) -> Iterator[Passage]:
    for section in abstract.sections:
        place = _place_of(section.label) if section.label else None
        place = Place.REGISTRATION if place is Place.REGISTRATION else Place.ABSTRACT
        yield Passage(section.text, place, section.label)


def _front(meta: Element) -> Iterator[Passage]:
    """Statements that publishers put before the text."""
    for statement in meta.iterfind("funding-group/funding-statement"):
        if text := flat_text(statement):
            yield Passage(text, Place.FUNDING)
    for holder in meta.iterchildren("author-notes", "notes"):
        yield from _walk(holder)
    for one in meta.iterfind("custom-meta-group/custom-meta"):
        name = element_text(one.find("meta-name"))
        if (place := _place_of(name)) is not Place.OTHER and (text := element_text(one.find("meta-value"))):
            yield Passage(text, place, name)


class _Paragraph:
    """A paragraph on its way, with what it points to."""

    __slots__ = ("element", "head", "points_to")

    def __init__(self, element: Element, head: Head) -> None:
        self.element = element
        self.head = head
        self.points_to: list[str] = []

    def point(self, element: Element) -> None:
        """Keep where a reference or a link leads; in a statement of availability it is what counts."""
        if element.tag == "xref":
            self.points_to.append(element.get("rid", ""))
        elif self.head[0] is Place.AVAILABILITY:
            address = element.get(_HREF) or element.get("source-id") or ""
            if address and address not in "".join(element.itertext()):
                element.tail = f" ({address}){element.tail or ''}"

    def passage(self) -> Passage | None:
        text = flat_text(self.element)
        if not text or (text.startswith("DOI:") and _OWN_DOI.fullmatch(text)):
            return None
        return Passage(text, *self.head, tuple(self.points_to))


def _walk(part: Element) -> Iterator[Passage]:
    _tidy_up(part)
    heads: dict[Element | None, Head] = {part: _NOWHERE}
    found: list[_Paragraph] = []
    paragraph = _Paragraph(part, _NOWHERE)
    for element in part.iter(*_READ):
        tag = element.tag
        if tag == "xref" or tag == "ext-link" or tag == "related-object":
            if _is_inside(element, paragraph.element):
                paragraph.point(element)
        elif tag == "p":
            head = _head(element, heads)
            if head is None:
                _set_apart(element)
            else:
                paragraph = _Paragraph(element, _run_in(element) or head)
                found.append(paragraph)
        elif tag == "title":
            _entitle(element, heads)
        elif tag in _HOLDERS:
            heads[element] = _opened(element, _head(element, heads) or _NOWHERE)
        else:
            _set_apart(element)
    return filter(None, [one.passage() for one in found])


def _set_apart(block: Element) -> None:
    """Keep the words of a block within a paragraph from running into those around it."""
    block.text = f" {block.text or ''}"
    block.tail = f" {block.tail or ''}"


def _head(element: Element, heads: dict[Element | None, Head]) -> Head | None:
    """The head of the nearest section around `element`; None for what is part of a paragraph."""
    parent = element.getparent()
    while parent not in heads:
        if parent is None or parent.tag == "p":
            return None
        parent = parent.getparent()
    return heads[parent]


def _is_inside(element: Element, paragraph: Element) -> bool:
    parent = element.getparent()
    while parent is not paragraph:
        if parent is None or parent.tag == "sec":
            return False
        parent = parent.getparent()
    return True


def _opened(holder: Element, outer: Head) -> Head:
    """What a section's own type says, before its heading is read."""
    if holder.tag == "caption":
        return outer[0], ""
    kind = "ack" if holder.tag == "ack" else holder.get(_KIND_OF.get(str(holder.tag), "content-type"), "")
    return _place_of_type(kind) or outer[0], outer[1] if holder.tag == "fn" else ""


@lru_cache(maxsize=1024)
def _place_of_type(kind: str) -> Place | None:
    for part in kind.lower().replace("_", "-").split("|"):
        if place := _KINDS.get(part.strip().replace(" ", "-")):
            return place
    return None


def _entitle(title: Element, heads: dict[Element | None, Head]) -> None:
    holder = title.getparent()
    if holder is None or holder not in heads:
        return
    place, label = heads[holder][0], flat_text(title)
    told = Place.OTHER if holder.tag == "caption" else _place_of(label)
    if told is not Place.OTHER and (told not in _CHAPTER_PLACES or place is Place.OTHER):
        place = told
    heads[holder] = (place, label)


@lru_cache(maxsize=4096)
def _place_of(label: str) -> Place:
    """The place that a heading names."""
    match = _HEADING.match(label)
    return Place(match.lastgroup) if match and match.lastgroup else Place.OTHER


def _run_in(paragraph: Element) -> Head | None:
    """The heading that a paragraph begins with, in bold or italics, where it names a statement."""
    if (paragraph.text and not paragraph.text.isspace()) or not len(paragraph):
        return None
    first = paragraph[0]
    if first.tag not in {"bold", "italic"}:
        return None
    label = flat_text(first).rstrip(" :.")
    place = _place_of(label)
    return (place, label) if place is not Place.OTHER and place not in _CHAPTER_PLACES else None
