"""Letters as `.eml` files in a folder: what a node without a mail server does."""

import logging
import os
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from domain.errors import MailError
from subscriptions.mail.letter import to_letter
from subscriptions.mail.transport import Answer, Mail, Stage

_LOG = logging.getLogger("mail")


@dataclass(frozen=True, slots=True)
class ConsoleMailer:
    """Writes each letter to a file that its owner alone may read, and tells the log where."""

    folder: Path
    sender: str

    def send(self, to: str, subject: str, text: str) -> None:
        """Write the letter. Raises `MailError`."""
        content = to_letter(self.sender or "findings@localhost.invalid", to, subject, text).as_bytes()
        try:
            path = _save(self.folder, content)
        except OSError as error:
            raise MailError(f"a letter cannot be written into {self.folder}: {error.strerror}") from error
        _LOG.info("a letter waits in %s", path)


@dataclass(frozen=True, slots=True)
class FolderTransport:
    """Takes every letter, as a server would."""

    folder: Path

    def deliver(self, mail: Mail, begin: Callable[[], None]) -> Answer:
        """Write the letter to a file."""
        begin()
        try:
            path = _save(self.folder, mail.content)
        except OSError as error:
            return Answer(Stage.CONNECT, 0, f"{self.folder}: {error.strerror}")
        return Answer(Stage.END, 250, f"kept as {path.name}")

    def close(self) -> None:
        """Nothing is held."""


def _save(folder: Path, content: bytes) -> Path:
    name = f"{time.strftime('%Y%m%dT%H%M%S', time.gmtime())}-{secrets.token_hex(4)}"
    folder.mkdir(parents=True, exist_ok=True)
    path, new = folder / f"{name}.eml", folder / f".{name}"
    # Letters hold links that let people in. Whoever looks for letters finds whole ones only.
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    new.rename(path)
    return path
