"""Authors of a JATS article and their affiliations, however the two are tied together."""

import re
from collections.abc import Iterator

from lxml import etree

from crawler.text import plain_text
from crawler.xml import element_text
from domain.paper import Affiliation, Author, unique

Element = etree._Element

_ORCID = re.compile(r"(\d{4}-\d{4}-\d{4}-\d{3}[\dX])\s*/?\s*$", re.IGNORECASE)
_ROR = re.compile(r"ror\.org/(0[a-z0-9]{6}\d{2})", re.IGNORECASE)
_UNPRINTED = frozenset({"label", "institution-id", "email", "ext-link", "uri", "phone", "fax"})
_AUTHOR_TYPES = frozenset({"", "author", "collab", "group", "on-behalf-of"})


def authors(meta: Element) -> tuple[Author, ...]:
    """Authors in order; editors and reviewers are not among them."""
    shared = {one.get("id", ""): one for one in meta.iter("aff", "aff-alternatives") if one.get("id")}
    found: list[Author] = []
    for group in meta.iterchildren("contrib-group"):
        contributors = [
            c for c in group.iterchildren("contrib") if c.get("contrib-type", "") in _AUTHOR_TYPES
        ]
        if group.get("content-type") in {"section", "editor", "editors"}:
            contributors = [c for c in contributors if c.get("contrib-type") == "author"]
        common = _common(group, meta)
        found += [author for c in contributors if (author := _author(c, shared, common))]
        found += [Author(text) for one in group.iterchildren("collab") if (text := _group_name(one))]
    return unique(found)


def _common(group: Element, meta: Element) -> tuple[Affiliation, ...]:
    """Affiliations without an id, which hold for all authors of the group that name none."""
    loose = [one for holder in (group, meta) for one in holder.iterchildren("aff") if not one.get("id")]
    return unique(affiliation for one in loose if (affiliation := _affiliation(one)))


def _author(contrib: Element, shared: dict[str, Element], common: tuple[Affiliation, ...]) -> Author | None:
    affiliations = unique(_affiliations(contrib, shared)) or common
    collab = contrib.find("collab")
    if collab is None:
        collab = contrib.find("collab-alternatives/collab")
    if collab is not None and (text := _group_name(collab)):
        return Author(text, affiliations=affiliations)
    name = contrib.find("name")
    if name is None:
        name = contrib.find("name-alternatives/name")
    if name is None:
        plain = element_text(contrib.find("string-name")) or element_text(
            contrib.find("name-alternatives/string-name")
        )
        return Author(plain, orcid=_orcid(contrib), affiliations=affiliations) if plain else None
    family, given, suffix = (element_text(name.find(part)) for part in ("surname", "given-names", "suffix"))
    ordered = (family, given) if name.get("name-style") == "eastern" else (given, family, suffix)
    whole = " ".join(part for part in ordered if part)
    return Author(whole, family, given, _orcid(contrib), affiliations) if whole else None


def _group_name(collab: Element) -> str:
    """The name of a group, without the list of its members that may stand inside."""
    kept = [collab.text or ""]
    for child in collab:
        if child.tag in {"institution", "named-content", "italic", "bold", "ext-link"}:
            kept.append(element_text(child))
        kept.append(child.tail or "")
    return plain_text(" ".join(kept)).strip(" ,;")


def _orcid(contrib: Element) -> str | None:
    for one in contrib.iterchildren("contrib-id", "ext-link", "uri"):
        if match := _ORCID.search("".join(one.itertext())):
            return match[1].upper()
    return None


def _affiliations(contrib: Element, shared: dict[str, Element]) -> Iterator[Affiliation]:
    references = [
        x.get("rid", "").split() for x in contrib.iterchildren("xref") if x.get("ref-type") == "aff"
    ]
    named = [shared[rid] for rids in references for rid in rids if rid in shared]
    for element in (*named, *contrib.iterchildren("aff", "aff-alternatives")):
        if affiliation := _affiliation(element):
            yield affiliation


def _affiliation(element: Element) -> Affiliation | None:
    """One affiliation; of forms of the same one, the fullest."""
    if element.tag == "aff-alternatives":
        forms = [found for one in element.iterchildren("aff") if (found := _affiliation(one))]
        return max(forms, key=lambda form: (form.ror is not None, len(form.text)), default=None)
    text = re.sub(r"\s+([,;.])", r"\1", plain_text("".join(_printed(element))))
    text = re.sub(r"([,;])(?:\s*[,;])+", r"\1", text).strip(" ,;")
    ror = next((m for one in element.iter("institution-id") if (m := _ROR.search(one.text or ""))), None)
    return Affiliation(text, ror=f"https://ror.org/{ror[1].lower()}" if ror else None) if text else None


def _printed(element: Element) -> Iterator[str]:
    """Its text without labels; parts that have no comma between them in the source get one."""
    if element.text:
        yield element.text
    for child in element:
        mark = child.tag == "sup" and len("".join(child.itertext()).strip()) <= 3
        if child.tag not in _UNPRINTED and not mark:
            yield from _printed(child)
        follows = child.getnext() is not None and child.tag not in _UNPRINTED and not mark
        yield child.tail or (", " if follows and child.tag != "sup" else "")
