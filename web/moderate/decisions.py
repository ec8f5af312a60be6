"""What a reviewer can decide about a listing, and what its owners are told of it."""

from collections.abc import Mapping
from enum import StrEnum

from config import load_table
from domain.listing import State
from web.forms import FormRefused
from web.params import clean

LONGEST_ANSWER = 2_000
NO_ANSWER = "Tell the owners why: choose an answer, or write one."


class Decision(StrEnum):
    """What a reviewer does with a listing."""

    APPROVE = "approve"
    CHANGES = "changes"
    """Send it back to its owners, who can hand it in again."""
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    """Take it from the public."""


STATES = {
    Decision.APPROVE: State.PUBLIC,
    Decision.CHANGES: State.DRAFT,
    Decision.DECLINE: State.DECLINED,
    Decision.WITHDRAW: State.WITHDRAWN,
}
ACTS = {
    Decision.APPROVE: "approved",
    Decision.CHANGES: "sent-back",
    Decision.DECLINE: "declined",
    Decision.WITHDRAW: "withdrawn",
}
WORDS = {
    Decision.APPROVE: "Approve",
    Decision.CHANGES: "Ask for changes",
    Decision.DECLINE: "Decline",
    Decision.WITHDRAW: "Withdraw",
}
TOLD = {
    Decision.APPROVE: "Your listing is public",
    Decision.CHANGES: "Your listing needs a change",
    Decision.DECLINE: "Your listing was declined",
    Decision.WITHDRAW: "Your listing was withdrawn",
}


def to_decision(form: Mapping[str, str]) -> Decision:
    """What the form decides. Raises `FormRefused`."""
    name = form.get("decision", "")
    if name not in set(Decision):
        raise FormRefused(400, "Choose what to do.")
    return Decision(name)


def to_answer(form: Mapping[str, str]) -> str:
    """The answer to owners: a ready one, reasons of the rules that are ticked, and words of one's own."""
    ready = {row["name"]: str(row["text"]) for row in load_table("answers")["answers"]}
    rules = load_table("trust")["rules"]
    ticked = [str(rules[key]["reason"]) for key in rules if form.get(f"rule-{key}")]
    own = "\n".join(clean(line) for line in form.get("answer", "").splitlines()).strip()
    parts = [ready.get(form.get("ready", ""), ""), *ticked, own]
    return "\n".join(part for part in parts if part)[:LONGEST_ANSWER]
