"""Where bounces go: an address of its own for each letter (VERP), signed: nobody can invent a bounce."""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass, field

from subscriptions.mail.fields import to_address

_LENGTH = 16
_ID = re.compile(r"[a-z0-9]{8,40}")
_MARKED = re.compile(rf"([a-z0-9]{{8,40}})[-.]([a-z2-7]{{{_LENGTH}}})")


@dataclass(frozen=True, slots=True)
class ReturnPath:
    """Marks letters, and knows the marks again; mail servers may change the case of letters in them."""

    secret: str = field(repr=False)
    mailbox: str = ""
    """What bounces are sent to, `local+…@domain`; empty: they go to whom the letter is from."""

    def mark(self, letter_id: str) -> str:
        """What only we can put beside the id of a letter."""
        key = hashlib.sha256(b"findings/return-path\0" + self.secret.encode()).digest()
        digest = hmac.digest(key, letter_id.encode(), "sha256")
        return base64.b32encode(digest).decode("ascii").lower()[:_LENGTH]

    def sender(self, letter_id: str) -> str:
        """The envelope's sender of a letter; empty where there is no mailbox for bounces."""
        if not self.mailbox:
            return ""
        at = to_address(self.mailbox)
        return f"{at.username}+{_checked(letter_id)}-{self.mark(letter_id)}@{at.domain}"

    def message_id(self, letter_id: str, domain: str) -> str:
        """The letter's Message-ID, the same however often it is tried."""
        return f"<{_checked(letter_id)}.{self.mark(letter_id)}@{domain}>"

    def read(self, text: str) -> str | None:
        """The letter that an address or Message-ID in `text` names; None where no mark is ours."""
        for letter_id, mark in _MARKED.findall(text.lower()):
            if hmac.compare_digest(self.mark(letter_id), mark):
                return str(letter_id)
        return None


def _checked(letter_id: str) -> str:
    if not _ID.fullmatch(letter_id):
        raise ValueError("the id of a letter is of small letters and digits")
    return letter_id
