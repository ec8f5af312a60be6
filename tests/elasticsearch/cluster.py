"""Real Elasticsearch nodes for tests, each a process that cannot outlive the test run."""

import json
import socket
import subprocess
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self


def free_ports(count: int) -> list[int]:
    """Ports that nothing listens on, all different."""
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]
    finally:
        for probe in probes:
            probe.close()


class Node:
    """One node; its data stay in its folder when it is killed, and are there when it starts again."""

    def __init__(
        self, command: Sequence[str], name: str, folder: Path, port: int, settings: Mapping[str, str]
    ) -> None:
        self.name = name
        self.url = f"http://127.0.0.1:{port}"
        self.log = folder / "log"
        self._folder = folder
        self._command = command
        self._settings = {
            "node.name": name,
            "http.port": str(port),
            "network.host": "127.0.0.1",
            "path.data": str(folder / "data"),
            "path.logs": str(folder / "logs"),
            "cluster.routing.allocation.disk.threshold_enabled": "false",
            **settings,
        }
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def alive(self) -> bool:
        """Whether its process runs."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """Its process number."""
        assert self._process
        return self._process.pid

    def start(self) -> None:
        """Start it; it answers some seconds later."""
        assert not self.alive
        self._folder.mkdir(parents=True, exist_ok=True)
        command = [*self._command, *(f"{name}={value}" for name, value in self._settings.items())]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=log, stderr=log)

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        if self._process:
            self._process.kill()
            self._process.wait()
            assert self._process.stdin
            self._process.stdin.close()


class Cluster:
    """Nodes that form one cluster on this machine: `with Cluster(command(), folder, 3) as cluster: ...`."""

    def __init__(
        self, command: Sequence[str], folder: Path, size: int = 1, settings: Mapping[str, str] | None = None
    ) -> None:
        ports = free_ports(2 * size)
        names = [f"node{number}" for number in range(size)]
        shared = {
            "cluster.name": f"findings-{uuid.uuid4().hex}",
            "cluster.initial_master_nodes": ",".join(names),
            "discovery.seed_hosts": ",".join(f"127.0.0.1:{port}" for port in ports[size:]),
            **(settings or {}),
        }
        self.nodes = [
            Node(command, name, folder / name, http, shared | {"transport.port": str(transport)})
            for name, http, transport in zip(names, ports[:size], ports[size:], strict=True)
        ]

    @property
    def urls(self) -> Sequence[str]:
        """Where each node answers."""
        return [node.url for node in self.nodes]

    def __enter__(self) -> Self:
        try:
            for node in self.nodes:
                node.start()
            self.wait()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """End all nodes."""
        for node in self.nodes:
            node.kill()

    def wait(self, status: str = "green", nodes: int | None = None, seconds: float = 120) -> None:
        """Wait until `nodes` nodes (by default those that run) form a cluster that is at least `status`."""
        wanted = nodes or sum(node.alive for node in self.nodes)
        question = f"/_cluster/health?wait_for_status={status}&wait_for_nodes={wanted}&timeout=1s"
        end = time.monotonic() + seconds
        while time.monotonic() < end and (alive := [node for node in self.nodes if node.alive]):
            try:
                if not any(ask(node.url + question)["timed_out"] for node in alive):
                    return
            except (OSError, ValueError):
                time.sleep(0.1)
        logs = [node.log.read_text(errors="replace")[-2000:] for node in self.nodes if node.log.exists()]
        raise TimeoutError(
            "\n".join([f"no {status} cluster of {wanted} nodes, after up to {seconds:g} s:", *logs])
        )


def ask(url: str, body: object = None, method: str | None = None) -> Any:
    """The answer to one request, for what a test asks of a server directly; an error status raises."""
    data = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"}, method=method)
    with urllib.request.urlopen(request, timeout=60) as response:
        return json.load(response)
