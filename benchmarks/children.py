"""Runs of one system each in a process of its own, and what such a process used."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]


def run_child(module: str, *arguments: object) -> dict[str, Any]:
    """What `python -m benchmarks.MODULE ARGUMENTS` prints as its last line, and how long all of it took."""
    command = [sys.executable, "-m", f"benchmarks.{module}", *map(str, arguments)]
    start = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found | {"process_s": time.perf_counter() - start}


def memory_mb(process: int | str = "self") -> dict[str, float]:
    """Memory of a process: all of it, without pages that are only a file's, and the most there was."""
    status = Path(f"/proc/{process}/status").read_text()
    wanted = {"rss": "VmRSS", "private": "RssAnon", "peak": "VmHWM"}
    found = {name: re.search(rf"{field}:\s+(\d+)", status) for name, field in wanted.items()}
    return {name: int(match[1]) / 1024 for name, match in found.items() if match}


def quantile(values: Sequence[float], share: float) -> float:
    """The value that `share` of them do not exceed; the nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -(-int(share * 1000) * len(ordered) // 1000) - 1))]
