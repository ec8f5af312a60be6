"""The one way Findings reads XML: hardened, record by record, in constant memory.

A file of records is cut into records by their tags before any tree is built. So a record that is not
well-formed costs itself only, its payload is what the source wrote, and no document-wide entity can exist:
a document type is accepted but never loaded, and one that declares entities is refused.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from html.entities import html5
from typing import BinaryIO
from xml.sax.saxutils import escape

from lxml import etree

from crawler.records.text import SHAPED, known_tags, plain_text, tidy
from domain.errors import RecordRejected, SourceChanged
from domain.values import quickly_made

MAX_RECORD_BYTES = 16 << 20
_MAX_SKIPPED = 256 << 20
"""How far we look for the end of a record that is already too large."""
_BLOCK = 1 << 18
_PROLOG = 1 << 16
_ROOT = re.compile(  # possessive: what is no XML, such as a licence text, must not be tried in all its cuts
    rb"(?:\s++|<!--.*?-->|<\?.*?\?>|<!DOCTYPE\b[^\[>]*+(?:\[.*?\]\s*+)?>)*+"
    rb"<((?:[\w.-]+:)?[A-Za-z_][\w.-]*+)((?:\s[^<>]*+)?)>",
    re.DOTALL,
)
_MISC = re.compile(rb"<!--|<\?")
_DECLARED = re.compile(rb"^<\?xml[^>]*?encoding\s*=\s*[\"']([\w.-]+)[\"']")
_NAMESPACE = re.compile(rb"\b(xmlns:[\w.-]+)\s*=\s*(?:\"[^\"<]*\"|'[^'<]*')")
_XMLNS = re.compile(r' xmlns(?::[\w.-]+)?="[^"<]*"')
_ENTITY = re.compile(rb"&([A-Za-z][A-Za-z0-9]{0,31});")
_OF_XML = frozenset({"amp", "lt", "gt", "quot", "apos"})
_GREEK_NAMES = "a b g d e z ee th i k l m n x o p r sf s t u ph kh ps oh"
_GREEK = {f"{name}gr": chr(0x3B1 + place) for place, name in enumerate(_GREEK_NAMES.split())}
_GREEK |= {f"{name.upper()}gr": _GREEK[f"{name}gr"].upper() for name in _GREEK_NAMES.split() if name != "sf"}
_START_TAG = re.compile(rb"<[^<>]*")
_SHAPED = frozenset(name.removeprefix("{*}") for name in SHAPED)
_SHAPED_MATHS = tuple(name.removeprefix("{*") for name in SHAPED if name.startswith("{*}"))
_UTF16 = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"<\x00": "utf-16-le", b"\x00<": "utf-16-be"}


@quickly_made
@dataclass(frozen=True, slots=True)
class Piece:
    """One record as bytes; `problem` says why it cannot be read, where that is already clear."""

    name: str
    data: bytes
    line: int
    problem: str = ""


@cache
def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=False,
        remove_comments=True,
        remove_pis=True,
    )


def parse_element(data: bytes, source: str, native_id: str) -> etree._Element:
    """The element that `data` holds.

    Raises:
        RecordRejected: `too-large`, or `malformed` with the parser's words and line.
    """
    if len(data) > MAX_RECORD_BYTES:
        raise RecordRejected(source, native_id, "too-large", f"more than {MAX_RECORD_BYTES >> 20} MiB")
    if data.find(b"<!ENTITY", 0, _PROLOG) >= 0:
        raise RecordRejected(source, native_id, "malformed", "declares entities")
    try:
        try:
            return etree.fromstring(data, _parser())
        except etree.XMLSyntaxError as error:
            if error.code != etree.ErrorTypes.ERR_UNDECLARED_ENTITY:
                raise
            return etree.fromstring(_named_characters(data), _parser())
    except (etree.LxmlError, ValueError) as error:
        words = getattr(error, "msg", None) or str(error)
        raise RecordRejected(source, native_id, "malformed", " ".join(words.split())[:200]) from error


def _named_characters(data: bytes) -> bytes:
    """`data` with the characters that a document type, which is not loaded, gives names such as `&nbsp;`.

    By HTML's names, which are those of ISO, and the Greek letters of ISOgrk1: better that than to lose an
    article for a dash.
    """
    return _ENTITY.sub(_character, data)


def _character(match: re.Match[bytes]) -> bytes:
    name = match[1].decode()
    if name in _OF_XML:
        return match[0]
    found = _GREEK.get(name) or html5.get(f"{name};")
    return b"".join(b"&#%d;" % ord(c) for c in found) if found else match[0]


def holds_unseen(data: bytes) -> bool:
    """Whether there is a comment, CDATA or an instruction: a rare letter is looked for before a tag is."""
    return (b"!" in data and b"<!" in data) or (b"?" in data and b"<?" in data)


def element_text(element: etree._Element | None) -> str:
    """The text of an element as a reader sees it, inline markup flattened; "" for none."""
    if element is None:
        return ""
    if len(element) == 0:
        return plain_text(element.text or "")
    if _is_shaped(element):
        return plain_text(_markup(element))
    return plain_text(etree.tostring(element, encoding="unicode", method="text", with_tail=False))


def _is_shaped(element: etree._Element) -> bool:
    """Whether there is more to the text of an element than its letters in a row."""
    # Asking lxml for so many names costs far more than all that it then looks through.
    tags = [str(one.tag) for one in element.iterdescendants(etree.Element)]
    return not _SHAPED.isdisjoint(tags) or any(tag.endswith(_SHAPED_MATHS) for tag in tags)


def flat_text(element: etree._Element) -> str:
    """The text of an element whose markup carries no meaning: all its characters in order, on one line."""
    if len(element) == 0:
        return tidy(element.text or "")
    return tidy(etree.tostring(element, encoding="unicode", method="text", with_tail=False))


def take_out(element: etree._Element) -> None:
    """Take an element out of its parent and leave the text that follows it."""
    parent, before = element.getparent(), element.getprevious()
    if parent is None:
        return
    if element.tail:
        if before is None:
            parent.text = (parent.text or "") + element.tail
        else:
            before.tail = (before.tail or "") + element.tail
    element.tail = None
    parent.remove(element)


def _markup(element: etree._Element) -> str:
    inside = "".join([etree.tostring(child, encoding="unicode") for child in element])
    if " xmlns" in inside:  # every piece repeats the name spaces around it, which hides plain tags
        inside = _XMLNS.sub("", inside)
    return escape(element.text or "") + known_tags(inside)


def root_name(head: bytes) -> str:
    """The name of the root element of the document that begins with `head`; "" where there is none."""
    match = _ROOT.match(_decoded(head))
    return match[1].decode("ascii", "replace") if match else ""


def _decoded(head: bytes) -> bytes:
    encoding = declared_encoding(head)
    if encoding is None:
        return head.removeprefix(codecs.BOM_UTF8)
    try:
        text = codecs.getincrementaldecoder(encoding)("replace").decode(head)
    except LookupError:
        return head
    return str(text).removeprefix("\ufeff").encode("utf-8", "replace")


def declared_encoding(head: bytes) -> str | None:
    """The encoding a document says it has, None for UTF-8 and ASCII."""
    if encoding := _UTF16.get(head[:2]):
        return encoding
    match = _DECLARED.match(head)
    name = match[1].decode("ascii").lower() if match else "utf-8"
    return None if name in {"utf-8", "utf8", "us-ascii", "ascii"} else name


def _without_misc(data: bytes) -> bytes:
    """`data` without comments and processing instructions; one that is never closed stays."""
    kept, position = [], 0
    while match := _MISC.search(data, position):
        closing = b"-->" if match[0] == b"<!--" else b"?>"
        if (end := data.find(closing, match.end())) < 0:
            break
        kept.append(data[position : match.start()])
        position = end + len(closing)
    return b"".join((*kept, data[position:]))


def split_records(stream: BinaryIO, names: tuple[str, ...], source: str) -> Iterator[Piece]:
    """Cut a document into its elements called one of `names`, wherever they stand, as UTF-8.

    Raises:
        SourceChanged: the document declares entities, cannot be decoded, or is cut short; every piece
            before the break has been given.
    """
    return _Splitter(stream, names, source).pieces()


@cache
def _start_of(names: bytes) -> re.Pattern[bytes]:
    """A start tag of one of `names`, or what may hold such text without meaning it."""
    return re.compile(rb"<!--|<!\[CDATA\[|<(" + names + rb")(?=[\s/>])")


class _Splitter:
    """A window over the document: what has been read and not yet given out."""

    def __init__(self, stream: BinaryIO, names: tuple[str, ...], source: str) -> None:
        self._stream = stream
        self._source = source
        self._window = bytearray()
        self._line = 1
        self._opening = True
        self._decoder: codecs.IncrementalDecoder | None = None
        self._start = _start_of("|".join(names).encode())
        self._names = frozenset(name.encode() for name in names)
        self._namespaces: list[tuple[bytes, bytes]] = []
        self._broken: SourceChanged | None = None

    def pieces(self) -> Iterator[Piece]:
        root = self._read_prolog()
        closed = False
        while match := self._next_start():
            found, name = match[0], match[1]  # a match looks into the window, which moves on
            if junk := self._junk(bytes(self._window[: match.start()]), root):
                yield Piece("", junk, self._line, "text between records")
            self._drop(match.start())
            if name is None:
                self._skip(b"-->" if found == b"<!--" else b"]]>")
            else:
                yield self._record(bytes(name))
                closed = name == root
        rest = bytes(self._window)
        if end := re.search(rb"</" + re.escape(root) + rb"\s*>", rest):
            rest, closed = rest[: end.start()], True
        if junk := self._junk(rest, root):
            yield Piece("", junk, self._line, "text between records")
        if not closed:
            raise self._cut_short(f"no </{root.decode()}> at the end")

    def _read_prolog(self) -> bytes:
        try:
            while len(self._window) < _PROLOG and self._read():
                pass
        except SourceChanged as broken:
            self._broken = broken  # told when what stands before it has been given out
        self._window[:] = bytes(self._window).removeprefix(codecs.BOM_UTF8)
        match = _ROOT.match(self._window)
        if not match and self._broken:
            raise self._broken
        if not match:
            raise SourceChanged(self._source, "not an XML document, or one with a broken beginning")
        if b"<!ENTITY" in self._window[: match.end()]:
            raise SourceChanged(self._source, "the document declares entities, which we do not read")
        root = bytes(match[1])
        if root not in self._names:
            self._namespaces = [(bytes(m[1]), bytes(m[0])) for m in _NAMESPACE.finditer(match[2])]
        self._drop(match.start(1) - 1 if root in self._names else match.end())
        return root

    def _next_start(self) -> re.Match[bytes] | None:
        position = 0
        while True:
            if match := self._start.search(self._window, position):
                return match
            position = max(0, len(self._window) - 64)
            if len(self._window) > MAX_RECORD_BYTES:
                raise SourceChanged(self._source, f"no record in a long stretch, line {self._line} on")
            if not self._read():
                return None

    def _record(self, name: bytes) -> Piece:
        line, closing = self._line, b"</" + name + b">"
        end, again = self._find(name, MAX_RECORD_BYTES)
        if end is None:
            begin = bytes(self._window[:_PROLOG])
            self._skip(closing)
            return Piece(name.decode(), begin, line, "too-large")
        data = bytes(self._window[:end])
        if again and (second := _start_of(name).search(data, 1)) and second[1]:
            # The first was never closed: it must not take the next one with it.
            data = data[: second.start()]
        self._drop(len(data))
        return Piece(name.decode(), self._with_namespaces(data), line)

    def _with_namespaces(self, data: bytes) -> bytes:
        """`data` with the prefixes that the root of the document declares for it."""
        if not self._namespaces or not (tag := _START_TAG.match(data)):
            return data
        own = {match[1] for match in _NAMESPACE.finditer(tag[0])}
        missing = b"".join(b" " + text for name, text in self._namespaces if name not in own)
        cut = tag.end() - tag[0].endswith(b"/")
        return data[:cut] + missing + data[cut:]

    def _find(self, name: bytes, limit: int) -> tuple[int | None, bool]:
        """Where the record ends, None when that is farther than `limit`; and whether another may begin in it.

        Looked for by its name alone, which both kinds of tag have: one pass over the record, not two.
        """
        closing, again, position = b"</" + name + b">", False, 1 + len(name)
        while True:
            found = self._window.find(name, position)
            if 0 <= found < len(self._window) - len(name):
                if self._window.startswith(closing, found - 2):
                    end = found - 2 + len(closing)
                    return end if end <= limit else None, again
                again = again or self._window.startswith(b"<", found - 1)
                position = found + len(name)
                continue
            if len(self._window) > limit:
                return None, again
            position = max(position, len(self._window) - len(name))
            if not self._read():
                raise self._cut_short(f"in the record that begins at line {self._line}")

    def _skip(self, closing: bytes) -> None:
        skipped = 0
        while (found := self._window.find(closing)) < 0:
            skipped += len(self._window)
            if skipped > _MAX_SKIPPED:
                raise SourceChanged(self._source, f"a record without end, line {self._line} on")
            self._drop(max(0, len(self._window) - len(closing)))
            if not self._read():
                raise self._cut_short(f"before {closing.decode()}")
        self._drop(found + len(closing))

    def _junk(self, gap: bytes, root: bytes) -> bytes:
        """What stands between records of a PubMed set and is neither space nor a tag of the set."""
        if not root.endswith(b"Set") or not gap.strip():
            return b""
        return b"".join(_without_misc(gap).split())[:_PROLOG]

    def _drop(self, count: int) -> None:
        gone = self._window[:count]
        # `count` looks at each byte; to take line ends out leaps from one to the next, a fifth of the work.
        self._line += len(gone) - len(gone.replace(b"\n", b""))
        del self._window[:count]

    def _read(self) -> bool:
        if self._broken:
            raise self._broken
        block = self._stream.read(_BLOCK)
        if self._opening:
            self._opening = False
            if encoding := declared_encoding(block):
                self._decoder = self._open_decoder(encoding)
        if self._decoder is None:
            self._window += block
            return bool(block)
        try:
            self._window += self._decoder.decode(block, final=not block).encode("utf-8", "surrogatepass")
        except UnicodeDecodeError as error:
            raise SourceChanged(self._source, f"not in the encoding it declares: {error.reason}") from error
        return bool(block)

    def _open_decoder(self, encoding: str) -> codecs.IncrementalDecoder:
        try:
            return codecs.getincrementaldecoder(encoding)()
        except LookupError as error:
            raise SourceChanged(self._source, f"declares an unknown encoding {encoding!r}") from error

    def _cut_short(self, where: str) -> SourceChanged:
        return SourceChanged(self._source, f"cut short {where}")
