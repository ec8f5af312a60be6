"""Letters that ask and answer: they hold nothing that anybody typed, as anybody may have them sent."""

from domain.subscription import Letter, Subscriber
from subscriptions.letters.accents import Look
from subscriptions.letters.foot import Signed
from subscriptions.letters.plain import wrapped
from subscriptions.letters.rendering import Body, mark, render
from subscriptions.letters.sections import subject_line
from subscriptions.letters.wording import Phrase, Words
from subscriptions.tokens import CONFIRM_WITHIN


def confirmation(letter: Letter, words: Words, site: str, look: Look, signed: Signed) -> Body:
    """Whether it was really they who asked; the link leads to a page with a button."""
    return _body(
        words,
        look,
        subject=words("confirm_subject", site=site),
        head=words("confirm_head", site=site),
        texts=(words("confirm_asked", site=site), words("confirm_press")),
        button=words("confirm_button"),
        url=signed.confirm(asked_about(letter)),
        after=(words("confirm_else", days=CONFIRM_WITHIN.days),),
        never=words("confirm_never", site=site),
    )


def known(subscriber: Subscriber, words: Words, site: str, look: Look, signed: Signed) -> Body:
    """That somebody asked for what this address already gets."""
    return _body(
        words,
        look,
        subject=words("known_subject", site=site),
        head=words("known_head"),
        texts=(words("known_asked", site=site), words("known_change")),
        button=words("known_button"),
        url=signed.preferences(subscriber.id),
    )


def asked_about(letter: Letter) -> str:
    """The id of the subscription that a question is about."""
    return letter.sections[0].subscription if letter.sections else letter.slot.rpartition("/")[2]


def _body(
    words: Words,
    look: Look,
    *,
    subject: Phrase,
    head: Phrase,
    texts: tuple[Phrase, ...],
    button: Phrase,
    url: str,
    after: tuple[Phrase, ...] = (),
    never: Phrase | None = None,
) -> Body:
    html = render(
        "question",
        look.colours,
        head=mark(head, words),
        texts=[mark(text, words) for text in texts],
        button=mark(button, words),
        url=url,
        after=[mark(text, words) for text in after],
        never=mark(never, words) if never else "",
    )
    parts = [head, *texts, button]
    blocks = [*(wrapped(part.text) for part in parts), url, *(wrapped(part.text) for part in after)]
    if never:
        blocks.append(f"{wrapped(never.text)}\n{url}")
    text = "\n\n".join(blocks)
    return Body(subject_line(subject.text), html, text, texts[0].text)
