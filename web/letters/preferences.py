"""What a subscriber changes by the link in a letter: no account, no cookie; who holds the link may.

What is refused is told by its name in `config/letter_pages.toml`, to be said in the subscriber's language.
"""

from dataclasses import dataclass, replace
from datetime import timedelta

from domain.addresses import address_hash
from domain.instants import to_timestamp
from domain.subscription import Consent, Subscriber, Subscription, SubscriptionState
from domain.subscription_ports import Subscribers
from web.forms import FormRefused
from web.letters.subscribing import Gate, chosen, letter_languages, to_zone
from web.letters.wish_places import About, describe
from web.params import Params, first, integer
from web.site import Site

FOREVER = "9999-12-31T00:00:00Z"
"""Paused until somebody takes them up again."""
_PAUSES = ("1", "4", "12", "until")
"""Weeks, or until somebody takes them up again."""


@dataclass(frozen=True, slots=True)
class Row:
    """One subscription, and what it is about."""

    subscription: Subscription
    about: About


@dataclass(frozen=True, slots=True)
class View:
    """All that a subscriber gets, and what was agreed to."""

    subscriber: Subscriber
    rows: tuple[Row, ...]
    waiting: tuple[Row, ...]
    """Asked for, and not confirmed."""
    paused_until: str
    """Empty: not paused."""
    consents: tuple[tuple[Consent, About | None], ...]
    """What was done, and to which letters."""
    suppressed: str = ""
    """For which reason nothing is sent to the address, whatever was asked for; empty: it is."""

    @property
    def paused_forever(self) -> bool:
        """Whether nothing but the subscriber ends the pause."""
        return self.paused_until == FOREVER


def show(site: Site, subscribers: Subscribers, subscriber_id: str) -> View:
    """What a subscriber sees. Raises `NotFound` where they were erased."""
    own = subscribers.subscriber(subscriber_id)
    rows = [Row(one, describe(site, one.wish)) for one in subscribers.subscriptions(subscriber_id)]
    known = {row.subscription.id: row.about for row in rows}
    blocked = subscribers.suppression(address_hash(own.email))
    now = to_timestamp(site.clock())
    return View(
        own,
        tuple(row for row in rows if row.subscription.state is SubscriptionState.ACTIVE),
        tuple(row for row in rows if row.subscription.state is SubscriptionState.PENDING),
        own.paused_until if own.paused_until > now else "",
        tuple((one, known.get(one.subscription)) for one in subscribers.consents(subscriber_id)),
        blocked.reason if blocked else "",
    )


def save_subscription(subscribers: Subscribers, gate: Gate, own: Subscriber, form: Params, who: str) -> None:
    """Take rhythm and audience of one subscription. Raises `FormRefused`."""
    one = _own(subscribers, own, form)
    changed = replace(
        one, rhythm=chosen(form, "rhythm", one.rhythm), audience=chosen(form, "audience", one.audience)
    )
    if changed != one:
        subscribers.change(changed, gate.consent("changed", who, one.id))


def confirm(subscribers: Subscribers, gate: Gate, own: Subscriber, form: Params, who: str) -> None:
    """Begin what waits for an answer: who holds the link reads the mail there. Raises `FormRefused`."""
    one = _own(subscribers, own, form)
    subscribers.confirm(one.id, gate.consent("confirmed", who, one.id), gate.key(own.email))


def stop(subscribers: Subscribers, gate: Gate, own: Subscriber, form: Params, who: str) -> None:
    """End one subscription. Raises `FormRefused`."""
    one = _own(subscribers, own, form)
    subscribers.end(own.id, gate.consent("unsubscribed", who, one.id), one.id)


def stop_all(subscribers: Subscribers, gate: Gate, own: Subscriber, form: Params, who: str) -> None:
    """End all of them."""
    subscribers.end(own.id, gate.consent("unsubscribed", who))


def pause(subscribers: Subscribers, gate: Gate, own: Subscriber, form: Params, who: str) -> None:
    """Send nothing for a while. Raises `FormRefused`."""
    text = first(form, "pause")
    if text not in _PAUSES:
        raise FormRefused(422, "choose_pause")
    until = FOREVER if text == "until" else to_timestamp(gate.clock() + timedelta(weeks=int(text)))
    subscribers.update(replace(own, paused_until=until), gate.consent("paused", who))


def resume(subscribers: Subscribers, gate: Gate, own: Subscriber, form: Params, who: str) -> None:
    """Send letters again."""
    if own.paused_until:
        subscribers.update(replace(own, paused_until=""), gate.consent("resumed", who))


def save_letters(subscribers: Subscribers, gate: Gate, own: Subscriber, form: Params, who: str) -> None:
    """Take language, zone and hour. Raises `FormRefused`."""
    zone = to_zone(first(form, "zone")[:64] or "UTC")
    if not zone:
        raise FormRefused(422, "unknown_zone")
    hour, language = integer(form, "hour"), first(form, "letter_language")
    changed = replace(
        own,
        zone=zone,
        hour=hour if hour is not None and hour < 24 else own.hour,
        language=language if language in letter_languages() else own.language,
    )
    if changed != own:
        subscribers.update(changed, gate.consent("changed", who))


def _own(subscribers: Subscribers, own: Subscriber, form: Params) -> Subscription:
    wanted = first(form, "subscription")
    for one in subscribers.subscriptions(own.id):
        if one.id == wanted and one.state is not SubscriptionState.ENDED:
            return one
    raise FormRefused(422, "ended_already")
