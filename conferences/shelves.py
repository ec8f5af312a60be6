"""Resources that papers lead to: each repository of `config/repositories.toml`, by what that table knows."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from config import load_table
from domain.listing import Access, Resource, ResourceKind

_PREFIX = "repository-"


def shelf_id(code: str) -> str:
    """The id of the resource that a repository is."""
    return _PREFIX + code


def shelves() -> Iterator[Resource]:
    """A resource for each repository of the table."""
    for code, row in load_table("repositories").items():
        if home := home_of(row):
            yield to_resource(code, row, home)


def to_resource(code: str, row: Mapping[str, Any], home: str) -> Resource:
    """What the table knows of a repository, told as a resource."""
    programs, controlled = row.get("kind") == "code", bool(row.get("controlled"))
    kind = ResourceKind(row.get("resource") or (ResourceKind.TOOL if programs else ResourceKind.DATABASE))
    return Resource(
        id=shelf_id(code),
        kind=kind,
        title=str(row["title"]),
        url=home,
        summary=_summary(row, programs),
        access=Access.CONTROLLED if controlled else Access.UNKNOWN,
        terms="Data are given to those who apply for them." if controlled else "",
        repository=code,
    )


def home_of(row: Mapping[str, Any]) -> str:
    """The address at which a repository is found; empty where the table does not tell."""
    if home := row.get("home"):
        return str(home)
    if hosts := row.get("hosts"):
        return f"https://{hosts[0]}/"
    parts = urlsplit(str(row.get("url", "")))
    return f"{parts.scheme}://{parts.netloc}/" if parts.netloc else ""


def _summary(row: Mapping[str, Any], programs: bool) -> str:
    what = "programs" if programs else "research data"
    ways = [
        *(["an accession number"] if row.get("pattern") else []),
        *(["a DOI"] if row.get("prefixes") else []),
        *(["a web address"] if row.get("hosts") else []),
    ]
    way = f" Papers refer to what it holds by {' or '.join(ways)}." if ways else ""
    return f"A place where {what} are kept.{way}"
