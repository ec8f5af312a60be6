"""What stands in the headers of a letter: one address, one line of text, a name that can pose as nobody."""

import re
import unicodedata
from email.header import Header
from email.headerregistry import Address

from domain.errors import MailError

LONGEST_ADDRESS = 254
_LONGEST_SUBJECT = 200
_LONGEST_NAME = 64
_WIDTH = 76
_ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\]{1,64}@[^\s@<>,;:\"()\[\]\\]+")
_POSING = str.maketrans(dict.fromkeys('@<>"\\,;:', " "))
_UNSEEN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))


def to_address(text: str) -> Address:
    """One address, nothing else. Raises `MailError`."""
    return Address(addr_spec=checked_address(text))


def checked_address(text: str) -> str:
    """The same as it was written. Raises `MailError`."""
    if len(text) > LONGEST_ADDRESS or not text.isprintable() or not _ADDRESS.fullmatch(text):
        raise MailError("that is not one e-mail address")
    return text


def to_line(text: str) -> str:
    """One line of plain text. Raises `MailError` for signs that cannot be seen."""
    # The message object reads encoded words in what it is given, and would write out the line ends in them.
    plain = " ".join(text.split()).replace("=?", "= ?")
    if not plain.isprintable():
        raise MailError("a subject is one line of plain text")
    return plain


def to_subject(text: str) -> str:
    """A subject out of any text: what cannot be seen is left out, what is too long is cut at a word."""
    plain = _seen(text).replace("=?", "= ?")
    if len(plain) <= _LONGEST_SUBJECT:
        return plain
    return plain[: _LONGEST_SUBJECT - 1].rsplit(" ", 1)[0][: _LONGEST_SUBJECT - 1] + "…"


def to_name(text: str) -> str:
    """A sender's name out of any text: it holds no address, and nothing that turns the line around."""
    told = "".join(" " if "@" in unicodedata.normalize("NFKC", sign) else sign for sign in _seen(text))
    return " ".join(told.translate(_POSING).replace("=?", " ").split())[:_LONGEST_NAME].strip()


def _seen(text: str) -> str:
    kept = (" " if sign.isspace() else sign for sign in unicodedata.normalize("NFC", text))
    return " ".join("".join(s for s in kept if unicodedata.category(s) not in _UNSEEN).split())


def text_field(name: str, value: str) -> str:
    """A header with a line of text, encoded where it must be, folded, its line end included."""
    if not value.isascii():
        return f"{name}: {_encoded(name, value)}\r\n"
    lines, line = [], f"{name}:"
    for word in value.split(" "):
        if len(line) + len(word) >= _WIDTH and line != f"{name}:":
            lines.append(line)
            line = ""
        line += f" {word}"
    return "\r\n".join([*lines, line]) + "\r\n"


def named_field(name: str, said: str, address: str) -> str:
    """A header with somebody's name and address."""
    if not said:
        return f"{name}: {address}\r\n"
    if said.isascii():
        return f'{name}: "{said}" <{address}>\r\n'
    return f"{name}: {_encoded(name, said)}\r\n <{address}>\r\n"


def _encoded(name: str, text: str) -> str:
    return Header(text, "utf-8", header_name=name).encode(linesep="\r\n")
