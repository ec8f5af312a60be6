"""Long work gives way to those who search, where the system knows of that."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="priorities are another thing there")


@POSIX
@pytest.mark.parametrize("command", ["sync", "rebuild"])
def test_filling_an_index_is_nicer_than_answering(command: str, tmp_path: Path) -> None:
    tell = "import atexit, os; atexit.register(lambda: print(os.nice(0)))"
    run = f"import sys; sys.argv[1:] = ['index', '{command}']; from findings.cli import main; main()"
    environment = os.environ | {"FINDINGS_DATA_DIR": str(tmp_path), "FINDINGS_CONFIG": os.devnull}
    done = subprocess.run(
        [sys.executable, "-c", f"{tell}; {run}"], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout.split()[-1]) == min(19, os.nice(0) + 10)


@POSIX
def test_a_container_that_forbids_it_is_no_fault() -> None:
    forbid = """
import os
def forbid(*_): raise OSError(38, "Function not implemented")
os.nice = forbid
from findings.yielding import be_nice
be_nice(10)
"""
    subprocess.run([sys.executable, "-c", forbid], cwd=ROOT, check=True)
