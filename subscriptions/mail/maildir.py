"""A mailbox in Maildir form."""

from collections.abc import Iterator
from pathlib import Path


def read_new(folder: Path, longest: int) -> Iterator[bytes]:
    """The beginning of each new message, so many bytes; marked as seen once the next one is asked for."""
    for message in sorted((folder / "new").iterdir()):
        with message.open("rb") as opened:
            yield opened.read(longest)
        seen = folder / "cur" / f"{message.name.partition(':')[0]}:2,S"
        seen.parent.mkdir(exist_ok=True)
        message.rename(seen)
