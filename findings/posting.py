"""What sends letters, built from the settings: who signs, how they travel, how fast."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from catalog.sqlcatalog import SqlCatalog
from domain.errors import MailError
from findings.settings import Settings
from findings.wiring import built_tokens, built_writer, site_secret
from subscriptions.mail import transports
from subscriptions.mail.letterhead import Letterhead
from subscriptions.mail.rates import EVERY, Rates
from subscriptions.mail.return_path import ReturnPath
from subscriptions.mail.senders import send_all
from subscriptions.mail.sending import Sender
from subscriptions.mail.signing import load_signer
from subscriptions.mail.tally import Tally

NOWHERE = "findings@localhost.invalid"
"""Who letters are from on a node that has no mail server, and keeps them in a folder."""


def built_return_path(settings: Settings) -> ReturnPath:
    """By which what comes back is known. Raises `ConfigError`."""
    return ReturnPath(site_secret(settings), settings.bounce_address, settings.former_secret_key)


def built_rates(settings: Settings) -> Rates:
    """How fast letters may go, and which domains rest."""
    return Rates(settings.mail_per_minute, settings.mail_rests)


def built_letterhead(settings: Settings) -> Letterhead:
    """From whom letters are. Raises `ConfigError`."""
    sender = settings.mail_from or NOWHERE
    signed = settings.dkim_key and settings.smtp_url
    return Letterhead(
        sender=sender,
        site_name=settings.site_name,
        site_url=settings.site_url.rstrip("/"),
        tokens=built_tokens(settings),
        return_path=built_return_path(settings),
        signer=load_signer(Path(settings.dkim_key), settings.dkim_selector, sender) if signed else None,
    )


def send_queued(
    settings: Settings, catalog: SqlCatalog, tally: Tally, clock: Callable[[], datetime] | None = None
) -> bool:
    """Send what waits and may go now; whether it came to its end, rather than to a Ctrl-C.

    Raises:
        CatalogError, ConfigError, MailError: what is not sent waits.
    """
    clock = clock or partial(datetime.now, UTC)
    sender = settings.mail_from or NOWHERE
    open_transport = transports(settings.smtp_url, sender, settings.mail_folder)
    letterhead, writer = built_letterhead(settings), built_writer(settings, catalog)
    rates, stop = built_rates(settings), threading.Event()
    if not settings.smtp_url:
        rates.per_minute = 0
    elif rest := rates.resting().get(EVERY):
        told = f"until {rest.until}, or `findings mail lift @*`: {rest.reason}"
        raise MailError(f"the mail server is left alone {told}")

    def opened(owner: str) -> Sender:
        return Sender(
            owner=owner,
            outbox=catalog.letters,
            subscribers=catalog.subscribers,
            words=writer,
            letterhead=letterhead,
            transport=open_transport(),
            rates=rates,
            tally=tally,
            stop=stop,
            clock=clock,
        )

    return send_all(opened, settings.mail_senders, catalog.letters, stop, clock)
