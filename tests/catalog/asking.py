"""Invented subscribers and what they ask for."""

from datetime import UTC, datetime, timedelta

from catalog.sqlcatalog import SqlCatalog
from domain.digest import Audience
from domain.subscription import (
    Consent,
    Letter,
    LetterState,
    News,
    NewsKind,
    Rhythm,
    Section,
    Subscription,
    Wish,
    WishKind,
    to_wish,
)
from domain.subscription_ports import Composed, Round, Settlement, SignUp

NOW = datetime(2027, 1, 4, 12, tzinfo=UTC)
LUNG = to_wish(WishKind.SEARCH, "lung")
BREAST = to_wish(WishKind.TOPIC, filters={"cancer_type": ("breast",)})


def after(**spans: float) -> datetime:
    """An instant after `NOW`."""
    return NOW + timedelta(**spans)


def stamp(moment: datetime = NOW) -> str:
    """As instants are kept."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def consent(act: str, at: datetime = NOW) -> Consent:
    """Somebody's act."""
    return Consent(stamp(at), act, wording="v1", network="hash")


def asked(email: str = "ada@example.org", wish: Wish = LUNG, **facts) -> SignUp:
    """What somebody asks for on the form."""
    told = {"rhythm": Rhythm.WEEKLY, "language": "en", "zone": "Europe/Oslo"} | facts
    return SignUp(email, wish, consent=consent("asked"), **told)


def subscribed(
    catalog: SqlCatalog, email: str = "ada@example.org", wish: Wish = LUNG, at: datetime = NOW, **facts
) -> Subscription:
    """A confirmed subscription, its question sent."""
    kept = catalog.subscribers.sign_up(asked(email, wish, **facts), at, question_limit=99)
    assert kept is not None
    send_all(catalog, at)
    return catalog.subscribers.confirm(kept.id, consent("confirmed", at))


def paper(number: int, kind: NewsKind = NewsKind.PAPER, at: datetime = NOW) -> News:
    """News of an invented paper."""
    return News(kind, f"p{number}", stamp(at), rank=float(number))


def section(subscription: Subscription, *news: News) -> Section:
    """What a letter tells of one subscription."""
    return Section(subscription.id, subscription.wish, subscription.audience, news)


def round_of(catalog: SqlCatalog, subscription: Subscription) -> Round:
    """The round that a subscription belongs to."""
    at = after(days=30)
    key = (subscription.subscriber, subscription.rhythm)
    (found,) = [r for r in catalog.subscribers.rounds(at) if (r.subscriber.id, r.rhythm) == key]
    return found


def issue(catalog: SqlCatalog, subscription: Subscription, *news: News, slot: str = "weekly/1") -> Composed:
    """A round put together."""
    told = (section(subscription, *news),) if news else ()
    return Composed(round_of(catalog, subscription), slot, stamp(after(days=7)), told)


def send_all(catalog: SqlCatalog, at: datetime = NOW, owner: str = "sender") -> list[Letter]:
    """Send what is due."""
    letters = catalog.letters.claim(owner, at, 100, 60)
    for letter in letters:
        send(catalog, letter, at, owner)
    return letters


def send(
    catalog: SqlCatalog,
    letter: Letter,
    at: datetime = NOW,
    owner: str = "sender",
    state: LetterState = LetterState.SENT,
) -> None:
    """Hand one over."""
    catalog.letters.step(owner, None, letter.id, at)
    catalog.letters.step(owner, Settlement(letter.id, state, "250 taken"), None, at)


PUBLIC = Audience.PUBLIC
