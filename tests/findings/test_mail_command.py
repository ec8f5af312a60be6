"""`findings mail …` as an operator uses it: a node with invented papers and readers, a real mail server."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from domain.addresses import address_hash
from domain.subscription import Consent, Rhythm, WishKind, to_wish
from domain.subscription_ports import SignUp
from findings import commands
from findings.cli import cli
from findings.settings import Settings
from findings.wiring import opened_catalog
from tests.catalog.invented import saved
from tests.subscriptions.newsroom import NOW, iso, version
from tests.subscriptions.sink import Sink

Run = Callable[..., Result]
BREAST = to_wish(WishKind.TOPIC, filters={"cancer_type": ("breast",)})


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink() as opened:
        yield opened


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        data_dir=str(tmp_path),
        secret_key="s" * 32,
        mail_from="letters@findings.example",
        bounce_address="bounces@findings.example",
        site_url="https://findings.example",
    )


@pytest.fixture
def run(settings: Settings, sink: Sink) -> Run:
    commands.register(cli)
    environment = {
        "FINDINGS_DATA_DIR": settings.data_dir,
        "FINDINGS_SECRET_KEY": settings.secret_key,
        "FINDINGS_MAIL_FROM": settings.mail_from,
        "FINDINGS_BOUNCE_ADDRESS": settings.bounce_address,
        "FINDINGS_SITE_URL": settings.site_url,
        "FINDINGS_SMTP_URL": sink.url,
        "FINDINGS_MAIL_SENDERS": "2",
    }

    def call(*words: str, typed: bytes = b"", **changed: str) -> Result:
        told = environment | {f"FINDINGS_{name.upper()}": value for name, value in changed.items()}
        return CliRunner().invoke(cli, ["mail", *words], env=told, prog_name="findings", input=typed)

    return call


def told(answer: Result, code: int = 0) -> dict:
    assert answer.exit_code == code, answer.output
    return json.loads(answer.stdout)


def subscribe(settings: Settings, *emails: str, wish: object = BREAST) -> None:
    at = iso(NOW - timedelta(hours=2))
    with opened_catalog(settings) as catalog:
        for email in emails:
            asked = SignUp(email, wish, Rhythm.IMMEDIATE, "en", "UTC", Consent(at, "asked"), "public", email)
            kept = catalog.subscribers.sign_up(asked, NOW - timedelta(hours=2))
            assert kept is not None
            catalog.subscribers.confirm(kept.id, Consent(at, "confirmed"))


def publish(settings: Settings, *numbers: int) -> None:
    with opened_catalog(settings) as catalog:
        for number in numbers:
            paper = version(number)
            catalog.save([saved(f"n{number}", paper, "alpha", payload=repr(paper).encode())])


def test_a_whole_round(run: Run, settings: Settings, sink: Sink) -> None:
    subscribe(settings, "ada@society.example", "bo@society.example", "cy@other.example")
    publish(settings, 1, 2)

    dry = told(run("send", "--dry-run", "--json"))
    assert dry["domains"] == {"society.example": 2, "other.example": 1}
    assert sink.kept == []
    assert told(run("report", "--json"))["letters"] == [
        {"kind": "confirm", "state": "dropped", "letters": 3}
    ], "a rehearsal changes nothing"

    shown = run("preview", "--subscriber", "ada@society.example")
    assert "Invented finding 1" in shown.output, shown.output

    sent = told(run("send", "--json"))
    assert sent["counts"] == {"sent": 3}
    assert sent["finished"]
    assert sorted(sink.recipients) == ["ada@society.example", "bo@society.example", "cy@other.example"]
    for kept in sink.kept:
        assert "Invented finding 2" in kept.message.get_body(("plain",)).get_content()
        assert kept.message["List-Unsubscribe"].startswith("<https://findings.example/unsubscribe/")
    again = told(run("send", "--json"))
    assert again["counts"] == {}
    assert len(sink.kept) == 3


def test_what_is_in_doubt_is_told_until_it_is_settled(run: Run, settings: Settings, sink: Sink) -> None:
    subscribe(settings, "ada@society.example")
    publish(settings, 1)
    sink.at_data = lambda _: "drop"
    assert told(run("send", "--json"), code=3)["uncertain"] == 1
    assert told(run("send", "--json"))["counts"] == {}
    assert "in doubt" in run("send").output
    (letter,) = told(run("report", "--json"))["uncertain"]
    assert letter["message_id"] == sink.kept[0].message["Message-ID"]
    assert run("resolve", letter["id"]).exit_code == 2
    sink.at_data = lambda _: None
    assert run("resolve", letter["id"], "--again").exit_code == 0
    assert told(run("send", "--json"))["counts"] == {"sent": 1}
    assert run("resolve", letter["id"], "--sent").exit_code == 1


def test_a_server_that_is_not_there_is_told_in_a_line(
    run: Run, settings: Settings, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("subscriptions.mail.sending._AWAY", ())
    subscribe(settings, "ada@society.example")
    publish(settings, 1)
    answer = run("send", smtp_url="smtp://127.0.0.1:1")
    assert answer.exit_code == 1
    assert "the mail server takes no letters" in answer.output
    assert "ada@" not in answer.output
    assert told(run("send", "--json"))["counts"] == {"sent": 1}


def test_a_server_that_answers_no_letter_is_left_alone_for_a_while(
    run: Run, settings: Settings, sink: Sink
) -> None:
    subscribe(settings, *(f"p{n}@society.example" for n in range(6)))
    publish(settings, 1)
    sink.at_data = lambda _: "drop"
    assert "3 letters in a row" in run("send", mail_senders="1").output
    taken = len(sink.kept)
    sink.at_data = lambda _: None
    assert "left alone until" in run("send").output
    assert len(sink.kept) == taken == 3
    assert run("lift", "@*").output == "Lifted.\n"
    assert told(run("send", "--json"))["counts"] == {"sent": 3}


def test_what_comes_back_ends_what_was_asked_for(
    run: Run, settings: Settings, sink: Sink, tmp_path: Path
) -> None:
    subscribe(settings, "ada@society.example", "bo@society.example")
    publish(settings, 1)
    told(run("send", "--json"))
    ada = next(kept for kept in sink.kept if kept.to == ("ada@society.example",))
    stop = f"From: ada@society.example\nTo: {ada.sender}\nSubject: unsubscribe\n\n".encode()
    changed = {"secret_key": "t" * 32}
    assert told(run("bounce", "-", "--json", typed=stop, **changed)) == {"unsubscribe: ignored": 1}
    changed["former_secret_key"] = settings.secret_key
    assert told(run("bounce", "-", "--json", typed=stop, **changed)) == {"unsubscribe: unsubscribed": 1}
    bo = next(kept for kept in sink.kept if kept.to == ("bo@society.example",))
    box = tmp_path / "box"
    for name in ("new", "cur", "tmp"):
        (box / name).mkdir(parents=True)
    report = (
        f"To: {bo.sender}\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x.example\n\n"
        "Action: failed\nStatus: 5.1.1\n\n--b--\n"
    )
    (box / "new" / "1.x").write_text(report)
    (box / "new" / "2.x").write_text("Subject: hello\n\nno bounce\n")
    assert told(run("bounce", "--maildir", str(box), "--json")) == {
        "hard: suppressed": 1,
        "nothing: ignored": 1,
    }
    assert sorted(path.name for path in (box / "cur").iterdir()) == ["1.x:2,S", "2.x:2,S"]
    assert told(run("bounce", "--maildir", str(box), "--json")) == {}
    with opened_catalog(settings) as catalog:
        assert catalog.subscribers.suppression(address_hash("bo@society.example")) is not None
        assert catalog.subscribers.counts()["active"] == 0
    assert run("lift", "bo@society.example").output == "Lifted.\n"
    assert run("suppress", "no address").exit_code == 1
    assert run("suppress", "ada@society.example").exit_code == 0


def test_an_organizations_list(run: Run, settings: Settings, sink: Sink) -> None:
    made = told(
        run("list", "add", "Breast Society", "--wish", "/subscribe?kind=topic&cancer_type=breast",
            "--rhythm", "daily", "--reply-to", "desk@society.example", "--json")
    )  # fmt: skip
    assert (made["slug"], made["wish"]["filters"]) == ("breast-society", [["cancer_type", ["breast"]]])
    assert run("list", "note", "breast-society", "Welcome all.").exit_code == 0
    changed = told(run("list", "add", "Breast News", "--slug", "breast-society", "--wish",
                       "kind=topic&cancer_type=breast", "--json"))  # fmt: skip
    assert (changed["id"], changed["note"]) == (made["id"], "Welcome all.")
    assert run("list", "close", "breast-society").exit_code == 0
    (shown,) = json.loads(run("list", "show", "--json").stdout)
    assert shown["closed"]
    assert run("list", "add", "X", "--wish", "kind=nothing").exit_code == 1
    assert run("list", "add", "X", "--wish", "kind=topic", "--accent", "red").exit_code == 2
    assert run("list", "add", "X", "--wish", "kind=topic", "--language", "xx").exit_code == 2
    assert run("list", "note", "nowhere", "x").exit_code == 1


def test_a_preview_of_a_wish(run: Run, settings: Settings, tmp_path: Path) -> None:
    publish(settings, 1)
    page = tmp_path / "letter.html"
    answer = run("preview", "--wish", "kind=topic&cancer_type=lung", "--html", str(page))
    assert "nothing to tell" in answer.output
    assert run("preview").exit_code == 2
    assert run("preview", "--subscriber", "nobody@society.example").exit_code == 1


def test_letters_are_kept_as_files_without_a_mail_server(settings: Settings, tmp_path: Path) -> None:
    commands.register(cli)
    subscribe(settings, "ada@society.example")
    publish(settings, 1)
    answer = CliRunner().invoke(
        cli, ["mail", "send", "--json"], env={"FINDINGS_DATA_DIR": settings.data_dir}, prog_name="findings"
    )
    assert told(answer)["counts"] == {"sent": 1}
    (letter,) = (tmp_path / "mail").glob("*.eml")
    assert b"ada@society.example" in letter.read_bytes()


def test_old_letters_are_forgotten(run: Run, settings: Settings) -> None:
    assert told(run("forget", "--json")) == {"letters": 0, "unconfirmed": 0}
