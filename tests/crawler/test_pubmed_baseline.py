"""A folder as NLM's yearly baseline and daily updates make it: numbered files with their MD5 beside them."""

import gzip
import hashlib
from pathlib import Path

import pytest

from crawler.records.importing import import_paths
from domain.errors import NotFound


def citation(title: str, version: int = 1, day: str = "05", pmid: int = 7) -> str:
    """Invented."""
    return (
        f'<PubmedArticle><MedlineCitation><PMID Version="{version}">{pmid}</PMID><DateRevised>'
        f"<Year>2026</Year><Month>01</Month><Day>{day}</Day></DateRevised><Article><ArticleTitle>{title}</ArticleTitle>"
        "</Article></MedlineCitation></PubmedArticle>"
    )


def put(folder: Path, name: str, *citations: str) -> Path:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    inside = "".join(citations)
    path.write_bytes(gzip.compress(f"<PubmedArticleSet>{inside}</PubmedArticleSet>".encode(), mtime=0))
    return path


def sum_of(path: Path) -> str:
    return hashlib.md5(path.read_bytes()).hexdigest()


def beside(path: Path, text: str) -> None:
    path.with_name(path.name + ".md5").write_text(text)


@pytest.mark.parametrize("form", ["MD5({name})= {sum}\n", "{sum}  {name}\n", "{sum}", "MD5 ({name}) = {SUM}"])
def test_a_file_that_is_what_its_checksum_says_is_read(form, catalog, tmp_path):
    path = put(tmp_path, "pubmed26n0001.xml.gz", citation("Invented"))
    beside(path, form.format(name=path.name, sum=sum_of(path), SUM=sum_of(path).upper()))
    report = import_paths([tmp_path], catalog)
    assert (report.outcome, report.counts.new, report.problems) == ("complete", 1, [])


def test_a_file_that_is_not_what_its_checksum_says_is_left_out_and_named(catalog, tmp_path):
    good = put(tmp_path, "pubmed26n0001.xml.gz", citation("Invented", pmid=1))
    bad = put(tmp_path, "pubmed26n0002.xml.gz", citation("Invented", pmid=2))
    beside(good, sum_of(good))
    beside(bad, f"MD5({bad.name})= {'0' * 32}")
    report = import_paths([tmp_path], catalog)
    (problem,) = report.problems
    assert (report.outcome, report.counts.new) == ("partial", 1)
    assert bad.name in problem
    assert sum_of(bad) in problem
    with pytest.raises(NotFound):
        catalog.find("pmid:2")


@pytest.mark.parametrize("text", ["", "<html>not found</html>", "0" * 31, "0" * 64])
def test_a_checksum_that_is_none_is_told(text, catalog, tmp_path):
    path = put(tmp_path, "pubmed26n0001.xml.gz", citation("Invented"))
    beside(path, text)
    report = import_paths([path], catalog)
    assert report.outcome == "failed"
    assert "holds no MD5 checksum" in report.problems[0]


def test_files_are_read_in_the_order_of_their_names(catalog, tmp_path):
    put(tmp_path, "updatefiles/pubmed26n1300.xml.gz", citation("Third"))
    put(tmp_path, "baseline/pubmed26n0002.xml.gz", citation("Second"))
    put(tmp_path, "baseline/pubmed26n0001.xml.gz", citation("First"))
    seen: list[str] = []
    import_paths([tmp_path], catalog, progress=lambda done: seen.append(done.path[-11:-7]))
    assert list(dict.fromkeys(seen)) == ["0001", "0002", "1300"]
    assert catalog.paper(catalog.find("pmid:7")).title == "Third"


@pytest.mark.parametrize("files", [("one", "one"), ("one", "two")])
def test_the_higher_version_of_a_citation_wins(files, catalog, tmp_path):
    """Whichever came last or was looked at again last."""
    states = citation("Second version", 2, "03"), citation("First version", 1, "09")
    if len(set(files)) == 1:
        put(tmp_path, "pubmed26n0001.xml.gz", *states)
    else:
        for number, state in enumerate(states):
            put(tmp_path, f"pubmed26n000{number}.xml.gz", state)
    import_paths([tmp_path], catalog)
    assert catalog.paper(catalog.find("pmid:7")).title == "Second version"
    put(tmp_path, "pubmed26n0009.xml.gz", citation("Tenth version", 10, "01"))
    assert import_paths([tmp_path], catalog).counts.updated == 1
    assert catalog.paper(catalog.find("pmid:7")).title == "Tenth version"
