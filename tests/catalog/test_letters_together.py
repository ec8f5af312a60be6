"""Processes and threads that ask, compose and send at once, and senders that are killed. All invented."""

import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from domain.errors import Superseded
from domain.subscription import LetterKind, LetterState, News, NewsKind, WishKind, to_wish
from domain.subscription_ports import Settlement
from tests.catalog.asking import (
    LUNG,
    NOW,
    after,
    asked,
    consent,
    issue,
    paper,
    send_all,
    stamp,
    subscribed,
)
from tests.catalog.invented import article

ROOT = Path(__file__).parents[2]
SENDER = """
import sys
sys.path[:0] = sys.argv[1:3]
from datetime import timedelta
from asking import NOW
from catalog import open_catalog
from domain.errors import Superseded
from domain.subscription import LetterState
from domain.subscription_ports import Settlement
url, owner, later = sys.argv[3], sys.argv[4], int(sys.argv[5])
now = NOW + timedelta(seconds=later)
outbox = open_catalog(url).letters
print("ready", flush=True)
while letters := outbox.claim(owner, now, 7, 60):
    last = None
    for letter in letters:
        try:
            outbox.step(owner, last and Settlement(last, LetterState.SENT), letter.id, now)
        except Superseded:
            last = None
            continue
        print(letter.id, flush=True)
        last = letter.id
    if last:
        outbox.step(owner, Settlement(last, LetterState.SENT), None, now)
"""


def start_sender(url: str, owner: str, later: int = 0) -> subprocess.Popen[str]:
    folders = [str(ROOT), str(Path(__file__).parent)]
    arguments = [sys.executable, "-c", SENDER, *folders, url, owner, str(later)]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)


def queue_questions(catalog, number: int) -> None:
    for n in range(number):
        catalog.subscribers.sign_up(asked(f"p{n}@example.org"), NOW)


def all_of(*tasks) -> list[object]:
    """What each gives, run at once; raises what any raises."""
    start = threading.Barrier(len(tasks))

    def run(task):
        start.wait()
        return task()

    with ThreadPoolExecutor(len(tasks)) as pool:
        return [done.result() for done in [pool.submit(run, task) for task in tasks]]


def test_senders_in_processes_send_each_letter_once(url, open_here):
    catalog = open_here()
    queue_questions(catalog, 60)
    senders = [start_sender(url, f"sender-{n}") for n in range(3)]
    sent = Counter(line for sender in senders for line in sender.communicate(timeout=90)[0].split()[1:])
    assert [sender.returncode for sender in senders] == [0, 0, 0]
    assert len(sent) == 60
    assert set(sent.values()) == {1}
    assert catalog.letters.letter_counts() == {(LetterKind.CONFIRM, LetterState.SENT): 60}


def test_a_sender_that_is_killed_leaves_at_most_one_letter_in_doubt(url, open_here):
    catalog = open_here()
    queue_questions(catalog, 50)
    printed: list[str] = []
    for kill in range(4):
        sender = start_sender(url, f"sender-{kill}", later=100 * kill)
        assert sender.stdout
        assert sender.stdout.readline() == "ready\n"
        printed += [sender.stdout.readline().strip() for _ in range(3 * kill + 1)]
        os.kill(sender.pid, signal.SIGKILL)
        printed += sender.communicate()[0].split()
    printed += start_sender(url, "last", later=1000).communicate(timeout=60)[0].split()[1:]
    assert set(Counter(printed).values()) == {1}, "nothing is sent twice"
    counts = {state: n for (_, state), n in catalog.letters.letter_counts().items()}
    in_doubt = counts.get(LetterState.UNCERTAIN, 0)
    assert in_doubt <= 4
    assert counts[LetterState.SENT] + in_doubt == 50
    assert {x.id for x in catalog.letters.letters(LetterState.UNCERTAIN)} <= set(printed)


def test_threads_claim_each_letter_once(open_here):
    catalog = open_here()
    queue_questions(catalog, 40)
    claims = [lambda n=n: [x.id for x in open_here().letters.claim(f"s{n}", NOW, 15, 60)] for n in range(4)]
    claimed = [name for names in all_of(*claims) for name in names]
    assert len(claimed) == len(set(claimed)) == 40


def test_a_letter_is_begun_by_its_owner_before_it_is_taken_back_or_not_at_all(open_here):
    catalog = open_here()
    for turn in range(8):
        queue_questions_for(catalog, f"turn{turn}@example.org")
        at = after(days=turn)
        (letter,) = catalog.letters.claim("frozen", at, 9, 60)
        later = at.replace(minute=30)

        def begin(at=at, letter=letter) -> bool:
            try:
                catalog.letters.step("frozen", None, letter.id, at)
            except Superseded:
                return False
            return True

        took = lambda later=later: open_here().letters.claim("other", later, 9, 60)  # noqa: E731
        begun, taken = all_of(begin, took)
        assert begun != bool(taken), "one of them has it"
        owner = "frozen" if begun else "other"
        catalog.letters.step(owner, Settlement(letter.id, LetterState.SENT), None, later)
        if not begun:
            catalog.letters.step(owner, None, letter.id, later)
            catalog.letters.step(owner, Settlement(letter.id, LetterState.SENT), None, later)
        assert catalog.letters.letter(letter.id).state is LetterState.SENT


def queue_questions_for(catalog, email: str) -> None:
    catalog.subscribers.sign_up(asked(email), NOW)


def test_the_same_asked_at_once_is_one_subscriber_one_subscription_one_question(open_here):
    catalogs = [open_here() for _ in range(4)]
    spellings = ("ada@example.org", "ADA@example.org", "ada@EXAMPLE.org", "Ada@example.org")
    asks = [
        lambda c=c, email=email: c.subscribers.sign_up(asked(email, address_key="box"), NOW)
        for c, email in zip(catalogs, spellings, strict=True)
    ]
    kept = {one.id for one in all_of(*asks) if one}
    assert len(kept) == 1
    counts = catalogs[0].subscribers.counts()
    assert (counts["subscribers"], counts["pending"]) == (1, 1)
    assert len(catalogs[0].letters.claim("sender", NOW, 9, 60)) == 1


def test_the_limit_of_questions_holds_for_all_processes_together(open_here):
    catalogs = [open_here() for _ in range(4)]
    wishes = [to_wish(WishKind.SEARCH, f"w{n}") for n in range(4)]
    asks = [
        lambda c=c, wish=wish: c.subscribers.sign_up(
            asked(wish=wish, address_key="box"), NOW, question_limit=2
        )
        for c, wish in zip(catalogs, wishes, strict=True)
    ]
    assert sorted(map(bool, all_of(*asks))) == [False, False, True, True]


def test_two_composers_make_each_letter_once(open_here):
    catalog = open_here()
    several = [subscribed(catalog, f"p{n}@example.org") for n in range(12)]
    composed = [issue(catalog, one, *(paper(n) for n in range(5))) for one in several]
    catalogs = [open_here() for _ in range(3)]
    made = all_of(*(lambda c=c: c.subscribers.compose(composed, NOW) for c in catalogs))
    assert sorted(made) == [0, 0, 12]
    warning = News(NewsKind.RETRACTED, "p1", stamp())
    ids = [one.subscriber for one in several]
    recalled = all_of(*(lambda c=c: c.subscribers.recall(ids, warning, NOW) for c in catalogs))
    assert sorted(recalled) == [0, 0, 12]
    assert len(send_all(catalog)) == 24


def test_news_told_at_once_are_kept_once(open_here):
    told = {LUNG.key: [paper(n) for n in range(30)]}
    catalogs = [open_here() for _ in range(3)]
    all_of(*(lambda c=c: c.subscribers.tell(told) for c in catalogs))
    all_of(*(lambda c=c, n=n: c.subscribers.reach(10 * n) for n, c in enumerate(catalogs)))
    assert len(catalogs[0].subscribers.told(LUNG.key, "")) == 30
    assert catalogs[0].subscribers.position() == 20


@pytest.mark.parametrize("how", ["end", "erase"])
def test_who_leaves_while_letters_are_put_together_gets_none(open_here, how):
    catalog, other = open_here(), open_here()
    for turn in range(6):
        mine = subscribed(catalog, f"{turn}@example.org")
        late = issue(catalog, mine, paper(turn), slot=f"s{turn}")

        def leave(mine=mine) -> None:
            if how == "end":
                other.subscribers.end(mine.subscriber, consent("one-click"))
            else:
                other.subscribers.erase(mine.subscriber, NOW)

        all_of(lambda late=late: catalog.subscribers.compose([late], NOW), leave)
        assert catalog.letters.claim("sender", NOW, 9, 60) == []


def test_a_reader_of_the_outbox_skips_nothing_while_others_write(url, open_here):
    """Ids are given before a transaction ends; one that ends later must not have the lower id."""
    reader, failures = open_here(), []

    def write(number: int) -> None:
        try:
            catalog = open_here()
            for page in range(10):
                first = 1000 * number + 20 * page
                catalog.save([article(n) for n in range(first, first + 1 + (page * 7 + number * 5) % 13)])
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(n,)) for n in range(3)]
    for thread in threads:
        thread.start()
    seen, position = [], 0
    while True:
        done = not any(thread.is_alive() for thread in threads)
        while page := reader.outbox(position, 5):
            seen += [entry.id for entry in page]
            position = page[-1].id
        if done:
            break
    assert failures == []
    assert seen == [entry.id for entry in reader.outbox(0, 100_000)]
    assert len(seen) == reader.counts()["papers"]
