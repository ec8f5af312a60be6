"""What is set about a language model that writes digests."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from domain.errors import ConfigError


@dataclass(frozen=True, slots=True)
class ModelOptions:
    """Settings of the digesters that ask a language model."""

    model: str = ""
    """A folder or a hub's name; for an endpoint, the name that it gives the model."""
    endpoint: str = ""
    """Base URL of an OpenAI-compatible service, such as `http://127.0.0.1:8000/v1`."""
    api_key: str = field(default="", repr=False)
    device: str = "auto"
    seed: int = 0
    timeout: int = 120
    """Seconds for one paper."""
    batch: int = 8
    """How many requests are worked on at once."""

    @property
    def address(self) -> tuple[str, str, int, str]:
        """Scheme, host, port and base path of the endpoint. Raises `ConfigError`."""
        try:
            url = urlsplit(self.endpoint.strip())
            port = url.port
        except ValueError as error:
            raise ConfigError("digest_endpoint", f"no address: {error}") from error
        if (
            url.scheme not in ("http", "https")
            or not url.hostname
            or not self.endpoint.isascii()
            or not self.endpoint.isprintable()
        ):
            raise ConfigError("digest_endpoint", "must begin with http:// or https:// and name a host")
        if url.username or url.password or url.query or url.fragment or " " in url.path:
            raise ConfigError("digest_endpoint", "takes no user, query or fragment; a key is digest_api_key")
        path = url.path.rstrip("/").removesuffix("/chat/completions") or "/v1"
        return url.scheme, url.hostname, port or (443 if url.scheme == "https" else 80), path
