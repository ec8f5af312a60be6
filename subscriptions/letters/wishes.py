"""What somebody asked for: in words, and the page of the site that shows the same."""

from functools import lru_cache
from urllib.parse import quote, urlencode

from config import load_table
from domain.subscription import Wish, WishKind
from subscriptions.letters.plain import line
from subscriptions.letters.wording import Phrase, Words, words_in

LONGEST_TEXT = 80
_KEPT = 4_096
_HEADINGS = {
    WishKind.SEARCH: "search",
    WishKind.TOPIC: "topic",
    WishKind.MEETINGS: "meetings_wish",
    WishKind.DEADLINES: "deadlines_wish",
    WishKind.SERIES: "series_wish",
    WishKind.OPPORTUNITIES: "opportunities_wish",
    WishKind.PAPER: "paper_wish",
    WishKind.LIST: "list_wish",
}
_TABLES = {
    "cancer_type": "cancer_types",
    "country": "countries",
    "place": "countries",
    "study_type": "study_types",
    "licence": "licences",
    "attendance": "attendance",
    "kind": "opportunity_kinds",
    "data": "data",
    "has_digest": "audiences",
}
"""Field → the table of its words."""
_PATHS = {
    WishKind.SEARCH: "/search",
    WishKind.TOPIC: "/search",
    WishKind.MEETINGS: "/conferences",
    WishKind.DEADLINES: "/conferences",
    WishKind.OPPORTUNITIES: "/opportunities",
    WishKind.SERIES: "/conferences/",
    WishKind.PAPER: "/papers/",
    WishKind.LIST: "/lists/",
}
"""Kind → its list on the site; where that ends in a slash, what the wish names has a page of its own."""
_NEWEST = ("sort", "newest")
"""Letters are about what is new, in whatever order a search was looked at."""
_ORDER = ("cancer_type", "kind", "study_type", "country")
_SWITCHES = frozenset({"literal", "meaning", "sort"})
"""How a search is read, and not what is looked for."""
_MARKS = frozenset('"“”«»„‟')
_MOST = 6
"""So many values are named."""


def heading(wish: Wish, words: Words) -> Phrase:
    """What kind of thing was asked for."""
    return words(_HEADINGS[wish.kind])


@lru_cache(_KEPT)
def named(wish: Wish, language: str) -> tuple[Phrase, ...]:
    """What was asked for, part by part: the words of the search, then the filters; none: everything."""
    words = words_in(language)
    parts = [_quoted(line(wish.text, LONGEST_TEXT), words)] if wish.text else []
    fields = sorted(
        (pair for pair in wish.filters if pair[0] not in _SWITCHES),
        key=lambda pair: _ORDER.index(pair[0]) if pair[0] in _ORDER else len(_ORDER),
    )
    for field, values in fields:
        parts += [_value(wish, field, value, words) for value in values]
    return tuple(parts[:_MOST]) + ((Phrase("…"),) if len(parts) > _MOST else ())


def describe(wish: Wish, language: str, title: str = "") -> str:
    """A wish as one line: “Conferences: Breast cancer · Kenya”.

    Args:
        title: of what `wish.target` names, where it names something.
    """
    words = words_in(language)
    told = " · ".join(phrase.text for phrase in named(wish, words.language)) or line(title, LONGEST_TEXT)
    return words("labelled", name=heading(wish, words).text, text=told or words("everything").text).text


@lru_cache(_KEPT)
def address(wish: Wish, slug: str = "") -> str:
    """The page of the site that holds what the wish asks for; of a series, paper or list by its slug."""
    path, pairs = _PATHS[wish.kind], parameters(wish)
    if path.endswith("/"):
        path += quote(slug or wish.target, safe="")
    return f"{path}?{urlencode(pairs)}" if pairs else path


def parameters(wish: Wish) -> tuple[tuple[str, str], ...]:
    """The parameters by which the list of its kind is narrowed to what the wish asks for."""
    pairs = [(field, value) for field, values in wish.filters for value in values if field != "sort"]
    match wish.kind:
        case WishKind.SEARCH:
            return (*_text(wish.text), *pairs, _NEWEST)
        case WishKind.TOPIC:
            # The language of papers is no filter of the page, but a field of its query.
            languages = " OR ".join(f"language:{line(value, 20)}" for value in wish.values("language"))
            return (*_text(languages), *(pair for pair in pairs if pair[0] != "language"), _NEWEST)
        case WishKind.OPPORTUNITIES:
            named_so = {"country": "place", "from": "country"}
            return (*((named_so.get(name, name), value) for name, value in pairs), *_text(wish.text))
        case WishKind.MEETINGS:
            return (*pairs, *_text(wish.text))
        case WishKind.DEADLINES:
            return (*pairs, *_text(wish.text), ("open", "yes"))
        case WishKind.SERIES | WishKind.PAPER | WishKind.LIST:
            return ()


def topic_words(phrase: Phrase) -> str:
    """A label as it stands within a sentence: “breast cancer”, but “Hodgkin lymphoma”."""
    first = phrase.text.split(" ")[0]
    if first.lower() in load_table("wording")["names"] or not first[1:].islower():
        return phrase.text
    return phrase.text[:1].lower() + phrase.text[1:]


def _quoted(text: str, words: Words) -> Phrase:
    """A search's text in quotation marks, unless it has its own."""
    return Phrase(text if _MARKS & set(text) else words("quoted", text=text).text)


def _value(wish: Wish, field: str, value: str, words: Words) -> Phrase:
    if field in ("from", "year_from") and wish.kind is WishKind.SEARCH:
        return words("from_year", year=line(value, 10))
    if field in ("to", "year_to"):
        return words("to_year", year=line(value, 10))
    if field == "from":
        return words("for_country", country=words.label("countries", value).text)
    if field == "stage":
        return words("for_stage", stage=words.label("career_stages", value).text)
    if field == "language":
        return words("in_language", language=words.label("languages", value).text)
    return words.label(_TABLES[field], value) if field in _TABLES else Phrase(line(value, LONGEST_TEXT))


def _text(text: str) -> tuple[tuple[str, str], ...]:
    return (("q", text),) if text else ()
