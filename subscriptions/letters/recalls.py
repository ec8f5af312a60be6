"""A recall: a paper that an earlier letter told of was retracted, withdrawn or is in doubt."""

from domain.paper import NoticeKind
from domain.subscription import Letter, News, Section
from subscriptions.letters.accents import Look
from subscriptions.letters.plain import line, wrapped
from subscriptions.letters.reading import Shelf
from subscriptions.letters.rendering import Body, mark, render
from subscriptions.letters.sections import subject_line
from subscriptions.letters.wording import Words

_LONGEST_TITLE = 70


def recall(letter: Letter, shelf: Shelf, words: Words, look: Look) -> Body | None:
    """The letter's body; None where the paper is gone, or nothing is said against it any more.

    Raises:
        CatalogError: the paper cannot be read.
    """
    found = recalled(letter)
    if found is None:
        return None
    section, news = found
    paper = shelf.papers([news.target]).get(news.target)
    if paper is None or not paper.has_notice(NoticeKind(news.kind.value)):
        return None
    told = shelf.fragments([news], section.audience, words)
    if not told:
        return None
    head = words(f"recall_head_{news.kind}")
    said = words("recall_told")
    html = render(
        "recall",
        look.colours,
        head=mark(head, words),
        told=mark(said, words),
        fragments=[fragment for _, fragment in told],
        sorry=mark(words("recall_sorry"), words),
    )
    texts = [fragment.text for _, fragment in told]
    text = "\n\n".join([wrapped(head.text), wrapped(said.text), *texts, wrapped(words("recall_sorry").text)])
    title = line(told[0][1].title, _LONGEST_TITLE)
    subject = words("labelled", name=words(str(news.kind)).text, text=title)
    return Body(subject_line(subject.text), html, text, head.text)


def recalled(letter: Letter) -> tuple[Section, News] | None:
    """What a recall is about."""
    warnings = ((one, news) for one in letter.sections for news in one.news if news.kind.is_warning)
    return next(warnings, None)
