"""Which addresses may be asked: web addresses by their form, network addresses by where they lead.

Somebody else names what we fetch. So a name is read one way only, numbers in disguise are refused, and an
address of the network counts only if it leads to the public internet and wraps no other.
"""

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from domain.errors import FetchRefused

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

PORTS = {"http": 80, "https": 443}
_LONGEST = 2000
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_HERE = frozenset(
    ("localhost", "local", "localdomain", "internal", "intranet", "lan", "home", "corp", "private", "onion")
)
"""Last labels of names that mean a machine or network of our own, whatever the resolver says."""
_HOME = ".home.arpa"
_REFUSED = tuple(
    ipaddress.ip_network(network)
    for network in (
        "100.64.0.0/10",  # shared by a carrier's customers
        "192.0.0.0/24",  # protocol assignments
        "192.88.99.0/24",  # relays to 6to4
        "2001::/23",  # Teredo and other protocol assignments
        "2001:db8::/32",
        "2002::/16",  # 6to4, which wraps any IPv4 address
        "3fff::/20",
    )
)
_UNICAST = ipaddress.IPv6Network("2000::/3")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class Target:
    """A web address in parts, checked for its form."""

    url: str
    """As it is asked for: in ASCII, without a fragment."""
    scheme: str
    host: str
    """In lower case, in ASCII, without brackets or a last dot."""
    port: int
    path: str
    """With its query."""

    @property
    def origin(self) -> str:
        """The value of the `Host` header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


def to_target(url: str) -> Target:
    """The parts of a web address.

    Raises:
        FetchRefused: `malformed`, `scheme`, `user-info`, `port` (none that exists), `host-name`.
    """
    if len(url) > _LONGEST or "\\" in url or any(ord(mark) <= 32 or 127 <= ord(mark) < 160 for mark in url):
        raise FetchRefused(url[:_LONGEST], "malformed")
    try:
        parts = urlsplit(url)
        port, name = parts.port, parts.hostname or ""
    except ValueError as error:
        raise FetchRefused(url, "malformed") from error
    scheme = parts.scheme.lower()
    if scheme not in PORTS:
        raise FetchRefused(url, "scheme")
    if "@" in parts.netloc:
        raise FetchRefused(url, "user-info")
    if port == 0 or parts.netloc.endswith(":"):
        raise FetchRefused(url, "port")
    host, port = _host(name, url, bracketed="[" in parts.netloc), port or PORTS[scheme]
    path = quote(parts.path or "/", safe="/:@!$&'()*+,;=~-._%")
    query = "?" + quote(parts.query, safe="/:@!$&'()*+,;=~-._%?") if parts.query else ""
    target = Target("", scheme, host, port, path + query)
    return Target(f"{scheme}://{target.origin}{target.path}", scheme, host, port, target.path)


def _host(name: str, url: str, *, bracketed: bool) -> str:
    if bracketed:
        try:
            return str(ipaddress.IPv6Address(name)) if "%" not in name else _refuse(url, "host-name")
        except ValueError as error:
            raise FetchRefused(url, "host-name") from error
    try:
        host = name.encode("idna").decode("ascii").lower().removesuffix(".")
    except UnicodeError as error:
        raise FetchRefused(url, "host-name") from error
    labels = host.split(".")
    if _NUMBER.fullmatch(labels[-1]):
        try:
            return str(ipaddress.IPv4Address(host))  # four decimal numbers; every other form is a disguise
        except ValueError as error:
            raise FetchRefused(url, "host-name") from error
    named = len(host) <= 253 and len(labels) > 1 and all(_LABEL.fullmatch(label) for label in labels)
    if not named or labels[-1] in _HERE or host.endswith(_HOME):
        raise FetchRefused(url, "host-name")
    return host


def _refuse(url: str, rule: str) -> str:
    raise FetchRefused(url, rule)


def is_public(address: str) -> bool:
    """Whether a network address, as the resolver writes it, leads to the public internet and nowhere else."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if found in _NAT64:  # where a network has IPv6 only, every IPv4 host is reached by it
        found = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
    if isinstance(found, ipaddress.IPv6Address) and found not in _UNICAST:
        return False  # mapped and compatible IPv4, local and multicast ones
    if any(found.version == network.version and found in network for network in _REFUSED):
        return False
    return found.is_global and not found.is_multicast and not found.is_reserved
