"""Letters as `.eml` files in a folder: what a node without a mail server does."""

import logging
import os
import secrets
import time
from dataclasses import dataclass
from pathlib import Path

from domain.errors import MailError
from subscriptions.mail.letter import to_letter

_LOG = logging.getLogger("mail")


@dataclass(frozen=True, slots=True)
class ConsoleMailer:
    """Writes each letter to a file that its owner alone may read, and tells the log where."""

    folder: Path
    sender: str

    def send(self, to: str, subject: str, text: str) -> None:
        """Write the letter. Raises `MailError`."""
        content = to_letter(self.sender or "findings@localhost.invalid", to, subject, text).as_bytes()
        path = self.folder / f"{time.strftime('%Y%m%dT%H%M%S', time.gmtime())}-{secrets.token_hex(4)}.eml"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            # Letters hold links that let people in.
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(content)
        except OSError as error:
            raise MailError(f"a letter cannot be written into {self.folder}: {error.strerror}") from error
        _LOG.info("a letter waits in %s", path)
