"""Telling from its bytes that a record cannot be about cancer, which spares reading it.

The words are read by `crawler.telling.vocabulary`, as they are when cancer types are told, so that nothing is
passed over that would be given one. Headings outweigh an abstract, which is then not looked at. Where markup,
entities or unseen characters could hide a word, the text is made plain first, as the reader does it.
"""

import re
from collections.abc import Callable
from html import unescape

from crawler.records.remembering import remembered
from crawler.records.text import plain_text
from crawler.telling.vocabulary import explains_acronym, has_acronym, is_cancer_heading, may_name_cancer

Wanted = Callable[[bytes], bool]
"""Whether the payload of a record is worth reading."""

_LONGEST = 499
"""Letters of a heading that is remembered; MeSH has none so long."""
_HEADING = re.compile(rb"<DescriptorName\b([^>]*)>([^<]*)<")
_UI = re.compile(r"\bUI\s*=\s*[\"']\s*([^\"'\s]*)")
_INLINE = re.compile(rb"</?(?:[a-z]|[A-Z]{1,4}[\s/>])")  # the elements around texts have longer names
_HIDING = re.compile(rb"&(?!(?:lt;[\s\d=.]|gt;|quot;|apos;|amp;[\s\w]*[^\w;#]))")
"""An entity, other than those that stand for a mark of their own; `&lt;` and `&amp;` may begin markup."""


def may_be_on_cancer(
    title: bytes, headings: bytes = b"", keywords: bytes = b"", abstract: bytes = b""
) -> bool:
    """Whether a record may be given a cancer type, by what it says in XML in UTF-8.

    False only where `crawler.telling.enrich.cancer_types` gives none.
    """
    given = _HEADING.findall(headings)
    if any(_is_of_cancer(*heading) for heading in given):
        return True
    try:
        name = _readable(title)
        if may_name_cancer(name) or (keywords and may_name_cancer(_readable(keywords))):
            return True
        has_headings = given and given[0][1].strip()
        if has_headings and not has_acronym(name):
            return False
        text = _readable(abstract)
    except UnicodeDecodeError:
        return True
    return (not has_headings or explains_acronym(name, text)) and may_name_cancer(text)


def _readable(text: bytes) -> str:
    """The words of `text`; markup stays where it hides none."""
    readable = text.decode()
    hidden = b"<!" in text or b"<?" in text or _INLINE.search(text) or _HIDING.search(text)
    if hidden or not (text.isascii() or readable.replace("\n", " ").isprintable()):
        return plain_text(unescape(readable))
    return readable


@remembered(1 << 15, _LONGEST, lambda attributes, name: len(attributes) + len(name))
def _is_of_cancer(attributes: bytes, name: bytes) -> bool:
    words = name.decode("utf-8", "replace").strip()
    ui = _UI.search(attributes.decode("utf-8", "replace"))
    return "&" in words or is_cancer_heading(ui[1] if ui else "", words)
