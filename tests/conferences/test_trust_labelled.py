"""The rules over invented honest and predatory meetings (`labelled_events.toml`), one after another.

To see the table: `pytest tests/conferences/test_trust_labelled.py -k table`.
"""

import re
import tomllib
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from conferences.trust import Context, Neighbour, Verdict, doubts, refusals, verdict
from domain.listing import Attendance, Deadline, DeadlineKind, Edition, Fee, Moment, Venue

_FILE = tomllib.loads(Path(__file__).with_name("labelled_events.toml").read_text("utf-8"))
NOW = datetime.fromisoformat(_FILE["today"]).replace(hour=12, tzinfo=UTC)
_SAYS_SO = re.compile(r"[-. ]?\(?(?:inven|erfun)\w+\)?-?")
"""What says in a name that it is invented: rules would take it for something that two names share."""
ROWS: list[dict[str, Any]] = _FILE["event"]


def to_edition(number: int, row: dict[str, Any]) -> Edition:
    zone = row.get("zone", "UTC")
    fees = [fee.split(" ", 2) for fee in row.get("fees", ())]
    return Edition(
        id=f"invented-{number}",
        series=row.get("series", f"series-{number}"),
        slug=row["starts"][:4],
        title=row["title"],
        starts=Moment(row["starts"], zone),
        ends=Moment(row["ends"], zone),
        summary=row["summary"],
        url=_SAYS_SO.sub("", row.get("url", "")),
        attendance=Attendance(row.get("attendance", "on-site")),
        venue=Venue(row.get("country", ""), row.get("city", "")),
        languages=tuple(row.get("languages", ("en",))),
        organizers=tuple(_SAYS_SO.sub("", name) for name in row["organizers"]),
        contact=_SAYS_SO.sub("", row.get("contact", "")),
        deadlines=tuple(
            Deadline(DeadlineKind(kind), Moment(at)) for kind, at in map(str.split, row.get("deadlines", ()))
        ),
        fees=tuple(Fee(amount, currency, label) for amount, currency, label in fees),
    )


EDITIONS = [to_edition(number, row) for number, row in enumerate(ROWS)]
NEIGHBOURS = [
    Neighbour(edition, row.get("account", edition.id), (NOW + timedelta(minutes=number - 100)).isoformat())
    for number, (edition, row) in enumerate(zip(EDITIONS, ROWS, strict=True))
]


def judge(number: int, *, beside_all: bool) -> tuple[Verdict, tuple[str, ...], tuple[str, ...]]:
    """Verdict, rules and refusing rules: beside what came before, or beside everything."""
    row = ROWS[number]
    context = Context(
        NOW,
        account=NEIGHBOURS[number].account,
        neighbours=tuple(NEIGHBOURS if beside_all else NEIGHBOURS[:number]),
        known=row.get("series_public", False),
        at=NEIGHBOURS[number].at,
    )
    found = doubts(EDITIONS[number], context)
    return (
        verdict(found),
        tuple(f"{doubt.rule}({doubt.detail})" for doubt in found),
        tuple(doubt.rule for doubt in refusals(found)),
    )


NUMBERS = {
    label: [number for number, row in enumerate(ROWS) if row["label"] == label]
    for label in ("honest", "predatory")
}


def test_there_are_enough_of_both() -> None:
    assert len(NUMBERS["honest"]) >= 35
    assert len(NUMBERS["predatory"]) >= 25
    assert len(ROWS) >= 60


@pytest.mark.parametrize("number", NUMBERS["predatory"], ids=lambda n: ROWS[n]["title"][:40])
def test_no_predatory_meeting_passes_when_it_is_handed_in(number: int) -> None:
    outcome, rules, refusing = judge(number, beside_all=False)
    assert outcome is not Verdict.CLEAR, (ROWS[number]["why"], rules)
    assert outcome is not Verdict.REFUSED or refusing


@pytest.mark.parametrize("beside_all", [False, True])
def test_few_honest_meetings_are_held_and_none_refused(beside_all: bool) -> None:
    outcomes = {number: judge(number, beside_all=beside_all) for number in NUMBERS["honest"]}
    held = [
        (ROWS[n]["title"], rules)
        for n, (outcome, rules, _) in outcomes.items()
        if outcome is not Verdict.CLEAR
    ]
    assert not [n for n, (outcome, *_) in outcomes.items() if outcome is Verdict.REFUSED]
    assert len(held) <= 0.05 * len(outcomes), held


def test_nobody_is_held_for_free_mail_or_a_plain_page() -> None:
    poor = ("gmail.com", "yahoo.fr", "outlook.com", "wordpress.com", "facebook.com", "sites.google.com")
    some = [n for n in NUMBERS["honest"] if any(p in str(ROWS[n]) for p in poor) or "url" not in ROWS[n]]
    assert len(some) >= 12
    assert all(judge(number, beside_all=False)[0] is Verdict.CLEAR for number in some)


def test_the_table_of_confusion_can_be_seen(capsys: pytest.CaptureFixture[str]) -> None:
    table = Counter((row["label"], judge(n, beside_all=False)[0]) for n, row in enumerate(ROWS))
    with capsys.disabled():
        for label in NUMBERS:
            print(f"\n{label:>10}", *(f"{outcome} {table[label, outcome]:3}" for outcome in Verdict))
    assert sum(table.values()) == len(ROWS)
