"""Repositories of data and code in a text, by `config/repositories.toml`: accessions, DOIs and addresses."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from config import load_table
from crawler.telling.hints import Hints, compiled
from domain.paper import unique

_ADDRESS = re.compile(
    r"(?:https?|ftp)://[^\s<>\"'\[\]{}|]{4,300}|\bwww\.[^\s<>\"'\[\]{}|]{4,300}", re.IGNORECASE
)
_DOI = re.compile(r"\b10\.\d{4,9}/[^\s<>\"'\[\]{}|]{2,200}")
_BARE = re.compile(
    r"(?<![\w/.@-])(?:[a-z0-9-]{1,40}\.){1,4}(?:com|org|edu|net|gov|io|uk|de|fr|eu|ch|cn|jp|ca|au)/[^\s<>\"',;]{1,200}",
    re.IGNORECASE,
)
_TRAILING = ".,;:!?'’”"
_NEAR = 160


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository, how its accessions look, and whether what it holds is given only to those who apply."""

    code: str
    pattern: str
    """How accessions look, as a regular expression; empty for none."""
    prefixes: tuple[str, ...]
    hosts: tuple[str, ...]
    names: str
    """A pattern of its names in lower case."""
    controlled: bool
    programs: bool
    cue: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is kept: a link (`geo:GSE1`, `doi:…`, an address; empty for a bare name)."""

    link: str
    repository: Repository | None = None


@cache
def _repositories() -> tuple[Repository, ...]:
    return tuple(
        Repository(
            code,
            rf"(?<![A-Za-z0-9]){row['pattern']}(?![A-Za-z0-9])" if "pattern" in row else "",
            tuple(row.get("prefixes", ())),
            tuple(row.get("hosts", ())),
            rf"(?<![a-z])(?:{'|'.join(map(re.escape, row['names']))})(?![a-z])",
            row.get("controlled", False),
            row.get("kind") == "code",
            row.get("cue", False),
        )
        for code, row in load_table("repositories").items()
    )


@cache
def _names() -> Hints[str]:
    return Hints({code: row["names"] for code, row in load_table("repositories").items()})


def repository_of(doi: str) -> Repository | None:
    """The repository that holds what a DOI, in lower case, leads to."""
    return next((one for one in _repositories() if doi.startswith(one.prefixes)), None)


def places_in(text: str) -> tuple[Place, ...]:
    """Where `text` says that something is kept, each place once, links before bare names."""
    return _places(text) if len(text) < 20_000 else _places(text[:20_000])


@lru_cache(maxsize=256)
def _places(text: str) -> tuple[Place, ...]:
    addressed = tuple(_addressed(text))
    accessions = tuple(_accessions(text))
    known = {place.repository for place in (*addressed, *accessions) if place.repository}
    lowered = text.lower()
    hinted = _names().within(lowered)
    named = (
        Place("", one)
        for one in _repositories()
        if one.code in hinted
        and not any(other.code.startswith(f"{one.code}-") for other in known)  # GSA-Human is called GSA, too
        and one not in known
        and compiled(one.names).search(lowered)
    )
    return unique((*accessions, *addressed, *named))


def _accessions(text: str) -> Iterator[Place]:
    lowered = ""
    for repository in _repositories():
        if not repository.pattern:
            continue
        for match in compiled(repository.pattern).finditer(text):
            if repository.cue:
                lowered = lowered or text.lower()
                if not compiled(repository.names).search(
                    lowered[max(0, match.start() - _NEAR) : match.end() + 60]
                ):
                    continue
                if repository.code == "pdb" and (match[0].islower() or match[0][:4].isdigit()):
                    continue
            yield Place(f"{repository.code}:{match[0]}", repository)


def _addressed(text: str) -> Iterator[Place]:
    seen: set[str] = set()
    for match in _DOI.finditer(text):
        doi = _trimmed(match[0]).lower()
        seen.add(doi)
        yield Place(f"doi:{doi}", repository_of(doi))
    for pattern in (
        (_ADDRESS, _BARE) if "://" in text or "www." in text or ".com/" in text or "/" in text else ()
    ):
        for match in pattern.finditer(text):
            address = _trimmed(match[0])
            if not any(doi in address.lower() for doi in seen):
                url = address if "://" in address else f"https://{address}"
                yield Place(url, _at(address.lower()))


def _at(address: str) -> Repository | None:
    bare = address.partition("://")[2] or address
    return next(
        (r for r in _repositories() if any(h in bare[: len(h) + 16] for h in r.hosts)),
        None,
    )


def _trimmed(link: str) -> str:
    """`link` without the marks of the sentence around it; a bracket stays only where it was opened inside."""
    while link and (link[-1] in _TRAILING or (link[-1] == ")" and link.count("(") < link.count(")"))):
        link = link[:-1]
    return link
