"""What a paper asks, concludes, admits, and says of money."""

import re
from collections.abc import Iterator

from domain.body import Place
from domain.digest import Role
from domain.facts import Fact, FactKind, Quantity
from summarizer.facts.intervals import number
from summarizer.facts.results import hedged, negated
from summarizer.facts.told import Page
from summarizer.text.sieve import sieved

_LIMIT = sieved(
    r"\b(?:limitations? (?:of|to|in) (?:this|our|the (?:present|current)) (?:study|trial|review|work|"
    r"analysis|approach)|"
    r"(?:this|our|the present|the current) (?:study|trial|review|work|analysis) (?:\w+ )?(?:has|had|"
    r"is limited|was limited)"
    r"(?: [\w-]+){0,4} (?:limitations?|by|in that)|(?:another|one|a|first|second|further|main|major|"
    r"important) limitation (?:is|was|of)|"
    r"limited by (?:the|its|a|our) (?:small|retrospective|short|lack|low|observational|relatively))\b",
    re.I,
)
_AMOUNT = r"(?:\d{1,3}(?:[,\u066c]\d{3})++(?:\.\d++)?+|\d++(?:\.\d++)?+)"
_MONEY = re.compile(
    rf"(?P<sign>(?:US|AU?|CA?N?|HK|NZ)?\$|€|£|¥|₹|\b(?:USD|EUR|GBP|AUD|CAD|CHF|CNY|"
    rf"INR)\b)\s?(?P<before>{_AMOUNT})|"
    rf"(?P<after>{_AMOUNT})(?: (?:million|billion))? ?(?P<name>€|(?:US |Canadian |Australian )?dollars|"
    rf"euros?|pounds|yuan|yen|rupees|USD|EUR|GBP)\b"
)
_COST = sieved(
    r"\b(?:cost[- ]effective(?:ness)?|cost[- ]saving|costs? (?:of|was|were|per|savings?)|"
    r"quality-adjusted life|out-of-pocket|"
    r"reimburse\w*|insurance coverage|willingness[- ]to[- ]pay|affordab\w+)\b",
    re.I,
)
# How sums were reckoned is no cost, among what was done.
_RECKONED = re.compile(r"\bdiscount(?:ed|ing)\b|\b(?:converted|adjusted|inflated) to\b", re.I)
_MOST_LIMITS = 8


def questions(page: Page) -> Iterator[Fact]:
    """What the paper asks, sentence by sentence."""
    for told in page.own(Role.QUESTION):
        yield Fact(FactKind.QUESTION, told.text, told.evidence(page.hash))


def conclusions(page: Page) -> Iterator[Fact]:
    """What the authors conclude."""
    for told in page.own(Role.MEANING):
        yield Fact(
            FactKind.CONCLUSION,
            told.text,
            told.evidence(page.hash),
            hedged=hedged(told.plain),
            negated=negated(told.plain),
        )


def limits(page: Page) -> Iterator[Fact]:
    """What the authors say that their study does not show: in the abstract, else in the discussion."""
    found = list(page.own(Role.LIMIT))
    found += [
        told
        for told in page.body
        if told.section in (Place.DISCUSSION, Place.OTHER) and _LIMIT.search(told.plain)
    ][:_MOST_LIMITS]
    for told in found:
        yield Fact(FactKind.LIMIT, told.text, told.evidence(page.hash), negated=negated(told.plain))


def costs(page: Page) -> Iterator[Fact]:
    """Money and who can afford it, only where stated."""
    for told in page.own(Role.METHOD, Role.RESULT, Role.MEANING):
        money = tuple(_money(told.plain))
        found = told.role in (Role.RESULT, Role.MEANING)
        reckoned = not found and _RECKONED.search(told.plain)
        if money or (_COST.search(told.plain) and not reckoned):
            yield Fact(
                FactKind.COST,
                told.text,
                told.evidence(page.hash),
                money,
                hedged=hedged(told.plain),
                negated=negated(told.plain),
            )


def _money(text: str) -> Iterator[Quantity]:
    if not re.search(
        r"[$€£¥₹]|\b(?:USD|EUR|GBP|AUD|CAD|CHF|CNY|INR|dollars|euros?|pounds|yuan|yen|rupees)\b", text
    ):
        return
    for match in _MONEY.finditer(text):
        amount = match["before"] or match["after"]
        yield Quantity(number(amount), match["sign"] or match["name"])
