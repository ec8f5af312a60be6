"""Letters to an SMTP server, over TLS unless the server is this machine; many in one conversation."""

import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from domain.errors import ConfigError, MailError
from subscriptions.mail.fields import checked_address
from subscriptions.mail.letter import to_letter
from subscriptions.mail.transport import Answer, Mail, Stage, to_answer

_HERE = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Server:
    """Where letters are handed over."""

    host: str
    port: int
    wrapped: bool
    """TLS from the first byte (`smtps`); otherwise STARTTLS."""
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds to wait for a connection, for an answer, and for the answer to a whole letter."""

    connect: float = 15
    answer: float = 15
    accepted: float = 15
    letters: int = 1
    """How many letters one conversation may carry."""


def to_server(url: str) -> Server:
    """The server of `smtp://user:password@host:587` or `smtps://…`. Raises `ConfigError`."""
    try:
        parts = urlsplit(url)
        given = parts.port
    except ValueError as error:
        problem = "has no valid host and port; in a password, / is written %2F, # %23 and ? %3F"
        raise ConfigError("smtp_url", problem) from error
    wrapped = parts.scheme == "smtps"
    port = given or (465 if wrapped else 587)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ConfigError("smtp_url", "must look like smtp://user:password@host:587")
    return Server(parts.hostname, port, wrapped, unquote(parts.username or ""), unquote(parts.password or ""))


class SmtpTransport:
    """A conversation that is kept open, and begun anew where the server has ended it."""

    def __init__(self, server: Server, patience: Patience, hello: str = "") -> None:
        self._server = server
        self._patience = patience
        self._hello = hello or "localhost"
        self._connection: smtplib.SMTP | None = None
        self._letters = 0

    def deliver(self, mail: Mail, begin: Callable[[], None]) -> Answer:
        """Hand a letter over. Only what `begin` raises is raised."""
        begun = False

        def once() -> None:
            nonlocal begun
            begin()
            begun = True

        reused = self._connection is not None
        answer = self._attempt(mail, once)
        # Servers end conversations that have lasted or rested long; that says nothing about this letter.
        if reused and not begun and answer.code in (0, 421):
            answer = self._attempt(mail, once)
        return answer

    def close(self) -> None:
        """End the conversation politely."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(OSError, smtplib.SMTPException):
                connection.quit()
            connection.close()

    def _attempt(self, mail: Mail, begin: Callable[[], None]) -> Answer:
        stage = Stage.CONNECT
        try:
            connection = self._opened()
            sender, to, options = _to_envelope(connection, mail)
            stage = Stage.MAIL
            # The library's own methods take both addresses apart again, which costs more than all else here.
            code, text = connection.docmd("MAIL", f"FROM:<{sender}>{options}")
            if code == 250:
                stage = Stage.RCPT
                code, text = connection.docmd("RCPT", f"TO:<{to}>")
            if code in (250, 251):
                self._ask(begin, connection)
                stage = Stage.DATA
                code, text = connection.docmd("DATA")
            if stage is Stage.DATA and code == 354:
                connection.send(_to_data(mail.content))  # what fails here has not sent the final dot
                stage = Stage.END
                code, text = self._last_answer(connection)
        except smtplib.SMTPResponseException as refused:
            self._drop()
            return to_answer(stage, refused.smtp_code, refused.smtp_error, mail.to)
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            return to_answer(stage, 0, str(error) or type(error).__name__, mail.to)
        return self._after(to_answer(stage, code, text, mail.to))

    def _ask(self, begin: Callable[[], None], connection: smtplib.SMTP) -> None:
        try:
            begin()
        except BaseException:
            with suppress(OSError, smtplib.SMTPException):
                connection.rset()
            raise

    def _last_answer(self, connection: smtplib.SMTP) -> tuple[int, bytes]:
        socket = connection.sock
        assert socket is not None
        socket.settimeout(self._patience.accepted)
        try:
            return connection.getreply()
        finally:
            socket.settimeout(self._patience.answer)

    def _after(self, answer: Answer) -> Answer:
        """Leave the conversation such that the next letter can follow, or end it."""
        self._letters += 1
        if answer.code in (0, 421):
            self._drop()
        elif self._letters >= self._patience.letters:
            self.close()
        elif not answer.is_accepted and self._connection is not None:
            try:
                self._connection.rset()
            except (OSError, smtplib.SMTPException):
                self._drop()
        return answer

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _opened(self) -> smtplib.SMTP:
        if self._connection is None:
            at, patience = self._server, self._patience.connect
            if at.wrapped:
                context = ssl.create_default_context()
                connection: smtplib.SMTP = smtplib.SMTP_SSL(
                    at.host, at.port, local_hostname=self._hello, timeout=patience, context=context
                )
            else:
                connection = smtplib.SMTP(at.host, at.port, local_hostname=self._hello, timeout=patience)
            self._connection, self._letters = connection, 0
            if not at.wrapped and at.host not in _HERE:
                connection.starttls(context=ssl.create_default_context())
            connection.ehlo_or_helo_if_needed()
            if at.user:
                connection.login(at.user, at.password)
            if connection.sock is not None:
                connection.sock.settimeout(self._patience.answer)
        return self._connection


@dataclass(frozen=True, slots=True)
class SmtpMailer:
    """Hands each letter over in a conversation of its own; somebody waits for it."""

    server: Server
    sender: str

    def send(self, to: str, subject: str, text: str) -> None:
        """Hand the letter over. Raises `MailError`."""
        content = to_letter(self.sender, to, subject, text).as_bytes()
        transport = SmtpTransport(self.server, Patience(), self.sender.rpartition("@")[2])
        try:
            answer = transport.deliver(Mail(self.sender, to, content), lambda: None)
        finally:
            transport.close()
        if not answer.is_accepted:
            raise MailError(f"the mail server took no letter: {answer.line}")


def _to_envelope(connection: smtplib.SMTP, mail: Mail) -> tuple[str, str, str]:
    """Sender, recipient and options; an address that is not ASCII is written as the server can take it."""
    sender, to = checked_address(_in_ascii(mail.sender)), checked_address(_in_ascii(mail.to))
    connection.command_encoding = "ascii"
    if sender.isascii() and to.isascii():
        return sender, to, ""
    if not connection.has_extn("smtputf8"):
        raise smtplib.SMTPResponseException(553, b"5.6.7 the server takes no international addresses")
    connection.command_encoding = "utf-8"
    return sender, to, " BODY=8BITMIME SMTPUTF8"


def _in_ascii(address: str) -> str:
    if address.isascii():
        return address
    local, _, domain = address.rpartition("@")
    try:
        return f"{local}@{domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        return address


def _to_data(content: bytes) -> bytes:
    """The letter as it travels: lines that begin with a dot get another, and one dot ends it."""
    if content.startswith(b"."):
        content = b"." + content
    ended = content if content.endswith(b"\r\n") else content + b"\r\n"
    return ended.replace(b"\r\n.", b"\r\n..") + b".\r\n"
