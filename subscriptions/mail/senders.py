"""Several senders side by side, each in a thread of its own; what they claimed is held while they live."""

import logging
import os
import secrets
import socket
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from datetime import datetime

from domain.errors import CatalogError
from domain.subscription_ports import Outbox
from subscriptions.mail.sending import Sender

_LOG = logging.getLogger("mail")


def send_all(
    open_sender: Callable[[str], Sender],
    number: int,
    outbox: Outbox,
    stop: threading.Event,
    clock: Callable[[], datetime],
) -> bool:
    """Send what may go now; whether it came to its end, rather than to a Ctrl-C.

    Once `stop` is set, each sender ends with the letter at hand and gives back the rest.

    Raises:
        CatalogError, MailError: what a sender met that failed; the others have ended in good order.
    """
    finished = True
    with ThreadPoolExecutor(number, "sender") as pool:
        senders = [open_sender(_to_owner(place)) for place in range(number)]
        running = {pool.submit(_run, sender, stop): sender for sender in senders}
        while not all(future.done() for future in running):
            try:
                _attend(running, outbox, clock)
            except KeyboardInterrupt:
                stop.set()
                finished = False
    for future in running:
        future.result()
    return finished


def _attend(running: Mapping[Future[None], Sender], outbox: Outbox, clock: Callable[[], datetime]) -> None:
    """Wait for them; whoever waits for a slow server keeps its claim."""
    lease = next(iter(running.values())).lease
    done, _ = wait(running, lease / 4, FIRST_EXCEPTION)
    for future, sender in running.items():
        if future not in done:
            try:
                outbox.renew(sender.owner, clock(), sender.lease)
            except CatalogError as error:  # if it lasts, the claim runs out, and the sender will learn it
                _LOG.warning("a claim cannot be renewed: %s", error)


def _run(sender: Sender, stop: threading.Event) -> None:
    try:
        sender.run()
    except BaseException:
        stop.set()
        raise


def _to_owner(place: int) -> str:
    return f"{socket.gethostname()}-{os.getpid()}-{place}-{secrets.token_hex(4)}"
