"""Answers made to hurt, over HTTP: what unfolds to gigabytes, and what points to other servers and files."""

import gzip
import random
import re
import resource
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import Response
from scrapy.utils.test import get_crawler

from catalog.sqlcatalog import SqlCatalog
from crawler.fetching.download import Decompression
from crawler.fetching.patience import Patience
from crawler.harvest import HarvestReport, harvest
from crawler.replay import Replay, Reply
from tests.crawler import replay_europepmc, replay_oai, replay_pubmed

ONCE = Patience(requests_per_second=1000, retries=0, timeout=20, first_wait=0.001, max_page_bytes=2 << 20)
ZEROS = bytes(64 << 20)


def gzip_bomb() -> bytes:
    """Two gigabytes in members that follow each other (RFC 1952), in as many bytes as a page may have."""
    return (gzip.compress(ZEROS, 9) * 32)[: (2 << 20) - 1]


def brotli_bomb() -> bytes:
    return bytes(pytest.importorskip("brotli").compress(ZEROS, quality=5))


def zstd_bomb() -> bytes:
    return bytes(pytest.importorskip("zstandard").compress(ZEROS))


BOMBS: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "gzip": ("gzip", gzip_bomb, "larger than 2,097,152 bytes"),
    "gzip by its old name": ("x-gzip", gzip_bomb, "larger than 2,097,152 bytes"),
    "deflate": ("deflate", lambda: zlib.compress(ZEROS, 9), "larger than 2,097,152 bytes"),
    "gzip in gzip": ("gzip, gzip", lambda: gzip.compress(gzip_bomb()), "which we did not ask for"),
    "brotli": ("br", brotli_bomb, "which we did not ask for"),
    "zstd": ("zstd", zstd_bomb, "which we did not ask for"),
    "zstd in gzip": ("zstd, gzip", zstd_bomb, "which we did not ask for"),
    "undeclared": ("identity", gzip_bomb, "larger than 2,097,152 bytes"),
    "unheard of": ("wonder", lambda: ZEROS[:1000], "which we did not ask for"),
}


def answering(server: Replay, reply: Reply) -> Replay:
    server.answer = lambda *_: reply  # type: ignore[method-assign]
    server.compressed = False
    return server


def run(catalog: SqlCatalog, server: Replay, source: str = "europepmc") -> HarvestReport:
    return harvest(source, catalog, base_url=server.base_url, contact="tests@findings.example", patience=ONCE)


@pytest.mark.parametrize("name", BOMBS)
def test_what_unfolds_is_refused_in_a_moment(catalog: SqlCatalog, name: str) -> None:
    encoding, make, words = BOMBS[name]
    reply = Reply(make(), headers={"Content-Encoding": encoding})
    with answering(replay_europepmc.serve(1), reply) as server:
        before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
        report = run(catalog, server)
        assert time.process_time() - began < 1
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 << 10
        asked = server.requests[0].headers["accept-encoding"]
    assert (report.outcome, report.counts.total) == ("failed", 0)
    assert words in report.note
    assert asked == "gzip, deflate", "only what we can bound is asked for"


@pytest.mark.parametrize("encoding", ["gzip", "x-gzip", "deflate", "identity", "GZIP", "undeclared"])
def test_what_we_ask_for_is_read(catalog: SqlCatalog, encoding: str) -> None:
    squeeze: dict[str, Callable[[bytes], bytes]] = {"deflate": zlib.compress, "identity": bytes}
    with replay_europepmc.serve(3) as server:
        plain, server.compressed = server.answer, False

        def answer(*asked: Any) -> Reply:
            reply = plain(*asked)
            reply.body = squeeze.get(encoding, gzip.compress)(reply.body)
            if encoding != "undeclared":
                reply.headers["Content-Encoding"] = encoding
            return reply

        server.answer = answer  # type: ignore[method-assign]
        assert run(catalog, server).counts.new == 3


def test_what_is_compressed_is_not_taken_for_text_by_how_it_begins() -> None:
    """As one answer in a thousand would be by the first 64 bytes that deflate makes of it."""
    words = [*"abcdefgh", "cancer", "in", "mice", "of", "the", "trial", "tumour"]
    texts = (" ".join(random.Random(number).choices(words, k=40)).encode() for number in range(20_000))
    squeezed = ((text, zlib.compress(text)) for text in texts)
    text, body = next(pair for pair in squeezed if not re.search(rb"[\0-\x08\x0e-\x1f]", pair[1][:64]))
    answer = Response("https://findings.example/", headers={"Content-Encoding": "deflate"}, body=body)
    given = Decompression.from_crawler(get_crawler()).process_response(Request(answer.url), answer)
    assert isinstance(given, Response)
    assert given.body == text


MANNERS: dict[str, tuple[dict[str, str], Callable[[bytes], bytes]]] = {
    "compressed, it says": ({"Content-Encoding": "gzip"}, bytes),
    "compressed otherwise than it says": ({"Content-Encoding": "deflate"}, gzip.compress),
    "a character set for a compression": ({"Content-Encoding": "UTF-8"}, bytes),
    "none for a compression": ({"Content-Encoding": "none"}, bytes),
    "letters that are no UTF-8": ({"X-Powered-By": "H\xf4pital"}, bytes),
    "a very long header": ({"Content-Security-Policy": "a" * 12_000}, bytes),
    "very many headers": ({f"X-{number}": "1" for number in range(300)}, bytes),
    "marks and lines in front": ({}, lambda body: b"\xef\xbb\xbf\r\n\xef\xbb\xbf" + body),
}


@pytest.mark.parametrize("source", ["europepmc", "oai"])
@pytest.mark.parametrize("manner", MANNERS)
def test_what_is_only_odd_is_read(catalog: SqlCatalog, manner: str, source: str) -> None:
    headers, change = MANNERS[manner]
    with {"europepmc": replay_europepmc, "oai": replay_oai}[source].serve(3) as server:
        plain, server.compressed = server.answer, False

        def answer(*asked: Any) -> Reply:
            reply = plain(*asked)
            reply.body = change(reply.body)
            reply.headers |= headers
            return reply

        server.answer = answer  # type: ignore[method-assign]
        report = run(catalog, server, source)
    assert (report.outcome, report.counts.new) == ("complete", 3), report.note


def test_an_answer_that_is_no_http_is_told_as_one(catalog: SqlCatalog) -> None:
    reply = Reply(b"{}", headers={"X Powered By": "wonder"})
    with answering(replay_europepmc.serve(1), reply) as server:
        report = run(catalog, server)
    assert "the answer is no proper HTTP: Invalid header token" in report.note
    assert "400" not in report.note


@pytest.mark.parametrize("begun", [b"", b"HTTP/1.1 200 OK\r\nX-Powered"])
def test_a_server_that_hangs_up_before_it_has_answered_is_told_as_one(
    catalog: SqlCatalog, begun: bytes
) -> None:
    def hang_up() -> None:
        with door.accept()[0] as client:
            client.recv(1 << 16)
            client.sendall(begun)

    with socket.create_server(("127.0.0.1", 0)) as door:
        threading.Thread(target=hang_up, daemon=True).start()
        address = f"http://127.0.0.1:{door.getsockname()[1]}/"
        report = harvest("europepmc", catalog, base_url=address, contact="a@b.example", patience=ONCE)
    assert "the server hung up before it had answered" in report.note


@pytest.fixture
def tripwire() -> Iterator[tuple[str, list[object]]]:
    """An address, and who came there."""
    came: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def accept() -> None:
            while True:
                try:
                    connection, peer = server.accept()
                except OSError:
                    return
                came.append(peer)
                connection.close()

        threading.Thread(target=accept, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}", came


POINTING = {
    "external entity": '<!DOCTYPE r [<!ENTITY a SYSTEM "AT">]><r>&a;INSIDE</r>',
    "public entity": '<!DOCTYPE r [<!ENTITY a PUBLIC "-//X" "AT">]><r>&a;INSIDE</r>',
    "parameter entity": '<!DOCTYPE r [<!ENTITY % a SYSTEM "AT"> %a;]><r>INSIDE</r>',
    "entity that makes another": (
        "<!DOCTYPE r [<!ENTITY % a \"<!ENTITY &#37; b SYSTEM 'AT'>\"> %a; %b;]><r>INSIDE</r>"
    ),
    "document type": '<!DOCTYPE r SYSTEM "AT"><r>INSIDE</r>',
    "public document type": '<!DOCTYPE r PUBLIC "-//X" "AT"><r>INSIDE</r>',
    "inclusion": (
        '<r><i:include xmlns:i="http://www.w3.org/2001/XInclude" href="AT" parse="text"/>INSIDE</r>'
    ),
    "style sheet": '<?xml-stylesheet href="AT" type="text/xsl"?><r>INSIDE</r>',
    "schema": (
        '<r xmlns:s="http://www.w3.org/2001/XMLSchema-instance" s:noNamespaceSchemaLocation="AT">INSIDE</r>'
    ),
}
SERVERS = {"oai": replay_oai, "pubmed": replay_pubmed}  # the others of OAI are read by the same client


@pytest.mark.parametrize("source", SERVERS)
@pytest.mark.parametrize("place", ["http", "file"])
def test_what_an_answer_points_to_is_never_fetched(
    catalog: SqlCatalog, tripwire: tuple[str, list[object]], tmp_path: Any, source: str, place: str
) -> None:
    """Around a true answer: even where that is read, nothing of what it points to is."""
    address, came = tripwire
    (tmp_path / "secret").write_text("a secret that is in no answer")
    at = f"{address}/x" if place == "http" else f"file://{tmp_path}/secret"
    for what, text in POINTING.items():
        with SERVERS[source].serve(3) as server:
            plain = server.answer

            def answer(*asked: Any, plain: Any = plain, text: str = text) -> Reply:
                reply = plain(*asked)
                body = (
                    reply.body.decode().partition("?>")[2]
                    if b"<?xml" in reply.body[:9]
                    else reply.body.decode()
                )
                root, _, rest = body.lstrip().partition(">")
                name = root[1:].split()[0]
                inside = rest.rpartition(f"</{name}")[0]
                hostile = (
                    text.replace("<r", root, 1).replace("</r>", f"</{name}>")
                    if "<r " not in text
                    else (text.replace("<r ", f"{root} ").replace("</r>", f"</{name}>"))
                )
                hostile = hostile.replace("DOCTYPE r", f"DOCTYPE {name}").replace("AT", at)
                reply.body = hostile.replace("INSIDE", inside).encode()
                return reply

            server.answer = answer  # type: ignore[method-assign]
            began = time.process_time()
            run(catalog, server, source)
            assert time.process_time() - began < 2, what
    assert came == []
    assert all(b"a secret" not in record.payload for record in catalog.records(source))
