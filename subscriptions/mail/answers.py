"""What follows from a mail server's answer, by the table `config/mail.toml`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from config import load_table
from domain.errors import ConfigError
from subscriptions.mail.transport import Answer

_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_KNOWN = ("stage", "code", "status", "words", "fate")


class Fate(StrEnum):
    """What becomes of a letter."""

    SENT = "sent"
    UNCERTAIN = "uncertain"
    AGAIN = "again"
    REST = "rest"
    """Again, and its domain is left alone for a while."""
    DEAD = "dead"
    """Nobody is at that address: it gets nothing any more."""
    FULL = "full"
    """Failed for a reason that may pass; the fifth in a row counts as dead."""
    POLICY = "policy"
    """We are refused, not the letter: its domain is left alone and somebody should look."""
    BROKEN = "broken"
    AWAY = "away"
    """The server has no time for us or does not answer; the letter has not been looked at."""
    OURS = "ours"
    """The server does not let us send at all."""

    @property
    def has_failed(self) -> bool:
        """Whether the letter is not tried again."""
        return self in (Fate.DEAD, Fate.FULL, Fate.POLICY, Fate.BROKEN)


@dataclass(frozen=True, slots=True)
class _Rule:
    fate: Fate
    patterns: Mapping[str, re.Pattern[str]]

    def fits(self, facts: Mapping[str, str]) -> bool:
        return all(
            pattern.search(facts[name]) if name == "words" else pattern.fullmatch(facts[name])
            for name, pattern in self.patterns.items()
        )


def judge(answer: Answer) -> Fate:
    """What becomes of the letter that got this answer."""
    if answer.is_accepted:
        return Fate.SENT
    if answer.is_lost:
        return Fate.UNCERTAIN
    if answer.code == 0:
        return Fate.AGAIN if answer.stage in ("rcpt", "data") else Fate.AWAY
    return _by_rules(answer.stage, str(answer.code), answer.text, "")


def judge_status(status: str, text: str = "") -> Fate:
    """What becomes of a letter that came back with such a status (RFC 3463) and such words."""
    code = found.group() if (found := re.search(r"\b[45]\d\d\b", text)) else ""
    return _by_rules("rcpt", code, text, status)


def find_status(text: str) -> str:
    """The first enhanced status code of a failure in a text; empty where there is none."""
    return next((found for found in _STATUS.findall(text) if found[0] in "45"), "")


def _by_rules(stage: str, code: str, text: str, status: str) -> Fate:
    facts = {"stage": stage, "code": code, "status": status or find_status(text), "words": text}
    fitting = (rule.fate for rule in _rules() if rule.fits(facts))
    return next(fitting, Fate.BROKEN if code[:1] == "5" else Fate.AGAIN)


@cache
def _rules() -> tuple[_Rule, ...]:
    return tuple(_to_rule(number, row) for number, row in enumerate(load_table("mail")["answers"], 1))


def _to_rule(number: int, row: Mapping[str, Any]) -> _Rule:
    where = f"config/mail.toml: answers, row {number}"
    try:
        if unknown := row.keys() - set(_KNOWN):
            raise ConfigError(where, f"unknown key {min(unknown)}")
        patterns = {name: re.compile(row[name], re.IGNORECASE) for name in _KNOWN[:-1] if name in row}
        return _Rule(Fate(row["fate"]), patterns)
    except (KeyError, ValueError, re.error) as error:
        raise ConfigError(where, str(error)) from error
