"""The vectors as one manifest has them: in files and in memory."""

from dataclasses import dataclass

from index.embedded.vectorcodes import StoredCodes
from index.embedded.vectorfiles import Manifest, VectorFiles
from index.embedded.vectortable import Table


@dataclass(frozen=True, slots=True)
class State:
    """One manifest, and what it counts."""

    files: VectorFiles
    manifest: Manifest
    table: Table
    codes: StoredCodes


def load(files: VectorFiles, previous: State | None) -> State | None:
    """What the files hold now, read on from `previous` where they were only added to. Raises `Damaged`."""
    manifest = files.manifest()
    if manifest is None:
        return None
    table, sums = Table.empty(manifest.dimensions), (0, 0)
    if previous and _goes_on(previous.manifest, manifest):
        table, sums = previous.table, (previous.manifest.labels_sum, previous.manifest.bits_sum)
    labels, bits = files.read(manifest, table.rows, sums)
    return State(
        files, manifest, table.extended(labels, bits) if len(labels) else table, files.codes(manifest)
    )


def _goes_on(before: Manifest, after: Manifest) -> bool:
    same = (before.model, before.dimensions) == (after.model, after.dimensions)
    return same and before.rows <= after.rows
