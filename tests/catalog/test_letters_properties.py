"""Whatever is done in whatever order: no mail to who has not said yes, none after no, none twice."""

import re
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count, pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule

from catalog import open_catalog
from domain.addresses import address_hash
from domain.digest import Audience
from domain.errors import NotAllowed, NotFound, Superseded
from domain.subscription import (
    Letter,
    LetterKind,
    LetterState,
    News,
    NewsKind,
    Rhythm,
    Subscription,
    SubscriptionState,
)
from domain.subscription_ports import Composed, Settlement, Suppression
from tests.catalog.asking import BREAST, LUNG, NOW, asked, consent, paper, section, stamp

FOREVER = "9999-12-31T00:00:00Z"
SETTLED = (LetterState.QUEUED, LetterState.FAILED, LetterState.UNCERTAIN)
QUESTIONS = (LetterKind.CONFIRM, LetterKind.KNOWN)
boxes = st.sampled_from(["ada", "bo"])
owners = st.sampled_from(["one", "two"])
states = st.sampled_from([LetterState.SENT, LetterState.SENT, *SETTLED])
moments = st.sampled_from([timedelta(minutes=5), timedelta(hours=9), timedelta(hours=25), timedelta(days=8)])


class Letters(RuleBasedStateMachine):
    """A database, and beside it what a person would remember of it."""

    ids = Bundle("ids")

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.catalog = open_catalog(f"sqlite:///{Path(self.folder.name)}/catalog.db")
        self.subscribers, self.outbox = self.catalog.subscribers, self.catalog.letters
        self.now: datetime = NOW
        self.names: dict[str, str] = {}
        """Subscription → box."""
        self.active: set[str] = set()
        self.ended: set[str] = set()
        self.suppressed: set[str] = set()
        self.paused: dict[str, str] = {}
        self.asked: dict[str, list[datetime]] = defaultdict(list)
        self.unanswered: dict[str, list[datetime]] = defaultdict(list)
        """The same, of which none is answered; those of the day of an answer count on."""
        self.told: Counter[tuple[str, str]] = Counter()
        """Subscriber and news, of letters that left."""
        self.sent: Counter[str] = Counter()
        self.claimed: dict[str, list[Letter]] = {"one": [], "two": []}
        self.sending: dict[str, Letter | None] = {"one": None, "two": None}
        self.slots = count()
        self.made = 0

    def teardown(self) -> None:
        self.catalog.close()
        self.folder.cleanup()

    @initialize(target=ids, wish=st.sampled_from([LUNG, BREAST]))
    def begin(self, wish):
        """Most rules ask for somebody who gets letters."""
        return self.join("ada", wish)

    @rule(target=ids, box=boxes, wish=st.sampled_from([LUNG, BREAST]))
    def join(self, box, wish):
        """All that it takes to get letters."""
        one = self.sign_up(box, "{}@example.org", wish, Rhythm.DAILY)
        if isinstance(one, str):
            self.deliver("one", [LetterState.SENT])
            self.confirm(one)
        return one

    @rule(owner=owners, states=st.lists(states, max_size=4))
    def deliver(self, owner, states):
        """What a sender does that nothing gets in the way of."""
        self.claim(owner, 4)
        for state in (*states, LetterState.SENT):
            self.step(owner, state, True)
        self.step(owner, LetterState.SENT, False)
        self.release(owner)

    @rule(passed=moments)
    def wait(self, passed: timedelta) -> None:
        self.now += passed

    @rule(
        target=ids,
        box=boxes,
        spelling=st.sampled_from(["{}@example.org", "{}+x@example.org", "{}@EXAMPLE.org"]),
        wish=st.sampled_from([LUNG, BREAST]),
        rhythm=st.sampled_from([Rhythm.DAILY, Rhythm.WEEKLY]),
        later=st.sampled_from([timedelta(0), timedelta(hours=24)]),
    )
    def sign_up(self, box, spelling, wish, rhythm, later=timedelta(0)):
        self.now += later
        email = spelling.format(box)
        before = sum(self.outbox.letter_counts().values())
        kept = self.subscribers.sign_up(asked(email, wish, rhythm=rhythm, address_key=box), self.now)
        queued = sum(self.outbox.letter_counts().values()) - before
        self.made += queued
        assert queued in (0, 1)
        if queued:
            self.asked[box].append(self.now)
            self.unanswered[box].append(self.now)
            gets_letters = any(self.names[one] == email.lower() for one in self.active)
            recent = [at for at in self.unanswered[box] if at > self.now - timedelta(days=90)]
            assert gets_letters or len(recent) <= 3
        if kept is None:
            assert not queued
            kept = self._waiting(email)
            if kept is None:
                return multiple()
        assert address_hash(email) not in self.suppressed
        self.names[kept.id] = email.lower()
        assert kept.state is (
            SubscriptionState.ACTIVE if kept.id in self.active else SubscriptionState.PENDING
        )
        return kept.id

    @rule(one=ids)
    def confirm(self, one):
        try:
            box = re.split(r"[+@]", self.names.get(one, ""))[0]
            waited = one in self.names and one not in self.active | self.ended
            kept = self.subscribers.confirm(one, consent("confirmed", self.now), box)
        except NotFound:
            assert one not in self.names
            return
        if waited:
            day = self.now - timedelta(days=1)
            self.unanswered[box] = [at for at in self.unanswered[box] if at > day]
        assert (kept.state is SubscriptionState.ENDED) == (one in self.ended)
        if one not in self.ended:
            self.active.add(one)

    @rule(one=ids, until=st.sampled_from(["", FOREVER, "soon"]), hour=st.integers(0, 23))
    def update(self, one, until, hour):
        if one in self.names:
            until = stamp(self.now + timedelta(hours=30)) if until == "soon" else until
            person = self.subscribers.subscriber(self.subscribers.subscription(one).subscriber)
            self.subscribers.update(
                replace(person, paused_until=until, hour=hour), consent("changed", self.now)
            )
            self.paused[person.id] = until

    @rule(one=ids, rhythm=st.sampled_from(Rhythm), audience=st.sampled_from(Audience))
    def change(self, one, rhythm, audience):
        if one in self.names:
            kept = self.subscribers.subscription(one)
            try:
                changed = replace(kept, rhythm=rhythm, audience=audience)
                self.subscribers.change(changed, consent("changed", self.now))
            except NotAllowed:
                assert audience is not kept.audience

    @rule(one=ids, everything=st.booleans())
    def end(self, one, everything):
        if one not in self.names:
            return
        person = self.subscribers.subscription(one).subscriber
        ended = self.subscribers.end(person, consent("one-click", self.now), "" if everything else one)
        assert ended == self._end(self.names[one] if everything else "", one)

    @rule(one=ids)
    def erase(self, one):
        if one not in self.names:
            return
        person = self.subscribers.subscription(one).subscriber
        self.subscribers.erase(person, self.now)
        for name in [name for name, box in self.names.items() if box == self.names[one] and name != one]:
            self._forget(name)
        self._forget(one)
        for owner in ("one", "two"):
            if (sending := self.sending[owner]) and sending.subscriber == person:
                self.sending[owner] = None

    @rule(one=ids, reason=st.sampled_from(["asked", "complained"]))
    def suppress(self, one, reason):
        if one in self.names:
            hashed = address_hash(self.names[one])
            self.subscribers.suppress(Suppression(hashed, reason, stamp(self.now)))
            self.suppressed.add(hashed)
            self._end(self.names[one], one)

    @rule(box=boxes)
    def lift(self, box):
        hashed = address_hash(f"{box}@example.org")
        assert self.subscribers.lift(hashed) == (hashed in self.suppressed)
        self.suppressed.discard(hashed)

    @rule(several=st.lists(st.integers(0, 25), min_size=1, max_size=4), stale=st.booleans())
    def compose(self, several, stale):
        """A letter of each rhythm that is due; all are an hour later."""
        self.now += timedelta(hours=1)
        slot = next(self.slots)
        composed = [
            Composed(
                one,
                f"{one.rhythm}/{slot}",
                stamp(self.now + timedelta(hours=1)),
                tuple(section(wanted, *map(paper, several)) for wanted in one.subscriptions),
            )
            for one in self.subscribers.rounds(self.now)
        ]
        self.made += self.subscribers.compose(composed, self.now)
        if stale:
            assert self.subscribers.compose(composed, self.now) == 0

    @rule(several=st.lists(st.integers(0, 25), min_size=1, max_size=4), owner=owners, state=states)
    def publish(self, several, owner, state):
        """News that are put together and sent at once."""
        self.compose(several, False)
        self.deliver(owner, [state, state])

    @rule(
        target=ids,
        owner=owners,
        how=st.sampled_from(["end", "pause", "suppress"]),
        begun=st.booleans(),
        state=states,
    )
    def change_my_mind(self, owner, how, begun, state):
        """While a letter is put together, claimed and handed over."""
        self.now += timedelta(hours=24)
        one = self.join("ada", LUNG)
        self.compose([100 + next(self.slots)], False)
        self.claim(owner, 9)
        self.step(owner, LetterState.SENT, begun)
        if isinstance(one, str):
            if how == "pause":
                self.update(one, FOREVER, 7)
            elif how == "end":
                self.end(one, True)
            else:
                self.suppress(one, "asked")
        self.step(owner, state, True)
        self.now += timedelta(hours=1)
        self.deliver(owner, [state])
        return one

    @rule(number=st.integers(0, 25))
    def recall(self, number):
        people = [p.id for p in self.subscribers.recipients(paper(number).key)]
        warning = News(NewsKind.RETRACTED, f"p{number}", stamp(self.now))
        self.made += self.subscribers.recall(people, warning, self.now)

    @rule(owner=owners, limit=st.integers(1, 3))
    def claim(self, owner, limit):
        claimed = self.outbox.claim(owner, self.now, limit, 600)
        for letter in claimed:
            self._check(letter)
        self.claimed[owner] += claimed

    @rule(
        owner=owners,
        state=states,
        goes_on=st.booleans(),
    )
    def step(self, owner, state, goes_on):
        last, self.sending[owner] = self.sending[owner], None
        settled = None
        if last:
            wait = stamp(self.now + timedelta(minutes=7)) if state is LetterState.QUEUED else ""
            settled = Settlement(last.id, state, "answer", wait)
        following = self.claimed[owner].pop(0) if goes_on and self.claimed[owner] else None
        try:
            self.outbox.step(owner, settled, following.id if following else None, self.now)
        except Superseded:
            return
        finally:
            if last and state is LetterState.QUEUED:
                self._took_back(last)
        if following:
            self._check(following)
            self._leaves(following)
            self.sending[owner] = following

    @rule(owner=owners)
    def die(self, owner):
        self.claimed[owner], self.sending[owner] = [], None

    @rule(owner=owners)
    def release(self, owner):
        self.outbox.release(owner)
        self.claimed[owner] = []

    @rule(one=ids, hard=st.booleans())
    def bounce(self, one, hard):
        if one not in self.names:
            return
        mine = self.subscribers.subscription(one).subscriber
        for letter in self.outbox.letters(LetterState.SENT):
            if letter.subscriber == mine:
                if self.subscribers.bounced(letter.id, self.now, hard=hard, reason="full"):
                    self.suppressed.add(address_hash(self.names[one]))
                    self._end(self.names[one], one)
                return

    @rule()
    def forget(self):
        self.outbox.forget(self.now - timedelta(days=2))

    @invariant()
    def counts_agree(self):
        counts = self.subscribers.counts()
        living = set(self.names)
        assert counts["active"] == len(self.active)
        assert counts["ended"] == len(self.ended)
        assert counts["pending"] == len(living - self.active - self.ended)
        assert counts["suppressed"] == len(self.suppressed)
        assert sum(self.outbox.letter_counts().values()) == self.made

    @invariant()
    def no_mailbox_is_asked_twice_a_day(self):
        for times in self.asked.values():
            assert all(later - before >= timedelta(days=1) for before, later in pairwise(times))

    def _waiting(self, email: str) -> Subscription | None:
        """What waits for an answer without a question of its own, as the mailbox had one today."""
        person = self.subscribers.by_email(email)
        known = self.subscribers.subscriptions(person.id) if person else []
        return next((one for one in known if one.id not in self.names), None)

    def _check(self, letter: Letter) -> None:
        """May it be sent now?"""
        person = self.subscribers.subscriber(letter.subscriber)
        assert address_hash(person.email) not in self.suppressed
        assert self.outbox.letter(letter.id).state in (LetterState.CLAIMED, LetterState.SENDING)
        mine = {one.subscription for one in letter.sections}
        assert mine
        if letter.kind is LetterKind.CONFIRM:
            assert mine <= set(self.names) - self.active - self.ended
        elif letter.kind is LetterKind.RECALL:
            assert any(self.names[one] == person.email.lower() for one in self.active)
        else:
            assert mine <= self.active
        if letter.kind not in QUESTIONS:
            assert self.paused.get(person.id, "") <= stamp(self.now)

    def _leaves(self, letter: Letter) -> None:
        self.sent[letter.id] += 1
        assert self.sent[letter.id] == 1, "sent twice"
        for key in {one.key for several in letter.sections for one in several.news}:
            self.told[letter.subscriber, key] += 1
            assert self.told[letter.subscriber, key] == 1, "told twice"

    def _took_back(self, letter: Letter) -> None:
        """The mail server did not take it, so it did not leave."""
        state = self.outbox.letter(letter.id).state
        if state in (LetterState.QUEUED, LetterState.DROPPED):
            self.sent[letter.id] -= 1
            for key in {one.key for several in letter.sections for one in several.news}:
                self.told[letter.subscriber, key] -= 1

    def _end(self, box: str, one: str) -> int:
        names = [name for name in self.names if name == one or self.names[name] == box]
        ending = [name for name in names if name not in self.ended]
        self.ended.update(ending)
        self.active.difference_update(ending)
        return len(ending)

    def _forget(self, name: str) -> None:
        del self.names[name]
        self.active.discard(name)
        self.ended.discard(name)


TestLetters = Letters.TestCase
TestLetters.settings = settings(
    max_examples=25, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)
