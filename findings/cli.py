"""`findings …`: one command, whose names and exit codes outside checks rely on.

Exit codes: 0 done · 1 failed · 2 wrong usage or settings · 3 partial: something was left out, and it says
what.
"""

import errno
import logging
import os
import select
import signal
import sys
from collections.abc import Callable, Iterable
from enum import IntEnum
from io import TextIOWrapper
from pathlib import Path
from types import FrameType
from typing import Any

import click

from domain.errors import ConfigError, FindingsError
from domain.record import Counts
from findings import __version__
from findings.settings import Settings, load_settings


class Exit(IntEnum):
    """What the shell is told."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    PARTIAL = 3


_OUTCOMES = {"complete": Exit.DONE, "partial": Exit.PARTIAL, "failed": Exit.FAILED}


def exit_code(outcome: str, counts: Counts) -> Exit:
    """How a harvest or import ends: a record that was rejected makes it partial."""
    code = _OUTCOMES[outcome]
    return Exit.PARTIAL if code is Exit.DONE and counts.rejected else code


def worst(codes: Iterable[Exit]) -> Exit:
    """The code that tells of the worst of several ends."""
    return max(codes, key=(Exit.DONE, Exit.PARTIAL, Exit.FAILED).index, default=Exit.DONE)


_NOISY = {
    "alembic": logging.WARNING,
    "apscheduler": logging.WARNING,
    "elastic_transport": logging.ERROR,  # what becomes of a request, our errors tell once
    "elasticsearch": logging.ERROR,
    "py.warnings": logging.WARNING,
    "scrapy": logging.ERROR,  # what it warns of, our reports say
    "twisted": logging.WARNING,
}


class _Group(click.Group):
    """Turns every error into one line and its exit code."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's own signature
        """Run the command; `--debug` shows the trace."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except KeyboardInterrupt:
            click.echo("findings: interrupted; what was saved is kept, so run it again to go on", err=True)
            ctx.exit(Exit.PARTIAL)
        except Exception as error:
            if isinstance(error, BrokenPipeError) and _unread():
                _discard_output()
                ctx.exit(Exit.DONE)
            if ctx.params.get("debug"):
                raise
            click.echo(f"findings: {_told(error)}", err=True)
            ctx.exit(Exit.USAGE if isinstance(error, ConfigError) else Exit.FAILED)


_OF_SYSTEM = {
    errno.EACCES: "give the user who runs findings rights to it",
    errno.EPERM: "give the user who runs findings rights to it",
    errno.EROFS: "it lies on a disk that may only be read",
    errno.ENOSPC: "make room on its disk",
    errno.EDQUOT: "make room on its disk, or in its quota",
    errno.EMFILE: "allow more open files (ulimit -n)",
}
"""What the system refuses, and what to do."""


def _told(error: Exception) -> str:
    """What went wrong, in one line."""
    if isinstance(error, FindingsError):
        return " ".join(str(error).split())
    if isinstance(error, OSError) and (advice := _OF_SYSTEM.get(error.errno or 0)):
        return ": ".join(str(part) for part in (error.filename, error.strerror) if part) + f"; {advice}"
    return f"{type(error).__name__}: {error} (a fault of ours: --debug shows where)"


def _unread() -> bool:
    """Whether what we print goes to one who has stopped reading, such as `head`."""
    look = select.poll()
    look.register(sys.stdout, 0)
    return any(events & (select.POLLERR | select.POLLHUP) for _, events in look.poll(0))


def _discard_output() -> None:
    with Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="findings")
@click.option("--config", type=click.Path(path_type=Path), help="Settings file instead of findings.toml.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for machines, as after the command.")
@click.option("--debug", is_flag=True, help="Show the trace of an error.")
@click.option("-v", "--verbose", is_flag=True, help="Say more on the way.")
@click.pass_context
def cli(ctx: click.Context, config: Path | None, as_json: bool, debug: bool, verbose: bool) -> None:
    """Open cancer research from every country: harvest it, search it, tell it in plain words."""
    logging.basicConfig(
        level=logging.DEBUG
        if debug
        else logging.INFO
        if verbose or not sys.stderr.isatty()
        else logging.WARNING,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
        stream=sys.stderr,
    )
    for noisy, level in _NOISY.items():
        logging.getLogger(noisy).setLevel(logging.DEBUG if debug else level)
    path = config or (Path(name) if (name := os.environ.get("FINDINGS_CONFIG")) else None)
    ctx.obj = load_settings(path, os.environ)


def json_option(command: Callable[..., None]) -> Callable[..., None]:
    """The `--json` option, which may also be given before the command."""

    def either(ctx: click.Context, _: click.Parameter, given: bool) -> bool:
        return given or bool(ctx.find_root().params.get("as_json"))

    text = "Print JSON for machines."
    return click.option("--json", "as_json", is_flag=True, callback=either, help=text)(command)


def settings_of(ctx: click.Context) -> Settings:
    """The settings, once the data folder is there."""
    from findings.wiring import prepared

    return prepared(ctx.obj)


def _flush() -> None:
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _discard_output()


def _prepare_streams() -> None:
    """Let output that is closed go nowhere, and what a terminal cannot show be no reason to show nothing."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # else what is opened next would have its number
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - to the end
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")


def _end_by(handler: Callable[[int, FrameType | None], None]) -> None:
    """Let SIGTERM, and a terminal that is closed, end the program as Ctrl-C does."""
    signal.signal(signal.SIGTERM, handler)
    for number in (signal.SIGINT, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # as `nohup` has it
            signal.signal(number, handler)


def _leave(number: int, frame: FrameType | None) -> None:
    os._exit(Exit.PARTIAL)


def main() -> None:
    """Run the command; SIGTERM, and a terminal that is closed, end it in the same good order as Ctrl-C."""
    _prepare_streams()
    _end_by(_leave)  # some libraries take an interruption of their loading for a fault
    from findings import commands  # it needs the names above

    commands.register(cli)
    _end_by(signal.default_int_handler)
    try:
        cli(prog_name="findings")
    except KeyboardInterrupt:  # outside of any command
        sys.exit(Exit.PARTIAL)
    finally:
        _flush()
