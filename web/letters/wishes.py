"""What letters are asked about: a wish as the parameters of an address, and the words for it."""

from collections.abc import Callable, Container, Mapping
from dataclasses import replace
from functools import cache
from urllib.parse import urlencode

from domain.query import Query, Sort
from domain.subscription import Wish, WishKind, to_wish
from web.labels import language_name, listed
from web.listings.lists import MAX_WORDS, cancer_types, countries, languages, to_code, to_country
from web.listings.opportunities import KINDS, STAGES
from web.listings.words import TAKING_PART
from web.params import FACET_FIELDS, MAX_VALUES, Params, clean, first, pairs, to_asked
from web.search.counting import value_label

SUBKIND = "subkind"
"""The parameter for the `kind` of opportunities, as `kind` says what kind of wish it is."""
LONGEST_TARGET = 200
LONGEST_NAME = 100
_LONGEST_TOLD = 200
"""So many characters of a search stand in its name; all of it is asked for."""

_MEETINGS = ("cancer_type", "country", "language", "attendance")
FIELDS: Mapping[WishKind, tuple[str, ...]] = {
    WishKind.TOPIC: ("cancer_type", "country", "language"),
    WishKind.MEETINGS: _MEETINGS,
    WishKind.DEADLINES: _MEETINGS,
    WishKind.OPPORTUNITIES: ("from", "stage", SUBKIND, "cancer_type", "country", "language"),
}
"""What narrows wishes of a kind, by the names in an address; a search has the filters of a search."""
_WORDED = (WishKind.MEETINGS, WishKind.DEADLINES, WishKind.OPPORTUNITIES)
_TARGETED = (WishKind.SERIES, WishKind.PAPER, WishKind.LIST)
_HEADS = {
    WishKind.SEARCH: "New papers",
    WishKind.TOPIC: "New papers",
    WishKind.MEETINGS: "New conferences",
    WishKind.DEADLINES: "Deadlines of conferences that close soon",
    WishKind.OPPORTUNITIES: "Opportunities, new and closing",
    WishKind.SERIES: "The meeting series",
    WishKind.PAPER: "What becomes of a paper",
    WishKind.LIST: "The list",
}
_OF_OPPORTUNITIES = {"country": "from", "place": "country", "kind": SUBKIND}
"""Parameter of the list of opportunities → that of a wish."""
_PLACES = frozenset({"country", "from"})
_TOPIC_FACETS = frozenset({"cancer_type", "country"})


@cache
def known_values(field: str) -> Mapping[str, str]:
    """Code → words of what a field of an address can be."""
    tables: Mapping[str, Callable[[], Mapping[str, str]]] = {
        "attendance": lambda: TAKING_PART,
        "cancer_type": cancer_types,
        "country": countries,
        "from": countries,
        "language": languages,
        "stage": lambda: {str(stage): words for stage, words in STAGES.items()},
        SUBKIND: lambda: {str(kind): words for kind, words in KINDS.items()},
    }
    return tables[field]()


def read_wish(params: Params) -> Wish | None:
    """The wish of an address, within bounds; None where it does not say of which kind.

    A search by cancer types and countries alone is a topic, so that equal wishes are one.
    """
    name = first(params, "kind")
    if name not in set(WishKind):
        return None
    kind = WishKind(name)
    if kind is WishKind.SEARCH:
        return _read_search(params)
    filters = {_inside(field): _codes(params, field) for field in FIELDS.get(kind, ())}
    text = first(params, "q")[:MAX_WORDS] if kind in _WORDED else ""
    target = first(params, "target")[:LONGEST_TARGET] if kind in _TARGETED else ""
    return to_wish(kind, text, filters, target)


def read_value(field: str, text: str) -> str:
    """The code of a value of that field, given by it or by its name; empty where there is none such."""
    return to_country(text) if field in _PLACES else to_code(text, known_values(field))


def _codes(params: Params, field: str) -> tuple[str, ...]:
    given = [clean(text)[:LONGEST_NAME] for text in params.get(field, ())][:MAX_VALUES]
    return tuple(code for text in given if text and (code := read_value(field, text)))


def _read_search(params: Params) -> Wish:
    text, filters = search_parts(to_asked(params).query)
    if not text and filters and filters.keys() <= _TOPIC_FACETS and _all_known(filters):
        return to_wish(WishKind.TOPIC, "", filters)
    return to_wish(WishKind.SEARCH, text, filters)


def search_parts(query: Query) -> tuple[str, dict[str, tuple[str, ...]]]:
    """The text of a search, and what narrows it; the order and the length of pages are no part of a wish."""
    filters: dict[str, tuple[str, ...]] = {}
    for name, value in pairs(replace(query, sort=Sort.RELEVANCE)):
        if name not in {"q", "size"}:
            filters[name] = (*filters.get(name, ()), value)
    return query.text, filters


def _all_known(filters: Mapping[str, tuple[str, ...]]) -> bool:
    known: dict[str, Container[str]] = {field: known_values(field) for field in filters}
    return all(value in known[field] for field, chosen in filters.items() for value in chosen)


def is_vague(wish: Wish) -> bool:
    """Whether it asks for everything there is, where that would be too much for a letter."""
    if wish.kind in _TARGETED:
        return not wish.target
    return wish.kind in (WishKind.SEARCH, WishKind.TOPIC) and not wish.text and not wish.filters


def to_pairs(wish: Wish) -> tuple[tuple[str, str], ...]:
    """The parameters that `read_wish` makes the same wish of."""
    named = [("kind", str(wish.kind)), ("q", wish.text), ("target", wish.target)]
    told = [(_outside(wish.kind, field), value) for field, chosen in wish.filters for value in chosen]
    return tuple(pair for pair in (*named, *told) if pair[1])


def to_address(path: str, wish: Wish, **more: str) -> str:
    """The address of a page about a wish."""
    return f"{path}?{urlencode([*to_pairs(wish), *more.items()])}"


def letters_address(kind: str, params: Params | None = None, target: str = "") -> str:
    """The address where letters about a list, or about `target`, are asked for; `params` are the list's own.

    >>> letters_address("opportunities", {"country": ["KE"], "kind": ["grant"]})
    '/subscribe?kind=opportunities&from=KE&subkind=grant'
    """
    given = dict(params or {})
    if kind == WishKind.OPPORTUNITIES:
        given = {_OF_OPPORTUNITIES.get(name, name): values for name, values in given.items()}
    wish = read_wish({**given, "kind": [kind], "target": [target]})
    return to_address("/subscribe", wish) if wish else "/subscribe"


def to_words(wish: Wish, title: str = "") -> str:
    """A wish in words; `title` is that of its series, paper or list.

    >>> to_words(to_wish(WishKind.TOPIC, "", {"cancer_type": ("breast",), "country": ("KE",)}))
    'New papers: Breast cancer, authors in Kenya'
    """
    if wish.kind in _TARGETED:
        return f"{_HEADS[wish.kind]}: “{title or 'no longer here'}”"
    parts = [f"“{_begun(wish.text)}”"] if wish.text else []
    order = FIELDS.get(wish.kind, ())
    told = sorted(wish.filters, key=lambda pair: _place(order, _outside(wish.kind, pair[0])))
    parts += [words for field, chosen in told if (words := _field_words(wish.kind, field, chosen))]
    return f"{_HEADS[wish.kind]}: {', '.join(parts)}" if parts else _HEADS[wish.kind]


def _begun(text: str) -> str:
    """A text in one line, of a long one its beginning."""
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST_TOLD else f"{text[:_LONGEST_TOLD].rstrip()} …"


def _field_words(kind: WishKind, field: str, chosen: tuple[str, ...]) -> str:
    if kind is WishKind.SEARCH:
        return _facet_words(field, chosen)
    words = listed([known_values(_outside(kind, field)).get(value, value) for value in chosen])
    if field == "country":
        return f"authors in {words}" if kind is WishKind.TOPIC else f"in {words}"
    if field == "language":
        return f"in {listed([language_name(tag) for tag in chosen])}"
    if field == "stage":
        return f"for: {words.lower()}"
    return f"for people from {words}" if field == "from" else words


def _place(order: tuple[str, ...], field: str) -> int:
    return order.index(field) if field in order else len(order)


def _facet_words(field: str, chosen: tuple[str, ...]) -> str:
    if field in {"literal", "meaning"}:
        return ""
    if field in {"from", "to"}:
        return f"{'since' if field == 'from' else 'until'} {chosen[0]}"
    facet = next((facet for facet in FACET_FIELDS if facet.field == field), None)
    named = [value_label(facet, value) for value in chosen] if facet else list(chosen)
    return f"authors in {listed(named)}" if field == "country" else listed(named)


def _inside(field: str) -> str:
    """The name of a field in a wish."""
    return "kind" if field == SUBKIND else field


def _outside(kind: WishKind, field: str) -> str:
    """The name of a wish's field in an address."""
    return SUBKIND if kind is WishKind.OPPORTUNITIES and field == "kind" else field
