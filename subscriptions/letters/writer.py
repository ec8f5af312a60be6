"""Letters put into words: subject, HTML and plain text, from what is true when they are sent."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from markupsafe import Markup

from domain.errors import InvalidDate, NotFound
from domain.listing import to_zone
from domain.listing_ports import Listings
from domain.paper import Paper
from domain.ports import Catalog
from domain.subscription import (
    Letter,
    LetterKind,
    ListIssue,
    MailingList,
    News,
    NewsKind,
    Section,
    Subscriber,
    WishKind,
    to_wish,
)
from domain.subscription_ports import Subscribers
from subscriptions.letters.accents import Look
from subscriptions.letters.foot import Foot, Signed, closing_lines, personal_links, reasons
from subscriptions.letters.issues import Draft, body_of, day_phrase
from subscriptions.letters.items import Link
from subscriptions.letters.links import site_path
from subscriptions.letters.lists import Lists
from subscriptions.letters.plain import line, paragraphs
from subscriptions.letters.questions import confirmation, known
from subscriptions.letters.reading import Shelf
from subscriptions.letters.recalls import recall
from subscriptions.letters.rendering import Body, dark_styles, render
from subscriptions.letters.sections import Told, to_told
from subscriptions.letters.wording import ENGLISH, Phrase, Words, words_in
from subscriptions.tokens import Tokens

MOST_BYTES = 100_000
"""Of a letter's HTML: Gmail shows no more than 102 kB."""


@dataclass(frozen=True, slots=True)
class Written:
    """A letter in words."""

    subject: str
    html: str
    text: str
    language: str


def _now() -> datetime:
    return datetime.now(UTC)


class Writer:
    """Writes letters. Several threads may share it: what is rendered once serves all letters."""

    def __init__(
        self,
        catalog: Catalog,
        listings: Listings | None,
        subscribers: Subscribers,
        site_name: str,
        site_url: str,
        tokens: Tokens,
        *,
        contact: str = "",
        clock: Callable[[], datetime] = _now,
    ) -> None:
        """What is read, and who signs.

        Args:
            contact: how to reach those who run the node, with a postal address where the law wants one.
        """
        self._site = site_url.rstrip("/")
        self._name = line(site_name, 100)
        self._contact = contact
        self._clock = clock
        self._signed = Signed(tokens, self._site)
        self._shelf = Shelf(catalog, listings, self._site, clock)
        self._subscribers = subscribers
        self._lists = Lists(subscribers)
        self._look = Look(self._name, self._site + "/")

    def write(self, letter: Letter, subscriber: Subscriber) -> Written | None:
        """The letter to that subscriber; None where nothing of it is left to tell.

        Raises:
            CatalogError: what it tells of cannot be read.
        """
        words = words_in(subscriber.language)
        match letter.kind:
            case LetterKind.CONFIRM:
                body = confirmation(letter, words, self._said_name, self._look, self._signed)
                return self._question(body, words)
            case LetterKind.KNOWN:
                body = known(subscriber, words, self._said_name, self._look, self._signed)
                return self._question(body, words)
            case LetterKind.RECALL:
                return self._recall(letter, subscriber, words)
            case LetterKind.ISSUE:
                return self._issue(letter, subscriber, words)

    def copy(self, letter: Letter) -> str:
        """The web copy: what stands inside a page, its styles in place, without anybody's own links.

        Empty where there is nothing to show; a question whether to send letters has no copy.
        """
        words = words_in(self._language(letter))
        body: Body | None = None
        if letter.kind is LetterKind.RECALL:
            body = recall(letter, self._shelf, words, self._look, self._told_on(letter, words))
        elif letter.kind is LetterKind.ISSUE and (draft := self._draft(letter, words)).told:
            body = body_of(draft)
        if body is None:
            return ""
        return self._inner(body, words, self._look)

    def issue_copy(self, issue: ListIssue, mailing_list: MailingList) -> str:
        """The same of an issue of a list."""
        draft = self._issue_draft(issue, mailing_list)
        return self._inner(body_of(draft), draft.words, draft.look)

    def issue(self, issue: ListIssue, mailing_list: MailingList) -> Written:
        """An issue of a list as its readers get it, without anybody's own links."""
        draft = self._issue_draft(issue, mailing_list)
        words = draft.words
        return self._fitted(draft, lambda shown: Foot(lines=self._lines(words, made=shown.holds_digests)))

    def _inner(self, body: Body, words: Words, look: Look) -> str:
        """A letter within a page of the site, its styles in place."""
        foot = Foot(lines=self._lines(words, made=True)).html(words, look.colours)
        whole = Markup('{}<div class="l-page" style="max-width:42rem" lang="{}" dir="{}">{}{}</div>')
        return str(whole.format(dark_styles(), words.language, words.direction, body.html, foot))

    def _issue_draft(self, issue: ListIssue, mailing_list: MailingList) -> Draft:
        words = words_in(mailing_list.language)
        wish = to_wish(WishKind.LIST, target=mailing_list.id)
        news = self._shelf.fragments(issue.news, mailing_list.audience, words)
        told = to_told(
            Section("", wish, mailing_list.audience, issue.news),
            news,
            words,
            self._site,
            title=mailing_list.name,
            slug=mailing_list.slug,
            note=paragraphs(issue.note),
        )
        day = day_phrase(words, issue.at).text
        return Draft((told,), words, self._look_of(mailing_list), day)

    @property
    def _said_name(self) -> str:
        """The site by its name and its host, which nobody else can take."""
        return f"{self._name} ({urlsplit(self._site).netloc})"

    def _question(self, body: Body, words: Words) -> Written:
        lines = closing_lines(words, self._name, self._contact, made=False, advice=False)
        return self._framed(body, Foot(lines=lines), words, self._look)

    def _recall(self, letter: Letter, subscriber: Subscriber, words: Words) -> Written | None:
        told_on = self._told_on(letter, words, subscriber.zone)
        body = recall(letter, self._shelf, words, self._look, told_on)
        if body is None:
            return None
        links = (*personal_links(subscriber, words, self._signed), self._web_copy(letter, words))
        return self._framed(body, Foot(links=links, lines=self._lines(words)), words, self._look)

    def _issue(self, letter: Letter, subscriber: Subscriber, words: Words) -> Written | None:
        draft = self._draft(letter, words, subscriber.zone)
        if not draft.told:
            return None
        links = (*personal_links(subscriber, words, self._signed), self._web_copy(letter, words))

        def foot(shown: Draft) -> Foot:
            why = reasons(shown.told, letter, words, self._signed)
            return Foot(why, links, self._lines(words, made=shown.holds_digests))

        return self._fitted(draft, foot)

    def _draft(self, letter: Letter, words: Words, zone: str = "UTC") -> Draft:
        """What can still be told of a letter."""
        told = [self._told(section, words) for section in letter.sections]
        kept = tuple(one for one in told if one and (one.news or one.note))
        only = kept[0].section.wish if len(kept) == 1 else None
        sender = self._lists.find(only.target) if only and only.kind is WishKind.LIST else None
        return Draft(kept, words, self._look_of(sender), self._day(letter, words, zone))

    def _told(self, section: Section, words: Words) -> Told | None:
        """A section with what can still be told; None where its list is gone."""
        title, slug, wish = "", "", section.wish
        if wish.kind is WishKind.LIST:
            found = self._lists.find(wish.target)
            if found is None:
                return None
            title, slug = found.name, found.slug
        elif wish.kind is WishKind.SERIES and (series := self._shelf.series(wish.target)):
            title, slug = series.title, series.slug
        note = [text for one in section.news if one.kind is NewsKind.NOTE for text in self._lists.note(one)]
        news = self._shelf.fragments(section.news, section.audience, words)
        return to_told(section, news, words, self._site, title=title, slug=slug, note=tuple(note))

    def _look_of(self, sender: MailingList | None) -> Look:
        if sender is None:
            return self._look
        home = site_path(self._site, "lists", sender.slug)
        return Look(line(sender.name, 100), home, sender.accent, own=True)

    def _fitted(self, draft: Draft, foot: Callable[[Draft], Foot]) -> Written:
        """The letter with as much as it can hold; what is left out is counted."""
        while True:
            written = self._framed(body_of(draft), foot(draft), draft.words, draft.look)
            if len(written.html.encode()) <= MOST_BYTES or not draft.told_items:
                return written
            draft = draft.shortened()

    def _framed(self, body: Body, foot: Foot, words: Words, look: Look) -> Written:
        html = render(
            "letter",
            look.colours,
            words=words,
            subject=body.subject,
            preheader=body.preheader,
            brand=look.brand,
            home=look.home,
            body=body.html,
            foot=foot.html(words, look.colours),
        )
        text = f"{look.brand}\n{look.home}\n\n{body.text}\n\n\n{foot.text(words)}\n"
        return Written(body.subject, str(html), text, words.language)

    def _lines(self, words: Words, *, made: bool = False) -> tuple[Phrase, ...]:
        return closing_lines(words, self._name, self._contact, made=made, advice=True)

    def _web_copy(self, letter: Letter, words: Words) -> Link:
        return Link(words("on_web"), site_path(self._site, "letters", letter.id))

    def _language(self, letter: Letter) -> str:
        try:
            return self._subscribers.subscriber(letter.subscriber).language
        except NotFound:
            return ENGLISH

    def _told_on(self, letter: Letter, words: Words, zone: str = "UTC") -> Callable[[Paper], str]:
        """The day of the letter in which its subscriber was told of a paper, in words."""

        def told_on(paper: Paper) -> str:
            keys = [News(NewsKind.PAPER, name, "").key for name in (paper.id, *paper.aliases)]
            at = self._subscribers.told_at(letter.subscriber, keys)
            return words.day(_day_in(zone, at)) if at else ""

        return told_on

    def _day(self, letter: Letter, words: Words, zone: str) -> str:
        """The day on which a letter was put together, where its reader is, in words."""
        at = letter.created_at or self._clock().isoformat()
        return day_phrase(words, _day_in(zone, at)).text


def _day_in(zone: str, at: str) -> str:
    """The day of an instant where somebody is."""
    try:
        return datetime.fromisoformat(at).astimezone(to_zone(zone)).date().isoformat()
    except (ValueError, InvalidDate):
        return at
