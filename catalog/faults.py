"""What a database can complain of, each as one plain line; the only place that knows its words."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from domain.errors import CatalogError, CatalogUnusable

_LEAST = 64 << 10
_LOCKED = "is locked by another process; try again when that has finished"
_FULL = "has no room left on its disk"
_IDLE = "ended a transaction in which nothing had happened for long; nothing of it was saved, try again"
_READ_ONLY = "may only be read: check the rights of the file, its folder and its disk"
_NOT_OURS = "is not a database, or is damaged"
_BY_STATE = {
    "55P03": _LOCKED,
    "40P01": _LOCKED,
    "57014": _LOCKED,
    "25P03": _IDLE,
    "53100": _FULL,
    "25006": "may only be read: it is a standby or set to read-only",
    "53300": "has too many connections",
}
_BY_WORDS = (
    ("database is locked", _LOCKED),
    ("database table is locked", _LOCKED),
    ("disk is full", _FULL),
    ("readonly database", _READ_ONLY),
    ("read-only", _READ_ONLY),
    ("not a database", _NOT_OURS),
    ("malformed", _NOT_OURS),
    ("unable to open database file", "cannot be opened: check that it is a file and who may read it"),
    ("idle-in-transaction timeout", _IDLE),
    ("disk i/o error", "cannot be read or written: the disk reports an error, or a quota is used up"),
)


@contextmanager
def catalog_errors(url: URL) -> Iterator[None]:
    """Turn whatever SQLAlchemy raises inside into a `CatalogError` that names the database."""
    try:
        yield
    except SQLAlchemyError as error:
        problem = _problem(error, url)
        kind = CatalogUnusable if problem == _NOT_OURS else CatalogError
        raise kind(f"the catalog {to_name(url)} {problem}") from error


def to_name(url: URL) -> str:
    """How messages call the database: its file, or host and name; never the password."""
    if url.get_backend_name() == "sqlite":
        return url.database or ""
    host = url.host or url.normalized_query.get("host", ("localhost",))[0]
    return f"{host}:{url.port or 5432}/{url.database or ''}"


def _problem(error: SQLAlchemyError, url: URL) -> str:
    if isinstance(error, PoolTimeout):
        return "is busy: all connections are in use"
    if not isinstance(error, DBAPIError):
        return f"cannot do this: {_first_line(error, url)}"
    state = getattr(error.orig, "sqlstate", None)
    if state in _BY_STATE:
        return _BY_STATE[state]
    line = _first_line(error.orig or error, url)
    if "disk i/o error" in line.lower() and _is_full(url):
        return _FULL  # which SQLite tells so where not even its notes on who reads fit
    if "unable to open" in line and _is_kept(url):
        return _READ_ONLY  # the file can be opened, those that SQLite writes beside it cannot
    for words, problem in _BY_WORDS:
        if words in line.lower():
            return problem
    if url.get_backend_name() == "postgresql" and (state is None or error.connection_invalidated):
        return f"cannot be reached: {line}"
    return f"refused: {line}"


def _is_full(url: URL) -> bool:
    """Whether the disk of a file has no room for a page of SQLite's notes."""
    try:
        return shutil.disk_usage(Path(url.database or "").parent).free < _LEAST
    except OSError:
        return False


def _is_kept(url: URL) -> bool:
    """Whether there is a file, in a folder that nothing may be written to."""
    path = Path(url.database or "")
    return path.is_file() and not os.access(path.parent, os.W_OK)


def _first_line(error: BaseException, url: URL) -> str:
    lines = str(error).strip().splitlines()
    line = lines[0] if lines else type(error).__name__
    return line.replace(str(url.password), "***") if url.password else line
