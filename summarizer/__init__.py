"""Papers into digests: sentences chosen by role, made plain, checked, each bound to the words it rests on.

`open_digester` is the door; nothing heavy is imported before it is called.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from domain.errors import ConfigError
from domain.ports import Bodies, Digester
from summarizer.models.model_options import ModelOptions

if TYPE_CHECKING:
    from summarizer.models.generated import LanguageModel

__all__ = ["DIGESTERS", "ModelOptions", "open_digester"]

DIGESTERS = ("extractive", "generative", "endpoint")
"""The declared names of digesters."""


def open_digester(
    name: str = "extractive",
    cache: Path | None = None,
    threads: int = 0,
    bodies: Bodies | None = None,
    options: ModelOptions | None = None,
) -> Digester:
    """The digester of that name.

    Args:
        cache: folder for built models; the user's cache folder when None.
        threads: how many to compute with; 0 leaves it to the library.
        bodies: gives full texts; without it only what a paper's record holds is read.
        options: of the language model, for the two digesters that ask one.

    Raises:
        ConfigError: there is no digester of that name, or its options are wrong.
    """
    if name not in DIGESTERS:
        raise ConfigError(
            "digest_engine", f"no digester is called {name!r}; there are: {', '.join(DIGESTERS)}"
        )
    from summarizer.extractive import ExtractiveDigester

    extractive = ExtractiveDigester(cache, threads, bodies)
    if name == "extractive":
        return extractive
    from summarizer.models.generated import GeneratedDigester

    return GeneratedDigester(_open_model(name, options or ModelOptions()), extractive)


def _open_model(name: str, options: ModelOptions) -> "LanguageModel":
    if name == "endpoint":
        from summarizer.models.endpoint import EndpointModel

        return EndpointModel(options)
    from summarizer.models.generative import LocalModel

    return LocalModel(options)
