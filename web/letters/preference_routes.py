"""Addresses of a subscriber's own page: what they get, how, a copy of all that is kept, and its erasure."""

from flask import Flask, Response, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from domain.errors import NotAllowed, NotFound
from domain.subscription import Subscriber
from subscriptions.tokens import Purpose
from web.forms import FormRefused
from web.letters import preferences
from web.letters.counter import Counter, choices
from web.letters.spoken import spoken_in, spoken_to_visitor
from web.private import client_of_request, private

_CHANGES = {
    "change": preferences.save_subscription,
    "confirm": preferences.confirm,
    "stop": preferences.stop,
    "stop-all": preferences.stop_all,
    "pause": preferences.pause,
    "resume": preferences.resume,
    "letters": preferences.save_letters,
}


def add_preferences(app: Flask, counter: Counter) -> None:
    """Routes below `/subscribe/preferences`."""
    _add_page(app, counter)
    _add_rights(app, counter)


def _add_page(app: Flask, counter: Counter) -> None:
    @app.get("/subscribe/preferences/<token>")
    def preferences_page(token: str) -> Response:
        own = _subscriber(counter, token)
        return _show(counter, own, token) if own else _gone()

    @app.post("/subscribe/preferences/<token>")
    def preferences_form(token: str) -> AnyResponse:
        own = _subscriber(counter, token)
        if own is None:
            return _gone()
        act = request.form.get("act", "")
        if act not in _CHANGES:
            raise FormRefused(400, "This form lacks its button. Load the page again.")
        try:
            form = request.form.to_dict(flat=False)
            _CHANGES[act](counter.subscribers, counter.gate, own, form, client_of_request())
        except FormRefused as error:
            return _show(counter, own, token, 422, act, str(error))
        except NotAllowed:
            return _show(counter, own, token, 422, act, "same_twice")
        return redirect(url_for("preferences_page", token=token, done=act), 303)


def _add_rights(app: Flask, counter: Counter) -> None:
    @app.get("/subscribe/preferences/<token>/export")
    def export_subscriber(token: str) -> Response:
        own = _subscriber(counter, token)
        if own is None:
            return _gone()
        response = jsonify(counter.subscribers.export(own.id))
        response.headers["Content-Disposition"] = 'attachment; filename="letters.json"'
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    @app.get("/subscribe/preferences/<token>/erase")
    def erase_subscriber_page(token: str) -> Response:
        own = _subscriber(counter, token)
        if own is None:
            return _gone()
        say = spoken_in(own.language)
        return private("subscribe/erase.html", say=say, own=own, token=token, unsure=False)

    @app.post("/subscribe/preferences/<token>/erase")
    def erase_subscriber_form(token: str) -> Response:
        own = _subscriber(counter, token)
        if own is None:
            return _gone()
        if request.form.get("sure") != "yes":
            say = spoken_in(own.language)
            return private("subscribe/erase.html", 422, say=say, own=own, token=token, unsure=True)
        counter.subscribers.erase(own.id, counter.site.clock())
        return private("subscribe/erase.html", say=spoken_in(own.language), own=None, unsure=False)


def _subscriber(counter: Counter, token: str) -> Subscriber | None:
    """Whose page it is; None where the link is not whole, or they were erased."""
    subscriber_id = counter.tokens.read(Purpose.PREFERENCES, token, None)
    try:
        return counter.subscribers.subscriber(subscriber_id) if subscriber_id else None
    except NotFound:
        return None


def _gone() -> Response:
    say = spoken_to_visitor()
    return private("subscribe/gone.html", 404, say=say, why=say("erased_or_broken"), again="")


def _show(
    counter: Counter, own: Subscriber, token: str, status: int = 200, act: str = "", problem: str = ""
) -> Response:
    say = spoken_in(own.language)
    done = say.all_of("done").get(request.args.get("done", ""), "")
    shown = {**choices(), "rhythms": say.rhythms(), "readers": say.readers()}
    return private(
        "subscribe/preferences.html",
        status,
        say=say,
        view=preferences.show(counter.site, counter.subscribers, own.id),
        token=token,
        done=done if not problem else "",
        wrong=act,
        problem=say(problem) if problem else "",
        hours={hour: f"{hour:02}:00" for hour in range(24)},
        **shown,
    )
