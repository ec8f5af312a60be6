"""Authors of a JATS article and their affiliations, however the two are tied together."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from lxml import etree

from config import load_table
from crawler.records.names import is_latin, parts_of_name, person
from crawler.records.text import plain_text
from crawler.records.xml import element_text, flat_text
from domain.paper import Affiliation, Author, unique

Element = etree._Element
Named = TypeVar("Named", Affiliation, Author)

_ORCID = re.compile(r"(\d{4}-\d{4}-\d{4}-\d{3}[\dX])\s*/?\s*$", re.IGNORECASE)
_ROR = re.compile(r"ror\.org/(0[a-z0-9]{6}\d{2})", re.IGNORECASE)
_SPACE_BEFORE = re.compile(r"\s+([,;.])")
_FOR_GROUP = re.compile(r"(?:and )?(?:for the|(?:on )?behalf of(?: the)?) ", re.IGNORECASE)
_BETWEEN_LABELS = re.compile(r"[\s,;]+")
_MARKS = re.compile(r"([,;])(?:\s*[,;])+")
_OWNERS = re.compile(
    r"(?:[\s;,.:]|\be-?mails?\b|\((?!U\.[SK])(?:[^\W\d_]{1,2}[.-]{1,2}){1,6}\))+$", re.IGNORECASE
)
"""What is left of addresses of e-mail, with the initials of those to whom they belong; (U.S.A.) stays."""
_MOST_OWNERS = 400
_PARTS = frozenset(
    {
        "institution",
        "institution-wrap",
        "addr-line",
        "named-content",
        "city",
        "state",
        "country",
        "postal-code",
    }
)
_UNPRINTED = frozenset({"label", "institution-id", "email", "ext-link", "uri", "phone", "fax"})
_AUTHOR_TYPES = frozenset({"", "author", "collab", "group", "on-behalf-of"})
_NAMES = frozenset({"name", "string-name", "name-alternatives"})
_COLLABS = frozenset({"collab", "collab-alternatives", "collab-name-alternatives"})
_IN_GROUP_NAME = frozenset(
    {
        "collab-name",
        "institution",
        "institution-wrap",
        "named-content",
        "italic",
        "bold",
        "sub",
        "sup",
        "ext-link",
    }
)
_PLACES = frozenset({"aff", "aff-alternatives"})
_LINKS = frozenset({"contrib-id", "ext-link", "uri"})


class _Notes:
    """What authors are tied to by ids: affiliations, each read once, and notes on correspondence."""

    def __init__(self, meta: Element) -> None:
        self._places = {one.get("id") or _label(one): one for one in meta.iter(*_PLACES)}
        """By id, or by label where authors are tied to them by that alone."""
        self._read: dict[str, Affiliation | None] = {}
        self.held = list(meta.iterchildren("aff"))
        self.common: dict[bool, tuple[Affiliation, ...]] = {}
        """What holds for all authors of a group that has no affiliation, by whether some have their own."""
        self.correspondence: set[str] = set()
        self.other: set[str] = set()
        self.words = ""
        """What the notes on correspondence say."""
        for note in meta.iterfind("author-notes/*"):
            if note.tag == "corresp" or note.get("fn-type") == "corresp":
                self.correspondence.add(note.get("id", ""))
                self.words = f"{self.words} {flat_text(note)}"
            else:
                self.other.add(note.get("id", ""))
        self.correspondence.discard("")

    def affiliations(self, ids: str) -> Iterator[Affiliation]:
        """The affiliations that an attribute names."""
        for one in ids.split():
            if one not in self._read:
                element = self._places.get(one)
                self._read[one] = None if element is None else _affiliation(element)
            if found := self._read[one]:
                yield found

    def is_correspondence(self, kind: str | None, one: str) -> bool:
        """Whether a reference of that kind says that the author is the one to write to."""
        return one in self.correspondence or (kind == "corresp" and one not in self.other)


def _label(place: Element) -> str:
    """The number or sign before an affiliation."""
    return "".join((place.findtext("label") or place.findtext("sup") or "").split())


def authors(meta: Element) -> tuple[Author, ...]:
    """Authors in order; editors and reviewers are not among them."""
    notes = _Notes(meta)
    found: list[Author] = []
    for group in meta.iterchildren("contrib-group"):
        allowed = _AUTHOR_TYPES
        if group.get("content-type") in {"section", "editor", "editors"}:
            allowed = frozenset({"author"})
        common = _common(group, meta, notes)
        for one in group.iterchildren("contrib", "collab"):
            if one.tag == "collab":
                found += [Author(text)] if (text := _group_name(one)) else []
            elif _role(one) in allowed and (author := _author(one, notes, common)):
                found.append(author)
    if not any(author.affiliations for author in found):
        found = list(_with_members(found, meta, notes))
    return _with_correspondence(_once(found), notes.words)


def _role(contrib: Element) -> str:
    """What a contributor is; a first, joint or corresponding author is an author."""
    role = contrib.get("contrib-type", "")
    return "author" if role.endswith(("-author", "-authors", "authors")) else role


def _with_members(found: Sequence[Author], meta: Element, notes: _Notes) -> Iterator[Author]:
    """Groups with the affiliations of their members, where these are all that the article gives."""
    places: dict[str, list[Affiliation]] = {}
    for collab in meta.iterfind("contrib-group//collab"):
        for member in collab.iterfind("contrib-group/contrib"):
            if author := _author(member, notes, ()):
                places.setdefault(_group_name(collab), []).extend(author.affiliations)
    for one in found:
        yield replace(one, affiliations=unique(places[one.name])) if one.name in places else one


def _once(found: Sequence[Named]) -> tuple[Named, ...]:
    """Each once; where no two are called the same, which is the rule, the rest need not be compared."""
    names = {one.text if isinstance(one, Affiliation) else one.name for one in found}
    return tuple(found) if len(names) == len(found) else unique(found)


def _with_correspondence(found: tuple[Author, ...], words: str) -> tuple[Author, ...]:
    """Where no author is marked, the one whose full name stands in the note on correspondence."""
    if not words or any(author.corresponding for author in found):
        return found
    named = {author.name for author in found if author.family and author.given and author.name in words}
    return tuple(replace(one, corresponding=True) if one.name in named else one for one in found)


def _common(group: Element, meta: Element, notes: _Notes) -> tuple[Affiliation, ...]:
    """Affiliations that hold for all authors of the group: those without an id, or that nobody refers to."""
    own = list(group.iterchildren("aff"))
    held = [*own, *notes.held]
    tied = bool(held) and any(
        group.find(f"contrib//{path}") is not None for path in ("xref[@ref-type='aff']", "aff")
    )
    if not own and tied in notes.common:
        return notes.common[tied]  # a hostile article has thousands of groups
    loose = [one for one in held if not one.get("id")]
    if held and not loose and not tied:
        named = {part for one in meta.iter("xref") for part in one.get("rid", "").split()}
        loose = [one for one in held if one.get("id") not in named]
    found = unique(affiliation for one in loose if (affiliation := _affiliation(one)))
    if not own:
        notes.common[tied] = found
    return found


def _author(contrib: Element, notes: _Notes, common: tuple[Affiliation, ...]) -> Author | None:
    name: Element | None = None
    collab: Element | None = None
    orcid: str | None = None
    places: list[Affiliation] = []
    corresponding = contrib.get("corresp") == "yes"
    for child in contrib:
        tag = child.tag
        if tag == "xref":
            kind, rid = child.get("ref-type"), child.get("rid", "")
            if kind == "aff":
                places += notes.affiliations(rid or _BETWEEN_LABELS.sub(" ", "".join(child.itertext())))
            elif notes.is_correspondence(kind, rid):
                corresponding = True
        elif tag in _NAMES:
            name = child if name is None else name
        elif tag in _COLLABS:
            collab = child if collab is None else collab
        elif tag in _PLACES:
            places += filter(None, [_affiliation(child)])
        elif tag in _LINKS and orcid is None:
            orcid = _orcid(child)
    affiliations = _once(places) or common
    if collab is not None and (text := _group_name(_first_form(collab))):
        return Author(text, affiliations=affiliations, corresponding=corresponding)
    parts = None if name is None else _name(_first_form(name))
    return Author(*parts, orcid, affiliations, corresponding) if parts else None


def _first_form(element: Element) -> Element:
    """The first of several forms of a name, in Latin letters as indexes have it where there is one.

    A marked form comes before one that is only printed.
    """
    if not str(element.tag).endswith("-alternatives"):
        return element
    forms = [*element.iterchildren("name", "collab"), *element.iterchildren("string-name")]
    return next((form for form in forms if is_latin("".join(form.itertext()))), [*forms, element][0])


def _name(name: Element) -> tuple[str, str, str] | None:
    """A person's name as printed, the family name and the given names."""
    given = {child.tag: flat_text(child) for child in name.iterchildren("surname", "given-names", "suffix")}
    if not given and (found := person(element_text(name))):
        return found.name, found.family, found.given
    family, first, son = parts_of_name(
        given.get("surname", ""), given.get("given-names", ""), given.get("suffix", "")
    )
    if name.tag == "string-name" and not (family and first):
        whole = element_text(name)  # else, a name may be printed with the family name in front
    elif name.get("name-style") == "eastern":
        whole = " ".join(filter(None, (family, first)))
    else:
        whole = " ".join(filter(None, (first, family, son)))
    return (whole, family, first) if whole else None


def _group_name(collab: Element) -> str:
    """The name of a group, without the list of its members that may stand inside."""
    kept = [collab.text or ""]
    for child in collab:
        if child.tag == "collab-name-alternatives":
            kept.append(element_text(next(iter(child), None)))
        elif child.tag in _IN_GROUP_NAME:
            kept.append(element_text(child))
        kept.append(child.tail or "")
    text = plain_text(" ".join(kept)).strip(" ,;")
    if text.startswith("(") and text.find(")") == len(text) - 1:
        text = text[1:-1].strip()
    return text[match.end() :] if (match := _FOR_GROUP.match(text)) else text


def _orcid(link: Element) -> str | None:
    match = _ORCID.search("".join(link.itertext()))
    return match[1].upper() if match else None


def _affiliation(element: Element) -> Affiliation | None:
    """One affiliation; of forms of the same one, the fullest."""
    if element.tag == "aff-alternatives":
        forms = [found for one in element.iterchildren("aff") if (found := _affiliation(one))]
        return max(forms, key=lambda form: (form.ror is not None, len(form.text)), default=None)
    printed = _printed(element)
    named = element.iterchildren("institution")
    original = next((one for one in named if one.get("content-type") == "original"), None)
    if original is not None:
        printed = [original.text or ""]  # SciELO has the same again behind it, in parts
        country = element.findtext("country") or ""
        printed += [", ", country] if country not in printed[0] else []
    text = _SPACE_BEFORE.sub(r"\1", plain_text("".join(printed)))
    if element.find("email") is not None:
        text = text[:-_MOST_OWNERS] + _OWNERS.sub("", text[-_MOST_OWNERS:])
    text = _MARKS.sub(r"\1", text).strip(" ,;").lstrip(" .,;:")  # SciELO puts a stop after the label
    return Affiliation(text, _country_code(element), _ror(element.iter("institution-id"))) if text else None


def _country_code(element: Element) -> str | None:
    """The country that is given by its code alone, which in running text may be a state's."""
    given = next(element.iter("country"), None)
    if given is None:
        return None
    named = (given.text or "").strip()
    code = named if len(named) == len("NO") else "" if named else given.get("country", "")
    return code if code in load_table("countries") else None


def _ror(ids: Iterable[Element]) -> str | None:
    match = next((m for one in ids if (m := _ROR.search(one.text or ""))), None)
    return f"https://ror.org/{match[1].lower()}" if match else None


def _printed(element: Element) -> list[str]:
    """Its text without labels; parts that have no comma between them in the source get one."""
    found = [element.text] if element.text else []
    for child in element:
        tag = child.tag
        seen = tag not in _UNPRINTED and not (tag == "sup" and len("".join(child.itertext()).strip()) <= 3)
        if seen:
            found += _printed(child) if len(child) else [child.text or ""]
        if (tail := child.tail) and not (tag in _PARTS and tail.isspace()):
            found.append(f"{tail} " if tail in (",", ";") else tail)
        elif seen and tag != "sup" and child.getnext() is not None:
            found.append(", ")
    return found
