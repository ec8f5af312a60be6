"""The text of a paper that stands for its meaning."""

from hashlib import blake2b

from domain.paper import Abstract, AbstractKind, Paper, Version

_LONGEST = 2000
"""Characters; the encoder reads some 250 word pieces, which is less."""


def text_of(paper: Paper) -> str:
    """Title and abstract: an English abstract of any version if there is one, else the first.

    The title is that of the version whose abstract is used, for the encoder knows English best.
    """
    version, abstract = _best(paper)
    text = "\n".join(part for part in (version.title, abstract.text if abstract else "") if part.strip())
    return _cut(text.strip())


def text_hash(text: str) -> int:
    """Tells texts apart; 64 bits, never 0."""
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little") or 1


def _best(paper: Paper) -> tuple[Version, Abstract | None]:
    """The first English main abstract, else the first English one, else the first main one, else any."""
    found = [
        (version, abstract)
        for version in paper.versions
        for abstract in version.abstracts
        if abstract.text.strip()
    ]
    if not found:
        return paper.primary, None
    return min(found, key=lambda pair: (pair[1].language != "en", pair[1].kind is not AbstractKind.MAIN))


def _cut(text: str) -> str:
    if len(text) <= _LONGEST:
        return text
    return text[:_LONGEST].rsplit(None, 1)[0]
