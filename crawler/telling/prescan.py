"""Telling from its bytes that a record cannot be about cancer, which spares reading it.

The words are read by `crawler.telling.vocabulary`, as they are when cancer types are told, so that nothing is
passed over that would be given one. Where markup, entities or unseen characters could hide a word, the text
is made plain first, as the reader does it.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from html import unescape

from crawler.records.text import plain_text
from crawler.telling.vocabulary import is_cancer_heading, may_name_cancer

Wanted = Callable[[bytes], bool]
"""Whether the payload of a record is worth reading."""

_HEADING = re.compile(rb"<DescriptorName\b([^>]*)>([^<]*)<")
_UI = re.compile(r"\bUI\s*=\s*[\"']\s*([^\"'\s]*)")
_INLINE = re.compile(rb"</?[a-z]")
_HIDING = re.compile(rb"&(?!(?:lt;[\s\d=.]|gt;|quot;|apos;|amp;[\s\w]*[^\w;#]))")
"""An entity, other than those that stand for a mark of their own; `&lt;` and `&amp;` may begin markup."""


def may_be_on_cancer(text: bytes, headings: bytes = b"") -> bool:
    """Whether a record may be given a cancer type, by its title, abstract and keywords and by its headings.

    Both are XML in UTF-8. False only where no word and no heading names a type.
    """
    if any(_is_of_cancer(*heading) for heading in _HEADING.findall(headings)):
        return True
    try:
        readable = text.decode()
    except UnicodeDecodeError:
        return True
    hidden = b"<!" in text or b"<?" in text or _INLINE.search(text) or _HIDING.search(text)
    if hidden or not (text.isascii() or readable.replace("\n", " ").isprintable()):
        readable = plain_text(unescape(readable))
    return may_name_cancer(readable)


@lru_cache(maxsize=1 << 15)
def _is_of_cancer(attributes: bytes, name: bytes) -> bool:
    words = name.decode("utf-8", "replace").strip()
    ui = _UI.search(attributes.decode("utf-8", "replace"))
    return "&" in words or is_cancer_heading(ui[1] if ui else "", words)
