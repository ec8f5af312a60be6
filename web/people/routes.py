"""One's own account: name, address, password, one-time codes, export, erasure."""

from dataclasses import asdict, replace

from flask import Flask, Response, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from domain.errors import NotFound
from web.forms import Forms
from web.params import clean
from web.people import passwords
from web.people.accounts import Purpose, new_totp_secret, to_email, to_hash, totp_address
from web.people.qr import to_svg
from web.people.signing_in import Visitor, Visitors, add_door, is_trusted, show_door
from web.private import private

LONGEST_NAME = 80
_DONE = {
    "name": "Your name is saved.",
    "password": "Your password is saved. You were signed out everywhere else.",
    "no-password": "Your password is gone. You sign in by links.",
    "address": "A link is on its way to the new address. Until it is followed, the old one stays.",
    "erase": "A link is on its way to you. Nothing is erased until you follow it.",
    "totp": "One-time codes are on: from now on you are asked for one whenever you sign in.",
    "no-totp": "One-time codes are off.",
}


def add_accounts(app: Flask, visitors: Visitors, forms: Forms) -> None:
    """Routes of the door and of one's own account."""
    add_door(app, visitors, forms)
    _add_page(app, visitors, forms)
    _add_secrets(app, visitors)
    _add_totp(app, visitors)
    _add_rights(app, visitors)


def _add_page(app: Flask, visitors: Visitors, forms: Forms) -> None:
    @app.get("/account")
    def account_page() -> Response:
        visitor = visitors.now()
        return _show(visitor) if visitor else show_door(forms)

    @app.post("/account/name")
    def name_form() -> AnyResponse:
        visitor = visitors.sender()
        name = " ".join(clean(request.form.get("name", "")).split())
        if not 2 <= len(name) <= LONGEST_NAME or not name.isprintable():
            return _show(visitor, 422, {"name": f"Write a name of 2 to {LONGEST_NAME} letters."})
        visitors.door.accounts.update(replace(visitor.person, name=name))
        return _back("name")

    @app.post("/account/address")
    def address_form() -> AnyResponse:
        visitor = visitors.sender()
        email, own = to_email(request.form.get("email", "")), visitor.person
        if not email:
            return _show(visitor, 422, {"email": "Write an e-mail address, such as name@institute.org."})
        visitors.door.slow_down("address", own.id)
        if not visitors.door.has_had_enough(email):
            visitors.door.issue(own, Purpose.ADDRESS, email, {"email": email})
        return _back("address")


def _add_secrets(app: Flask, visitors: Visitors) -> None:
    accounts = visitors.door.accounts

    @app.post("/account/password")
    def own_password_form() -> AnyResponse:
        visitor, new = visitors.sender(), request.form.get("new-password", "")
        own = visitor.person
        if own.has_password and not _knows_password(visitors, visitor):
            return _show(visitor, 422, {"current-password": "That is not your password."})
        if request.form.get("remove"):
            accounts.set_password(own.id, "")
            return visitors.let_in(accounts.person(own.id), "/account?done=no-password")
        if wrong := passwords.weakness(new, own.email, own.name, visitors.site.name):
            return _show(visitor, 422, {"new-password": wrong})
        accounts.set_password(own.id, passwords.hash_password(new))
        return visitors.let_in(accounts.person(own.id), "/account?done=password")

    @app.post("/account/sign-out")
    def leave_form() -> AnyResponse:
        visitor = visitors.sender()
        if request.form.get("everywhere"):
            visitors.door.leave_everywhere(visitor.person)
        accounts.close_session(to_hash(visitor.key))
        return visitors.let_out(url_for("account_page"))


def _add_totp(app: Flask, visitors: Visitors) -> None:
    door = visitors.door

    @app.get("/account/codes")
    def codes_page() -> Response:
        return _codes(visitors, visitors.needed())

    @app.post("/account/codes")
    def codes_form() -> AnyResponse:
        visitor = visitors.sender()
        own, code = visitor.person, request.form.get("code", "")
        secret = "" if own.has_totp else clean(request.form.get("secret", ""))
        shaped = own.has_totp or (len(secret) == 32 and secret.isalnum() and secret.isascii())
        if not shaped or not door.is_code(own, code, secret):
            return _codes(visitors, visitor, secret if shaped else "", "That is not the code of this moment.")
        door.accounts.set_totp(own.id, secret)
        return _back("totp" if secret else "no-totp")


def _add_rights(app: Flask, visitors: Visitors) -> None:
    door = visitors.door

    @app.get("/account/export.json")
    def export_json() -> Response:
        response = jsonify(export(visitors, visitors.needed()))
        response.headers["Cache-Control"] = "no-store"
        response.headers["Content-Disposition"] = "attachment; filename=findings-account.json"
        return response

    @app.post("/account/erase")
    def erase_form() -> AnyResponse:
        visitor = visitors.sender()
        own = visitor.person
        if not request.form.get("sure"):
            return _show(visitor, 422, {"sure": "Tick this, if you are sure."})
        if not door.has_had_enough(own.email):
            door.issue(own, Purpose.ERASE, own.email, {})
        return _back("erase")


def export(visitors: Visitors, visitor: Visitor) -> dict[str, object]:
    """Everything that is kept about a person, and about no other."""
    person, listings = visitor.person, visitors.site.listings
    told = asdict(person) | {"permissions": sorted(person.permissions)}
    owned = listings.owned(person.id) if listings else []
    parts = [
        {
            "listing": asdict(replace(listed, doubts=())),  # those are what reviewers and readers think of it
            "watched": asdict(watch) if listings and (watch := listings.watched(listed.id)) else None,
            "part": visitors.door.accounts.part(person.id, listed.id),
            "acts": [asdict(e) for e in listings.audit(listed.id) if e.person == person.id]
            if listings
            else [],
        }
        for listed in owned
    ]
    return {"account": told, "listings": parts}


def _knows_password(visitors: Visitors, visitor: Visitor) -> bool:
    visitors.door.slow_down("own-password", visitor.person.id)
    try:
        hashed = visitors.door.accounts.password(visitor.person.id)
    except NotFound:
        return False
    return passwords.is_right(hashed, request.form.get("current-password", ""))


def _show(visitor: Visitor, status: int = 200, problems: dict[str, str] | None = None) -> Response:
    return private(
        "account/account.html",
        status,
        person=visitor.person,
        csrf=visitor.csrf,
        problems=problems or {},
        done=_DONE.get(request.args.get("done", ""), ""),
        shortest=passwords.SHORTEST,
        longest=passwords.LONGEST,
    )


def _codes(visitors: Visitors, visitor: Visitor, secret: str = "", problem: str = "") -> Response:
    secret = secret or new_totp_secret()
    address = totp_address(secret, visitor.person.email, visitors.site.name)
    return private(
        "account/codes.html",
        422 if problem else 200,
        person=visitor.person,
        csrf=visitor.csrf,
        secret=secret,
        address=address,
        qr=to_svg(address, "QR code of the secret"),
        needed=visitors.site.codes_required and is_trusted(visitor.person),
        problem=problem,
    )


def _back(done: str) -> AnyResponse:
    return redirect(url_for("account_page", done=done), 303)
