"""A process that has loaded what the commands load, and from which each command splits off.

Loading takes most of the time of a short command. What splits off is a process as any other: with its own
environment, folder, output, signals and end.
"""

import gc
import importlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).parents[2]
_LOADED = (
    "alembic.command",
    "catalog.revisions",
    "catalog.sqlcatalog",
    "conferences.gathering",
    "crawler.harvest",
    "crawler.records.importing",
    "findings.commands",
    "index.elastic.engine",
    "index.elastic.vectors",
    "index.embedded.engine",
    "index.hybrid",
    "index.sync",
    "index.embedded.vectors",
    "summarizer.digesting",
    "summarizer.encoder",
    "web",
)
_COMMAND = "from findings.cli import main; main()"
_PATIENCE = 300


class Loaded:
    """Runs commands, one after the other."""

    def __init__(self, told: Path) -> None:
        """What the commands say is kept for a moment in the folder `told`."""
        self._told = [told / "output", told / "errors"]
        self._process = subprocess.Popen(
            [sys.executable, "-P", __file__],
            cwd=_ROOT,
            env=clean_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(
        self, folder: Path, arguments: Sequence[str], environment: Mapping[str, str], code: str = _COMMAND
    ) -> tuple[int, str, str]:
        """Exit code, output and errors of the command, or of other `code`, started in `folder`."""
        order = (code, list(arguments), dict(environment), str(folder), [str(path) for path in self._told])
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        ended = int(self._process.stdout.readline())
        output, errors = (path.read_text("utf-8") for path in self._told)
        return ended, output, errors

    def close(self) -> None:
        """Send the process away."""
        self._process.communicate(timeout=30)


def clean_environment() -> dict[str, str]:
    """Ours without the settings that whoever runs the tests may have, and with the way to this checkout."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FINDINGS_")}
    return kept | {"PYTHONPATH": str(_ROOT)}


def _become(
    code: str, arguments: list[str], environment: dict[str, str], folder: str, told: list[str]
) -> None:
    os.setsid()
    signal.alarm(_PATIENCE)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    for number, path in enumerate((os.devnull, *told)):
        flags = os.O_RDONLY if number == 0 else os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        opened = os.open(path, flags, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    sys.argv = ["findings", *arguments]
    space: dict[str, Any] = {"__name__": "__main__"}
    exec(code, space)


def _main() -> None:
    for name in _LOADED:
        importlib.import_module(name)
    gc.freeze()  # or each that splits off copies all of it, for half a second, when it looks for garbage
    while line := sys.stdin.readline():
        if child := os.fork():
            _, status = os.waitpid(child, 0)
            print(os.waitstatus_to_exitcode(status), flush=True)
        else:
            _become(*json.loads(line))
            return


if __name__ == "__main__":
    _main()
