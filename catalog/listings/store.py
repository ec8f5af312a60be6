"""`SqlListings`: the `Listings` port over a database. Each method is one transaction."""

from collections.abc import Iterable, Sequence

from catalog.database import Database, storable
from catalog.listings import reading
from catalog.listings.feedback import save_check, save_report
from catalog.listings.saving import Saving, save_listing
from catalog.listings.watches import read_watch, read_watches, remove_watch, save_watch
from domain.account import AuditEntry
from domain.listing import LinkCheck, State
from domain.listing_ports import Doubt, Listed, Listing, Wanted, Watch


class SqlListings:
    """Conferences, opportunities and resources on SQLite or PostgreSQL. Threads may share it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(
        self,
        listing: Listing,
        state: State,
        by: str,
        act: str,
        *,
        detail: str = "",
        doubts: Sequence[Doubt] = (),
        answer: str = "",
        expected: str | None = None,
    ) -> Listed:
        """Save what was done, with its audit entry.

        Raises:
            Superseded, NotFound, NotAllowed, InvalidDate: as `domain.listing_ports.Listings` says.
        """
        saving = Saving(listing, state, by, act, detail, tuple(doubts), answer, expected)
        with self._database.write() as connection:
            return reading.read_listed(connection, save_listing(connection, saving))

    def save_all(self, several: Iterable[Listing], state: State, by: str, act: str) -> list[str]:
        """Save many in one transaction, as a source brings them; returns their ids. Raises as `save`."""
        with self._database.write() as connection:
            return [save_listing(connection, Saving(listing, state, by, act)) for listing in several]

    def listed(self, listing_id: str) -> Listed:
        """One listing. Raises `NotFound`."""
        with self._database.read() as connection:
            return reading.read_listed(connection, listing_id)

    def several(self, listing_ids: Sequence[str]) -> list[Listed]:
        """Those listings, in that order."""
        with self._database.read() as connection:
            return reading.read_many(connection, [storable(name) for name in listing_ids])

    def by_slug(self, series: str, edition: str = "") -> Listed:
        """A series by its slug, or an edition by both; a former slug leads there, too. Raises `NotFound`."""
        with self._database.read() as connection:
            return reading.read_by_slug(connection, series, edition)

    def public(self, wanted: Wanted, offset: int = 0, size: int = 50) -> tuple[int, list[Listed]]:
        """How many public listings are wanted, and one page; series and resources by title."""
        with self._database.read() as connection:
            return reading.read_public(connection, wanted, offset, size)

    def editions(self, series: str) -> list[Listed]:
        """All editions of a series that were handed in, newest first; not all of them are public."""
        with self._database.read() as connection:
            return reading.read_editions(connection, series)

    def owned(self, person: str) -> list[Listed]:
        """What a person has a part in, the latest change first."""
        with self._database.read() as connection:
            return reading.read_owned(connection, person)

    def queue(self, offset: int = 0, size: int = 50) -> tuple[int, list[Listed]]:
        """What waits for review, the oldest first."""
        with self._database.read() as connection:
            return reading.read_waiting(connection, offset, size)

    def report(self, listing_id: str, reason: str, reporter: str = "") -> None:
        """A reader's report. Raises `NotFound` where nothing is public."""
        with self._database.write() as connection:
            save_report(connection, listing_id, reason, reporter)

    def check_link(self, listing_id: str, check: LinkCheck) -> None:
        """Keep what an address answered; the last five of each. Raises `NotFound`."""
        with self._database.write() as connection:
            save_check(connection, listing_id, check)

    def audit(self, listing_id: str) -> list[AuditEntry]:
        """Who did what, oldest first."""
        with self._database.read() as connection:
            return reading.read_audit(connection, listing_id)

    def watch(self, watch: Watch) -> None:
        """Keep from where a listing was filled in. Raises `NotFound`."""
        with self._database.write() as connection:
            save_watch(connection, watch)

    def unwatch(self, listing_id: str) -> None:
        """Keep it no longer."""
        with self._database.write() as connection:
            remove_watch(connection, listing_id)

    def watched(self, listing_id: str) -> Watch | None:
        """From where it was filled in, where that is watched."""
        with self._database.read() as connection:
            return read_watch(connection, listing_id)

    def watches(self, before: str, most_failures: int, size: int) -> list[Watch]:
        """What was last read before that instant, and still answers now and then."""
        with self._database.read() as connection:
            return read_watches(connection, before, most_failures, size)
