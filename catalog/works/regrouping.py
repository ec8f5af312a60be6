"""Putting works together anew from their records, inside one writing transaction.

Given the records that were written or withdrawn, only works near them can change: those they belonged to
and those that share a key with them. Their records are grouped again, so works may join, or fall apart when
the record that joined them says otherwise.

Companions alone are no paper. They wait in a work that is not live, with their keys, until a record that
tells of the paper comes; a work that never was a paper (`born` 0) has told nobody its name.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection

from catalog.codec import parse_versions, to_json, without_provenance
from catalog.digests.log import return_log
from catalog.digests.store import discard_digests, recall_digests
from catalog.ledger import Ledger
from catalog.works.decisions import read_standing
from catalog.works.grouping import (
    Group,
    to_document,
    to_groups,
    to_heirs,
    to_marks,
    to_names,
    to_owned_keys,
    to_versions,
)
from catalog.works.joining import MOST_ALIKE
from catalog.works.member import Member
from catalog.works.nearby import gather
from catalog.works.rows import (
    Work,
    delete_aliases,
    find_aliases,
    load_works,
    move_records,
    parse_keys,
    save_absorbed,
    save_keys,
    save_match_keys,
    save_works,
)
from domain.paper import NoticeKind, Paper, Version, unique

_NO_KEYS: dict[str, bool] = {}


@dataclass(slots=True)
class Regrouping:
    """What is to be written about works, collected while the groups are gone through."""

    connection: Connection
    ledger: Ledger
    trust: Sequence[str]
    before: dict[str, Work]
    rows: list[Work] = field(default_factory=list)
    keys: dict[str, dict[str, bool]] = field(default_factory=dict)
    marks: dict[str, set[str]] = field(default_factory=dict)
    """Work → its blocking keys."""
    absorbed: dict[str, str] = field(default_factory=dict)
    """Work → the older one that it turned out to be."""
    reclaimed: list[str] = field(default_factory=list)
    """Aliases that are works of their own again."""
    recalls: dict[str, str] = field(default_factory=dict)
    """Work → why its digests are recalled."""


def regroup(
    connection: Connection,
    ledger: Ledger,
    trust: Sequence[str],
    written: Sequence[Member],
    touched: Iterable[str] = (),
) -> dict[tuple[str, str], str]:
    """Regroup `written` and the works near them or `touched`; returns each written record's work.

    The rows of `written` are the caller's to save, after this. Rows of withdrawn records are marked already.
    """
    decisions = read_standing(connection)
    near, others = gather(connection, written, touched, decisions)
    groups = to_groups([*others, *written], decisions)
    plan = Regrouping(connection, ledger, trust, load_works(connection, near))
    homes = _settle(plan, groups)
    kept = set(homes.values())
    for name, work in plan.before.items():
        if name not in kept and name not in plan.absorbed:
            plan.keys[name] = _NO_KEYS
            if work.is_live:
                _bury(plan, work)
    _write(plan)
    assigned = {m.name: homes[n] for n, group in enumerate(groups) for m in group}
    moved = (m.name for m in others if m.work != assigned[m.name])
    move_records(connection, {key: assigned[key] for key in moved})
    return {m.name: assigned[m.name] for m in written}


def _settle(plan: Regrouping, groups: Sequence[Group]) -> dict[int, str]:
    """Give each group its work; returns group number → work."""
    inherited: dict[int, list[Work]] = {}
    heirs = {name: n for name, n in to_heirs(groups).items() if plan.before[name].was_paper}
    for name, number in heirs.items():
        inherited.setdefault(number, []).append(plan.before[name])
    merged = {number: to_versions(group, plan.trust) for number, group in enumerate(groups)}
    homeless = {number: (merged[number], groups[number]) for number in merged if number not in inherited}
    named = _name(plan, homeless, set(heirs))
    homes = {}
    keys = to_owned_keys(groups)
    documents = [to_document(group, merged[n]) if merged[n] else b"" for n, group in enumerate(groups)]
    for number, group in enumerate(groups):
        candidates = inherited.get(number, ())
        if len(candidates) > 1:
            candidates = sorted(candidates, key=lambda w: (not w.is_live, w.born, w.id))
        old = candidates[0] if candidates else plan.before.get(named[number])
        homes[number] = name = old.id if old else named[number]
        for other in candidates[1:]:
            _absorb(plan, other, name)
        if merged[number]:
            told = len(group) > 1 and any(member.version.companion for member in group)
            _renew(plan, name, old, merged[number], documents[number], joined=len(candidates) > 1, told=told)
        else:
            _wait(plan, name, old)
        plan.keys[name] = keys[number]
        plan.marks[name] = to_marks(group)
    return homes


def _name(
    plan: Regrouping, homeless: dict[int, tuple[tuple[Version, ...], Group]], taken: set[str]
) -> dict[int, str]:
    """A free id for each group that inherits none: a new one, a tombstone's, or a former alias."""
    streams = {number: to_names(versions, group) for number, (versions, group) in homeless.items()}
    wanted = {number: next(stream) for number, stream in streams.items()}
    known = plan.before | load_works(plan.connection, set(wanted.values()) - plan.before.keys())
    for number, stream in streams.items():
        name = wanted[number]
        while name in taken or (name in known and known[name].is_live):
            name = next(stream)
            known |= load_works(plan.connection, [name])
        taken.add(name)
        wanted[number] = name
        if name in known:
            plan.before[name] = known[name]
    plan.reclaimed += find_aliases(plan.connection, wanted.values())
    return wanted


def _renew(
    plan: Regrouping,
    name: str,
    old: Work | None,
    versions: tuple[Version, ...],
    document: bytes,
    *,
    joined: bool,
    told: bool,
) -> None:
    """Write the work, and tell of it if a reader would see a difference.

    What companions had `told` of a paper before it came is told when it comes, as if they came after it.
    """
    now = plan.ledger.now
    if old and old.is_live and old.document == document and not joined:
        return
    paper = Paper(name, versions, now, now)
    new = Work(name, 0, now, now, None, paper.source_hash, len(versions), document)
    plan.rows.append(new)
    if old is None or not old.is_live:
        sequence = plan.ledger.change(name)
        new.born, new.added_at = (old.born, old.added_at) if old and old.was_paper else (sequence, now)
        plan.ledger.tell("paper.added", name, notices=unique([n.kind for v in versions for n in v.notices]))
        if told:
            _tell_notices(plan, paper, known=set())
        return
    new.born, new.added_at = old.born, old.added_at
    was = parse_versions(old.document)
    if not joined and _is_same(was, parse_versions(document)):
        new.changed_at = old.changed_at
        return
    plan.ledger.change(name)
    _tell_update(plan, old, new, was, paper)


def _is_same(was: Sequence[Version], now: Sequence[Version]) -> bool:
    """Whether a reader would see no difference: only who said it, or when it was fetched, may differ."""
    return [without_provenance(v) for v in was] == [without_provenance(v) for v in now]


def _tell_update(plan: Regrouping, old: Work, new: Work, was: tuple[Version, ...], paper: Paper) -> None:
    """Outbox entries for what readers of the paper would care about."""
    if old.source_hash != new.source_hash:
        plan.recalls[new.id] = "source-changed"
    if old.source_hash != new.source_hash or old.versions < new.versions:
        plan.ledger.tell("paper.updated", new.id, versions=[old.versions, new.versions])
    _tell_notices(plan, paper, {notice.kind for notice in Paper(new.id, was, "", "").notices})


def _tell_notices(plan: Regrouping, paper: Paper, known: set[NoticeKind]) -> None:
    for kind in unique(notice.kind for notice in paper.notices):
        if kind not in known:
            notice = next(n for n in paper.notices if n.kind is kind)
            plan.ledger.tell(f"paper.{kind}", paper.id, notice=notice.identifier, date=notice.date)


def _absorb(plan: Regrouping, work: Work, survivor: str) -> None:
    plan.absorbed[work.id] = survivor
    plan.keys[work.id] = _NO_KEYS
    if work.deleted_at is None:
        plan.ledger.change(work.id, deleted=True)
        plan.ledger.tell("paper.merged", work.id, into=survivor)


def _wait(plan: Regrouping, name: str, old: Work | None) -> None:
    """Keep companions in a work that is no paper; it may have been one."""
    if old is None:
        plan.rows.append(Work(name, 0, plan.ledger.now, plan.ledger.now, plan.ledger.now, "", 0, None))
    elif old.is_live:
        _bury(plan, old)


def _bury(plan: Regrouping, work: Work) -> None:
    """Leave a tombstone where the last record that tells of a work was withdrawn."""
    now = plan.ledger.now
    plan.rows.append(Work(work.id, work.born, work.added_at, now, now, "", 0, None))
    plan.keys[work.id] = _NO_KEYS
    plan.recalls[work.id] = "withdrawn"
    plan.ledger.change(work.id, deleted=True)
    plan.ledger.tell("paper.deleted", work.id)


def _save_marks(plan: Regrouping) -> dict[str, str]:
    """Write the blocking keys; returns which stand, for each work that has any."""
    old = {(key, name) for name, work in plan.before.items() for key in (work.match_keys or "").split()}
    new = {(key, name) for name, keys in plan.marks.items() for key in keys}
    standing: dict[str, list[str]] = {}
    for key, name in save_match_keys(plan.connection, old, new, MOST_ALIKE):
        standing.setdefault(name, []).append(key)
    return {name: " ".join(keys) for name, keys in standing.items()}


def _note_keys(plan: Regrouping, marks: Mapping[str, str]) -> None:
    """Note with each work which keys and blocking keys it has."""
    rows = {row.id: row for row in plan.rows}
    for name, own in plan.keys.items():
        keys, mine = (to_json(own).decode() if own else None), marks.get(name)
        if name in rows:
            rows[name].work_keys, rows[name].match_keys = keys, mine
        elif name not in plan.absorbed:
            before = plan.before[name]
            if before.match_keys != mine or parse_keys(before.work_keys) != own:
                plan.rows.append(replace(before, work_keys=keys, match_keys=mine))


def _write(plan: Regrouping) -> None:
    connection = plan.connection
    _note_keys(plan, _save_marks(plan))
    save_works(connection, plan.rows, plan.before)
    save_keys(connection, plan.keys, plan.before)
    if plan.recalls:
        recall_digests(connection, plan.ledger, plan.recalls)
    delete_aliases(connection, plan.reclaimed)
    return_log(connection, plan.reclaimed)
    if plan.absorbed:
        discard_digests(connection, plan.ledger, plan.absorbed)
        save_absorbed(connection, plan.absorbed)
