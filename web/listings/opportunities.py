"""Training, fellowships, exchanges, calls: what can be applied for now, and by whom where that is stated."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from conferences.dates import deadline_words, left_words, moment_words, span_words
from conferences.eligibility import Fit, Reader, Verdict, fits, income_year
from domain.errors import NotFound
from domain.listing import CareerStage, Eligibility, Kind, Opportunity
from domain.listing_ports import Listed, Listings, Wanted
from web.labels import label, listed
from web.listings import words as listing_words
from web.listings.lists import (
    MACHINES_MOST,
    MAX_WORDS,
    Choice,
    cancer_types,
    countries,
    gathered,
    languages,
    to_choice,
    to_country,
    value,
    values,
)
from web.params import Params, first, to_page

KINDS, STAGES = listing_words.OPPORTUNITIES, listing_words.STAGES
_MANY = {CareerStage.PATIENT: "patients or carers", CareerStage.ANYONE: "anyone"}
SHOWN = 10
"""A page has so many; the countries to choose from are heavy enough."""
NOT_STATED_SHOWN = 5
CLOSING = {"7": "Within a week", "30": "Within a month", "90": "Within three months"}
_VERDICTS = {
    Verdict.YES: "You may apply",
    Verdict.NO: "Not open to you",
    Verdict.NOT_STATED: "Not stated whether you may apply",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A list as asked for; `reader` is in its address and nowhere else."""

    wanted: Wanted
    reader: Reader
    closing: str
    page: int
    pairs: tuple[tuple[str, str], ...]
    """The parameters that ask for it again, from its first page."""

    @property
    def place(self) -> str:
        """The name of the country where it is to take place; empty: anywhere."""
        return label("countries", self.wanted.countries[0]) if self.wanted.countries else ""

    @property
    def for_me(self) -> bool:
        """Whether only what includes the reader is wanted."""
        return bool(self.reader.country or self.reader.career_stage)


@dataclass(frozen=True, slots=True)
class Entry:
    """One opportunity in a list."""

    listing: Opportunity
    changed_at: str
    fit: Fit | None
    closes: str
    left: str
    opens: str = ""
    """From when it can be applied for; empty: it can now."""


@dataclass(frozen=True, slots=True)
class OpportunityList:
    """What can be applied for, and apart from it what may be, as nothing says who can."""

    asked: Asked
    total: int
    entries: tuple[Entry, ...]
    not_stated: tuple[Entry, ...]
    pages: int
    choices: tuple[Choice, ...]
    more_choices: tuple[Choice, ...]
    who: str
    """The reader, in words."""


@dataclass(frozen=True, slots=True)
class OpportunityView:
    """The page of one opportunity."""

    entry: Entry
    open: bool
    asked: Asked
    choices: tuple[Choice, ...]
    verdict: str
    facts: tuple[str, ...]
    """Each fact of its eligibility in words, in order."""


def to_asked(params: Params, now: datetime) -> Asked:
    """Read what is wanted from the parameters."""
    kinds, stages = [str(kind) for kind in KINDS], [str(stage) for stage in STAGES]
    chosen = {
        "q": first(params, "q")[:MAX_WORDS],
        "country": value(params, "country", countries()),
        "stage": value(params, "stage", stages),
        "place": to_country(first(params, "place")),
        "cancer_type": value(params, "cancer_type", cancer_types()),
        "language": value(params, "language", languages()),
        "closing": value(params, "closing", CLOSING),
    }
    subkinds = values(params, "kind", kinds)
    wanted = Wanted(
        Kind.OPPORTUNITY,
        subkinds=subkinds,
        countries=_some(chosen["place"]),
        cancer_types=_some(chosen["cancer_type"]),
        languages=_some(chosen["language"]),
        words=chosen["q"],
        open_at=now,
    )
    stage = CareerStage(chosen["stage"]) if chosen["stage"] else None
    reader = Reader(chosen["country"], stage, income_year(now.year))
    pairs = (*(("kind", kind) for kind in subkinds), *((n, text) for n, text in chosen.items() if text))
    return Asked(wanted, reader, chosen["closing"], to_page(params, SHOWN), pairs)


def show_list(listings: Listings, params: Params, now: datetime, size: int = SHOWN) -> OpportunityList:
    """One page of what can be applied for now, what closes first in front."""
    asked = to_asked(params, now)
    offset = (asked.page - 1) * size if size == SHOWN else 0
    if asked.for_me or asked.closing:
        every = _narrowed(gathered(listings, asked.wanted)[1], asked, now)
        mine = [one for one in every if one.fit is None or one.fit.verdict is Verdict.YES]
        unknown = [one for one in every if one.fit and one.fit.verdict is Verdict.NOT_STATED]
        total, shown, rest = len(mine), mine[offset : offset + size], unknown[:MACHINES_MOST]
    else:
        total, found = listings.public(asked.wanted, offset, size)
        shown, rest = _narrowed(found, asked, now), []
    return OpportunityList(
        asked,
        total,
        tuple(shown),
        tuple(rest),
        -(-total // size),
        *_choices(asked),
        who=who(asked.reader),
    )


def show(listings: Listings, listing_id: str, params: Params, now: datetime) -> OpportunityView:
    """The page of one, for the reader that the address tells of. Raises `NotFound`."""
    found = listings.listed(listing_id)
    if not isinstance(found.public, Opportunity):
        raise NotFound("opportunity", listing_id)
    return view_opportunity(found, found.public, params, now)


def view_opportunity(found: Listed, one: Opportunity, params: Params, now: datetime) -> OpportunityView:
    """One as its page tells it, public or not yet. Raises `InvalidDate`."""
    asked = to_asked(params, now)
    entry = _entry(found, one, asked, now)
    return OpportunityView(
        entry=entry,
        open=one.is_open(now),
        asked=asked,
        choices=_choices(asked)[0][:2],
        verdict=_VERDICTS[entry.fit.verdict] if entry.fit else "",
        facts=tuple(fact_words(fact) for fact in one.eligibility),
    )


def who(reader: Reader) -> str:
    """The reader in words.

    >>> who(Reader("KE", CareerStage.POSTDOC))
    'a postdoctoral researcher from Kenya'
    """
    stage = reader.career_stage
    if stage in {None, CareerStage.ANYONE}:
        person = "somebody"
    else:
        noun = STAGES[CareerStage(str(stage))].lower()
        person = f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"
    return f"{person} from {label('countries', reader.country)}" if reader.country else person


def fact_words(fact: Eligibility) -> str:
    """Whom a fact names, in words; empty where it has none but the provider's own."""
    stages = [_MANY.get(stage, f"{STAGES[stage].lower()}s") for stage in fact.career_stages]
    places = [label("countries", code) for code in fact.countries]
    if fact.income_groups:
        groups = listed([listing_words.INCOME.get(group, group) for group in fact.income_groups])
        places.append(f"countries of {groups} income")
    parts = [listed(stages), f"from {listed(places)}" if places else ""]
    words = " ".join(part for part in parts if part)
    return words[:1].upper() + words[1:]


def when_words(one: Opportunity) -> str:
    """When it runs, in words; empty where that is not stated."""
    if one.runs_from and one.runs_until:
        return span_words(one.runs_from, one.runs_until)
    if one.runs_from:
        return f"from {moment_words(one.runs_from)}"
    return f"until {moment_words(one.runs_until)}" if one.runs_until else ""


def _some(text: str) -> tuple[str, ...]:
    return (text,) if text else ()


def _narrowed(found: Sequence[Listed], asked: Asked, now: datetime) -> list[Entry]:
    until = now + timedelta(days=int(asked.closing)) if asked.closing else None
    return [
        _entry(one, one.public, asked, now)
        for one in found
        if isinstance(one.public, Opportunity)
        and one.public.is_open(now)
        and (until is None or (one.public.closes is not None and one.public.closes.ends() <= until))
    ]


def _entry(found: Listed, one: Opportunity, asked: Asked, now: datetime) -> Entry:
    reader = asked.reader
    fit = fits(one, reader.country, reader.career_stage, reader.year) if asked.for_me else None
    return Entry(
        one,
        found.changed_at,
        fit,
        deadline_words(one.closes) if one.closes else "",
        left_words(one.closes.ends(), now) if one.closes else "",
        moment_words(one.opens) if one.opens and one.opens.begins() > now else "",
    )


def _choices(asked: Asked) -> tuple[tuple[Choice, ...], tuple[Choice, ...]]:
    """What tells who the reader is, with what is looked for most; and the rest."""
    chosen = dict(asked.pairs)
    stages = {str(stage): words for stage, words in STAGES.items() if stage is not CareerStage.ANYONE}
    kinds = {str(kind): words for kind, words in KINDS.items()}
    return (
        to_choice("country", "Your country", countries(), chosen.get("country", ""), "Not given"),
        to_choice("stage", "Your career stage", stages, chosen.get("stage", ""), "Not given"),
        to_choice("kind", "Kind", kinds, asked.wanted.subkinds),
    ), (
        to_choice("closing", "Closing", CLOSING, asked.closing, "At any time"),
        to_choice("cancer_type", "Cancer type", cancer_types(), chosen.get("cancer_type", "")),
        to_choice("language", "Language", languages(), chosen.get("language", "")),
    )
