"""Asking for letters: what the form holds, and what keeps it from being used to bother people.

Whoever asks gets the same answer after the same work, whether the address is known, suppressed or new. A
form is good once, for an hour; limits are counted in the database, so that all processes share them.
"""

import hashlib
import hmac
import ipaddress
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import TypeVar
from zoneinfo import available_timezones

from config import load_table
from domain.addresses import address_key, domain_of, to_email
from domain.digest import Audience
from domain.instants import to_timestamp
from domain.listing_ports import Accounts
from domain.subscription import Consent, Rhythm, Wish
from domain.subscription_ports import SignUp, Subscribers
from web.forms import FormRefused
from web.labels import table
from web.limits import Limit, has_room
from web.params import Params, first

WORDING = "2026-11-21"
"""Which wording of the form is agreed to; a new one, whenever what it promises changes."""
RHYTHMS = {
    Rhythm.IMMEDIATE: "At once, at most one an hour",
    Rhythm.DAILY: "Every day",
    Rhythm.WEEKLY: "Every week, on Monday",
    Rhythm.MONTHLY: "Every month, on the first",
}
LONGEST_ADDRESS = 254
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_MAC = 40
_T = TypeVar("_T", bound=str)


@dataclass(frozen=True, slots=True)
class Form:
    """The form as it was sent; what could not be read has its default, and a problem."""

    wish: Wish
    email: str = ""
    """As typed."""
    rhythm: Rhythm = Rhythm.WEEKLY
    audience: Audience = Audience.PUBLIC
    language: str = "en"
    zone: str = "UTC"
    problems: Mapping[str, str] = field(default_factory=dict)


@cache
def zones() -> tuple[str, ...]:
    """Time zones to choose from, by place; abbreviations and offsets are left out."""
    places = ("Africa/", "America/", "Antarctica/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/")
    named = (name for name in available_timezones() if name.startswith((*places, "Pacific/")))
    return ("UTC", *sorted(named))


def letter_languages() -> dict[str, str]:
    """Tag → what each language that letters are written in calls itself."""
    return {tag: str(words["name"]) for tag, words in table("letters").items()} or {"en": "English"}


def to_zone(text: str) -> str:
    """The IANA zone that `text` names in any case, blanks for underscores; empty where there is none.

    >>> to_zone("africa/nairobi"), to_zone("America/New York"), to_zone("Mars/Base")
    ('Africa/Nairobi', 'America/New_York', '')
    """
    wanted = text.strip().replace(" ", "_").casefold()
    return next((zone for zone in zones() if zone.casefold() == wanted), "")


def read_form(wish: Wish, params: Params) -> Form:
    """Read who gets the letters, and how."""
    problems = {}
    email = first(params, "email")[: LONGEST_ADDRESS + 1]
    try:
        to_email(email)
    except ValueError:
        problems["email"] = "Write an e-mail address, such as name@institute.org."
    typed_zone = first(params, "zone")[:64]
    zone = to_zone(typed_zone or "UTC")
    if not zone:
        problems["zone"] = f"We do not know the time zone “{typed_zone}”. Choose one from the list."
    language = first(params, "letter_language")
    return Form(
        wish=wish,
        email=email,
        rhythm=chosen(params, "rhythm", Rhythm.WEEKLY),
        audience=chosen(params, "audience", Audience.PUBLIC),
        language=language if language in letter_languages() else "en",
        zone=zone or typed_zone,
        problems=problems,
    )


def chosen(params: Params, name: str, default: _T) -> _T:
    """The value of a parameter, among those of the same kind as `default`."""
    kind = type(default)
    found = first(params, name)
    return kind(found) if found in set(kind) else default  # type: ignore[call-overload]


def owned_domain(email: str) -> str:
    """The domain that one owner may have all addresses of, however many names stand before it.

    >>> owned_domain("a@x.society.example"), owned_domain("a@ward.clinic.nhs.uk")
    ('society.example', 'clinic.nhs.uk')
    """
    labels = domain_of(email).split(".")
    # Whose registry hands out names below a second one tells nobody; a guess is enough for a limit.
    below = len(labels[-1]) == 2 and len(labels[-2]) <= len("com")
    return ".".join(labels[-3 if below else -2 :])


@dataclass(frozen=True, slots=True)
class Gate:
    """Lets sign-ups through, so many and no more."""

    subscribers: Subscribers
    accounts: Accounts
    """Keeps what is counted, under keyed hashes, for a day."""
    secret: str = field(repr=False)
    clock: Callable[[], datetime]

    def token(self) -> str:
        """What a form holds that is served now: when that was, signed, and what makes it single."""
        told = f"{int(self.clock().timestamp())}.{secrets.token_urlsafe(9)}"
        return f"{told}.{self._mac('form', told)}"

    def find_haste(self, token: str) -> str:
        """What is wrong with when the form was served; empty: nothing."""
        served = self._served(token)
        limits = load_table("subscribing")
        age = self.clock().timestamp() - served if served is not None else limits["longest_seconds"] + 1
        if age < limits["shortest_seconds"]:
            return "That was quicker than people are. Look the form over, and press the button again."
        if age > limits["longest_seconds"]:
            return "This page had been open for long. Nothing is lost: press the button again."
        return ""

    def sign_up(self, form: Form, token: str, client: str) -> None:
        """Keep what is asked for, unless that is one too many. Raises `FormRefused`."""
        limits, network = load_table("subscribing"), self.network(client)
        of_network = ((_HOUR, limits["network_an_hour"]), (_DAY, limits["network_a_day"]))
        self._count(f"network/{network}", *of_network)
        used, now, email = self._mac("count", f"form/{token}"), self.clock(), to_email(form.email)
        if self.accounts.attempts(used, now - _DAY):
            return  # the same form again: it was taken the first time
        # Before what all share: who is refused here must not use that up for others.
        if (domain := owned_domain(email)) not in limits["shared"]:
            self._count(f"domain/{domain}", (_DAY, limits["domain_a_day"]))
        self._count("all", (_DAY, limits["all_a_day"]))
        asked = SignUp(
            email=email,
            wish=form.wish,
            rhythm=form.rhythm,
            language=form.language,
            zone=form.zone,
            consent=self.consent("asked", client),
            audience=form.audience,
            address_key=self.key(email),
        )
        self.subscribers.sign_up(
            asked, now, question_limit=limits["address_a_day"], unanswered_limit=limits["unanswered"]
        )
        # Noted last: who presses twice at once, or again after a fault of ours, still gets the letter.
        self.accounts.note_attempt(used, now)

    def key(self, email: str) -> str:
        """What questions to that mailbox are counted by."""
        return address_key(self.secret, email)

    def consent(self, act: str, client: str, subscription: str = "") -> Consent:
        """What proves that somebody did `act` just now."""
        at = to_timestamp(self.clock())
        return Consent(at, act, subscription, WORDING, self.network(client))

    def network(self, client: str) -> str:
        """A keyed hash of the network of an address: /24, or /48 under IPv6."""
        try:
            address = ipaddress.ip_address(client)
        except ValueError:
            return self._mac("network", client[:64])[:16]
        size = 24 if address.version == 4 else 48
        return self._mac("network", str(ipaddress.ip_network((address, size), strict=False)))[:16]

    def _served(self, token: str) -> float | None:
        told, _, mac = token.rpartition(".")
        if not hmac.compare_digest(mac.encode(), self._mac("form", told).encode()):
            return None
        return float(told.partition(".")[0])

    def _count(self, key: str, *limits: Limit) -> None:
        if not has_room(self.accounts, self._mac("count", key), self.clock(), *limits):
            raise FormRefused(
                429, "That was a lot of forms. Please try again later; the feed of the same news needs none."
            )

    def _mac(self, purpose: str, text: str) -> str:
        told = f"subscribing/{purpose}\0{text}".encode("utf-8", "surrogatepass")
        return hmac.new(self.secret.encode(), told, hashlib.sha256).hexdigest()[:_MAC]
