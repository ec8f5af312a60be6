"""DKIM (RFC 6376): a signature by which receivers know that a letter is from our domain, as we wrote it."""

from dataclasses import dataclass, field
from pathlib import Path

import dkim

from domain.addresses import domain_of
from domain.errors import ConfigError, MailError

_SIGNED = tuple(
    b"from reply-to to subject date message-id mime-version content-type content-language list-id"
    b" list-unsubscribe list-unsubscribe-post list-help list-archive auto-submitted".split()
)


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs letters for one domain."""

    domain: str
    selector: str
    key: bytes = field(repr=False)

    def sign(self, content: bytes) -> bytes:
        """The letter with its signature in front. Raises `MailError`."""
        try:
            signature: bytes = dkim.sign(
                content,
                self.selector.encode("ascii"),
                self.domain.encode("idna"),
                self.key,
                canonicalize=(b"relaxed", b"relaxed"),
                # Those that are not there are named, too: nobody can add one.
                include_headers=[*_SIGNED, b"from"],
            )
        except (dkim.DKIMException, ValueError) as error:
            raise MailError(f"a letter cannot be signed: {error}") from error
        return signature + content


def load_signer(path: Path, selector: str, sender: str) -> Signer:
    """What signs for the domain of `sender` with the RSA key in a PEM file. Raises `ConfigError`."""
    if not selector:
        raise ConfigError("dkim_selector", "is needed where there is a dkim_key")
    try:
        signer = Signer(domain_of(sender), selector, path.read_bytes())
        signer.sign(b"From: a@example.org\r\n\r\ntry\r\n")
    except OSError as error:
        raise ConfigError("dkim_key", f"{path}: {error.strerror}") from error
    except (MailError, UnicodeError) as error:
        raise ConfigError("dkim_key", f"{path} is no RSA key in PEM that can sign") from error
    return signer
