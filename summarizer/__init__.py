"""Papers into digests: sentences chosen by role, made plain, checked, each bound to the words it rests on.

`open_digester` is the door; nothing heavy is imported before it is called.
"""

from pathlib import Path

from domain.errors import ConfigError
from domain.ports import Bodies, Digester

DIGESTERS = ("extractive",)
"""The declared names of digesters."""


def open_digester(
    name: str = "extractive", cache: Path | None = None, threads: int = 0, bodies: Bodies | None = None
) -> Digester:
    """The digester of that name.

    Args:
        cache: folder for built models; the user's cache folder when None.
        threads: how many to compute with; 0 leaves it to the library.
        bodies: gives full texts; without it only what a paper's record holds is read.

    Raises:
        ConfigError: there is no digester of that name.
    """
    if name == "extractive":
        from summarizer.extractive import ExtractiveDigester

        return ExtractiveDigester(cache, threads, bodies)
    raise ConfigError("digest_engine", f"no digester is called {name!r}; there is: {', '.join(DIGESTERS)}")
