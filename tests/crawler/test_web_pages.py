"""A web page in the place of data, as sources show while they are being mended, is told as what it is."""

from types import MappingProxyType

import pytest

from crawler.fetching.exchange import TryAgain
from crawler.fetching.page import Answer, Asked
from crawler.fetching.paging import read_page
from crawler.plan import Wanted, harvestable, to_plan

PAGE = b"""<!DOCTYPE html>
<html lang="en"><head><title>
  Down for <b>maintenance</title></head><body>Sorry</body></html>"""


def problem(name: str, body: bytes) -> str:
    plan = to_plan(name, Wanted(base_url="http://127.0.0.1/x"))
    with pytest.raises(TryAgain) as caught:
        read_page(plan.source, Answer(200, body, MappingProxyType({})), Asked(name, "http://127.0.0.1/x", ""))
    return str(caught.value)


@pytest.mark.parametrize("name", [*harvestable(), "oai"])
def test_every_source_tells_of_a_web_page(name: str) -> None:
    plain = PAGE.replace(b"<b>", b"")
    assert problem(name, plain) == "a web page came where data should: 'Down for maintenance'"
    assert problem(name, b'<?xml version="1.0"?>\n<html><body>x') == "a web page came where data should"
    assert problem(name, PAGE) == "a web page came where data should", "no title is read across tags"


@pytest.mark.parametrize("body", [b"{", b"<OAI-PMH", b"plain words about <html> pages", b"<htmlish/>"])
def test_what_is_no_web_page_is_told_by_its_source(body: bytes) -> None:
    assert "web page" not in problem("oai", body)


def test_a_web_page_as_servers_in_europe_send_it() -> None:
    body = b"\xef\xbb\xbf<!DOCTYPE html><title>Wartung &ndash; bis 14&nbsp;Uhr</title>"
    assert problem("oai", body) == "a web page came where data should: 'Wartung – bis 14 Uhr'"
