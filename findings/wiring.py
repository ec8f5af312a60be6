"""The one place that builds concrete objects from settings."""

import fcntl
import os
import re
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from catalog import SILENCE, open_catalog
from catalog.sqlcatalog import SqlCatalog
from conferences.fetching import Fetcher
from config import load_table
from domain.errors import ConfigError, FindingsError, SourceError
from domain.listing_ports import Accounts, Listings
from domain.ports import Catalog, Digester, Encoder, SearchIndex
from domain.scheduling import Schedule
from findings.settings import LEAST_SECRET, Settings
from index import ElasticOptions, open_index
from subscriptions.mail import open_mailer
from summarizer import ModelOptions

if TYPE_CHECKING:
    from subscriptions.letters import Writer
    from subscriptions.tokens import Tokens
    from web import Site


def trust_order() -> tuple[str, ...]:
    """The sources, the one to believe first in front (`config/sources.toml`)."""
    sources = load_table("sources")
    return tuple(sorted(sources, key=lambda name: (sources[name]["trust"], name)))


_PAGE_SILENCE, _BEAT_SILENCE = 15.0, 30.0
"""Seconds that a database may say nothing to a page, whose reader waits, and to the scheduler."""


@contextmanager
def opened_catalog(settings: Settings, silence: float = SILENCE) -> Iterator[SqlCatalog]:
    """The catalog and the other stores of its database, closed afterwards. Raises `CatalogError`."""
    catalog = open_catalog(settings.database, trust_order(), silence=silence)
    try:
        yield catalog
    finally:
        catalog.close()


@contextmanager
def opened_accounts(settings: Settings) -> Iterator[Accounts]:
    """Who signs in, closed afterwards. Raises `CatalogError`."""
    with opened_catalog(settings) as catalog:
        yield catalog.accounts


@contextmanager
def opened_listings(settings: Settings) -> Iterator[Listings]:
    """Conferences, opportunities and resources, closed afterwards. Raises `CatalogError`."""
    with opened_catalog(settings) as catalog:
        yield catalog.listings


@contextmanager
def opened_schedule(settings: Settings) -> Iterator[Schedule]:
    """The scheduler's lease and jobs, closed afterwards. Raises `CatalogError`."""
    with opened_catalog(settings, _BEAT_SILENCE) as catalog:
        yield catalog.schedule


@contextmanager
def opened_index(settings: Settings) -> Iterator[SearchIndex]:
    """The search index, closed afterwards. Raises `SearchUnavailable`, `ConfigError`."""
    index = _index(settings, threads=0)
    try:
        yield index
    finally:
        index.close()


def _index(settings: Settings, threads: int) -> SearchIndex:
    opener = partial(opened_encoder, settings, threads) if settings.by_meaning else None
    elastic = ElasticOptions(
        api_key=settings.search_api_key,
        ca_file=settings.search_ca_file,
        name=settings.search_name,
        shards=settings.search_shards,
        replicas=settings.search_replicas,
    )
    return open_index(settings.search_url, settings.index_folder, opener, elastic)


def opened_encoder(settings: Settings, threads: int = 0) -> Encoder:
    """What turns texts into vectors; `threads` 0 takes what there is. Raises `ModelUnavailable`."""
    from summarizer.encoder import open_encoder  # loading it takes a second that other commands need not pay

    return open_encoder(settings.cache_folder, threads)


def know_institutions(settings: Settings) -> None:
    """Let institutions be told by the ROR dump of the settings. Raises `ConfigError`."""
    from crawler.telling.institutions import known_institutions, use_dump

    dump = Path(settings.ror_dump) if settings.ror_dump else None
    if dump and not dump.is_file():
        raise ConfigError("ror_dump", f"there is no file {dump}")
    use_dump(dump)
    try:
        known_institutions()
    except SourceError as error:
        raise ConfigError("ror_dump", f"{settings.ror_dump}: {error.problem}") from error


def built_digester(settings: Settings, catalog: Catalog | None = None) -> Digester:
    """The digester named in the settings; reads the full texts in `catalog`, too.

    Raises:
        ModelUnavailable, ConfigError: it cannot be built.
    """
    # loading them takes a second that other commands need not pay
    from findings.bodies import CatalogBodies
    from summarizer import open_digester

    bodies = CatalogBodies(catalog) if catalog is not None else None
    return open_digester(
        settings.digest_engine, settings.cache_folder, bodies=bodies, options=_model(settings)
    )


def _model(settings: Settings) -> ModelOptions:
    return ModelOptions(
        model=settings.digest_model,
        endpoint=settings.digest_endpoint,
        api_key=settings.digest_api_key,
        device=settings.digest_device,
        seed=settings.digest_seed,
        timeout=settings.digest_timeout,
        batch=settings.digest_batch,
    )


def built_writer(settings: Settings, catalog: SqlCatalog) -> "Writer":
    """What puts letters into words; threads may share it. Raises `ConfigError`."""
    from subscriptions.letters import Writer  # with its templates, for those who write or show letters

    return Writer(
        catalog,
        catalog.listings,
        catalog.subscribers,
        settings.site_name,
        settings.site_url.rstrip("/"),
        built_tokens(settings),
        contact=settings.contact,
    )


def built_site(settings: Settings, *, sample: bool = False, upgraded: bool = False) -> "Site":
    """What the pages are made from; held open as long as the process serves.

    With `upgraded`, as `open_catalog` has it, it is built while its database is away, too.
    """
    from web import Site  # Flask, too, is for those who serve

    catalog = open_catalog(settings.database, trust_order(), silence=_PAGE_SILENCE, upgraded=upgraded)
    url = settings.site_url.rstrip("/")
    writer = built_writer(settings, catalog)
    return Site(
        catalog=catalog,
        index=_index(settings, threads=1),  # one question at a time, in several processes
        name=settings.site_name,
        url=url,
        contact=settings.contact,
        sample=sample,
        listings=catalog.listings,
        accounts=catalog.accounts,
        schedule=catalog.schedule,
        fetcher=Fetcher(contact=settings.contact or settings.site_url),
        mailer=open_mailer(settings.smtp_url, settings.mail_from, settings.mail_folder),
        subscribers=catalog.subscribers,
        letters=catalog.letters,
        letter_copy=writer.copy,
        issue_copy=writer.issue_copy,
        secret=site_secret(settings),
        former_secret=settings.former_secret_key,
        codes_required=settings.require_codes == "on",
        review_key=settings.review_key,
    )


def built_tokens(settings: Settings) -> "Tokens":
    """What makes and reads the links of letters. Raises `ConfigError`."""
    from subscriptions.tokens import Tokens

    return Tokens(site_secret(settings), former=settings.former_secret_key)


def site_secret(settings: Settings) -> str:
    """What signs the site's forms, the same in all its processes. Raises `ConfigError`."""
    if settings.secret_key:
        return settings.secret_key
    path = Path(settings.data_dir) / "secret_key"
    try:
        # Only its owner may read it; and whole from the first moment, whoever else makes one.
        with suppress(FileExistsError), tempfile.NamedTemporaryFile("w", dir=settings.data_dir) as new:
            new.write(secrets.token_hex(32))
            new.flush()
            os.fsync(new.fileno())  # else a power cut could leave the name without what it names
            os.link(new.name, path)
        kept = path.read_text("ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError("secret_key", f"give one, for none can be kept in {path}: {error}") from error
    if len(kept.strip()) < LEAST_SECRET:
        problem = f"give one, or remove the file {path}: it holds none of {LEAST_SECRET} characters or more"
        raise ConfigError("secret_key", problem)
    return kept


@contextmanager
def locked(path: Path, what: str) -> Iterator[None]:
    """Hold a lock that only one process of a node may have; `execve` hands it on.

    Raises:
        FindingsError: another process, which runs `what`, has it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise FindingsError(f"another {what} is running here; it holds {path}") from None
        os.set_inheritable(lock.fileno(), True)
        yield


def harvesting_lock(settings: Settings, server: str) -> AbstractContextManager[None]:
    """Hold off every other harvest of this node that asks the same server. Raises `FindingsError`."""
    name = re.sub(r"[^a-z0-9.-]", "_", server.lower())
    return locked(Path(settings.data_dir) / "locks" / f"harvest-{name}", f"harvest of {server}")


def prepared(settings: Settings) -> Settings:
    """The same settings, once the data folder is there. Raises `ConfigError`."""
    try:
        Path(settings.data_dir).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        problem = "is not a folder" if isinstance(error, FileExistsError) else error.strerror
        raise ConfigError("data_dir", f"{settings.data_dir}: {problem}") from error
    return settings
