"""From a form to a listing and back: any form gives one that can be kept as a draft, and what is wrong."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import time
from functools import cache
from typing import Any, TypeVar

from conferences.dates import moment_words
from conferences.reading.zones import to_zone_code
from config import load_table
from domain.errors import InvalidDate
from domain.listing import Edition, Moment, Opportunity
from web.listings.lists import countries
from web.organize.fields import Asked, Field, Rows, Shape, cancer_types
from web.papers.links import safe_url
from web.params import clean
from web.people.accounts import to_email

Form = Mapping[str, Sequence[str]]
"""Field → its values, as sent."""
Problems = dict[str, str]
"""Field → what is wrong with it, in the order of the form."""
_L = TypeVar("_L")
_HALF = "fill this in, too, or empty the rest of the row."
_AMOUNT = re.compile(r"[0-9]{1,9}(\.[0-9]{1,2})?")


def read_form(asked: Sequence[Asked], form: Form, base: _L) -> tuple[_L, Problems]:
    """`base` with what the form says in place of its own, and what is wrong with that."""
    problems: Problems = {}
    listing: Any = base
    for field in asked:
        if isinstance(field, Rows):
            listing = replace(listing, **{field.name: _read_rows(field, form, problems)})
        else:
            listing = _put(listing, field.name, _read_field(field, field.name, form, problems))
    if isinstance(listing, Edition | Opportunity):
        for name, problem in _disorder(listing):
            problems.setdefault(name, problem)
    return listing, problems


def to_form(asked: Sequence[Asked], listing: object) -> dict[str, list[str]]:
    """The values of a form that shows `listing`."""
    shown: dict[str, list[str]] = {}
    for field in asked:
        if isinstance(field, Rows):
            for number, row in enumerate(getattr(listing, field.name)):
                for inner in field.fields:
                    _show(inner, f"{field.name}-{number}-{inner.name}", getattr(row, inner.name), shown)
        else:
            _show(field, field.name, _get(listing, field.name), shown)
    return shown


def said(asked: Sequence[Asked], listing: object) -> list[tuple[str, str]]:
    """What a listing says, field by field, in words; what is empty is left out."""
    told: list[tuple[str, str]] = []
    shown = to_form(asked, listing)
    for field in asked:
        if isinstance(field, Rows):
            for number in range(len(getattr(listing, field.name))):
                row = [_words(f, f"{field.name}-{number}-{f.name}", shown) for f in field.fields]
                told.append((field.label, ", ".join(word for word in row if word)))
        elif words := _words(field, field.name, shown):
            told.append((field.label, words))
    return told


def _words(field: Field, name: str, shown: Mapping[str, Sequence[str]]) -> str:
    given = [value for value in shown.get(name, ()) if value]
    if field.shape in (Shape.CHOICE, Shape.TICKS):
        named = cancer_types() if field.choices is None else field.choices
        return ", ".join(named.get(code, code) for code in given)
    if field.shape is Shape.COUNTRY:
        return ", ".join(countries().get(code, code) for code in given)
    if field.shape is Shape.TICK:
        return field.label if given else ""
    if field.shape is Shape.MOMENT and given:
        return _moment_words(given[0], *(shown.get(f"{name}-{part}", [""])[0] for part in ("time", "zone")))
    return " ".join(given)


def _moment_words(day: str, clock: str, zone: str) -> str:
    moment = Moment(f"{day}T{clock}" if clock else day, zone)
    try:
        return moment_words(moment)
    except InvalidDate:
        return " ".join(filter(None, (day, clock, zone)))


def count_rows(rows: Rows, form: Form) -> int:
    """How many rows to show: those filled in, and some to spare."""
    begun = [number + 1 for number in range(rows.most) if _is_begun(rows, form, number)]
    return min(max(begun, default=0) + rows.spare, rows.most)


def can_be_kept(problems: Problems) -> bool:
    """Whether a draft can hold all that was written, though something is wrong with it."""
    return "title" not in problems and not any(told.endswith(_HALF) for told in problems.values())


def _is_begun(rows: Rows, form: Form, number: int) -> bool:
    """Whether anything is written into a row; what is chosen from a list is so in an empty one, too."""
    written = (field.name for field in rows.fields if field.shape is not Shape.CHOICE)
    return any(_value(form, f"{rows.name}-{number}-{name}") for name in written)


def _read_rows(rows: Rows, form: Form, problems: Problems) -> tuple[Any, ...]:
    key = next(field for field in rows.fields if field.name == rows.key)
    found = []
    for number in range(rows.most):
        prefix = f"{rows.name}-{number}-"
        if not _is_begun(rows, form, number):
            continue
        if not _value(form, prefix + rows.key) and key.shape is not Shape.TEXT:
            problems[prefix + rows.key] = f"{key.label}: {_HALF}"
            continue
        values = {f.name: _read_field(f, prefix + f.name, form, problems) for f in rows.fields}
        found.append(replace(rows.empty(), **values))
    return tuple(found)


def _read_field(field: Field, name: str, form: Form, problems: Problems) -> Any:  # noqa: ANN401 - any shape
    text, given = _value(form, name), [clean(value) for value in form.get(name, ())]
    if field.required and not text:
        problems[name] = f"{field.label}: this is needed."
    if field.shape is Shape.MOMENT:
        return _read_moment(field, name, form, problems)
    if len(text) > field.most and field.shape is not Shape.TICKS:
        problems[name] = f"{field.label}: at most {field.most} characters, please."
    value, wrong = _READERS[field.shape](field, text[: 2 * field.most], given)
    if wrong:
        problems[name] = f"{field.label}: {wrong}"
    return value


def _read_moment(field: Field, name: str, form: Form, problems: Problems) -> Moment | None:
    day, clock, zone = (_value(form, name + part) for part in ("", "-time", "-zone"))
    if not day:
        return Moment("", field.zone) if field.required else None
    found = to_zone_code(zone) if zone else field.zone
    moment = Moment(f"{day[:10]}T{clock[:5]}" if clock else day[:10], found or zone)
    if not found:
        told = f"we know no time zone “{zone[:40]}”. Write one such as Africa/Nairobi, UTC or AoE."
        problems[f"{name}-zone"] = f"{field.label}: {told}"
        return moment
    try:
        if clock:
            time.fromisoformat(clock[:5])
        moment.begins()
    except (ValueError, InvalidDate):
        problems[name] = f"{field.label}: there is no such day or time; write a day as 2027-03-08."
    return moment


def _choice(field: Field, text: str, given: Sequence[str]) -> tuple[str, str]:
    codes = field.choices or {}
    if not text and not field.required:
        text = next(iter(codes))
    told = (text, "") if text in codes else (next(iter(codes)), "choose one of the list.")
    return (field.code(told[0]) if field.code else told[0]), told[1]


def _ticks(field: Field, text: str, given: Sequence[str]) -> tuple[tuple[str, ...], str]:
    codes = cancer_types() if field.choices is None else field.choices
    ticked = dict.fromkeys(value for value in given if value in codes)
    return tuple(field.code(value) if field.code else value for value in ticked), ""


def _text(field: Field, text: str, given: Sequence[str]) -> tuple[str, str]:
    return text, ""


def _lines(field: Field, text: str, given: Sequence[str]) -> tuple[tuple[str, ...], str]:
    return tuple(dict.fromkeys(line for line in (clean(x) for x in text.split("\n")) if line))[:30], ""


def _url(field: Field, text: str, given: Sequence[str]) -> tuple[str, str]:
    if text and "://" not in text and re.match(r"[\w-]+(\.[\w-]+)+(/|$)", text):
        text = f"https://{text}"
    return text, "" if not text or safe_url(text) else "write an address such as https://society.org/meeting."


def _email(field: Field, text: str, given: Sequence[str]) -> tuple[str, str]:
    return text, "" if not text or to_email(text) else "write an address such as name@institute.org."


def _amount(field: Field, text: str, given: Sequence[str]) -> tuple[str, str]:
    plain = text.replace(" ", "").replace(",", "")
    return plain, "" if not plain or _AMOUNT.fullmatch(plain) else "write a number such as 250."


def _currency(field: Field, text: str, given: Sequence[str]) -> tuple[str, str]:
    good = not text or re.fullmatch("[A-Za-z]{3}", text)
    return text.upper(), "" if good else "write three letters, such as USD."


def _country(field: Field, text: str, given: Sequence[str]) -> tuple[str, str]:
    return (text, "") if not text or text in countries() else ("", "choose one of the list.")


def _countries(field: Field, text: str, given: Sequence[str]) -> tuple[tuple[str, ...], str]:
    return _named(text, _country_names())


def _languages(field: Field, text: str, given: Sequence[str]) -> tuple[tuple[str, ...], str]:
    return _named(text, _language_names())


def _named(text: str, names: Mapping[str, str]) -> tuple[tuple[str, ...], str]:
    words = [word.strip() for word in re.split(r"[,;\n]", text) if word.strip()]
    unknown = [word for word in words if word.lower() not in names]
    codes = dict.fromkeys(names.get(word.lower(), "") for word in words)
    return tuple(code for code in codes if code), f"we do not know “{unknown[0][:40]}”." if unknown else ""


_READERS: Mapping[Shape, Callable[[Field, str, Sequence[str]], tuple[Any, str]]] = {
    Shape.LINE: lambda field, text, given: (text, ""),
    Shape.TEXT: _text,
    Shape.URL: _url,
    Shape.EMAIL: _email,
    Shape.AMOUNT: _amount,
    Shape.CURRENCY: _currency,
    Shape.CHOICE: _choice,
    Shape.TICKS: _ticks,
    Shape.TICK: lambda field, text, given: (bool(text), ""),
    Shape.LINES: _lines,
    Shape.COUNTRY: _country,
    Shape.COUNTRIES: _countries,
    Shape.LANGUAGES: _languages,
    Shape.WHETHER: lambda field, text, given: ({"yes": True, "no": False}.get(text), ""),
}


@cache
def _country_names() -> dict[str, str]:
    named = countries()
    told = load_table("countries").items()
    others = {str(name).lower(): code for code, row in told if code in named for name in row.get("names", ())}
    names = {name.lower(): code for code, name in named.items()}
    return others | names | {code.lower(): code for code in named}


@cache
def _language_names() -> dict[str, str]:
    table = load_table("languages")
    return {str(name).lower(): code for code, names in table.items() for name in (code, *names)}


def _show(field: Field, name: str, value: Any, shown: dict[str, list[str]]) -> None:  # noqa: ANN401
    if isinstance(value, Moment):
        shown[name] = [value.at[:10]]
        shown[f"{name}-time"] = [value.at[11:16]]
        shown[f"{name}-zone"] = [value.zone]
    elif isinstance(value, bool):
        yes = "yes" if value else "no"
        shown[name] = [yes] if field.shape is Shape.WHETHER or value else []
    elif isinstance(value, tuple):
        shown[name] = list(value) if field.shape is Shape.TICKS else [_joined(field, value)]
    else:
        shown[name] = [str(value)] if value is not None else []


def _joined(field: Field, values: Iterable[str]) -> str:
    if field.shape is Shape.COUNTRIES:
        return ", ".join(countries().get(code, code) for code in values)
    if field.shape is Shape.LANGUAGES:
        names = {code: name for name, code in reversed(_language_names().items()) if len(name) > 3}
        return ", ".join(names.get(code, code).capitalize() for code in values)
    return "\n".join(values)


def _disorder(listing: Edition | Opportunity) -> Iterable[tuple[str, str]]:
    """What no single field shows: an end before the start, a deadline after the end."""
    try:
        if isinstance(listing, Edition):
            yield from _disorder_of_edition(listing)
        elif (
            listing.runs_from
            and listing.runs_until
            and listing.runs_until.ends() < listing.runs_from.begins()
        ):
            yield "runs_until", "Runs until: this is before it begins."
    except InvalidDate:
        return  # told beside its field


def _disorder_of_edition(edition: Edition) -> Iterable[tuple[str, str]]:
    if not edition.starts.at or not edition.ends.at:
        return
    if edition.ends.ends() <= edition.starts.begins():
        yield "ends", "Last day: this is before the first one."
    elif (edition.ends.day - edition.starts.day).days > 60:
        yield "ends", "Last day: that is more than two months after the first one."
    for number, deadline in enumerate(edition.deadlines):
        if deadline.moment.at and deadline.moment.begins() > edition.ends.ends():
            yield f"deadlines-{number}-moment", "Last day: this deadline is after the meeting is over."


def _value(form: Form, name: str) -> str:
    values = form.get(name, ())
    return clean(values[0].replace("\r\n", "\n")) if values and "\n" not in values[0] else _many(values)


def _many(values: Sequence[str]) -> str:
    return "\n".join(clean(line) for line in values[0].splitlines()).strip() if values else ""


def _get(listing: object, name: str) -> Any:  # noqa: ANN401 - whatever stands there
    for part in name.split("."):
        listing = getattr(listing, part)
    return listing


def _put(listing: Any, name: str, value: object) -> Any:  # noqa: ANN401 - a frozen dataclass
    first, _, rest = name.partition(".")
    return replace(listing, **{first: _put(getattr(listing, first), rest, value) if rest else value})
