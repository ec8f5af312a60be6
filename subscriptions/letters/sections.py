"""A letter's sections in words, and the line that says what a letter holds."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from domain.subscription import News, NewsKind, Section, WishKind
from subscriptions.letters.plain import line, printable, wrapped
from subscriptions.letters.rendering import Fragment, joined, link_text
from subscriptions.letters.wishes import address, heading, named, topic_words
from subscriptions.letters.wording import Phrase, Words

LONGEST_SUBJECT = 110
_LONGEST_TOPIC = 60
_TOPICS = 2
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

    @property
    def fragments(self) -> tuple[Fragment, ...]:
        """Its items."""
        return tuple(fragment for _, fragment in self.news)

    def title(self, words: Words) -> Markup:
        """Its heading, as HTML."""
        return joined(self.names or (words("everything"),), words)

    def plain_title(self, words: Words) -> str:
        """Its heading, as plain text."""
        return " · ".join(phrase.text for phrase in self.names) or words("everything").text

    def more(self, words: Words) -> str:
        """How many were left out; empty: none."""
        return words.count("more", self.left_out).text if self.left_out else ""

    def without_last(self) -> "Told":
        """It with its last item left out, and counted."""
        return replace(self, news=self.news[:-1], left_out=self.left_out + 1)


def to_told(
    section: Section, news: Sequence[tuple[News, Fragment]], words: Words, site: str, title: str, slug: str
) -> Told:
    """A section with its rendered news.

    Args:
        title: of what its wish names: a series, a list; cleaned here.
        slug: of the same.
    """
    names = named(section.wish, words.language)
    if title:
        names = (Phrase(line(title, 120)),)
    elif section.wish.kind is WishKind.PAPER and news:
        names = (Phrase(line(news[0][1].title, 120)),)
    url = site + address(section.wish, slug)
    return Told(section, heading(section.wish, words), names, tuple(news), section.more, url)


def summary(told: Sequence[Told], words: Words) -> str:
    """What a letter holds: “3 new findings on breast cancer”."""
    counts = counted(told, words)
    names = [_topic(one) for one in told if one.names]
    topics = list({phrase.text: phrase for phrase in names if phrase}.values())
    if not topics:
        return counts
    if len(topics) == 1 and all(_is_topic(one) for one in told):
        return words("on_topic", counts=counts, topic=topic_words(topics[0])).text
    shown = [topic.text for topic in topics[:_TOPICS]]
    others = len(topics) - len(shown)
    listed = (
        words.count("and_topics", others, topics=", ".join(shown)).text if others else words.listed(shown)
    )
    return words("labelled", name=counts, text=listed).text


def counted(told: Sequence[Told], words: Words) -> str:
    """How much of what a letter holds."""
    tally: dict[str, int] = {}
    for one in told:
        for news, _ in one.news:
            tally[_COUNTS[news.kind]] = tally.get(_COUNTS[news.kind], 0) + 1
    names = [name for name in dict.fromkeys(_COUNTS.values()) if name in tally]
    return words.listed([words.count(name, tally[name]).text for name in names])


def subject_line(text: str) -> str:
    """`text` as a subject: one bounded line of what a screen shows."""
    return line(printable(text), LONGEST_SUBJECT)


def section_text(told: Told, words: Words) -> str:
    """A section as plain text: the same items, links and words."""
    title = wrapped(f"{told.kind.text}: {told.plain_title(words)}")
    rule = "=" * min(max(map(len, title.split("\n"))), 60)
    parts = [f"{title}\n{rule}", *(fragment.text for fragment in told.fragments)]
    if more := told.more(words):
        parts.append(link_text(more, told.url))
    return "\n\n".join(parts)


def _topic(told: Told) -> Phrase:
    first = told.names[0]
    return Phrase(line(first.text, _LONGEST_TOPIC), first.language)


def _is_topic(told: Told) -> bool:
    """Whether “on …” can be said of it: of a filter, not of a title or of words in quotation marks."""
    return bool(told.section.wish.filters) and not told.section.wish.text and len(told.names) == 1
