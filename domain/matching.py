"""Whether two versions that share no identifier tell of the same work: by title, authors, year and place.

Two papers taken for one mislead; one paper told twice is a nuisance. So in doubt they are two: each rule asks
for evidence of several kinds, and anything that speaks against it (other identifiers, other numbers in the
title, one corrects or answers the other, another journal or year) weighs more than likeness.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from domain.identifiers import short_hash
from domain.likeness import Likeness, compare_authors, compare_titles, likest_titles, overlap, same_journal
from domain.paper import Version, VersionKind
from domain.profile import Person, Profile, is_telling, to_ends, to_page, to_title
from domain.remarks import about_another

_ARTICLE, _PREPRINT, _ABSTRACT = VersionKind.ARTICLE, VersionKind.PREPRINT, VersionKind.ABSTRACT
_EARLIER = {_PREPRINT: (-1, 5), _ABSTRACT: (0, 4)}
"""How many years an article may come after its preprint or conference abstract."""
_SAME_TEXT, _CLOSE_TEXT, _LIKE_TEXT, _OTHER_TEXT = 0.6, 0.35, 0.2, 0.06
"""Shares of the shorter abstract's word triples that the other has too."""
_LONG = 60
"""Letters of a title that two papers in one journal would not share by chance."""
_LATE = 4
"""Years after a preprint from which on its article must have its text, or exactly its authors."""
_PARTS = """
    protocol rationale design quality follow interim final updated update subgroup secondary substudy
    ancillary post exploratory economic cost costs pilot feasibility extension safety pooled long term
    reply response comment commentary correspondence letter editorial discussion executive summary
"""
_OTHER_PART = frozenset(_PARTS.split())
"""Words of a subtitle that tell of another paper on the same study."""
_YEARLY = re.compile(
    r"\b(?:annual|yearly|bulletin|boletin|statistics|registry report|report of the [\w ]{0,40}registry"
    r"|yearbook|anual|annuel|jahresbericht|estadisticas|year in review|highlights|proceedings"
    r"|incidence and mortality)\b"
)
"""Titles that come again every year."""
_NAMING = r"[\w -]{0,40}[^\W\d_]-?\d[\w -]{0,40}"
_NAME = re.compile(rf"{_NAMING}: | ?[(\[]{_NAMING}[)\]]")
"""The name of a trial, which has digits behind a letter, in front of a title or behind it in brackets."""
_SMALL_TYPES = frozenset({"letter", "comment", "editorial", "news", "correspondence"})
_DOI_VERSION = re.compile(r"(?:[./]v?\d{1,2}|_v\d+)$")


@dataclass(frozen=True, slots=True)
class Match:
    """That two versions are of the same work, and why."""

    same_version: bool
    """Whether they are one appearance of it, told twice; else preprint and article, or the like."""
    reasons: tuple[str, ...]
    strength: int
    """Of several that exclude each other the strongest holds."""


def match_keys(version: Version) -> tuple[str, ...]:
    """Keys of which two versions must share one to be compared at all; few, and rarely shared by chance.

    The title, or that in its own language, without subtitle; volume, page and year; first and last author.
    """
    return () if version.companion else tuple(_keys(version))


def same_work(one: Version, other: Version) -> Match | None:
    """Whether the two tell of the same work, judged without shared identifiers and links."""
    return compare(Profile(one), Profile(other))


def compare(one: Profile, other: Profile) -> Match | None:
    """As `same_work`, for profiles that are compared more than once."""
    if one.version.companion or other.version.companion or clash(one, other):
        return None
    if about_another(one) != about_another(other):
        return None
    kinds = {one.version.kind, other.version.kind}
    pair = _Pair(one, other)
    if len(kinds) == 1:
        holds = not pair.contradicted and _is_told_twice(pair)
    elif _ABSTRACT in kinds:
        holds = _is_presented(pair)
    else:
        holds = _is_preprinted(pair)
    if not holds:
        return None
    same = len(kinds) == 1 and not (kinds == {_PREPRINT} and _differ(one, other, "doi"))
    return Match(same, tuple(pair.reasons()), pair.strength)


def clash(one: Profile, other: Profile) -> bool:
    """Whether their identifiers say that they are not the same: two DOIs, two PubMed ids, or two ids of one
    repository, of one kind.

    Preprints may stand on several servers, and each of their revisions may have a DOI. An article may have
    been registered twice: then everything else agrees to the page.
    """
    if one.version.kind is not other.version.kind:
        return False
    if one.version.kind is not _PREPRINT and _deposited_twice(one, other):
        return True
    if one.version.kind is _PREPRINT:
        dois = [p.version.identifiers.doi for p in (one, other)]
        if all(dois) and dois[0] != dois[1]:
            bases = [_DOI_VERSION.sub("", doi or "") for doi in dois]
            return bases[0] != bases[1] and bases[0].split("/")[0] == bases[1].split("/")[0]
        return False
    differing = [scheme for scheme in ("doi", "pmid", "pmcid") if _differ(one, other, scheme)]
    if differing == ["doi"]:
        return not _printed_once(one, other)
    return bool(differing)


def may_be_one(one: Profile, other: Profile) -> bool:
    """Whether a third record that names both may be believed: one kind, one title, nothing against it."""
    close = one.version.kind is other.version.kind and likest_titles(one, other)[0].close
    return close and not clash(one, other)


def apart(one: Profile, other: Profile) -> bool:
    """Whether two records of one kind are two papers though they share an identifier.

    Letters on one page may have one DOI; then PubMed has an id for each. An id for each may also be PubMed's
    mistake: then title and authors are the same.
    """
    if one.version.kind is not other.version.kind or not _differ(one, other, "pmid"):
        return False
    if about_another(one) != about_another(other) or not compare_titles(one.title, other.title).close:
        return True
    authors = compare_authors(one.people, other.people)
    return not (authors.agree if authors else one.title.telling)


class _Pair:
    """Two versions and how they are alike, each likeness worked out once."""

    def __init__(self, one: Profile, other: Profile) -> None:
        self.one, self.other = one, other
        self.title, *titles = likest_titles(one, other)
        self.authors = compare_authors(one.people, other.people)
        self.journal = same_journal(one.place, other.place)
        self.same_page = self.journal is not False and one.place.same_page(other.place)
        self.other_page = self.journal is not False and _elsewhere(one, other)
        self.abstract = overlap(one, other)
        self.telling = min(titles, key=lambda title: len(title.whole)).telling
        self.same_numbers = titles[0].numbers == titles[1].numbers
        self.years = _years(one.version, other.version)

    @property
    def crowded(self) -> bool:
        """Whether they are a meeting's abstracts or letters, of which a group may have several on a page."""
        return self.one.version.kind is _ABSTRACT or (_is_small(self.one) and _is_small(self.other))

    @property
    def same_text(self) -> bool:
        return self.abstract is not None and self.abstract >= _SAME_TEXT

    @property
    def other_text(self) -> bool:
        return self.abstract is not None and self.abstract < _OTHER_TEXT

    @property
    def printed_alike(self) -> bool:
        """Whether the place, or the text, shows that it is the same beyond title and authors."""
        return self.same_page or self.same_text

    @property
    def other_part(self) -> bool:
        """Whether a subtitle that only one has says that it is another paper on the same study."""
        if self.title is not Likeness.MAIN:
            return False
        words = set(self.one.title.words) ^ set(self.other.title.words)
        return not words.isdisjoint(_OTHER_PART)

    @property
    def doubtful(self) -> bool:
        """Whether what is alike may be of two papers, so that page or text must agree."""
        if self.title is Likeness.TYPO or self.other_part or _is_small(self.one) != _is_small(self.other):
            return True
        if not self.years:
            return False
        yearly = any(_YEARLY.search(p.title.text) for p in (self.one, self.other))
        on_servers = self.one.version.kind is self.other.version.kind is _PREPRINT
        elsewhere = self.journal is not True and not (on_servers and self.title is Likeness.EQUAL)
        return yearly or elsewhere or self.one.version.kind is _ABSTRACT

    @property
    def contradicted(self) -> bool:
        """Whether two versions of one kind cannot be the same for what they say of themselves."""
        one, other = self.one.version, self.other.version
        if one.meeting and other.meeting and one.meeting.is_apart_from(other.meeting):
            return True
        if self.years is not None and abs(self.years) > 1:
            return True
        if self.journal is False and one.kind is not _PREPRINT:
            return True
        if self.doubtful and not self.printed_alike:
            return True
        return self.other_page or (self.other_text and (self.crowded or not self.same_page))

    def reasons(self) -> Iterator[str]:
        """Why they are taken for one work, in words."""
        yield self.title.value
        if self.authors:
            yield f"{self.authors.shared} of {self.authors.fewer} authors"
        if self.same_page:
            yield "the same volume and first page"
        elif self.journal:
            yield "the same journal"
        if self.abstract is not None:
            yield f"{self.abstract:.0%} of the shorter abstract's word triples"
        if self.years == 0:
            yield "the same year"
        elif self.years is not None:
            yield f"{abs(self.years)} year{'s' * (abs(self.years) > 1)} apart"

    @property
    def strength(self) -> int:
        shared = min(self.authors.shared, 3) if self.authors else 0
        return 4 * self.same_page + 3 * self.same_text + 2 * self.title.close + shared + (self.years == 0)


def _is_told_twice(pair: _Pair) -> bool:
    """Whether two versions of one kind are the same appearance."""
    authors, title = pair.authors, pair.title
    if not pair.same_numbers and not (title is Likeness.MAIN and pair.printed_alike):
        return _is_translated(pair) or _is_named(pair)
    if authors is None:
        return title.close and pair.telling and pair.journal is not None and pair.printed_alike
    if not authors.agree:
        return False
    if not pair.telling and title.close:
        return title is Likeness.EQUAL and bool(pair.journal) and (pair.same_page or pair.same_text)
    if title is Likeness.EQUAL:
        long = len(pair.one.title.whole) >= _LONG and pair.journal is True
        return pair.years is not None or pair.printed_alike or authors.shared >= 3 or long
    if title is Likeness.TYPO:
        return pair.printed_alike
    if title is Likeness.SPELLED:
        return pair.printed_alike or (authors.shared >= 2 and pair.years is not None)
    if title is Likeness.MAIN:
        return pair.printed_alike or (authors.shared >= 3 and pair.years is not None)
    if title is Likeness.LIKE:
        on_page = pair.same_page and authors.nearly_all and not pair.crowded
        return on_page or (pair.same_text and authors.shared >= 2)
    return _is_translated(pair)


def _is_translated(pair: _Pair) -> bool:
    """Whether one paper's title is once in another language; numbers in words are read in English only."""
    if not pair.same_page or not pair.journal or not (pair.authors and pair.authors.nearly_all):
        return False
    one, other = pair.one, pair.other
    mine, theirs = set(one.title.numbers), set(other.title.numbers)
    in_another = one.title.bracketed or other.title.bracketed or one.language != other.language
    return pair.title is Likeness.OTHER and in_another and (mine <= theirs or theirs <= mine)


def _is_named(pair: _Pair) -> bool:
    """Whether a title has nothing more than the name of the trial or the like, on the same page."""
    if not (pair.authors and pair.authors.nearly_all and pair.telling and pair.same_page and pair.journal):
        return False
    short, long = sorted((profile.title.text.rstrip(".") for profile in (pair.one, pair.other)), key=len)
    before, found, behind = long.partition(short)
    is_named = bool(found) and _NAME.fullmatch(before + behind) is not None
    return is_named and not (pair.crowded or pair.doubtful or pair.other_text)


def _is_preprinted(pair: _Pair) -> bool:
    """Whether one is the preprint of the other."""
    authors, title = pair.authors, pair.title
    if authors is None or not _in_time(pair):
        return False
    close = pair.abstract is not None and pair.abstract >= _CLOSE_TEXT
    late = pair.years is not None and abs(pair.years) >= _LATE
    if late and not close and authors.of_all < 1:
        return False
    if title.close and pair.telling and pair.same_numbers:
        if (title is Likeness.TYPO or pair.other_part) and not close:
            return False
        return authors.agree and not pair.other_text
    if not (authors.first or authors.last) or authors.shared < 2:
        return False
    if pair.same_text:
        return True
    if title is Likeness.OTHER or not pair.same_numbers:
        return close and authors.shared >= 3 and authors.of_all >= 0.5
    if pair.abstract is None:
        return title is not Likeness.LIKE and authors.shared >= 3 and authors.of_all >= 0.8
    return pair.abstract >= _LIKE_TEXT and authors.shared >= 3 and authors.of_all >= 0.5


def _is_presented(pair: _Pair) -> bool:
    """Whether one is the conference abstract of the other, beyond doubt."""
    authors = pair.authors
    if authors is None or not _in_time(pair) or not authors.first or pair.other_text:
        return False
    if not (pair.title.close and pair.telling and pair.same_numbers) or authors.of_fewer < 0.6:
        return False
    if pair.abstract is not None and pair.abstract >= _LIKE_TEXT:
        return authors.shared >= 2
    same_trial = bool(pair.one.trials & pair.other.trials)
    if pair.title is Likeness.TYPO or pair.other_part:
        return False
    return authors.shared >= 3 and (same_trial or (pair.abstract is None and authors.of_all >= 0.8))


def _in_time(pair: _Pair) -> bool:
    """Whether the article came when articles come after a preprint or abstract; an unknown year may fit."""
    if pair.years is None:
        return True
    forms = {profile.version.kind: profile.version.year for profile in (pair.one, pair.other)}
    earlier = next(kind for kind in (_PREPRINT, _ABSTRACT) if kind in forms)
    later = next(kind for kind in (_ARTICLE, _ABSTRACT) if kind in forms and kind is not earlier)
    low, high = _EARLIER[earlier]
    return low <= (forms[later] or 0) - (forms[earlier] or 0) <= high


def _years(one: Version, other: Version) -> int | None:
    return other.year - one.year if one.year and other.year else None


def _differ(one: Profile, other: Profile, scheme: str) -> bool:
    values = [getattr(p.version.identifiers, scheme) for p in (one, other)]
    return all(values) and values[0] != values[1]


def _deposited_twice(one: Profile, other: Profile) -> bool:
    """Whether both have an id in one repository (`oai:host:id`), and not the same."""
    mine, theirs = (
        {key for key in p.version.identifiers.other if key.startswith("oai:")} for p in (one, other)
    )
    if not mine or not theirs or mine & theirs:
        return False
    hosts = [{key.split(":", 2)[1].lower() for key in keys} for keys in (mine, theirs)]
    return bool(hosts[0] & hosts[1])


def _is_small(profile: Profile) -> bool:
    """Whether it is said to be a letter, an editorial or the like."""
    return any(kind.lower() in _SMALL_TYPES for kind in profile.version.publication_types)


def _elsewhere(one: Profile, other: Profile) -> bool:
    """Whether both name another volume, or another page of it; ahead of print there is neither."""
    first, second = one.place, other.place
    if first.in_another_volume(second):
        return True
    both = first.first_page and second.first_page
    return bool(both and first.first_page != second.first_page and first.volume == second.volume)


def _printed_once(one: Profile, other: Profile) -> bool:
    """Whether two DOIs were given to what is the same in title, authors, year, journal, volume and page."""
    authors = compare_authors(one.people, other.people)
    return bool(
        one.title.telling
        and one.title.whole == other.title.whole
        and one.place.same_page(other.place)
        and same_journal(one.place, other.place)
        and _years(one.version, other.version) == 0
        and authors
        and authors.of_all == 1
    )


def _keys(version: Version) -> Iterator[str]:
    several = len(version.authors) >= 3
    people = to_ends(version.authors) if several or not version.year else ()
    mains = (to_title(title).main for title in (version.title, version.original_title) if title)
    yield from ("t" + short_hash(main, 12) for main in mains if is_telling(main))
    volume, page = to_page(version.journal)
    if volume and page and (version.year or people):
        # Where it was printed tells it whatever the title's language and however the names are turned.
        yield "p" + short_hash(f"{volume}|{page}|{version.year or people[0].family}", 12)
    if several and all(map(_is_known, people)):
        names = [f"{person.family},{person.initials[0]}" for person in people]
        yield "a" + short_hash("|".join(names), 12)


def _is_known(person: Person) -> bool:
    return bool(person.initials) and not person.group
