"""Articles that no journal would print, and files made to hurt: told within bounds, and the run goes on.

All are made here; nothing in them is real.
"""

import gzip
import io
import socket
import tarfile
import time
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from catalog import open_catalog
from crawler.records.importing import import_paths
from crawler.sources import jats
from domain.errors import FindingsError, RecordRejected
from domain.paper import Version
from domain.ports import Catalog

NOW = datetime(2026, 1, 1, tzinfo=UTC)
TITLE = "<title-group><article-title>T</article-title></title-group>"
META = f"<front><article-meta>{TITLE}{{}}</article-meta></front>"
SANE = (
    "<article>" + META.format("<article-id pub-id-type='doi'>10.5555/sane</article-id>") + "</article>"
).encode()
XXE = '<!DOCTYPE article SYSTEM "file:///etc/passwd">'


def article(meta: str = "", rest: str = "", title: str = "T") -> bytes:
    return f"<article>{META.replace('>T<', f'>{title}<').format(meta)}{rest}</article>".encode()


def outcomes(data: bytes) -> list[Version | RecordRejected]:
    return [outcome for _, outcome in jats.parse_versions(io.BytesIO(data), NOW)]


def peak_growth_mb(work) -> float:  # type: ignore[no-untyped-def]
    before = rss()
    work()
    return rss() - before


def rss() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 2**20


AUTHOR = (
    "<contrib contrib-type='author'><name><surname>Name{0}</surname><given-names>N</given-names></name>"
    "<xref ref-type='aff' rid='a{1}'/></contrib>"
)
PLACES = "".join(f"<aff id='a{n}'>Invented Institute {n}, Lima, Peru</aff>" for n in range(300))
GIANTS = {
    "50 MB of text": (
        article(rest="<body><sec><p>" + "Word. " * 9_000_000 + "</p></sec></body>"),
        "too-large",
    ),
    "10,000 authors": (
        article(
            "<contrib-group>"
            + "".join(AUTHOR.format(n, n % 300) for n in range(10_000))
            + "</contrib-group>"
            + PLACES
        ),
        None,
    ),
    "10,000 authors of 300 places each": (
        article(
            "<contrib-group>"
            + "".join(AUTHOR.format(n, " a".join(map(str, range(300)))) for n in range(10_000))
            + "</contrib-group>"
            + PLACES
        ),
        "too-large",
    ),
    "a title of 1 MB": (article(title="Cancer " * 150_000), "too-large"),
    "a title of 1 MB of tags": (article(title="<i>a</i>" * 130_000), "too-large"),
    "an abstract of 5 MB": (article("<abstract><p>" + "Cells. " * 700_000 + "</p></abstract>"), "too-large"),
    "100,000 references": (
        article(
            rest="<back><ref-list>"
            + "<ref id='r'><element-citation><article-title>A</article-title></element-citation></ref>"
            * 100_000
            + "</ref-list></back>"
        ),
        "too-large",
    ),
    "100,000 paragraphs": (article(rest="<body>" + "<p>Word.</p>" * 100_000 + "</body>"), None),
    "200,000 marks in one paragraph": (
        article(rest="<body><p>" + "7<sup>1</sup><xref rid='r'/>" * 200_000 + "</p></body>"),
        None,
    ),
    "20,000 figures in one paragraph": (
        article(rest="<body><p>" + "<fig><caption><p>x</p></caption></fig>" * 20_000 + "</p></body>"),
        None,
    ),
    "250 sections deep": (
        article(rest="<body>" + "<sec>" * 240 + "<p>x</p>" + "</sec>" * 240 + "</body>"),
        None,
    ),
    "10,000 sections deep": (
        article(rest="<body>" + "<sec>" * 10_000 + "</sec>" * 10_000 + "</body>"),
        "malformed",
    ),
    "2,000 blocks deep in a paragraph": (
        article(rest="<body><p>" + "<list><list-item>x</list-item></list>" * 50_000 + "</p></body>"),
        None,
    ),
    "100,000 keywords": (article("<kwd-group>" + "<kwd>k</kwd>" * 100_000 + "</kwd-group>"), None),
    "100,000 trials": (
        article(rest="<body><sec sec-type='methods'><p>" + "NCT00000001 " * 100_000 + "</p></sec></body>"),
        None,
    ),
}


@pytest.mark.parametrize("name", GIANTS)
def test_a_giant_is_read_within_bounds_or_rejected(name: str) -> None:
    data, reason = GIANTS[name]
    began = time.process_time()
    found: list[Version | RecordRejected] = []
    grown = peak_growth_mb(lambda: found.extend(outcomes(data)))
    (outcome,) = found
    assert (outcome.reason if isinstance(outcome, RecordRejected) else None) == reason
    assert time.process_time() - began < 10
    assert grown < 200


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    made = open_catalog(f"sqlite:///{tmp_path}/catalog.db")
    yield made
    made.close()


def test_a_run_goes_on_after_giants(catalog: Catalog, tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    chosen = [name for name, (_, reason) in GIANTS.items() if reason][:4]
    for number, name in enumerate(chosen):
        (folder / f"{number}.xml").write_bytes(GIANTS[name][0])
    (folder / "z.xml").write_bytes(SANE)
    report = import_paths([folder], catalog)
    assert (report.counts.new, report.counts.rejected) == (1, {"too-large": 4})


def declared(entities: str, use: str) -> bytes:
    text = f"<!DOCTYPE article [{entities}]>" + article().decode()
    return text.replace(">T<", f">{use}<").encode()


LAUGHS = "<!ENTITY l0 'ha'>" + "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 12))
BOMBS = {
    "laughs": declared(LAUGHS, "&l11;"),
    "laughs in an attribute": declared(LAUGHS, "<b id='&l11;'/>"),
    "quadratic": declared(f"<!ENTITY q '{'q' * 100_000}'>", "&q;" * 20_000),
    "external entity": declared("<!ENTITY x SYSTEM 'file:///etc/passwd'>", "&x;"),
    "external entity over the network": declared("<!ENTITY x SYSTEM 'http://127.0.0.1:9/x'>", "&x;"),
    "public entity": declared("<!ENTITY x PUBLIC '-//X' 'http://127.0.0.1:9/x'>", "&x;"),
    "parameter entity": declared("<!ENTITY % p SYSTEM 'file:///etc/passwd'> %p;", "T"),
    "parameter entity that makes another": declared(
        "<!ENTITY % p \"<!ENTITY &#37; q SYSTEM 'file:///etc/passwd'>\"> %p; %q;", "T"
    ),
    "recursive": declared("<!ENTITY a '&b;'><!ENTITY b '&a;'>", "&a;"),
    "unparsed entity": declared(
        "<!NOTATION n SYSTEM 'n'><!ENTITY u SYSTEM 'file:///etc/passwd' NDATA n>", "T"
    ),
    "in UTF-16": ("<?xml version='1.0' encoding='utf-16'?>" + declared(LAUGHS, "&l11;").decode()).encode(
        "utf-16"
    ),
    "inside a set": b"<pmc-articleset>" + declared(LAUGHS, "&l11;") + b"</pmc-articleset>",
    "undeclared": article(title="&nothing;"),
}
HARMLESS = {
    "a document type by address": (XXE + article().decode()).encode(),
    "a document type over the network": (
        XXE.replace("file:///etc/passwd", "http://127.0.0.1:9/d") + article().decode()
    ).encode(),
    "XInclude": article(
        rest="<body><p><xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='file:///etc/passwd'"
        " parse='text'/></p></body>"
    ),
    "a stylesheet": b"<?xml-stylesheet href='http://127.0.0.1:9/s' type='text/xsl'?>" + article(),
    "a schema": article().replace(
        b"<article>",
        b"<article xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'"
        b" xsi:noNamespaceSchemaLocation='http://127.0.0.1:9/s.xsd'>",
    ),
}


@pytest.fixture
def sealed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Notes every socket and every file that is opened from Python; libxml2 has no network to begin with."""
    opened: list[str] = []

    def refuse(*arguments: object, **_: object) -> object:
        opened.append(repr(arguments))
        raise OSError("sealed")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    return opened


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_in_a_moment(name: str, sealed: list[str]) -> None:
    began, before = time.process_time(), rss()
    try:
        found = outcomes(BOMBS[name])
    except FindingsError as refused:
        assert "declares entities" in str(refused)  # noqa: PT017 - either of two ways to refuse
        found = []
    assert not [one for one in found if isinstance(one, Version)]
    assert time.process_time() - began < 1
    assert rss() - before < 200
    assert sealed == []


@pytest.mark.parametrize("name", HARMLESS)
def test_what_a_document_points_to_is_never_read(name: str, sealed: list[str]) -> None:
    secret = Path("/etc/passwd").read_text().split(":")[0]
    began = time.process_time()
    (version,) = outcomes(HARMLESS[name])
    assert isinstance(version, Version)
    assert secret not in repr(version)
    assert time.process_time() - began < 1
    assert sealed == []


def test_compressed_bombs_are_refused_in_a_moment(catalog: Catalog, tmp_path: Path) -> None:
    """Members that unfold to far more than they should are told, and what stands beside them is read."""
    spaces = article().replace(b"<article>", b"<article>" + b" " * (40 << 20))
    files = {"one.xml.gz": gzip.compress(spaces), "nested.xml.gz": gzip.compress(gzip.compress(spaces))}
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.xml", spaces)
        archive.writestr("sane.xml", SANE)
    with tarfile.open(tmp_path / "bomb.tar.gz", "w:gz") as archive:
        info = tarfile.TarInfo("a.xml")
        info.size = len(spaces)
        archive.addfile(info, io.BytesIO(spaces))
    before = rss()
    began = time.process_time()
    names = [*files, "bomb.zip", "bomb.tar.gz"]
    report = import_paths([tmp_path / name for name in names], catalog)
    assert report.counts.new == 1
    assert report.counts.rejected == {"too-large": 4}
    assert time.process_time() - began < 4 * len(names)
    assert rss() - before < 200


def test_a_folder_laid_out_as_the_open_data_bucket_of_pmc_has_it(catalog: Catalog, tmp_path: Path) -> None:
    """A folder for each version of an article, with text and metadata beside the XML (`pmc-oa-opendata`)."""
    folder = tmp_path / "PMC9000001.1"
    folder.mkdir()
    (folder / "PMC9000001.1.xml").write_bytes(SANE)
    (folder / "PMC9000001.1.txt").write_text("An invented text.")
    (folder / "PMC9000001.1.json").write_text('{"pmcid": "PMC9000001", "license_code": "CC BY"}')
    report = import_paths([tmp_path], catalog)
    assert (report.counts.new, report.counts.rejected) == (1, {})
    assert (report.outcome, report.problems) == ("complete", [])
