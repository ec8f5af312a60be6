"""Where an Elasticsearch is and how it is to be used, as the settings say it."""

import re
from dataclasses import dataclass, field
from urllib.parse import SplitResult, unquote, urlsplit

from domain.errors import ConfigError

_NAME = re.compile(r"[a-z0-9][a-z0-9_]{0,60}(-[a-z0-9_]{1,60})*")

_WANTED = "must be http://host:9200 or https://host:9200, several with commas"


@dataclass(frozen=True, slots=True)
class ElasticOptions:
    """Settings beside the URL; what is secret is never shown."""

    api_key: str = field(default="", repr=False)
    ca_file: str = ""
    """The certificate of who vouches for the servers, in PEM; empty: those that the machine trusts."""
    name: str = "findings"
    """What the names of our indices begin with."""
    shards: int = 1
    replicas: int = 1
    search_timeout: float = 5.0
    """Seconds for a question, repeats at other servers not counted."""
    write_timeout: float = 120.0
    """Seconds for a batch of documents."""
    patience: float = 60.0
    """Seconds to go on asking a server that is too busy to take documents."""

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ConfigError("search_name", "must be small letters, digits, hyphens and underscores")


@dataclass(frozen=True, slots=True)
class Address:
    """The servers of one cluster, and how to sign in."""

    hosts: tuple[str, ...]
    """`http://host:9200`, without credentials: these may be shown."""
    user: str = ""
    password: str = field(default="", repr=False)


def parse_address(url: str) -> Address:
    """Read `https://user:password@h1:9200,https://h2:9200`.

    Raises:
        ConfigError: it is no such list, or has more than one user.
    """
    parts = [_split(part.strip()) for part in url.split(",") if part.strip()]
    hosts = tuple(_host(part) for part in parts)
    users = {(unquote(p.username or ""), unquote(p.password or "")) for p in parts if p.username}
    if not hosts:
        raise ConfigError("search_url", "names no server")
    if len(users) > 1:
        raise ConfigError("search_url", "names more than one user; all servers of a cluster know the same")
    user, password = users.pop() if users else ("", "")
    return Address(hosts, user, password)


def _split(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError as error:  # such as a bracket that is not closed
        raise ConfigError("search_url", _WANTED) from error


def _host(part: SplitResult) -> str:
    try:
        port = part.port or 9200
    except ValueError:
        port = 0
    if part.scheme not in ("http", "https") or not part.hostname or not port or part.query:
        raise ConfigError("search_url", _WANTED)
    name = f"[{part.hostname}]" if ":" in part.hostname else part.hostname
    return f"{part.scheme}://{name}:{port}{part.path.rstrip('/')}"
