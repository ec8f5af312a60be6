"""Long work gives way to everything else, and leaves as it is what an operator chose."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="priorities are another thing there")
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has policies of scheduling")
TELL = """
import os
from findings.yielding import give_way
{before}
give_way()
print(os.nice(0), getattr(os, "sched_getscheduler", lambda _: "")(0))
"""


def given_way(before: str = "") -> list[str]:
    """Niceness and policy of a process that gave way after it ran `before`."""
    code = TELL.format(before=before)
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.split()


@POSIX
@pytest.mark.parametrize("own", [0, 5, 19])
def test_everything_else_goes_first(own: int) -> None:
    assert given_way(f"os.nice({own} - os.nice(0))" if own > os.nice(0) else "")[0] == "19"


@LINUX
def test_a_core_that_does_only_such_work_counts_as_free() -> None:
    assert given_way()[1] == str(os.SCHED_IDLE)


@LINUX
def test_the_operators_policy_is_left_as_it_is() -> None:
    assert given_way("os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))")[1] == str(os.SCHED_BATCH)


@POSIX
@pytest.mark.parametrize("call", ["nice", "sched_getscheduler", "sched_setscheduler"])
def test_what_a_system_forbids_is_left_alone(call: str) -> None:
    """As the C library of Alpine does with schedulers, and a strict container with all of it."""
    forbid = f"""
def forbid(*_): raise OSError(38, "Function not implemented")
real, os.{call} = getattr(os, "{call}", None), forbid
"""
    code = TELL.format(before=forbid).replace("print(", f"os.{call} = real; print(")
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


@LINUX
@pytest.mark.parametrize(("hurry", "policy"), [([], os.SCHED_IDLE), (["--hurry"], os.SCHED_OTHER)])
def test_a_rebuild_gives_way_unless_it_must_hurry(hurry: list[str], policy: int, tmp_path: Path) -> None:
    tell = "import atexit, os; atexit.register(lambda: print(os.sched_getscheduler(0)))"
    run = (
        f"import sys; sys.argv[1:] = ['index', 'rebuild', *{hurry!r}]; from findings.cli import main; main()"
    )
    environment = os.environ | {"FINDINGS_DATA_DIR": str(tmp_path), "FINDINGS_CONFIG": os.devnull}
    done = subprocess.run(
        [sys.executable, "-c", f"{tell}; {run}"], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split()[-1] == str(policy)
