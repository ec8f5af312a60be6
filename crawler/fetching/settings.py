"""The settings of Scrapy for a harvest, and why they differ from its defaults."""

from importlib.metadata import PackageNotFoundError, version

from crawler.fetching.patience import Patience

_ACCEPT = "application/json, application/xml;q=0.9, text/xml;q=0.9, text/html;q=0.8, */*;q=0.5"

ENCODINGS = ("gzip", "deflate")
"""What answers may be compressed with; others that Scrapy could read depend on what else is installed."""


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
        "DOWNLOADER_MIDDLEWARES": {
            "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
            "crawler.fetching.download.Decompression": 590,  # the place of the one that it replaces
            # Each would look at every request and answer for what a harvest never has: sites, a password.
            "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
            "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
        },
        "DOWNLOADER_STATS": False,  # nobody reads them, and they write out each request once more
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
        # The harvest itself decides what to ask for again, since it also judges what is inside an answer.
        "RETRY_ENABLED": False,
        # A moved interface is for a person to look at; following it blindly could lead anywhere.
        "REDIRECT_ENABLED": False,
        "METAREFRESH_ENABLED": False,
        # robots.txt speaks to crawlers of pages; an interface's published limits speak to us.
        "ROBOTSTXT_OBEY": False,
        "COOKIES_ENABLED": False,
        "REFERER_ENABLED": False,
        "HTTPCACHE_ENABLED": False,
        # Both open a port into the running process.
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "LOG_ENABLED": False,
    }
