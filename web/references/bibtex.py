r"""References as BibTeX, in UTF-8, for BibTeX, biber and reference managers.

Within braces TeX reads a few signs as its own, so these are written as commands; braces, too, as BibTeX
counts them whether a backslash stands before them or not.
"""

import re
import unicodedata
from collections.abc import Iterator

from domain.instants import MONTHS
from web.references.reference import Kind, Name, Reference

MEDIA_TYPE = "application/x-bibtex; charset=utf-8"

_ESCAPED = str.maketrans(
    {
        **{sign: f"\\{sign}" for sign in "%&#$_"},
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
    }
)
_VERBATIM = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C"})
"""Addresses and DOIs are read as they stand."""
_TYPES = {
    Kind.ARTICLE: ("article", "journal"),
    Kind.PREPRINT: ("misc", "howpublished"),
    Kind.PROCEEDINGS: ("inproceedings", "booktitle"),
    Kind.CHAPTER: ("incollection", "booktitle"),
}
"""The type of an entry, and what it calls where the paper is."""
_NO_KEY = re.compile(r"[^a-z0-9]+")
_WORD_BETWEEN = re.compile(r"\b(?:and|others)\b|,", re.IGNORECASE)
"""What has a meaning of its own in a list of names."""


def to_bibtex(one: Reference) -> str:
    """The entry of one paper, with the end of its last line."""
    lines = "".join(f"  {name} = {value},\n" for name, value in _fields(one))
    return f"@{_TYPES[one.kind][0]}{{{_key(one)},\n{lines}}}\n"


def _key(one: Reference) -> str:
    """A key that people can tell apart, and that is never that of another paper."""
    first = one.names[0] if one.names else Name("")
    plain = unicodedata.normalize("NFKD", first.family or first.whole[:20]).casefold()
    name = _NO_KEY.sub("", plain)
    return f"{name}{one.date[0] if one.date else ''}-{one.id}" if name else one.id


def _fields(one: Reference) -> Iterator[tuple[str, str]]:
    """Names and values as they stand in the entry."""
    # A title is printed as the paper has it: a style that writes titles small knows no gene from a word.
    yield "title", f"{{{{{one.title.translate(_ESCAPED)}}}}}"
    if one.names:
        yield "author", f"{{{' and '.join(map(_name, one.names))}}}"
    if one.date[1:]:
        yield "month", MONTHS[one.date[1] - 1]
    yield from ((name, f"{{{text.translate(_ESCAPED)}}}") for name, text in _texts(one) if text)
    yield from ((name, f"{{{text.translate(_VERBATIM)}}}") for name, text in _addresses(one) if text)


def _texts(one: Reference) -> Iterator[tuple[str, str]]:
    yield "year", str(one.date[0]) if one.date else ""
    yield _TYPES[one.kind][1], one.container
    yield "publisher", one.publisher
    yield "volume", one.volume
    yield "number", one.issue
    yield "pages", "--".join(filter(None, one.pages))
    yield "issn", ", ".join(one.issn)
    yield "language", one.language
    yield "origtitle", one.original_title
    yield "note", ". ".join(one.notes)
    yield "keywords", "; ".join(one.keywords)
    yield "copyright", one.licence
    yield "abstract", one.abstract


def _addresses(one: Reference) -> Iterator[tuple[str, str]]:
    yield "doi", one.doi
    yield "pmid", one.pmid
    yield "pmcid", one.pmcid
    yield "eprint", one.arxiv
    yield "archiveprefix", one.arxiv and "arXiv"
    yield "url", one.url


def _name(name: Name) -> str:
    """A name in the order family, suffix, given; one that must not be taken apart stands in braces."""
    if not name.family:
        return f"{{{name.whole.translate(_ESCAPED)}}}"
    parts = (name.family, name.suffix, name.given)
    return ", ".join(_part(part) for part in parts if part)


def _part(part: str) -> str:
    text = part.translate(_ESCAPED)
    return f"{{{text}}}" if text != part or _WORD_BETWEEN.search(part) else text
