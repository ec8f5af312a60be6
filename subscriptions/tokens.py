"""Signed links of letters: who holds one may confirm, change or end, without an account or a cookie."""

import hashlib
import hmac
import re
import time
from collections.abc import Callable
from datetime import timedelta
from enum import StrEnum

from itsdangerous import BadData, TimestampSigner

_SUBJECT = re.compile(r"[A-Za-z0-9_-]{1,64}(?:/[A-Za-z0-9_-]{1,64})?")
_LONGEST = 256
CONFIRM_WITHIN = timedelta(days=7)
"""How long a question whether it was really they may be answered; the other links never end."""


class Purpose(StrEnum):
    """What a link is for; a link for one is good for nothing else."""

    CONFIRM = "confirm"
    """The subject is a subscription."""
    PREFERENCES = "preferences"
    """The subject is a subscriber."""
    UNSUBSCRIBE = "unsubscribe"
    """The subject is a subscriber, or `subscriber/subscription` for one of theirs."""


class _Signer(TimestampSigner):
    """Signs with SHA-256 and tells the time by a clock of ours."""

    def __init__(self, secret: str, purpose: Purpose, clock: Callable[[], float]) -> None:
        super().__init__(
            secret, salt=f"findings/{purpose}", key_derivation="hmac", digest_method=hashlib.sha256
        )
        self._clock = clock

    def get_timestamp(self) -> int:
        return int(self._clock())


class Tokens:
    """Makes and reads the tokens in such links; processes with the same secret read each other's.

    What a `former` secret signed is read, too: letters that were sent before have links that must work.
    """

    def __init__(self, secret: str, clock: Callable[[], float] = time.time, *, former: str = "") -> None:
        if not secret:
            raise ValueError("tokens need a secret")
        self._clock = clock
        self._signers = {purpose: _Signer(secret, purpose, clock) for purpose in Purpose}
        known = (secret, former) if former else (secret,)
        self._readers = {p: tuple(_Signer(one, p, clock) for one in known) for p in Purpose}

    def sign(self, purpose: Purpose, subject: str) -> str:
        """A token for an id, or for two joined by `/`, that stands in an address as it is.

        It ends in a letter or digit, so that mail programs that make links of addresses take it whole.
        """
        if not _SUBJECT.fullmatch(subject):
            raise ValueError(f"no subject for a token: {subject!r}")
        return self._signers[purpose].sign(subject.replace("/", ".")).decode("ascii")

    def read(self, purpose: Purpose, token: str, longest: timedelta | None) -> str | None:
        """The subject; None where the token is not ours, for something else, or older than `longest`."""
        if len(token) > _LONGEST or not token.isascii():
            return None
        readers = self._readers[purpose]
        return next((one for reader in readers if (one := self._read(reader, token, longest))), None)

    def _read(self, signer: _Signer, token: str, longest: timedelta | None) -> str | None:
        try:
            value, signed = signer.unsign(token.encode("ascii"), return_timestamp=True)
        except BadData:
            return None
        # Base64 has spare bits, and its reader skips strange letters: only what we would write is ours.
        unsigned = token.rpartition(".")[0].encode("ascii")
        canonical = unsigned + b"." + signer.get_signature(unsigned)
        if not hmac.compare_digest(canonical, token.encode("ascii")):
            return None
        if longest is not None and self._clock() - signed.timestamp() > longest.total_seconds():
            return None
        subject = value.decode("ascii").replace(".", "/")
        return subject if _SUBJECT.fullmatch(subject) else None
