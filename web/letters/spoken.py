"""What pages about somebody's letters say, in the language that their letters are in."""

from functools import cache

from flask import request

from domain.subscription import Rhythm
from subscriptions.letters import describe
from subscriptions.letters.wording import ENGLISH, words_in
from web.labels import READERS, table, time_words
from web.letters.subscribing import RHYTHMS, letter_languages
from web.letters.wish_places import About


class Spoken:
    """The words of one language; what it lacks is said in English."""

    def __init__(self, language: str) -> None:
        self._words = words_in(language)
        self._own = table("letter_pages").get(self._words.language, {})
        self._english = table("letter_pages").get(ENGLISH, {})

    @property
    def language(self) -> str:
        """Which language it is."""
        return self._words.language

    @property
    def direction(self) -> str:
        """Which way it runs."""
        return self._words.direction

    def __call__(self, key: str, **values: object) -> str:
        """The text `key`, with `values` in the places it has for them."""
        return str(self._own.get(key, self._english.get(key, key))).format(**values)

    def all_of(self, name: str) -> dict[str, str]:
        """Code → words, as they stand in one table."""
        return {**self._english.get(name, {}), **self._own.get(name, {})}

    def time(self, instant: str) -> str:
        """An instant, to the minute."""
        if self.language == ENGLISH:
            return time_words(instant)
        return f"{self._words.day(instant)}{self._words('comma').text}{instant[11:16]} UTC"

    def rhythms(self) -> dict[str, str]:
        """How often letters come."""
        return {rhythm: self._choice("rhythms", rhythm, said) for rhythm, said in RHYTHMS.items()}

    def rhythm(self, rhythm: Rhythm) -> str:
        """One of them."""
        return self.rhythms()[rhythm]

    def readers(self) -> dict[str, str]:
        """For whom digests are written."""
        return {reader: self._choice("audiences", reader, said) for reader, said in READERS.items()}

    def about(self, about: About) -> str:
        """What letters are about."""
        if self.language == ENGLISH:
            return about.title
        return describe(about.wish, self.language, about.name)

    def _choice(self, name: str, code: str, english: str) -> str:
        if self.language == ENGLISH:
            return english
        said = self._words.label(name, code).text
        return said[:1].upper() + said[1:]


@cache
def spoken_in(language: str) -> Spoken:
    """The words of a language, else of English."""
    return Spoken(language)


def spoken_to_visitor() -> Spoken:
    """The words of a language that the browser asks for: nobody has told us theirs."""
    return spoken_in(visitors_language())


def visitors_language() -> str:
    """The language that the browser would like best, of those of letters."""
    known = letter_languages()
    wished = (tag.partition("-")[0].lower() for tag, quality in request.accept_languages if quality > 0)
    return next((tag for tag in wished if tag in known), ENGLISH)
