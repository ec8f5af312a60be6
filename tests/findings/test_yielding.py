"""Long work gives way to those who search, where the system knows of that."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from findings import yielding
from findings.yielding import Pace, Quota, find_quota

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


CGROUP = "12:cpu,cpuacct:/old\n0::/system.slice/findings.service\n"


@pytest.mark.parametrize(
    ("limits", "processors"),
    [
        ({"": "max 100000"}, None),
        ({"": "150000 100000"}, 1.5),  # a container sees nothing around it
        ({"system.slice": "50000 100000", "system.slice/findings.service": "200000 100000"}, 0.5),
        ({"system.slice": "max 100000", "system.slice/findings.service": "200000 100000"}, 2),
        ({"other.slice": "10000 100000"}, None),
        ({"": "none of ours"}, None),
    ],
)
def test_the_narrowest_quota_counts(tmp_path: Path, limits: dict[str, str], processors: float | None) -> None:
    (tmp_path / "own").write_text(CGROUP)
    for inner, text in limits.items():
        folder = tmp_path / "root" / inner
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "cpu.max").write_text(f"{text}\n")
    quota = find_quota(tmp_path / "own", tmp_path / "root")
    assert (quota.processors if quota else None) == processors


@pytest.mark.parametrize("groups", [None, "", "12:cpu,cpuacct:/old\n", "0::/../..\n"])
def test_a_system_that_tells_of_no_groups_has_no_quota(tmp_path: Path, groups: str | None) -> None:
    if groups is not None:
        (tmp_path / "own").write_text(groups)
    assert find_quota(tmp_path / "own", tmp_path / "root") is None


@pytest.mark.parametrize(("others", "rests"), [(0, False), (100, True)])
def test_within_a_quota_it_rests_for_those_who_share_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, others: float, rests: bool
) -> None:
    """Though the machine around it has nothing to do."""
    monkeypatch.setattr(os, "cpu_count", lambda: 64)
    monkeypatch.setattr(yielding, "_LOOKED", WORK / 2)
    stat, usage = tmp_path / "stat", tmp_path / "cpu.stat"
    stat.write_text(told(100))
    usage.write_text("usage_usec 7000000\nuser_usec 1\n")
    pace, start, own = Pace(stat, Quota(1.0, usage)), time.monotonic(), time.process_time()
    while time.process_time() - own < WORK:
        pass
    spent = time.monotonic() - start
    stat.write_text(told(100 + 64 * 100))
    usage.write_text(f"usage_usec {7000000 + round((WORK + others) * 1e6)}\nuser_usec 1\n")
    pace.rest()
    passed = time.monotonic() - start
    assert passed >= WORK / yielding._LEAST * 0.9 if rests else passed - spent < yielding._REST / 2
