"""The settings of Scrapy for a harvest, and why they differ from its defaults."""

from importlib.metadata import PackageNotFoundError, version

from crawler.fetching.patience import Patience

_ACCEPT = "application/json, application/xml;q=0.9, text/xml;q=0.9, text/html;q=0.8, */*;q=0.5"

ENCODINGS = ("gzip", "deflate")
"""What answers may be compressed with; others that Scrapy could read depend on what else is installed."""

_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": 350,
    "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": 400,
    "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": 500,
    "crawler.fetching.download.Decompression": 590,
    "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": 750,
}
"""What a request and its answer pass through, each in Scrapy's own place for it."""


def user_agent(contact: str) -> str:
    """Who we are and how to reach whoever runs this node, as sources ask of harvesters."""
    try:
        release = version("findings")
    except PackageNotFoundError:  # run from a checkout that is not installed
        release = "0"
    printable = "".join(c if " " <= c <= "~" else " " for c in contact)
    return f"Findings/{release} (+{' '.join(printable.split()) or 'no contact given'})"


def scrapy_settings(patience: Patience, contact: str) -> dict[str, object]:
    """Settings for one harvest of a JSON or XML interface."""
    return {
        "USER_AGENT": user_agent(contact),
        "DEFAULT_REQUEST_HEADERS": {"Accept": _ACCEPT, "Accept-Encoding": ", ".join(ENCODINGS)},
        # Nothing else that Scrapy would switch on by itself: much of it is loaded even to find itself off.
        # Only the harvest decides what to ask for again, since it also judges what is inside an answer; a
        # moved interface is for a person to look at; robots.txt speaks to crawlers of pages, an interface's
        # published limits speak to us; and extensions would open ports into the running process.
        "DOWNLOADER_MIDDLEWARES_BASE": _MIDDLEWARES,
        "SPIDER_MIDDLEWARES_BASE": {},
        "EXTENSIONS_BASE": {},
        # No reactor: Twisted's cannot be started twice in a process, a harvest of several sources must be.
        "TWISTED_REACTOR_ENABLED": False,
        "DOWNLOAD_HANDLERS": {
            "http": "crawler.fetching.download.OnceHandler",
            "https": "crawler.fetching.download.OnceHandler",
            "file": None,
            "data": None,
            "ftp": None,
            "s3": None,
        },
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "DOWNLOAD_DELAY": 1.0 / patience.requests_per_second,
        # Jitter would make every second pause shorter than the source's limit allows.
        "DOWNLOAD_DELAY_JITTER": 0.0,
        "CONCURRENT_REQUESTS": patience.concurrency,
        "CONCURRENT_REQUESTS_PER_DOMAIN": patience.concurrency,
        "DOWNLOAD_TIMEOUT": patience.timeout,
        "DOWNLOAD_MAXSIZE": patience.max_page_bytes,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_FAIL_ON_DATALOSS": True,
        "LOG_ENABLED": False,
    }
