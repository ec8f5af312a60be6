"""What a change of a listing that is public keeps of what was public before."""

from collections.abc import Sequence
from dataclasses import replace

from domain.listing import Deadline, DeadlineKind, Edition, Opportunity
from domain.listing_ports import Listing


def publish(before: Listing | None, listing: Listing, sequence: int | None) -> Listing:
    """`listing` as it is to be shown after `before`, which is public; `sequence` is of what last was public.

    Deadlines and days that have changed remember what they were; the sequence rises with each change.
    """
    if isinstance(listing, Edition):
        listing = _moved(before if isinstance(before, Edition) else None, listing)
    if not isinstance(listing, Edition | Opportunity):
        return listing
    if sequence is None:
        return replace(listing, sequence=0)
    same = replace(listing, sequence=sequence)
    return same if same == before else replace(listing, sequence=sequence + 1)


def _moved(before: Edition | None, edition: Edition) -> Edition:
    if before is None:
        return edition
    days, old = (edition.starts, edition.ends), (before.starts, before.ends)
    earlier = before.earlier if days == old else (*before.earlier, old)
    return replace(edition, earlier=earlier, deadlines=_extended(before.deadlines, edition.deadlines))


def _extended(before: Sequence[Deadline], deadlines: Sequence[Deadline]) -> tuple[Deadline, ...]:
    """`deadlines`, each with the moments that the one of the same kind and label stood at."""
    left: dict[tuple[DeadlineKind, str], list[Deadline]] = {}
    for old in before:
        left.setdefault((old.kind, old.label), []).append(old)
    return tuple(
        _after(olds.pop(0), new) if (olds := left.get((new.kind, new.label))) else new for new in deadlines
    )


def _after(old: Deadline, new: Deadline) -> Deadline:
    earlier = old.earlier if new.moment == old.moment else (*old.earlier, old.moment)
    return replace(new, earlier=earlier)
