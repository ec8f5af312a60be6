"""`findings review …`: the queue, one digest, and what a named person decides. The paper is invented."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from domain.digest import Audience
from domain.errors import ConfigError
from findings import commands
from findings.cli import cli
from findings.settings import Settings
from findings.wiring import opened_catalog, site_secret
from tests.catalog.invented import article, digest

Run = Callable[..., Result]
BY = ("--by", "Ada Invented")


@pytest.fixture
def run(tmp_path: Path) -> Run:
    commands.register(cli)
    environment = {"FINDINGS_DATA_DIR": str(tmp_path)}

    def run_one(*words: str, text: str = "") -> Result:
        return CliRunner().invoke(cli, ["review", *words], env=environment, input=text, prog_name="findings")

    return run_one


@pytest.fixture
def paper(tmp_path: Path) -> str:
    with opened_catalog(Settings(data_dir=str(tmp_path))) as catalog:
        catalog.save([article(1)])
        found = catalog.paper(catalog.find("doi:10.5555/a1"))
        catalog.save_digests([digest(found)])
        catalog.suggest(found.id, Audience.PUBLIC, "A reader", "Was it 11 months?")
        return found.id


def told(answer: Result) -> dict:
    assert answer.exit_code == 0, answer.output
    return json.loads(answer.stdout)


def test_a_digest_is_shown_beside_its_evidence(run: Run, paper: str) -> None:
    queue = told(run("queue", "--json"))
    assert (queue["total"], queue["items"][0]["reason"]) == (1, "suggested")
    shown = run("show", "10.5555/a1", "public").stdout
    assert "1. Survival rose to 12 months.  [result]" in shown
    assert "< Survival rose to 12 months.  [abstract 0–27]" in shown
    assert "flesch kincaid grade" in shown
    assert "Was it 11 months?" in shown
    assert told(run("show", paper, "public", "--json"))["log"][-1]["act"] == "suggested"


def test_a_correction_goes_through_the_check(run: Run, paper: str) -> None:
    text = run("show", paper, "public", "--text").stdout
    assert text.splitlines()[-1] == "1. Survival rose to 12 months."
    wrong = text.replace("1. Survival rose to 12", "1. Survival rose to 15")
    answer = run("correct", paper, "public", "-", *BY, text=wrong)
    assert answer.exit_code == 1
    assert "“Survival rose to 15 months.”: " in answer.stderr
    assert run("correct", paper, "public", "-", *BY, "--despite", text=wrong).exit_code == 2
    assert run("correct", paper, "public", "-", *BY, text="nonsense").exit_code == 1
    entry = told(
        run(
            *("correct", paper, "public", "-", *BY, "--despite", "--note", "Table 2 says 15.", "--json"),
            text=wrong,
        )
    )
    assert (entry["act"], entry["note"]) == ("corrected", "Table 2 says 15.")
    stale = run("correct", paper, "public", "-", *BY, text=text)
    assert stale.exit_code == 1, "of the text before"


def test_a_suggestion_is_declined_and_a_digest_withdrawn_and_approved(run: Run, paper: str) -> None:
    number = str(
        told(run("queue", "--json")) and told(run("show", paper, "public", "--json"))["log"][-1]["id"]
    )
    decline = ("decline", paper, "public", *BY, "--suggestion", number, "--note", "It was 12.")
    assert run(*decline).exit_code == 0
    assert run(*decline).exit_code == 1, "only once"
    assert run("withdraw", paper, "public", *BY).exit_code == 2, "why?"
    assert run("withdraw", paper, "public", *BY, "--note", "Unclear.").exit_code == 0
    assert run("approve", paper, "public", *BY).exit_code == 0
    shown = told(run("show", paper, "public", "--json"))
    assert shown["status"] == "published"
    assert [entry["act"] for entry in shown["log"]][-3:] == ["declined", "withdrawn", "reviewed"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("show", "f0000000000", "public"), 1),
        (("show", "10.5555/a1", "policymaker"), 1),
        (("show", "10.5555/a1", "martian"), 2),
        (("approve", "10.5555/a1", "public", "--by", " "), 2),
        (("approve", "10.5555/a1", "public"), 2),
    ],
)
def test_what_cannot_be_done_says_so(run: Run, paper: str, words: tuple[str, ...], code: int) -> None:
    assert run(*words).exit_code == code


def test_a_node_keeps_one_secret_of_its_own(tmp_path: Path) -> None:
    settings = Settings(data_dir=str(tmp_path))
    kept = site_secret(settings)
    assert len(kept) == 64
    assert site_secret(settings) == kept
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0
    assert site_secret(Settings(data_dir=str(tmp_path), secret_key="s" * 32)) == "s" * 32
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_a_file_without_a_secret_signs_nothing(tmp_path: Path) -> None:
    """As a power cut, or somebody's `touch`, leaves one."""
    (tmp_path / "secret_key").touch()
    with pytest.raises(ConfigError, match="it holds none"):
        site_secret(Settings(data_dir=str(tmp_path)))
