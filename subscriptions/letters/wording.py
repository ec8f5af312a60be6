"""The fixed words of letters (`config/letters.toml`), with dates and counts as a language writes them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from config import load_table
from domain.errors import InvalidDate
from domain.listing import AOE, Moment
from subscriptions.letters.plain import is_rtl, line

ENGLISH = "en"
_LONGEST_LABEL = 80


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words with the language they are in; empty: not known."""

    text: str
    language: str = ""

    @property
    def direction(self) -> str:
        """`rtl` or `ltr`, by its first letter: mail programs do not all work it out themselves."""
        return "rtl" if is_rtl(self.text) else "ltr"

    def __bool__(self) -> bool:
        return bool(self.text)


class Words:
    """What letters say in one language; what is missing there is said in English, and marked so."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._own = _texts(language)
        self._english = _texts(ENGLISH)
        self._said: dict[str, Phrase] = {}

    @property
    def direction(self) -> str:
        """Which way the language runs."""
        return str(self._own.get("direction", "ltr"))

    def __call__(self, key: str, **values: object) -> Phrase:
        """The text `key`, with `values` in the places it has for them."""
        if not values and (phrase := self._said.get(key)):
            return phrase
        text, language = self._find(key)
        if values:
            return Phrase(str(text).format(**values), language)
        return self._said.setdefault(key, Phrase(str(text), language))

    def count(self, key: str, number: int, **values: object) -> Phrase:
        """The text `key` for that many."""
        forms, language = self._find(key)
        text = forms.get(plural(language, number), forms["other"])
        return Phrase(str(text).format(n=number, **values), language)

    def label(self, table: str, code: str) -> Phrase:
        """The words for a code; one that has none is shown itself, cleaned."""
        own = self._own.get(table, {}).get(code)
        if own is not None:
            return Phrase(str(own), self.language)
        if known := _english_label(table, code, self._english):
            return Phrase(known, ENGLISH)
        return Phrase(line(code, _LONGEST_LABEL))

    def listed(self, words: Sequence[str]) -> str:
        """Words as a list in a sentence."""
        if len(words) < 2:
            return "".join(words)
        comma = str(self._find("comma")[0])
        return self("and", rest=comma.join(words[:-1]), last=words[-1]).text

    def day(self, iso: str | None) -> str:
        """A date at the precision it has; empty where it is none."""
        parts = (iso or "")[:10].split("-")
        if not parts[0].isdigit():
            return ""
        months = self._find("months")[0]
        if len(parts) < 2 or not parts[1].isdigit() or not 1 <= int(parts[1]) <= 12:
            return parts[0]
        month = months[int(parts[1]) - 1]
        if len(parts) < 3 or not parts[2].isdigit():
            return self("month_year", month=month, year=parts[0]).text
        day = self("first").text if int(parts[2]) == 1 else int(parts[2])
        return self("day", day=day, month=month, year=parts[0]).text

    def moment(self, moment: Moment, *, end: bool = False) -> str:
        """A day, or a time of a day with its zone; `end`: until when, as a whole day lasts to its end."""
        if moment.whole_day and not end:
            return self.day(moment.at)
        clock = "24:00" if moment.whole_day else moment.at[11:16]
        zone = self("aoe").text if moment.zone == AOE else moment.zone.replace("_", " ")
        if moment.zone not in (AOE, "UTC"):
            zone = self("zone", zone=zone).text
        return self("at", day=self.day(moment.at), time=clock, zone=zone).text

    def span(self, starts: Moment, ends: Moment) -> str:
        """From when to when, in days. Raises `InvalidDate`."""
        first, last = starts.day, ends.day
        if first >= last:
            return self.day(first.isoformat())
        if (first.year, first.month) != (last.year, last.month):
            return self("span", first=self.day(first.isoformat()), last=self.day(last.isoformat())).text
        month = self._find("months")[0][first.month - 1]
        return self("day", day=f"{first.day}–{last.day}", month=month, year=first.year).text

    def _find(self, key: str) -> tuple[Any, str]:
        if key in self._own:
            return self._own[key], self.language
        return self._english[key], ENGLISH


@cache
def words_in(language: str) -> Words:
    """The words of a language, of the one it is a kind of (`pt-BR` → `pt`), else English."""
    known = load_table("letters")
    names = (language, language.partition("-")[0].lower())
    return Words(next((name for name in names if isinstance(known.get(name), dict)), ENGLISH))


def languages() -> dict[str, str]:
    """The languages letters can be written in: tag → its own name for itself."""
    return {tag: str(texts["name"]) for tag, texts in load_table("letters").items()}


def plural(language: str, number: int) -> str:
    """Which form a count takes (CLDR's names for them).

    >>> plural("en", 0), plural("fr", 0), plural("ar", 2), plural("ar", 11)
    ('other', 'one', 'two', 'many')
    """
    if language == "ar":
        if number < 3:
            return ("zero", "one", "two")[number]
        return {True: "few", False: "many"}[number % 100 <= 10] if number % 100 >= 3 else "other"
    if language in ("fr", "pt"):
        return "one" if number < 2 else "other"
    return "one" if number == 1 else "other"


def day_of(moment: Moment) -> str:
    """The day of a moment, empty where there is none such."""
    try:
        return moment.day.isoformat()
    except InvalidDate:
        return ""


def _texts(language: str) -> dict[str, Any]:
    return dict(load_table("letters")[language])


def _english_label(table: str, code: str, english: dict[str, Any]) -> str:
    if own := english.get(table, {}).get(code):
        return str(own)
    if table not in {"cancer_types", "countries", "languages", "licences", "study_types"}:
        return ""
    row = load_table(table).get(code)
    if isinstance(row, dict):
        return str(next((row[key] for key in ("label", "title", "name") if key in row), ""))
    if isinstance(row, list):
        return next((str(name).capitalize() for name in row if len(str(name)) > 3), "")
    return ""
