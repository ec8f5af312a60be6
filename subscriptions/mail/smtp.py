"""Letters to an SMTP server, over TLS unless the server is this machine."""

import smtplib
import ssl
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from domain.errors import ConfigError, MailError
from subscriptions.mail.letter import to_letter

_PATIENCE = 15
"""Seconds; somebody waits for the page that says that a letter is on its way."""
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


def to_server(url: str) -> Server:
    """The server of `smtp://user:password@host:587` or `smtps://…`. Raises `ConfigError`."""
    parts = urlsplit(url)
    wrapped = parts.scheme == "smtps"
    try:
        port = parts.port or (465 if wrapped else 587)
    except ValueError as error:
        raise ConfigError("smtp_url", "has no valid port") from error
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ConfigError("smtp_url", "must look like smtp://user:password@host:587")
    return Server(parts.hostname, port, wrapped, unquote(parts.username or ""), unquote(parts.password or ""))


@dataclass(frozen=True, slots=True)
class SmtpMailer:
    """Hands each letter over in a connection of its own."""

    server: Server
    sender: str

    def send(self, to: str, subject: str, text: str) -> None:
        """Hand the letter over. Raises `MailError`."""
        letter = to_letter(self.sender, to, subject, text)
        try:
            with self._connected() as connection:
                connection.send_message(letter, self.sender, [to])
        except (OSError, smtplib.SMTPException) as error:
            raise MailError(f"the mail server took no letter: {type(error).__name__}") from error

    def _connected(self) -> smtplib.SMTP:
        at, context = self.server, ssl.create_default_context()
        if at.wrapped:
            connection: smtplib.SMTP = smtplib.SMTP_SSL(at.host, at.port, timeout=_PATIENCE, context=context)
        else:
            connection = smtplib.SMTP(at.host, at.port, timeout=_PATIENCE)
            if at.host not in _HERE:
                connection.starttls(context=context)
        if at.user:
            connection.login(at.user, at.password)
        return connection
