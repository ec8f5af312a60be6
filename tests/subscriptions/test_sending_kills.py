"""R3, R16: senders that are killed, frozen, told to end or doubled; each recipient gets one letter at most.

`FINDINGS_TEST_SOAK=1` makes it 100 kills among 500 recipients. All addresses are invented.
"""

import os
import random
import signal
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from domain.subscription import LetterState
from tests.subscriptions.office import Nursery, Office, emails
from tests.subscriptions.sink import Sink

SOAK = bool(os.environ.get("FINDINGS_TEST_SOAK"))
KILLS, RECIPIENTS = (100, 500) if SOAK else (6, 60)
MOMENTS = ("recipient", "data", "answer", "between")
"""Where it dies: when the server has the address; when it has all of it and has not answered; while it
answers; a little later."""


@pytest.fixture
def nurseries() -> Iterator[Callable[[], Nursery]]:
    opened: list[Nursery] = []

    def make() -> Nursery:
        opened.append(Nursery())
        return opened[-1]

    yield make
    for nursery in opened:
        nursery.close()


@dataclass
class Killer:
    """Kills the process at a moment of the conversation about its nth letter."""

    random: random.Random
    pid: int = 0
    moment: str = ""
    left: int = 0

    def arm(self, every: int) -> None:
        self.moment, self.left = self.random.choice(MOMENTS), self.random.randint(1, every)

    def at_rcpt(self, address: str) -> None:
        self._strike("recipient")

    def has_it(self, address: str) -> None:
        if self.moment == "answer" and self.left == 1:
            self._later(self.random.uniform(0.0, 0.01))
        elif self.moment == "between" and self.left == 1:
            self._later(self.random.uniform(0.01, 0.05))
        self._strike("data")

    def _later(self, seconds: float) -> None:
        self.left = 0
        threading.Timer(seconds, self._kill).start()

    def _strike(self, moment: str) -> None:
        if self.left and (moment == self.moment or (moment == "data" and self.moment != "recipient")):
            self.left -= 1
            if self.left == 0:
                self._kill()

    def _kill(self) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)


def test_a_killed_sender_sends_nothing_twice(nurseries: Callable[[], Nursery], tmp_path: Path) -> None:
    seed = int(os.environ.get("FINDINGS_TEST_SEED", "0")) or random.SystemRandom().randrange(10**9)
    killer = Killer(random.Random(seed))
    with Sink(at_rcpt=killer.at_rcpt, has_it=killer.has_it, delay=0.005) as sink:
        office = Office(f"sqlite:///{tmp_path / 'findings.db'}", sink.port)
        office.fill(emails(RECIPIENTS))
        kills, nursery = 0, nurseries()
        while kills < KILLS and number_left(office):
            killer.arm(max(1, RECIPIENTS // KILLS - 1))
            # The clock goes on, so that what the last one held has run out.
            killer.pid = nursery.start(office.url, sink.port, kills * 3600.0, 60.0)
            assert nursery.wait() == -signal.SIGKILL, f"seed {seed}"
            kills += 1
        office.ahead = KILLS * 4 * 3600.0
        office.send()
        times, states = Counter(sink.recipients), office.states()
    counted = Counter(states.values())
    assert kills == KILLS, f"seed {seed}"
    assert max(times.values()) == 1, f"seed {seed}"
    assert set(states.values()) <= {LetterState.SENT, LetterState.UNCERTAIN}, f"seed {seed}: {counted}"
    assert counted[LetterState.UNCERTAIN] <= KILLS, f"seed {seed}: {counted}"
    lost = {email for email in emails(RECIPIENTS) if email not in times}
    assert lost <= {email for email, state in states.items() if state is LetterState.UNCERTAIN}, (
        f"seed {seed}"
    )
    print(f"{kills} kills, {RECIPIENTS} recipients: {len(times)} had it, {counted}")


def number_left(office: Office) -> int:
    return len(office.letters(LetterState.QUEUED)) + len(office.letters(LetterState.CLAIMED))


def test_two_senders_at_once_send_each_letter_once(nurseries: Callable[[], Nursery], tmp_path: Path) -> None:
    with Sink(delay=0.005) as sink:
        office = Office(f"sqlite:///{tmp_path / 'findings.db'}", sink.port)
        office.fill(emails(80))
        both = [nurseries(), nurseries()]
        for nursery in both:
            nursery.start(office.url, sink.port, 0.0, 60.0, 2)
        assert [nursery.wait() for nursery in both] == [0, 0]
        assert Counter(sink.recipients) == Counter(emails(80))
        assert set(office.states().values()) == {LetterState.SENT}


def stop_outside_transactions(pid: int, database: Path) -> None:
    """Freeze a process; one that is frozen while it writes holds up everybody on SQLite, whatever we do."""
    while True:
        os.kill(pid, signal.SIGSTOP)
        time.sleep(0.1)  # until all its threads have stopped
        try:
            with closing(sqlite3.connect(database, timeout=0)) as connection:
                connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            os.kill(pid, signal.SIGCONT)
            time.sleep(0.02)
        else:
            return


@pytest.mark.parametrize("moment", ["recipient", "data"])
def test_a_sender_frozen_beyond_its_claim_does_no_harm_when_it_thaws(
    nurseries: Callable[[], Nursery], tmp_path: Path, moment: str
) -> None:
    """It is stopped when the server has the address (or all) of its third letter, and thawed after another
    has taken over and sent the rest."""
    frozen = threading.Event()
    seen: list[str] = []

    def freeze(address: str) -> None:
        seen.append(address)
        if len(seen) == 3:
            stop_outside_transactions(first.pid, tmp_path / "findings.db")
            frozen.set()

    with Sink() as sink:
        if moment == "recipient":
            sink.at_rcpt = lambda address: freeze(address)
        else:
            sink.has_it = freeze
        office = Office(f"sqlite:///{tmp_path / 'findings.db'}", sink.port)
        office.fill(emails(12))
        first = nurseries()
        first.start(office.url, sink.port, 0.0, 2.0)
        assert frozen.wait(30)
        time.sleep(3.1)  # a claim is for whole seconds, and counted up
        office.send()
        meanwhile = office.states()
        os.kill(first.pid, signal.SIGCONT)
        assert first.wait() == 0
        states, times = office.states(), Counter(sink.recipients)
    assert times == Counter(emails(12)), "all, and each once"
    assert set(states.values()) == {LetterState.SENT}
    in_doubt = [email for email, state in meanwhile.items() if state is LetterState.UNCERTAIN]
    assert in_doubt == [seen[1 if moment == "recipient" else 2]], "until it came back and knew the answer"


def test_a_sender_that_is_told_to_end_ends_with_the_letter_at_hand(
    nurseries: Callable[[], Nursery], tmp_path: Path
) -> None:
    told = threading.Event()

    def end(_: str) -> None:
        if len(sink.kept) == 3 and not told.is_set():
            told.set()
            os.kill(process.pid, signal.SIGTERM)

    with Sink(has_it=end, delay=0.05) as sink:
        office = Office(f"sqlite:///{tmp_path / 'findings.db'}", sink.port)
        office.fill(emails(20))
        process = nurseries()
        process.start(office.url, sink.port, 0.0, 60.0)
        assert process.wait() == 0
        counted = Counter(office.states().values())
        assert counted[LetterState.SENT] == len(sink.kept) < 8
        assert counted[LetterState.QUEUED] == 20 - len(sink.kept), "no claim is left"
