"""A single letter as RFC 5322 wants it. The message object puts headers together: none can be smuggled in."""

from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, make_msgid

from domain.errors import MailError
from subscriptions.mail.fields import to_address, to_line

_LONGEST_LINE = 900


def to_letter(sender: str, to: str, subject: str, text: str) -> EmailMessage:
    """The letter to that one address. Raises `MailError`."""
    if not sender:
        raise MailError("mail cannot be sent: no mail_from is set")
    letter = EmailMessage(policy=SMTP)
    try:
        letter["From"] = to_address(sender)
        letter["To"] = to_address(to)
        letter["Subject"] = to_line(subject)
        letter["Date"] = formatdate(usegmt=True)
        letter["Message-ID"] = make_msgid(domain=to_address(sender).domain)
        letter["Auto-Submitted"] = "auto-generated"
        _set_text(letter, text.replace("\r\n", "\n").replace("\r", "\n"))
        letter.as_bytes()
    except (ValueError, IndexError, UnicodeError) as error:
        raise MailError("a letter cannot be written as mail") from error
    return letter


def _set_text(letter: EmailMessage, text: str) -> None:
    # Plain, where it can be: a link that is broken over lines cannot be copied out of a file.
    plain = text.isascii() and "\0" not in text and max(map(len, text.split("\n"))) < _LONGEST_LINE
    letter.set_content(text, cte="7bit" if plain else "quoted-printable")
