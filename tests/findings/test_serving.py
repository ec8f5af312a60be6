"""The site as its command serves it: really listening, stopping when told, refusing a port that is taken."""

import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote

import pytest

from findings.serving import LONGEST_ADDRESS, _Server
from findings.wiring import built_site, locked
from subscriptions.tokens import Purpose, Tokens
from web import create_app
from web.params import MAX_TEXT

_NOHUP = """
import runpy, signal
signal.signal(signal.SIGHUP, signal.SIG_IGN)
runpy.run_module("findings", run_name="__main__")
"""


@contextmanager
def running(node: Any, port: int, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    process = node.start(*arguments, "--port", str(port))
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0


def page(port: int, path: str, patience: float = 240) -> str:
    end = time.monotonic() + patience
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
                return str(answer.read().decode("utf-8"))
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


@pytest.mark.parametrize(("command", "label"), [("demo", True), ("serve", False)])
def test_every_worker_answers(node: Any, port: int, command: str, label: bool) -> None:
    with running(node, port, command):
        for _ in range(6):
            assert ("invented" in page(port, "/search?q=lung")) is label


def test_it_ends_with_its_terminal(node: Any, port: int) -> None:
    process = node.start("serve", "--port", str(port))
    page(port, "/")
    process.send_signal(signal.SIGHUP)
    assert process.wait(timeout=30) == 0


def test_it_outlives_its_terminal_where_that_is_asked_for(node: Any, port: int) -> None:
    process = node.start_python(_NOHUP, "serve", "--port", str(port))
    try:
        page(port, "/")
        process.send_signal(signal.SIGHUP)
        time.sleep(1)
        assert "Findings" in page(port, "/")
        assert process.poll() is None
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0


def test_an_address_may_hold_the_longest_query(node: Any, port: int) -> None:
    signs = "".join(f"(word{n}* or " for n in range(MAX_TEXT))[:MAX_TEXT]
    with running(node, port, "demo"):
        assert "characters of a query" in page(port, f"/search?q={quote('(' * MAX_TEXT, safe='')}")
        assert "characters of a query" in page(port, f"/search?q={quote(signs, safe='')}")
        with pytest.raises(HTTPError, match=r"400|414"):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/search?q={'x' * LONGEST_ADDRESS}", timeout=10)


def test_it_starts_by_telling_that_the_index_lacks_papers(node: Any, replay: Any, port: int) -> None:
    node.json("harvest", "europepmc", "--query", "cancer", "--base-url", replay.base_url, code=3)
    papers = node.json("status")["counts"]["papers"]
    with running(node, port, "serve") as process:
        page(port, "/")
        told = _first_line(process)
    assert f"the search index holds 0 of {papers} papers; run `findings index sync`" in told


def test_it_starts_by_telling_that_search_does_not_answer(node: Any, port: int) -> None:
    process = node.start("serve", "--port", str(port), FINDINGS_SEARCH_URL="http://127.0.0.1:9")
    told = _first_line(process)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=30) == 0
    assert "search does not answer: Elasticsearch at http://127.0.0.1:9: nobody answers" in told


def _first_line(process: subprocess.Popen[str]) -> str:
    assert process.stderr
    return process.stderr.readline()


def test_a_worker_that_begins_while_the_database_is_away_ends_nobody(node: Any, port: int) -> None:
    """One is replaced now and then, and one that cannot begin ends the whole site."""
    away = f"postgresql://findings@127.0.0.1:{port}/findings"
    server = _Server(replace(node.settings, database_url=away), sample=False)
    client = server.load().test_client()
    assert client.get("/about").status_code == 200
    assert client.get("/digests").status_code == 503


def test_the_site_reads_links_that_a_former_secret_signed(node: Any) -> None:
    changed = {"secret_key": "t" * 32, "former_secret_key": "s" * 32}
    site = built_site(replace(node.settings, search_meaning="off", **changed))
    link = Tokens("s" * 32).sign(Purpose.UNSUBSCRIBE, "reader-1")
    assert create_app(site).test_client().get(f"/unsubscribe/{link}").status_code == 200
    site.index.close()
    site.catalog.close()


def test_a_taken_port_is_told(node: Any) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, output, errors = node.run("serve", "--port", str(port))
    assert (code, output) == (2, ""), "no address is offered that does not answer"
    assert f"127.0.0.1:{port}" in errors


def test_a_demo_that_cannot_run_leaves_the_running_one_alone(node: Any, port: int) -> None:
    kept = node.folder / "demo" / "kept"
    kept.parent.mkdir()
    kept.touch()
    with locked(node.folder / "demo.lock", "demo"):
        code, _, errors = node.run("demo", "--port", str(port))
    assert code == 1
    assert "another `findings demo` is running" in errors
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        code, output, _ = node.run("demo", "--port", str(taken.getsockname()[1]))
    assert (code, output) == (2, ""), "the port is looked at before the work is done"
    assert kept.exists()
