"""Letters on their way out: one small port, into a folder by default, to an SMTP server where one is set."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from domain.errors import ConfigError
from domain.ports import Mailer
from subscriptions.mail.transport import Transport


def open_mailer(url: str, sender: str, folder: Path) -> Mailer:
    """The mailer that `url` names; an empty one keeps letters as files in `folder`. Raises `ConfigError`."""
    if not url:
        from subscriptions.mail.console import ConsoleMailer

        return ConsoleMailer(folder, sender)
    _check(url)
    from subscriptions.mail.smtp import SmtpMailer, to_server

    return SmtpMailer(to_server(url), sender)


def transports(url: str, sender: str, folder: Path) -> Callable[[], Transport]:
    """What opens a way for many letters, for each sender its own, to where `open_mailer` sends single ones.

    Raises:
        ConfigError: `url` names no mail server.
    """
    if not url:
        from subscriptions.mail.console import FolderTransport

        return lambda: FolderTransport(folder)
    _check(url)
    from config import load_table
    from subscriptions.mail.smtp import Patience, SmtpTransport, to_server

    server, patience = to_server(url), Patience(**load_table("mail")["session"])
    return lambda: SmtpTransport(server, patience, sender.rpartition("@")[2])


def _check(url: str) -> None:
    if urlsplit(url).scheme not in ("smtp", "smtps"):
        raise ConfigError("smtp_url", "must begin with smtp:// or smtps://")
