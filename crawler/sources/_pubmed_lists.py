"""The long lists of a citation, read from its bytes: authors, headings and the dates of its handling.

They hold most of a citation's elements, and NLM writes each of them in one form. A list in any other form, or
with anything in it that XML may forbid, stays for the parser, which reads it or tells what is wrong with it.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import TypeVar
from xml.sax.saxutils import unescape

from crawler.records.remembering import remembered
from crawler.records.text import has_only_common, plain_text, tidy
from crawler.records.xml import MAX_RECORD_BYTES, holds_unseen
from crawler.sources import _pubmed_fields as fields
from domain.paper import Affiliation, Author, MeshHeading, unique

_T = TypeVar("_T")
_REFERENCES = b"<ReferenceList>", b"</ReferenceList>"
_AUTHORS, _TYPES, _CATALOGUE, _HEADINGS, _HISTORY = (
    (b"<" + name, b"</" + name + b">")
    for name in (b"AuthorList", b"PublicationTypeList", b"MedlineJournalInfo", b"MeshHeadingList", b"History")
)
_LIST_MARKS = re.compile(rb'(?: (?:CompleteYN|Type)="\w+")?>')

# Possessive throughout: that a list is not in this form is found out in one pass.
SPACE = " \t\n"
_S = rf"[{SPACE}]*+"
SEEN = r"[^<\x00-\x1f\x7f]*+"
"""Text without controls, on one line; of three ranges `re` makes a table, and two it looks at in turn."""
_AUTHOR = re.compile(
    rf'(<Author(?: ValidYN="([YN])")?+(?: EqualContrib="[YN]")?+>{_S}'
    rf"(?:<LastName>({SEEN})</LastName>{_S})?+"
    rf"(?:<ForeName>({SEEN})</ForeName>{_S})?+"
    rf"(?:<Initials>({SEEN})</Initials>{_S})?+"
    rf"(?:<Suffix>({SEEN})</Suffix>{_S})?+"
    rf"(?:<CollectiveName>({SEEN})</CollectiveName>{_S})?+"
    rf'(?:<Identifier Source="ORCID">({SEEN})</Identifier>{_S})?+'
    rf"((?:<AffiliationInfo>{_S}<Affiliation>{SEEN}</Affiliation>{_S}</AffiliationInfo>{_S})*+)</Author>{_S})"
)
_AFFILIATION = re.compile("<Affiliation>([^<]*)")
_LEAF = re.compile(rf'(<(\w++)(?: UI="\w++")?+>({SEEN})</\2>{_S})')
_TERM_MARKS = (
    r'(?: UI="\w++" MajorTopicYN="[YN]"(?: Type="\w++")?+'
    r'| MajorTopicYN="[YN]"(?: Type="\w++")?+(?: UI="\w++")?+)'
)
_HEADING = re.compile(
    rf"<MeshHeading>{_S}<DescriptorName{_TERM_MARKS}>{SEEN}</DescriptorName>{_S}"
    rf"(?:<QualifierName{_TERM_MARKS}>{SEEN}</QualifierName>{_S})*+"
)
_TERM = re.compile(
    r'Name(?: UI="(\w++)")?+ MajorTopicYN="([YN])"(?: Type="\w++")?+(?: UI="(\w++)")?+>([^<]*+)'
)
_WHOLE, _NAMES = itemgetter(0), itemgetter(slice(2, 7))
"""Of what `_AUTHOR` found: all of it, and the names."""
_EDGE = "\x1f"
"""Between fields that are looked at together: none has a control but tabs and line ends."""
_UNTIDY = "&", "  ", f" {_EDGE}", f"{_EDGE} "
_UNKNOWN = re.compile("&(?!(?:amp|lt|gt|quot|apos);)")
_NUMBERED = re.compile(rb"&#(?:x([0-9A-Fa-f]{2,6})|(\d{3,7}));")
# No group is captured in what may come again: of such, `re` of Python 3.11 may lose its place and raise.
_MOMENT = "|".join(rf"<{part}>\d++</{part}>" for part in ("Year", "Month", "Day", "Hour", "Minute"))
_DATES = re.compile(
    rf'(?:{_S}<PubMedPubDate PubStatus="\w+">(?:{_S}(?:{_MOMENT}))*+{_S}</PubMedPubDate>)*+{_S}'.encode()
)


@dataclass(slots=True)
class Lists:
    """A citation less its lists, each of which leaves an empty element behind, and what they say."""

    payload: bytes
    references: bytes
    authors: tuple[Author, ...] = ()
    types: tuple[str, ...] = ()
    catalogue: Mapping[str, str] = field(default_factory=dict)
    """What the library's catalogue says of the journal."""
    mesh: tuple[MeshHeading, ...] = ()


def take_lists(payload: bytes) -> Lists:
    """Read the lists that are in their usual form, and take them out; references are taken out unread."""
    if len(payload) > MAX_RECORD_BYTES:
        return Lists(*without_references(payload))
    if b"#" in payload and b"&#" in payload:  # the rare letter first: it is found far sooner
        payload = _NUMBERED.sub(_letter, payload)
    cut = _Cut(payload)
    authors = cut.take(_AUTHORS, _read_authors)
    types = cut.take(_TYPES, _read_types)
    catalogue = cut.take(_CATALOGUE, _read_catalogue)
    mesh = cut.take(_HEADINGS, _read_headings)
    cut.take(_HISTORY, _DATES.fullmatch)
    rest = cut.rest()
    if holds_unseen(rest):  # what stands in a comment or the like is no list
        return Lists(*without_references(payload))
    return Lists(*without_references(rest), authors or (), types or (), catalogue or {}, mesh or ())


def _letter(number: re.Match[bytes]) -> bytes:
    """The letter of that number, unless it means anything in XML or may not be there."""
    code = int(number[2]) if number[2] else int(number[1], 16)
    is_letter = 0xA0 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code <= 0x10FFFF
    return chr(code).encode() if is_letter else number[0]


def without_references(payload: bytes) -> tuple[bytes, bytes]:
    """The payload without its list of references, often most of it, and the list."""
    begin = payload.find(_REFERENCES[0])
    end = payload.rfind(_REFERENCES[1]) if begin >= 0 else -1
    if end < begin or begin < 0:
        return payload, b""
    return payload[:begin] + payload[end + len(_REFERENCES[1]) :], payload[begin:end]


@dataclass(slots=True)
class _Cut:
    """A payload from which lists are taken, one after the other as they stand."""

    payload: bytes
    position: int = 0
    kept: list[bytes] = field(default_factory=list)

    def take(self, tags: tuple[bytes, bytes], read: Callable[[bytes], _T | None]) -> _T | None:
        """What `read` makes of the inside of the next list with these tags; None where it stays."""
        payload, (opening, closing) = self.payload, tags
        begin = payload.find(opening, self.position)
        end = payload.find(closing, begin) if begin >= 0 else -1
        start = _LIST_MARKS.match(payload, begin + len(opening)) if end >= 0 else None
        if start is None:
            return None
        inside = start.end()
        found = read(payload[inside:end])
        if found is not None:
            self.kept.append(payload[self.position : inside])
            self.position = end
        return found

    def rest(self) -> bytes:
        """The payload without the insides of lists that were taken."""
        return b"".join((*self.kept, self.payload[self.position :]))


def _read_authors(inside: bytes) -> tuple[Author, ...] | None:
    text = _fit(inside)
    rows: list[tuple[str, ...]] = _AUTHOR.findall(text) if text else []
    if text is None or sum(map(len, map(_WHOLE, rows))) < len(text):
        return None
    if not are_tidy(map(_EDGE.join, map(_NAMES, rows))):
        rows = [(*row[:2], *map(value, row[2:7]), *row[7:]) for row in rows]
    known: dict[str, tuple[Affiliation, ...]] = {"": ()}
    found = []
    for _, valid, family, given, initials, suffix, group, identifier, info in rows:
        if valid == "N":
            continue
        if (where := known.get(info)) is None:
            where = known[info] = _affiliations(info)
        orcid = fields.to_orcid(identifier) if identifier else None
        author = (
            Author(group, affiliations=where)
            if group
            else fields.to_author(family, given, initials, suffix, orcid, where)
        )
        if author:
            found.append(author)
    return tuple(found)


def are_tidy(raws: Iterable[str]) -> bool:
    """Whether all these fields are what a reader sees: one look at them all."""
    together = f"{_EDGE}{_EDGE.join(raws)}{_EDGE}"
    return has_only_common(together, _EDGE.encode()) and not any(odd in together for odd in _UNTIDY)


def _fit(inside: bytes) -> str | None:
    """The text, if it is fit for XML where it has no controls."""
    try:
        text = inside.decode().strip(SPACE)
    except UnicodeDecodeError:
        return None
    return text if is_fit(text) else None


def is_fit(text: str) -> bool:
    """Whether a text, which has no controls, is fit for XML and without entities but those that XML has."""
    if "]" in text and "]]>" in text:
        return False
    if not text.isascii() and ("\ufffe" in text or "\uffff" in text):
        return False
    return "&" not in text or not _UNKNOWN.search(text)


def _affiliations(info: str) -> tuple[Affiliation, ...]:
    return tuple([Affiliation(text) for text in unique(map(value, _AFFILIATION.findall(info))) if text])


def values(raws: Sequence[str]) -> Sequence[str]:
    """As `value`, of several fields: nearly always they are as a reader sees them."""
    return raws if are_tidy(raws) else list(map(value, raws))


def value(raw: str) -> str:
    """What a reader sees of a field without markup."""
    return plain_text(unescaped(raw)) if "&" in raw else raw and tidy(raw)


def unescaped(raw: str) -> str:
    """The characters that stand in a field, those that XML gives names included."""
    return unescape(raw, {"&quot;": '"', "&apos;": "'"}) if "&" in raw else raw


@remembered(1 << 12)
def _read_types(inside: bytes) -> tuple[str, ...] | None:
    rows = _leaves(inside)
    return None if rows is None else unique([text for _, raw in rows if (text := value(raw))])


@remembered(1 << 12)
def _read_catalogue(inside: bytes) -> Mapping[str, str] | None:
    rows = _leaves(inside)
    return None if rows is None else {name: value(raw) for name, raw in reversed(rows)}


def _leaves(inside: bytes) -> Sequence[tuple[str, str]] | None:
    """Names and contents of elements that hold nothing but text."""
    text = _fit(inside)
    rows: list[tuple[str, str, str]] = _LEAF.findall(text) if text else []
    if text is None or sum(map(len, map(_WHOLE, rows))) < len(text):
        return None
    return [(name, raw) for _, name, raw in rows]


def _read_headings(inside: bytes) -> tuple[MeshHeading, ...] | None:
    *pieces, rest = inside.split(b"</MeshHeading>")
    found = [heading for piece in pieces if (heading := _heading(piece))]
    return None if len(found) < len(pieces) or rest.strip(SPACE.encode()) else tuple(found)


@remembered(1 << 14)
def _heading(piece: bytes) -> MeshHeading | None:
    """What a heading, up to its end tag, says: a file holds the same ones over and over."""
    text = _fit(piece)
    if text is None or not _HEADING.fullmatch(text):
        return None
    return fields.heading(
        *[(unescaped(raw), ui or later, major == "Y") for ui, major, later, raw in _TERM.findall(text)]
    )
