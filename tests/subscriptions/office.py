"""A database with letters that wait, and senders in this process or in one of their own. All invented."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from catalog import open_catalog
from catalog.sqlcatalog import SqlCatalog
from domain.digest import Audience
from domain.subscription import (
    Consent,
    Letter,
    LetterKind,
    LetterState,
    News,
    NewsKind,
    Rhythm,
    Section,
    Subscriber,
    WishKind,
    to_wish,
)
from domain.subscription_ports import Composed, Round, SignUp
from subscriptions.mail.letterhead import Letterhead
from subscriptions.mail.rates import Rates
from subscriptions.mail.return_path import ReturnPath
from subscriptions.mail.senders import send_all
from subscriptions.mail.sending import Sender
from subscriptions.mail.smtp import Patience, SmtpTransport, to_server
from subscriptions.mail.tally import Tally
from subscriptions.tokens import Tokens

SECRET = "s" * 32
FROM = "letters@findings.example"
TOPIC = to_wish(WishKind.TOPIC, filters={"country": ("PE",)})


@dataclass(frozen=True)
class Said:
    subject: str
    html: str
    text: str
    language: str = "en"


@dataclass
class Words:
    """Writes something: nothing for those in `refuse`; it trips on those in `broken`."""

    refuse: Sequence[str] = ()
    broken: Sequence[str] = ()

    def write(self, letter: Letter, subscriber: Subscriber) -> Said | None:
        if subscriber.email in self.broken:
            raise LookupError("planted")
        if subscriber.email in self.refuse:
            return None
        return Said(f"News for {letter.slot}", "<p>Größe</p>" * 50, f"News for {letter.slot}\n")


def letterhead() -> Letterhead:
    path = ReturnPath(SECRET, "bounces@findings.example")
    return Letterhead(FROM, "Findings", "https://findings.example", Tokens(SECRET), path)


@dataclass
class Office:
    """Letters in a database, and what sends them."""

    url: str
    port: int
    words: Words = field(default_factory=Words)
    patience: Patience = field(default_factory=lambda: Patience(5, 5, 5, 500))
    rates: Rates = field(default_factory=lambda: Rates(0, own={}))
    tally: Tally = field(default_factory=Tally)
    ahead: float = 0.0
    """Seconds that the senders' clock is ahead."""
    lease: float = 60.0
    batch: int = 20

    def clock(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.ahead)

    def fill(self, emails: Sequence[str]) -> None:
        """Queue a letter for each."""
        with contextlib.closing(open_catalog(self.url)) as catalog:
            fill(catalog, emails)

    def send(self, senders: int = 1) -> bool:
        """Send what waits."""
        with contextlib.closing(open_catalog(self.url)) as catalog:
            stop = threading.Event()
            return send_all(
                lambda owner: self._sender(catalog, owner, stop), senders, catalog.letters, stop, self.clock
            )

    def states(self) -> dict[str, LetterState]:
        """Address → the state of its letter."""
        with contextlib.closing(open_catalog(self.url)) as catalog:
            return {
                catalog.subscribers.subscriber(letter.subscriber).email: state
                for state in LetterState
                for letter in catalog.letters.letters(state, "", 10_000)
                if letter.kind is LetterKind.ISSUE
            }

    def letters(self, state: LetterState) -> list[Letter]:
        with contextlib.closing(open_catalog(self.url)) as catalog:
            return catalog.letters.letters(state, "", 10_000)

    def _sender(self, catalog: SqlCatalog, owner: str, stop: threading.Event) -> Sender:
        return Sender(
            owner=owner,
            outbox=catalog.letters,
            subscribers=catalog.subscribers,
            words=self.words,
            letterhead=letterhead(),
            transport=SmtpTransport(to_server(f"smtp://127.0.0.1:{self.port}"), self.patience),
            rates=self.rates,
            tally=self.tally,
            stop=stop,
            clock=self.clock,
            lease=self.lease,
            batch=self.batch,
        )


def fill(catalog: SqlCatalog, emails: Sequence[str]) -> None:
    """Sign each up, confirmed, with a letter that waits."""
    now = datetime.now(UTC)
    stamp = f"{now:%Y-%m-%dT%H:%M:%SZ}"
    rounds = []
    for email in emails:
        asked = SignUp(email, TOPIC, Rhythm.DAILY, "en", "UTC", Consent(stamp, "asked"), address_key=email)
        kept = catalog.subscribers.sign_up(asked, now)
        assert kept is not None
        active = catalog.subscribers.confirm(kept.id, Consent(stamp, "confirmed"))
        subscriber = catalog.subscribers.subscriber(active.subscriber)
        rounds.append(Round(subscriber, Rhythm.DAILY, stamp, "", (active,)))
    news = News(NewsKind.PAPER, "paper-1", stamp)
    later = f"{now + timedelta(days=1):%Y-%m-%dT%H:%M:%SZ}"
    composed = [
        Composed(one, "daily/2026-11-21", later, (Section(s.id, s.wish, Audience.PUBLIC, (news,)),))
        for one in rounds
        for s in one.subscriptions
    ]
    catalog.subscribers.compose(composed)


def emails(number: int, domain: str = "society.example") -> list[str]:
    return [f"p{n}@{domain}" for n in range(number)]


def run_sender(url: str, port: int, ahead: float, lease: float, senders: int = 1) -> None:
    """What a process of its own does; told to end, it ends in good order."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    Office(url, port, ahead=ahead, lease=lease).send(senders)


_NURSERY = """
import json, os, sys, types
tests = types.ModuleType("tests")  # others install packages of that name
tests.__path__ = [sys.argv[1] + "/tests"]
sys.modules["tests"] = tests
sys.path.insert(0, sys.argv[1])
from tests.subscriptions.office import run_sender
for line in sys.stdin:
    child = os.fork()
    if child == 0:
        run_sender(*json.loads(line))
        os._exit(0)
    print(child, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


class Nursery:
    """Starts senders in processes of their own, one after the other, without loading all again for each."""

    def __init__(self) -> None:
        root = str(Path(__file__).parents[2])
        self._process = subprocess.Popen(
            [sys.executable, "-c", _NURSERY, root], text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self.pid = 0

    def start(self, *arguments: str | float) -> int:
        """Start one; its process id."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(arguments) + "\n")
        self._process.stdin.flush()
        self.pid = int(self._process.stdout.readline())
        return self.pid

    def wait(self) -> int:
        """Wait for the end of the last one; its exit code, that of a signal below zero."""
        assert self._process.stdout
        return int(self._process.stdout.readline())

    def close(self) -> None:
        """End, and what runs."""
        with contextlib.suppress(ProcessLookupError):
            if self.pid:
                os.kill(self.pid, signal.SIGKILL)
        self._process.kill()
        self._process.communicate()
