"""What a site lets robots ask for: robots.txt (RFC 9309), read with protego."""

from dataclasses import dataclass

from protego import Protego

TOKEN = "Findings"  # noqa: S105 - our product token, the first word of our User-Agent
MAX_BYTES = 512 << 10
"""RFC 9309 2.5: at least 500 KiB have to be read."""
KEPT_SECONDS = 24 * 3600.0
"""RFC 9309 2.4: rules are not used for longer than a day."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of one host, as they concern us."""

    read: Protego

    def allow(self, address: str) -> bool:
        """Whether we may ask for an address."""
        return bool(self.read.can_fetch(address, TOKEN))

    @property
    def gap(self) -> float:
        """Seconds that the site wants between two requests; not in the RFC, but many state it."""
        delay = self.read.crawl_delay(TOKEN) or 0.0
        rate = self.read.request_rate(TOKEN)
        return max(float(delay), rate.seconds / rate.requests if rate and rate.requests else 0.0)

    @property
    def sitemaps(self) -> tuple[str, ...]:
        """Addresses of the site's sitemaps."""
        return tuple(self.read.sitemaps)


def parse_rules(body: bytes) -> Rules:
    """The rules in `body`; lines that are none are passed over, so nothing in it forbids nothing."""
    return Rules(Protego.parse(body[:MAX_BYTES].decode("utf-8-sig", "replace").replace("\0", " ")))


def may_be_cut(body: bytes) -> bool:
    """Whether a file of rules may not be whole, or not be one at all: then it is asked for again."""
    return not body.endswith(b"\n") or b"\0" in body or body.lstrip()[:1] in (b"<", b"{")
