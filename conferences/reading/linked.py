"""schema.org data in a page: JSON-LD and microdata, as plain nodes."""

import json
import re
from collections import deque
from collections.abc import Iterator
from typing import Any

import lxml.etree
import lxml.html

Node = dict[str, Any]

_DEEPEST = 40
_NODES = 20_000
_PREFIX = re.compile(r"^(?:https?://(?:www\.)?schema\.org/|schema:|sdo:)", re.IGNORECASE)
_JUNK = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*$")
_ADDRESSES = {"a": "href", "link": "href", "area": "href", "img": "src", "object": "data", "iframe": "src"}


def parse_page(body: bytes) -> lxml.html.HtmlElement | None:
    """A page as a tree; None where there is none in it. It loads nothing and expands nothing."""
    parser = lxml.html.HTMLParser(no_network=True, huge_tree=False, recover=True, remove_comments=True)
    try:
        return lxml.html.document_fromstring(body.replace(b"\0", b""), parser=parser)
    except (lxml.etree.LxmlError, ValueError, LookupError):
        return None


def nodes_of_page(page: lxml.html.HtmlElement) -> Iterator[Node]:
    """Every typed thing that a page tells of."""
    for script in page.iter("script"):
        if str(script.get("type", "")).split(";")[0].strip().lower() == "application/ld+json":
            yield from nodes_of_text(script.text or "")
    for scope in page.xpath("//*[@itemscope and not(@itemprop)]")[:500]:
        yield from flattened(_microdata(scope, 0))


def nodes_of_text(text: str) -> Iterator[Node]:
    """The typed things of a JSON-LD text; none where it is broken."""
    try:
        told = json.loads(_JUNK.sub("", _JUNK.sub("", text)).strip().rstrip(";"), strict=False)
    except (ValueError, RecursionError):
        return
    yield from flattened(told)


def flattened(told: object) -> Iterator[Node]:
    """Typed things in lists, graphs and within others, each once, those outside first."""
    queue: deque[tuple[object, int]] = deque([(told, 0)])
    for _ in range(_NODES):
        if not queue:
            return
        value, depth = queue.popleft()
        if depth > _DEEPEST:
            continue
        if isinstance(value, list):
            queue += [(one, depth + 1) for one in value]
        elif isinstance(value, dict):
            node = {_PREFIX.sub("", str(key)): one for key, one in value.items()}
            if types_of(node):
                yield node
            queue += [(one, depth + 1) for one in node.values() if isinstance(one, list | dict)]


def types_of(node: Node) -> set[str]:
    """The schema.org types of a node, without their prefix."""
    told = node.get("@type", node.get("type"))
    return {
        _PREFIX.sub("", one) for one in (told if isinstance(told, list) else [told]) if isinstance(one, str)
    }


def values(node: object, key: str) -> list[Any]:
    """All values of a property: none, one or several."""
    if not isinstance(node, dict):
        return []
    told = next((value for name, value in node.items() if _PREFIX.sub("", str(name)) == key), None)
    return [] if told is None else told if isinstance(told, list) else [told]


def text_of(node: object, *keys: str) -> str:
    """The first property that has a text; of a thing its value, name or id."""
    for key in keys:
        for value in values(node, key):
            if told := _text(value):
                return told
    return ""


def _text(value: object) -> str:
    if isinstance(value, dict):
        return next(
            (told for key in ("@value", "name", "@id") if isinstance(told := value.get(key), str)), ""
        )
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _microdata(scope: lxml.html.HtmlElement, depth: int) -> Node:
    node: Node = {"@type": str(scope.get("itemtype", "")).split()}
    if identity := scope.get("itemid"):
        node["@id"] = identity
    waiting = list(scope)[::-1]
    while waiting and depth < _DEEPEST:
        element = waiting.pop()
        if not isinstance(element.tag, str):
            continue
        inner = element.get("itemscope") is not None
        for name in str(element.get("itemprop", "")).split()[:5]:
            value = _microdata(element, depth + 1) if inner else _property(element)
            node.setdefault(name, []).append(value)
        if not inner:
            waiting += list(element)[::-1]
    return node


def _property(element: lxml.html.HtmlElement) -> str:
    for name in ("content", "datetime", _ADDRESSES.get(str(element.tag), ""), "value"):
        if name and (told := element.get(name)):
            return str(told)
    return str(element.text_content())[:20_000].strip()
