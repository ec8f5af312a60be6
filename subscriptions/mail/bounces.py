"""What comes back: bounces (RFC 3464, and older forms), complaints (RFC 5965), and letters that ask to stop.

Only what bears a mark of ours counts: whoever does not hold the letter cannot end anybody's subscription.
"""

import email
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage, Message
from email.policy import EmailPolicy
from enum import StrEnum
from typing import cast

from flufl.bounce import all_failures

from domain.addresses import address_hash
from domain.errors import NotFound
from domain.instants import to_timestamp
from domain.subscription import Consent
from domain.subscription_ports import Outbox, Subscribers, Suppression
from subscriptions.mail.answers import Fate, find_status, judge_status
from subscriptions.mail.return_path import ReturnPath

_LOG = logging.getLogger("mail")
LONGEST = 1_000_000
"""Bytes that are read of a message."""
_PARSED = 250_000
"""Bytes of it that are taken apart; the report stands before the letter that it gives back."""
_LONGEST_HEADER = 2_000
_LONGEST_REASON = 200
_TO = ("To", "Delivered-To", "X-Original-To", "Envelope-To", "Resent-To")
_COMPLAINTS = ("abuse", "fraud", "virus", "other")


class _Bounded(EmailPolicy):
    """Cuts headers: the library takes minutes for one of a megabyte."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        """Name and value."""
        name, value = super().header_source_parse([line[:_LONGEST_HEADER] for line in sourcelines[:100]])
        return name, value[:_LONGEST_HEADER]


class Return(StrEnum):
    """What a message that came back is."""

    HARD = "hard"
    SOFT = "soft"
    POLICY = "policy"
    """We were refused, not the address: it counts against nobody."""
    COMPLAINT = "complaint"
    UNSUBSCRIBE = "unsubscribe"
    NOTHING = "nothing"
    """A delay, a delivery, an answer by a machine or by a person."""


@dataclass(frozen=True, slots=True)
class Returned:
    """One such message."""

    kind: Return
    letter: str | None
    """The letter whose mark it bears; None: it counts for nothing."""
    reason: str = ""


def read_returned(raw: bytes, return_path: ReturnPath) -> Returned:
    """What a message is; any bytes are read."""
    try:
        message = cast("EmailMessage", email.message_from_bytes(raw[:_PARSED], policy=_Bounded()))
        kind, reason = _to_kind(message)
        letter = _letter(message, raw[:LONGEST], return_path)
    except Exception as error:  # parts within parts within parts: whoever sends such a thing stops no other
        _LOG.info("a message cannot be read: %s", type(error).__name__)
        return Returned(Return.NOTHING, None, "unreadable")
    return Returned(kind, letter, " ".join(reason.split())[:_LONGEST_REASON])


def take(returned: Returned, subscribers: Subscribers, outbox: Outbox, now: datetime) -> str:
    """Act on it: what was done, `ignored` where nothing was."""
    if returned.letter is None or returned.kind in (Return.NOTHING, Return.POLICY):
        return "ignored"
    try:
        letter = outbox.letter(returned.letter)
        if returned.kind in (Return.HARD, Return.SOFT):
            hard = returned.kind is Return.HARD
            gone = subscribers.bounced(letter.id, now, hard=hard, reason=returned.reason)
            return "suppressed" if gone else "noted"
        subscriber = subscribers.subscriber(letter.subscriber)
    except NotFound:
        return "ignored"  # forgotten or erased since
    at = to_timestamp(now)
    if returned.kind is Return.COMPLAINT:
        subscribers.suppress(Suppression(address_hash(subscriber.email), "complained", at))
        return "suppressed"
    subscribers.end(subscriber.id, Consent(at, "unsubscribed", wording="mail"))
    return "unsubscribed"


def _to_kind(message: EmailMessage) -> tuple[Return, str]:
    report = str(message.get_param("report-type", "")).lower()
    if report == "feedback-report":
        return _to_complaint(message)
    if blocks := list(_statuses(message)):
        return _to_bounce(blocks)
    if _header(message, "Auto-Submitted").lower() in ("", "no") and _header(
        message, "Subject"
    ).strip().lower() in ("unsubscribe", "remove"):
        return Return.UNSUBSCRIBE, ""
    return _to_old_bounce(message)


def _to_complaint(message: EmailMessage) -> tuple[Return, str]:
    for part in _parts(message):
        if part.get_content_type() == "message/feedback-report":
            kind = _header(_inner(part), "Feedback-Type").strip().lower()
            if kind.startswith("opt-out"):
                return Return.UNSUBSCRIBE, kind
            return (Return.COMPLAINT if kind in _COMPLAINTS else Return.NOTHING), kind
    return Return.NOTHING, "a complaint without its report"


def _to_bounce(blocks: list[Message]) -> tuple[Return, str]:
    for block in blocks:
        if _header(block, "Action").strip().lower() != "failed":
            continue
        said, status = _header(block, "Diagnostic-Code"), find_status(_header(block, "Status"))
        # Servers that only pass it on write 5.0.0; what the last one said tells more.
        status = status if status and status[1:] != ".0.0" else find_status(said) or status
        return _to_return(judge_status(status, said)), f"{status} {said}"
    return Return.NOTHING, "no failure"


def _to_old_bounce(message: EmailMessage) -> tuple[Return, str]:
    try:
        temporary, permanent = all_failures(message)
    except Exception as error:  # it reads what anybody may write
        _LOG.info("a message cannot be read: %s", type(error).__name__)
        return Return.NOTHING, "unreadable"
    if not permanent:
        return Return.NOTHING, "a delay" if temporary else "no bounce"
    text = "\n".join(_texts(message))
    status = find_status(text)
    # Such forms mix nobody there with all else: without a code, it takes five of them.
    return (_to_return(judge_status(status)) if status else Return.SOFT), status or "no code"


def _to_return(fate: Fate) -> Return:
    return {Fate.DEAD: Return.HARD, Fate.POLICY: Return.POLICY}.get(fate, Return.SOFT)


def _statuses(message: EmailMessage) -> Iterator[Message]:
    for part in _parts(message):
        if part.get_content_type() == "message/delivery-status":
            payload = part.get_payload()
            yield from (
                (block for block in payload if isinstance(block, Message))
                if isinstance(payload, list)
                else ()
            )


def _letter(message: EmailMessage, raw: bytes, return_path: ReturnPath) -> str | None:
    sources = (*(_header(message, name) for name in _TO), raw.decode("latin-1"), *_texts(message))
    return next((found for text in sources if (found := return_path.read(text))), None)


def _parts(message: Message) -> Iterator[Message]:
    try:
        yield from message.walk()
    except (AttributeError, TypeError):  # what is no message claimed to be one
        return


def _inner(part: Message) -> Message:
    payload = part.get_payload()
    if isinstance(payload, list) and payload and isinstance(payload[0], Message):
        return payload[0]
    return email.message_from_string(str(payload))


def _texts(message: Message) -> Iterator[str]:
    for part in _parts(message):
        if part.get_content_maintype() == "text":
            data = part.get_payload(decode=True)
            yield data.decode("utf-8", "replace") if isinstance(data, bytes) else ""


def _header(message: Message, name: str) -> str:
    try:
        return str(message.get(name, "") or "")
    except (
        ValueError,
        IndexError,
        AttributeError,
        TypeError,
    ):  # the library's reader of headers stumbles over some
        return ""
