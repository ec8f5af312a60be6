"""Conference abstracts as organizers send them: `findings import abstracts.csv` (JATS goes through `jats`).

A table with one abstract in each row. Columns, in any order, others are passed over:

    number        the abstract's own, such as P-12
    title, abstract, authors              needed (the abstract also as several columns, each headed as its
                  part is: Background, Methods …); authors as `Given Family` or `Family, Given`, split by ";"
                  or "|", or one to a line; also `presenting author` or `first name` and `last name`, then
                  `co-authors`
    affiliations  with ";" between them: one for all, one for each author, or numbered as the authors are,
                  `Ada Invented (1,2); Bo Other (2)` and `1 First Hospital, Nairobi; 2 Second Hospital, Lima`
    session, doi, keywords (";", else ","), language, country (of the first author)
    trial         registry ids of the trials whose results it reports
    licence       a short code or an address; none given is none
    meeting, series, year, place, date    the same in every row, or once above the columns: `# meeting: NAME`

Headings may be Spanish, Portuguese, French, German or Italian, where none in English says the same. The last
word of `Given Family`, with its particles, is the family name. `series` is a code of `config/meetings.toml`.
Formulas are text like any other.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import BinaryIO

from config import load_table
from crawler.records.dates import spreadsheet_day, written_date
from crawler.records.names import in_usual_marks, is_whole_name, natural_list
from crawler.records.sections import sections
from crawler.records.streams import read_whole
from crawler.records.text import language_tag, plain_text, tidy, title_text
from crawler.sources._abstracts_table import (
    COLUMNS,
    OF_THE_MEETING,
    PEOPLE,
    NoTable,
    Row,
    decoded,
    is_table,
    parse_head,
    parse_rows,
    read_payload,
    to_payload,
)
from crawler.telling.affiliations import country as country_of
from crawler.telling.meetings import series_of
from crawler.telling.trials import find_trials
from domain.errors import RecordRejected, SourceChanged
from domain.identifiers import Identifiers, normalise_doi, short_hash
from domain.licence import to_licence
from domain.paper import Abstract, Affiliation, Author, Trial, TrialRole, Version, VersionKind, unique
from domain.record import HarvestedRecord
from domain.statements import Meeting

SOURCE = "abstracts"
MEDIA_TYPE = "text/csv"

_MAX_BYTES = 64 << 20
_MARK = re.compile(
    r"\s*[(\[^]\s*(?:\d{1,3}|[a-z])(?:\s*[,\s]\s*(?:\d{1,3}|[a-z]))*\s*[)\]^]?\s*$"
    r"|(?<=[^\W\d_.])\s?\d{1,3}(?:[,\s]\s?\d{1,3})*$"
)
_MARKED = re.compile(r"\d+|[a-z]")
_LOWERED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_NUMBERED = re.compile(r"\s*[(\[]?(\d{1,3}|[a-z])[)\].:]?\s+(.+)", re.DOTALL)
_BETWEEN = re.compile(r"\s*[;|]\s*(?:(?:and|&)\s+)?")
_COMMA = re.compile(r"\s*,(?!\s?\d)(?:\s*(?:and|et|und|y|e)\b)?\s*")
"""Between names, not between the numbers of affiliations."""
_AND = re.compile(r" (?:and|&|et|und) ")
_LAST_AND = re.compile(r" (?:and|&|et|und|y|e) ")
"""Behind commas; elsewhere the last two stand within names."""
_PLACE = re.compile(r"(?:^|[,;])\s*\(?(\d{1,2})(\)?\s?)(?=[^\W\d_])")
_WHOLE = re.compile(r"[.,]0+$")
"""What a spreadsheet puts behind a whole number."""
_YEAR = re.compile(r"(?:19[5-9]|20\d)\d")
_WORD = re.compile(r"[^\W_]+")


def recognises(head: bytes) -> bool:
    """Whether a file begins with the columns of such a table."""
    text = decoded(head)
    return text.lstrip()[:1] not in ("<", "{", "[") and is_table(parse_head(text))


def parse_records(stream: BinaryIO, fetched_at: datetime) -> Iterator[HarvestedRecord]:
    """The rows of a table.

    Raises:
        SourceChanged: it is too large, or columns are missing.
    """
    body = read_whole(SOURCE, stream, _MAX_BYTES)
    seen: dict[str, int] = {}
    try:
        for row in parse_rows(decoded(body)):
            yield _record(row, seen, fetched_at)
    except NoTable as error:
        raise SourceChanged(SOURCE, str(error)) from error


def to_version(record: HarvestedRecord) -> Version:
    """Read a row.

    Raises:
        RecordRejected: `malformed`, `number-twice`, `no-title`, `no-meeting`, `bad-doi`, `bad-year` or
            `bad-date`.
    """
    row = read_payload(record.payload)
    if row is None:
        raise _rejected(record, "malformed", "not a row of such a table")
    if row.reason:
        raise _rejected(record, row.reason, row.problem)
    given = {name: plain_text(_listed(name, cell)) for name, cell in row.cells.items()}
    given = dict.fromkeys((*COLUMNS, *PEOPLE, *OF_THE_MEETING), "") | given
    title, doi = title_text(given["title"]), normalise_doi(given["doi"])
    if not title:
        raise _rejected(record, "no-title", "")
    if given["doi"] and doi is None:
        raise _rejected(record, "bad-doi", repr(given["doi"][:80]))
    language = language_tag(given["language"])
    licence = to_licence(given["licence"], "licence")
    meeting = _meeting(record, given)
    return Version(
        kind=VersionKind.ABSTRACT,
        identifiers=Identifiers(doi=doi, other=(f"abstract:{record.native_id}",)),
        title=title,
        language=language,
        abstracts=_abstracts(row.cells.get("abstract", ""), language),
        authors=_authors(given),
        published=meeting.date or str(meeting.year or "") or None,
        publication_types=unique(filter(None, ("Conference abstract", given["session"]))),
        keywords=unique(_keywords(given["keywords"])),
        trials=unique(_trials(given["trial"])),
        licence=licence,
        open_access=True if licence and licence.code.startswith(("cc", "public")) else None,
        meeting=meeting,
    )


def _record(row: Row, seen: dict[str, int], fetched_at: datetime) -> HarvestedRecord:
    """A row under its meeting, year and number; one that cannot be taken keeps why, with its line."""
    name = _native_id(row)
    record = HarvestedRecord(SOURCE, name, fetched_at, MEDIA_TYPE, to_payload(row))
    reason, problem = row.reason, row.problem
    if not reason and name in seen:
        reason, problem = "number-twice", f"{row.cells.get('number', '')!r} is also that of line {seen[name]}"
    if not reason:
        try:
            to_version(record)
        except RecordRejected as rejected:
            reason, problem = rejected.reason, rejected.detail
    if not reason:
        seen[name] = row.line
        return record
    told = replace(row, reason=reason, problem=f"line {row.line}" + (f": {problem}" if problem else ""))
    name = f"{name}#{short_hash(repr(row.cells), 10)}"
    return replace(record, native_id=name, payload=to_payload(told))


def _rejected(record: HarvestedRecord, reason: str, detail: str) -> RecordRejected:
    return RecordRejected(record.source, record.native_id, reason, detail)


def _native_id(row: Row) -> str:
    """Meeting, year and number; where there is no number, what stands for title and authors."""
    meeting, year = row.cells.get("meeting", ""), row.cells.get("year", "")
    series = row.cells.get("series") or series_of(meeting) or ""
    words = _WORD.findall(series.casefold() or _YEAR.sub(" ", meeting.casefold()))
    day = _day(row.cells.get("date", "")) or ""
    said = _YEAR.search(year) or _YEAR.search(day) or _YEAR.search(meeting)
    number = tidy(row.cells.get("number", ""))
    if not number:
        number = short_hash(
            "\0".join(row.cells.get(name, "") for name in ("title", "authors")).casefold(), 12
        )
    return f"{'-'.join(words)[:80]}:{said[0] if said else ''}:{number[:80]}"


def _day(text: str) -> str | None:
    return spreadsheet_day(text) or written_date(text)


def _meeting(record: HarvestedRecord, given: dict[str, str]) -> Meeting:
    name, year, day = given["meeting"], _WHOLE.sub("", given["year"]), given["date"]
    if not name:
        raise _rejected(record, "no-meeting", "")
    if year and not _YEAR.fullmatch(year):
        raise _rejected(record, "bad-year", repr(year[:40]))
    date = _day(day)
    if day and date is None:
        raise _rejected(record, "bad-date", f"{day[:40]!r} is not a day like 2025-06-01")
    said = set(_YEAR.findall(name))
    number = year or (date or "")[:4] or (said.pop() if len(said) == 1 else "")
    series = given["series"].casefold()
    known = series if series in load_table("meetings")["series"] else series_of(given["series"] or name)
    return Meeting(name, known, int(number) if number else None, given["place"], date, given["number"])


def _abstracts(text: str, language: str) -> tuple[Abstract, ...]:
    parts = sections(text)
    return (Abstract(parts, language=language),) if parts else ()


def _authors(given: dict[str, str]) -> tuple[Author, ...]:
    names, affiliations = _named(given)
    marks = [found for name in names if (found := _MARK.search(name))]
    numbered = len(marks) == len(names)
    people = natural_list([_MARK.sub("", name) if numbered else name for name in names])
    places = _places(affiliations, [_MARKED.findall(mark[0]) for mark in marks], len(names), numbered)
    authors = [
        replace(author, affiliations=unique(Affiliation(text) for text in texts))
        for author, texts in zip(people, places, strict=True)
        if author
    ]
    if (country := given["country"]) and authors and len(known := authors[0].affiliations) < 2:
        place = known[0].text if known else ""
        told = country_of(place)
        if country.casefold() not in place.casefold() and not (told and told == country_of(country)):
            whole = ", ".join(filter(None, (place, country)))
            authors[0] = replace(authors[0], affiliations=(Affiliation(whole),))
    return tuple(authors)


def _named(given: dict[str, str]) -> tuple[list[str], str]:
    """The names of the authors, and the affiliations; systems for submissions may give both in one block.

    Who presents is told in the order of given and family name or with a comma, and so are the others.
    """
    if not given["authors"]:
        presenter, parted = given["presenter"], ", ".join(filter(None, (given["family"], given["given"])))
        first = presenter if " " in presenter or not parted else parted  # it may only be "Yes"
        others = _names(given["others"], fewest=2 if first == presenter and "," not in first else 3)
        return [*filter(None, [first]), *(name for name in others if name != first)], given["affiliations"]
    text, affiliations = in_usual_marks(given["authors"].translate(_LOWERED)), given["affiliations"]
    people, _, block = text.partition(";")
    if not affiliations and (places := _numbered_places(block)):
        text, affiliations = people, places
    return _names(text), affiliations


def _numbered_places(block: str) -> str:
    """`1First Hospital, Lima, 2Second Hospital` as a list; "" where it does not count from one upwards."""
    marks: list[re.Match[str]] = []
    for match in _PLACE.finditer(block):
        # A number out of its turn, or set otherwise than the first, is part of an address.
        if int(match[1]) == len(marks) + 1 and match[2] == (marks or [match])[0][2]:
            marks.append(match)
    if not marks or block[: marks[0].start()].strip():
        return ""
    ends = [match.start() for match in marks[1:]] + [len(block)]
    texts = (block[match.end() : end].strip() for match, end in zip(marks, ends, strict=True))
    return "; ".join(f"{number} {text}" for number, text in enumerate(texts, 1))


def _listed(name: str, cell: str) -> str:
    """Authors and numbered affiliations that stand one to a line, with ";" between them."""
    lines = [line for told in cell.splitlines() if (line := tidy(told))]
    if any(line.endswith(",") and _COMMA.search(line, 0, len(line) - 1) for line in lines):
        return cell  # one list, broken to fit
    lines = [line.rstrip(" ,;") for line in lines]
    if name == "authors":
        each = all(is_whole_name(_MARK.sub("", line)) for line in lines)
    else:
        each = name == "affiliations" and all(map(_NUMBERED.fullmatch, lines))
    return "; ".join(lines) if each and len(lines) > 1 else cell


def _keywords(text: str) -> Iterator[str]:
    """Keywords, which commas part only where nothing else does; `1,25-vitamin D` has one of its own."""
    mark = next((mark for mark in ("[;|]", r",\s") if re.search(mark, text)), ",")
    return filter(None, map(str.strip, re.split(mark, text)))


def _names(text: str, fewest: int = 3) -> list[str]:
    """Names as the column parts them; by commas only where each part is a whole name, and there are three.

    Of two without marks, "Invented Sample, Ann Maria" may be one person.
    """
    names = [name for name in _BETWEEN.split(text) if name]
    if len(names) != 1:
        return names
    parted = [name for name in _COMMA.split(text) if name] or [text]
    last = (_LAST_AND if len(parted) > 1 else _AND).split(parted[-1])
    if len(last) == 2 and all(is_whole_name(_MARK.sub("", name)) for name in last):
        fewest, parted[-1:] = 2, last
    if all(map(_MARK.search, parted)):
        fewest = 2
    whole = all(" " in name or _MARK.search(name) for name in parted)
    return parted if whole and len(parted) >= fewest else names


def _places(text: str, marks: list[list[str]], count: int, numbered: bool) -> list[list[str]]:
    """The affiliations of each author; those that cannot be told apart are put down to the first."""
    listed = [one for one in _BETWEEN.split(text) if one]
    named = {found[1]: found[2] for one in listed if (found := _NUMBERED.fullmatch(one))}
    if numbered and count and len(named) == len(listed) and all(m in named for mark in marks for m in mark):
        return [[named[m] for m in mark] for mark in marks]
    if len(listed) == 1:
        return [listed] * count
    if len(listed) == count:
        return [[one] for one in listed]
    return [listed, *([[]] * (count - 1))] if count else []


def _trials(text: str) -> Iterator[Trial]:
    """The trials of a column that is there for those whose results are reported."""
    for trial in find_trials(text, report=True):
        yield replace(trial, role=TrialRole.REPORTS, evidence=f"trial: {text[:200]}")
