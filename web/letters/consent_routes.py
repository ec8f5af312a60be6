"""Addresses where somebody says that it was they who asked for letters, and where letters end.

Nothing but a form that is sent changes anything: programs that look at mail follow its links, and must not
subscribe anybody by that, nor unsubscribe.
"""

from contextlib import suppress

from flask import Flask, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from domain.addresses import address_hash
from domain.errors import NotFound
from domain.subscription import Subscription, SubscriptionState
from domain.subscription_ports import Suppression
from subscriptions.tokens import CONFIRM_WITHIN, Purpose
from web.letters.counter import Counter, preferences_path
from web.letters.spoken import Spoken, spoken_in, spoken_to_visitor
from web.letters.wish_places import About, describe
from web.letters.wishes import to_address
from web.private import client_of_request, private

_ONE_CLICK = "One-Click"
"""What a mail program sends (RFC 8058)."""


def add_consent(app: Flask, counter: Counter) -> None:
    """Routes of the question whether it was really they, and of the way out."""
    _add_question(app, counter)
    _add_way_out(app, counter)


def _add_question(app: Flask, counter: Counter) -> None:
    @app.get("/subscribe/confirm/<token>")
    def confirm_page(token: str) -> Response:
        found = _asked(counter, token)
        if isinstance(found, Response):
            return found
        return _confirming(counter, found, token)

    @app.post("/subscribe/confirm/<token>")
    def confirm_form(token: str) -> AnyResponse:
        found = _asked(counter, token)
        if isinstance(found, Response):
            return found
        if request.form.get("never"):
            _never_write_again(counter, found)
            return redirect(url_for("confirm_page", token=token), 303)
        wanted = request.form.get("also") or found.id
        if wanted == found.id or wanted in {one.id for one in _waiting(counter, found, token)}:
            consent = counter.gate.consent("confirmed", client_of_request(), wanted)
            own = counter.subscribers.subscriber(found.subscriber)
            counter.subscribers.confirm(wanted, consent, counter.gate.key(own.email))
        return redirect(url_for("confirm_page", token=token), 303)


def _asked(counter: Counter, token: str) -> Subscription | Response:
    """What a link asks about; or the page that says why it is no longer good."""
    found = _subscription(counter, counter.tokens.read(Purpose.CONFIRM, token, None))
    if found is None:
        return _broken("/subscribe")
    if found.state is SubscriptionState.PENDING and not _in_time(counter, token):
        say = spoken_in(counter.subscribers.subscriber(found.subscriber).language)
        why, again = say("over", days=CONFIRM_WITHIN.days), to_address("/subscribe", found.wish)
        return private("subscribe/gone.html", 410, say=say, why=why, again=again)
    return found


def _never_write_again(counter: Counter, found: Subscription) -> None:
    """End all questions to come; once a question is answered its link has no such power."""
    if found.state is SubscriptionState.PENDING:
        own = counter.subscribers.subscriber(found.subscriber)
        at = counter.gate.consent("unsubscribed", client_of_request()).at
        counter.subscribers.suppress(Suppression(address_hash(own.email), "asked", at))


def _broken(again: str = "") -> Response:
    say = spoken_to_visitor()
    return private("subscribe/gone.html", 404, say=say, why=say("broken"), again=again)


def _in_time(counter: Counter, token: str) -> bool:
    return counter.tokens.read(Purpose.CONFIRM, token, CONFIRM_WITHIN) is not None


def _subscription(counter: Counter, subscription_id: str | None) -> Subscription | None:
    try:
        return counter.subscribers.subscription(subscription_id) if subscription_id else None
    except NotFound:
        return None


def _waiting(counter: Counter, found: Subscription, token: str) -> list[Subscription]:
    """What else was asked for and waits for an answer; an old link opens nothing but what it was for."""
    if not _in_time(counter, token):
        return []
    others = counter.subscribers.subscriptions(found.subscriber)
    return [one for one in others if one.state is SubscriptionState.PENDING and one.id != found.id]


def _confirming(counter: Counter, found: Subscription, token: str) -> Response:
    own = counter.subscribers.subscriber(found.subscriber)
    blocked = counter.subscribers.suppression(address_hash(own.email))
    return private(
        "subscribe/confirm.html",
        blocked=blocked.reason if blocked else "",
        say=spoken_in(own.language),
        subscription=found,
        subscriber=own,
        about=describe(counter.site, found.wish),
        waiting=[(one.id, describe(counter.site, one.wish)) for one in _waiting(counter, found, token)],
        again=to_address("/subscribe", found.wish),
        preferences=preferences_path(counter, own.id) if _in_time(counter, token) else "",
    )


def _add_way_out(app: Flask, counter: Counter) -> None:
    @app.get("/unsubscribe/<token>")
    def unsubscribe_page(token: str) -> Response:
        subject = counter.tokens.read(Purpose.UNSUBSCRIBE, token, None)
        if subject is None:
            return _broken()
        say, about = _spoken(counter, subject), _about(counter, subject)
        return private("subscribe/stop.html", say=say, about=about, done=False)

    @app.post("/unsubscribe/<token>")
    def unsubscribe_form(token: str) -> Response:
        # Mail programs send this: there is no cookie, no page before it, no origin. The token says it all.
        subject = counter.tokens.read(Purpose.UNSUBSCRIBE, token, None)
        if subject is None:
            return _broken()
        say = _spoken(counter, subject)
        subscriber, _, subscription = subject.partition("/")
        every = request.form.get("all") == "yes"
        act = "one-click" if request.form.get("List-Unsubscribe") == _ONE_CLICK else "unsubscribed"
        consent = counter.gate.consent(act, client_of_request(), "" if every else subscription)
        with suppress(NotFound):  # erased since: nothing is sent either
            counter.subscribers.end(subscriber, consent, "" if every else subscription)
        about = None if every else _about(counter, subject)
        return private("subscribe/stop.html", say=say, about=about, done=True)


def _spoken(counter: Counter, subject: str) -> Spoken:
    """The language of the subscriber; of the browser, where they were erased."""
    try:
        return spoken_in(counter.subscribers.subscriber(subject.partition("/")[0]).language)
    except NotFound:
        return spoken_to_visitor()


def _about(counter: Counter, subject: str) -> About | None:
    """What the letters that are to end are about; None: all of somebody's."""
    subscription = _subscription(counter, subject.partition("/")[2])
    return describe(counter.site, subscription.wish) if subscription else None
