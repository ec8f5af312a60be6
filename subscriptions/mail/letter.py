"""A letter as RFC 5322 wants it. The message object puts headers together: none can be smuggled in."""

import re
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, make_msgid

from domain.errors import MailError

LONGEST_ADDRESS = 254
_LONGEST_LINE = 900
_ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\]{1,64}@[^\s@<>,;:\"()\[\]\\]+")


def to_letter(sender: str, to: str, subject: str, text: str) -> EmailMessage:
    """The letter to that one address. Raises `MailError`."""
    if not sender:
        raise MailError("mail cannot be sent: no mail_from is set")
    letter = EmailMessage(policy=SMTP)
    try:
        letter["From"] = _address(sender)
        letter["To"] = _address(to)
        letter["Subject"] = _line(subject)
        letter["Date"] = formatdate(usegmt=True)
        letter["Message-ID"] = make_msgid(domain=_address(sender).domain)
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


def _line(text: str) -> str:
    # The message object reads encoded words in what it is given, and would write out the line ends in them.
    plain = " ".join(text.split()).replace("=?", "= ?")
    if not plain.isprintable():
        raise MailError("a subject is one line of plain text")
    return plain


def _address(text: str) -> Address:
    if len(text) > LONGEST_ADDRESS or not text.isprintable() or not _ADDRESS.fullmatch(text):
        raise MailError("that is not one e-mail address")
    return Address(addr_spec=text)
