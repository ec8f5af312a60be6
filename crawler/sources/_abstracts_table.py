"""Tables as organizers send them: whatever a spreadsheet makes of "save as CSV", read row by row.

UTF-8, UTF-16 or Windows-1252; separated by commas, semicolons or tabs; values in quotation marks may hold
line ends. A row that is damaged costs itself only, and is told with its line.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crawler.records.sections import is_label
from domain.profile import fold

COLUMNS = (
    *("number", "title", "authors", "affiliations", "abstract", "session"),
    *("doi", "trial", "licence", "keywords", "language", "country"),
)
PEOPLE = ("presenter", "others", "family", "given")
"""Columns that name the authors where there is none for all of them."""
OF_THE_MEETING = ("meeting", "series", "year", "place", "date")
NEEDED = ("title", "authors", "abstract", "meeting")
_NAMES = {name: name for name in (*COLUMNS, *OF_THE_MEETING)} | {
    "abstract number": "number",
    "abstract id": "number",
    "abstract no": "number",
    "no": "number",
    "author": "authors",
    "affiliation": "affiliations",
    "institution": "affiliations",
    "institutions": "affiliations",
    "text": "abstract",
    "abstract text": "abstract",
    "abstract body": "abstract",
    "abstract title": "title",
    "submission title": "title",
    "submission id": "number",
    "submission number": "number",
    "topic": "session",
    "trials": "trial",
    "trial registration": "trial",
    "license": "licence",
    "keyword": "keywords",
    "lang": "language",
    "countries": "country",
    "presenting author": "presenter",
    "presenter": "presenter",
    "first author": "presenter",
    "co-author": "others",
    "co-authors": "others",
    "coauthors": "others",
    "other authors": "others",
    "first name": "given",
    "given name": "given",
    "last name": "family",
    "family name": "family",
    "surname": "family",
    "conference": "meeting",
    "congress": "meeting",
    "location": "place",
}
_WORDS = {
    "number": "control number, final number, presentation number, program number, poster number",
    "title": "final abstract title, presentation title, poster title, titulo, titre, titel, titolo",
    "authors": "author block, author list, all authors, author names, autores, auteurs, autoren, autori",
    "affiliations": "afiliaciones, afiliacoes, instituciones, instituicoes",
    "abstract": "resumen, resumo, resume, zusammenfassung",
    "keywords": "palabras clave, palavras-chave, mots-cles, schlusselworter",
    "country": "pais, pays, land, paese",
    "language": "idioma, langue, sprache, lingua",
    "meeting": "congreso, congresso, congres, kongress",
    "year": "ano, annee, jahr, anno",
    "place": "lugar, lieu, ort, luogo",
    "date": "fecha, datum",
}
"""What counts where no plain heading says the same: headings of systems for submissions, and without accents
those in Spanish, Portuguese, French, German and Italian. What also heads columns of anything else, as
`número` of issues and `data` do, is left out."""
_OTHERWISE = {word: name for name, words in _WORDS.items() for word in words.split(", ")}
_PART = "part: "
"""Before the name of a column that holds one part of each abstract, such as its results."""
_NO_PARTS = frozenset({"presentation", "registration", "review", "source", "study", "subject"})
"""What labels parts of abstracts, too, but heads columns of how they are given and judged."""
_COMMENT = re.compile(r"\s*#\s*((?:[^\W\d_]| ){2,20}?)\s*[:=]\s*(.*)")
_SEPARATORS = ",;\t"
_EXCELS_HINT = re.compile(r"sep=.?", re.IGNORECASE)
"""The line by which Excel is told how cells are separated."""
_EXCELS_TEXT = re.compile(r'="([^"]*)"')
"""A cell that Excel is told to leave as it is: `="007"`."""
_EXCELS_LINK = re.compile(r'=HYPERLINK\("[^"]*"[,;] ?"([^"]*)"\)', re.IGNORECASE)
_EXCELS_ERROR = re.compile(r"#(?:NAME\?|VALUE!|REF!|DIV/0!|NUM!|NULL!|N/A)|#{2,}")
"""What Excel shows in place of a text that it took for a formula, or that is too long for its cell."""
_BOMS = (("utf-8-sig", b"\xef\xbb\xbf"), ("utf-16", b"\xff\xfe"), ("utf-16", b"\xfe\xff"))
_WINDOWS = {ord(char): n for n in range(128, 160) if (char := bytes([n]).decode("cp1252", "ignore"))}
"""The letters of Windows-1252 that are not at their own number, with it."""
_MOST_LINES, _LONGEST = 500, 1 << 20
"""A row of more lines or characters has a stray quotation mark, which would swallow those that follow."""
_MOST_COLUMNS = 200
_MOST_TITLES = 10
"""Lines with one cell that may stand above the columns, such as the name of the congress."""


class NoTable(Exception):
    """It is no such table; the words say what is missing, and where."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row by column, with what the head of the file says of all."""

    line: int
    cells: dict[str, str]
    reason: str = ""
    """Why it cannot be taken, as a short code; `problem` says it in words."""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """What stands before the rows."""

    stated: dict[str, str]
    columns: tuple[str, ...]
    """Known columns by their one name, those of parts of abstracts as `part: NAME`, others as ""; none where
    there is no line of columns."""
    separator: str
    line: int
    """The line of the columns."""


def decoded(body: bytes) -> str:
    """The text; a UTF-8 file with some bad bytes keeps the mark U+FFFD in their place."""
    for name, bom in _BOMS:
        if body.startswith(bom):
            return body.decode(name, "replace")
    for name, zeros in (("utf-16-le", body[1:40:2]), ("utf-16-be", body[0:40:2])):
        if zeros and zeros.count(0) > 0.8 * len(zeros):
            return body.decode(name, "replace")
    text = body.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    good = len(text) - len(text.encode("ascii", "ignore")) - bad
    if good and not bad:
        return _once(text)
    return text if good >= bad else body.decode("cp1252", "replace")


def _once(text: str) -> str:
    """Text that was read as Windows-1252 and saved as UTF-8 once more, as it was: "NÃºÃ±ez" for "Núñez".

    Of text as it should be, hardly a letter beyond ASCII is the beginning of one in UTF-8.
    """
    try:
        return text.translate(_WINDOWS).encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def parse_head(text: str) -> Head:
    """The comments (`# meeting: …`) and the line of the columns."""
    stated: dict[str, str] = {}
    titles = 0
    for number, line in enumerate(io.StringIO(text), 1):
        bare = line.strip().strip(_SEPARATORS).strip('"')
        if found := _COMMENT.fullmatch(bare):
            if name := _name(found[1], set()):
                stated[name] = found[2].strip().strip('"')
        elif bare and not bare.startswith("#") and not _EXCELS_HINT.fullmatch(bare):
            columns, separator = _columns(line)
            if not any(columns) and titles < _MOST_TITLES and len(_cells(bare, separator) or ()) == 1:
                titles += 1
                continue
            return Head(stated, columns, separator, number)
    return Head(stated, (), ",", 0)


def is_table(head: Head) -> bool:
    """Whether it is a table of abstracts; tables of papers name no meeting, session or number."""
    told = {"number", "title", "authors", "abstract", "session"} & set(head.columns)
    if "meeting" in head.stated or "series" in head.stated:
        return bool(told)
    return len(told) > 1 and bool({"meeting", "series", "number", "session"} & set(head.columns))


def parse_rows(text: str) -> Iterator[Row]:
    """The rows, each with its line.

    Raises:
        NoTable: the columns are not those of such a table.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    head = parse_head(text)
    _check(head)
    lines = io.StringIO(text).readlines()
    at = head.line
    while at < len(lines):
        end, cells = _row(lines, at, head)
        if "".join(cells).strip():
            yield _named(head, cells, at + 1)
        at = end


def to_payload(row: Row) -> bytes:
    """A row as a table of its own, that reads as it did; its line, which other rows move, is left out."""
    text = io.StringIO(newline="")
    cells = row.cells | ({"reason": row.reason, "problem": row.problem} if row.reason else {})
    writer = csv.DictWriter(text, list(cells), lineterminator="\n")
    writer.writeheader()
    writer.writerow(cells)
    return text.getvalue().encode("utf-8", "replace")


def read_payload(payload: bytes) -> Row | None:
    """The row of such a table; None for anything else."""
    try:
        found = list(csv.reader(io.StringIO(payload.decode("utf-8", "replace"), newline="")))
    except csv.Error:
        return None
    if len(found) != 2 or len(found[0]) != len(found[1]):
        return None
    cells = dict(zip(*found, strict=True))
    reason, problem = cells.pop("reason", ""), cells.pop("problem", "")
    return Row(0, cells, reason, problem)


def _columns(line: str) -> tuple[tuple[str, ...], str]:
    """The columns, cut where most of them are known."""
    found = []
    for separator in _SEPARATORS:
        cells = _cells(line, separator) or []
        told = [" ".join(re.split(r"[\s_]+", cell.strip().replace("(s)", ""))) for cell in cells]
        used: set[str | None] = {_NAMES.get(fold(one)) for one in told}
        names = tuple(_name(one, used) or _part(one) for one in told)
        found.append((len(set(names) - {""}), names[:_MOST_COLUMNS], separator))
    most = max(count for count, _, _ in found)
    return next((names, separator) for count, names, separator in found if count == most)


def _name(heading: str, used: set[str | None]) -> str:
    """The one name of a column, "" for an unknown one; what is not plain counts where none has `used` it."""
    folded = fold(heading)
    otherwise = _OTHERWISE.get(folded, "")
    if folded in _NAMES or otherwise in used:
        return _NAMES.get(folded, "")
    used.add(otherwise)
    return otherwise


def _part(name: str) -> str:
    """What stands for a column that holds one part of each abstract; "" for any other."""
    return f"{_PART}{name}" if name and is_label(name) and name.lower() not in _NO_PARTS else ""


def _parts(head: Head) -> list[str]:
    """The columns of parts, where there are several and none for the whole."""
    found = [name for name in head.columns if name.startswith(_PART)]
    return found if len(found) > 1 and "abstract" not in head.columns else []


def _check(head: Head) -> None:
    told = {*head.columns, *head.stated, *(["abstract"] if _parts(head) else [])}
    if "presenter" in told or {"family", "given"} <= told:
        told.add("authors")
    missing = [name for name in NEEDED if name not in told]
    if missing == ["meeting"]:
        raise NoTable(
            f"line {max(1, head.line)}: no meeting is named; write '# meeting: NAME' above, or add a column"
        )
    if missing:
        raise NoTable(f"line {max(1, head.line)}: columns are missing: {', '.join(missing)}")
    used = [name for name in head.columns if name in COLUMNS + OF_THE_MEETING] + _parts(head)
    twice = {name for name in used if used.count(name) > 1}
    if twice:
        name = sorted(twice)[0].removeprefix(_PART)
        raise NoTable(f"line {head.line}: the column {name!r} is there twice")


def _row(lines: Sequence[str], at: int, head: Head) -> tuple[int, list[str]]:
    """Where the row ends, and its cells; a stray quotation mark costs its own line, and no other."""
    end, size, quotes = at, 0, 0
    while end < len(lines):
        size, quotes = size + len(lines[end]), quotes + lines[end].count('"')
        end += 1
        if not quotes % 2 or end - at > _MOST_LINES or size > _LONGEST:
            break
    cells = _cells("".join(lines[at:end]), head.separator)
    if end > at + 1 and (quotes % 2 or cells is None or len(cells) < len(head.columns)):
        end, cells = at + 1, _cells(lines[at], head.separator)
    return end, cells if cells is not None else [lines[at]]


def _named(head: Head, cells: list[str], line: int) -> Row:
    named = {name: _said(cell) for name, cell in zip(head.columns, cells, strict=False) if name}
    if parts := _parts(head):
        texts = ((name.removeprefix(_PART), named.get(name, "")) for name in parts)
        named["abstract"] = "".join(f"<h4>{label}</h4>{text}" for label, text in texts if text)
    named = {name: cell for name, cell in named.items() if not name.startswith(_PART)}
    row = head.stated | {name: cell for name, cell in named.items() if cell or name not in head.stated}
    problem = ""
    if len(cells) < len(head.columns) or any(cell.strip() for cell in cells[len(head.columns) :]):
        problem = f"{len(cells)} cells, the table has {len(head.columns)} columns"
    elif any("\ufffd" in cell for cell in named.values()):
        problem = "characters that are not in the encoding of the file"
    elif spoilt := next((name for name in NEEDED if _EXCELS_ERROR.fullmatch(named.get(name, ""))), ""):
        problem = f"the {spoilt} is lost: Excel shows {named[spoilt][:12]} in its place"
    return Row(line, row, "malformed" if problem else "", problem)


def _said(cell: str) -> str:
    bare = cell.strip()
    found = _EXCELS_TEXT.fullmatch(bare) or _EXCELS_LINK.fullmatch(bare)
    return found[1] if found else bare


def _cells(row: str, separator: str) -> list[str] | None:
    try:
        found = list(csv.reader([row.replace("\0", "").rstrip("\n") + "\n"], delimiter=separator))
    except csv.Error:
        return None
    return found[0] if len(found) == 1 else None
