"""What of a publisher's page speaks of its article, cut out: meta tags, links of licences, JSON-LD.

Pages are read as a stream of tags, without a tree: neither depth nor size nor wrong nesting matters. What is
kept is a small page of its own, and the same for the same article although menus, tokens and counts around
it change. Addresses of e-mail are not kept.
"""

import codecs
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any, cast

import msgspec
from lxml import etree

from crawler.records.text import tidy

SCHOLARLY = frozenset({"ScholarlyArticle", "MedicalScholarlyArticle"})
_KEPT = re.compile(
    r"(?:bepress_)?citation_|eprints\.|dc(?:terms)?[.:]|prism[.:]|(?:robots|googlebot|og:url)$", re.IGNORECASE
)
_PRIVATE = re.compile(r"e?mail\b|_email$", re.IGNORECASE)
_LINKS = frozenset({"license", "canonical"})
_DROPPED = frozenset(
    {"email", "telephone", "faxNumber", "articleBody", "image", "thumbnailUrl"}
    | {"interactionStatistic", "comment", "commentCount"}
)
"""What is private, long, or changes without the article."""
_MOST_TAGS = 20_000
_LONGEST = 1 << 20
_DEEPEST = 12
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_DECLARED = re.compile(rb"""charset\s*=\s*["']?\s*([\w.:-]{2,40})|encoding\s*=\s*["']([\w.:-]{2,40})""", re.I)
_WIDER = {
    **dict.fromkeys(("iso-8859-1", "latin-1", "latin1", "us-ascii", "ascii"), "cp1252"),
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc-kr": "cp949",
}
"""What pages declare, and what they are in fact (WHATWG's Encoding Standard)."""
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


@dataclass(frozen=True, slots=True)
class Meta:
    """A meta tag; `name` in lower case."""

    name: str
    content: str
    language: str = ""


@dataclass(slots=True)
class Excerpt:
    """What of a page speaks of its article."""

    base: str = ""
    """The page's address, where it is known."""
    language: str = ""
    metas: list[Meta] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    """Kind of link (`license`, `canonical`) and where it leads."""
    data: list[Any] = field(default_factory=list)
    """JSON-LD, decoded."""

    def all(self, *names: str) -> Iterator[str]:
        """The contents of the tags of those names, those of the first name first."""
        for name in names:
            yield from (meta.content for meta in self.metas if meta.name == name)

    def first(self, *names: str) -> str:
        """The first content there is; "" for none."""
        return next(self.all(*names), "")

    def linked(self, kind: str) -> list[str]:
        """Where the links of a kind lead."""
        return [address for name, address in self.links if name == kind]

    def to_bytes(self) -> bytes:
        """The excerpt as a page of its own, that reads as this one does."""
        lines = ["<!doctype html>", f'<html lang="{escape(self.language)}"><head>']
        if self.base:
            lines.append(f'<base href="{escape(self.base)}">')
        for meta in self.metas:
            language = f' lang="{escape(meta.language)}"' if meta.language else ""
            lines.append(f'<meta name="{escape(meta.name)}" content="{escape(meta.content)}"{language}>')
        lines += [f'<link rel="{kind}" href="{escape(address)}">' for kind, address in self.links]
        for value in self.data:
            text = msgspec.json.encode(value).decode().replace("<", "\\u003c")
            lines.append(f'<script type="application/ld+json">{text}</script>')
        return "\n".join((*lines, "</head></html>\n")).encode("utf-8", "replace")


def parse_excerpt(body: bytes) -> Excerpt:
    """What of a page speaks of its article; a page that breaks off gives what came before."""
    reader = _Reader()
    text = _CONTROLS.sub(" ", _decoded(body))
    parser = etree.HTMLParser(target=cast("Any", reader), encoding="utf-8", no_network=True, huge_tree=False)
    try:
        parser.feed(text.encode("utf-8", "replace"))
        parser.close()
    except (etree.LxmlError, ValueError, AssertionError):
        pass  # what was read up to here counts; whether a page is whole is not told by its tags
    return reader.found


class _Reader:
    """Takes the tags as the parser meets them."""

    def __init__(self) -> None:
        self.found = Excerpt()
        self._script: list[str] | None = None
        self._left = _MOST_TAGS

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """A tag is opened."""
        self._script = None
        if tag == "script" and "ld+json" in attributes.get("type", "").lower():
            self._script = []
        elif tag == "html":
            self.found.language = self.found.language or attributes.get("lang") or _xml_lang(attributes)
        elif tag == "base":
            self.found.base = self.found.base or tidy(attributes.get("href", ""))
        elif self._left > 0:
            self._keep(tag, attributes)

    def end(self, tag: str) -> None:
        """A tag is closed."""
        if tag == "script" and self._script is not None:
            self.found.data += _json("".join(self._script))
        self._script = None

    def data(self, text: str) -> None:
        """Text."""
        if self._script is not None:
            self._script.append(text)

    def close(self) -> Excerpt:
        """What was found."""
        return self.found

    def _keep(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "meta":
            name = (attributes.get("name") or attributes.get("property") or "").strip().lower()
            content = tidy(attributes.get("content", "")[:_LONGEST])
            if content and _KEPT.match(name) and not _PRIVATE.search(name):
                self._left -= 1
                language = attributes.get("lang") or _xml_lang(attributes)
                self.found.metas.append(Meta(name, content, language))
        elif tag in ("link", "a", "area"):
            kinds = _LINKS & set(attributes.get("rel", "").lower().split())
            address = tidy(attributes.get("href", "")[:2000])
            for kind in sorted(kinds if address else ()):
                if (kind, address) not in self.found.links and (kind == "license" or tag == "link"):
                    self._left -= 1
                    self.found.links.append((kind, address))


def _xml_lang(attributes: Mapping[str, str]) -> str:
    return attributes.get("xml:lang") or attributes.get("{http://www.w3.org/XML/1998/namespace}lang") or ""


def _json(text: str) -> Iterator[Any]:
    """JSON-LD that speaks of an article, without what is not kept."""
    bare = re.sub(r"^\s*(?://)?\s*<!\[CDATA\[|(?://)?\s*\]\]>\s*$", "", text).strip().rstrip(";")
    if len(bare) > _LONGEST or "Article" not in bare:
        return
    try:
        value = msgspec.json.decode(bare.encode("utf-8", "replace"), strict=False)
    except (msgspec.DecodeError, RecursionError):
        try:  # line ends within strings are the commonest fault
            value = msgspec.json.decode(re.sub(r"[\r\n\t]+", " ", bare).encode("utf-8", "replace"))
        except (msgspec.DecodeError, RecursionError):
            return
    yield _without(value, _DEEPEST)


def _without(value: Any, deep: int) -> Any:  # noqa: ANN401 - JSON
    if deep < 0:
        return None
    if isinstance(value, list):
        return [_without(one, deep - 1) for one in value]
    if isinstance(value, dict):
        return {name: _without(one, deep - 1) for name, one in value.items() if name not in _DROPPED}
    return value


def _decoded(body: bytes) -> str:
    """UTF-8 where it is that, whatever it declares; else as declared; else as old pages of the West were."""
    for bom, encoding in _BOMS:
        if body.startswith(bom):
            return body[len(bom) :].decode(encoding, "replace")
    declared = _DECLARED.search(body[:4096])
    name = (declared[1] or declared[2]).decode("ascii", "replace") if declared else ""
    name = _WIDER.get(name.lower(), name)
    stateful = name.lower().startswith(("iso-2022", "hz"))
    for encoding in (name, "utf-8") if stateful else ("utf-8", name):
        try:
            if encoding and codecs.lookup(encoding)._is_text_encoding:
                return body.decode(encoding)
        except (LookupError, UnicodeDecodeError, ValueError):
            continue
    return body.decode("cp1252", "replace")
