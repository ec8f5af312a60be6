"""The people of a work of OpenAlex: names and affiliations as printed, institutions as it knows them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from crawler.records.answers import Fields, fields, items, text
from crawler.records.names import orcid, person, ror
from crawler.records.text import plain_text
from domain.paper import Affiliation, Author, unique


def authors(authorships: Sequence[Any]) -> tuple[Author, ...]:
    """The authors in order."""
    return tuple(author for one in authorships if (author := _author(fields(one))))


def _author(authorship: Fields) -> Author | None:
    known = fields(authorship.get("author"))
    name = plain_text(text(authorship.get("raw_author_name")) or text(known.get("display_name")))
    found = person(
        name, orcid=orcid(text(known.get("orcid"))), affiliations=unique(_affiliations(authorship))
    )
    return (
        replace(found, corresponding=True) if found and authorship.get("is_corresponding") is True else found
    )


def _affiliations(authorship: Fields) -> Iterator[Affiliation]:
    """The printed ones, each with its institution where it names one only; else the institutions alone."""
    known = {text(i.get("id")): i for i in map(fields, items(authorship, "institutions"))}
    printed = [
        (plain_text(text(one.get("raw_affiliation_string"))), items(one, "institution_ids"))
        for one in map(fields, items(authorship, "affiliations"))
    ]
    strings = [plain_text(text(one)) for one in items(authorship, "raw_affiliation_strings")]
    rows = printed or [(one, list(known) if len(strings) == 1 else []) for one in strings]
    if not any(words for words, _ in rows):
        rows = [(plain_text(text(held.get("display_name"))), [key]) for key, held in known.items()]
    if not rows:
        codes = [code for one in items(authorship, "countries") if (code := _country(one))]
        yield from (Affiliation("", country=code) for code in codes)
    for words, ids in rows:
        named = [known[key] for one in ids if (key := text(one)) in known]
        countries = {_country(held.get("country_code")) for held in named}
        if words:
            yield Affiliation(
                words,
                country=countries.pop() if len(countries) == 1 else None,
                ror=ror(text(named[0].get("ror"))) if len(named) == 1 else None,
            )


def _country(code: object) -> str | None:
    given = text(code).upper()
    return given if len(given) == 2 and given.isascii() and given.isalpha() else None
