"""What a facet counts, and from counts to its buckets: the same on every engine."""

from collections.abc import Iterable, Mapping

from domain.ports import Indexable
from domain.query import UNKNOWN, Bucket
from index.analysis import clean
from index.fields import FACET_LIMIT


def counted(name: str, item: Indexable, values: Iterable[object]) -> list[str]:
    """The values under which a paper is counted; `unknown` when it states none.

    Args:
        name: the facet's field.
        item: the paper.
        values: what of it is indexed in that field.
    """
    if name == "journal":  # which may be asked for by its short title too
        journal = item.paper.primary.journal
        return [clean(journal.title)] if journal and journal.title else [UNKNOWN]
    return once(map(str, values))


def once(values: Iterable[str]) -> list[str]:
    """`values`, each once; `unknown` where there are none."""
    found = [*values]
    return found if len(found) == 1 else [*dict.fromkeys(found)] or [UNKNOWN]


def to_buckets(name: str, counts: Mapping[str, int]) -> tuple[Bucket, ...]:
    """The most frequent values, years newest first; `unknown` is kept however rare it is.

    Args:
        name: the facet's field.
        counts: value → papers; at least the `FACET_LIMIT` most frequent, all of the years, and `unknown`.
    """
    known = {value: count for value, count in counts.items() if value != UNKNOWN and count}
    unknown = counts.get(UNKNOWN, 0)
    if name == "year":
        ordered = sorted(known.items(), reverse=True)
    else:
        ordered = sorted(known.items(), key=lambda item: (-item[1], item[0]))[:FACET_LIMIT]
    buckets = [Bucket(value, count) for value, count in ordered]
    if unknown:
        buckets.append(Bucket(UNKNOWN, unknown))
        if name != "year":
            buckets.sort(key=lambda bucket: (-bucket.count, bucket.value))
    return tuple(buckets)
