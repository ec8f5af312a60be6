"""The demo's own judgement: it passes, and it fails when any stage is broken on purpose."""

from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import pytest
from click.testing import CliRunner

import findings.demo
from findings import commands
from findings.cli import cli

commands.register(cli)


@pytest.fixture
def check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoder_cache: Path
) -> Callable[[], tuple[int, str]]:
    """Run `findings demo --check` in this process: exit code and table."""
    monkeypatch.setenv("FINDINGS_DATA_DIR", str(tmp_path))
    (tmp_path / "cache").symlink_to(encoder_cache)

    def run() -> tuple[int, str]:
        result = CliRunner().invoke(cli, ["demo", "--check"])
        return result.exit_code, result.output

    return run


def test_the_demo_passes(check: Callable[[], tuple[int, str]]) -> None:
    code, table = check()
    assert code == 0, table
    stages = {line.split("\t")[0] for line in table.splitlines() if "\t" in line}
    assert stages == {"harvest", "catalog", "digests", "index", "site", "listings"}
    assert "WRONG" not in table


def test_a_broken_harvest_is_noticed(
    check: Callable[[], tuple[int, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "broken.jsonl"
    with findings.demo.sample() as path:
        lines = path.read_text("utf-8").splitlines()
    broken.write_text("\n".join(line.replace('"title"', '"tilte"', 1) for line in lines) + "\n", "utf-8")
    monkeypatch.setattr(findings.demo, "sample", lambda: nullcontext(broken))
    code, table = check()
    assert code == 1
    assert "WRONG" in table


@pytest.mark.parametrize(
    ("stage", "function"),
    [
        ("digests", "_write_digests"),
        ("index", "_fill_index"),
        ("listings", "_list_sample"),
        ("site", "create_app"),
    ],
)
def test_a_broken_stage_is_noticed(
    stage: str,
    function: str,
    check: Callable[[], tuple[int, str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if function == "create_app":
        create_app = findings.demo.create_app

        def without_digests(site: object) -> object:
            app = create_app(site)
            for name in [name for name in app.view_functions if "digest" in name]:
                app.view_functions[name] = lambda **_: ("broken", 500)
            return app

        monkeypatch.setattr(findings.demo, function, without_digests)
    else:
        monkeypatch.setattr(findings.demo, function, lambda *_: None)
    code, table = check()
    assert code == 1
    assert any(line.startswith(stage) and line.endswith("WRONG") for line in table.splitlines()), table
