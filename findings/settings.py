"""Settings: `findings.toml`, overridden by `FINDINGS_…` variables. An unknown key is an error."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from domain.errors import ConfigError, MailError

PREFIX = "FINDINGS_"
LEAST_SECRET = 32
"""Characters of what signs forms and links."""
_T = TypeVar("_T", str, int)
_MAILBOX = re.compile(r"[a-z0-9._-]{1,14}@[a-z0-9.-]+", re.IGNORECASE)
"""Mail servers must take a local part of 64 signs; the mark of a letter takes up to 50."""
_SITE = re.compile(r"https?://([^\s/?#@\[\]:]+|\[[0-9a-f:.]+\])(:\d{1,5})?(/[^\s?#]*)?", re.IGNORECASE)
_DEVICE = re.compile(r"auto|cpu|mps|cuda(:\d+)?")
_SELECTOR = re.compile(r"[a-z0-9-][a-z0-9_-]*(\.[a-z0-9-][a-z0-9_-]*)*", re.IGNORECASE)


def _setting(default: _T, text: str, *, secret: bool = False) -> _T:
    return field(default=default, metadata={"help": text}, repr=not secret)


_BOUNDS = (
    ("port", 1, 65535),
    ("workers", 1, 64),
    ("harvest_hours", 1, 8760),
    ("mail_senders", 1, 64),
    ("mail_per_minute", 0, 1_000_000),
    ("search_shards", 1, 1024),
    ("search_replicas", 0, 100),
    ("digest_seed", 0, 2**31 - 1),
    ("digest_timeout", 1, 86_400),
    ("digest_batch", 1, 1024),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting of a node; each field's help is its row in the README."""

    data_dir: str = _setting("var", "folder for the database, the index and the encoder's cache")
    database_url: str = _setting(
        "", "`sqlite:///…` or `postgresql+psycopg://…`; empty: `findings.db` in the data folder"
    )
    search_url: str = _setting(
        "embedded:",
        "the search engine; `embedded:` keeps it in the data folder, `https://…` is Elasticsearch (several"
        " servers with commas between)",
        secret=True,
    )
    search_meaning: str = _setting("on", "`off` leaves out search by meaning, and the vectors it needs")
    search_api_key: str = _setting("", "the API key for Elasticsearch, if it wants one", secret=True)
    search_ca_file: str = _setting("", "the certificate that vouches for Elasticsearch, a PEM file")
    search_name: str = _setting("findings", "what the names of our indices in Elasticsearch begin with")
    search_shards: int = _setting(1, "into how many parts Elasticsearch divides a new index")
    search_replicas: int = _setting(1, "how many copies Elasticsearch keeps of each part")
    digest_engine: str = _setting(
        "extractive",
        "who writes the digests; `generative` is a language model on this machine, `endpoint` one behind an"
        " OpenAI-compatible service (vLLM, Ollama, llama.cpp)",
    )
    digest_model: str = _setting(
        "", "the language model: a folder, a hub's name, or its name at the endpoint"
    )
    digest_endpoint: str = _setting("", "base URL of the service, such as `http://127.0.0.1:8000/v1`")
    digest_api_key: str = _setting("", "the key for that service, if it wants one", secret=True)
    digest_device: str = _setting(
        "auto", "what a model on this machine runs on: `cpu`, `cuda`, `mps`, or `auto`"
    )
    digest_seed: int = _setting(0, "the seed of language models; nothing is sampled, so it seldom matters")
    digest_timeout: int = _setting(120, "how many seconds a language model may take for one paper")
    digest_batch: int = _setting(8, "how many questions a language model works on at once")
    site_name: str = _setting("Findings", "the name on every page")
    site_url: str = _setting("http://127.0.0.1:8000", "the public address; links in pages begin with it")
    contact: str = _setting("", "an e-mail or web address, told to every source and shown on pages")
    host: str = _setting("127.0.0.1", "the address the site listens on")
    port: int = _setting(8000, "the port the site listens on")
    workers: int = _setting(2, "how many processes serve the site")
    review_key: str = _setting(
        "",
        "opens the reviewers' desk at `/moderate/digests` (16 characters or more); empty: there is none",
        secret=True,
    )
    require_codes: str = _setting(
        "off",
        "`on`: people who moderate or administer reach the desk for listings only if they sign in with"
        " one-time codes",
    )
    secret_key: str = _setting(
        "",
        "signs forms and the desk's cookie (32 characters or more; needed with a review key); empty: one is"
        " kept in the data folder",
        secret=True,
    )
    former_secret_key: str = _setting(
        "",
        "the `secret_key` before the present one: links in letters that it signed, and bounces of them, are"
        " still known; nothing is signed by it",
        secret=True,
    )
    smtp_url: str = _setting(
        "",
        "the mail server: `smtp://user:password@host:587` (STARTTLS) or `smtps://…`; empty: letters are kept"
        " as files in `mail` in the data folder",
        secret=True,
    )
    mail_from: str = _setting("", "the address that letters come from (needed with a mail server)")
    mail_senders: int = _setting(4, "how many senders hand letters over side by side")
    mail_per_minute: int = _setting(
        600, "the most letters a minute to one domain (`config/mail.toml` has others for some); `0`: no limit"
    )
    bounce_address: str = _setting(
        "",
        "a mailbox for what comes back, `bounces@…`: it must take `bounces+…@…`, too, and be read by"
        " `findings mail bounce`",
    )
    dkim_key: str = _setting(
        "", "the file (PEM) with the RSA key that signs letters; empty: they are not signed"
    )
    dkim_selector: str = _setting(
        "", "under which name the DNS tells that key: `<selector>._domainkey.<domain>`"
    )
    harvest_hours: int = _setting(24, "how often the scheduler harvests, in hours")
    pubmed_api_key: str = _setting(
        "", "your key for NCBI's E-utilities; with it PubMed may be asked faster", secret=True
    )
    openalex_api_key: str = _setting(
        "", "your key for OpenAlex, which lets in hardly anyone without one", secret=True
    )

    ror_dump: str = _setting(
        "",
        "the ROR data dump (zip or JSON), by which institutions are told; without it those of our own table",
    )

    @property
    def source_keys(self) -> dict[str, str]:
        """Source → its key, for those that have one."""
        others = ("search_api_key", "digest_api_key")
        names = [f.name for f in fields(self) if f.name.endswith("_api_key") and f.name not in others]
        keys = {name.removesuffix("_api_key"): str(getattr(self, name)).strip() for name in names}
        return {source: key for source, key in keys.items() if key}

    @property
    def database(self) -> str:
        """The database's URL, the default filled in."""
        return self.database_url or f"sqlite:///{Path(self.data_dir).absolute() / 'findings.db'}"

    @property
    def index_folder(self) -> Path:
        """Where the embedded index lies."""
        return Path(self.data_dir) / "index"

    @property
    def mail_folder(self) -> Path:
        """Where letters are kept on a node without a mail server."""
        return Path(self.data_dir) / "mail"

    @property
    def mail_rests(self) -> Path:
        """Where is kept which domains want no letters for now."""
        return Path(self.data_dir) / "mail-rests.json"

    @property
    def by_meaning(self) -> bool:
        """Whether papers are searched by meaning, too."""
        return self.search_meaning == "on"

    @property
    def cache_folder(self) -> Path:
        """Where the prepared encoder lies."""
        return Path(self.data_dir) / "cache"


def load_settings(path: Path | None, environment: Mapping[str, str]) -> Settings:
    """Read settings from a TOML file and the environment, which wins.

    Args:
        path: the file; None means `findings.toml` in the working folder, if there is one.
        environment: `os.environ` or a stand-in; other variables than `FINDINGS_…` are ignored.

    Raises:
        ConfigError: unreadable file, unknown key, or a value of the wrong type or out of range.
    """
    values: dict[str, tuple[str, object]] = {}
    for key, value in _read_file(path).items():
        values[key] = (f"{path or 'findings.toml'}: {key}", value)
    for name, value in environment.items():
        if name.startswith(PREFIX) and not name.startswith(PREFIX + "TEST_") and name != PREFIX + "CONFIG":
            values[name.removeprefix(PREFIX).lower()] = (name, value)
    known = {f.name: f for f in fields(Settings)}
    accepted: dict[str, Any] = {}
    for key, (where, value) in values.items():
        if key not in known:
            near = get_close_matches(key, known, 1)
            hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}"
            if isinstance(value, dict):
                hint = f"settings stand in no table, so leave out [{key}]"
            raise ConfigError(where, f"unknown setting; {hint}")
        accepted[key] = _convert(where, value, known[key].type)
    settings = Settings(**accepted)
    _validate(settings, {key: where for key, (where, _) in values.items()})
    return settings


def to_environment(settings: Settings, environment: Mapping[str, str]) -> dict[str, str]:
    """`environment` for a command of our own that is to have the same settings, wherever they came from."""
    others = {name: value for name, value in environment.items() if not name.startswith(PREFIX)}
    return others | {f"{PREFIX}{f.name.upper()}": str(getattr(settings, f.name)) for f in fields(settings)}


def _read_file(path: Path | None) -> dict[str, object]:
    if path is None and not Path("findings.toml").is_file():
        return {}
    path = path or Path("findings.toml")
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise ConfigError(str(path), error.strerror or "cannot be read") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(str(path), f"not valid TOML: {error}") from error


def _convert(where: str, value: object, kind: object) -> str | int:
    if kind is int:
        if isinstance(value, str) and value.strip().removeprefix("-").isdecimal():
            return int(value)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        raise ConfigError(where, f"must be a whole number, not {value!r}")
    if isinstance(value, str):
        return value
    raise ConfigError(where, f"must be text in quotes, not {value!r}")


def _validate(settings: Settings, where: Mapping[str, str]) -> None:
    _validate_addresses(settings, where)
    for key, low, high in _BOUNDS:
        if not low <= getattr(settings, key) <= high:
            raise ConfigError(where.get(key, key), f"must be between {low} and {high}")
    for key in ("search_meaning", "require_codes"):
        if getattr(settings, key) not in ("on", "off"):
            raise ConfigError(where.get(key, key), "must be 'on' or 'off'")
    for key in (
        "contact",
        "site_name",
        "pubmed_api_key",
        "openalex_api_key",
    ):  # they go into headers of requests and of pages
        if not getattr(settings, key).isprintable():
            raise ConfigError(where.get(key, key), "must be one line of plain text")
    _validate_keys(settings, where)
    _validate_mail(settings, where)
    for key in ("data_dir", "site_name"):
        if not getattr(settings, key).strip():
            raise ConfigError(where.get(key, key), "must not be empty")
    if settings.data_dir.startswith("~"):  # a shell would have put our home in its place
        raise ConfigError(where.get("data_dir", "data_dir"), "must be a whole path: nobody reads '~' here")


def _validate_addresses(settings: Settings, where: Mapping[str, str]) -> None:
    if not _SITE.fullmatch(settings.site_url):
        problem = "must begin with http:// or https:// and a host, without user, query or fragment"
        raise ConfigError(where.get("site_url", "site_url"), problem)
    if settings.contact and "@" not in settings.contact and "://" not in settings.contact:
        raise ConfigError(
            where.get("contact", "contact"), "must be an e-mail address, or a web address with https://"
        )
    if settings.search_url.startswith("embedded:") and settings.search_url != "embedded:":
        problem = "is 'embedded:' alone; the index is kept in the folder that data_dir names"
        raise ConfigError(where.get("search_url", "search_url"), problem)
    if not _DEVICE.fullmatch(settings.digest_device):
        raise ConfigError(where.get("digest_device", "digest_device"), "must be auto, cpu, cuda or mps")


def _validate_keys(settings: Settings, where: Mapping[str, str]) -> None:
    for key, least in (("review_key", 16), ("secret_key", LEAST_SECRET), ("former_secret_key", LEAST_SECRET)):
        if 0 < len(getattr(settings, key)) < least:
            raise ConfigError(where.get(key, key), f"must have {least} characters or more")
    if settings.review_key and not settings.secret_key:
        raise ConfigError("secret_key", "is needed where there is a review_key")


def _validate_mail(settings: Settings, where: Mapping[str, str]) -> None:
    if settings.smtp_url:
        _validate_server(settings, where)
    if settings.bounce_address and not _MAILBOX.fullmatch(settings.bounce_address):
        raise ConfigError(where.get("bounce_address", "bounce_address"), "must be a short, plain address")
    if settings.dkim_key and not settings.dkim_selector:
        raise ConfigError(where.get("dkim_selector", "dkim_selector"), "is needed where there is a dkim_key")
    if settings.dkim_selector and not _SELECTOR.fullmatch(settings.dkim_selector):
        problem = "must be letters, digits, hyphens and underscores, with dots between, without ._domainkey"
        raise ConfigError(where.get("dkim_selector", "dkim_selector"), problem)


def _validate_server(settings: Settings, where: Mapping[str, str]) -> None:
    from subscriptions.mail.fields import checked_address  # for nodes that send letters
    from subscriptions.mail.smtp import to_server

    try:
        to_server(settings.smtp_url)
    except ConfigError as error:
        raise ConfigError(where.get("smtp_url", "smtp_url"), error.problem) from error
    try:
        checked_address(settings.mail_from)
    except MailError as error:
        problem = "must be one plain address, such as findings@example.org, where there is an smtp_url"
        raise ConfigError(where.get("mail_from", "mail_from"), problem) from error
