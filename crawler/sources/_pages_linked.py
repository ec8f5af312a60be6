"""Articles in JSON-LD (schema.org): the node of the article, wherever it is, and what is linked from it."""

from collections import deque
from collections.abc import Iterator
from itertools import chain
from typing import Any

from crawler.records.answers import Fields, fields, items, text
from crawler.records.names import natural_people, natural_person, orcid, person, ror
from crawler.records.text import plain_text
from crawler.sources._pages_excerpt import SCHOLARLY
from domain.identifiers import normalise_doi
from domain.paper import Affiliation, Author, unique

_MOST_NODES = 5000
_CHAIN = 6
_OTHERS = frozenset({"citation", "isBasedOn", "mentions", "relatedLink"})
"""Properties under which other works stand."""
_SERIES = frozenset({"Periodical", "PublicationIssue", "PublicationVolume", "Journal"})


class Linked:
    """The JSON-LD of a page."""

    def __init__(self, data: list[Any]) -> None:
        self._named: dict[str, Fields] = {}
        nodes = list(_nodes(data))
        for node in nodes:
            if (name := text(node.get("@id"))) and len(node) > 1:
                self._named.setdefault(name, node)
        scholarly = [node for node in nodes if _types(node) & SCHOLARLY]
        printed = (node for node in nodes if "Article" in _types(node) and self._is_in_journal(node))
        mains = (self.node(value) for node in nodes for value in items(node.get("mainEntity")))
        # Related articles may stand beside the page's own, which the page then names.
        main = (node for node in mains if _types(node) & SCHOLARLY)
        self.article: Fields = next(chain(main, scholarly, printed), {})

    def get(self, *names: str) -> str:
        """The first text that the article has under one of the names; of a node its name."""
        return next((found for name in names for found in self.texts(name)), "")

    def texts(self, name: str) -> Iterator[str]:
        """All texts that the article has under a name."""
        for value in items(self.article.get(name)):
            if found := plain_text(text(value) or text(self.node(value).get("name"))):
                yield found

    def node(self, value: object) -> Fields:
        """A node, looked up where only its id is given."""
        given = fields(value)
        return self._named.get(text(given.get("@id")), given) if len(given) <= 2 else given

    @property
    def doi(self) -> str | None:
        """The article's DOI, by whichever property."""
        for name in ("identifier", "sameAs", "@id", "url", "mainEntityOfPage"):
            for value in items(self.article.get(name)):
                given = fields(value)
                if found := normalise_doi(text(value) or text(given.get("value")) or text(given.get("@id"))):
                    return found
        return None

    @property
    def authors(self) -> tuple[Author, ...]:
        """The article's authors."""
        given = items(self.article.get("author")) or items(self.article.get("creator"))
        return unique(author for value in given for author in self._people(value))

    @property
    def series(self) -> Fields:
        """What the article is part of, issue, volume and journal taken together; the nearest wins."""
        found: dict[str, Any] = {}
        for node in self._containers(self.article, _CHAIN):
            kinds = _types(node)
            title = "journal" if kinds & {"Periodical", "Journal"} or "issn" in node else "part"
            for name, value in node.items():
                found.setdefault(title if name == "name" else name, value)
        return found

    @property
    def is_free(self) -> bool | None:
        """Whether it can be read for nothing; None where that is not said."""
        value = self.article.get("isAccessibleForFree")
        said = str(value).rpartition("/")[2].lower() if isinstance(value, str | bool) else ""
        return {"true": True, "false": False}.get(said)

    def _people(self, value: object) -> tuple[Author, ...]:
        """The author that a node is, or all that one text names."""
        if isinstance(value, str):
            return natural_people(plain_text(value))
        author = self._author(value)
        return (author,) if author else ()

    def _author(self, value: object) -> Author | None:
        given = self.node(value)
        family, first = plain_text(text(given.get("familyName"))), plain_text(text(given.get("givenName")))
        name = plain_text(text(given.get("name")))
        ids = [text(given.get("@id")), *map(text, items(given.get("sameAs")))]
        ids += [text(one) or text(fields(one).get("value")) for one in items(given.get("identifier"))]
        places = [self._affiliation(one) for one in items(given.get("affiliation"))]
        if "Organization" in _types(given):
            return Author(name) if name else None
        known = next(filter(None, map(orcid, ids)), None)
        there = unique(filter(None, places))
        if family:
            return person(name, family=family, given=first, orcid=known, affiliations=there)
        return natural_person(name, orcid=known, affiliations=there)

    def _affiliation(self, value: object) -> Affiliation | None:
        given = self.node(value)
        address = given.get("address")
        parts = [text(value), text(given.get("name")), text(address)]
        where = fields(address)
        parts += [text(where.get(name)) for name in ("name", "addressLocality", "addressRegion")]
        parts.append(
            text(where.get("addressCountry")) or text(fields(where.get("addressCountry")).get("name"))
        )
        ids = [text(given.get("@id")), *map(text, items(given.get("sameAs")))]
        printed = ", ".join(unique(plain_text(part) for part in parts if part))
        return Affiliation(printed, ror=next(filter(None, map(ror, ids)), None)) if printed else None

    def _containers(self, node: Fields, deep: int) -> Iterator[Fields]:
        for value in items(node.get("isPartOf")):
            found = self.node(value)
            if found and deep:
                yield found
                yield from self._containers(found, deep - 1)

    def _is_in_journal(self, node: Fields) -> bool:
        return any(_types(one) & _SERIES or "issn" in one for one in self._containers(node, _CHAIN))


def _types(node: Fields) -> frozenset[str]:
    return frozenset(text(one).rpartition("/")[2].rpartition(":")[2] for one in items(node.get("@type")))


def _nodes(data: list[Any]) -> Iterator[Fields]:
    """All nodes, those on the outside first; as many as a page can need."""
    waiting, taken = deque(data), 0
    while waiting and taken < _MOST_NODES:
        value = waiting.popleft()
        taken += 1
        if isinstance(value, dict):
            yield value
            inner = (one for name, one in value.items() if name not in _OTHERS)
            waiting += [one for one in inner if isinstance(one, dict | list)]
        elif isinstance(value, list):
            waiting += value
