"""Saving what records that the catalog has are read as by a better reader, inside one writing transaction."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, bindparam, func, select

from catalog.codec import decompress, parse_version, sha256
from catalog.database import storable
from catalog.ledger import Ledger
from catalog.saving import Incoming, key_of, save_records, save_rejections, withdraw
from catalog.statements import among
from catalog.tables import match_keys, records, rejections, works
from catalog.works.joining import MOST_ALIKE
from catalog.works.member import Member
from catalog.works.regrouping import regroup
from catalog.works.rows import parse_keys
from domain.paper import Version
from domain.ports import Rejection
from domain.record import Counts

_STANDS = (
    records.c.source == bindparam("source"),
    among(records.c.native_id, "names"),
    records.c.deleted_at.is_(None),
)
_STANDING = select(records.c.native_id, records.c.payload_sha256).where(*_STANDS)
_READINGS = select(records.c.native_id, records.c.reading).where(*_STANDS)
_KEYS = (
    select(records.c.native_id, records.c.work_id, works.c.work_keys, works.c.match_keys)
    .join(works)
    .where(*_STANDS)
)
_CROWDED = (
    select(match_keys.c.key)
    .where(among(match_keys.c.key, "names"))
    .group_by(match_keys.c.key)
    .having(func.count() >= MOST_ALIKE)
)
"""Blocking keys that so many share that they are noted of nobody else, and find nobody."""
_REFUSED = select(rejections.c.native_id, rejections.c.payload).where(
    rejections.c.source == bindparam("source"), among(rejections.c.native_id, "names")
)


def save_again(
    connection: Connection,
    ledger: Ledger,
    trust: Sequence[str],
    source: str,
    page: Sequence[Incoming],
    rejected: Sequence[Rejection],
    dropped: Iterable[str],
) -> Counts:
    """Save new readings of records of `source`; one that was replaced or withdrawn since it was read is left.

    Those `dropped` are withdrawn where they are rejected; what they tell of other papers stays. So does what
    their source gave later and could not be taken: it is tried by itself.
    """
    read = [(storable(i.record.native_id), i.payload_sha256) for i in page]
    failed = [(storable(r.record.native_id), sha256(r.record.payload)) for r in rejected]
    asked = {"source": storable(source), "names": list({name: None for name, _ in read + failed})}
    refused = {(name, sha256(decompress(payload))) for name, payload in connection.execute(_REFUSED, asked)}
    held = refused.union((name, payload) for name, payload in connection.execute(_STANDING, asked))
    later = {name for name, _ in refused.difference(read, failed)}
    again = [item for item, key in zip(page, read, strict=True) if key in held]
    still = [one for one, key in zip(rejected, failed, strict=True) if key in held]
    gone = {storable(one.record.native_id) for one in still}.intersection(map(storable, dropped))
    withdraw(connection, ledger, trust, source, sorted(gone), wholly=False)
    counts = save_records(connection, ledger, trust, again)
    if unkeyed := _lacking_keys(connection, source, again):
        regroup(connection, ledger, trust, [], unkeyed)
    counts.unchanged += len(page) - len(again)
    for one in still:
        counts.reject(one.reason)
    taken = {item.key for item in again if item.key[1] not in later}
    save_rejections(connection, [r for r in still if key_of(r.record)[1] not in later], taken)
    return counts


def _lacking_keys(connection: Connection, source: str, page: Sequence[Incoming]) -> set[str]:
    """The works that lack a key which one of these records has by today's rules: they may be others', too."""
    read = {storable(item.record.native_id): item.version for item in page}
    found: set[str] = set()
    without: dict[str, set[str]] = {}
    for name, work, keys, marks in connection.execute(_KEYS, {"source": source, "names": list(read)}):
        member = Member(source, name, "", read[name])
        if not parse_keys(keys).keys() >= {*member.own, *member.linked}:
            found.add(work)
        for mark in {*member.marks}.difference((marks or "").split()):
            without.setdefault(mark, set()).add(work)
    if without:
        for mark in connection.execute(_CROWDED, {"names": sorted(without)}).scalars():
            del without[mark]
    return found.union(*without.values())


def read_readings(connection: Connection, source: str, native_ids: Iterable[str]) -> dict[str, Version]:
    """Native id → what the record that stands was read as."""
    kept = {storable(native_id): native_id for native_id in native_ids}
    asked = {"source": storable(source), "names": list(kept)}
    return {kept[name]: parse_version(reading) for name, reading in connection.execute(_READINGS, asked)}
