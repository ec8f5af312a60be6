"""Addresses where letters are asked for, confirmed and ended.

Nothing but a form that is sent changes anything: programs that look at mail follow its links, and must not
subscribe anybody by that, nor unsubscribe.
"""

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from flask import Flask, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from conferences.atom import MEDIA_TYPE, render_feed
from domain.errors import NotFound
from domain.subscription import Rhythm, Subscription, SubscriptionState, Wish, WishKind
from domain.subscription_ports import Subscribers
from subscriptions.tokens import CONFIRM_WITHIN, Purpose, Tokens
from web import wish_forms
from web.forms import FormRefused, Forms, is_trapped
from web.labels import READERS
from web.pacing import in_steps
from web.params import Params
from web.private import client_of_request, private
from web.site import Site
from web.subscribing import RHYTHMS, Form, Gate, letter_languages, read_form, zones
from web.wish_news import About, describe, news_of, to_about
from web.wish_preview import Previews
from web.wishes import read_wish, to_address

_ONE_CLICK = "One-Click"
"""What a mail program sends (RFC 8058)."""
_BROKEN = "This link is not whole. Copy all of it out of the letter, or follow it there."


@dataclass(frozen=True, slots=True)
class Counter:
    """Where letters are asked for and ended, on one site."""

    site: Site
    subscribers: Subscribers
    gate: Gate
    tokens: Tokens
    previews: Previews


def to_counter(site: Site, forms: Forms) -> Counter | None:
    """The counter of a site that has subscribers, and where limits can be counted."""
    if site.subscribers is None or site.accounts is None:
        return None
    gate = Gate(site.subscribers, site.accounts, forms.secret, site.clock)
    tokens = Tokens(forms.secret, lambda: site.clock().timestamp())
    return Counter(site, site.subscribers, gate, tokens, Previews(site))


def add_subscribing(app: Flask, counter: Counter) -> None:
    """Routes of the form, of the question whether it was really they, and of the way out."""
    _add_form(app, counter)
    _add_feed(app, counter.site)
    _add_question(app, counter)
    _add_way_out(app, counter)


def _add_form(app: Flask, counter: Counter) -> None:
    @app.get("/subscribe")
    def subscribe_page() -> Response:
        params = request.args.to_dict(flat=False)
        wish = read_wish(params)
        if wish is None:
            return private("subscribe/choose.html", lists=_open_lists(counter))
        rhythm = Rhythm.IMMEDIATE if wish.kind is WishKind.PAPER else Rhythm.WEEKLY
        return _show(counter, Form(wish, rhythm=rhythm), params)

    @app.get("/subscribe/preview")
    def subscribe_preview() -> Response:
        wish = read_wish(request.args.to_dict(flat=False))
        if wish is None:
            raise NotFound("preview", "")
        about = to_about(counter.site, wish)
        return private("subscribe/preview.html", about=about, preview=counter.previews.of(wish))

    @app.post("/subscribe")
    def subscribe_form() -> Response:
        params = request.form.to_dict(flat=False)
        wish = read_wish(params)
        if wish is None:
            raise FormRefused(400, "Choose first what the letters are to be about.")
        form, token = read_form(wish, params), request.form.get("token", "")[:120]
        if request.form.get("act") == "show":
            return _show(counter, replace(form, problems=wish_forms.find_problems(wish, params)), params)
        if is_trapped(request.form):
            return private("subscribe/sent.html")
        problems = {**wish_forms.find_problems(wish, params), **form.problems}
        if haste := "" if problems else counter.gate.find_haste(token):
            problems = {"subscribe": haste}
        if problems:
            return _show(counter, replace(form, problems=problems), params, 422)
        _asked_about(counter, wish)
        with in_steps():
            counter.gate.sign_up(form, token, client_of_request())
        return private("subscribe/sent.html")


def _open_lists(counter: Counter) -> list[Any]:
    return [one for one in counter.subscribers.mailing_lists() if not one.closed][:20]


def _show(counter: Counter, form: Form, params: Params, status: int = 200) -> Response:
    """The form, filled in, with what a letter would hold."""
    wish, token = form.wish, (params.get("token") or [""])[0]
    about = _asked_about(counter, wish)
    return private(
        "subscribe/form.html",
        status,
        form=form,
        about=about,
        fields=wish_forms.to_fields(wish, params),
        hidden=wish_forms.hidden_pairs(wish),
        worded=wish_forms.is_worded(wish),
        longest=wish_forms.longest_words(wish),
        preview=None if wish_forms.find_problems(wish, params) else counter.previews.of(wish, form.audience),
        feed=to_address("/subscribe/news.atom", wish),
        token=counter.gate.token() if counter.gate.find_haste(token) else token,
        **choices(),
    )


def _asked_about(counter: Counter, wish: Wish) -> About:
    """What letters are asked about. Raises `NotFound`, and `FormRefused` where nothing more is sent."""
    if wish.kind is WishKind.LIST and counter.subscribers.mailing_list(wish.target).closed:
        raise FormRefused(410, "This list is closed: nothing more is sent.")
    return to_about(counter.site, wish)


def choices() -> dict[str, Any]:
    """What can be chosen of letters, whatever they are about."""
    return {
        "rhythms": RHYTHMS,
        "readers": READERS,
        "letter_languages": letter_languages(),
        "zones": zones(),
    }


def _add_feed(app: Flask, site: Site) -> None:
    @app.get("/subscribe/news.atom")
    def wish_feed() -> Response:
        wish = read_wish(request.args.to_dict(flat=False))
        if wish is None:
            raise NotFound("feed", "")
        about = to_about(site, wish)
        content = render_feed(
            news_of(site, wish),
            f"{about.title} · {site.name}",
            site.absolute(to_address("/subscribe/news.atom", wish)),
            site.absolute(about.path),
            site.name,
        )
        return Response(content, content_type=MEDIA_TYPE)


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


def preferences_path(counter: Counter, subscriber_id: str) -> str:
    """The page where a subscriber changes what they get."""
    return f"/subscribe/preferences/{counter.tokens.sign(Purpose.PREFERENCES, subscriber_id)}"


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
