"""A real Elasticsearch for a benchmark: the one that is given, else one put together as for the tests."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_SERVE = Path(__file__).parents[1] / "tests" / "elasticsearch" / "serve.py"


@contextmanager
def opened_elasticsearch(heap: str = "2g") -> Iterator[str | None]:
    """Its address; None, and a line about it, where there is none to be had."""
    if url := os.environ.get("FINDINGS_TEST_ELASTICSEARCH_URL"):
        yield url
        return
    # A process of its own, since a dependency of ours brings another package that is called `tests`.
    command = [sys.executable, str(_SERVE), "--heap", heap]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as nodes:
        try:
            assert nodes.stdout
            addresses = nodes.stdout.readline().split()
            if not addresses:
                print("No Elasticsearch, so its rows are left out.", file=sys.stderr)
            yield addresses[0] if addresses else None
        finally:
            nodes.terminate()
