"""What could not be taken is listed and shown, and tried again."""

from pathlib import Path
from typing import Any

from tests.findings.test_cli import MEDLINE, article


def test_rejected_records_are_listed_shown_and_tried_again(node: Any, tmp_path: Path) -> None:
    file = tmp_path / "x.xml"
    untitled = [article(n, None) for n in (99000002, 99000003)]
    file.write_text(MEDLINE.format(article(99000001) + "".join(untitled)), "utf-8")
    node.json("import", str(file), code=3)
    (counted,) = node.json("rejections")
    assert (counted["source"], counted["reason"], counted["count"]) == ("pubmed", "no-title", 2)
    assert node.json("rejections", "--reason", "malformed") == []
    listed = node.json("rejections", "pubmed", "--limit", "1", "--skip", "1")
    assert listed["total"] == 2
    assert [one["id"] for one in listed["records"]] == ["99000003"]
    code, output, errors = node.run("rejections", "pubmed", "--limit", "1")
    assert (code, output.split("\t")[:2]) == (0, ["99000002", "no-title"])
    assert "1 of 2; go on with --skip 1" in errors
    assert "<PMID" in node.run("rejections", "pubmed", "99000002")[1]
    shown = node.json("rejections", "pubmed", "99000002")
    assert (shown["reason"], "<PMID" in shown["payload"]) == ("no-title", True)
    assert node.run("rejections", "nosuch")[0] == 2
    assert node.run("rejections", "europepmc")[:2] == (0, "")
    code, _, errors = node.run("rejections", "pubmed", "99000001")
    assert code == 1
    assert "no rejected record of pubmed with id '99000001'" in errors
    (told,) = node.json("reread", code=3)
    assert (told["counts"]["unchanged"], told["counts"]["rejected"]) == (1, {"no-title": 2})
    assert "pubmed\tas before\t1" in node.run("reread", "pubmed", "--dry-run")[1]
    assert node.run("reread", "nosuch")[0] == 2
