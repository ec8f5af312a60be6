"""Importing files of every form into a real catalog, the broken and the hostile ones too."""

import gzip
import io
import json
import os
import shutil
import stat
import subprocess
import sys
import tarfile
import threading
import zipfile
import zlib
from pathlib import Path

import pytest

from crawler.records.importing import _Import, import_paths
from crawler.sources import europepmc
from domain.paper import Version
from domain.ports import Catalog

SOAK = bool(os.environ.get("FINDINGS_TEST_SOAK"))
EXAMPLES = Path(__file__).parents[1] / "examples"
SET = (EXAMPLES / "pubmed.xml").read_bytes()
JATS = (EXAMPLES / "jats.xml").read_bytes()
TAKEN, REJECTED = 4, {"no-title": 1, "not-a-paper": 2}


def gzipped(data: bytes, level: int = 9) -> bytes:
    """Compressed alike at any moment: what a test is called must not depend on the clock."""
    return gzip.compress(data, level, mtime=0)


def article(number: int) -> bytes:
    return (
        f'<article><front><article-meta><article-id pub-id-type="doi">10.5555/made.up.{number}</article-id>'
        f"<title-group><article-title>Invented article {number}</article-title></title-group></article-meta>"
        "</front></article>"
    ).encode()


def citations(count: int, padding: int = 0) -> bytes:
    one = (
        "<PubmedArticle><MedlineCitation><PMID>{}</PMID><Article><ArticleTitle>Invented {}</ArticleTitle>"
        "<Abstract><AbstractText>" + "words " * padding + "</AbstractText></Abstract></Article>"
        "</MedlineCitation></PubmedArticle>\n"
    )
    inside = "".join(one.format(number, number) for number in range(1, count + 1))
    return f"<PubmedArticleSet>\n{inside}</PubmedArticleSet>\n".encode()


def write(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def zipped(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def tarred(members: dict[str, bytes], mode: str = "w:gz") -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


PAIR = {"b/1.xml": article(1), "2.nxml": article(2)}


@pytest.mark.parametrize(
    ("data", "new"),
    [
        (SET, TAKEN),
        (gzipped(SET), TAKEN),
        (JATS, 7),
        (article(1), 1),
        (gzipped(article(1)), 1),
        (zipped(PAIR), 2),
        (tarred(PAIR), 2),
        (tarred(PAIR, "w"), 2),
        (tarred({"set.xml.gz": gzipped(SET)}), TAKEN),
        (zipped({"set.xml.gz": gzipped(SET)}), TAKEN),
        ((EXAMPLES / "europepmc.json").read_bytes(), None),
    ],
)
def test_formats_are_told_by_content_and_a_second_import_changes_nothing(
    data, new, catalog: Catalog, tmp_path
):
    path = write(tmp_path, "no-extension", data)
    first = import_paths([path], catalog)
    assert (first.outcome, first.counts.updated, first.counts.unchanged) == ("complete", 0, 0)
    assert first.counts.new == new or new is None
    changes = catalog.last_change()
    second = import_paths([path], catalog)
    assert second.counts.unchanged == first.counts.new > 0
    assert (second.counts.new, second.counts.updated) == (0, 0)
    assert second.counts.rejected == first.counts.rejected
    assert catalog.last_change() == changes


def test_json_lines_of_core_records(core_records, catalog, tmp_path):
    lines = b"\n".join(json.dumps(record).encode() for record in core_records(5)) + b"\n{broken\n"
    report = import_paths([write(tmp_path, "saved", lines)], catalog)
    assert (report.counts.new, report.counts.rejected) == (5, {"malformed": 1})


@pytest.mark.parametrize("key", ["zzz", "abstractText", "aaa"])
def test_json_lines_whose_first_record_is_longer_than_what_is_looked_at(key, core_records, catalog, tmp_path):
    records = core_records(2)
    records[0] = dict(sorted((records[0] | {key: "Invented words. " * 10_000}).items()))
    if key == "aaa":  # the long one comes before every key that tells
        records[0] = {"authorString": "Nobody"} | records[0]
    data = b"\n".join(json.dumps(record).encode() for record in records)
    report = import_paths([write(tmp_path, "saved", data)], catalog)
    assert (report.outcome, report.counts.new, report.problems) == ("complete", 2, [])


def test_an_answer_on_one_line_may_be_longer_than_a_record(core_records, catalog, tmp_path, monkeypatch):
    monkeypatch.setattr("crawler.records.answers._MAX_LINE_BYTES", 10_000)
    monkeypatch.setattr("crawler.records.answers.MAX_ANSWER_BYTES", 50_000)
    records = core_records(100)
    answer = json.dumps({"hitCount": 100, "resultList": {"result": records}}).encode()
    assert 10_000 < len(answer) < 50_000
    report = import_paths([write(tmp_path, "answer.json", answer)], catalog)
    assert (report.outcome, report.counts.new) == ("complete", 100)
    records[1]["abstractText"] = "Invented. " * 2_000
    lines = b"\n".join(json.dumps(record).encode() for record in records)
    report = import_paths([write(tmp_path, "lines.jsonl", lines)], catalog)
    assert (report.outcome, report.counts.total, len(report.problems)) == ("partial", 1, 1)
    too_long = answer.replace(b"Invented paper", b"Invented " * 100 + b"paper")
    report = import_paths([write(tmp_path, "long.json", too_long)], catalog)
    assert (report.outcome, report.counts.total) == ("failed", 0)


def test_every_record_is_counted_and_rejections_are_told(catalog, tmp_path):
    report = import_paths([write(tmp_path, "set.xml", SET)], catalog)
    assert (report.counts.new, report.counts.rejected, report.counts.total) == (TAKEN, REJECTED, 7)
    assert any("90000005" in line and "no-title" in line for line in report.problems)
    assert catalog.counts()["rejected"] == 3


OTHER_KINDS = {
    "a/notes.txt": b"To do: nothing",
    "figure.jpg": b"\xff\xd8\xff",
    "search.json": b'{"count": 3}',
    "links.xml": b"<eLinkResult><LinkSet/></eLinkResult>",
    "LICENSE": b"",
}


def test_a_licence_text_in_a_folder_is_passed_over(catalog, tmp_path):
    write(tmp_path, "in/LICENSE", b" " * 33 + b"AN INVENTED LICENCE\n" + b"\n" * 40 + b"Made-up terms.\n")
    write(tmp_path, "in/1.xml", article(1))
    report = import_paths([tmp_path / "in"], catalog)
    assert (report.outcome, report.counts.new, report.ignored) == ("complete", 1, 1)


def test_a_folder_or_archive_may_hold_files_of_other_kinds(catalog, tmp_path):
    folder = tmp_path / "folder"
    write(folder, "a/2.xml", article(2))
    write(folder, "1.xml", article(1))
    for name, data in OTHER_KINDS.items():
        write(folder, name, data)
    report = import_paths([folder], catalog)
    assert (report.counts.new, report.outcome, report.problems) == (2, "complete", [])
    assert report.ignored == len(OTHER_KINDS)
    archive = write(tmp_path, "a.tgz", tarred({"3.xml": article(3)} | OTHER_KINDS))
    report = import_paths([archive], catalog)
    assert (report.counts.new, report.outcome, report.ignored) == (1, "complete", len(OTHER_KINDS))


@pytest.mark.parametrize("data", [b"", b"\0" * 900, b"<html><h1>502 Bad Gateway</h1></html>", b"%PDF-1.7"])
def test_in_a_folder_a_file_called_as_ours_that_is_damaged_is_named(data, catalog, tmp_path):
    write(tmp_path, "in/1.xml", article(1))
    bad = write(tmp_path, "in/2.xml", data)
    report = import_paths([tmp_path / "in"], catalog)
    assert (report.counts.new, report.outcome, report.ignored) == (1, "partial", 0)
    assert report.problems == [f"{bad}: not a format Findings reads"]


@pytest.mark.parametrize("name", list(OTHER_KINDS))
def test_a_file_of_another_kind_given_by_name_is_an_error(name, catalog, tmp_path):
    report = import_paths([write(tmp_path, name, OTHER_KINDS[name])], catalog)
    assert (report.outcome, report.ignored, len(report.problems)) == ("failed", 0, 1)


def test_where_nothing_is_ours_is_an_error(catalog, tmp_path):
    (tmp_path / "empty").mkdir()
    write(tmp_path, "notes/a.txt", b"To do: nothing")
    places = [tmp_path / "empty", tmp_path / "notes", write(tmp_path, "0.zip", zipped({}))]
    for place in places:
        report = import_paths([place], catalog)
        assert report.outcome == "failed"
        assert report.problems == [f"{place}: holds no file that Findings reads"]


def test_a_folder_with_links_in_circles(catalog, tmp_path):
    folder = tmp_path / "in"
    write(folder, "sub/1.xml", article(1))
    (folder / "sub" / "up").symlink_to(folder)
    (folder / "self.xml").symlink_to(folder / "self.xml")
    report = import_paths([folder], catalog)
    assert (report.counts.new, report.outcome, len(report.problems)) == (1, "partial", 1)


def test_a_folder_that_cannot_be_opened_is_named(catalog, tmp_path):
    write(tmp_path, "in/1.xml", article(1))
    write(tmp_path, "in/sub/2.xml", article(2))

    def vanish(_: object) -> None:
        shutil.rmtree(tmp_path / "in" / "sub", ignore_errors=True)

    report = import_paths([tmp_path / "in"], catalog, page_size=1, progress=vanish)
    assert (report.counts.new, report.outcome) == (1, "partial")
    assert report.problems[0].startswith(f"{tmp_path}/in/sub: cannot be opened")


def test_a_pipe_is_read_like_a_file(catalog, tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(gzipped(SET),))
    writer.start()
    report = import_paths([pipe], catalog)
    writer.join()
    assert (report.counts.new, report.outcome) == (TAKEN, "complete")


def test_of_two_versions_in_one_file_the_last_wins(catalog, tmp_path):
    twice = citations(1).replace(b"</PubmedArticleSet>\n", b"") + citations(1).replace(
        b"<PubmedArticleSet>", b""
    )
    path = write(tmp_path, "set.xml", twice.replace(b"Invented 1", b"An older title", 1))
    report = import_paths([path], catalog)
    assert (report.counts.new, report.counts.unchanged, report.counts.skipped) == (1, 1, 0)
    assert catalog.paper(catalog.find("pmid:1")).title == "Invented 1"
    assert import_paths([path], catalog).counts.unchanged == 2


def test_deleted_citations_are_withdrawn(catalog, tmp_path):
    import_paths([write(tmp_path, "a.xml", citations(3))], catalog)
    deletion = (
        b"<PubmedArticleSet><DeleteCitation><PMID>2</PMID><PMID>99</PMID></DeleteCitation></PubmedArticleSet>"
    )
    report = import_paths([write(tmp_path, "b.xml", deletion)], catalog)
    assert (report.deleted, report.outcome) == (1, "complete")
    assert catalog.counts()["deleted"] == 1


def test_limit_and_progress(catalog, tmp_path):
    seen = []
    path = write(tmp_path, "a.xml", citations(25))
    report = import_paths([path], catalog, page_size=4, limit=10, progress=lambda p: seen.append(p.records))
    assert (report.counts.new, seen[0], seen[-1]) == (10, 4, 10)


def test_cancer_only_skips_the_rest(catalog, tmp_path):
    told = (
        citations(9)
        .replace(b"Invented 1<", b"Breast cancer<")
        .replace(b"Invented 2<", b"Tumor necrosis factor<")
    )
    report = import_paths([write(tmp_path, "a.xml", told)], catalog, cancer_only=True)
    assert (report.counts.new, report.counts.skipped) == (1, 8)


def test_what_the_catalog_has_is_renewed_though_it_is_no_longer_about_cancer(catalog, tmp_path):
    told = citations(3).replace(b"Invented 1<", b"Breast cancer<")
    import_paths([write(tmp_path, "a.xml", told)], catalog, cancer_only=True)
    report = import_paths([write(tmp_path, "b.xml", citations(3))], catalog, cancer_only=True)
    assert (report.counts.updated, report.counts.skipped) == (1, 2)
    (held,) = catalog.records("pubmed")
    assert b"Breast cancer" not in held.payload


def test_a_fault_of_our_own_costs_one_record(catalog, tmp_path, monkeypatch):
    def study_type(version: Version) -> None:
        return None if "1" not in version.title else 1 / 0

    monkeypatch.setattr("crawler.telling.enrich.study_type", study_type)
    report = import_paths([write(tmp_path, "a.xml", citations(3))], catalog)
    assert (report.counts.new, report.counts.rejected) == (2, {"unreadable": 1})


def link_tar() -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, kind in (
            ("link.xml", tarfile.SYMTYPE),
            ("hard.xml", tarfile.LNKTYPE),
            ("dev", tarfile.CHRTYPE),
        ):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
        info = tarfile.TarInfo("good.xml")
        info.size = len(article(1))
        archive.addfile(info, io.BytesIO(article(1)))
    return buffer.getvalue()


def link_zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        info = zipfile.ZipInfo("link.xml")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
        archive.writestr("good.xml", article(1))
    return buffer.getvalue()


ENTITIES = '<!DOCTYPE PubmedArticleSet [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE PubmedArticleSet [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
GOOD = citations(400, 50)
CUT = len(gzipped(GOOD)) * 2 // 3


@pytest.mark.parametrize(
    ("data", "new", "outcome", "words"),
    [
        (b"", 0, "failed", "not a format Findings reads"),
        (b"PMID- 1\nTI  - A title\n", 0, "failed", "not a format Findings reads"),
        (b"<html><body><article>x</article></body></html>", 0, "failed", "not a format"),
        (b'{"hitCount": 1}', 0, "failed", "not a format"),
        (b"\x00" * 5000, 0, "failed", "not a format"),
        (ENTITIES.encode() + SET[SET.index(b"<PubmedArticleSet>") :], 0, "failed", "declares entities"),
        (OUTSIDE.encode() + SET[SET.index(b"<PubmedArticleSet>") :], 0, "failed", "declares entities"),
        (b'<?xml version="1.0" encoding="x-none"?>' + citations(1), 0, "failed", "unknown encoding"),
        (b"<PubmedArticleSet></PubmedArticleSet>", 0, "failed", "holds no records"),
        (b'{"resultList": {"result": [{"id": "1",', 0, "failed", "JSON"),
        (GOOD[: len(GOOD) // 2], 200, "partial", "cut short in the record that begins at line"),
        (gzipped(GOOD)[:CUT], None, "partial", "cut short"),
        (gzipped(GOOD)[:-6] + b"\x00\x00\x00\x00\x00\x00", 400, "partial", "damaged"),
        (tarred({"1": article(1), "2": GOOD})[:-60], None, "partial", "cut short"),
        (gzipped(article(1))[:-3], 1, "partial", "cut short"),
        (gzipped(article(1))[:15], 0, "failed", "cut short"),
        (gzipped(article(1)) + b"more", 1, "partial", "damaged"),
        (tarred(PAIR, "w")[: 3 * 512], 1, "partial", "the end of the archive is missing"),
        (tarred(PAIR, "w")[: 2 * 512 + 100], 1, "partial", "the end of the archive is missing"),
        (tarred(PAIR, "w")[: 3 * 512 + 100], 1, "partial", "the end of the archive is missing"),
        (gzipped(tarred(PAIR, "w")[: 2 * 512]), 1, "partial", "the end of the archive is missing"),
        (tarred(PAIR)[:-4], 2, "partial", "cut short"),
        (zipped(PAIR)[:-30], 0, "failed", "damaged"),
        (zipped({"../../evil.xml": article(1), "good.xml": article(2)}), 1, "partial", "leads out of"),
        (tarred({"/evil.xml": article(1), "good.xml": article(2)}), 1, "partial", "leads out of"),
        (link_tar(), 1, "partial", "a link or device"),
        (link_zip(), 1, "partial", "a link or device"),
        (zipped({"zeros.xml": b"\x00" * (20 << 20), "good.xml": article(2)}), 1, "partial", "not a format"),
        (gzipped(b"<article>" + b" " * (20 << 20)), 0, "failed", "cut short"),
        (
            gzipped(b"<PubmedArticleSet>" + b" " * (20 << 20)),
            0,
            "failed",
            "no record in a long stretch",
        ),
    ],
)
def test_bad_input_gives_one_clear_line_and_loses_nothing(data, new, outcome, words, catalog, tmp_path):
    bad = write(tmp_path, "bad", data)
    report = import_paths([bad], catalog)
    assert report.outcome == outcome
    assert new is None or report.counts.new == new
    assert any(words in line for line in report.problems)
    assert all("\n" not in line and "Traceback" not in line for line in report.problems)
    after = import_paths([bad, write(tmp_path, "good.xml", article(7))], catalog)
    assert (after.counts.new, after.outcome) == (1, "partial")


@pytest.mark.parametrize("mode", ["w", "w:gz"])
def test_an_archive_may_be_longer_than_a_file_and_each_has_its_limit(mode, catalog, tmp_path, monkeypatch):
    monkeypatch.setattr("crawler.records.archives.MAX_MEMBER_BYTES", 300_000)
    members = {f"{number}.xml": article(number) + b" " * 200_000 for number in range(1, 5)}
    path = write(tmp_path, "many", tarred(members, mode))
    report = import_paths([path], catalog)
    assert (report.outcome, report.counts.new, report.problems) == ("complete", 4, [])
    path = write(tmp_path, "one-long", tarred(members | {"2.xml": citations(9, 20_000)}, mode))
    report = import_paths([path], catalog)
    assert (report.outcome, report.counts.unchanged) == ("partial", 3)
    assert [p.partition(";")[0] for p in report.problems] == [
        f"{path}!2.xml: unfolds to more than we read from one file"
    ]
    monkeypatch.setattr("crawler.records.archives.MAX_ARCHIVE_BYTES", 500_000)
    report = import_paths([write(tmp_path, "long", tarred(members, mode))], catalog)
    assert (report.outcome, "more than we read" in report.problems[0]) == ("partial", True)


def test_of_many_bad_records_the_first_are_told_and_kept(catalog):
    work = _Import(catalog, 200, cancer_only=False, limit=None, progress=None)
    for number in range(1000):
        work.complain(f"file {number}: invented problem")
        work.rejections.note(f"record {number}: invented problem")
    lines = work.report().problems
    assert lines[0] == "file 0: invented problem"
    assert lines[21] == "record 0: invented problem"
    assert lines[20] == lines[41] == "… and 980 more like these"
    assert len(work.broken.first) == len(work.rejections.first) == 20


def test_a_record_that_is_never_closed_costs_no_other(catalog, tmp_path):
    data = citations(5).replace(b"</PubmedArticle>", b"", 1).replace(b"ed 3", b"ed 3<!-- <PubmedArticle> -->")
    report = import_paths([write(tmp_path, "a.xml", data)], catalog)
    assert (report.counts.new, report.counts.rejected) == (4, {"malformed": 1})


def test_what_stands_before_a_break_is_saved(catalog, tmp_path):
    """Of a truncated .gz, every record that is whole in what can be unfolded."""
    whole = gzipped(citations(1000, 30))
    cut = whole[: len(whole) // 2]
    unfolded = zlib.decompressobj(31).decompress(cut)
    report = import_paths([write(tmp_path, "cut.xml.gz", cut)], catalog)
    assert report.counts.new == unfolded.count(b"</PubmedArticle>") > 0


def test_a_missing_path_does_not_stop_the_others(catalog, tmp_path):
    report = import_paths([tmp_path / "missing", write(tmp_path, "1.xml", article(1))], catalog)
    assert (report.counts.new, report.outcome) == (1, "partial")
    assert "there is no such file" in report.problems[0]


def test_an_import_is_noted_as_a_run(catalog, tmp_path):
    import_paths([write(tmp_path, "1.xml", article(1))], catalog)
    (run,) = catalog.runs()
    assert (run.source, run.outcome, run.counts.new) == ("import", "complete", 1)


IMPORT = """
import re, sys
from pathlib import Path
from catalog import open_catalog
from crawler.records.importing import _Import, import_paths
catalog = open_catalog(f"sqlite:///{sys.argv[2]}")
report = import_paths([Path(sys.argv[1])], catalog)
peak = re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]
print(report.counts.total, int(peak) // 1024)
"""


def test_memory_does_not_grow_with_the_file(tmp_path):
    """Eight times the file, about the same memory (the high-water mark of a process of its own)."""
    if not Path("/proc/self/status").exists():
        pytest.skip("the system does not tell a process's peak memory under /proc")

    def peak(count: int) -> int:
        path = write(tmp_path, f"{count}.xml.gz", gzipped(citations(count, 1500), 1))
        command = [sys.executable, "-c", IMPORT, str(path), str(tmp_path / f"{count}.db")]
        done = subprocess.run(
            command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2]
        )
        total, megabytes = map(int, done.stdout.split())
        assert total == count
        return megabytes

    small, large = peak(100), peak(800)
    assert large < small + 25
    assert large < 200


def test_the_real_files_add_up(shared_data, catalog):
    """All of MEDLINE's files here, in a soak eLife's too: every record in, or rejected with a reason."""
    folder = shared_data / "api-pubmed"
    files = [
        *folder.rglob("*.xml.gz"),
        *folder.glob("fatcat/*.xml"),
        *folder.glob("biopython-Entrez/pubmed*.xml"),
    ]
    articles = [shared_data / "jats-plain-language" / "elife_cancer_xml.tar.gz"] if SOAK else []
    report = import_paths([*files, *articles], catalog)
    assert report.outcome == "complete"
    assert set(report.counts.rejected) == {"not-a-paper"}
    assert all("a notice about another paper" in line for line in report.problems)
    counts = report.counts
    assert counts.new + counts.unchanged + counts.skipped + counts.rejected_total == counts.total
    assert report.counts.total >= 604 + 176 + 175 * SOAK


def test_a_fault_of_a_source_reader_costs_one_record_of_a_file(core_records, catalog, tmp_path, monkeypatch):
    whole = europepmc.to_version

    def faulty(record):
        return 1 / 0 if record.native_id == "MED:2" else whole(record)

    monkeypatch.setattr(europepmc, "to_version", faulty)
    lines = b"\n".join(json.dumps(record).encode() for record in core_records(3))
    report = import_paths([write(tmp_path, "saved", lines)], catalog)
    assert (report.counts.new, report.counts.rejected) == (2, {"unreadable": 1})
