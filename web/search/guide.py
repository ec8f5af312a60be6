"""The help on searching: Markdown, every example of which becomes a link that runs it."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib.resources import files

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from domain.query import Query
from web.params import query_string

EXAMPLE = "You type"
"""The heading of the columns that hold examples."""


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
    tokens = [piece for token in reader.parse(text) for piece in _in_a_frame(token)]
    for token in _examples(tokens):
        _link(token, search)
    return Markup(reader.renderer.render(tokens, reader.options, {}).strip())  # noqa: S704 - escaped by the reader


def _in_a_frame(token: Token) -> Iterator[Token]:
    """A table scrolls by itself, so that the page need not."""
    frame = Token("html_block", "", 0)
    if token.type == "table_open":
        frame.content = '<div class="scroll" role="region" aria-label="Examples" tabindex="0">\n'
        yield frame
    elif token.type == "th_open":
        token.attrSet("scope", "col")
    yield token
    if token.type == "table_close":
        frame.content = "</div>\n"
        yield frame


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
                child,
                Token("link_close", "a", -1),
            ]
        else:
            linked.append(child)
    cell.children = linked
