"""A letter's sections in words, and the line that says what a letter holds."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from domain.subscription import News, NewsKind, Section, WishKind
from subscriptions.letters.plain import line, printable, wrapped
from subscriptions.letters.rendering import JOIN, Fragment, joined, link_text
from subscriptions.letters.wishes import address, heading, named, topic_words
from subscriptions.letters.wording import Phrase, Words

LONGEST_SUBJECT = 110
_LONGEST_TITLE = 120
_LONGEST_TOPIC = 60
_LONGEST_NAME = 40
_TOPICS = 2
_LONGEST_RULE = 60
_NAMED = 3
"""So many kinds of news are named in a subject."""
_COUNTS = {
    NewsKind.RETRACTED: "warnings",
    NewsKind.WITHDRAWN: "warnings",
    NewsKind.CONCERN: "warnings",
    NewsKind.PAPER: "findings",
    NewsKind.RESULTS: "trial_results",
    NewsKind.VERSION: "versions",
    NewsKind.CORRECTED: "corrections",
    NewsKind.DEADLINE: "deadlines",
    NewsKind.CLOSING: "closings",
    NewsKind.MEETING: "meetings",
    NewsKind.MOVED: "changes",
    NewsKind.CANCELLED: "changes",
    NewsKind.OPPORTUNITY: "opportunities",
}
"""What each kind of news counts as, in the order of telling."""


@dataclass(frozen=True, slots=True)
class Told:
    """A section of which something can still be told."""

    section: Section
    kind: Phrase
    names: tuple[Phrase, ...]
    """What it is about; none: everything of its kind."""
    news: tuple[tuple[News, Fragment], ...]
    left_out: int
    url: str
    note: tuple[str, ...] = ()
    """Paragraphs of an editor's note."""

    @property
    def fragments(self) -> tuple[Fragment, ...]:
        """Its items."""
        return tuple(fragment for _, fragment in self.news)

    @property
    def html(self) -> Markup:
        """Its items, as HTML."""
        return Markup("".join([fragment.html for _, fragment in self.news]))  # noqa: S704 - rendered

    def title(self, words: Words) -> Markup:
        """Its heading, as HTML."""
        return joined(self.names or (words("everything"),), words)

    def plain_title(self, words: Words) -> str:
        """Its heading, as plain text."""
        return JOIN.join(phrase.text for phrase in self.names) or words("everything").text

    def more(self, words: Words) -> str:
        """How many were left out; empty: none."""
        return words.count("more", self.left_out).text if self.left_out else ""

    def without_last(self) -> "Told":
        """It with its last item left out, and counted."""
        return replace(self, news=self.news[:-1], left_out=self.left_out + 1)


def to_told(
    section: Section,
    news: Sequence[tuple[News, Fragment]],
    words: Words,
    site: str,
    *,
    title: str = "",
    slug: str = "",
    note: tuple[str, ...] = (),
) -> Told:
    """A section with its rendered news.

    Args:
        title: of what its wish names: a series, a list; cleaned here.
        slug: of the same.
        note: paragraphs of an editor's note.
    """
    names = named(section.wish, words.language)
    if title:
        names = (Phrase(line(title, _LONGEST_TITLE)),)
    elif section.wish.kind is WishKind.PAPER and news:
        names = (Phrase(line(news[0][1].title, _LONGEST_TITLE)),)
    url = site + address(section.wish, slug)
    return Told(section, heading(section.wish, words), names, tuple(news), section.more, url, note)


def summary(told: Sequence[Told], words: Words) -> str:
    """What a letter holds: “3 new findings on breast cancer”."""
    counts = counted(told, words)
    if len(told) > 1 or not told[0].names:
        return counts
    topic = _topic(told[0], words)
    if topic:
        return words("on_topic", counts=counts, topic=topic).text
    return words("labelled", name=counts, text=line(told[0].names[0].text, _LONGEST_TOPIC)).text


def counted(told: Sequence[Told], words: Words) -> str:
    """How much of what a letter holds: what counts most by name, the rest together."""
    tally: dict[str, int] = {}
    for one in told:
        for news, _ in one.news:
            if name := _COUNTS.get(news.kind):
                tally[name] = tally.get(name, 0) + 1
    names = [name for name in dict.fromkeys(_COUNTS.values()) if name in tally]
    named = names if len(names) <= _NAMED else names[: _NAMED - 1]
    parts = [words.count(name, tally[name]).text for name in named]
    if rest := sum(tally[name] for name in names if name not in named):
        parts.append(words.count("other_news", rest).text)
    return words.listed(parts) or words("note").text


def topics(told: Sequence[Told], words: Words) -> str:
    """What the first sections of a letter are about, for its subject."""
    named = dict.fromkeys(one.names[0].text for one in told if one.names)
    said = words("comma").text.join(line(name, _LONGEST_NAME) for name in list(named)[:_TOPICS])
    return f"{said} …" if len(named) > _TOPICS else said


def subject_line(text: str) -> str:
    """`text` as a subject: one bounded line of what a screen shows, which begins with a capital."""
    return capital(line(printable(text), LONGEST_SUBJECT))


def capital(text: str) -> str:
    """`text` with a capital in front."""
    return text[:1].upper() + text[1:]


def section_text(told: Told, words: Words, *, headed: bool = True) -> str:
    """A section as plain text: the same items, links and words."""
    parts = [_heading_text(told, words)] if headed else []
    if told.note:
        parts.append("\n\n".join([wrapped(words("note").text), *map(_note_text, told.note)]))
    parts += [fragment.text for fragment in told.fragments]
    if more := told.more(words):
        parts.append(link_text(more, told.url, words))
    return "\n\n".join(parts)


def _note_text(paragraph: str) -> str:
    return "\n".join(wrapped(text) for text in paragraph.splitlines())


def _heading_text(told: Told, words: Words) -> str:
    title = wrapped(words("labelled", name=told.kind.text, text=told.plain_title(words)).text)
    return f"{title}\n{'=' * min(max(map(len, title.splitlines())), _LONGEST_RULE)}"


def _topic(told: Told, words: Words) -> str:
    """The cancer types asked for, as they stand in a sentence; empty where it was something else."""
    wish = told.section.wish
    codes = wish.values("cancer_type")
    if wish.text or not 0 < len(codes) <= _TOPICS:
        return ""
    return words.listed([topic_words(words.label("cancer_types", code)) for code in codes])
