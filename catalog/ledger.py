"""What a transaction tells others: the change log for the index, the outbox for letters and feeds."""

from typing import Any

from sqlalchemy import Connection

from catalog.codec import to_payload
from catalog.database import read_counter, write_counter
from catalog.statements import insert_all, upsert
from catalog.tables import changes, outbox


class Ledger:
    """Collects changes and outbox entries, and writes them with the data when `save` is called."""

    def __init__(self, connection: Connection, now: str) -> None:
        self.now = now
        self._connection = connection
        self._sequence = read_counter(connection)
        self._changes: dict[str, tuple[int, bool]] = {}
        self._entries: list[tuple[str, ...]] = []

    def change(self, paper_id: str, *, deleted: bool = False) -> int:
        """Log that the paper was written or withdrawn; returns the sequence of the change."""
        self._sequence += 1
        self._changes[paper_id] = (self._sequence, deleted)
        return self._sequence

    def tell(self, topic: str, paper_id: str, **facts: Any) -> None:  # noqa: ANN401 - JSON values
        """Add an entry to the outbox."""
        self._entries.append((topic, paper_id, to_payload(facts), self.now))

    def save(self) -> None:
        """Write everything; once, at the end of the transaction."""
        if self._changes:
            upsert(
                self._connection,
                changes,
                [
                    {"paper_id": paper_id, "sequence": sequence, "deleted": deleted}
                    for paper_id, (sequence, deleted) in self._changes.items()
                ],
            )
            write_counter(self._connection, self._sequence)
        insert_all(self._connection, outbox, ("topic", "paper_id", "payload", "created_at"), self._entries)
