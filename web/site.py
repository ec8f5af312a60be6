"""What the site is handed: the ports it reads, and its own name and address."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from conferences.fetching import Fetcher
from domain.listing_ports import Accounts, Listings
from domain.ports import Catalog, Mailer, SearchIndex
from domain.scheduling import Schedule
from domain.subscription import Letter, ListIssue, MailingList
from domain.subscription_ports import Outbox, Subscribers


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Site:
    """One site over one catalog and its index."""

    catalog: Catalog
    index: SearchIndex
    name: str = "Findings"
    url: str = "http://127.0.0.1:8000"
    """Where the public finds it; absolute addresses are built from this and never from a request."""
    contact: str = ""
    """An e-mail or web address for the people who run it."""
    sample: bool = False
    """Everything in the catalog is invented; every page says so."""

    listings: Listings | None = None
    """Conferences, opportunities and resources; None: the site has no such pages."""
    accounts: Accounts | None = None
    """Who signs in to list them."""
    mailer: Mailer | None = None
    """Sends the links by which people sign in; None: nobody signs in here."""
    fetcher: Fetcher | None = None
    """Reads pages that organizers name; None: they fill in forms themselves."""
    subscribers: Subscribers | None = None
    """Who gets letters about what; None: nobody can ask for any."""
    letters: Outbox | None = None
    """The letters that were sent, for their copies on the web."""
    letter_copy: Callable[[Letter], str] | None = None
    """Puts a letter into words as HTML, without what is for its reader alone; None: there are no copies."""
    issue_copy: Callable[[ListIssue, MailingList], str] | None = None
    """The same for an issue of an organization's list; None: there is no archive."""
    schedule: Schedule | None = None
    """What the scheduler's jobs last did; None: nobody can say."""
    secret: str = field(default="", repr=False)
    """Signs forms and the desk's cookie; empty: one of its own for each process."""
    former_secret: str = field(default="", repr=False)
    """Signed the links of letters before; they are still read. Empty: none did."""
    codes_required: bool = False
    """Who moderates or administers has to sign in with one-time codes, too."""
    review_key: str = field(default="", repr=False)
    """What opens the reviewers' desk; empty: there is none."""

    clock: Callable[[], datetime] = field(default=_now, repr=False)
    """Tells what is open, running or past."""

    def absolute(self, path: str) -> str:
        """The public address of a path of this site."""
        return self.url.rstrip("/") + path
