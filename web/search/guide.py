"""The help on searching: Markdown, every example of which becomes a link that runs it."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from domain.listing import slug
from domain.query import Query
from web.params import query_string

EXAMPLE = "You type"
"""The heading of the columns that hold examples."""
_SHORT = 3
"""So many sections need no list of them."""


@lru_cache(8)
def search_help(search: str) -> Markup:
    """The guide as HTML; `search` is the address of the search page."""
    text = files("web").joinpath("templates", "guide", "search.md").read_text("utf-8")
    return to_html(text, search)


def to_html(text: str, search: str) -> Markup:
    """Markdown as HTML, without any HTML of its own.

    >>> print(to_html("**a**", "/search"))
    <p><strong>a</strong></p>
    """
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = reader.parse(text)
    sections = [*_sections(tokens)]
    for token in _examples(tokens):
        _link(token, search)
    if len(sections) > _SHORT:
        tokens.insert(tokens.index(sections[0][0]), _contents(sections))
    return Markup(reader.renderer.render(tokens, reader.options, {}).strip())  # noqa: S704 - escaped by the reader


def _sections(tokens: Sequence[Token]) -> Iterator[tuple[Token, str]]:
    """The headings of sections, each with an id to link to, and their words."""
    for heading, words in pairwise(tokens):
        if heading.type == "heading_open" and heading.tag == "h2":
            heading.attrSet("id", slug(words.content))
            yield heading, words.content


def _contents(sections: Sequence[tuple[Token, str]]) -> Token:
    link = Markup('<li><a href="#{}">{}</a></li>')
    items = [link.format(heading.attrGet("id"), words) for heading, words in sections]
    listed = "\n".join(items)
    return Token("html_block", "", 0, content=f'<nav aria-label="On this page"><ul>\n{listed}\n</ul></nav>\n')


def _examples(tokens: Sequence[Token]) -> Iterator[Token]:
    """The cells of the first column of tables of examples."""
    column, titled = 0, False
    for token in tokens:
        if token.type == "tr_open":
            column = 0
        elif token.type in {"td_open", "th_open"}:
            column += 1
        elif token.type == "inline" and column == 1 and token.content == EXAMPLE:
            titled = True
        elif token.type == "table_close":
            column, titled = 0, False
        elif token.type == "inline" and column == 1 and titled:
            yield token


def _link(cell: Token, search: str) -> None:
    linked = []
    for child in cell.children or ():
        if child.type == "code_inline":
            address = f"{search}?{query_string(Query(text=child.content))}"
            linked += [
                Token("link_open", "a", 1, attrs={"href": address}),
                Token("text", "", 0, content=child.content),
                Token("link_close", "a", -1),
            ]
        else:
            linked.append(child)
    cell.children = linked
