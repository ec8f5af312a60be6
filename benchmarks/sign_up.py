"""Whether the time of an answer tells who gets letters: `python -m benchmarks.sign_up [--size N] [--json]`.

The form is sent about addresses that are known, half of them confirmed, and about new ones, in turns, each
from a network of its own. `guessed right` is how often the time alone tells which of two is known: 0.5 is no
better than a coin. The control is the same without the even steps of time in which the site answers.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask.testing import FlaskClient

from benchmarks.rows import Row, print_rows
from catalog import open_catalog
from catalog.sqlcatalog import SqlCatalog
from domain.subscription import Consent, Rhythm, WishKind, to_wish
from domain.subscription_ports import SignUp
from web import Site, create_app, pacing
from web.letters.subscribing import Gate

HOST, SECRET = "https://findings.example", "s" * 32
TOPIC = to_wish(WishKind.TOPIC, "", {"cancer_type": ("breast",)})
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
AT_ONCE = 1e-6
"""A step that holds nothing back."""
Took = dict[str, list[float]]


def measure(size: int) -> list[Row]:
    """How long answers about known and new addresses take, in even steps and without them."""
    even = pacing.TICK
    rows = []
    try:
        for system, tick in (("findings", even), ("without steps", AT_ONCE)):
            pacing.TICK = tick
            took = _times(size)
            rows += [
                Row("sign-up", system, f"{kind} address, median", statistics.median(times), "ms")
                for kind, times in took.items()
            ]
            rows.append(Row("sign-up", system, "guessed right", guessed(took), "of 1"))
    finally:
        pacing.TICK = even
    return rows


def guessed(took: Took) -> float:
    """How often the longer of a known and a new one is of the kind that mostly takes longer."""
    known, new = took["known"], took["new"]
    longer = sum((a > b) + 0.5 * (a == b) for a in known for b in new) / (len(known) * len(new))
    return max(longer, 1 - longer)


def _times(size: int) -> Took:
    now = [LONG_AGO]
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(open_catalog(f"sqlite:///{Path(folder)}/findings.db")) as catalog,
    ):
        site = Site(
            catalog,
            None,  # type: ignore[arg-type]
            url=HOST,
            secret=SECRET,
            accounts=catalog.accounts,
            subscribers=catalog.subscribers,
            clock=lambda: now[0],
        )
        _fill(catalog, size)
        client = create_app(site).test_client()
        gate = Gate(catalog.subscribers, catalog.accounts, SECRET, site.clock)
        took: Took = {"known": [], "new": []}
        for n in range(size):
            for kind, times in took.items():
                now[0] += timedelta(minutes=2)
                token = gate.token()
                now[0] += timedelta(seconds=20)
                times.append(_answer(client, f"{kind}{n}@readers.example", token, f"198.{len(kind)}.{n}.1"))
    return took


def _fill(catalog: SqlCatalog, size: int) -> None:
    consent = Consent("2026-01-01T00:00:00Z", "asked")
    for n in range(size):
        email = f"known{n}@readers.example"
        asked = SignUp(email, TOPIC, Rhythm.WEEKLY, "en", "UTC", consent, address_key=email)
        kept = catalog.subscribers.sign_up(asked, LONG_AGO - timedelta(days=2))
        if kept and n % 2:
            catalog.subscribers.confirm(kept.id, consent)


def _answer(client: FlaskClient, email: str, token: str, network: str) -> float:
    form = {"kind": "topic", "cancer_type": "breast", "token": token, "email": email}
    began = time.perf_counter()
    answer = client.post("/subscribe", data=form, base_url=HOST, environ_base={"REMOTE_ADDR": network})
    took = 1_000 * (time.perf_counter() - began)
    assert answer.status_code == 200, answer.text
    return took


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sign_up", description=__doc__)
    parser.add_argument("--size", type=int, default=200, help="addresses of each kind, 250 at most")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(arguments)
    print_rows(measure(min(given.size, 250)), as_json=given.json)


if __name__ == "__main__":
    main()
