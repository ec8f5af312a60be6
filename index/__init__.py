"""Search over the catalog's papers: one query language, one field table, an engine per URL scheme."""

from collections.abc import Callable
from pathlib import Path

from domain.errors import ConfigError
from domain.ports import Encoder, SearchIndex
from index.elastic.options import ElasticOptions, parse_address

__all__ = ["ElasticOptions", "open_index"]


def open_index(
    url: str,
    folder: Path,
    open_encoder: Callable[[], Encoder] | None = None,
    elastic: ElasticOptions | None = None,
) -> SearchIndex:
    """The index that `url` names; `embedded:` keeps its files in `folder`.

    Nothing is read or written until the index is first used, and the encoder is not opened before that.

    Args:
        url: the engine.
        folder: for files of this machine.
        open_encoder: gives what search by meaning needs; None leaves that out.
        elastic: what an Elasticsearch at `url` needs to be told beside its address.

    Raises:
        ConfigError: there is no engine for this URL, or it is not well formed.
    """
    scheme = url.partition(":")[0]
    if scheme in ("http", "https"):
        return _open_elastic(url, open_encoder, elastic or ElasticOptions())
    if scheme != "embedded":
        problem = (
            f"there is no search engine for {scheme!r}; use 'embedded:', or the address of Elasticsearch"
        )
        raise ConfigError("search_url", problem)
    from index.embedded.engine import EmbeddedEngine  # loads the engine's library only when it is wanted
    from index.embedded.vectors import EmbeddedVectors
    from index.hybrid import HybridIndex
    from index.questions import Questions

    engine = EmbeddedEngine(folder)
    if open_encoder is None:
        return HybridIndex(engine, None, None)
    questions = Questions(open_encoder)
    # Beside the words: a rebuild of those, which takes minutes, leaves alone what took hours.
    vectors = EmbeddedVectors(folder.with_name("vectors"), questions, engine)
    return HybridIndex(engine, vectors, questions)


def _open_elastic(
    url: str, open_encoder: Callable[[], Encoder] | None, options: ElasticOptions
) -> SearchIndex:
    from index.elastic.door import Cluster
    from index.elastic.engine import open_engine
    from index.elastic.vectors import open_vectors
    from index.hybrid import HybridIndex
    from index.questions import Questions

    cluster = Cluster(parse_address(url), options)
    engine = open_engine(cluster)
    if open_encoder is None:
        return HybridIndex(engine, None, None)
    questions = Questions(open_encoder)
    return HybridIndex(engine, open_vectors(cluster, questions), questions)
