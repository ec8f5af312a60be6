"""Who is signed in, and the door: a link by mail, a password, a one-time code."""

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Flask, Response, abort, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from domain.account import AuditEntry, Permission, Person
from domain.listing_ports import Accounts
from domain.ports import Mailer
from web.forms import FormRefused, Forms
from web.params import clean
from web.people.accounts import SESSION_LIFE, Door, Purpose, safe_next, to_email, to_hash
from web.private import check_csrf, client_of_request, private
from web.site import Site

_FORM = "account"
_EXPIRED = "This link has been used, or is too old. Ask for a new one."


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who is signed in."""

    person: Person
    key: str
    csrf: str
    """What every form of theirs holds."""


@dataclass(frozen=True, slots=True)
class Visitors:
    """Tells who sends the request being answered."""

    site: Site
    door: Door

    @property
    def cookie(self) -> str:
        """The name of the cookie; under https browsers let no other host set it."""
        return "__Host-findings" if self.site.url.startswith("https:") else "findings"

    def now(self) -> Visitor | None:
        """Who it is, if anybody is signed in."""
        key = request.cookies.get(self.cookie, "")
        person = self.door.person_of(key)
        return Visitor(person, key, self.door.csrf(key)) if person else None

    def needed(self) -> Visitor:
        """Who it is; others are sent to the door first, and a form of theirs is refused."""
        found = self.now()
        if found:
            return found
        if request.method == "POST":
            raise FormRefused(403, "You are not signed in any more. Sign in, and send the form again.")
        onward = safe_next(request.full_path.rstrip("?"))
        return abort(redirect(f"{url_for('account_page')}?{urlencode({'next': onward})}", 303))

    def allowed(self, permission: Permission) -> Visitor:
        """Who it is; others than those with that permission find nothing here."""
        found = self.needed()
        if not found.person.may(permission):
            abort(404)
        if self.lacks_code(found.person):
            abort(redirect(url_for("codes_page"), 303))
        return found

    def allowed_sender(self, permission: Permission) -> Visitor:
        """Who sends a form that takes a permission. Raises `FormRefused`."""
        found = self.sender()
        if not found.person.may(permission):
            abort(404)
        if self.lacks_code(found.person):
            raise FormRefused(403, "Turn one-time codes on in your account first.")
        return found

    def lacks_code(self, person: Person) -> bool:
        """Whether the person is to sign in with one-time codes here, and does not."""
        return self.site.codes_required and is_trusted(person) and not person.has_totp

    def sender(self) -> Visitor:
        """Who sends a form, and it is from this session. Raises `FormRefused`."""
        found = self.needed()
        check_csrf(found.csrf)
        return found

    def audit(self, listing_id: str) -> list[AuditEntry]:
        """Who did what to a listing."""
        return self.site.listings.audit(listing_id) if self.site.listings else []

    def let_in(self, person: Person, onward: str) -> AnyResponse:
        """Open a session, under a new key, and go on."""
        response = redirect(safe_next(onward), 303)
        response.set_cookie(
            self.cookie,
            self.door.enter(person),
            max_age=int(SESSION_LIFE.total_seconds()),
            secure=self.site.url.startswith("https:"),
            httponly=True,
            samesite="Lax",
            path="/",
        )
        response.headers["Cache-Control"] = "no-store"
        return response

    def let_out(self, address: str) -> AnyResponse:
        """Take the cookie back, and go on."""
        response = redirect(address, 303)
        secure = self.site.url.startswith("https:")
        response.delete_cookie(self.cookie, path="/", secure=secure, httponly=True, samesite="Lax")
        return response


def is_trusted(person: Person) -> bool:
    """Whether the person decides about what others list, or about others."""
    return person.may(Permission.MODERATE)


def to_visitors(
    site: Site,
    forms: Forms,
    accounts: Accounts,
    mailer: Mailer,
) -> Visitors:
    """The visitors of a site."""

    def link(purpose: Purpose, token: str) -> str:
        return site.absolute(f"/account/links/{purpose}?{urlencode({'token': token})}")

    return Visitors(site, Door(accounts, mailer, forms.secret, site.name, link))


def add_door(app: Flask, visitors: Visitors, forms: Forms) -> None:
    """Routes by which people sign in."""
    _add_letters(app, visitors, forms)
    _add_passwords(app, visitors, forms)
    _add_links(app, visitors, forms)


def show_door(forms: Forms, status: int = 200, problem: str = "", field: str = "email") -> Response:
    """The page that lets people in, with what they typed and what is wrong with it."""
    return private(
        "account/door.html",
        status,
        token=forms.token(_FORM),
        onward=safe_next(clean(request.values.get("next", ""))),
        email=clean(request.form.get("email", ""))[:254],
        problem=problem,
        field=field,
    )


def _add_letters(app: Flask, visitors: Visitors, forms: Forms) -> None:
    @app.post("/account/link")
    def link_form() -> Response:
        forms.check(_FORM, request.form)
        email = to_email(request.form.get("email", ""))
        if not email:
            return show_door(forms, 422, "Write an e-mail address, such as name@institute.org.")
        onward = safe_next(clean(request.form.get("next", "")))
        visitors.door.send_link(email, client_of_request(), Purpose.SIGN_IN, onward)
        return private("account/sent.html", email=email)


def _add_passwords(app: Flask, visitors: Visitors, forms: Forms) -> None:
    @app.post("/account/password-sign-in")
    def password_form() -> AnyResponse:
        forms.check(_FORM, request.form)
        email, password = to_email(request.form.get("email", "")), request.form.get("password", "")
        person = visitors.door.by_password(email, password, client_of_request())
        if person is None:
            wrong = "That address and that password do not belong together. A link by mail always works."
            return show_door(forms, 422, wrong, "password")
        return _let_in(visitors, forms, person, request.form.get("next", ""), "password")

    @app.post("/account/code")
    def code_form() -> AnyResponse:
        forms.check(_FORM, request.form)
        found = visitors.door.redeem(Purpose.CODE, request.form.get("code-token", ""))
        if found is None:
            raise FormRefused(400, _EXPIRED)
        person, detail = found
        onward, after = detail["next"], detail["after"]
        if not visitors.door.is_code(person, request.form.get("code", ""), after=after):
            return _ask_code(visitors, forms, person, onward, after, "That is not the code of this moment.")
        return visitors.let_in(person, onward)


def _add_links(app: Flask, visitors: Visitors, forms: Forms) -> None:
    @app.get("/account/links/<purpose>")
    def link_page(purpose: str) -> Response:
        if purpose not in (Purpose.SIGN_IN, Purpose.ADDRESS, Purpose.ERASE):
            abort(404)
        # Programs that look at mail follow links; only the button on this page does anything.
        token = clean(request.args.get("token", ""))[:128]
        return private("account/link.html", purpose=purpose, token=forms.token(_FORM), link_token=token)

    @app.post("/account/links/sign-in")
    def sign_in_form() -> AnyResponse:
        forms.check(_FORM, request.form)
        person, detail = _redeemed(visitors, Purpose.SIGN_IN)
        person = visitors.door.prove(person)
        return _let_in(visitors, forms, person, detail["next"], "link")

    @app.post("/account/links/address")
    def address_link_form() -> AnyResponse:
        forms.check(_FORM, request.form)
        person, detail = _redeemed(visitors, Purpose.ADDRESS)
        visitors.door.change_address(person, detail["email"])
        return visitors.let_out(url_for("account_page"))

    @app.post("/account/links/erase")
    def erase_link_form() -> AnyResponse:
        forms.check(_FORM, request.form)
        person, _ = _redeemed(visitors, Purpose.ERASE)
        visitors.door.accounts.erase(person.id)
        return visitors.let_out(url_for("account_page"))


def _redeemed(visitors: Visitors, purpose: Purpose) -> tuple[Person, dict[str, str]]:
    found = visitors.door.redeem(purpose, request.form.get("link-token", ""))
    if found is None:
        raise FormRefused(400, _EXPIRED)
    return found


def _let_in(visitors: Visitors, forms: Forms, person: Person, onward: str, after: str) -> AnyResponse:
    if person.has_totp:
        return _ask_code(visitors, forms, person, safe_next(onward), after)
    # A key from before is not carried over, lest another had planted it.
    old = request.cookies.get(visitors.cookie, "")
    if old:
        visitors.door.accounts.close_session(to_hash(old))
    return visitors.let_in(person, onward)


def _ask_code(
    visitors: Visitors, forms: Forms, person: Person, onward: str, after: str, problem: str = ""
) -> Response:
    token = visitors.door.second_step(person, onward, after)
    status = 422 if problem else 200
    return private("account/code.html", status, token=forms.token(_FORM), code_token=token, problem=problem)
