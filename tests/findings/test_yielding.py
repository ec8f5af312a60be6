"""Long work gives way to those who search, where the system knows of that."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from findings import yielding
from findings.yielding import Pace

ROOT = Path(__file__).parents[2]
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="priorities are another thing there")


@POSIX
@pytest.mark.parametrize("command", [["sync"], ["rebuild"], ["rebuild", "--hurry"]])
def test_filling_an_index_is_nicer_than_answering(command: list[str], tmp_path: Path) -> None:
    tell = "import atexit, os; atexit.register(lambda: print(os.nice(0)))"
    run = f"import sys; sys.argv[1:] = {['index', *command]}; from findings.cli import main; main()"
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


TICKS = os.sysconf("SC_CLK_TCK")
WORK = 0.2


def told(idle: float) -> str:
    return f"cpu  10 20 30 {round(idle * TICKS)} 50 0 0 0 0 0\ncpu0 1 2 3 4 5 0 0 0 0 0\n"


def worked(stat: Path, monkeypatch: pytest.MonkeyPatch, before: str, after: str) -> tuple[float, float]:
    """The seconds worked, and those until one may go on, where so much is told of two processors."""
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    monkeypatch.setattr(yielding, "_LOOKED", WORK / 2)
    stat.write_text(before)
    pace, start, own = Pace(stat), time.monotonic(), time.process_time()
    while time.process_time() - own < WORK:
        pass
    spent = time.monotonic() - start
    stat.write_text(after)
    pace.rest()
    return spent, time.monotonic() - start


def test_the_busier_others_are_the_longer_one_rests(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, passed = worked(tmp_path / "stat", monkeypatch, told(100), told(100))
    # Others had what was not ours: at most half of the machine was free, a quarter is taken of it.
    assert passed >= WORK / (2 * 0.25) * 0.9


def test_the_work_goes_on_however_busy_others_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spent, passed = worked(tmp_path / "stat", monkeypatch, told(100), told(100))
    assert passed <= max(spent, WORK / (2 * yielding._LEAST)) + 1.5 * yielding._REST


def test_nobody_rests_for_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spent, passed = worked(tmp_path / "stat", monkeypatch, told(100), told(1100))
    assert passed - spent < yielding._REST / 2


def test_a_count_that_goes_back_is_no_leave_to_take_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, passed = worked(tmp_path / "stat", monkeypatch, told(1100), told(100))
    assert passed >= WORK / (2 * yielding._LEAST) * 0.9


@pytest.mark.parametrize("content", ["", "cpu", "cpu a b c d e f\n", "cpu  0 0 0 0 0 0 0 0 0 0\n"])
def test_where_the_system_does_not_tell_there_are_no_rests(
    content: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spent, passed = worked(tmp_path / "stat", monkeypatch, content, content)
    assert passed - spent < yielding._REST / 2


def test_a_system_without_such_a_file_is_no_fault(tmp_path: Path) -> None:
    Pace(tmp_path / "none").rest()
