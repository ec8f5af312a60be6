"""The foot of a letter: why it came, how to change or stop it, who sends it, and what it is not."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from domain.subscription import Letter, Subscriber, WishKind
from subscriptions.letters.items import Link
from subscriptions.letters.plain import line, wrapped
from subscriptions.letters.rendering import INDENT, Colours, link_text, mark, render
from subscriptions.letters.sections import Told
from subscriptions.letters.wishes import describe
from subscriptions.letters.wording import Phrase, Words
from subscriptions.tokens import Purpose, Tokens

_LONGEST_CONTACT = 300
_FOR_READERS = (WishKind.SEARCH, WishKind.TOPIC, WishKind.PAPER)
"""Letters with digests, which are written for different readers."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a section came, and where that can be stopped; no address where nobody's own links may stand."""

    text: Phrase
    stop: Phrase
    url: str = ""


@dataclass(frozen=True, slots=True)
class Foot:
    """What stands below a letter."""

    reasons: tuple[Reason, ...] = ()
    links: tuple[Link, ...] = ()
    lines: tuple[Phrase, ...] = ()

    def html(self, words: Words, colours: Colours) -> str:
        """As HTML."""

        def said(phrase: Phrase) -> str:
            return mark(phrase, words)

        reasons = [{"text": said(one.text), "stop": said(one.stop), "url": one.url} for one in self.reasons]
        return render(
            "foot",
            colours,
            why=said(words("why")),
            reasons=reasons,
            links=self.links,
            lines=[said(one) for one in self.lines],
            mark=said,
        )

    def text(self, words: Words) -> str:
        """As plain text; two hyphens and a space begin it, as mail programs know."""
        parts = [wrapped(words("why").text)] if self.reasons else []
        for one in self.reasons:
            stop = f"\n{link_text(one.stop.text, one.url, words, INDENT)}" if one.url else ""
            parts.append(wrapped(one.text.text) + stop)
        parts += (
            ["\n".join(link_text(one.words.text, one.url, words) for one in self.links)] if self.links else []
        )
        return "-- \n" + "\n\n".join([*parts, *(wrapped(one.text) for one in self.lines)])


class Signed:
    """The addresses that are one subscriber's own."""

    def __init__(self, tokens: Tokens, site: str) -> None:
        self._tokens = tokens
        self._site = site

    def confirm(self, subscription_id: str) -> str:
        """Where a subscription is confirmed."""
        return f"{self._site}/subscribe/confirm/{self._tokens.sign(Purpose.CONFIRM, subscription_id)}"

    def preferences(self, subscriber_id: str) -> str:
        """Where letters are changed and paused."""
        return f"{self._site}/subscribe/preferences/{self._tokens.sign(Purpose.PREFERENCES, subscriber_id)}"

    def unsubscribe(self, subject: str) -> str:
        """Where all letters of a subscriber end, or one subscription: `subscriber/subscription`."""
        return f"{self._site}/unsubscribe/{self._tokens.sign(Purpose.UNSUBSCRIBE, subject)}"


def reasons(told: Sequence[Told], letter: Letter, words: Words, signed: Signed | None) -> tuple[Reason, ...]:
    """Why each section came."""
    found = []
    for one in told:
        url = ""
        if signed and one.section.subscription:
            url = signed.unsubscribe(f"{letter.subscriber}/{one.section.subscription}")
        found.append(Reason(_reason(one, letter, words), words("stop_this"), url))
    return tuple(found)


def _reason(told: Told, letter: Letter, words: Words) -> Phrase:
    wish = told.section.wish
    title = "" if wish.filters or wish.text else told.plain_title(words)
    what = describe(wish, words.language, title)
    rhythm = words.label("rhythms", letter.rhythm).text if letter.rhythm else ""
    readers = words.label("audiences", told.section.audience).text if wish.kind in _FOR_READERS else ""
    if readers and rhythm:
        return words("asked_for", what=what, audience=readers, rhythm=rhythm)
    more = readers or rhythm
    return words("asked_list", what=what, rhythm=more) if more else Phrase(what)


def personal_links(subscriber: Subscriber, words: Words, signed: Signed) -> list[Link]:
    """Where a subscriber changes or stops letters."""
    return [
        Link(words("change"), signed.preferences(subscriber.id)),
        Link(words("stop_all"), signed.unsubscribe(subscriber.id)),
    ]


@cache
def closing_lines(
    words: Words, site_name: str, contact: str, *, made: bool, advice: bool
) -> tuple[Phrase, ...]:
    """What a letter is not, how it was made, and who sends it."""
    lines = [words("advice")] if advice else []
    lines += [words("made")] if made else []
    lines.append(words("private"))
    lines.append(words("sent_by", site=line(site_name, 100)))
    if contact:
        lines.append(words("contact", contact=line(contact, _LONGEST_CONTACT)))
    return tuple(lines)
