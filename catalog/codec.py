"""How values are kept: JSON, compressed with zstd; and times as text."""

import hashlib
import json
import threading
from collections.abc import Hashable, Mapping
from datetime import datetime
from functools import cache
from typing import Any, TypeVar, cast

import msgspec
import zstandard

from catalog.database import storable
from domain.errors import CatalogError
from domain.paper import Provenance, Version
from domain.values import changed

_T = TypeVar("_T")
_LEVEL = 1  # of a third level the files would be a fiftieth smaller, and compressing cost a third more
_ORIGIN = b'"provenance":'
_NO_ORIGIN = _ORIGIN + b"{}}"
"""How a reading ends: the field is the last."""
_FRAME = zstandard.FRAME_HEADER + b"\x20"
"""Begins a frame whose length stands in the next byte; one block follows, the last (RFC 8878, 3.1.1)."""
_MOST_STORED = 255
_local = threading.local()  # a compressor may serve one thread only
_encoder = msgspec.json.Encoder(order="deterministic")


def to_json(value: object) -> bytes:
    """`value` as JSON, the same bytes for equal values."""
    return _encoder.encode(value)


def to_reading(version: Version) -> tuple[Version, bytes]:
    """What `version` says, as it will be read again, and its JSON.

    Half a surrogate pair, which UTF-8 cannot hold, is replaced here, before anything is derived from it.
    """
    bare = without_provenance(version)
    try:
        return bare, to_json(bare)
    except UnicodeEncodeError:
        text = json.dumps(msgspec.to_builtins(bare), ensure_ascii=False)
        bare = parse_json(storable(text), Version)
        return bare, to_json(bare)


def parse_json(data: bytes | str, kind: type[_T]) -> _T:
    """The value of type `kind` that `to_json` wrote."""
    try:
        decoded: _T = _to_decoder(cast("Hashable", kind)).decode(data)
    except msgspec.MsgspecError as error:
        raise CatalogError(f"the catalog holds a damaged {kind}: {error}") from error
    return decoded


def compress(data: bytes) -> bytes:
    """`data` with zstd."""
    try:
        compressor = _local.compressor
    except AttributeError:
        compressor = _local.compressor = zstandard.ZstdCompressor(level=_LEVEL)
    packed: bytes = compressor.compress(data)
    return packed


def decompress(data: bytes) -> bytes:
    """What `compress` was given; of several results put together, all."""
    if not hasattr(_local, "decompressor"):
        _local.decompressor = zstandard.ZstdDecompressor()
    found = []
    try:
        while data:
            frame = _local.decompressor.decompressobj()
            found.append(frame.decompress(data))
            if not frame.eof:
                raise CatalogError("the catalog holds damaged data: it ends too early")
            data = frame.unused_data
    except zstandard.ZstdError as error:
        raise CatalogError(f"the catalog holds damaged data: {error}") from error
    return b"".join(found)


def pack_reading(reading: bytes) -> bytes:
    """`reading` with zstd, its end apart, so that `to_document` can put another in its place."""
    if not reading.endswith(_NO_ORIGIN):
        return compress(reading)
    return compress(reading.removesuffix(_NO_ORIGIN)) + _compress_constant(_NO_ORIGIN)


def to_document(packed: bytes, origin: Provenance) -> bytes | None:
    """What `pack_reading` gave as the document of a work with that version alone, which comes from `origin`.

    Compressing costs as much as all else that a new work does. None where it was packed by an older Findings.
    """
    end = _compress_constant(_NO_ORIGIN)
    if not packed.endswith(end):
        return None
    origins = _ORIGIN + to_json({"*": origin}) + b"}]"
    return _compress_constant(b"[") + packed.removesuffix(end) + _stored(origins)


def _stored(data: bytes) -> bytes:
    """`data` as it is in a frame of zstd: compressing so little takes long and saves next to nothing."""
    size = len(data)
    if size > _MOST_STORED:
        return compress(data)
    return _FRAME + bytes((size,)) + (size << 3 | 1).to_bytes(3, "little") + data


@cache
def _compress_constant(data: bytes) -> bytes:
    return compress(data)


def parse_versions(document: bytes | None) -> tuple[Version, ...]:
    """The versions in a work's document; none in a tombstone."""
    return parse_json(decompress(document), tuple[Version, ...]) if document else ()


def parse_version(reading: bytes) -> Version:
    """The version in a record's reading."""
    return parse_json(decompress(reading), Version)


def without_provenance(version: Version) -> Version:
    """What `version` says, whoever said it."""
    return changed(version, provenance={}) if version.provenance else version


def sha256(data: bytes) -> bytes:
    """The digest of `data` as 32 bytes."""
    return hashlib.sha256(data).digest()


def parse_timestamp(text: str) -> datetime:
    """The moment that `to_timestamp` wrote."""
    return datetime.fromisoformat(text)


def to_payload(facts: Mapping[str, Any]) -> str:
    """An outbox entry's facts as JSON text."""
    return to_json(facts).decode()


@cache
def _to_decoder(kind: Any) -> Any:  # noqa: ANN401 - `cache` cannot carry the type over
    return msgspec.json.Decoder(kind)
