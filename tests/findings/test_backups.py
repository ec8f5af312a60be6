"""`findings backup` and `findings restore`: what a node cannot get again. All is invented."""

import json
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from findings import __version__
from findings.settings import LEAST_SECRET
from findings.wiring import opened_catalog
from tests.catalog.invented import article
from tests.findings.conftest import Node


def fill(node: Node, count: int) -> None:
    with opened_catalog(node.settings) as catalog:
        catalog.save([article(n) for n in range(count)])


@pytest.fixture
def filled(node: Node) -> Node:
    """A node with papers and a secret key."""
    fill(node, 40)
    (node.folder / "secret_key").write_text("s" * LEAST_SECRET)
    return node


def papers(node: Node) -> int:
    found: int = node.json("status")["counts"]["papers"]
    return found


def test_a_node_comes_back_elsewhere(filled: Node, make_node: Callable[[str], Node], tmp_path: Path) -> None:
    folder = tmp_path / "backups" / "monday"
    told = filled.json("backup", str(folder))
    assert told["about"]["findings"] == __version__
    assert {file.name for file in folder.iterdir()} == {"catalog", "secret_key", "about.json"}
    assert folder.stat().st_mode & 0o077 == 0
    other = make_node("other")
    code, output, errors = other.run("restore", str(folder))
    assert (code, errors) == (0, "")
    assert "findings index sync" in output
    assert papers(other) == papers(filled) == 40
    assert (other.folder / "secret_key").read_text() == "s" * LEAST_SECRET
    assert other.run("index", "sync")[0] == 0
    assert other.json("search", "")["total"] == 40


def test_an_index_that_knows_more_is_set_right(
    filled: Node, tmp_path: Path, make_node: Callable[[str], Node]
) -> None:
    less = make_node("less")
    fill(less, 7)
    assert filled.run("index", "sync")[0] == 0
    assert less.run("backup", str(tmp_path / "copy"))[0] == 0
    code, _, errors = filled.run("restore", str(tmp_path / "copy"))
    assert code == 1
    assert "with --replace it is put aside" in errors
    assert filled.run("restore", str(tmp_path / "copy"), "--replace")[0] == 0
    assert filled.run("index", "sync")[0] == 0
    assert papers(filled) == filled.json("search", "")["total"] == 7


@pytest.mark.parametrize("fault", ["cut", "exchanged", "missing", "about", "none"])
def test_a_faulty_backup_is_refused(filled: Node, tmp_path: Path, fault: str) -> None:
    folder = tmp_path / "copy"
    assert filled.run("backup", str(folder))[0] == 0
    kept = folder / "catalog"
    if fault == "cut":
        kept.write_bytes(kept.read_bytes()[:-100])
    elif fault == "exchanged":
        (folder / "secret_key").write_text("another")
    elif fault == "missing":
        kept.unlink()
    elif fault == "about":
        (folder / "about.json").write_text('{"findings": 3')
    else:
        shutil.rmtree(folder)
    code, _, errors = filled.run("restore", str(folder), "--replace")
    assert code == 1
    assert errors.startswith("findings: ")
    assert "fault of ours" not in errors
    assert papers(filled) == 40


def test_a_backup_is_whole_or_not_there(filled: Node, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    for delay in (0.2, 0.4, 0.6):
        started = filled.start("backup", str(folder))
        time.sleep(delay)
        started.send_signal(signal.SIGKILL)
        started.communicate()
        if folder.exists():
            assert filled.run("restore", str(folder), "--replace")[0] == 0
            shutil.rmtree(folder)
    assert filled.run("backup", str(folder))[0] == 0
    assert not folder.with_name("copy.part").exists()
    again = filled.run("backup", str(folder))
    assert again[0] == 1
    assert (
        "there already; name a new folder" in again[2].replace("there is", "there") or "already" in again[2]
    )


def test_an_own_secret_is_put_aside(filled: Node, tmp_path: Path) -> None:
    assert filled.run("backup", str(tmp_path / "copy"))[0] == 0
    (filled.folder / "secret_key").write_text("t" * LEAST_SECRET)
    assert json.loads(filled.run("restore", str(tmp_path / "copy"), "--replace", "--json")[1])["aside"]
    assert (filled.folder / "secret_key").read_text() == "s" * LEAST_SECRET
    (former,) = filled.folder.glob("secret_key.before-*")
    assert former.read_text() == "t" * LEAST_SECRET
