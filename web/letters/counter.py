"""Where letters are asked for, changed and ended: what all its pages share."""

from dataclasses import dataclass
from typing import Any

from domain.subscription_ports import Subscribers
from subscriptions.tokens import Purpose, Tokens
from web.forms import Forms
from web.labels import READERS
from web.letters.subscribing import RHYTHMS, Gate, letter_languages, zones
from web.letters.wish_preview import Previews
from web.site import Site


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
    tokens = Tokens(forms.secret, lambda: site.clock().timestamp(), former=site.former_secret)
    return Counter(site, site.subscribers, gate, tokens, Previews(site))


def choices() -> dict[str, Any]:
    """What can be chosen of letters, whatever they are about."""
    return {
        "rhythms": RHYTHMS,
        "readers": READERS,
        "letter_languages": letter_languages(),
        "zones": zones(),
    }


def preferences_path(counter: Counter, subscriber_id: str) -> str:
    """The page where a subscriber changes what they get."""
    return f"/subscribe/preferences/{counter.tokens.sign(Purpose.PREFERENCES, subscriber_id)}"
