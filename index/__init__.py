"""Search over the catalog's papers: one query language, one field table, an engine per URL scheme."""

from collections.abc import Callable
from pathlib import Path

from domain.errors import ConfigError
from domain.ports import Encoder, SearchIndex


def open_index(url: str, folder: Path, open_encoder: Callable[[], Encoder] | None = None) -> SearchIndex:
    """The index that `url` names; `embedded:` keeps its files in `folder`.

    Nothing is read or written until the index is first used, and the encoder is not opened before that.

    Args:
        url: the engine.
        folder: for files of this machine.
        open_encoder: gives what search by meaning needs; None leaves that out.

    Raises:
        ConfigError: there is no engine for this URL.
    """
    scheme = url.partition(":")[0]
    if scheme != "embedded":
        raise ConfigError("search_url", f"there is no search engine for {url!r}; use 'embedded:'")
    from index.embedded import EmbeddedEngine  # loads the engine's library only when it is wanted
    from index.hybrid import HybridIndex
    from index.questions import Questions
    from index.vectors import EmbeddedVectors

    engine = EmbeddedEngine(folder)
    if open_encoder is None:
        return HybridIndex(engine, None, None)
    questions = Questions(open_encoder)
    # Beside the words: a rebuild of those, which takes minutes, leaves alone what took hours.
    vectors = EmbeddedVectors(folder.with_name("vectors"), questions, engine)
    return HybridIndex(engine, vectors, questions)
