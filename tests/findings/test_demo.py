"""The demo's own judgement: it passes, and it fails when any stage is broken on purpose."""

import shutil
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

import findings.demo
from findings import commands
from findings.cli import cli
from findings.settings import Settings

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


@dataclass(frozen=True)
class Made:
    """What the slow stages made, each beside what it was given, to be taken over by demos that only judge."""

    harvested: findings.demo.Harvested
    folder: Path

    def harvest(self, own: Settings) -> findings.demo.Harvested:
        shutil.copy(self.folder / "harvested.db", Path(own.data_dir) / "findings.db")
        return self.harvested

    def write_digests(self, own: Settings) -> None:
        shutil.copy(self.folder / "findings.db", own.data_dir)

    def fill_index(self, own: Settings) -> None:
        for name in ("index", "vectors"):
            shutil.copytree(self.folder / name, Path(own.data_dir) / name)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, encoder_cache: Path) -> Made:
    folder = tmp_path_factory.mktemp("made")
    own = findings.demo._own_settings(Settings(), folder)
    own.cache_folder.symlink_to(encoder_cache)
    harvested = findings.demo._harvest(own)
    shutil.copy(folder / "findings.db", folder / "harvested.db")
    findings.demo._write_digests(own)
    findings.demo._fill_index(own)
    return Made(harvested, folder)


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
    made: Made,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("harvest", "write_digests", "fill_index"):
        monkeypatch.setattr(findings.demo, f"_{name}", getattr(made, name))
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


def test_what_was_taken_over_is_a_whole_demo(
    check: Callable[[], tuple[int, str]], made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or else a broken stage would not be what is noticed."""
    for name in ("harvest", "write_digests", "fill_index"):
        monkeypatch.setattr(findings.demo, f"_{name}", getattr(made, name))
    code, table = check()
    assert code == 0, table
