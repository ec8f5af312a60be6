"""The commands that keep a copy of what a node cannot get again, and put it back."""

import hashlib
import shutil
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from catalog.copies import Origin, put_back, save_copy, sync
from domain.errors import FindingsError
from domain.instants import to_timestamp
from findings import __version__
from findings.cli import json_option, settings_of
from findings.report import print_json
from findings.settings import Settings

_CATALOG, _SECRET, _ABOUT = "catalog", "secret_key", "about.json"


class About(msgspec.Struct, frozen=True):
    """What a backup is, as it says itself."""

    findings: str
    made_at: str
    origin: Origin
    sha256: dict[str, str]
    """Of each of its files."""


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@json_option
@click.pass_context
def backup(ctx: click.Context, folder: Path, as_json: bool) -> None:
    """Copy the catalog and the site's secret key into FOLDER, which must not exist yet.

    Others may go on writing meanwhile: it is the catalog as it was at one moment. The search index is not
    in it, since `findings index sync` makes it again.
    """
    settings = settings_of(ctx)
    if folder.exists():
        raise FindingsError(f"there is {folder} already; name a new folder")
    part = folder.with_name(f"{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)  # of one that was killed
    part.mkdir(parents=True, mode=0o700)
    try:
        origin = save_copy(settings.database, part / _CATALOG)
        if (secret := _secret(settings)).exists():
            shutil.copy2(secret, part / _SECRET)
        sums = {file.name: _sha256(file) for file in sorted(part.iterdir())}
        about = About(__version__, to_timestamp(datetime.now(UTC)), origin, sums)
        (part / _ABOUT).write_bytes(msgspec.json.format(msgspec.json.encode(about)))
        for path in (*part.iterdir(), part):
            sync(path)
        part.rename(folder)
        sync(folder.absolute().parent)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    size = sum(file.stat().st_size for file in folder.iterdir())
    if as_json:
        print_json({"folder": str(folder), "bytes": size, "about": about})
    else:
        click.echo(f"{folder}: the catalog{' and the secret key' * (_SECRET in sums)}, {size / 1e6:,.1f} MB")


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="There is a catalog already: put this one in its place.")
@json_option
@click.pass_context
def restore(ctx: click.Context, folder: Path, replace: bool, as_json: bool) -> None:
    """Make the backup in FOLDER this node's catalog.

    Stop `findings serve` and `findings schedule` before. A file of SQLite that is replaced is put aside; a
    database of PostgreSQL is changed all at once, or not at all.
    """
    settings = settings_of(ctx)
    about = _checked(folder)
    aside = put_back(settings.database, folder / _CATALOG, about.origin, replace=replace)
    _put_secret_back(settings, folder / _SECRET)
    if as_json:
        print_json({"about": about, "aside": str(aside) if aside else None})
        return
    click.echo(f"The catalog is as it was at {about.made_at}.")
    if aside:
        click.echo(f"The former one is {aside}.")
    click.echo("Run `findings index sync`; and before letters go out again, see in README.md what to do")
    click.echo("when the database comes from a backup: they could go out twice.")


def _checked(folder: Path) -> About:
    """What the backup says of itself, once its files are seen to be what it says."""
    try:
        about = msgspec.json.decode((folder / _ABOUT).read_bytes(), type=About)
    except FileNotFoundError:
        raise FindingsError(f"{folder} is no backup: it has no {_ABOUT}") from None
    except msgspec.DecodeError as error:
        raise FindingsError(f"{folder / _ABOUT} cannot be read: {error}") from error
    for name in {_CATALOG, *about.sha256} & {_CATALOG, _SECRET}:
        path = folder / name
        if not path.is_file() or _sha256(path) != about.sha256.get(name):
            raise FindingsError(f"{path} is not what was backed up: it is damaged, or was exchanged")
    return about


def _put_secret_back(settings: Settings, copy: Path) -> None:
    """The key that the links in this catalog's letters are signed with; another is put aside."""
    kept = _secret(settings)
    if not copy.exists() or (kept.exists() and kept.read_bytes() == copy.read_bytes()):
        return
    new = kept.with_name(f"{kept.name}.new")
    shutil.copy2(copy, new)
    if kept.exists():
        kept.rename(kept.with_name(f"{kept.name}.before-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"))
    new.rename(kept)


def _secret(settings: Settings) -> Path:
    return Path(settings.data_dir) / "secret_key"


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
