"""The rules in one table, and what follows from those that a listing breaks."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from enum import StrEnum

from conferences.trust import addresses, company, dates, names, words
from conferences.trust.case import Case, Context, day_of, to_case
from config import load_table
from domain.listing import Deadline, Edition
from domain.listing_ports import Doubt, Listing

_LONGEST = 300
_AT_ONCE = frozenset({"deadlines", "cancelled", "sequence"})
"""What a trusted account may change without a reviewer: put a deadline off, call the meeting off."""


class Severity(StrEnum):
    """How much a broken rule weighs."""

    REFUSE = "refuse"
    HOLD = "hold"
    NOTE = "note"


class Verdict(StrEnum):
    """What the rules say of a listing; all of it goes to a reviewer who decides."""

    REFUSED = "refused"
    """It cannot be handed in as it is."""
    HELD = "held"
    """It waits with a warning, and cannot be approved with others at a stroke."""
    CLEAR = "clear"


RULES: dict[str, Callable[[Case], Iterator[str]]] = {
    "no-such-date": dates.no_such_date,
    "ends-before-start": dates.ends_before_start,
    "deadline-after-start": dates.deadline_after_start,
    "over": dates.over,
    "far-ahead": dates.far_ahead,
    "too-long": dates.too_long,
    "blocked": addresses.blocked,
    "throw-away-mail": addresses.throw_away_mail,
    "odd-address": addresses.odd_address,
    "link-shortener": addresses.link_shortener,
    "no-way-to-check": addresses.no_way_to_check,
    "university-free-mail": addresses.university_free_mail,
    "free-site": addresses.free_site,
    "cheap-domain": addresses.cheap_domain,
    "unfit-site": addresses.unfit_site,
    "unfit-contact": addresses.unfit_contact,
    "unknown-domain": addresses.unknown_domain,
    "promised-acceptance": words.phrases("promised-acceptance"),
    "all-accepted": words.phrases("all-accepted"),
    "fast-review": words.phrases("fast-review"),
    "visa-trade": words.phrases("visa-trade"),
    "promised-indexing": words.phrases("promised-indexing"),
    "far-fields": words.far_fields,
    "too-many-topics": words.too_many_topics,
    "flattery": words.flattery,
    "haste": words.phrases("haste"),
    "prizes-for-all": words.phrases("prizes-for-all"),
    "own-journals": words.phrases("own-journals"),
    "crypto": words.phrases("crypto"),
    "pay-a-person": words.phrases("pay-a-person"),
    "speakers-pay": words.speakers_pay,
    "shouting": words.shouting,
    "imitated-name": names.imitated_name,
    "known-name": names.known_name,
    "two-cities": company.two_cities,
    "two-places": company.two_places,
    "many-in-a-month": company.many_in_a_month,
    "many-at-once": company.many_at_once,
    "copied-text": company.copied_text,
    "repeated-text": company.repeated_text,
}
"""Key of `config/trust.toml` → what shows that a listing breaks the rule."""


def doubts(listing: Listing, context: Context) -> tuple[Doubt, ...]:
    """The rules that a listing breaks, each once, with what shows it; the gravest first."""
    case = to_case(listing, context)
    found = ((key, list(rule(case))) for key, rule in RULES.items())
    broken = [Doubt(key, "; ".join(dict.fromkeys(shown))[:_LONGEST]) for key, shown in found if shown]
    return tuple(sorted(broken, key=lambda doubt: -score([doubt])))


def score(found: Sequence[Doubt]) -> int:
    """How much speaks against a listing; for reviewers alone."""
    return sum(int(_row(doubt.rule)["weight"]) for doubt in found)


def severity(rule: str) -> Severity:
    """How much that rule weighs."""
    return Severity(str(_row(rule)["severity"]))


def reason(rule: str) -> str:
    """What owners are told of a broken rule."""
    return str(_row(rule)["reason"])


def verdict(found: Sequence[Doubt]) -> Verdict:
    """What the rules say, all told."""
    grave = {severity(doubt.rule) for doubt in found}
    if Severity.REFUSE in grave:
        return Verdict.REFUSED
    held = Severity.HOLD in grave or score(found) >= load_table("trust")["held"]
    return Verdict.HELD if held else Verdict.CLEAR


def refusals(found: Sequence[Doubt]) -> tuple[Doubt, ...]:
    """The broken rules for which a listing cannot be handed in."""
    return tuple(doubt for doubt in found if severity(doubt.rule) is Severity.REFUSE)


def may_publish_at_once(public: Listing, proposed: Listing, context: Context) -> bool:
    """Whether a change needs no reviewer: a deadline put off or a meeting called off, by who is trusted.

    The account has as many public listings as the table asks for, and the changed listing is in no doubt.
    """
    if not isinstance(public, Edition) or not isinstance(proposed, Edition):
        return False
    if context.approved < load_table("trust")["approved"] or public == proposed:
        return False
    level = replace(proposed, **{name: getattr(public, name) for name in _AT_ONCE})
    small = level == public and (proposed.cancelled or not public.cancelled)
    return small and _put_off(public, proposed) and verdict(doubts(proposed, context)) is Verdict.CLEAR


def _put_off(public: Edition, proposed: Edition) -> bool:
    """Whether the deadlines are the same, or later."""
    if len(public.deadlines) != len(proposed.deadlines):
        return False
    return all(map(_is_later, public.deadlines, proposed.deadlines))


def _is_later(before: Deadline, after: Deadline) -> bool:
    if before == after:
        return True
    was, now = day_of(before.moment), day_of(after.moment)
    same = (before.kind, before.label) == (after.kind, after.label)
    kept = after.earlier in (before.earlier, (*before.earlier, before.moment))
    return same and kept and was is not None and now is not None and now >= was


def _row(rule: str) -> dict[str, int | str]:
    row: dict[str, int | str] = load_table("trust")["rules"][rule]
    return row
