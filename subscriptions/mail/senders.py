"""Several senders side by side, each in a thread of its own; what they claimed is held while they live."""

import os
import secrets
import socket
import threading
from collections.abc import Callable
from datetime import datetime

from domain.subscription_ports import Outbox
from subscriptions.mail.sending import Sender


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
        CatalogError, MailError: what the first sender that failed met; the others have ended in good order.
    """
    errors: list[BaseException] = []
    senders = [open_sender(_to_owner(place)) for place in range(number)]
    threads = [threading.Thread(target=_run, args=(s, errors, stop), daemon=True) for s in senders]
    for thread in threads:
        thread.start()
    finished = True
    while any(thread.is_alive() for thread in threads):
        try:
            _attend(threads, senders, outbox, clock)
        except KeyboardInterrupt:
            stop.set()
            finished = False
    if errors:
        raise errors[0]
    return finished


def _attend(
    threads: list[threading.Thread], senders: list[Sender], outbox: Outbox, clock: Callable[[], datetime]
) -> None:
    """Wait for them; whoever waits for a slow server keeps its claim."""
    for thread in threads:
        thread.join(senders[0].lease / 4 / len(threads))
    for thread, sender in zip(threads, senders, strict=True):
        if thread.is_alive():
            outbox.renew(sender.owner, clock(), sender.lease)


def _run(sender: Sender, errors: list[BaseException], stop: threading.Event) -> None:
    try:
        sender.run()
    except BaseException as error:
        errors.append(error)
        stop.set()


def _to_owner(place: int) -> str:
    return f"{socket.gethostname()}-{os.getpid()}-{place}-{secrets.token_hex(4)}"
