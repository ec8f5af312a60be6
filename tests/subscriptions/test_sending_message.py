"""Letters as bytes: whole, signed, stoppable, and with no header that somebody smuggled in. All invented."""

import base64
import email
import email.policy
import itertools
import subprocess
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import dkim
import pytest

from domain.digest import Audience
from domain.errors import ConfigError, MailError
from domain.subscription import (
    Letter,
    LetterKind,
    MailingList,
    Section,
    Subscriber,
    WishKind,
    to_wish,
)
from subscriptions.mail.fields import to_name, to_subject
from subscriptions.mail.letterhead import Letterhead, list_of
from subscriptions.mail.return_path import ReturnPath
from subscriptions.mail.signing import load_signer
from subscriptions.mail.smtp import Patience, SmtpTransport, to_server
from subscriptions.mail.transport import Mail
from subscriptions.tokens import Purpose, Tokens
from tests.subscriptions.sink import Sink

SECRET = "s" * 32
NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
ADA = Subscriber("sub-1", "Ada@society.example")
LIST = MailingList(
    "list-1", "lung-news", "Lung Society", to_wish(WishKind.TOPIC), reply_to="desk@lung.example"
)
FROM = "letters@findings.example"


@dataclass
class Words:
    subject: str = "3 new findings on lung cancer"
    html: str = "<p>One — two</p>"
    text: str = "One — two\n"
    language: str = "en"


def letter(kind: LetterKind = LetterKind.ISSUE, wish: WishKind = WishKind.TOPIC) -> Letter:
    section = Section("subscription-1", to_wish(wish, target="list-1"), Audience.PUBLIC, ())
    return Letter("aB3_x-9zQw", kind, "sub-1", "weekly/2026-W47", (section,))


def letterhead(bounces: str = "bounces@findings.example") -> Letterhead:
    site = "https://findings.example"
    return Letterhead(FROM, "Findings", site, Tokens(SECRET), ReturnPath(SECRET, bounces))


def parse(mail: Mail) -> EmailMessage:
    return email.message_from_bytes(mail.content, policy=email.policy.default)


def write(
    head: Letterhead, words: Words, which: Letter | None = None, sent: MailingList | None = None
) -> Mail:
    return head.mail(which or letter(), ADA, words, sent, NOW)


def test_both_forms_arrive_as_they_were_written() -> None:
    words = Words(html="<p>Größe\r\n.dot — عربى</p>\n" + "x" * 5000, text="Plain.\n.dot\n\nEnd")
    message = parse(write(letterhead(), words))
    assert message.get_content_type() == "multipart/alternative"
    plain, html = message.iter_parts()
    assert [part.get_content_type() for part in (plain, html)] == ["text/plain", "text/html"]
    assert plain.get_content().splitlines() == ["Plain.", ".dot", "", "End"]
    assert html.get_content().splitlines() == words.html.splitlines()
    assert not message.defects
    assert not plain.defects
    assert not html.defects


def test_no_line_is_longer_than_mail_servers_take() -> None:
    words = Words(subject="Wort für Wort " * 60, html="x" * 3000, text="ä" * 3000)
    content = write(letterhead(), words, sent=replace(LIST, name="Ö" * 300)).content
    assert max(map(len, content.split(b"\r\n"))) < 998
    assert b"\n" not in content.replace(b"\r\n", b"")


def test_a_letter_says_how_to_stop_it() -> None:
    head = letterhead()
    mail = write(head, Words())
    message = parse(mail)
    https, mailto = (part.strip(" <>") for part in message["List-Unsubscribe"].split(","))
    token = https.removeprefix("https://findings.example/unsubscribe/")
    assert Tokens(SECRET).read(Purpose.UNSUBSCRIBE, token, None) == "sub-1"
    assert mailto == f"mailto:{mail.sender}?subject=unsubscribe"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["List-Id"] == "<letters.findings.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "en"
    assert head.return_path.read(mail.sender) == head.return_path.read(message["Message-ID"]) == "aB3_x-9zQw"


def test_without_a_mailbox_for_them_bounces_go_to_the_sender_and_no_mail_is_promised_to_stop_it() -> None:
    mail = write(letterhead(""), Words())
    assert mail.sender == FROM
    assert "mailto" not in parse(mail)["List-Unsubscribe"]


def test_the_question_whether_it_was_they_is_of_no_list() -> None:
    message = parse(write(letterhead(), Words(), letter(LetterKind.CONFIRM)))
    assert not [name for name in message if name.lower().startswith("list-")]


def test_an_organizations_list_goes_out_under_its_name_from_our_address() -> None:
    which = letter(wish=WishKind.LIST)
    assert list_of(which, {"list-1": LIST}.__getitem__) is LIST
    message = parse(write(letterhead(), Words(), which, LIST))
    assert message["From"].addresses[0].display_name == "Lung Society"
    assert message["From"].addresses[0].addr_spec == FROM
    assert message["Reply-To"] == "desk@lung.example"
    assert message["List-Id"] == "<lung-news.lists.findings.example>"
    assert message["List-Archive"] == "<https://findings.example/lists/lung-news>"
    token = message["List-Unsubscribe"].split(">")[0].rpartition("/")[2]
    assert Tokens(SECRET).read(Purpose.UNSUBSCRIBE, token, None) == "sub-1/subscription-1"


def test_a_message_id_stays_the_same_however_often_a_letter_is_tried() -> None:
    first, again = (
        parse(letterhead().mail(letter(), ADA, Words(), None, at)) for at in (NOW, NOW.replace(day=22))
    )
    assert first["Message-ID"] == again["Message-ID"]
    assert first["Date"] != again["Date"]


SIGNS = ["\r", "\n", "\r\n", "\r\n ", "\u2028", "\u2029", "\0", "\x0b", "\x85", "\u202e"]
ATTACKS = [
    "Bcc: eve@evil.example",
    "To: eve@evil.example",
    "\r\nRCPT TO:<eve@evil.example>",
    "=?utf-8?q?=0d=0aBcc:_eve=40evil.example?=",
    "<eve@evil.example>, ",
]
PLACES = ["subject", "name", "address", "reply_to"]


@pytest.mark.parametrize("place", PLACES)
def test_no_header_and_no_recipient_is_smuggled_in(place: str) -> None:
    """S7: ten signs in five attacks at four places, in front and behind: 400 letters."""
    head, handed = letterhead(), []
    for sign, attack, before in itertools.product(SIGNS, ATTACKS, (True, False)):
        told = f"{attack}{sign}Ada" if before else f"Ada{sign}{attack}"
        words = Words(subject=told if place == "subject" else "Subject")
        to = replace(ADA, email=told if "@" in told else f"{told}@x.example") if place == "address" else ADA
        sent = LIST
        if place == "name":
            sent = replace(LIST, name=told)
        if place == "reply_to":
            sent = replace(LIST, reply_to=told)
        try:
            handed.append(head.mail(letter(), to, words, sent, NOW))
        except MailError:
            continue
    assert bool(handed) == (place in ("subject", "name"))
    with Sink() as sink:
        transport = SmtpTransport(to_server(sink.url), Patience(letters=500))
        for mail in handed:
            assert transport.deliver(mail, lambda: None).is_accepted
        transport.close()
    assert len(sink.kept) == len(handed)
    for kept in sink.kept:
        message = kept.message
        assert kept.to == ("Ada@society.example",)
        assert message["To"] == "Ada@society.example"
        assert not {"bcc", "cc", "resent-to"} & {name.lower() for name in message}
        assert all(len(message.get_all(name, [])) == 1 for name in ("To", "From", "Subject", "Reply-To"))
        assert [a.addr_spec for a in message["From"].addresses] == [FROM]
        assert "@" not in message["From"].addresses[0].display_name
        assert len(message.defects) == 0


@pytest.mark.parametrize(
    "name",
    [
        "service@bank.example",
        '"Bank" <service@bank.example>',
        "Bank ＜service＠bank.example＞",
        "Bank﹫example",
        "elpmaxe\u202e@knab",
        "=?utf-8?b?c2VydmljZUBiYW5rLmV4YW1wbGU=?=",
    ],
)
def test_a_name_poses_as_no_address(name: str) -> None:
    said = parse(write(letterhead(), Words(), sent=replace(LIST, name=name)))["From"].addresses[0]
    assert said.addr_spec == FROM
    assert not {"@", "＠", "﹫", "<", "\u202e"} & set(said.display_name)
    assert to_name(to_name(name)) == to_name(name)


def test_a_subject_is_cut_at_a_word() -> None:
    cut = to_subject("word " * 100)
    assert len(cut) <= 200
    assert cut.endswith("word…")


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("dkim") / "key.pem"
    subprocess.run(["openssl", "genrsa", "-out", path, "2048"], check=True, capture_output=True)
    return path


def public(key: Path) -> bytes:
    told = subprocess.run(
        ["openssl", "rsa", "-in", key, "-pubout", "-outform", "DER"], check=True, capture_output=True
    )
    return b"v=DKIM1; k=rsa; p=" + base64.b64encode(told.stdout)


def test_a_signature_holds_and_covers_what_stops_a_letter(key: Path) -> None:
    head = replace(letterhead(), signer=load_signer(key, "s1", FROM))
    words = Words(subject="Überleben — vier Wörter " * 5, html="<p>ä</p>  \r\n\r\n", text=". \n\n\n")
    asked = []

    def dns(name: bytes, timeout: float = 5) -> bytes:
        asked.append(name)
        return public(key)

    with Sink() as sink:
        transport = SmtpTransport(to_server(sink.url), Patience())
        assert transport.deliver(write(head, words), lambda: None).is_accepted
        transport.close()
    arrived = sink.kept[0].content
    assert dkim.verify(arrived, dnsfunc=dns)
    assert asked == [b"s1._domainkey.findings.example."]
    signed = "".join(str(sink.kept[0].message["DKIM-Signature"]).split())
    assert "c=relaxed/relaxed" in signed
    covered = signed.split("h=")[1].split(";")[0].split(":")
    assert {"from", "to", "subject", "list-unsubscribe", "list-unsubscribe-post"} <= set(covered)
    for header in (b"List-Unsubscribe: <https://", b"Subject: ", b"From: "):
        assert not dkim.verify(arrived.replace(header, header + b"x", 1), dnsfunc=dns)
    assert not dkim.verify(b"Reply-To: eve@evil.example\r\n" + arrived, dnsfunc=dns)


@pytest.mark.parametrize(("content", "selector"), [(None, "s1"), (b"no key", "s1"), (b"x", "")])
def test_a_key_that_cannot_sign_is_told_before_anything_is_sent(
    tmp_path: Path, content: bytes | None, selector: str
) -> None:
    path = tmp_path / "key.pem"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigError, match="dkim"):
        load_signer(path, selector, FROM)


def test_no_changed_or_foreign_mark_is_read() -> None:
    ours, address = (
        ReturnPath(SECRET, "bounces@f.example"),
        ReturnPath(SECRET, "b@f.example").sender("aB3_x-9zQw"),
    )
    assert ours.read(address.upper()) == "aB3_x-9zQw"
    assert ReturnPath("t" * 32, "bounces@f.example").read(address) is None
    changed_key = ReturnPath("t" * 32, "b@f.example", SECRET)
    assert changed_key.read(address) == "aB3_x-9zQw", "a letter that was marked before the secret changed"
    assert ours.read(changed_key.sender("aB3_x-9zQw")) is None, "nothing is marked by the former one"
    assert ours.read(ReturnPath("", "b@f.example").sender("aB3_x-9zQw")) is None
    local = address.split("@")[0].split("+")[1]
    for at, sign in itertools.product(range(len(local)), "a7-x"):
        changed = local[:at] + sign + local[at + 1 :]
        assert changed == local or ours.read(f"b+{changed}@f.example") is None


@pytest.mark.parametrize(
    ("address", "arrives"),
    [("ada@société.example", "ada@xn--socit-esab.example"), ("adä@society.example", "adä@society.example")],
)
def test_international_addresses_are_written_as_the_server_can_take_them(address: str, arrives: str) -> None:
    with Sink() as sink:
        transport = SmtpTransport(to_server(sink.url), Patience())
        mail = replace(write(letterhead(), Words()), to=address)
        assert transport.deliver(mail, lambda: None).is_accepted
        transport.close()
    assert sink.recipients == [arrives]


def test_an_address_with_a_line_end_never_reaches_a_server() -> None:
    with Sink() as sink:
        transport = SmtpTransport(to_server(sink.url), Patience())
        mail = replace(write(letterhead(), Words()), to="ada@society.example>\r\nRCPT TO:<eve@evil.example")
        with pytest.raises(MailError):
            transport.deliver(mail, lambda: None)
        transport.close()
    assert sink.recipients == []
