"""Which records are the same version, which versions are the same work, and how they become one.

Pure functions, independent of the order in which records arrived: a work is always put together anew from
all the records it has, so that a merge can be undone and a better rule applied without a new harvest.
"""

from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from itertools import combinations

from domain.identifiers import Identifiers, local_key
from domain.matching import Match, apart, clash, compare, may_be_one
from domain.paper import Abstract, Notice, Provenance, Trial, TrialRole, Version, VersionKind, unique
from domain.profile import Profile, to_place
from domain.values import changed

Reading = tuple[Version, Provenance]
"""What one source says about one version, and where it said it."""

_ORDER = {VersionKind.ARTICLE: 0, VersionKind.ABSTRACT: 1, VersionKind.PREPRINT: 2}
_TELLING_TITLE = 25
"""Letters below which many papers share a title."""
_UNITED = {"notices", "links", "data", "full_texts", "industry"}
"""Fields in which sources complete each other rather than compete."""
_EMPTY: tuple[object, ...] = (None, "", (), "und")
_NEVER_FROM_COMPANIONS = {
    "kind",
    "title",
    "original_title",
    "authors",
    "language",
    "other_languages",
    "journal",
    "published",
}
"""What a record that only adds to others has no say in."""


def own_keys(version: Version) -> tuple[str, ...]:
    """The keys under which a version is known; a local one when it has no identifier.

    A title with its first author and year tells a paper, with volume and page where they are known: columns
    have one title month after month. "Editorial" does not, nor any title without an author: then the journal
    is added, and where no page is known, all that the record says.
    """
    keys = tuple(version.identifiers.keys())
    if keys:
        return keys
    first = version.authors[0].name if version.authors else ""
    telling = bool(first) and sum(map(str.isalpha, version.title)) >= _TELLING_TITLE
    place = _page(version) if telling else _place(version)
    return (local_key(version.title, first, version.year, place),)


def _page(version: Version) -> tuple[str, ...]:
    """Volume, issue and first page; nothing where neither volume nor page is known."""
    place = to_place(version.journal)
    if not (version.journal and (place.volume or place.first_page)):
        return ()
    supplement = place.supplement and f"suppl{place.supplement}"
    return place.volume + supplement, version.journal.issue, place.first_page


def _place(version: Version) -> tuple[str, ...]:
    """Where a version was printed, to the page; without a page, its whole content, provenance aside."""
    journal = version.journal
    if journal and journal.title and journal.pages:
        return journal.title, journal.volume, journal.issue, journal.pages
    return (repr(replace(version, provenance={}, cancer_types=(), study_type=None)),)


def linked_keys(version: Version) -> tuple[str, ...]:
    """Keys of other versions of the same work that this one names."""
    return unique(link.key for link in version.links)


def merge(readings: Iterable[Reading], trust: Sequence[str]) -> tuple[Version, ...]:
    """Put the readings of one work together: one `Version` per version, the one to read first in front.

    Readings that share an identifier are the same version. Where they differ, the source that stands first
    in `trust` wins, field by field; sources not in `trust` come last, by name. Companions add to a version
    that others tell of; where there is none, they wait, and companions alone give nothing.
    """
    rank = {source: number for number, source in enumerate(trust)}

    def by_trust(reading: Reading) -> tuple[int, str, str]:
        origin = reading[1]
        return rank.get(origin.source, len(rank)), origin.source, origin.native_id

    ordered = sorted(readings, key=by_trust)
    told = [group for group in _groups(ordered) if not all(version.companion for version, _ in group)]
    groups = _unite_alike(told) if len(told) > 1 else told
    versions = [_merge_group(sorted(group, key=by_trust)) for group in groups]
    return tuple(sorted(versions, key=_reading_order))


def _groups(readings: Sequence[Reading]) -> list[list[Reading]]:
    """Readings that share an identifier, directly or through others, together.

    A companion that names two versions may do so by mistake: it adds to that of its DOI, if they are not
    alike.
    Nor are two papers one for a DOI that both have: PubMed's ids come first, the rest goes to what is like.
    """
    groups: list[tuple[set[str], list[Reading]]] = []
    for reading in sorted(readings, key=lambda r: (r[0].companion, not r[0].identifiers.pmid)):
        keys, members = set(own_keys(reading[0])), [reading]
        others = []
        for group in _likest_first(reading, groups):
            if keys.isdisjoint(group[0]) or _apart(members, group[1], companion=reading[0].companion):
                others.append(group)
            else:
                keys |= group[0]
                members = group[1] + members
        groups = [*others, (keys, members)]
    return [members for _, members in groups]


def _likest_first(
    reading: Reading, groups: list[tuple[set[str], list[Reading]]]
) -> list[tuple[set[str], list[Reading]]]:
    keys = own_keys(reading[0])
    if sum(not of.isdisjoint(keys) for of, _ in groups) < 2:
        return groups
    if reading[0].companion:  # the strongest identifier leads it, and where two have that, most who name it
        return sorted(groups, key=lambda g: ([key not in g[0] for key in keys], -_named(keys[0], g[1])))
    profile = Profile(reading[0])
    return sorted(groups, key=lambda g: not any(_alike(profile, version) for version, _ in g[1]))


def _named(key: str, readings: list[Reading]) -> int:
    """How many of the readings name that key."""
    return sum(key in own_keys(version) for version, _ in readings)


def _alike(profile: Profile, version: Version) -> bool:
    return not version.companion and may_be_one(profile, Profile(version))


def _apart(one: list[Reading], other: list[Reading], *, companion: bool) -> bool:
    """Whether they are not one version although they share an identifier."""
    if companion and _unlike(one, other):
        return True
    told = [[Profile(v) for v, _ in group if not v.companion] for group in (one, other)]
    return any(apart(a, b) for a in told[0] for b in told[1])


def _unlike(one: list[Reading], other: list[Reading]) -> bool:
    """Whether both tell of a version, and not of the same."""
    mine, theirs = ([Profile(v) for v, _ in group if not v.companion] for group in (one, other))
    return bool(mine and theirs) and not any(may_be_one(a, b) for a in mine for b in theirs)


def _unite_alike(groups: list[list[Reading]]) -> list[list[Reading]]:
    """Groups in which one version is told without a shared identifier, put together; the rest as it is."""
    profiles = [[Profile(version) for version, _ in group if not version.companion] for group in groups]
    pairs = [
        (-match.strength, low, high)
        for low, high in combinations(range(len(groups)), 2)
        if (match := _told_twice(profiles[low], profiles[high]))
    ]
    home = {number: number for number in range(len(groups))}
    for _, low, high in sorted(pairs):
        one, other = sorted((home[low], home[high]))
        if one != other and not any(clash(a, b) for a in profiles[one] for b in profiles[other]):
            profiles[one] += profiles[other]
            home = {number: one if of == other else of for number, of in home.items()}
    united: dict[int, list[Reading]] = {}
    for number, group in enumerate(groups):
        united.setdefault(home[number], []).extend(group)
    return list(united.values())


def _told_twice(one: list[Profile], other: list[Profile]) -> Match | None:
    matches = (compare(a, b) for a in one for b in other if a.version.kind is b.version.kind)
    return max((m for m in matches if m and m.same_version), key=lambda m: m.strength, default=None)


def _merge_group(group: list[Reading]) -> Version:
    if len(group) == 1:
        return changed(group[0][0], provenance={"*": group[0][1]})
    telling = [reading for reading in group if not reading[0].companion]
    first = telling[0][0]
    values: dict[str, object] = {}
    provenance: dict[str, Provenance] = {}
    for field in fields(Version):
        if field.name == "provenance":
            continue
        for version, source in telling if field.name in _NEVER_FROM_COMPANIONS else group:
            value = getattr(version, field.name)
            if value not in _EMPTY:
                values[field.name] = value
                provenance[field.name] = source
                break
        else:
            values[field.name] = getattr(first, field.name)
    for name in _UNITED:
        values[name] = unique(item for version, _ in group for item in getattr(version, name))
    provenance |= _who_gave_notice(group)
    values |= {
        "kind": min((version.kind for version, _ in telling), key=_ORDER.__getitem__),
        "identifiers": _merge_identifiers([version.identifiers for version, _ in telling]),
        "abstracts": _merge_abstracts([version.abstracts for version, _ in group]),
        "trials": merge_trials(trial for version, _ in group for trial in version.trials),
        "companion": False,
        "cancer_types": unique(c for version, _ in group for c in version.cancer_types),
    }
    return Version(**values, provenance=provenance)  # type: ignore[arg-type]


def _who_gave_notice(group: list[Reading]) -> dict[str, Provenance]:
    """`notices/0`: where the first notice came from; `notices/0/crossref`: who else told of it."""
    numbers: dict[Notice, int] = {}
    found: dict[str, Provenance] = {}
    for version, source in group:
        for notice in version.notices:
            name = f"notices/{numbers.setdefault(notice, len(numbers))}"
            if found.setdefault(name, source).source != source.source:
                found.setdefault(f"{name}/{source.source}", source)
    return found


def _merge_identifiers(parts: Sequence[Identifiers]) -> Identifiers:
    """The most trusted identifier of each scheme; a second DOI of the same version stays known."""
    chosen = {
        scheme: next((value for part in parts if (value := getattr(part, scheme))), None)
        for scheme in ("doi", "pmid", "pmcid", "arxiv")
    }
    first = {f"{scheme}:{value}" for scheme, value in chosen.items()}
    others = unique(key for part in parts for key in part.keys() if key not in first)  # noqa: SIM118
    return Identifiers(**chosen, other=others)


def _merge_abstracts(parts: Sequence[tuple[Abstract, ...]]) -> tuple[Abstract, ...]:
    """The most trusted abstract of each kind and language."""
    chosen: dict[tuple[str, str], Abstract] = {}
    for abstracts in parts:
        for abstract in abstracts:
            chosen.setdefault((abstract.kind, abstract.language), abstract)
    return tuple(chosen.values())


def merge_trials(trials: Iterable[Trial]) -> tuple[Trial, ...]:
    """Each trial once, in order: the stronger role wins, and its evidence is kept from whoever has it."""
    chosen: dict[tuple[str, str], Trial] = {}
    for trial in trials:
        key = (trial.registry, trial.id)
        known = chosen.setdefault(key, trial)
        if known.role is TrialRole.MENTIONS and trial.role is TrialRole.REPORTS:
            chosen[key] = trial
        elif known.role is trial.role and not known.evidence and trial.evidence:
            chosen[key] = replace(known, evidence=trial.evidence)
    return tuple(chosen.values())


def _reading_order(version: Version) -> tuple[int, str, str]:
    newest_first = "".join(chr(0x10FFFF - ord(c)) for c in version.published or "0")
    return _ORDER[version.kind], newest_first, min(own_keys(version))
