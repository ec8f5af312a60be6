"""No address that leads into our own network is ever connected to, however it is written (S1)."""

import ipaddress
import socket

import pytest

from conferences.addresses import is_public, to_target
from conferences.fetching import Fetcher, resolve
from domain.errors import FetchRefused

V4 = (
    "127.0.0.1",
    "10.0.0.1",
    "172.16.5.4",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "192.0.0.8",
    "198.18.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "240.0.0.1",
)
INSIDE = {"a.inside.example": "10.1.2.3", "b.inside.example": "::1", "c.inside.example": "169.254.169.254"}


def _forms(address: str) -> list[str]:
    """One IPv4 address in all the ways that some reader takes for it."""
    one, two, three, four = (int(part) for part in address.split("."))
    number = int(ipaddress.IPv4Address(address))
    hexed = f"{number:08x}"
    return [
        address,
        address + ".",
        str(number),
        hex(number),
        f"0{number:o}",
        f"{one:#x}.{two:#x}.{three:#x}.{four:#x}",
        f"0{one:o}.0{two:o}.0{three:o}.0{four:o}",
        f"00{one:o}.{two}.{three}.{four}",
        f"{one}.{two}.{three * 256 + four}",
        f"{one}.{two * 65536 + three * 256 + four}",
        f"{one:#x}.{two}.{three * 256 + four}",
        str(number + 2**32),
        address.replace(".", "。"),
        address.replace(".", "%2e"),
        "".join(chr(ord(mark) + 0xFEE0) if mark.isdigit() else mark for mark in address),
        f"[::ffff:{address}]",
        f"[::ffff:{hexed[:4]}:{hexed[4:]}]",
        f"[::{address}]",
        f"[64:ff9b::{address}]",
        f"[64:ff9b:1::{address}]",
        f"[2002:{hexed[:4]}:{hexed[4:]}::1]",
        f"[2001:0:{hexed[:4]}:{hexed[4:]}::]",
    ]


OTHERS = [
    "http://[::1]/",
    "http://[::]/",
    "http://[0:0:0:0:0:0:0:1]/",
    "http://[::1%25lo]/",
    "http://[fe80::1]/",
    "http://[fe80::1%25eth0]/",
    "http://[fec0::1]/",
    "http://[fc00::1]/",
    "http://[fd00:ec2::254]/",
    "http://[ff02::1]/",
    "http://[ff0e::1]/",
    "http://[2001:db8::1]/",
    "http://[2001:10::1]/",
    "http://[3fff::1]/",
    "http://[100::1]/",
    "http://[v1.x]/",
    "http://localhost/",
    "http://localhost./",
    "http://LOCALHOST/",
    "http://localhost../",
    "http://a.localhost/",
    "http://ⓛocalhost/",
    "http://printer.local/",
    "http://intranet/",
    "http://metadata.google.internal/",
    "http://router.home.arpa/",
    "http://127.1/",
    "http://0/",
    "http://0x/",
    "http:///",
    "http://",
    "http://./",
    "http://society.example@127.0.0.1/",
    "http://127.0.0.1@society.example/",
    "http://:@127.0.0.1/",
    "http://@127.0.0.1/",
    "http://127.0.0.1\\@society.example/",
    "http://society.example\\@127.0.0.1/",
    "http:\\\\127.0.0.1\\",
    "http:/\\127.0.0.1/",
    "http://127.0.0.1#@society.example/",
    "http://127.0.0.1?@society.example/",
    "http://127.0.0.1\t/",
    "http://127.0.0.1 /",
    "http://127.0.0.1\r\nHost: x/",
    "\x00http://127.0.0.1/",
    " http://127.0.0.1/",
    "http://a.inside.example/",
    "http://b.inside.example/",
    "http://c.inside.example/latest/meta-data/",
    "https://a.inside.example./",
    "http://A.INSIDE.example/",
    "http://a。inside。example/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:11211/_stats",
    "ftp://127.0.0.1/",
    "data:text/calendar,BEGIN:VCALENDAR",
    "dict://127.0.0.1:6379/info",
    "ldap://127.0.0.1/",
    "javascript:alert(1)",
    "webcal://127.0.0.1/",
    "//127.0.0.1/",
    "127.0.0.1",
    "",
    "http:127.0.0.1",
    "unix:///var/run/docker.sock",
    "http+unix://%2Fvar%2Frun/",
    "jar:http://127.0.0.1!/",
    "http://society.example:22/",
    "http://society.example:6379/",
    "http://society.example:0/",
    "http://society.example:65536/",
    "http://society.example:-1/",
    "http://society.example:80:80/",
    "http://society.example:/",
    "http://society.example:８０/",
    "http://society.example:8080/",
    "http://" + "a." * 200 + "example/",
    "http://society.example/" + "a" * 3000,
]
URLS = sorted({f"http://{form}/" for address in V4 for form in _forms(address)} | set(OTHERS))


class Connected(AssertionError):
    pass


@pytest.fixture
def attempts(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Every connection that is attempted, at the socket; none is let through."""
    seen: list[object] = []

    def connect(self: socket.socket, address: object) -> None:
        seen.append(address)
        raise OSError("this test lets nothing out")

    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr(socket.socket, "connect_ex", connect)
    return seen


def _resolver(host: str, port: int) -> list[str]:
    """The system's own for numbers, with all the disguises that it takes; an invented one for names."""
    if host in INSIDE:
        return [INSIDE[host]]
    if any(mark.isdigit() or mark == ":" for mark in host) and not host.endswith("example"):
        return resolve(host, port)
    return ["10.9.9.9"]


def test_there_are_enough_of_them() -> None:
    assert len(URLS) >= 150


@pytest.mark.parametrize("url", URLS, ids=lambda url: ascii(url)[:60])
def test_no_connection_is_attempted(url: str, attempts: list[object]) -> None:
    with pytest.raises(FetchRefused) as caught:
        Fetcher("invented@society.example", resolver=_resolver, pause=0).get(url)
    assert attempts == []
    assert caught.value.rule in {
        "malformed",
        "scheme",
        "user-info",
        "port",
        "host-name",
        "unresolved",
        "address",
    }


def test_the_check_can_fail(attempts: list[object]) -> None:
    """A public address is connected to, or the test above would show nothing."""
    fetch = Fetcher("invented@society.example", resolver=lambda host, port: ["93.184.216.34"], pause=0)
    with pytest.raises(FetchRefused, match="unanswered"):
        fetch.get("http://society.example/")
    assert attempts == [("93.184.216.34", 80)]


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "93.184.216.34", "2606:4700::1111", "2a00:1450:4001:80b::200e", "64:ff9b::808:808"]
)
def test_public_addresses(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", ["", "society.example", "64:ff9b::a00:1", "192.88.99.1", "::8.8.8.8"])
def test_others(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    ("url", "read"),
    [
        ("HTTPS://Society.Example./Über uns".replace(" ", "%20"), "https://society.example/%C3%9Cber%20uns"),
        ("http://münchen.example", "http://xn--mnchen-3ya.example/"),
        ("http://society.example:80/a?b=ü#c", "http://society.example/a?b=%C3%BC"),
        ("https://[2606:4700:0::1111]:443/", "https://[2606:4700::1111]/"),
    ],
)
def test_an_address_is_read_one_way(url: str, read: str) -> None:
    assert to_target(url).url == read
