"""How long we wait, and where the limits come from."""

from datetime import UTC, datetime

import pytest
from scrapy.settings import Settings

from crawler.fetching.patience import Patience, load_patience, parse_retry_after
from crawler.fetching.settings import scrapy_settings, user_agent
from domain.errors import ConfigError

NOW = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("", None),
        ("120", 120),
        (" 7 ", 7),
        ("0", 0),
        ("-30", 0),
        ("1000000000", 1e9),
        ("9" * 5000, float("9" * 20)),
        ("Sun, 01 Mar 2026 12:01:30 GMT", 90),
        ("Sun, 01 Mar 2026 12:01:30", 90),
        ("Sunday, 01-Mar-26 12:01:30 GMT", 90),
        ("Sun, 01 Mar 2026 11:00:00 GMT", 0),
        ("Sun, 01 Mar 99999 11:00:00 GMT", None),
        ("soon", None),
        ("1.5", None),
        ("١٢", None),
        ("--", None),
    ],
)
def test_both_forms_of_retry_after(header: str | None, seconds: float | None) -> None:
    assert parse_retry_after(header, NOW) == seconds


def test_we_wait_at_least_as_long_as_asked_and_ever_longer_when_not() -> None:
    patience = Patience()
    assert all(patience.delay(1, 60) == 60 for _ in range(20))
    for failures, longest in ((1, 1), (2, 2), (3, 4), (5, 16), (50, 120)):
        waits = [patience.delay(failures, None) for _ in range(50)]
        assert longest / 2 <= min(waits) < max(waits) <= longest
    assert patience.delay(3, 0) >= 2


def test_europe_pmc_is_asked_within_its_published_limit() -> None:
    patience = load_patience("europepmc")
    assert patience.requests_per_second * 60 <= 500
    settings = scrapy_settings(patience, "https://example.org")
    assert settings["DOWNLOAD_DELAY"] == 1 / patience.requests_per_second
    assert settings["DOWNLOAD_DELAY_JITTER"] == 0
    assert settings["DOWNLOAD_VERIFY_CERTIFICATES"] is True


def test_of_scrapys_own_parts_only_those_are_on_that_a_harvest_needs() -> None:
    settings = Settings(scrapy_settings(Patience(), ""))
    assert not settings.getwithbase("EXTENSIONS")
    assert not settings.getwithbase("SPIDER_MIDDLEWARES")
    ours = settings.getwithbase("DOWNLOADER_MIDDLEWARES")
    theirs = Settings().getwithbase("DOWNLOADER_MIDDLEWARES")
    names = {name.rpartition(".")[2].removesuffix("Middleware") for name in ours}
    assert names == {"DownloadTimeout", "DefaultHeaders", "UserAgent", "Decompression", "HttpProxy"}
    assert all(theirs.get(name, 590) == place for name, place in ours.items())


@pytest.mark.parametrize("value", [0, -1, "5", True])
def test_a_wrong_limit_is_named(monkeypatch: pytest.MonkeyPatch, value: object) -> None:
    monkeypatch.setattr("crawler.fetching.patience.load_table", lambda _: {"x": {"timeout": value}})
    with pytest.raises(ConfigError, match=r"sources.toml \[x\] timeout"):
        load_patience("x")


def test_a_contact_cannot_add_a_header() -> None:
    assert user_agent("me@example.org\r\nX-Evil: 1").endswith("(+me@example.org X-Evil: 1)")
    assert user_agent("").endswith("(+no contact given)")
