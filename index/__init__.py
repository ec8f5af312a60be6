"""Search over the catalog's papers: one query language, one field table, an engine per URL scheme."""

from pathlib import Path

from domain.errors import ConfigError
from domain.ports import SearchIndex


def open_index(url: str, folder: Path) -> SearchIndex:
    """The index that `url` names; `embedded:` keeps its files in `folder`.

    Nothing is read or written until the index is first used.

    Raises:
        ConfigError: there is no engine for this URL.
    """
    scheme = url.partition(":")[0]
    if scheme != "embedded":
        raise ConfigError("search_url", f"there is no search engine for {url!r}; use 'embedded:'")
    from index.embedded import EmbeddedIndex  # loads the engine's library only when it is wanted

    return EmbeddedIndex(folder)
