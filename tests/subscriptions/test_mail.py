"""Letters: files, a real SMTP conversation, and words that try to become headers. All invented."""

import asyncio
import email
import email.policy
import stat
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from domain.errors import ConfigError, MailError
from domain.ports import Mailer
from subscriptions.mail import open_mailer
from subscriptions.mail.smtp import SmtpMailer, to_server

SENDER = "letters@findings.example"


@dataclass
class Sink:
    """A mail server that takes every letter, and tells what it was sent."""

    port: int = 0
    commands: list[str] = field(default_factory=list)
    letters: list[bytes] = field(default_factory=list)
    refuse: bool = False

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Hold one conversation."""
        writer.write(b"220 sink.example\r\n")
        while line := await reader.readline():
            word = line.decode().strip()
            self.commands.append(word)
            if word.upper().startswith("DATA"):
                writer.write(b"354 go on\r\n")
                self.letters.append(await reader.readuntil(b"\r\n.\r\n"))
            if word.upper().startswith("RCPT") and self.refuse:
                writer.write(b"550 nobody here\r\n")
            elif word.upper().startswith("QUIT"):
                writer.write(b"221 bye\r\n")
                break
            else:
                writer.write(b"250 fine\r\n")
            await writer.drain()
        writer.close()


@pytest.fixture
def sink() -> Iterator[Sink]:
    found, loop, ready = Sink(), asyncio.new_event_loop(), threading.Event()

    async def start() -> None:
        server = await asyncio.start_server(found.serve, "127.0.0.1", 0)
        found.port = server.sockets[0].getsockname()[1]
        loop.call_soon(ready.set)

    def run() -> None:
        loop.create_task(start())
        loop.run_forever()  # in one go: to be told to stop between two is to miss it

    thread = threading.Thread(target=run)
    thread.start()
    assert ready.wait(5)
    yield found
    loop.call_soon_threadsafe(loop.stop)
    thread.join(5)
    loop.close()


@pytest.fixture(params=["console", "smtp"])
def mailer(request: pytest.FixtureRequest, sink: Sink, tmp_path: Path) -> Mailer:
    url = "" if request.param == "console" else f"smtp://127.0.0.1:{sink.port}"
    return open_mailer(url, SENDER, tmp_path / "mail")


def letters(sink: Sink, folder: Path) -> list[email.message.EmailMessage]:
    raw = [path.read_bytes() for path in sorted((folder / "mail").glob("*.eml"))] + sink.letters
    parse = email.message_from_bytes
    return [parse(one, policy=email.policy.default) for one in raw]  # type: ignore[misc]


def test_a_letter_arrives_whole(mailer: Mailer, sink: Sink, tmp_path: Path) -> None:
    mailer.send("ada@society.example", "Your link — naïve", "One:\n\n.two\nhttps://findings.example/x?y=z\n")
    (letter,) = letters(sink, tmp_path)
    assert (letter["To"], letter["From"], letter["Subject"]) == (
        "ada@society.example",
        SENDER,
        "Your link — naïve",
    )
    assert "https://findings.example/x?y=z" in letter.get_content()
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Message-ID"]


def test_a_long_link_is_whole_in_its_file(tmp_path: Path) -> None:
    link = "https://findings.example/account/links/sign-in?token=" + "x" * 60
    open_mailer("", "", tmp_path).send("ada@society.example", "Subject", f"Here:\n\n{link}\n")
    (path,) = tmp_path.iterdir()
    assert link in path.read_text("ascii")


SNEAKY = ["\r\n", "\n", "\r", "\u2028", "\x0b", "\x00", "\x85", "%0d%0a", "=?utf-8?q?=0d=0a?="]


@pytest.mark.parametrize("sign", SNEAKY, ids=[repr(sign) for sign in SNEAKY])
@pytest.mark.parametrize("more", ["Bcc: eve@evil.example", "To: eve@evil.example", "\r\nThe body"])
def test_no_header_and_no_recipient_is_smuggled_in(
    mailer: Mailer, sink: Sink, tmp_path: Path, sign: str, more: str
) -> None:
    for to, subject, text in (
        ("ada@society.example", f"Subject{sign}{more}", "text"),
        ("ada@society.example", "Subject", f"text{sign}.{sign}{more}"),
        (f"ada@society.example{sign}{more}", "Subject", "text"),
        (f"ada{sign}@society.example, eve@evil.example", "Subject", "text"),
    ):
        try:
            mailer.send(to, subject, text)
        except MailError:
            continue
    recipients = [command for command in sink.commands if command.upper().startswith("RCPT")]
    assert all("eve" not in command for command in recipients)
    for letter in letters(sink, tmp_path):
        assert letter.get_all("Bcc") is None
        assert letter["To"].addresses[0].addr_spec.startswith("ada@society.example")
        assert len(letter.get_all("To", [])) == len(letter["To"].addresses) == 1


@pytest.mark.parametrize(
    "address", ["", "ada", "a@b@c", "<ada@x.example>", "a@x.example,b@x.example", "x" * 300]
)
def test_what_is_no_address_gets_no_letter(mailer: Mailer, sink: Sink, address: str) -> None:
    with pytest.raises(MailError):
        mailer.send(address, "Subject", "text")
    assert sink.letters == []


def test_a_letter_is_for_its_owner_alone(tmp_path: Path) -> None:
    open_mailer("", "", tmp_path / "mail").send("ada@society.example", "Subject", "text")
    (path,) = (tmp_path / "mail").iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_server_that_refuses_or_is_gone_is_told_in_one_line(sink: Sink) -> None:
    sink.refuse = True
    for port in (sink.port, 1):
        with pytest.raises(MailError) as caught:
            SmtpMailer(to_server(f"smtp://127.0.0.1:{port}"), SENDER).send("ada@x.example", "Subject", "text")
        assert "ada@x" not in str(caught.value)


def test_another_machine_is_spoken_to_under_tls_only(sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    import smtplib

    real = smtplib.SMTP.__init__
    monkeypatch.setattr(
        smtplib.SMTP, "__init__", lambda self, host, port, **more: real(self, "127.0.0.1", sink.port, **more)
    )
    with pytest.raises(MailError):
        SmtpMailer(to_server("smtp://mail.example"), SENDER).send("ada@x.example", "Subject", "text")
    assert sink.letters == []


@pytest.mark.parametrize("url", ["http://x.example", "smtp://", "smtp://x:port", "mail.example"])
def test_an_address_that_is_no_mail_server_is_told(url: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="smtp_url"):
        open_mailer(url, SENDER, tmp_path)


def test_a_password_is_shown_to_nobody() -> None:
    server = to_server("smtps://user:p%40ss@mail.example")
    assert (server.port, server.wrapped, server.user, server.password) == (465, True, "user", "p@ss")
    assert "p@ss" not in repr(server)
