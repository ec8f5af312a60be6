"""The running text of a JATS article, paragraph by paragraph, each with where it stood.

Body and back matter are walked once, in the order of the document. Figures and tables that stand inside a
paragraph are put after it first, so that no caption breaks a sentence in two.
"""

import re
from collections.abc import Iterable, Iterator

from lxml import etree

from crawler.records.remembering import remembered
from crawler.records.text import raised, tidy
from crawler.records.xml import element_text, flat_text, take_out
from domain.body import Passage, Place
from domain.paper import Abstract, AbstractKind

Element = etree._Element

_OWN_DOI = re.compile(r"(?:DOI:?\s*)?https?://(?:dx\.)?doi\.org/\S+", re.IGNORECASE)
_HREF = "{http://www.w3.org/1999/xlink}href"
_HOLDERS = frozenset({"sec", "ack", "notes", "fn", "fn-group", "app", "app-group", "caption", "boxed-text"})
_KIND_OF = {"sec": "sec-type", "fn": "fn-type", "notes": "notes-type"}
_FLOATS = ("fig", "fig-group", "table-wrap", "table-wrap-group", "supplementary-material", "media")
_BLOCKS = ("list", "def-list", "disp-formula", "disp-quote", "boxed-text", "break", "array")
_FORMULAS = ("tex-math", "annotation")
_SHAPING = ("sup", *_FORMULAS, *_FLOATS, *_BLOCKS, "fn")
"""What makes a text other than its letters in a row."""

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
        found += _Reader(part).found
    return tuple(found)


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
        yield from _Reader(holder).found
    for one in meta.iterfind("custom-meta-group/custom-meta"):
        name = element_text(one.find("meta-name"))
        if (place := _place_of(name)) is not Place.OTHER and (text := element_text(one.find("meta-value"))):
            yield Passage(text, place, name)


class _Reader:
    """Reads the paragraphs of a part: sections from outside in, a paragraph with what it holds at once."""

    def __init__(self, part: Element) -> None:
        self.found: list[Passage] = []
        self._mixed = _tidy_up(part)
        self._section(part, _NOWHERE)

    def _section(self, holder: Element, head: Head) -> None:
        """Read a part of the article that may have a heading of its own."""
        for child in holder:
            tag = child.tag
            if tag == "p":
                self._paragraph(child, head)
            elif tag == "title":
                head = _entitled(child, holder, head)
            elif tag in _HOLDERS:
                self._section(child, _opened(child, head))
            elif next(child.iter("p"), None) is not None:
                self._block(child, head)

    def _block(self, block: Element, head: Head) -> None:
        """Read what only stands around paragraphs, such as a list or a figure."""
        for child in block:
            tag = child.tag
            if tag == "p":
                self._paragraph(child, head)
            elif tag in _HOLDERS:
                self._section(child, _opened(child, head))
            elif len(child):
                self._block(child, head)

    def _paragraph(self, paragraph: Element, head: Head) -> None:
        text = paragraph.text
        if len(paragraph) == 0:
            self._keep(tidy(text or ""), head, ())
            return
        if not text or text.isspace():
            head = _run_in(paragraph[0]) or head
        if head[0] is Place.AVAILABILITY:
            _write_out_links(paragraph)
        points_to = tuple([xref.get("rid", "") for xref in paragraph.iter("xref")])
        if paragraph in self._mixed:
            _set_apart(paragraph)
            self._keep(flat_text(paragraph), head, points_to)
            self._held(paragraph, head)
        else:
            self._keep(flat_text(paragraph), head, points_to)

    def _keep(self, text: str, head: Head, points_to: tuple[str, ...]) -> None:
        if text and not (text.startswith("DOI:") and _OWN_DOI.fullmatch(text)):
            self.found.append(Passage(text, head[0], head[1], points_to))

    def _held(self, element: Element, head: Head) -> None:
        """Read what has a place of its own within a paragraph, such as a note."""
        for child in element:
            if child.tag in _HOLDERS:
                self._section(child, _opened(child, head))
            elif len(child):
                self._held(child, head)


def _tidy_up(part: Element) -> set[Element]:
    """Make the text of elements readable as it is: floats after paragraphs, powers raised, no TeX.

    Returns the paragraphs that hold more than words.
    """
    mixed: set[Element] = set()
    for element in reversed(list(part.iter(*_SHAPING))):
        tag = element.tag
        if tag == "sup":
            _raise(element)
        elif tag in _FORMULAS:
            element.text = None
        elif (parent := element.getparent()) is not None and parent.tag == "p" and tag in _FLOATS:
            take_out(element)
            parent.addnext(element)
        else:
            mixed.update(element.iterancestors("p"))
    return mixed


def _raise(sup: Element) -> None:
    """Raise what follows a number: 10<sup>6</sup> must not become 106, nor a mark of a note part of it."""
    if (before := sup.getprevious()) is not None:
        text = before.tail
    else:
        parent = sup.getparent()
        text = None if parent is None else parent.text
    if text and text[-1].isdigit():
        for element in sup.iter():
            element.text = raised(element.text or "")
            if element is not sup:
                element.tail = raised(element.tail or "")


def _set_apart(paragraph: Element) -> None:
    """Keep the words of blocks within a paragraph from running into those around them."""
    for block in paragraph.iterdescendants("p", *_BLOCKS):
        block.text = f" {block.text or ''}"
        block.tail = f" {block.tail or ''}"


def _write_out_links(paragraph: Element) -> None:
    """Write where links lead into a statement of availability, where that is what counts."""
    for element in paragraph.iter("ext-link", "related-object"):
        address = element.get(_HREF) or element.get("source-id") or ""
        if address and address not in "".join(element.itertext()):
            element.tail = f" ({address}){element.tail or ''}"


def _opened(holder: Element, outer: Head) -> Head:
    """What a section's own type says, before its heading is read."""
    tag = str(holder.tag)
    if tag == "caption":
        return outer[0], ""
    kind = "ack" if tag == "ack" else holder.get(_KIND_OF.get(tag, "content-type"), "")
    return (_place_of_type(kind) if kind else None) or outer[0], outer[1] if tag == "fn" else ""


@remembered(1024)
def _place_of_type(kind: str) -> Place | None:
    for part in kind.lower().replace("_", "-").split("|"):
        if place := _KINDS.get(part.strip().replace(" ", "-")):
            return place
    return None


def _entitled(title: Element, holder: Element, head: Head) -> Head:
    """The head of a section once its heading has been read."""
    place, label = head[0], flat_text(title)
    told = Place.OTHER if holder.tag == "caption" else _place_of(label)
    if told is not Place.OTHER and (told not in _CHAPTER_PLACES or place is Place.OTHER):
        place = told
    return place, label


@remembered(4096)
def _place_of(label: str) -> Place:
    """The place that a heading names."""
    match = _HEADING.match(label)
    return Place(match.lastgroup) if match and match.lastgroup else Place.OTHER


def _run_in(first: Element) -> Head | None:
    """The heading that a paragraph begins with, in bold or italics, where it names a statement."""
    if first.tag not in {"bold", "italic"}:
        return None
    label = flat_text(first).rstrip(" :.")
    place = _place_of(label)
    return (place, label) if place is not Place.OTHER and place not in _CHAPTER_PLACES else None
