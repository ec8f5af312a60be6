"""What is told of a harvest is shown to all: no key, no address of who runs the node, no control signs."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from crawler.fetching.patience import Patience, parse_retry_after
from crawler.harvest import harvest
from domain.errors import FindingsError
from domain.ports import Catalog

QUICK = Patience(page_size=10, requests_per_second=200, retries=1, timeout=2, first_wait=0.01)
KEY, CONTACT = "invented-secret-key", "operator@invented.example"


@contextmanager
def answering(answer: bytes) -> Iterator[str]:
    """A server that says the same to everything; its address."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    connection.recv(65536)
                    connection.sendall(answer)

        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/x"
        server.shutdown(socket.SHUT_RDWR)  # or the thread would wait for ever


def refused(text: bytes, status: bytes = b"400 Bad Request") -> bytes:
    return b"HTTP/1.1 " + status + b"\r\nContent-Length: " + str(len(text)).encode() + b"\r\n\r\n" + text


ANSWERS = {
    "no status line": b"HELLO\r\n\r\n",
    "no length": b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
    "the key repeated": refused(f'{{"error": "API key {KEY} is wrong"}}'.encode()),
    "shut out": refused(f"{KEY} is blocked".encode(), b"403 Forbidden"),
    "control signs": refused(b"\x1b[2J\x1b]0;owned\x07 no such thing\x00"),
}


@pytest.mark.parametrize("source", ["pubmed", "openalex", "crossref", "europepmc"])
@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_neither_key_nor_contact_nor_control_signs_are_told(
    catalog: Catalog, source: str, answer: bytes
) -> None:
    with answering(answer) as address:
        try:
            told = harvest(source, catalog, base_url=address, contact=CONTACT, key=KEY, patience=QUICK).note
        except FindingsError as error:
            told = str(error)
    notes = [told, *(run.note for run in catalog.runs())]
    notes += [catalog.mark(source, name) or "" for name in ("paused", "pause", "alarm")]
    assert told
    for note in notes:
        assert KEY not in note
        assert CONTACT.partition("@")[2] not in note
        assert note.isprintable(), repr(note)


@pytest.mark.parametrize("form", ["--5", "-", "- 5", "5-", "٥", "1e3", "0x10", "", None, "soon"])
def test_a_retry_after_that_cannot_be_read_asks_for_nothing(form: str | None) -> None:
    assert parse_retry_after(form) is None


@pytest.mark.parametrize(("form", "seconds"), [("5", 5.0), ("-5", 0.0), (" 7 ", 7.0), ("9" * 40, 1e20)])
def test_a_retry_after_in_seconds(form: str, seconds: float) -> None:
    assert parse_retry_after(form) == pytest.approx(seconds)
