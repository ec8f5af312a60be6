"""Sentences of a passage, for words that are shown as evidence."""

import re

from crawler.records.remembering import remembered

_END = re.compile(r"[.!?][)\]”\"']*(?P<gap>\s+)(?=[A-Z0-9(\[“\"'À-Þ])")
_SHORT_WORDS = (
    "al|vs|cf|approx|ca|No|Nos|nos|no|Fig|Figs|Ref|Refs|Dr|Drs|Prof|Mr|Mrs|Ms|St|Inc|Ltd|Co|Corp|Eq|Eqs|resp"
    "|etc|Suppl|acc|Tab|Mt|Jr|Sr"
)
_SHORT = frozenset(_SHORT_WORDS.split("|"))
_ABBREVIATION = re.compile(
    rf"(?:\b(?:e\.g|i\.e|{_SHORT_WORDS})|(?<![A-Za-z])[A-Z]|S\.A|S\.p\.A|S\.r\.l|B\.V|N\.V|U\.S|U\.K|D\.C)\.$"
)
_COMPANY_END = re.compile(r"\b(?:Inc|Ltd|Co|Corp|etc|al|S\.A|S\.p\.A|B\.V|N\.V|U\.S|U\.K|D\.C)\.$")
_NEW_START = re.compile(
    r"(?:The|We|All|No|None|This|These|Our|Dr|Data|Code|In|It|He|She|They|Other|Both|A|An|[A-Z]\."
    r"|[A-Z]{2,4}:?)\b"
)
LONGEST = 1200
"""Letters of a sentence that are shown; what is longer is a list run together."""
_MOST = 20_000
"""Letters of a passage that are read; what is longer is a table or a book run together."""


@remembered(256, longest=_MOST)
def sentences(text: str) -> tuple[str, ...]:
    """The sentences of `text`, each in one line; none breaks at an abbreviation, an initial or inside a link.

    Of a text longer than any paragraph only the beginning is read.

    >>> sentences("Paid by Unit Inc. The data (cf. Table 1) are at https://example.org/a. None is kept.")
    ('Paid by Unit Inc.', 'The data (cf. Table 1) are at https://example.org/a.', 'None is kept.')
    """
    flat = " ".join(text[:_MOST].split())
    found, start = [], 0
    for match in _END.finditer(flat):
        before = flat[max(start, match.start() - 12) : match.start("gap")].rstrip(")]”\"'")
        if _is_abbreviated(before) and not (
            _COMPANY_END.search(before) and _NEW_START.match(flat, match.end())
        ):
            continue
        found.append(flat[start : match.start("gap")])
        start = match.end()
    if start < len(flat):
        found.append(flat[start:])
    return tuple(found)


def _is_abbreviated(before: str) -> bool:
    """Whether what stands before a gap ends in an abbreviation; a word of plain letters is told by itself."""
    word = before[before.rfind(" ") + 1 : -1]
    if len(word) > 1 and word.isascii() and word.isalpha():
        return word in _SHORT and before.endswith(".")
    return _ABBREVIATION.search(before) is not None
