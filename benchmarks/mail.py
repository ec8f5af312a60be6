"""Letters put together and sent: `python -m benchmarks.mail [--size N] [--papers N] [--senders N] [--json]`.

N subscribers with invented wishes are told of invented papers, each with a digest; their letters are put
together and sent to a mail server in a process of its own that throws them away. The control sends the same
bytes to the same server with `smtplib`, one after the other in one conversation, in turns with ours. With
`--match`: what it costs to tell wishes what is new, by how many subscribers, wishes and papers there are.
"""

import argparse
import random
import resource
import smtplib
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from benchmarks.corpus import papers, questions
from benchmarks.rows import Row, print_rows
from catalog import open_catalog
from catalog.codec import to_json
from catalog.letters import signingup, subscribing
from catalog.sqlcatalog import SqlCatalog
from conferences.eligibility import applicants
from domain.digest import Audience, Digest, DigestSentence, DigestStatus, Role
from domain.evidence import Evidence
from domain.paper import Paper
from domain.record import HarvestedRecord
from domain.subscription import Consent, Rhythm, Wish, WishKind, to_wish
from domain.subscription_ports import SignUp
from index.embedded.percolation import open_percolation
from subscriptions.composing import compose
from subscriptions.letters import Writer
from subscriptions.mail.letterhead import Letterhead
from subscriptions.mail.rates import Rates
from subscriptions.mail.return_path import ReturnPath
from subscriptions.mail.senders import send_all
from subscriptions.mail.sending import Sender
from subscriptions.mail.smtp import Patience, SmtpTransport, to_server
from subscriptions.mail.tally import Tally
from subscriptions.mail.transport import Answer, Mail
from subscriptions.telling import tell
from subscriptions.tokens import Tokens

SITE, FROM, SECRET = "https://findings.example", "letters@findings.example", "s" * 32
TURNS, PAGE = 10, 500
GROWTH = (1_000, 10_000, 100_000)
_LONG_AGO = "2026-01-01T00:00:00Z"


class Recording(SmtpTransport):
    """Keeps what was sent, for the control to send again."""

    kept: list[Mail]

    def deliver(self, mail: Mail, begin: Callable[[], None]) -> Answer:
        """Hand it over."""
        self.kept.append(mail)
        return super().deliver(mail, begin)


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--size", type=int, default=10_000, help="subscribers")
    options.add_argument("--papers", type=int, default=500, help="new papers")
    options.add_argument("--senders", type=int, default=4)
    options.add_argument("--sink", choices=("aiosmtpd", "thin"), default="aiosmtpd", help="the mail server")
    options.add_argument("--match", action="store_true", help="only what telling costs as subscribers grow")
    options.add_argument("--json", action="store_true")
    given = options.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(open_catalog(f"sqlite:///{folder}/c.db")) as catalog,
    ):
        if given.match:
            rows = list(matched(catalog, given.size, given.papers))
        else:
            rows = list(sent(catalog, given.size, given.papers, given.senders, given.sink))
    print_rows(rows, as_json=given.json)


def sent(catalog: SqlCatalog, size: int, number: int, senders: int, sink: str) -> Iterator[Row]:
    """A whole round, and the same bytes by the control."""
    case = f"{size} subscribers, {number} papers, {sink}"
    sign_up(catalog, 0, size)
    publish(catalog, 0, number)
    before = to_memory()
    now = datetime.now(UTC) + timedelta(minutes=5)
    telling = timed(lambda: told(catalog, now))
    composing = timed(lambda: compose(catalog, catalog.subscribers, now))
    ours = control = (0.0, 0.0)
    letters = size_of = 0
    # One for the whole run, as `findings mail send` has.
    writer = Writer(catalog, catalog.listings, catalog.subscribers, "Findings", SITE, Tokens(SECRET))
    with opened_sink(sink) as port:
        while True:
            mails: list[Mail] = []
            turn = timed(lambda: send(catalog, writer, port, senders, size // TURNS, mails, now))  # noqa: B023
            if not mails:
                break
            ours = added(ours, turn)
            control = added(control, timed(lambda: send_raw(port, mails)))  # noqa: B023
            letters += len(mails)
            size_of += sum(len(mail.content) for mail in mails)
    whole = added(added(telling, composing), ours)
    for metric, found in (
        ("telling", telling),
        ("composing", composing),
        ("sending", ours),
        ("whole", whole),
    ):
        yield Row(case, "findings", f"{metric}, CPU", found[0], "s")
        yield Row(case, "findings", f"{metric}, wall", found[1], "s")
    yield Row(case, "smtplib", "sending, CPU", control[0], "s")
    yield Row(case, "smtplib", "sending, wall", control[1], "s")
    yield Row(case, "findings", "letters per second", letters / whole[1], "1/s")
    yield Row(case, "smtplib", "letters per second", letters / control[1], "1/s")
    yield Row(case, "findings", "letters per CPU second", letters / whole[0], "1/s")
    yield Row(case, "smtplib", "letters per CPU second", letters / control[0], "1/s")
    yield Row(case, "findings", "letters", letters, "")
    yield Row(case, "findings", "bytes a letter", size_of / max(letters, 1), "B")
    yield Row(case, "findings", "memory before", before, "MB")
    yield Row(
        case, "findings", "memory at most", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "MB"
    )


def matched(catalog: SqlCatalog, most: int, number: int) -> Iterator[Row]:
    """What telling costs as subscribers grow, and as papers do."""
    held = done = 0
    for size in [size for size in GROWTH if size <= most] or [most]:
        sign_up(catalog, held, size)
        held = size
        for fresh in (number // 5, number):
            publish(catalog, done, fresh)
            done += fresh
            cpu, wall = timed(lambda: told(catalog, datetime.now(UTC) + timedelta(minutes=5)))
            wishes = catalog.subscribers.counts()["wishes"]
            case = f"match: {size} subscribers, {wishes} wishes, {fresh} papers"
            yield Row(case, "findings", "telling, CPU", cpu, "s")
            yield Row(case, "findings", "telling, wall", wall, "s")
            yield Row(case, "findings", "memory now", to_memory(), "MB")


def told(catalog: SqlCatalog, now: datetime) -> None:
    """Tell every wish what is new."""
    opener = partial(open_percolation, None)
    tell(catalog, catalog.listings, catalog.subscribers, opener, applicants(now.year), now)


def send(
    catalog: SqlCatalog, writer: Writer, port: int, senders: int, limit: int, mails: list[Mail], now: datetime
) -> None:
    """Send so many of the letters that wait."""
    stop, tally, rates = threading.Event(), Tally(limit), Rates(0)
    path = ReturnPath(SECRET, "bounces@findings.example")
    letterhead = Letterhead(FROM, "Findings", SITE, Tokens(SECRET), path)

    def opened(owner: str) -> Sender:
        transport = Recording(to_server(f"smtp://127.0.0.1:{port}"), Patience(30, 30, 30, 10_000))
        transport.kept = mails
        stores = catalog.letters, catalog.subscribers
        return Sender(
            owner, *stores, writer, letterhead, transport, rates, tally, stop, clock=lambda: now, lease=3600
        )

    send_all(opened, senders, catalog.letters, stop, lambda: now)


def send_raw(port: int, mails: Sequence[Mail]) -> None:
    """The same bytes, one after the other."""
    with smtplib.SMTP("127.0.0.1", port, local_hostname="bench.example") as connection:
        for mail in mails:
            connection.sendmail(mail.sender, [mail.to], mail.content)


def sign_up(catalog: SqlCatalog, start: int, end: int) -> None:
    """Invented subscribers; most share their wishes with others."""
    wishes, chance = to_wishes(), random.Random(start)
    weights = [1 / (rank + 1) for rank in range(len(wishes))]
    moment = datetime.now(UTC) - timedelta(hours=2)
    stamp = f"{moment:%Y-%m-%dT%H:%M:%SZ}"
    for first in range(start, end, PAGE):
        with catalog.subscribers._database.write() as connection:  # a transaction each would take an hour
            for number in range(first, min(first + PAGE, end)):
                wish = chance.choices(wishes, weights)[0]
                email = f"p{number}@d{number % 50}.example"
                asked = SignUp(
                    email, wish, Rhythm.IMMEDIATE, "en", "UTC", Consent(stamp, "asked"), "public", email
                )
                kept = signingup.save_sign_up(connection, asked, moment, 1, 3)
                assert kept is not None
                subscribing.confirm(connection, kept, Consent(stamp, "confirmed"), "")


def to_wishes() -> list[Wish]:
    """Cancer types, countries, both, and searches; the commonest first."""
    types = sorted({name for item in papers(300) for name in item.paper.primary.cancer_types})
    topics = [to_wish(WishKind.TOPIC, filters={"cancer_type": (name,)}) for name in types]
    both = [
        to_wish(WishKind.TOPIC, filters={"cancer_type": (name,), "country": (country,)})
        for name in types
        for country in ("US", "ES", "BR", "AU", "IN", "PE")
    ]
    searches = [to_wish(WishKind.SEARCH, text) for text in questions(3000, words=2)]
    return [*topics, *both, *searches]


def publish(catalog: SqlCatalog, start: int, number: int) -> None:
    """Invented papers of today, each with a digest."""
    today, moment = datetime.now(UTC).date().isoformat(), datetime.now(UTC)
    fresh = list(papers(start + number))[start:]
    for first in range(0, len(fresh), PAGE):
        page = []
        for place, item in enumerate(fresh[first : first + PAGE]):
            version = replace(item.paper.primary, published=today)
            record = HarvestedRecord(
                "alpha", f"a{start + first + place}", moment, "application/json", to_json(version)
            )
            page.append((record, version))
        catalog.save(page)
        ids = [catalog.find(next(version.identifiers.keys())) for _, version in page]
        catalog.save_digests([to_digest(paper) for paper in catalog.papers([i for i in ids if i])])


def to_digest(paper: Paper) -> Digest:
    """A digest of invented words."""
    text = paper.primary.abstracts[0].sections[0].text
    evidence = Evidence("abstract", 0, len(text), text)
    sentences = tuple(
        DigestSentence(text[:160], role, evidence) for role in (Role.KEY, Role.RESULT, Role.MEANING)
    )
    return Digest(
        paper.id,
        Audience.PUBLIC,
        "invented/1",
        paper.source_hash,
        _LONG_AGO,
        DigestStatus.PUBLISHED,
        sentences,
    )


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """CPU and wall seconds."""
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    return time.process_time() - cpu, time.perf_counter() - wall


def added(one: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    """Both together."""
    return one[0] + other[0], one[1] + other[1]


def to_memory() -> float:
    """What this process holds, in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


@contextmanager
def opened_sink(kind: str) -> Iterator[int]:
    """The server's port."""
    command = [sys.executable, "-m", "benchmarks.mail_sink", kind]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield int(process.stdout.readline())
        finally:
            process.kill()


if __name__ == "__main__":
    main()
