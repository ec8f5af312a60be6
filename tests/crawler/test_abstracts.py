"""Tables of conference abstracts, in every form a spreadsheet saves them; all that is in them is invented."""

import csv
import io
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.records.formats import read_member
from crawler.records.importing import import_paths
from crawler.sources import abstracts, file_sources, read, retractionwatch
from domain.errors import RecordRejected, SourceChanged
from domain.paper import Version, VersionKind
from domain.ports import Catalog
from domain.statements import Meeting
from tests.crawler.damage import damaged
from tests.crawler.replay_retractionwatch import row as retraction
from tests.crawler.replay_retractionwatch import table as retractions

UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A busy machine makes examples slowly."""

NOW = datetime(2026, 1, 1, tzinfo=UTC)
EXAMPLE = (Path(__file__).parents[1] / "examples" / "abstracts.csv").read_bytes()
ROW = {
    "number": "P-1",
    "title": "Überleben bei Brustkrebs – “ein” Versuch",
    "authors": "Ada Invented; Bo Other",
    "abstract": 'Line one;\nline "two", three',
    "meeting": "ASCO Annual Meeting 2024",
}


def table(*rows: dict[str, str], separator: str = ",", head: str = "", end: str = "\r\n") -> str:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), delimiter=separator, lineterminator=end)
    writer.writeheader()
    writer.writerows(rows)
    return head + text.getvalue()


def read_all(body: bytes) -> list[Version | RecordRejected]:
    found: list[Version | RecordRejected] = []
    for record in abstracts.parse_records(io.BytesIO(body), NOW):
        try:
            found.append(abstracts.to_version(record))
        except RecordRejected as rejected:
            found.append(rejected)
    return found


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_every_way_to_save_a_table_gives_the_same(separator: str, encoding: str, end: str) -> None:
    body = table(ROW, separator=separator, end=end).encode(encoding)
    assert abstracts.recognises(body[: 1 << 16])
    (version,) = read_all(body)
    assert isinstance(version, Version)
    assert (version.title, version.kind) == (ROW["title"], VersionKind.ABSTRACT)
    assert version.abstracts[0].text == 'Line one; line "two", three'
    assert [author.name for author in version.authors] == ["Ada Invented", "Bo Other"]
    assert version.meeting == Meeting(ROW["meeting"], "asco", 2024, number="P-1")


def test_the_meeting_may_stand_above_the_columns_or_in_them() -> None:
    bare = {name: cell for name, cell in ROW.items() if name != "meeting"}
    above = table(bare, head="# Meeting: ASCO Annual Meeting 2024\n# a remark\n\n").encode()
    records = [next(abstracts.parse_records(io.BytesIO(b), NOW)) for b in (above, table(ROW).encode())]
    assert records[0].native_id == records[1].native_id == "asco:2024:P-1"
    assert abstracts.to_version(records[0]) == abstracts.to_version(records[1])
    assert abstracts.recognises(records[0].payload)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("number,title,authors,abstract\n1,T,A,B\n", "line 1: no meeting is named; write '# meeting: NAME'"),
        ("# meeting: M\nnumber,title\n1,T\n", "line 2: columns are missing: authors, abstract"),
        ("# meeting: M\ntitle,title,authors,abstract\n", "line 2: the column 'title' is there twice"),
        ("", "line 1: columns are missing: title, authors, abstract, meeting"),
    ],
)
def test_a_table_that_lacks_columns_is_refused_in_one_line(text: str, words: str) -> None:
    with pytest.raises(SourceChanged) as refused:
        read_all(text.encode())
    assert words in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("cells", "reason", "words"),
    [
        ({"title": " "}, "no-title", "line 3"),
        ({"doi": "none yet"}, "bad-doi", "line 3: 'none yet'"),
        ({"year": "20x5"}, "bad-year", "line 3: '20x5'"),
        ({"date": "next May"}, "bad-date", "line 3: 'next May' is not a day like 2025-06-01"),
        ({"meeting": ""}, "no-meeting", "line 3"),
        ({"number": "P-1"}, "number-twice", "line 3: 'P-1' is also that of line 2"),
        (
            {"abstract": "#NAME?"},
            "malformed",
            "line 3: the abstract is lost: Excel shows #NAME? in its place",
        ),
        ({"title": "########"}, "malformed", "line 3: the title is lost: Excel shows ######## in its place"),
    ],
)
def test_a_bad_row_is_rejected_with_its_line_and_the_rest_taken(
    cells: dict[str, str], reason: str, words: str
) -> None:
    plain = {**ROW, "abstract": "One line.", "doi": "", "year": "", "date": ""}
    rows = [plain, {**plain, "number": "P-2", **cells}, {**plain, "number": "P-3"}]
    first, bad, last = read_all(table(*rows).encode())
    assert isinstance(first, Version)
    assert isinstance(last, Version)
    assert isinstance(bad, RecordRejected)
    assert (bad.reason, bad.detail) == (reason, words)


def test_a_stray_quotation_mark_costs_its_own_row() -> None:
    rows = '1,"T,A,B\n2,T2,A,B\n3,T3,A,"two\nlines"\n4,T4\n5,5" scars,A,B\n'
    text = f"# meeting: M\nnumber,title,authors,abstract\n{rows}"
    found = read_all(text.encode())
    titles = [one.title if isinstance(one, Version) else one.reason for one in found]
    assert titles == ["malformed", "T2", "T3", "malformed", '5" scars']


def test_a_damaged_character_costs_its_own_row() -> None:
    rows = [{**ROW, "number": str(n)} for n in range(3)]
    body = table(*rows).encode().replace("Überleben".encode(), b"\xffberleben", 1)
    found = read_all(body)
    assert [isinstance(one, Version) for one in found] == [False, True, True]


@pytest.mark.parametrize(
    ("authors", "affiliations", "expected"),
    [
        ("A One (1,2); B Two (2)", "1 Ward, Oslo; 2 Lab, Lima", [["Ward, Oslo", "Lab, Lima"], ["Lab, Lima"]]),
        ("A One1; B Two1,2", "1. First; 2. Second", [["First"], ["First", "Second"]]),
        ("A One; B Two", "Only", [["Only"], ["Only"]]),
        ("A One; B Two", "First; Second", [["First"], ["Second"]]),
        ("A One; B Two; C Three", "First; Second", [["First", "Second"], [], []]),
        ("A One (7); B Two", "First", [["First"], ["First"]]),
        ("A One (1)\nB Two (2)", "1 Ward, Oslo\n2 Lab, Lima", [["Ward, Oslo"], ["Lab, Lima"]]),
        ("A One (a); B Two (b)", "a Ward, Oslo; b Lab, Lima", [["Ward, Oslo"], ["Lab, Lima"]]),
        ("A One | B Two", "First | Second", [["First"], ["Second"]]),
        ("A One 1,2, B Two 2, C Three 1", "(1) Ward; (2) Lab", [["Ward", "Lab"], ["Lab"], ["Ward"]]),
        ("A One1,\nB Two2,", "1 Ward\n2 Lab", [["Ward"], ["Lab"]]),
        ("A One\nB Two", "Ward of a long name,\nOslo", [["Ward of a long name, Oslo"]] * 2),
        ("", "First", []),
    ],
)  # fmt: skip
def test_affiliations_find_their_authors(authors: str, affiliations: str, expected: list[list[str]]) -> None:
    (version,) = read_all(table({**ROW, "authors": authors, "affiliations": affiliations}).encode())
    assert isinstance(version, Version)
    assert [[place.text for place in author.affiliations] for author in version.authors] == expected


@pytest.mark.parametrize(
    ("authors", "names"),
    [
        ("Ann Sample, Bo Two, Cy Three", ["Ann Sample", "Bo Two", "Cy Three"]),
        ("Ann Sample, Bo Two, and Cy Three,", ["Ann Sample", "Bo Two", "Cy Three"]),
        ("Ann Sample, Bo Two, Andy Three", ["Ann Sample", "Bo Two", "Andy Three"]),
        ("Invented Sample, Ann Maria", ["Ann Maria Invented Sample"]),
        ("Sample, Ann; Two, Bo", ["Ann Sample", "Bo Two"]),
        ("Ann Sample and Bo Two", ["Ann Sample", "Bo Two"]),
        ("Ann Sample; Bo Two; and Cy Three;", ["Ann Sample", "Bo Two", "Cy Three"]),
        ("Sample A, Two B, Three CD", ["A Sample", "B Two", "CD Three"]),
        ("Sample, A; Two, B; Three, CD", ["A Sample", "B Two", "CD Three"]),
        ("Min-Ji KIM; Hye-Soo LEE; Jun PARK", ["Min-Ji KIM", "Hye-Soo LEE", "Jun PARK"]),
        ("Sample, Ann\nTwo, Bo", ["Ann Sample", "Bo Two"]),
        ("Ann Sample, Bo Two,\nCy Three, Di Four", ["Ann Sample", "Bo Two", "Cy Three", "Di Four"]),
        ("Invented and Other Group", ["Invented and Other Group"]),
        ("Sample, Ann, Two, Bo", ["Sample, Ann, Two, Bo"]),
    ],
)
def test_commas_part_whole_names_only(authors: str, names: list[str]) -> None:
    (version,) = read_all(table({**ROW, "authors": authors}).encode())
    assert isinstance(version, Version)
    assert [author.name for author in version.authors] == names


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2025-06-01", "2025-06-01"),
        ("45809", "2025-06-01"),
        ("45809.0", "2025-06-01"),
        ("39600", "2008-06-01"),
        ("1-Jun-25", "2025-06-01"),
        ("01.06.2025", "2025-06-01"),
        ("6/13/2025", "2025-06-13"),
        ("6/1/2025", "2025"),
        ("May 30 - June 3, 2025", "2025-05-30"),
    ],
)
def test_the_day_of_a_meeting_is_read_as_a_spreadsheet_shows_it(written: str, day: str) -> None:
    (version,) = read_all(table({**ROW, "date": written, "year": "2025.0"}).encode())
    assert isinstance(version, Version)
    assert version.meeting is not None
    assert (version.meeting.date, version.meeting.year) == (day, 2025)
    (record,) = abstracts.parse_records(io.BytesIO(table({**ROW, "date": written}).encode()), NOW)
    assert record.native_id == f"asco:{day[:4]}:P-1"


def test_what_is_written_for_excel_is_no_part_of_the_table() -> None:
    text = table(ROW, separator=";").replace("P-1", '"=""007"""').replace("authors", "Author(s)")
    (version,) = read_all(f"sep=;\r\n{text}".encode())
    assert isinstance(version, Version)
    assert version.meeting
    assert version.meeting.number == "007"
    assert [author.name for author in version.authors] == ["Ada Invented", "Bo Other"]


def test_formulas_and_markup_are_text() -> None:
    (version,) = read_all(table({**ROW, "title": '=cmd|"/c calc"!A1 <b>in</b> cancer'}).encode())
    assert isinstance(version, Version)
    assert version.title == '=cmd|"/c calc"!A1 in cancer'


def test_titles_may_stand_above_the_columns() -> None:
    bare = {name: cell for name, cell in ROW.items() if name != "meeting"}
    text = "Invented Congress;;;\r\n# meeting: ASCO Annual Meeting 2024\r\n" + table(bare, separator=";")
    (version,) = read_all(text.encode())
    assert isinstance(version, Version)
    assert version.title == ROW["title"]


def windows(byte: int) -> str:
    """A byte as Windows reads it, which has a letter for each."""
    return bytes([byte]).decode("cp1252", "ignore") or chr(byte)


def test_what_was_encoded_twice_is_read_as_it_was() -> None:
    once = table({**ROW, "title": "Überleben naïver Zellen – “erfunden”"})
    twice = "".join(map(windows, once.encode())).encode()
    assert read_all(twice) == read_all(once.encode())


@pytest.mark.parametrize("names", ["李明、王芳", "李明；王芳"])
def test_authors_may_be_parted_as_in_their_own_script(names: str) -> None:
    (version,) = read_all(table({**ROW, "authors": names}).encode())
    assert isinstance(version, Version)
    assert [author.name for author in version.authors] == ["李明", "王芳"]


def test_a_link_of_excels_is_its_words() -> None:
    (version,) = read_all(table({**ROW, "title": '=HYPERLINK("https://a.example/1","In cancer")'}).encode())
    assert isinstance(version, Version)
    assert version.title == "In cancer"


def test_other_tables_are_left_to_others() -> None:
    assert not abstracts.recognises(retractions([retraction(1)]))
    assert not retractionwatch.recognises(EXAMPLE)
    assert not abstracts.recognises(
        b"PMID,Title,Authors,Citation,First Author,Journal/Book,DOI\n1,T,A,C,F,J,D\n"
    )
    for source in file_sources():
        assert source.recognises(table(ROW).encode()) == (source is abstracts)


def test_an_upload_is_imported(tmp_path: Path, catalog: Catalog) -> None:
    path = tmp_path / "abstracts.csv"
    path.write_bytes(EXAMPLE)
    report = import_paths([path], catalog)
    again = import_paths([path], catalog)
    assert (report.outcome, report.counts.new, report.counts.rejected_total) == ("complete", 3, 3)
    assert (again.counts.unchanged, again.counts.new) == (3, 0)
    assert any("line 16: 3 cells, the table has 12 columns" in line for line in report.problems)
    path.write_bytes(b"# meeting: M\nnumber,title\n1,T\n")
    assert any("line 2: columns are missing" in line for line in import_paths([path], catalog).problems)


def test_an_upload_longer_than_one_read_is_imported_whole(tmp_path: Path, catalog: Catalog) -> None:
    """A member of an archive gives no more than 64 KiB at once."""
    rows = [ROW | {"number": f"P-{n}", "title": f"Invented trial {n}"} for n in range(1, 501)]
    path = tmp_path / "abstracts.csv"
    path.write_text(table(*(one | {"abstract": "invented " * 40} for one in rows)), encoding="utf-8")
    report = import_paths([path], catalog)
    assert path.stat().st_size > 150_000
    assert (report.outcome, report.counts.total, report.counts.new) == ("complete", 500, 500)


def test_what_enriching_adds() -> None:
    record = next(abstracts.parse_records(io.BytesIO(EXAMPLE), NOW))
    version = read(record)
    assert version.countries == ("KE", "EC")
    assert "breast" in version.cancer_types
    assert [(trial.id, trial.role) for trial in version.trials] == [("NCT00000012", "reports")]


@UNHURRIED
@given(damaged(EXAMPLE, [b'"', b";", b"\n", b"\xff", b"\0", b"# meeting: x\n", b"\r"]))
def test_damage_never_breaks_the_reader(body: bytes) -> None:
    abstracts.recognises(body)
    with suppress(SourceChanged):
        for record in abstracts.parse_records(io.BytesIO(body), NOW):
            assert record.native_id
            with suppress(RecordRejected):
                abstracts.to_version(record)


@UNHURRIED
@given(
    st.dictionaries(st.sampled_from(["number", "title", "authors", "affiliations", "abstract"]), st.text())
)
def test_whatever_is_in_a_cell_comes_back_or_is_rejected(cells: dict[str, str]) -> None:
    body = table({**ROW, **cells}).encode("utf-8", "replace")
    found = read_all(body)
    assert len(found) == 1 or not "".join({**ROW, **cells}.values()).strip()


def test_a_giant_is_read_in_time_that_grows_with_it() -> None:
    start = time.process_time()
    body = table(ROW, head="").encode() + b'1,"' + b'a,b,c,d\n"' * 40_000
    assert list(read_member(body[: 1 << 16], io.BytesIO(body), NOW) or ())
    assert time.process_time() - start < 20


def test_an_abstract_may_be_spread_over_columns_that_are_called_as_its_parts() -> None:
    head = "# meeting: Invented Congress 2025\n"
    text = "Abstract ID,Abstract Title,Author(s),Institution(s),Background,Methods,Results,Conclusions\n"
    row = 'P1,Tumours,"Ada Okafor¹, ²; Bea Lind²","1 Oslo, Norway; 2 Lund, Sweden",Why.,How p <0.05.,,So.\n'
    (version,) = read_all((head + text + row).encode())
    assert isinstance(version, Version)
    (abstract,) = version.abstracts
    assert [(part.label, part.text) for part in abstract.sections] == [
        ("Background", "Why."),
        ("Methods", "How p <0.05."),
        ("Conclusions", "So."),
    ]
    assert [[place.text for place in author.affiliations] for author in version.authors] == [
        ["Oslo, Norway", "Lund, Sweden"],
        ["Lund, Sweden"],
    ]


@pytest.mark.parametrize(
    "heads",
    [
        "Título;Resumen;Autores;Congreso;Año",
        "TÍTULO;Resumo;Autores;Congresso;Ano",
        "Titre;Résumé;Auteurs;Congrès;Année",
        "Titel;Zusammenfassung;Autoren;Kongress;Jahr",
    ],
)
def test_headings_may_be_in_other_languages(heads: str) -> None:
    (version,) = read_all(f"{heads}\nUn ensayo;Texto.;Ana Gil;Congreso Inventado;2025\n".encode())
    assert isinstance(version, Version)
    assert version.meeting is not None
    assert (version.title, version.meeting.year) == ("Un ensayo", 2025)


def test_of_two_languages_the_english_columns_are_read() -> None:
    text = "# Congrès: Congrès inventé\nTítulo,Title,Resumen,Abstract,Autores\nUno,One,Texto,Text,Ana Gil\n"
    (version,) = read_all(text.encode())
    assert isinstance(version, Version)
    assert (version.title, version.abstracts[0].text) == ("One", "Text")
    assert version.meeting is not None
    assert version.meeting.name == "Congrès inventé"
    assert not abstracts.recognises(b"Titulo," * 9_000)


def test_a_cell_of_blanks_is_read_in_no_time() -> None:
    start = time.process_time()
    assert read_all(table({**ROW, "authors": f"Ada{' ' * 200_000}Invented\nBo Other"}).encode())
    assert time.process_time() - start < 5


@pytest.mark.parametrize(
    ("given", "keywords"),
    [
        ("breast, cancer", ("breast", "cancer")),
        ("breast,cancer", ("breast", "cancer")),
        ("breast; cancer, early", ("breast", "cancer, early")),
        ("1,25-vitamin D, cancer", ("1,25-vitamin D", "cancer")),
    ],
)
def test_commas_part_keywords_where_nothing_else_does(given: str, keywords: tuple[str, ...]) -> None:
    (version,) = read_all(table({**ROW, "keywords": given}).encode())
    assert isinstance(version, Version)
    assert version.keywords == keywords


@pytest.mark.parametrize("columns", ["Results", "Subject,Presentation", "Results,Presentation"])
def test_one_column_that_is_called_as_a_part_is_no_abstract(columns: str) -> None:
    text = (
        f"# meeting: Invented Congress 2025\nTitle,Authors,{columns}\nInvented tumours,Ada Okafor,What,Oral\n"
    )
    with pytest.raises(SourceChanged, match="columns are missing: abstract"):
        read_all(text.encode())


def test_columns_that_are_passed_over_may_be_there_twice() -> None:
    head = "# meeting: Invented Congress 2025\nTitle,Authors,Abstract,Results,Results\n"
    (version,) = read_all((head + "Invented tumours,Ada Okafor,We found.,yes,no\n").encode())
    assert isinstance(version, Version)
    assert [part.text for part in version.abstracts[0].sections] == ["We found."]


def test_parts_of_one_name_are_told_by_that_name() -> None:
    text = (
        "# meeting: Invented Congress 2025\nTitle,Authors,Results,Methods,Results\nTumours,Ada Okafor,1,2,3\n"
    )
    with pytest.raises(SourceChanged, match="the column 'Results' is there twice"):
        read_all(text.encode())


@pytest.mark.parametrize(
    ("columns", "cells", "names", "countries"),
    [
        (
            "Presenting Author,Co-authors,Institution,Country",
            "Ada Lind,Bo Novak; Cy Ruiz,X,Kenya",
            3,
            ["KE"],
        ),
        ("Presenting Author,Co-authors", 'Ada Lind,"Bo Novak, Cy Ruiz"', 3, []),
        ("First Name,Last Name", "Ada,Lind", 1, []),
        ("First Name,Last Name,Presenter", "Ada,Lind,Yes", 1, []),
        ("Presenter,Co-authors", "Ada Lind,Ada Lind; Bo Novak", 2, []),
        (
            "Author Block",
            '"A. Lind1, B. Novak2; 1Ward, 2 Hill Street, Nairobi, Kenya, 2Clinic, Lima, Peru"',
            2,
            ["KE", "PE"],
        ),
        (
            "Author Block",
            '"A. Lind1, B. Novak2; 1Ward, 9 Hill, Nairobi, Kenya, 2Clinic, Lima, Peru"',
            2,
            ["KE", "PE"],
        ),
        ("Autores,País", "Ada Lind,Kenya", 1, ["KE"]),
        ("Authors,Author Block,Country", "Ada Lind,nobody,Kenya", 1, ["KE"]),
    ],
)
def test_people_as_systems_for_submissions_give_them(
    columns: str, cells: str, names: int, countries: list[str]
) -> None:
    head = "# meeting: M 2025\nControl Number,Poster Number,Title,Abstract"
    text = f"{head},{columns}\n7,8,T,Of 9 none.,{cells}\n"
    (record,) = abstracts.parse_records(io.BytesIO(text.encode()), NOW)
    version = read(record)
    assert len(version.authors) == names
    assert (version.authors[0].family, list(version.countries)) == ("Lind", countries)
    assert version.meeting is not None
    assert version.meeting.number == "7"


@pytest.mark.parametrize(
    ("place", "country", "told"),
    [
        ("Invented Ward, Leeds, UK", "United Kingdom", "Invented Ward, Leeds, UK"),
        ("Invented Ward", "Kenya", "Invented Ward, Kenya"),
        ("", "Nowhere", "Nowhere"),
    ],
)
def test_a_country_is_added_where_the_affiliation_tells_none(place: str, country: str, told: str) -> None:
    (version,) = read_all(
        table({**ROW, "authors": "Ada Lind", "affiliations": place, "country": country}).encode()
    )
    assert isinstance(version, Version)
    assert [one.text for one in version.authors[0].affiliations] == [told]


@pytest.mark.parametrize(
    ("authors", "families"),
    [
        ("Ada Lind, Bo Novak et Cléo Ruiz", ["Lind", "Novak", "Ruiz"]),
        ("Ada Lind, Bo Novak y Cy Ruiz", ["Lind", "Novak", "Ruiz"]),
        ("Ada Lind1, Bo Novak2", ["Lind", "Novak"]),
        ("Ada Lind und Bo Novak", ["Lind", "Novak"]),
        ("Santiago Ramón y Cajal", ["y Cajal"]),
        ("Invented Sample, Ann Maria", ["Invented Sample"]),
    ],
)
def test_the_last_two_are_parted_in_other_languages(authors: str, families: list[str]) -> None:
    (version,) = read_all(table({**ROW, "authors": authors}).encode())
    assert isinstance(version, Version)
    assert [author.family for author in version.authors][: len(families)] == families
    assert len(version.authors) == len(families)
