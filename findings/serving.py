"""The site under gunicorn: a few processes with threads, each opening the catalog and index for itself."""

import logging
import signal
import socket
from typing import TYPE_CHECKING, Any

from gunicorn.app.base import BaseApplication
from gunicorn.http import message

from domain.errors import ConfigError, FindingsError
from findings.indexing import lack_of
from findings.settings import Settings
from findings.wiring import built_site
from web import create_app

if TYPE_CHECKING:
    from gunicorn.arbiter import Arbiter
    from gunicorn.workers.base import Worker

log = logging.getLogger("findings")
LONGEST_ADDRESS = 100_000
"""Bytes of a request's first line: 8,000 characters of any script, of which one may take twelve bytes."""


class _Server(BaseApplication):  # type: ignore[misc]
    """gunicorn, set up from our settings rather than from its command line."""

    def __init__(self, settings: Settings, *, sample: bool) -> None:
        self._settings = settings
        self._sample = sample
        self._stays = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN  # so `nohup` has it
        super().__init__()

    def load_config(self) -> None:
        """Called by gunicorn, whose own setting ends at 8190."""
        message.MAX_REQUEST_LINE = LONGEST_ADDRESS
        values = {
            "bind": address(self._settings),
            "workers": self._settings.workers,
            "threads": 4,
            "worker_class": "gthread",
            "timeout": 60,
            "graceful_timeout": 10,
            "max_requests": 20_000,
            "max_requests_jitter": 2_000,
            "limit_request_line": LONGEST_ADDRESS,
            "accesslog": None,
            "loglevel": "warning",
            "proc_name": "findings",
            "control_socket_disable": True,
            "when_ready": self._listening,
            "post_worker_init": self._began,
        }
        for key, value in values.items():
            if key in self.cfg.settings:
                self.cfg.set(key, value)

    def load(self) -> Any:  # noqa: ANN401 - gunicorn's own signature
        """Called in each worker: connections are opened after the fork, never shared across it.

        One that cannot begin would end the whole site, so it begins while the database is away, too.
        """
        self._site = built_site(self._settings, sample=self._sample, upgraded=True)
        return create_app(self._site)

    def _listening(self, arbiter: "Arbiter") -> None:
        """Called once signals are gunicorn's, which would outlive its terminal and hold the port."""
        if not self._stays:
            signal.signal(signal.SIGHUP, lambda _, frame: arbiter.signal(signal.SIGTERM, frame))

    def _began(self, worker: "Worker") -> None:
        """Called in each worker; one of them tells what readers would otherwise find out."""
        if worker.age == 1:
            try:
                lack = lack_of(self._site.catalog, self._site.index)
            except FindingsError as error:
                lack = f"search does not answer: {error}"
            if lack:
                log.warning(lack)


def serve(settings: Settings, *, sample: bool = False) -> None:
    """Serve the site until interrupted.

    Raises:
        ConfigError: the address is not ours or the port is taken.
    """
    check_address(settings)
    built_site(settings).catalog.close()  # a wrong database or index is told here, not in each worker
    print(f"Open http://{address(settings)}/ (Ctrl-C stops)", flush=True)  # noqa: T201
    _Server(settings, sample=sample).run()


def check_address(settings: Settings) -> None:
    """See that the site can listen where the settings say. Raises `ConfigError`."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            problem = f"cannot listen on {address(settings)}: {error.strerror}"
            raise ConfigError("host and port", problem) from error


def address(settings: Settings) -> str:
    """Host and port as addresses are written."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"{host}:{settings.port}"
