"""Walking through the papers that the catalog knows, for a source that is asked about one at a time."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from crawler.fetching.budget import BudgetSpent
from crawler.fetching.exchange import Exchange, GaveUp, Interrupted, WaitTooLong
from crawler.fetching.kept import Kept
from crawler.fetching.page import Answer, Asked, Page, RequestRefused
from crawler.fetching.paging import read_page
from crawler.sources import LookupSource
from domain.errors import SourceChanged, SourceError
from domain.paper import Paper
from domain.ports import Catalog
from domain.record import Checkpoint, HarvestedRecord

_NOT_KNOWN = frozenset({404, 410})
_PATIENCE_WITH_KEYS = 5
"""So many identifiers in a row may fail before the source, and not they, is held to be at fault."""


_MOST_OWED = 10_000
"""So many that failed are kept to be asked for again; where more fail, the source is at fault too."""


class Lookups:
    """What a `Pager` is for lists: some identifiers make a page, and the cursor is the last of them.

    It takes every identifier there is; with `changed_since`, a sequence of the catalog, those of papers that
    have changed since then and that the source has said nothing about. What failed in this run is `owed`: the
    walk goes on, and the next one asks for it again at its end, where it can hold back nothing.
    """

    def __init__(
        self,
        source: LookupSource,
        exchange: Exchange,
        asked: Asked,
        saved: Checkpoint | None,
        catalog: Catalog,
        *,
        changed_since: int | None = None,
        owed: Iterable[str] = (),
    ) -> None:
        resumed = saved is not None and not saved.complete
        self.name = asked.source
        self.cursor = saved.cursor if saved and resumed else None
        self.pages = saved.pages if saved and resumed else 0
        self.seen = saved.seen if saved and resumed else 0
        self.expected: int | None = None
        self.ended = False
        self.problem = ""
        self.answered: Answer | None = None
        self.kept: Kept | None = None
        self.exchange = exchange
        self.unknown = 0
        self._source, self._asked, self._catalog = source, asked, catalog
        self._changed = changed_since is not None
        if changed_since is not None:
            self.cursor = str(changed_since)
        self._size = exchange.patience.page_size
        self._owed = dict.fromkeys(owed)
        self._due = list(self._owed)
        self._row: list[str] = []
        """Those that failed last, one after the other."""
        self._good: str | None = None
        """Where the walk stood before the first of the last failures in a row."""
        self._stopped: Exception | None = None

    @property
    def note(self) -> str:
        """What came of the identifiers that gave no record."""
        return f"{self.unknown} identifiers are not known there" if self.unknown else ""

    @property
    def owed(self) -> tuple[str, ...]:
        """Identifiers that could not be looked up."""
        return tuple(self._owed)

    async def next_page(self, room: int | None) -> Page | None:
        """What the source knows about the next identifiers; None after the last.

        Raises:
            SourceError: it fails whatever it is asked about.
            WaitTooLong, BudgetSpent, Interrupted: as a `Pager` does.
        """
        if self._stopped is not None:
            raise self._stopped
        if self.ended:
            return None
        size = self._size if room is None else min(room, self._size)
        place, keys = self._next_keys(size)
        if place is None and self._due:
            return await self._once_more(size)
        records: list[HarvestedRecord] = []
        before = self.cursor
        for key in keys:
            if not self._row:
                self._good = before
            try:
                records += await self._look_up(key)
            except (Interrupted, WaitTooLong, BudgetSpent, SourceError) as stop:
                # Those that failed last are asked for again: it was not their fault.
                if self._good is None or self._changed:
                    raise
                self._stopped, place = stop, self._good
                for failed in self._row:
                    self._owed.pop(failed, None)
                break
            before = key
        return Page(tuple(records), place, step=True)

    def advance(self, page: Page) -> None:
        """Go on to the next identifiers."""
        self.pages += 1
        self.seen += len(page.records)
        self.ended = page.next_cursor is None
        self.cursor = page.next_cursor or (self.cursor if self._changed else None)

    def _next_keys(self, size: int) -> tuple[str | None, list[str]]:
        """Where the walk stands after the next identifiers, None at its end; and these."""
        if not self._changed:
            keys = self._catalog.keys(self._source.SCHEME, self.cursor or "", size)
            return (keys[-1] if keys else None), keys
        changes = self._catalog.changes(int(self.cursor or 0), size)
        papers = self._catalog.papers([change.paper_id for change in changes if not change.deleted])
        return (str(changes[-1].sequence) if changes else None), list(self._untold(papers))

    def _untold(self, papers: Sequence[Paper]) -> Iterator[str]:
        prefix = f"{self._source.SCHEME}:"
        for paper in papers:
            for version in paper.versions:
                if all(origin.source != self.name for origin in version.provenance.values()):
                    keys = version.identifiers.keys()
                    yield from (key.removeprefix(prefix) for key in keys if key.startswith(prefix))

    async def _once_more(self, size: int) -> Page:
        """Ask again for what an earlier walk owes, once all else is done."""
        keys, self._due = self._due[:size], self._due[size:]
        self._row = []
        records: list[HarvestedRecord] = []
        for key in keys:
            try:
                records += await self._look_up(key)
            except (SourceChanged, GaveUp, RequestRefused):  # so many in a row: it stays owed
                self._due = []
                break
            except (Interrupted, WaitTooLong, BudgetSpent, SourceError) as stop:
                self._stopped = stop
                break
        return Page(tuple(records), self.cursor or "", step=True)

    async def _look_up(self, key: str) -> Sequence[HarvestedRecord]:
        """What the source says about one identifier; it failing there stops nothing unless all do."""
        try:
            found = (await self._ask(replace(self._asked, cursor=key, size=1))).records
        except RequestRefused as refusal:
            if refusal.status not in _NOT_KNOWN:
                return self._fail(key, refusal)
            self.unknown += 1
            found = ()
        except (SourceChanged, GaveUp) as fault:
            return self._fail(key, fault)
        self._row = []
        self._owed.pop(key, None)
        return found

    def _fail(self, key: str, fault: SourceError) -> tuple[HarvestedRecord, ...]:
        self._row.append(key)
        self._owed[key] = None
        if len(self._row) >= _PATIENCE_WITH_KEYS or len(self._owed) > _MOST_OWED:
            raise fault
        return ()

    async def _ask(self, asked: Asked) -> Page:
        def read(answer: Answer) -> Page:
            self.answered = replace(answer, body=b"")
            return read_page(self._source, answer, asked)

        return await self.exchange.read(self._source.page_url(asked), read, asked.base_url)
