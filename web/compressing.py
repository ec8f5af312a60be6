"""What everybody may see goes out compressed: many readers pay for each kilobyte, and wait for it.

Pages for one person do not: how long a compressed page becomes tells who listens on the line, letter by
letter, what stands in it beside words of their choice (the attack named BREACH).
"""

import zlib
from collections.abc import Iterable, Iterator

from flask import Request, Response

LEAST = 600
"""Bytes below which a packet less is not to be had."""
_GZIP = 16 + zlib.MAX_WBITS
_LEVEL = 6


def compress(request: Request, response: Response) -> Response:
    """`response` itself, compressed where its reader takes that and nobody's secrets can be in it."""
    if not _is_text(response) or (not response.is_streamed and len(response.get_data()) < LEAST):
        return response
    response.vary.add("Accept-Encoding")  # to 304, too: it tells a cache which of its copies is meant
    unsafe = request.cookies or response.cache_control.no_store
    if unsafe or response.status_code == 304 or not request.accept_encodings["gzip"]:
        return response
    response.headers["Content-Encoding"] = "gzip"
    if response.is_streamed:
        source = response.response
        response.response = _packed(response.iter_encoded())
        if hasattr(source, "close"):
            response.call_on_close(source.close)
    else:
        response.set_data(b"".join(_packed([response.get_data()])))
    return response


def _is_text(response: Response) -> bool:
    kind = response.mimetype or ""
    named = kind.startswith("text/") or kind.endswith(("json", "xml", "bibtex", "research-info-systems"))
    return named and response.status_code in (200, 304)


def _packed(parts: Iterable[bytes]) -> Iterator[bytes]:
    """The parts in gzip; each can be read as soon as it has come."""
    packer = zlib.compressobj(_LEVEL, wbits=_GZIP)
    for part in parts:
        yield packer.compress(part) + packer.flush(zlib.Z_SYNC_FLUSH)
    yield packer.flush()
