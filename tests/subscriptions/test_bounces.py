"""What comes back, as different mail servers write it. All messages are invented."""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from domain.errors import NotFound
from domain.subscription import Consent, Letter, LetterKind, Subscriber
from domain.subscription_ports import Outbox, Subscribers, Suppression
from subscriptions.mail.answers import Fate, judge, judge_status
from subscriptions.mail.bounces import Return, Returned, read_returned, take
from subscriptions.mail.return_path import ReturnPath
from subscriptions.mail.transport import Answer, Stage, to_answer

PATH = ReturnPath("s" * 32, "bounces@findings.example")
LETTER = "aB3_x-9zQwErTyUiOpAsDg"
NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


def dsn(
    action: str = "failed", status: str = "5.1.1", said: str = "550 5.1.1 unknown", to: str = ""
) -> bytes:
    return f"""\
From: Mail Delivery System <MAILER-DAEMON@mx.society.example>
To: {to or PATH.sender(LETTER)}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="=_b"

--=_b
Content-Type: text/plain

Your letter could not be delivered.

--=_b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.society.example

Final-Recipient: rfc822; ada@society.example
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {said}

--=_b
Content-Type: text/rfc822-headers

From: letters@findings.example
Message-ID: {PATH.message_id(LETTER, "findings.example")}

--=_b--
""".replace("\n", "\r\n").encode()


def complaint(kind: str = "abuse") -> bytes:
    return f"""\
From: feedback@society.example
To: bounces@findings.example
Subject: FW: 3 new findings
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="=_c"

--=_c
Content-Type: text/plain

A complaint about a letter.

--=_c
Content-Type: message/feedback-report

Feedback-Type: {kind}
User-Agent: Society/1.0
Version: 1

--=_c
Content-Type: message/rfc822

From: letters@findings.example
To: redacted
Message-ID: {PATH.message_id(LETTER, "findings.example")}
Subject: 3 new findings

text
--=_c--
""".encode()


QMAIL = f"""\
From: MAILER-DAEMON@old.example
To: {PATH.sender(LETTER)}
Subject: failure notice

Hi. This is the qmail-send program at old.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<ada@old.example>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.

Subject: 3 new findings
""".encode()

VACATION = f"""\
From: ada@society.example
To: {PATH.sender(LETTER)}
Subject: Out of office: 3 new findings
Auto-Submitted: auto-replied

I am away. <ada@society.example>
""".encode()

STOP = f"""\
From: ada@society.example
To: {PATH.sender(LETTER)}
Subject: unsubscribe

""".encode()


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (dsn(), Return.HARD),
        (dsn(status="5.0.0", said="550 5.1.1 <ada@society.example> no such user"), Return.HARD),
        (dsn(status="5.2.2", said="552 5.2.2 mailbox full"), Return.SOFT),
        (dsn(status="4.4.7", said="delivery time expired"), Return.SOFT),
        (dsn(status="5.7.26", said="550 5.7.26 not authenticated"), Return.POLICY),
        (dsn(action="delayed", status="4.4.1"), Return.NOTHING),
        (dsn(action="delivered", status="2.0.0", said="250 ok"), Return.NOTHING),
        (dsn(action="", status="", said=""), Return.NOTHING),
        (complaint(), Return.COMPLAINT),
        (complaint("not-spam"), Return.NOTHING),
        (complaint("opt-out"), Return.UNSUBSCRIBE),
        (QMAIL, Return.HARD),
        (QMAIL.replace(b" (#5.1.1)", b""), Return.SOFT),
        (VACATION, Return.NOTHING),
        (STOP, Return.UNSUBSCRIBE),
        (STOP.replace(b"Subject", b"Auto-Submitted: auto-generated\r\nSubject"), Return.NOTHING),
        (
            b"Subject: Re: 3 new findings\nTo: " + PATH.sender(LETTER).encode() + b"\n\nThanks!\n",
            Return.NOTHING,
        ),
    ],
)
def test_what_comes_back_is_told_apart(raw: bytes, kind: Return) -> None:
    found = read_returned(raw, PATH)
    assert (found.kind, found.letter) == (kind, LETTER)


def test_a_bounce_without_our_mark_names_no_letter() -> None:
    foreign = ReturnPath("t" * 32, "bounces@findings.example")
    for raw in (dsn(), complaint(), QMAIL, STOP):
        assert read_returned(raw, foreign).letter is None


def test_the_mark_is_found_in_what_was_returned_where_the_address_was_lost() -> None:
    assert read_returned(dsn(to="postmaster@findings.example"), PATH).letter == LETTER


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\0" * 100,
        b"Content-Type: multipart/report; report-type=delivery-status\n\n",
        b"Content-Type: multipart/report; report-type=feedback-report; boundary=x\n\n--x\n--x--",
        b"Content-Type: message/delivery-status\n\nAction: failed\n\n\n\nAction",
        b"Content-Type: message/delivery-status; charset=\xff\n\n\xff\xfe",
        b"To: =?x?q?\xff?=\nSubject: =?utf-8?b?####?=\n\n" + b"A" * 10_000,
        b"Content-Type: multipart/report; report-type*0*=''%ff; boundary=\n\n",
        b"To: " + b"(" * 100_000 + b"\n\n",
        b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(3000)),
        b"Content-Type: message/rfc822\n\n" * 9000,
    ],
)
def test_any_bytes_are_read(raw: bytes) -> None:
    assert read_returned(raw, PATH).letter is None


@pytest.mark.parametrize(
    "raw",
    [
        b"Content-Type: multipart/report; " + b"a=b; " * 20_000 + b"\n\n",
        b"To: " + b"a@b.example, " * 20_000 + b"\n\n",
        b"Subject: " + b"=?utf-8?q?a?= " * 10_000 + b"\n\n",
    ],
    ids=["parameters", "addresses", "encoded words"],
)
def test_long_headers_cost_little(raw: bytes) -> None:
    began = time.process_time()
    read_returned(raw, PATH)
    assert time.process_time() - began < 1.0, "it took seconds, and grew with the square of their length"


@dataclass
class Kept:
    """Stands for the database here: the tests of the catalog try the real one."""

    done: list[tuple[Any, ...]] = field(default_factory=list)

    def letter(self, letter_id: str) -> Letter:
        if letter_id != LETTER:
            raise NotFound("letter", letter_id)
        return Letter(LETTER, LetterKind.ISSUE, "sub-1", "weekly/2026-W47")

    def subscriber(self, subscriber_id: str) -> Subscriber:
        return Subscriber(subscriber_id, "ada@society.example")

    def bounced(self, letter_id: str, at: datetime, *, hard: bool, reason: str) -> bool:
        self.done.append(("bounced", letter_id, hard))
        return hard

    def suppress(self, suppression: Suppression) -> None:
        self.done.append(("suppress", suppression.reason, len(suppression.address_hash)))

    def end(self, subscriber_id: str, consent: Consent, subscription_id: str = "") -> int:
        self.done.append(("end", subscriber_id, consent.act))
        return 1


@pytest.mark.parametrize(
    ("kind", "told", "done"),
    [
        (Return.HARD, "suppressed", ("bounced", LETTER, True)),
        (Return.SOFT, "noted", ("bounced", LETTER, False)),
        (Return.COMPLAINT, "suppressed", ("suppress", "complained", 64)),
        (Return.UNSUBSCRIBE, "unsubscribed", ("end", "sub-1", "unsubscribed")),
        (Return.POLICY, "ignored", None),
        (Return.NOTHING, "ignored", None),
    ],
)
def test_what_comes_back_has_its_consequence(kind: Return, told: str, done: tuple[Any, ...] | None) -> None:
    kept = Kept()
    stores = cast("Subscribers", kept), cast("Outbox", kept)
    assert take(Returned(kind, LETTER), *stores, NOW) == told
    assert kept.done == ([done] if done else [])
    for letter in (None, "forgotten"):
        assert take(Returned(kind, letter), *stores, NOW) == "ignored"
    assert len(kept.done) <= 1


@pytest.mark.parametrize(
    ("stage", "code", "text", "fate"),
    [
        ("end", 250, "2.0.0 queued", Fate.SENT),
        ("end", 0, "connection lost", Fate.UNCERTAIN),
        ("rcpt", 0, "connection lost", Fate.AGAIN),
        ("data", 0, "connection lost", Fate.AGAIN),
        ("connect", 0, "timed out", Fate.AWAY),
        ("mail", 0, "connection lost", Fate.AWAY),
        ("connect", 421, "too many connections", Fate.AWAY),
        ("connect", 535, "5.7.8 bad credentials", Fate.OURS),
        ("connect", 554, "5.7.1 no service for you", Fate.OURS),
        ("mail", 550, "5.7.1 sender refused", Fate.OURS),
        ("mail", 530, "5.7.0 log in first", Fate.OURS),
        ("mail", 553, "5.6.7 no international addresses", Fate.BROKEN),
        ("mail", 552, "5.3.4 too big", Fate.BROKEN),
        ("rcpt", 450, "4.2.0 greylisted, try again", Fate.AGAIN),
        ("rcpt", 451, "4.7.1 Greylisting in action", Fate.AGAIN),
        ("rcpt", 421, "4.7.28 unusual rate", Fate.REST),
        ("end", 451, "4.7.0 slow down", Fate.REST),
        ("rcpt", 452, "4.2.2 full", Fate.AGAIN),
        ("rcpt", 550, "5.1.1 unknown", Fate.DEAD),
        ("rcpt", 550, "5.1.10 no such address", Fate.DEAD),
        ("rcpt", 550, "5.2.1 mailbox disabled", Fate.DEAD),
        ("rcpt", 550, "user unknown", Fate.DEAD),
        ("rcpt", 550, "blocked by our policy", Fate.POLICY),
        ("rcpt", 550, "no", Fate.FULL),
        ("rcpt", 552, "5.2.2 over quota", Fate.FULL),
        ("rcpt", 550, "5.4.1 access denied", Fate.FULL),
        ("end", 550, "5.7.515 not authenticated", Fate.POLICY),
        ("end", 554, "looks like spam", Fate.POLICY),
        ("end", 554, "5.6.0 cannot be read", Fate.BROKEN),
        ("end", 500, "what?", Fate.BROKEN),
        ("rcpt", 299, "odd", Fate.AGAIN),
    ],
)
def test_each_answer_has_its_consequence(stage: str, code: int, text: str, fate: Fate) -> None:
    assert judge(Answer(Stage(stage), code, text)) is fate


def test_a_status_alone_is_judged_too() -> None:
    assert judge_status("5.1.1") is Fate.DEAD
    assert judge_status("5.7.1") is Fate.POLICY
    assert judge_status("4.4.7") is Fate.FULL


def test_an_answer_is_kept_in_a_line_that_names_nobody() -> None:
    said = b"5.1.1 <Ada.L@Society.example>: Recipient ada.l rejected\r\nsee \xff\x1b[31m"
    answer = to_answer(Stage.RCPT, 550, said, "ada.l@society.example")
    assert "ada" not in answer.line.lower()
    assert answer.line.startswith("550 5.1.1 <…>: Recipient … rejected see")
    assert answer.line.isprintable()
