"""Where bounces go: an address of its own for each letter (VERP), signed: nobody can invent a bounce."""

import base64
import hashlib
import hmac
import re
from contextlib import suppress
from dataclasses import dataclass, field

_LENGTH = 16
_SHORT, _PLAIN = "s", "p"
"""How an id is written: as the bytes that it stands for in base64, or letter by letter."""
_MARKED = re.compile(rf"\b([sp][a-z2-7]{{2,80}})[-.]([a-z2-7]{{{_LENGTH}}})\b")


@dataclass(frozen=True, slots=True)
class ReturnPath:
    """Marks letters, and knows the marks again; mail servers may change the case of letters in them."""

    secret: str = field(repr=False)
    mailbox: str = ""
    """What bounces are sent to, `local+…@domain`; empty: they go to whom the letter is from."""
    former: str = field(default="", repr=False)
    """A secret of before: what comes back of letters that it marked is known, too; empty: there was none."""

    def mark(self, letter_id: str) -> str:
        """What only we can put beside the id of a letter."""
        return _to_mark(self.secret, letter_id)

    def sender(self, letter_id: str) -> str:
        """The envelope's sender of a letter; empty where there is no mailbox for bounces."""
        if not self.mailbox:
            return ""
        local, _, domain = self.mailbox.rpartition("@")
        return f"{local}+{_to_code(letter_id)}-{self.mark(letter_id)}@{domain}"

    def message_id(self, letter_id: str, domain: str) -> str:
        """The letter's Message-ID, the same however often it is tried."""
        return f"<{_to_code(letter_id)}.{self.mark(letter_id)}@{domain}>"

    def read(self, text: str) -> str | None:
        """The letter that an address or Message-ID in `text` names; None where no mark is ours."""
        for code, mark in _MARKED.findall(text.lower()):
            letter_id = _from_code(code)
            if letter_id and _to_code(letter_id) == code and self._is_ours(letter_id, mark):
                return letter_id
        return None

    def _is_ours(self, letter_id: str, mark: str) -> bool:
        secrets = filter(None, (self.secret, self.former))
        return any(hmac.compare_digest(_to_mark(secret, letter_id), mark) for secret in secrets)


def _to_mark(secret: str, letter_id: str) -> str:
    key = hashlib.sha256(b"findings/return-path\0" + secret.encode()).digest()
    return _to_base32(hmac.digest(key, letter_id.encode(), "sha256")[: _LENGTH * 5 // 8])


def _to_code(letter_id: str) -> str:
    """An id, whose letters may be large and small, in small ones and digits."""
    told = letter_id.encode("ascii")
    with suppress(ValueError):
        data = base64.urlsafe_b64decode(told + b"=" * (-len(told) % 4))
        if base64.urlsafe_b64encode(data).rstrip(b"=") == told:
            return _SHORT + _to_base32(data)
    return _PLAIN + _to_base32(told)


def _from_code(code: str) -> str:
    """The id; empty where it is none."""
    data = code[1:].upper()
    try:
        told = base64.b32decode(data + "=" * (-len(data) % 8))
        return (base64.urlsafe_b64encode(told).rstrip(b"=") if code[0] == _SHORT else told).decode("ascii")
    except (ValueError, UnicodeError):
        return ""


def _to_base32(data: bytes) -> str:
    return base64.b32encode(data).decode("ascii").rstrip("=").lower()
