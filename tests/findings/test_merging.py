"""`findings merge …` from the shell: what it prints, how it ends, and that index and addresses follow."""

from pathlib import Path

import pytest

RECORD = """<PubmedArticle><MedlineCitation Status="MEDLINE"><PMID Version="1">{pmid}</PMID><Article>
<Journal><Title>Journal of Invented Oncology</Title><JournalIssue><PubDate><Year>2024</Year></PubDate>
</JournalIssue></Journal><ArticleTitle>Invented cancer paper {pmid}</ArticleTitle><Language>eng</Language>
</Article></MedlineCitation></PubmedArticle>"""
ONE, TWO = "99000001", "99000002"


@pytest.fixture
def two_papers(node, tmp_path: Path):
    path = tmp_path / "two.xml"
    body = "".join(RECORD.format(pmid=pmid) for pmid in (ONE, TWO))
    path.write_text(f'<?xml version="1.0"?><PubmedArticleSet>{body}</PubmedArticleSet>')
    node.json("import", str(path))
    return node


def test_join_list_undo(two_papers) -> None:
    node = two_papers
    (joined,) = node.json("merge", "join", ONE, f"pmid:{TWO}", "--why", "invented", "--by", "ada")
    assert (joined["same"], joined["made_by"], joined["reason"]) == (True, "ada", "invented")
    made = node.json("merge", "list", ONE)
    assert [record["record"] for record in made["records"]] == [f"record:pubmed/{n}" for n in (ONE, TWO)]
    assert [reason["why"] for reason in made["reasons"]] == ["decision"]
    assert node.json("status")["counts"]["papers"] == 1
    node.json("index", "sync")
    assert node.json("search", "invented")["total"] == 1
    (undone,) = node.json("merge", "undo", made["paper"])
    assert undone["number"] == joined["number"]
    assert [d["undone_at"] is None for d in node.json("merge", "list")] == [False]
    node.json("index", "sync")
    assert node.json("search", "invented")["total"] == 2
    assert node.json("merge", "review")["changes"] == 0


def test_a_part_of_a_paper_is_split_off(two_papers) -> None:
    node = two_papers
    node.json("merge", "join", ONE, TWO)
    (apart,) = node.json("merge", "split", ONE, TWO)
    assert apart["same"] is False
    assert node.json("status")["counts"]["papers"] == 2


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("join", ONE, "10.5555/never-seen"), 1, "no record with id"),
        (("join", ONE, ONE), 1, "cannot be joined with itself"),
        (("list", "f0000000000"), 1, "no paper with id"),
        (("split", ONE, ONE), 1, "nothing to part"),
        (("undo", "7"), 1, "no standing decision"),
        (("join", ONE), 2, "Missing argument"),
    ],
)
def test_what_cannot_be_done_is_one_line(two_papers, words, code, says) -> None:
    got, _, errors = two_papers.run("merge", *words)
    assert got == code
    assert says in errors
    assert len([line for line in errors.splitlines() if line.startswith("findings: ")]) <= 1
