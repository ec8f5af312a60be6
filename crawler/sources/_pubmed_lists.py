"""The long lists of a citation, read from its bytes: authors, headings and the dates of its handling.

They hold most of a citation's elements, and NLM writes each of them in one form. A list in any other form, or
with anything in it that XML may forbid, stays for the parser, which reads it or tells what is wrong with it.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar
from xml.sax.saxutils import unescape

from crawler.sources import _pubmed_fields as fields
from crawler.text import plain_text, tidy
from crawler.xml import MAX_RECORD_BYTES, parse_element
from domain.errors import RecordRejected
from domain.paper import Affiliation, Author, MeshHeading, unique

_T = TypeVar("_T")
_REFERENCES = b"<ReferenceList>", b"</ReferenceList>"
_CDATA = b"<![CDATA["  # what stands in one is no list, whatever it looks like
_LIST_MARKS = re.compile(rb'(?: (?:CompleteYN|Type)="\w+")?>')

# Possessive throughout: that a list is not in this form is found out in one pass.
_SPACE = " \t\n"
_S = rf"[{_SPACE}]*+"
_AUTHOR = re.compile(
    rf'<Author(?: ValidYN="([YN])")?+(?: EqualContrib="[YN]")?+>{_S}'
    rf"(?:<LastName>([^<]*+)</LastName>{_S})?+"
    rf"(?:<ForeName>([^<]*+)</ForeName>{_S})?+"
    rf"(?:<Initials>([^<]*+)</Initials>{_S})?+"
    rf"(?:<Suffix>([^<]*+)</Suffix>{_S})?+"
    rf"(?:<CollectiveName>([^<]*+)</CollectiveName>{_S})?+"
    rf'(?:<Identifier Source="ORCID">([^<]*+)</Identifier>{_S})?+'
    rf"((?:<AffiliationInfo>{_S}<Affiliation>[^<]*+</Affiliation>{_S}</AffiliationInfo>{_S})*+)</Author>{_S}"
)
_AFFILIATION = re.compile("<Affiliation>([^<]*)")
_UNKNOWN = re.compile("&(?!(?:amp|lt|gt|quot|apos);)")
_DATES = re.compile(
    rb'(?:[ \t\n]*+<PubMedPubDate PubStatus="\w+">'
    rb"(?:[ \t\n]*+<(Year|Month|Day|Hour|Minute)>\d++</\1>)*+[ \t\n]*+</PubMedPubDate>)*+[ \t\n]*+"
)


@dataclass(slots=True)
class Lists:
    """A citation less its lists, each of which leaves an empty element behind, and what they say."""

    payload: bytes
    references: bytes = b""
    authors: tuple[Author, ...] = ()
    mesh: tuple[MeshHeading, ...] = ()


def take_lists(payload: bytes) -> Lists:
    """Read the lists that are in their usual form, and take them out; references are taken out unread."""
    rest, references = without_references(payload)
    if _CDATA in rest or len(rest) > MAX_RECORD_BYTES:
        return Lists(rest, references)
    rest, authors = _taken(rest, b"AuthorList", _read_authors)
    rest, mesh = _taken(rest, b"MeshHeadingList", _read_headings)
    rest, _ = _taken(rest, b"History", _DATES.fullmatch)
    return Lists(rest, references, authors or (), mesh or ())


def without_references(payload: bytes) -> tuple[bytes, bytes]:
    """The payload without its list of references, often most of it, and the list."""
    begin = payload.find(_REFERENCES[0])
    end = payload.rfind(_REFERENCES[1]) if begin >= 0 else -1
    if end < begin or begin < 0:
        return payload, b""
    return payload[:begin] + payload[end + len(_REFERENCES[1]) :], payload[begin:end]


def _taken(payload: bytes, name: bytes, read: Callable[[bytes], _T | None]) -> tuple[bytes, _T | None]:
    """The payload without the inside of a list, and what `read` makes of that; None where it stays."""
    begin = payload.find(b"<" + name)
    end = payload.find(b"</" + name + b">", begin) if begin >= 0 else -1
    start = _LIST_MARKS.match(payload, begin + 1 + len(name)) if end >= 0 else None
    found = read(payload[start.end() : end]) if start else None
    if start is None or found is None:
        return payload, None
    return payload[: start.end()] + payload[end:], found


def _readable(inside: bytes) -> str | None:
    """The inside of a list as text; None where it may hold what XML forbids, or an entity we do not know."""
    try:
        text = inside.decode().strip(_SPACE)
    except UnicodeDecodeError:
        return None
    plain = text.replace("\n", "").isprintable() and "]]>" not in text
    return text if plain and not ("&" in text and _UNKNOWN.search(text)) else None


def _read_authors(inside: bytes) -> tuple[Author, ...] | None:
    text = _readable(inside)
    if text is None:
        return None
    before, *parts = _AUTHOR.split(text)
    rows = list(zip(*[iter(parts)] * (_AUTHOR.groups + 1), strict=True))
    if before or any(row[-1] for row in rows):
        return None
    known: dict[str, tuple[Affiliation, ...]] = {"": ()}
    return tuple([author for row in rows if row[0] != "N" and (author := _author(row, known))])


def _author(row: Sequence[str | None], known: dict[str, tuple[Affiliation, ...]]) -> Author | None:
    _, family, given, initials, suffix, group, identifier, info, _ = row
    info = info or ""
    if info not in known:
        known[info] = _affiliations(info)
    if group and (name := _value(group)):
        return Author(name, affiliations=known[info])
    orcid = fields.to_orcid(identifier) if identifier else None
    return fields.to_author(
        _value(family), _value(given), _value(initials), _value(suffix), orcid, known[info]
    )


def _affiliations(info: str) -> tuple[Affiliation, ...]:
    return unique(Affiliation(text) for raw in _AFFILIATION.findall(info) if (text := _value(raw)))


def _value(raw: str | None) -> str:
    if not raw:
        return ""
    return plain_text(unescape(raw, {"&quot;": '"', "&apos;": "'"})) if "&" in raw else tidy(raw)


def _read_headings(inside: bytes) -> tuple[MeshHeading, ...] | None:
    *pieces, rest = inside.split(b"</MeshHeading>")
    try:
        return None if rest.strip() else tuple([one for piece in pieces for one in _heading(piece)])
    except RecordRejected:
        return None


@lru_cache(maxsize=1 << 14)
def _heading(piece: bytes) -> tuple[MeshHeading, ...]:
    """What a heading says: a file holds the same ones over and over, so each is parsed once."""
    if not piece.lstrip(_SPACE.encode()).startswith(b"<MeshHeading>"):
        raise RecordRejected("pubmed", "", "malformed")
    return fields.mesh(parse_element(piece + b"</MeshHeading>", "pubmed", ""))
