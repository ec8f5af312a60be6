"""Accounts: links by mail, passwords, one-time codes, sessions, and limits on guessing.

Whoever asks gets the same answer in the same time, whether an address is known here or not. Guesses are
counted for each account and each network; nobody is shut out by the guesses of others, for a link by mail
always lets its owner in. Links are good once, for half an hour, for one purpose. Nor can others use up the
letters of a day: while no more are sent, one of them holds a link that is good and not used.
"""

import base64
import hashlib
import hmac
import ipaddress
import json
import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

import pyotp

from domain.account import Person
from domain.errors import NotFound
from domain.listing_ports import Accounts
from domain.ports import Mailer
from web.forms import FormRefused
from web.limits import has_room, is_too_often
from web.pacing import in_steps
from web.people import passwords

LINK_LIFE = timedelta(minutes=30)
SESSION_LIFE = timedelta(days=14)
WINDOW = timedelta(minutes=15)
MOST_TRIES = 10
MOST_LETTERS = 4
"""To one address in the window; a day has room for three times as many."""
MOST_A_DAY = 3 * MOST_LETTERS
LONG_LIFE = timedelta(hours=6)
"""Of links beyond what a day has room for: there comes one in that time, so that one is always good."""
LONGEST_ADDRESS = 254
LONGEST_TOKEN = 128
_ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\]{1,64}@[^\s@<>,;:\"()\[\]\\.]+(\.[^\s@<>,;:\"()\[\]\\.]+)+")
_INSIDE = re.compile(r"/(?:account|organize|moderate)(?:/[A-Za-z0-9._~/-]*)?(?:\?[A-Za-z0-9=&%._~-]*)?")
_HASTE = "That was a lot of tries in a short time. Wait a quarter of an hour, or ask for a link by mail."


class Purpose(StrEnum):
    """What a token is good for, and nothing else."""

    SIGN_IN = "sign-in"
    CODE = "code"
    """The second step, after a link or a password."""
    ADDRESS = "address"
    ERASE = "erase"


_LETTERS = {
    Purpose.SIGN_IN: ("Your link to {site}", "With this link you sign in to {site}"),
    Purpose.ADDRESS: ("Your new address at {site}", "With this link you make this your address at {site}"),
    Purpose.ERASE: ("Erase your account at {site}", "With this link you erase your account at {site}"),
}


def to_email(text: str) -> str:
    """The address in the form we keep it in; empty where it cannot be one."""
    plain = text.strip().lower()
    good = len(plain) <= LONGEST_ADDRESS and plain.isprintable() and _ADDRESS.fullmatch(plain)
    return plain if good else ""


def to_hash(secret: str) -> str:
    """What the database keeps of a token or session key."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def safe_next(text: str) -> str:
    """Where to go on to, if that is a page of ours for people with accounts; else their account."""
    inside = _INSIDE.fullmatch(text)
    return text if inside and "//" not in text and ".." not in text and len(text) <= 300 else "/account"


@dataclass(frozen=True, slots=True)
class Door:
    """How people get in, on one site."""

    accounts: Accounts
    mailer: Mailer
    secret: str
    site_name: str
    link: Callable[[Purpose, str], str]
    """The public address at which a token is taken."""
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    wait: Callable[[float], None] = time.sleep

    def send_link(self, email: str, client: str, purpose: Purpose, onward: str = "") -> None:
        """Send a link to an address that `to_email` gave; an account is made where there is none.

        Raises:
            FormRefused: too many from that network.
            MailError: letters do not get out.
        """
        with in_steps(self.wait):
            self._send_link(email, client, purpose, onward)

    def _send_link(self, email: str, client: str, purpose: Purpose, onward: str) -> None:
        self._count("letters-from", to_network(client))
        life = self._life_of_link(email)
        if life is None:
            return
        person = self.accounts.by_email(email)
        if person is None:
            person = self.accounts.create(email, "")
        else:  # one more row for a known address, too, so that both take as long
            self.accounts.note_attempt(self._key("known", email), self.clock())
        self.issue(person, purpose, email, {"next": onward}, life)

    def issue(
        self,
        person: Person,
        purpose: Purpose,
        to: str,
        detail: dict[str, str],
        life: timedelta = LINK_LIFE,
    ) -> None:
        """Send a link for that person to an address."""
        token = self._token(person, purpose, detail, life)
        subject, words = (text.format(site=self.site_name) for text in _LETTERS[purpose])
        minutes = int(life.total_seconds() // 60)
        good = f"{minutes} minutes" if minutes < 120 else f"{minutes // 60} hours"
        self.mailer.send(
            to,
            subject,
            f"{words}:\n\n{self.link(purpose, token)}\n\nIt is good once, for {good}. If you did"
            " not ask for it, do nothing: without the link nothing happens.\n",
        )

    def _life_of_link(self, email: str) -> timedelta | None:
        """Note one more link for an address, and say how long it is to be good; None: it is one too many.

        It is too many only while one that was sent before is good and not used, whoever asked for that.
        """
        sent, used, now = self._key("links-to", email), self._key("links-used", email), self.clock()

        def unused(within: timedelta) -> int:
            return self.accounts.attempts(sent, now - within) - self.accounts.attempts(used, now - within)

        today = unused(timedelta(days=1))
        if unused(WINDOW) >= MOST_LETTERS or (today >= MOST_A_DAY and unused(LONG_LIFE - WINDOW) > 0):
            return None
        self.accounts.note_attempt(sent, now)
        return LONG_LIFE if today >= MOST_A_DAY - 1 else LINK_LIFE

    def has_had_enough(self, email: str) -> bool:
        """Note one more letter of another kind to an address, unless that is one too many."""
        limits = ((WINDOW, MOST_LETTERS), (timedelta(days=1), MOST_A_DAY))
        return not has_room(self.accounts, self._key("letters-to", email), self.clock(), *limits)

    def redeem(self, purpose: Purpose, token: str) -> tuple[Person, dict[str, str]] | None:
        """Whose token it is, and what it holds; it is not good a second time."""
        found = self.accounts.redeem_token(purpose, to_hash(token[:LONGEST_TOKEN]), self.clock())
        if not found:
            return None
        try:
            person = self.accounts.person(found[0])
        except NotFound:
            return None
        if purpose is Purpose.SIGN_IN:  # who uses letters may have more of them
            self.accounts.note_attempt(self._key("links-used", person.email), self.clock())
        return None if person.locked else (person, json.loads(found[1]))

    def by_password(self, email: str, password: str, client: str) -> Person | None:
        """Whose password it is. Raises `FormRefused` after too many tries."""
        with in_steps(self.wait):
            return self._by_password(email, password, client)

    def _by_password(self, email: str, password: str, client: str) -> Person | None:
        self._count("password-from", to_network(client))
        self._count("password-of", email)
        person = self.accounts.by_email(email)
        try:
            hashed = self.accounts.password(person.id if person else "")
        except NotFound:
            hashed = ""
        right = passwords.is_right(hashed, password)
        return person if right and person and person.proven and not person.locked else None

    def second_step(self, person: Person, onward: str, after: str) -> str:
        """The token for a form that asks for the one-time code; `after` which first step."""
        return self._token(person, Purpose.CODE, {"next": onward, "after": after}, LINK_LIFE)

    def is_code(self, person: Person, code: str, secret: str = "", after: str = "session") -> bool:
        """Whether it is the one-time code of now, not used before. Raises `FormRefused` on too many tries.

        Tries are counted for each first step: who knows a password does not shut out who reads the mail.
        """
        self._count("code-of", f"{person.id} {after}")
        digits, now = re.sub(r"\s", "", code)[:12], self.clock()
        if not re.fullmatch(r"[0-9]{6}", digits):
            return False
        own = secret or self.accounts.totp(person.id)
        if not own or not pyotp.TOTP(own).verify(digits, for_time=now, valid_window=1):
            return False
        used = self._key("code-used", f"{person.id} {digits}")
        if self.accounts.attempts(used, now - timedelta(minutes=3)):
            return False
        self.accounts.note_attempt(used, now)
        return True

    def enter(self, person: Person) -> str:
        """Open a session; returns its key, which nobody else knows."""
        key = secrets.token_urlsafe(32)
        self.accounts.open_session(person.id, to_hash(key), self.clock() + SESSION_LIFE)
        return key

    def person_of(self, key: str) -> Person | None:
        """Whose session it is."""
        if not key:
            return None
        person = self.accounts.session(to_hash(key[:LONGEST_TOKEN]), self.clock())
        return None if person is None or person.locked else person

    def leave_everywhere(self, person: Person) -> None:
        """End all sessions of a person."""
        self.accounts.set_password(person.id, self.accounts.password(person.id))

    def prove(self, person: Person) -> Person:
        """Note that the address of the account is the person's own."""
        if not person.proven:
            person = replace(person, proven=True)
            self.accounts.update(person)
        return person

    def change_address(self, person: Person, email: str) -> None:
        """Take the address that a link was followed at, end all sessions, and tell the old one."""
        old = person.email
        self.accounts.update(replace(person, email=email, proven=True))
        self.leave_everywhere(person)
        self.mailer.send(
            old,
            f"Your address at {self.site_name} was changed",
            "Your account has another address from now on. If that was not you, write to us at once.\n",
        )

    def csrf(self, key: str) -> str:
        """The token of every form in a session."""
        return hmac.new(self.secret.encode(), f"csrf\0{key}".encode(), hashlib.sha256).hexdigest()[:40]

    def slow_down(self, kind: str, about: str) -> None:
        """Count one more of a kind. Raises `FormRefused` where that is one too many."""
        self._count(kind, about)

    def _token(self, person: Person, purpose: Purpose, detail: dict[str, str], life: timedelta) -> str:
        token = secrets.token_urlsafe(32)
        # The number keeps earlier links good: who asks for many ends none of another's.
        told = json.dumps(detail | {"no": secrets.token_hex(4)})
        self.accounts.issue_token(person.id, purpose, to_hash(token), self.clock() + life, told)
        return token

    def _count(self, kind: str, about: str) -> None:
        if is_too_often(self.accounts, self._key(kind, about), self.clock(), (WINDOW, MOST_TRIES)):
            raise FormRefused(429, _HASTE)

    def _key(self, kind: str, about: str) -> str:
        return hmac.new(self.secret.encode(), f"{kind}\0{about}".encode(), hashlib.sha256).hexdigest()


def to_network(client: str) -> str:
    """The network of an address: itself, or the /64 that one line gets under IPv6."""
    try:
        found = ipaddress.ip_address(client)
    except ValueError:
        return client[:64]
    return str(ipaddress.ip_network((found, 64), strict=False)) if found.version == 6 else str(found)


def new_totp_secret() -> str:
    """A secret for one-time codes, of 160 bits."""
    return base64.b32encode(secrets.token_bytes(20)).decode("ascii")


def totp_address(secret: str, email: str, site_name: str) -> str:
    """The `otpauth:` address that an authenticator app reads."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=site_name)
