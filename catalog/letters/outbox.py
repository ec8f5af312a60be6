"""`SqlOutbox`: the `Outbox` port over a database. Each method is one transaction."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from catalog.database import Database
from catalog.letters import sending
from catalog.letters import store as letterstore
from catalog.together import Together
from domain.errors import Superseded
from domain.subscription import Letter, LetterKind, LetterState
from domain.subscription_ports import Settlement


class SqlOutbox:
    """Letters on their way, on SQLite or PostgreSQL. Threads may share it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._steps = Together(database)

    def claim(
        self, owner: str, now: datetime, limit: int, lease: float, busy: Sequence[str] = ()
    ) -> list[Letter]:
        """Take letters that are due for `lease` seconds; first those of senders that died are taken back."""
        with self._database.write() as connection:
            return sending.claim(connection, owner, now, limit, lease, busy)

    def step(self, owner: str, settled: Settlement | None, begun: str | None, now: datetime) -> None:
        """Save what became of one letter and that the next is being sent.

        Raises:
            Superseded: the claim on `begun` ran out; what was settled is saved.
        """

        def save(connection: Connection) -> bool:
            if settled is not None:
                sending.settle(connection, owner, settled, now)
            return begun is None or sending.begin(connection, owner, begun, now)

        if not self._steps.write(save):
            raise Superseded("the claim on this letter ran out, or nobody wants it any more")

    def renew(self, owner: str, now: datetime, lease: float) -> None:
        """Hold what is claimed for longer."""
        with self._database.write() as connection:
            sending.renew(connection, owner, now, lease)

    def release(self, owner: str) -> None:
        """Give back what is only claimed."""
        with self._database.write() as connection:
            sending.release(connection, owner)

    def letter(self, letter_id: str) -> Letter:
        """One letter. Raises `NotFound`."""
        with self._database.read() as connection:
            return letterstore.read_letter(connection, letter_id)

    def letters(self, state: LetterState, after: str = "", limit: int = 100) -> list[Letter]:
        """Letters of that state, in the order of ids."""
        with self._database.read() as connection:
            return letterstore.read_letters(connection, state, after, limit)

    def resolve(self, letter_id: str, *, sent: bool, now: datetime) -> None:
        """What an operator found out about an uncertain letter. Raises `NotFound`, `NotAllowed`."""
        with self._database.write() as connection:
            sending.resolve(connection, letter_id, now, sent=sent)

    def letter_counts(self) -> dict[tuple[LetterKind, LetterState], int]:
        """How many letters there are, and were, of each kind and state."""
        with self._database.read() as connection:
            return letterstore.read_letter_counts(connection)

    def open_counts(self) -> dict[LetterState, int]:
        """How many letters wait, and of how many nobody knows whether they went."""
        with self._database.read() as connection:
            return letterstore.read_open_counts(connection)

    def forget(self, before: datetime) -> int:
        """Delete letters that ended before then; the ledger and the counts stay. Returns how many."""
        forgotten, after = 0, 0
        while True:
            with self._database.wipe() as connection:
                page, last = sending.forget_page(connection, before, after)
            forgotten += page
            if last is None:
                return forgotten
            after = last
