"""Forms that anybody may send: a short-lived token without cookies, a trap for machines, a limit on haste.

Nothing about who sent one is kept: addresses are counted in memory, under a salt that ends with the process.
"""

import hashlib
import hmac
import ipaddress
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from domain.errors import FindingsError

TRAP = "website"
"""A field that people do not see, and machines fill in."""
_STEP = 600
"""Seconds in which a page gets the same token, so that copies of it can be cached."""
_STEPS = 18
"""A token is good for three hours."""
_CLIENTS = 20_000
_LONGEST = 64


class FormRefused(FindingsError):
    """A form that we do not take; `status` is that of HTTP."""

    def __init__(self, status: int, problem: str) -> None:
        super().__init__(problem)
        self.status = status


@dataclass(frozen=True, slots=True)
class Limit:
    """So many forms of one kind from one address in so many seconds."""

    most: int
    seconds: int


LIMITS = {
    "suggest": Limit(5, 3_600),
    "suggest-all": Limit(120, 3_600),
    "clear": Limit(20, 3_600),
    "clear-once": Limit(1, 86_400),
    "report": Limit(5, 3_600),
    "report-all": Limit(240, 3_600),
    "sign-in": Limit(5, 900),
    "sign-in-all": Limit(60, 900),
}
"""Those that end in `-all` count everybody together, for whom many addresses are at hand."""


@dataclass(slots=True)
class Forms:
    """Tokens and limits of one process; processes with the same secret take each other's tokens."""

    secret: str
    clock: Callable[[], float] = time.time
    _salt: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    _seen: OrderedDict[tuple[str, bytes], list[float]] = field(default_factory=OrderedDict)

    def token(self, purpose: str) -> str:
        """The token that a form for `purpose` holds now."""
        return self._sign(purpose, int(self.clock()) // _STEP)

    def check(self, purpose: str, form: Mapping[str, str]) -> None:
        """See that a form was ours and not from long ago. Raises `FormRefused`."""
        given, now = form.get("token", "")[:_LONGEST].encode(), int(self.clock()) // _STEP
        good = [hmac.compare_digest(given, self._sign(purpose, now - n).encode()) for n in range(_STEPS)]
        if not any(good):
            raise FormRefused(
                400, "This form is no longer valid. Go back, load the page again, and send it anew."
            )

    def is_hasty(self, kind: str, client: str, about: str = "") -> bool:
        """Note one more form, and say whether that is one too many."""
        limit, now = LIMITS[kind], self.clock()
        key = (kind, hashlib.blake2b(f"{client}\0{about}".encode(), key=self._salt, digest_size=12).digest())
        times = [moment for moment in self._seen.pop(key, []) if moment > now - limit.seconds]
        hasty = len(times) >= limit.most
        self._seen[key] = times if hasty else [*times, now]
        while len(self._seen) > _CLIENTS:
            self._seen.popitem(last=False)
        return hasty

    def slow_down(self, kind: str, client: str) -> None:
        """Raise `FormRefused` where a client, or everybody together, sends too many."""
        everybody = f"{kind}-all" in LIMITS and self.is_hasty(f"{kind}-all", "")
        if self.is_hasty(kind, client) or everybody:
            raise FormRefused(429, "That was a lot of forms in a short time. Please try again later.")

    def pseudonym(self, client: str, about: str) -> str:
        """What tells two senders about one thing apart, and nothing else: it differs for each thing."""
        return self._sign(f"pseudonym/{about}/{client}", 0)

    def _sign(self, purpose: str, step: int) -> str:
        return hmac.new(self.secret.encode(), f"{purpose}\0{step}".encode(), hashlib.sha256).hexdigest()[:40]


def is_trapped(form: Mapping[str, str]) -> bool:
    """Whether a machine filled the form in."""
    return bool(form.get(TRAP, "").strip())


def to_client(remote: str | None, forwarded: str) -> str:
    """Whose form it is. A proxy is believed only where it stands beside us, and only the nearest one."""
    remote = remote or ""
    last = forwarded.rsplit(",", 1)[-1].strip()
    return last if last and is_near(remote) else remote


def is_near(client: str) -> bool:
    """Whether a client is of this machine or its own network."""
    try:
        return ipaddress.ip_address(client).is_private
    except ValueError:
        return False
