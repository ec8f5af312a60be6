"""From counts to a facet's buckets, the same on every engine."""

from collections.abc import Mapping

from domain.query import UNKNOWN, Bucket
from index.fields import FACET_LIMIT


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
