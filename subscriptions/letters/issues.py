"""The body of a letter of news: its sections as HTML and as plain text."""

from dataclasses import dataclass, replace

from markupsafe import Markup

from subscriptions.letters.accents import Look
from subscriptions.letters.plain import is_rtl, line, pieces, wrapped
from subscriptions.letters.rendering import SITE_COLOURS, Body, mark, raised, render
from subscriptions.letters.sections import Told, capital, counted, section_text, subject_line, summary, topics
from subscriptions.letters.wording import Phrase, Words

_PREHEADER = 140


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph that an editor typed: text, and the addresses in it."""

    text: str

    @property
    def direction(self) -> str:
        """Which way it runs."""
        return "rtl" if is_rtl(self.text) else "ltr"

    @property
    def lines(self) -> list[list[tuple[str, str]]]:
        """Its lines in pieces, each with the address that it is, or none."""
        return [list(pieces(line)) for line in self.text.splitlines() if line]


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter of news on its way into words."""

    told: tuple[Told, ...]
    words: Words
    look: Look
    day: str
    """The letter's, in words."""

    @property
    def head(self) -> str:
        """What the letter holds."""
        if self.look.own:
            return capital(counted(self.told, self.words))
        return capital(summary(self.told, self.words))

    def subject(self, head: str) -> str:
        """The same in a line; a list's letter begins with its name."""
        if not self.look.own:
            about = topics(self.told, self.words) if len(self.told) > 1 else ""
            return subject_line(self.words("labelled", name=head, text=about).text if about else head)
        counts = counted(self.told, self.words)
        return subject_line(self.words("of_list", name=line(self.look.brand, 60), counts=counts).text)

    @property
    def holds_digests(self) -> bool:
        """Whether sentences of digests stand in it."""
        return any(fragment.told for one in self.told for fragment in one.fragments)

    @property
    def told_items(self) -> int:
        """How many items it holds."""
        return sum(len(one.news) for one in self.told)

    def shortened(self) -> "Draft":
        """It with the last item of its longest section left out."""
        longest = max(range(len(self.told)), key=lambda n: len(self.told[n].news))
        told = [one.without_last() if n == longest else one for n, one in enumerate(self.told)]
        return replace(self, told=tuple(told))


def body_of(draft: Draft) -> Body:
    """The letter's body."""
    titles = [fragment.title for one in draft.told for fragment in one.fragments]
    head = draft.head
    return Body(
        draft.subject(head),
        _html(draft, head),
        _text(draft, head),
        line(" · ".join(titles[:3]), _PREHEADER),
    )


def _html(draft: Draft, head: str) -> Markup:
    words = draft.words
    return render(
        "issue",
        draft.look.colours,
        head=head,
        when=draft.day,
        note_head=mark(words("note"), words),
        sections=[
            {
                "kind": mark(one.kind, words),
                "title": "" if draft.look.own else one.title(words),
                "note": [Paragraph(text) for text in one.note],
                "body": raised(one.html.replace(SITE_COLOURS[0], draft.look.colours[0]))
                if draft.look.own
                else one.html,
                "more": one.more(words),
                "url": one.url,
            }
            for one in draft.told
        ],
    )


def _text(draft: Draft, head: str) -> str:
    parts = [f"{wrapped(head)}\n{draft.day}"]
    headed = not draft.look.own
    sections = (section_text(one, draft.words, headed=headed) for one in draft.told)
    return "\n\n\n".join([*parts, *sections])


def day_phrase(words: Words, day: str) -> Phrase:
    """The day of a letter in words."""
    return words("issue_day", date=words.day(day))
