"""Addresses where somebody says that it was they who asked for letters, and where letters end.

Nothing but a form that is sent changes anything: programs that look at mail follow its links, and must not
subscribe anybody by that, nor unsubscribe.
"""

from contextlib import suppress

from flask import Flask, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from domain.errors import NotFound
from domain.subscription import Subscription, SubscriptionState
from subscriptions.tokens import CONFIRM_WITHIN, Purpose
from web.counter import Counter, choices, preferences_path
from web.private import client_of_request, private
from web.wish_places import About, describe
from web.wishes import to_address

_ONE_CLICK = "One-Click"
"""What a mail program sends (RFC 8058)."""
_BROKEN = "This link is not whole. Copy all of it out of the letter, or follow it there."


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
        counter.subscribers.confirm(
            found.id, counter.gate.consent("confirmed", client_of_request(), found.id)
        )
        return redirect(url_for("confirm_page", token=token), 303)


def _asked(counter: Counter, token: str) -> Subscription | Response:
    """What a link asks about; or the page that says why it is no longer good."""
    found = _subscription(counter, counter.tokens.read(Purpose.CONFIRM, token, None))
    if found is None:
        return private("subscribe/gone.html", 404, why=_BROKEN, again="/subscribe")
    if found.state is SubscriptionState.PENDING and not _in_time(counter, token):
        why = f"This link was good for {CONFIRM_WITHIN.days} days, and they are over. Nothing was sent."
        return private("subscribe/gone.html", 410, why=why, again=to_address("/subscribe", found.wish))
    return found


def _in_time(counter: Counter, token: str) -> bool:
    return counter.tokens.read(Purpose.CONFIRM, token, CONFIRM_WITHIN) is not None


def _subscription(counter: Counter, subscription_id: str | None) -> Subscription | None:
    try:
        return counter.subscribers.subscription(subscription_id) if subscription_id else None
    except NotFound:
        return None


def _confirming(counter: Counter, found: Subscription, token: str) -> Response:
    own = counter.subscribers.subscriber(found.subscriber)
    return private(
        "subscribe/confirm.html",
        subscription=found,
        subscriber=own,
        about=describe(counter.site, found.wish),
        again=to_address("/subscribe", found.wish),
        preferences=preferences_path(counter, own.id) if _in_time(counter, token) else "",
        **choices(),
    )


def _add_way_out(app: Flask, counter: Counter) -> None:
    @app.get("/unsubscribe/<token>")
    def unsubscribe_page(token: str) -> Response:
        subject = counter.tokens.read(Purpose.UNSUBSCRIBE, token, None)
        if subject is None:
            return private("subscribe/gone.html", 404, why=_BROKEN, again="")
        return private("subscribe/stop.html", about=_about(counter, subject), done=False)

    @app.post("/unsubscribe/<token>")
    def unsubscribe_form(token: str) -> Response:
        # Mail programs send this: there is no cookie, no page before it, no origin. The token says it all.
        subject = counter.tokens.read(Purpose.UNSUBSCRIBE, token, None)
        if subject is None:
            return private("subscribe/gone.html", 404, why=_BROKEN, again="")
        subscriber, _, subscription = subject.partition("/")
        every = request.form.get("all") == "yes"
        act = "one-click" if request.form.get("List-Unsubscribe") == _ONE_CLICK else "unsubscribed"
        consent = counter.gate.consent(act, client_of_request(), "" if every else subscription)
        with suppress(NotFound):  # erased since: nothing is sent either
            counter.subscribers.end(subscriber, consent, "" if every else subscription)
        return private("subscribe/stop.html", about=None if every else _about(counter, subject), done=True)


def _about(counter: Counter, subject: str) -> About | None:
    """What the letters that are to end are about; None: all of somebody's."""
    subscription = _subscription(counter, subject.partition("/")[2])
    return describe(counter.site, subscription.wish) if subscription else None
