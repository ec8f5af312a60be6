"""Guessing at scale (S5): at one account, at many, from many networks; and what time tells. All invented.

`FINDINGS_TEST_SOAK=1` makes it 10,000 guesses, 1,000 accounts, 200 networks and 2,000 samples of each time.
"""

import gc
import math
import os
import random
import time
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from statistics import median

import pytest
from argon2 import PasswordHasher

from catalog.sqlcatalog import SqlCatalog
from tests.web.organizers import HOST, Post
from web.forms import FormRefused
from web.people import passwords
from web.people.accounts import LINK_LIFE, LONG_LIFE, MOST_A_DAY, MOST_TRIES, WINDOW, Door, Purpose

SOAK = bool(os.environ.get("FINDINGS_TEST_SOAK"))
GUESSES, ACCOUNTS, NETWORKS, SAMPLES = (10_000, 1_000, 200, 2_000) if SOAK else (600, 60, 20, 60)
STEP = 1 if SOAK else 5
OWNER, STRANGER, HOME = "ada@society.example", "nobody@elsewhere.example", "203.0.113.9"
GOOD = "violet-otter-drums-7"
SURE = 0.001
"""How rare an accident has to be, before two times count as told apart."""


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = datetime(2027, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def door(catalog: SqlCatalog, post: Post, clock: Clock) -> Door:
    def link(purpose: Purpose, token: str) -> str:
        return f"{HOST}/{purpose}/{token}"

    return Door(catalog.accounts, post, "s" * 32, "Findings", link, clock, lambda seconds: None)


@pytest.fixture
def real_door(door: Door) -> Door:
    """One that takes its time."""
    return replace(door, wait=time.sleep)


@pytest.fixture
def cheap(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Hashes of the least cost, where guesses are counted and not timed."""
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", lambda: hasher)
    passwords._decoy.cache_clear()
    yield
    passwords._decoy.cache_clear()


def network(number: int) -> str:
    return f"198.{18 + number // 65_536 % 2}.{number // 256 % 256}.{number % 256}"


def with_password(door: Door, email: str) -> None:
    person = door.prove(door.accounts.create(email, ""))
    door.accounts.set_password(person.id, passwords.hash_password(GOOD))


def is_tried(door: Door, email: str, client: str) -> bool:
    """Whether a wrong guess is compared with the password at all."""
    with suppress(FormRefused):
        assert door.by_password(email, "a guess", client) is None
        return True
    return False


def ask_for_letter(door: Door, client: str) -> None:
    with suppress(FormRefused):
        door.send_link(OWNER, client, Purpose.SIGN_IN)


def most_in_a_window(times: Iterable[datetime]) -> int:
    """The most in any quarter of an hour."""
    found = sorted(times)
    return max((n - bisect_left(found, at - WINDOW) + 1 for n, at in enumerate(found)), default=0)


@pytest.mark.usefixtures("cheap")
def test_one_account_is_tried_ten_times_in_a_quarter_of_an_hour(door: Door, post: Post, clock: Clock) -> None:
    """From all networks together, for six hours, while somebody asks for its letters as often as they can."""
    with_password(door, OWNER)
    tried: list[datetime] = []
    for number in range(GUESSES):
        clock.now += timedelta(hours=6) / GUESSES
        if is_tried(door, OWNER, network(number % NETWORKS)):
            tried.append(clock.now)
        if number % 5 == 0:
            ask_for_letter(door, network(number % NETWORKS))
        if number % (GUESSES // 6) == GUESSES // 6 - 1:
            with pytest.raises(FormRefused):
                door.by_password(OWNER, GOOD, HOME)
            ask_for_letter(door, HOME)
            token = post.link().rpartition("/")[2]
            assert door.redeem(Purpose.SIGN_IN, token), "the owner gets in by a link meanwhile"
    assert 0 < most_in_a_window(tried) <= MOST_TRIES
    clock.now += WINDOW + timedelta(seconds=1)
    assert door.by_password(OWNER, GOOD, HOME), "and by password, once it is over"


@pytest.mark.usefixtures("cheap")
def test_many_accounts_are_tried_no_more_often(door: Door, clock: Clock) -> None:
    """Each network has ten tries, whichever accounts it tries; each account ten, whoever tries."""
    emails = [f"person-{number}@society.example" for number in range(ACCOUNTS)]
    for email in emails[::10]:
        with_password(door, email)
    draw = random.Random(7)
    by_account: defaultdict[str, list[datetime]] = defaultdict(list)
    by_network: defaultdict[str, list[datetime]] = defaultdict(list)
    for number in range(GUESSES):
        clock.now += timedelta(hours=1) / GUESSES
        email, client = emails[number % ACCOUNTS], network(draw.randrange(NETWORKS))
        if is_tried(door, email, client):
            by_account[email].append(clock.now)
            by_network[client].append(clock.now)
    assert max(map(most_in_a_window, by_account.values())) <= MOST_TRIES
    assert max(map(most_in_a_window, by_network.values())) == MOST_TRIES
    assert sum(map(len, by_network.values())) <= NETWORKS * MOST_TRIES * 4, "four quarters of an hour"


@pytest.mark.parametrize("uses", [0.0, 0.004, 0.05])
def test_nobody_uses_up_the_letters_of_another(door: Door, post: Post, clock: Clock, uses: float) -> None:
    """For two days somebody asks for a letter every few minutes, and the owner uses one now and then.

    There is always one in the owner's mail that is good, and those that are not used are few.
    """
    draw, good, sent = random.Random(5), [], []
    for minute in range(0, 2 * 24 * 60, STEP):
        clock.now += timedelta(minutes=STEP)
        before = len(post.letters)
        ask_for_letter(door, network(minute))
        if len(post.letters) > before:
            sent.append(clock.now)
            life = LONG_LIFE if "for 6 hours" in post.letters[-1][2] else LINK_LIFE
            good.append((clock.now + life, post.link().rpartition("/")[2]))
        good = [letter for letter in good if letter[0] > clock.now]
        assert good, f"no letter is good after {minute} minutes"
        if draw.random() < uses:
            assert door.redeem(Purpose.SIGN_IN, good.pop()[1])
            sent.pop()
    day = timedelta(days=1)
    busiest = max(sum(at - day < other <= at for other in sent) for at in sent)
    assert busiest <= MOST_A_DAY + day // LONG_LIFE
    assert "for 30 minutes" in post.letters[0][2]


def mann_whitney(one: Sequence[float], other: Sequence[float]) -> float:
    """How probable so large a difference of ranks is by accident (two-sided, by the normal distribution)."""
    both = sorted([(value, 0) for value in one] + [(value, 1) for value in other])
    total, place, ties = 0.0, 0, 0
    while place < len(both):
        end = place
        while end < len(both) and both[end][0] == both[place][0]:
            end += 1
        total += sum(group == 0 for _, group in both[place:end]) * (place + end + 1) / 2
        ties += (end - place) ** 3 - (end - place)
        place = end
    n, m = len(one), len(other)
    mean = n * (n + m + 1) / 2
    spread = math.sqrt(n * m / 12 * (n + m + 1 - ties / ((n + m) * (n + m - 1))))
    return math.erfc(abs(total - mean) / spread / math.sqrt(2)) if spread else 1.0


def test_the_comparison_of_times_is_right() -> None:
    """By hand: the ranks of the first eight sum up to 57; 68 would be even, and the spread is 9.522."""
    one, other = [1, 2, 3, 4, 5, 12, 14, 16], [6, 7, 8, 9, 10, 11, 13, 15]
    assert mann_whitney(one, other) == pytest.approx(math.erfc(11 / 9.522 / math.sqrt(2)), abs=0.001)
    assert mann_whitney([1.0] * 30, [1.0] * 30) == 1.0
    draw = random.Random(3)
    slow, fast = ([draw.gauss(mean, 1) for _ in range(2_000)] for mean in (10.0, 10.2))
    assert mann_whitney(slow, fast) < SURE


def timed(kinds: Sequence[Callable[[int], object]], samples: int) -> list[list[tuple[float, float]]]:
    """What each kind of request takes, in seconds of the wall clock and of this thread, turn by turn."""
    draw, told = random.Random(11), [[] for _ in kinds]
    order = [kind for kind in range(len(kinds)) for _ in range(samples)]
    draw.shuffle(order)
    gc.collect()
    gc.disable()
    try:
        for number, kind in enumerate(order):
            wall, cpu = time.perf_counter(), time.thread_time()
            kinds[kind](number)
            told[kind].append((time.perf_counter() - wall, time.thread_time() - cpu))
    finally:
        gc.enable()
    return told


def compare(name: str, known: Callable[[int], object], unknown: Callable[[int], object]) -> float:
    """How probable the difference on the clock that others see is by accident; printed with the CPU's."""
    for warm in range(4):
        known(-1 - warm)
        unknown(-1 - warm)
    one, other = timed((known, unknown), SAMPLES)
    chances = []
    for place, clock in enumerate(("wall", "CPU")):
        a, b = [row[place] for row in one], [row[place] for row in other]
        chances.append(mann_whitney(a, b))
        print(
            f"{name}, {SAMPLES} of each, {clock}: known {median(a) * 1e3:.3f} ms, "
            f"unknown {median(b) * 1e3:.3f} ms, p = {chances[-1]:.3f}"
        )
    return chances[0]


def by_password(door: Door, clock: Clock, email: str) -> Callable[[int], object]:
    def ask(number: int) -> object:
        clock.now += timedelta(seconds=100)
        return door.by_password(email, "not the password", network(number))

    return ask


def test_time_does_not_tell_who_has_an_account(real_door: Door, clock: Clock) -> None:
    with_password(real_door, OWNER)
    known, unknown = (by_password(real_door, clock, email) for email in (OWNER, STRANGER))
    assert compare("password", known, unknown) > SURE


def test_nor_does_the_time_in_which_a_link_is_sent(real_door: Door, clock: Clock) -> None:
    people = [f"person-{number}@society.example" for number in range(max(SAMPLES // 8, 20))]
    for email in people:
        real_door.accounts.create(email, "")

    def known(number: int) -> None:
        clock.now += timedelta(seconds=100)
        real_door.send_link(people[number % len(people)], network(number), Purpose.SIGN_IN)

    def unknown(number: int) -> None:
        clock.now += timedelta(seconds=100)
        real_door.send_link(f"stranger-{number}@elsewhere.example", network(number), Purpose.SIGN_IN)

    assert compare("link", known, unknown) > SURE


def test_a_door_that_hashes_for_known_people_alone_is_found(
    door: Door, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tests above can fail."""
    with_password(door, OWNER)
    is_right = passwords.is_right
    monkeypatch.setattr(passwords, "is_right", lambda hashed, given: bool(hashed) and is_right(hashed, given))
    monkeypatch.setattr(f"{__name__}.SAMPLES", 20)
    known, unknown = (by_password(door, clock, email) for email in (OWNER, STRANGER))
    assert compare("without a decoy", known, unknown) < SURE
