"""The one door to Elasticsearch: requests go out here, and what comes back wrong becomes an error of ours.

Only features that every licence has are used, of 8.19 and 9.x alike.
"""

import logging
import threading
import time
import warnings
from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import Any

import elasticsearch
import msgspec
from elasticsearch import Elasticsearch

from domain.errors import ConfigError, SearchError, SearchUnavailable
from index.elastic.options import Address, ElasticOptions

Json = dict[str, Any]
BUSY = frozenset({429, 502, 503, 504})
"""Statuses that may be gone in a moment."""
_TELLING = frozenset({400, 404, 405, 501})
"""Statuses that any server of pages may answer with, but nothing that stands before Elasticsearch would."""
_JSON = {"accept": "application/json", "content-type": "application/json"}
_LINES = {"accept": "application/json", "content-type": "application/x-ndjson"}


class Haste(Enum):
    """How long a request may take."""

    SEARCH = "search"
    WRITE = "write"


class Refused(SearchError):
    """The cluster answered, and would not do it; `status` and `kind` are its own."""

    def __init__(self, status: int, kind: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.kind = kind


class Barred(SearchUnavailable):
    """The cluster does not let us in, which waiting does not change."""


class Cluster:
    """A cluster. Safe to share between threads; nothing is sent before it is asked."""

    def __init__(self, address: Address, options: ElasticOptions) -> None:
        self.options = options
        self._address = address
        self._lock = threading.Lock()
        self._clients: dict[Haste, Elasticsearch] = {}

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        haste: Haste = Haste.SEARCH,
        **params: str | int,
    ) -> Json | None:
        """The answer; None where the thing asked for is not there.

        Servers that do not answer are passed over, and a busy cluster is asked again for a while.

        Raises:
            SearchUnavailable: nobody answers, or the cluster cannot do it now.
            Refused: it could, and will not.
        """
        data = body if body is None or isinstance(body, bytes) else msgspec.json.encode(body)
        options = self.options
        ends = time.monotonic() + (options.search_timeout if haste is Haste.SEARCH else options.patience)
        unanswered, wait = 0, 0.05
        while True:
            try:
                return self._once(method, path, data, haste, params)
            except elasticsearch.NotFoundError:
                return None
            except elasticsearch.UnsupportedProductError as error:
                raise self._unreachable(error) from error
            except elasticsearch.ApiError as error:
                if error.meta.status not in BUSY or time.monotonic() + wait > ends:
                    raise self._refused(error) from error
            except elasticsearch.ConnectionError as error:
                unanswered += 1
                tls = isinstance(error, elasticsearch.SSLError)
                if tls or unanswered > len(self._address.hosts) or time.monotonic() > ends:
                    raise self._unreachable(error) from error
                continue
            except elasticsearch.TransportError as error:
                raise self._unreachable(error) from error
            time.sleep(wait)
            wait *= 2

    def _once(
        self, method: str, path: str, data: bytes | None, haste: Haste, params: Mapping[str, str | int]
    ) -> Json:
        headers = _LINES if path.endswith("/_bulk") else _JSON
        try:
            response = self._client(haste).perform_request(
                method, path, params=params, headers=headers if data is not None else _JSON, body=data
            )
        except elasticsearch.ApiError as error:
            if error.meta.status in _TELLING and "x-elastic-product" not in error.meta.headers:
                raise elasticsearch.UnsupportedProductError(error.message, error.meta, error.body) from error
            raise
        found: Json = response.body
        return found

    def post_lines(self, path: str, lines: bytes, **params: str | int) -> Json:
        """Send a bulk request once, and without patience: the caller has it, for each of its parts.

        Raises:
            SearchUnavailable: nobody answered.
            Refused: the request as a whole was turned away.
        """
        try:
            return self._once("POST", path, lines, Haste.WRITE, params)
        except elasticsearch.UnsupportedProductError as error:
            raise self._unreachable(error) from error
        except elasticsearch.ApiError as error:
            raise self._refused(error) from error
        except elasticsearch.TransportError as error:
            raise self._unreachable(error) from error

    def close(self) -> None:
        """Close the connections; they open again when needed."""
        with self._lock:
            clients, self._clients = self._clients, {}
        for client in clients.values():
            client.close()

    def _client(self, haste: Haste) -> Elasticsearch:
        with self._lock:
            if not self._clients:
                self._clients = self._connected()
            return self._clients[haste]

    def _connected(self) -> dict[Haste, Elasticsearch]:
        options, address = self.options, self._address
        signed = {"basic_auth": (address.user, address.password)} if address.user else {}
        if options.api_key:
            signed = {"api_key": options.api_key}  # type: ignore[dict-item]
        trusted = {"ca_certs": options.ca_file} if options.ca_file else {}
        if options.ca_file and not Path(options.ca_file).is_file():
            raise ConfigError("search_ca_file", f"there is no file {options.ca_file}")
        # A cluster without security says so in a header of every answer.
        warnings.filterwarnings("ignore", category=elasticsearch.ElasticsearchWarning)
        # What becomes of a request is told once, by our own errors, unless somebody wants to hear it.
        if (told := logging.getLogger("elastic_transport")).level == logging.NOTSET:
            told.setLevel(logging.ERROR)
        try:
            client = Elasticsearch(
                list(address.hosts),
                max_retries=0,
                retry_on_status=(),
                connections_per_node=32,
                dead_node_backoff_factor=0.5,
                max_dead_node_backoff=10,
                **signed,  # type: ignore[arg-type]
                **trusted,  # type: ignore[arg-type]
            )
        except (OSError, ValueError) as error:
            where = "search_ca_file" if options.ca_file else "search_url"
            raise ConfigError(where, "cannot be used to reach Elasticsearch") from error
        return {
            Haste.SEARCH: client.options(request_timeout=options.search_timeout),
            Haste.WRITE: client.options(request_timeout=options.write_timeout),
        }

    # What went wrong, in a line.

    @property
    def _place(self) -> str:
        return ", ".join(self._address.hosts)

    def _unreachable(self, error: Exception) -> SearchUnavailable:
        if isinstance(error, elasticsearch.SSLError):
            return Barred(
                f"Elasticsearch at {self._place}: its certificate is not trusted; check search_ca_file"
            )
        if isinstance(error, elasticsearch.ConnectionTimeout):
            reason = "it did not answer in time"
        elif isinstance(error, elasticsearch.UnsupportedProductError):
            reason = "what answers there is not Elasticsearch; check search_url"
        elif isinstance(error, elasticsearch.ConnectionError):
            reason = "nobody answers; is it running?"
        else:
            reason = "its answer could not be read"
        return SearchUnavailable(f"Elasticsearch at {self._place}: {reason}")

    def _refused(self, error: elasticsearch.ApiError) -> SearchError:
        status, kind, reason = error.meta.status, *_cause(error.body)
        message = f"Elasticsearch at {self._place}: {explain(status, kind, reason)}"
        if status in (401, 403):
            return Barred(message)
        if status in BUSY or status >= 500:
            return SearchUnavailable(message)
        return Refused(status, kind, message)


def explain(status: int, kind: str, reason: str) -> str:
    """What an error of the cluster means, and what to do."""
    if status == 401:
        return "it does not know us; check search_api_key, or the user and password in search_url"
    if kind == "cluster_block_exception":
        if "disk usage" in reason or "flood-stage" in reason:
            return "its disk is too full to write; free some room"
        return f"it is blocked ({reason[:200]})"
    if status == 403:
        return "we may not do this; check the rights of search_api_key"
    if status == 413:
        return "the request is larger than it takes; raise its http.max_content_length"
    if status == 429:
        return "it is too busy; try later"
    if status in BUSY:
        return "it cannot answer at the moment, perhaps while a server is lost; try later"
    return f"{kind or 'error'} ({status}) {reason[:200]}".strip()


def _cause(body: object) -> tuple[str, str]:
    """The type and reason that an answer names, of the innermost error it tells of."""
    error = body.get("error") if isinstance(body, dict) else None
    if not isinstance(error, dict):
        return "", str(error or "")
    roots = error.get("root_cause") or [error]
    root = roots[0] if isinstance(roots[0], dict) else error
    return str(root.get("type", "")), str(root.get("reason", "")).partition("\n")[0]
