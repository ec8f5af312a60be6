"""Which edition of our own code and tables a process reads records with.

Files may be replaced under a harvest that runs for days, and a process that starts late would read otherwise
than the one that it is to help. So the files are looked at as this module is imported, with the code that
they hold, and not when someone asks.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import msgspec
from lxml import etree

_ROOMS = ("config", "crawler", "domain")
_KINDS = (".py", ".toml")


def seen_edition(home: Path = Path(__file__).parents[2]) -> str:
    """The edition of the files as they lie there now, and of the libraries that this process has loaded."""
    libraries = (sys.version, etree.__version__, msgspec.__version__)
    return sha256("\n".join((*libraries, *sorted(_files(home)))).encode()).hexdigest()


def _files(home: Path) -> Iterator[str]:
    """Each file with what tells it from one that took its place; to read them all would take far longer."""
    for room in _ROOMS:
        for folder, inner, names in os.walk(home / room):
            inner[:] = [name for name in inner if name != "__pycache__"]
            for path in (f"{folder}/{name}" for name in names if name.endswith(_KINDS)):
                with suppress(OSError):  # it is being replaced: then it is missing, which tells as much
                    stat = os.stat(path)  # noqa: PTH116 - some two hundred at each start
                    yield f"{path} {stat.st_ino} {stat.st_size} {stat.st_mtime_ns}"


EDITION = seen_edition()
"""That of this process."""
