"""Addresses where letters are asked for, and where the same is read without giving an address."""

from dataclasses import replace
from typing import Any

from flask import Flask, Response, request

from conferences.atom import MEDIA_TYPE, render_feed
from domain.errors import NotFound
from domain.subscription import Rhythm, Wish, WishKind
from web.forms import FormRefused, is_trapped
from web.letters import wish_forms
from web.letters.counter import Counter, choices
from web.letters.spoken import spoken_in, visitors_language
from web.letters.subscribing import Form, read_form
from web.letters.wish_news import news_of
from web.letters.wish_places import About, to_about
from web.letters.wishes import read_wish, to_address
from web.pacing import in_steps
from web.params import Params
from web.private import client_of_request, private
from web.site import Site


def add_subscribing(app: Flask, counter: Counter) -> None:
    """Routes of the form, of what a letter would hold, and of the same as a feed."""
    _add_form(app, counter)
    _add_feed(app, counter.site)


def _add_form(app: Flask, counter: Counter) -> None:
    @app.get("/subscribe")
    def subscribe_page() -> Response:
        params = request.args.to_dict(flat=False)
        wish = read_wish(params)
        if wish is None:
            return private("subscribe/choose.html", lists=_open_lists(counter))
        rhythm = Rhythm.IMMEDIATE if wish.kind is WishKind.PAPER else Rhythm.WEEKLY
        return _show(counter, Form(wish, rhythm=rhythm, language=visitors_language()), params)

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
            return _sent(form)
        problems = {**wish_forms.find_problems(wish, params), **form.problems}
        if haste := "" if problems else counter.gate.find_haste(token):
            problems = {"subscribe": haste}
        if problems:
            return _show(counter, replace(form, problems=problems), params, 422)
        _asked_about(counter, wish)
        with in_steps():
            counter.gate.sign_up(form, token, client_of_request())
        return _sent(form)


def _sent(form: Form) -> Response:
    """The same for everybody who asks for letters in that language."""
    return private("subscribe/sent.html", say=spoken_in(form.language))


def _open_lists(counter: Counter) -> list[Any]:
    return [one for one in counter.subscribers.mailing_lists() if not one.closed][:20]


def _show(counter: Counter, form: Form, params: Params, status: int = 200) -> Response:
    """The form, filled in, with what a letter would hold."""
    wish, token = form.wish, (params.get("token") or [""])[0]
    about = _asked_about(counter, wish)
    lacking = wish_forms.find_problems(wish, params)
    return private(
        "subscribe/form.html",
        status,
        say=spoken_in("en"),
        form=form,
        about=about,
        fields=wish_forms.to_fields(wish, params),
        hidden=wish_forms.hidden_pairs(wish),
        worded=wish_forms.is_worded(wish),
        longest=wish_forms.longest_words(wish),
        lacking=" ".join(lacking.values()),
        preview=None if lacking else counter.previews.of(wish, form.audience),
        feed=to_address("/subscribe/news.atom", wish),
        token=counter.gate.token() if counter.gate.find_haste(token) else token,
        **choices(),
    )


def _asked_about(counter: Counter, wish: Wish) -> About:
    """What letters are asked about. Raises `NotFound`, and `FormRefused` where nothing more is sent."""
    if wish.kind is WishKind.LIST and counter.subscribers.mailing_list(wish.target).closed:
        raise FormRefused(410, "This list is closed: nothing more is sent.")
    return to_about(counter.site, wish)


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
