"""Run a command beside Elasticsearch: `python tests/elasticsearch/serve.py [--nodes 3] [--heap 2g] COMMAND`.

The command finds the first node in FINDINGS_TEST_ELASTICSEARCH_URL. Without a command, the addresses are
printed and the nodes run until this is interrupted.
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from cluster import Cluster
from distribution import command


def main() -> int:
    """Start the nodes, run what was asked, end the nodes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nodes", type=int, default=1)
    parser.add_argument("--heap", default="1g")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="findings-elasticsearch-") as folder,
        Cluster(command(options.heap), Path(folder), options.nodes) as cluster,
    ):
        if options.command:
            environment = os.environ | {"FINDINGS_TEST_ELASTICSEARCH_URL": cluster.urls[0]}
            return subprocess.run(options.command, env=environment).returncode
        print(*cluster.urls, flush=True)
        signal.sigwait({signal.SIGINT, signal.SIGTERM})
    return 0


if __name__ == "__main__":
    sys.exit(main())
