"""What a generation tells of its papers: the things that they mention, and by which wordings it knows them.

The wordings are an operator's to change. What is new in the table, or worded otherwise than when the
generation was begun, is looked for by its names until the next rebuild; and once a paper was written after
such a change nothing is told of that thing any more, though the old wordings come back.
"""

import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import msgspec

from index.embedded.analysers import Analysers
from index.embedded.generations import sync_folder
from index.language.mentions import Mentions, agreed, versions

_FILE = "mentions.json"


@cache
def mentions() -> Mentions:
    """What looks for them, for all papers and both engines; it takes an eighth of a second to make."""
    analysers = Analysers()
    return Mentions(analysers.words, analysers.folded)


def read_mentions(folder: Path) -> Mapping[str, str]:
    """Token → version of the wordings; nothing where it is not known."""
    try:
        return msgspec.json.decode((folder / _FILE).read_bytes(), type=dict[str, str])
    except (FileNotFoundError, msgspec.DecodeError):
        return {}


def settled_mentions(folder: Path) -> Mapping[str, str]:
    """What may be told of papers written now: nothing of what is worded otherwise by now, from now on.

    For the one who writes to the generation: a reader takes this in with the commit that follows.
    """
    before = read_mentions(folder)
    kept = agreed(before, versions())
    if len(kept) < len(before):
        write_mentions(folder, kept)
    return kept


def write_mentions(folder: Path, versions: Mapping[str, str]) -> None:
    """Keep it, for good."""
    temporary = folder / f"{_FILE}.new"
    with temporary.open("wb") as stream:
        stream.write(msgspec.json.encode(versions))
        stream.flush()
        os.fsync(stream.fileno())
    temporary.replace(folder / _FILE)
    sync_folder(folder)
