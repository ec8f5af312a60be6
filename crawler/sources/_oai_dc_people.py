"""Authors as `dc:creator` gives them: mostly `Family, Given`, at times all in one or with their place."""

import re
from collections.abc import Iterator

from crawler.records.names import (
    in_usual_marks,
    is_family_first,
    is_latin,
    is_whole_name,
    natural_people,
    natural_person,
    person,
)
from crawler.telling.affiliations import country
from domain.paper import Affiliation, Author

_ORCID = re.compile(r"(?:https?://)?(?:orcid\.org/|orcid:?\s*)?(\d{4}-\d{4}-\d{4}-\d{3}[\dXx])")
_PERSON = re.compile(r"[^\W\d_][\w'’.\- ]{0,60},\s*[^\W\d_][\w'’.\- ]{0,60}")
_PLACE = re.compile(
    r"(?:\b(?:[uü]niv|uniw|hochschul|yliopist|instit|hosp|h[oô]pit|klini[ck]|szpital|ospedal|sjukhus|fa[ck]ul|depart|dept|center|centre|centro|school|escuela|escola|clinic|laborat|"
    r"colleg|ministr|academ|fundaci|funda[cç]|council|company|organi[sz]ation|society|socied|consorti|inc\b|ltd\b"
    r"|универс|институт|больниц|клини|академ|кафедр|центр|πανεπιστ|νοσοκομ|جامع[ةه]|مستشف|معهد|كلية|مرکز|مركز|دانشگ|بیمارس"
    r"|มหาวิท|โรงพยา)|大[学學]|[学學]院|[医醫病]院|研究|中心|[科系部所]$|대학|병원|연구[소원]|센터)",
    re.IGNORECASE,
)
_UNIT = re.compile(
    r"\b(?:regist|servic|unit\b|office|program|division|section|bureau|board|oncolog|medic|surg|cancer|scien)",
    re.IGNORECASE,
)
"""What stands before an institution and is a part of it, where else a person would be named."""
_PLACED = re.compile(rf"([^,]+(?:, [^,]+)??), ((?!inc\b|ltd\b)(?=[^,]*{_PLACE.pattern}).+)", re.IGNORECASE)
"""A name, and behind a comma an institution, which the form of a firm alone is not."""
_EMPTY = re.compile(r"[(\[]\s*[)\]]")
_CALLED = re.compile(r"(?<=, )([^\W\d_][\w.\- ]*) \([^\W\d_][\w.'’\- ]*\)$")
"""Initials, and the name that they stand for, as Dutch repositories print it: "Doe, J. (Jane)"."""
_ROLE = re.compile(r"\s*[(\[](?:author|autor|orcid|corresponding author)[^()\[\]]*[)\]]", re.IGNORECASE)


def authors(creators: tuple[str, ...]) -> tuple[Author, ...]:
    """The authors that the creators name."""
    return tuple(author for creator in creators for author in _read(creator))


def _read(creator: str) -> Iterator[Author]:
    orcid = _ORCID.search(creator)
    text = _EMPTY.sub("", _ROLE.sub("", _ORCID.sub("", creator))).strip(" ;,|")
    text = _CALLED.sub(r"\1", text)
    text = in_usual_marks(text)
    parts = [part.strip() for part in text.split(";") if part.strip()]
    if len(parts) > 1 and all(_PERSON.fullmatch(part) and not _PLACE.search(part) for part in parts):
        yield from map(_person, parts)
    elif len(parts) > 1 and _are_spoken(parts):
        yield from natural_people(text)
    elif len(parts) == 1 and (found := _PLACED.fullmatch(text)) and _is_name(found[1]):
        yield _person(found[1], orcid[1].upper() if orcid else None, (Affiliation(found[2]),))
    elif len(parts) == 1 and not _PLACE.search(text) and len(people := natural_people(text)) > 1:
        yield from people
    elif parts:
        places = tuple(Affiliation(part) for part in parts[1:] if len(part) > 2)
        yield _person(parts[0], orcid[1].upper() if orcid else None, places)


def _are_spoken(parts: list[str]) -> bool:
    """Whether all are whole names, spoken or cited: OJS has an institution behind `Family, Given`."""
    if len(parts) == 2 and is_latin(parts[1]) and country(parts[1]):
        return False  # "Addis Ababa" has the form of a name; of other scripts some are a country's own
    whole = "," not in "".join(parts) and all(map(is_whole_name, parts))
    return whole and not any(_PLACE.search(part) or _UNIT.search(part) for part in parts)


def _is_name(name: str) -> bool:
    """Whether what stands before an institution is a person: `Given Family`, or one word and given names."""
    if _PLACE.search(name) or _UNIT.search(name):
        return False
    family, _, given = name.partition(", ")
    return is_whole_name(name) and (not given or " " not in family)


def _person(name: str, orcid: str | None = None, places: tuple[Affiliation, ...] = ()) -> Author:
    is_person = not _PLACE.search(name)
    read = natural_person if is_person and is_family_first(name) else person
    found = read(name, orcid=orcid, affiliations=places) if is_person else None
    return found or Author(name.strip(" ,"), orcid=orcid, affiliations=places)
