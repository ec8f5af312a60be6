"""Articles within an article: abstracts of a meeting in one file, and translations."""

from collections.abc import Iterator
from copy import deepcopy

from lxml import etree

from crawler.records.text import language_tag
from crawler.sources import _jats_front as front
from domain.paper import Abstract, AbstractKind, unique

Element = etree._Element

ABSTRACTS = frozenset({"abstract", "meeting-abstract", "conference-abstract"})
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_FROM_THE_WHOLE = ("pub-date", "volume", "issue", "issue-title", "supplement", "conference", "permissions")
_MOST_LETTERS = 20_000


def _held(root: Element) -> list[Element]:
    return [one for one in root.iterchildren("sub-article") if one.get("article-type") in ABSTRACTS]


def count(root: Element) -> int:
    """How many abstracts `root` collects."""
    return len(_held(root))


def abstracts(root: Element) -> Iterator[bytes]:
    """The abstracts that `root` collects, each as an article with what it has from the whole."""
    for number, part in enumerate(_held(root), 1):
        yield etree.tostring(_whole(root, part, number), encoding="utf-8", with_tail=False)


def _whole(root: Element, part: Element, number: int) -> Element:
    article = etree.Element("article", dict(part.attrib), nsmap=root.nsmap)
    holder = etree.SubElement(article, "front")
    if (journal := root.find("front/journal-meta")) is not None:
        holder.append(deepcopy(journal))
    stub = part.find("front-stub")
    stub = part.find("front/article-meta") if stub is None else stub
    meta = etree.SubElement(holder, "article-meta")
    meta.extend(deepcopy(child) for child in (() if stub is None else stub))
    _complete(meta, root, part.get("id") or str(number))
    article.extend(deepcopy(child) for child in part.iterchildren("body", "back"))
    return article


def _complete(meta: Element, root: Element, own_id: str) -> None:
    """Add what the abstract does not say itself, and an id that no other has."""
    above = root.find("front/article-meta")
    if above is None:
        return
    for name in _FROM_THE_WHOLE:
        if meta.find(name) is None:
            meta.extend(deepcopy(one) for one in above.iterchildren(name))
    if meta.find("article-id") is None:
        known = next(front.identifiers(above, root.find("front/journal-meta")).keys(), "")
        one = etree.SubElement(meta, "article-id", {"pub-id-type": "publisher-id"})
        one.text = f"{known}/{own_id}" if known else own_id


def whole_text(root: Element, language: str) -> tuple[Abstract, ...]:
    """The text of a conference abstract that stands where an article has its body."""
    body = root.find("body")
    sections = () if body is None else tuple(front.sections(body))
    short = 0 < sum(len(section.text) for section in sections) <= _MOST_LETTERS
    return (Abstract(sections, language=language),) if short else ()


def languages(root: Element, own: str) -> tuple[str, ...]:
    """Languages that the article has been translated into as a whole."""
    found = (
        language_tag(part.get(_LANG, "und"))
        for part in root.iterchildren("sub-article")
        if part.get("article-type") == "translation" and part.find("body") is not None
    )
    return unique(tag for tag in found if tag not in (own, "und"))


def translations(root: Element) -> tuple[Abstract, ...]:
    """Abstracts of the article's translations, which SciELO keeps within it."""
    found: list[Abstract] = []
    for part in root.iterchildren("sub-article"):
        stub = part.find("front-stub")
        if part.get("article-type") != "translation" or stub is None:
            continue
        language = language_tag(part.get(_LANG, "und"))
        for one in front.abstracts(stub, language):
            kind = AbstractKind.TRANSLATED if one.kind is AbstractKind.MAIN else one.kind
            found.append(Abstract(one.sections, kind, one.language))
    return tuple(found)
