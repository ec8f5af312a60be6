"""What a form carries from one page to the next for one person, and what nobody else can make.

A form remembers the page it was filled in from; that page is to be read by us every day, so it is one that
this person has had us read already, within the limits on that.
"""

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import asdict

from domain.listing_ports import Watch

_LONGEST = 16_000
_FIELDS = ("url", "key", "told", "etag", "modified")


def seal(secret: str, person: str, watch: Watch) -> str:
    """A watch as a form can carry it; empty where it is too long for that."""
    told = {name: value for name, value in asdict(watch).items() if name in _FIELDS}
    text = base64.urlsafe_b64encode(json.dumps(told).encode("ascii")).decode("ascii")
    return f"{_sign(secret, person, text)}.{text}" if len(text) < _LONGEST else ""


def unseal(secret: str, person: str, sealed: str) -> Watch | None:
    """The watch, if it was sealed for that person; it names no listing yet."""
    signature, _, text = sealed[: 2 * _LONGEST].partition(".")
    if not hmac.compare_digest(signature.encode(), _sign(secret, person, text).encode()):
        return None
    return _read(text)


def sealed_address(sealed: str) -> str:
    """The address in it, to be shown to whoever sent it; empty where there is none."""
    watch = _read(sealed[: 2 * _LONGEST].partition(".")[2])
    return watch.url if watch else ""


def _read(text: str) -> Watch | None:
    try:
        told = json.loads(base64.urlsafe_b64decode(text.encode("ascii")))
        url, key, marks, etag, modified = (str(told[name]) for name in _FIELDS)
    except (binascii.Error, ValueError, KeyError, TypeError):
        return None
    return Watch("", url, key, marks, etag, modified)


def _sign(secret: str, person: str, text: str) -> str:
    return hmac.new(secret.encode(), f"watch\0{person}\0{text}".encode(), hashlib.sha256).hexdigest()[:40]
