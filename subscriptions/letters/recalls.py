"""A recall: a paper that an earlier letter told of was retracted, withdrawn or is in doubt."""

from collections.abc import Callable

from domain.paper import NoticeKind, Paper
from domain.subscription import Letter, News, Section
from subscriptions.letters.accents import Look
from subscriptions.letters.plain import line, wrapped
from subscriptions.letters.reading import Shelf
from subscriptions.letters.rendering import Body, mark, raised, render
from subscriptions.letters.sections import subject_line
from subscriptions.letters.wording import Words

_LONGEST_TITLE = 70


def recall(
    letter: Letter, shelf: Shelf, words: Words, look: Look, told_on: Callable[[Paper], str]
) -> Body | None:
    """The letter's body; None where the paper is gone, or nothing is said against it any more.

    Args:
        told_on: the day of the letter that told of the paper, in words; empty where it is not known.

    Raises:
        CatalogError: the paper cannot be read.
    """
    found = recalled(letter)
    if found is None:
        return None
    section, news = found
    paper = shelf.paper(news.target)
    if paper is None or not paper.has_notice(NoticeKind(news.kind.value)):
        return None
    told = shelf.fragments([news], section.audience, words)
    if not told:
        return None
    head = words(f"recall_head_{news.kind}")
    day = told_on(paper)
    said = words("recall_told_on", date=day) if day else words("recall_told")
    html = render(
        "recall",
        look.colours,
        head=mark(head, words),
        told=mark(said, words),
        items=[raised(fragment.html) for _, fragment in told],
        sorry=mark(words("recall_sorry"), words),
    )
    texts = [fragment.text for _, fragment in told]
    text = "\n\n".join([wrapped(head.text), wrapped(said.text), *texts, wrapped(words("recall_sorry").text)])
    subject = _subject(words(str(news.kind)).text, told[0][1].title, words)
    return Body(subject_line(subject), html, text, head.text)


def _subject(state: str, title: str, words: Words) -> str:
    """What has happened, and to which paper; once, where its title says so, too."""
    short = line(title, _LONGEST_TITLE)
    if short.casefold().startswith(state.casefold()):
        return short
    return words("labelled", name=state, text=short).text


def recalled(letter: Letter) -> tuple[Section, News] | None:
    """What a recall is about."""
    warnings = ((one, news) for one in letter.sections for news in one.news if news.kind.is_warning)
    return next(warnings, None)
