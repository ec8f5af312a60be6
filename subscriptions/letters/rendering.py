"""Templates of letters, their styles inlined once when they are loaded, and items as HTML and plain text."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import css_inline
from jinja2 import Environment, Template
from markupsafe import Markup

from subscriptions.letters.items import Item
from subscriptions.letters.plain import WIDTH, wrapped
from subscriptions.letters.wording import Phrase, Words

Colours = tuple[str, str]
"""Of headings, on light and on dark ground."""
SITE_COLOURS: Colours = ("#0b5750", "#86d5c8")
"""As they stand in the style sheets: in the frame of a letter they give way to those of a list."""
_TEMPLATES, _MARKED = 256, 4_096
JOIN = "\N{NO-BREAK SPACE}· "
"""Between things side by side; no line begins with the dot."""
INDENT = "  "
"""Of what is told of an item, below its title."""
_FULL = "<!DOCTYPE"


@dataclass(frozen=True, slots=True)
class Fragment:
    """One item, rendered."""

    html: Markup
    text: str
    title: str
    told: bool
    """Whether it holds sentences of a digest."""


@dataclass(frozen=True, slots=True)
class Body:
    """What stands between the head and the foot of a letter, with what its head needs."""

    subject: str
    html: Markup
    text: str
    preheader: str = ""


def render(name: str, colours: Colours = SITE_COLOURS, **values: Any) -> Markup:  # noqa: ANN401 - as templates take
    """The template `name`, with its styles in place."""
    return Markup(_template(name, colours).render(values))  # noqa: S704 - the template escapes


def render_item(item: Item, words: Words) -> Fragment:
    """An item of a letter in that language."""
    html = render("item", item=item, mark=lambda phrase: mark(phrase, words))
    return Fragment(html, item_text(item, words), item.title.text, bool(item.says))


def raised(html: Markup) -> Markup:
    """Items whose titles come right below a letter's head, with no heading of a section between."""
    return Markup(str(html).replace("<h3 ", "<h2 ").replace("</h3>", "</h2>"))  # noqa: S704 - as it was


@lru_cache(_MARKED)
def mark(phrase: Phrase, words: Words) -> Markup:
    """`phrase` within a letter; its language and direction are marked where they are others."""
    text = Markup.escape(phrase.text)
    direction = phrase.direction
    if phrase.language == words.language or (not phrase.language and direction == words.direction):
        return text
    return Markup('<span lang="{}" dir="{}">{}</span>').format(phrase.language, direction, text)


def item_text(item: Item, words: Words) -> str:
    """An item as plain text: the same words and links."""
    tags = "".join(f"[{tag.words.text}] " for tag in item.tags)
    told = [
        *(tag.words.text for tag in item.means),
        " ".join(phrase.text for phrase in item.says),
        *(phrase.text for phrase in item.dates),
        JOIN.join(phrase.text for phrase in item.facts),
    ]
    blocks = [wrapped(f"{tags}{item.title.text}"), *(wrapped(one, INDENT) for one in told if one)]
    links = [(link.words.text, link.url) for link in item.links] or [("", item.url)]
    return "\n".join([*blocks, *(link_text(said, url, words, INDENT) for said, url in links)])


def link_text(said: str, url: str, words: Words, indent: str = "") -> str:
    """A link in plain text: the address on a line of its own where both do not fit."""
    if not said:
        return indent + url
    whole = indent + words("labelled", name=said, text=url).text
    if len(whole) <= WIDTH:
        return whole
    return f"{wrapped(words('labelled', name=said, text='').text.rstrip(), indent)}\n{indent}{url}"


@lru_cache(_TEMPLATES)
def _template(name: str, colours: Colours) -> Template:
    """A template in the colours of a list; items keep the site's, as all letters share them."""
    source = _source(name)
    for own, given in zip(SITE_COLOURS, colours, strict=True):
        source = source.replace(own, given)
    return Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(source)


@cache
def _source(name: str) -> str:
    return _inlined(_file(f"{name}.html"))


def _inlined(source: str) -> str:
    """The source of a template with the style of each class on its elements.

    Jinja's marks are text and values of attributes to the inliner, and come through as they are: so
    expressions hold no `<`, `>` or `&`, and quotes within attributes are single.
    """
    styles = _file("letter.css")
    inliner = css_inline.CSSInliner(load_remote_stylesheets=False)
    if not source.startswith(_FULL):
        return inliner.inline_fragment(source, styles)
    page = inliner.inline(source.replace("</head>", f"<style>{styles}</style></head>"))
    return page.replace("</head>", f"{dark_styles()}</head>")


@cache
def dark_styles() -> Markup:
    """The style sheet of dark screens, which cannot stand on elements."""
    return Markup(f"<style>{_file('dark.css')}</style>")  # noqa: S704 - a file of ours


def _file(name: str) -> str:
    return files(__package__).joinpath("templates", name).read_text("utf-8")


def joined(phrases: Iterable[Phrase], words: Words) -> Markup:
    """Phrases side by side."""
    return Markup.escape(JOIN).join(mark(phrase, words) for phrase in phrases)
