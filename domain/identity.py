"""Which records are the same version, which versions are the same work, and how they become one.

Pure functions, independent of the order in which records arrived: a work is always put together anew from
all the records it has, so that a merge can be undone and a better rule applied without a new harvest.
"""

from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from itertools import combinations

from domain.identifiers import Identifiers, local_key
from domain.matching import Match, clash, compare, may_be_one
from domain.paper import Abstract, Notice, Provenance, Trial, TrialRole, Version, VersionKind, unique
from domain.profile import Profile

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

    A title with its first author and year tells a paper. "Editorial" does not, nor any title without an
    author: then where it was printed is added, and where that is not known, all that the record says.
    """
    keys = tuple(version.identifiers.keys())
    if keys:
        return keys
    first = version.authors[0].name if version.authors else ""
    telling = bool(first) and sum(map(str.isalpha, version.title)) >= _TELLING_TITLE
    return (local_key(version.title, first, version.year, () if telling else _place(version)),)


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

    A companion that names two versions may do so by mistake: it adds to the first, unless they are alike.
    """
    groups: list[tuple[set[str], list[Reading]]] = []
    for reading in sorted(readings, key=lambda r: r[0].companion):
        keys, members = set(own_keys(reading[0])), [reading]
        apart = []
        for group in groups:
            if keys.isdisjoint(group[0]) or (reading[0].companion and _unlike(members, group[1])):
                apart.append(group)
            else:
                keys |= group[0]
                members = group[1] + members
        groups = [*apart, (keys, members)]
    return [members for _, members in groups]


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
        return replace(group[0][0], provenance={"*": group[0][1]})
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
        "identifiers": _merge_identifiers([v.identifiers for v, _ in sorted(group, key=_is_companion)]),
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


def _is_companion(reading: Reading) -> bool:
    return reading[0].companion


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
