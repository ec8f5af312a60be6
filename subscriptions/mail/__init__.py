"""Letters on their way out: one small port, into a folder by default, to an SMTP server where one is set."""

from pathlib import Path
from urllib.parse import urlsplit

from domain.errors import ConfigError
from domain.ports import Mailer


def open_mailer(url: str, sender: str, folder: Path) -> Mailer:
    """The mailer that `url` names; an empty one keeps letters as files in `folder`. Raises `ConfigError`."""
    scheme = urlsplit(url).scheme
    if not url:
        from subscriptions.mail.console import ConsoleMailer

        return ConsoleMailer(folder, sender)
    if scheme in ("smtp", "smtps"):
        from subscriptions.mail.smtp import SmtpMailer, to_server

        return SmtpMailer(to_server(url), sender)
    raise ConfigError("smtp_url", "must begin with smtp:// or smtps://")
