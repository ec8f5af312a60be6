"""Which of the licences that Crossref holds for a work is the one of the text that readers find.

A publisher may deposit several, each for one version of the content and from a day on. That of the accepted
manuscript is not the article's, and leave to mine a text for data is no licence of the text.
"""

from datetime import date

from crawler.records.answers import Fields, fields, items, text
from crawler.records.text import partial_date
from domain.licence import Licence, to_licence

_OF_THE_TEXT = ("vor", "unspecified", "")
_TEXT_MINING = ("text-and-data-mining", "/tdm", "10.15223/policy-")


def licence(work: Fields, today: date) -> Licence | None:
    """The licence in force: that of the version of record first, a recognised one before a page of terms.

    Of several of one standing the one that began last counts, and of those the one that allows least.
    """
    found = [one for given in items(work, "license") if (one := _ranked(fields(given), today))]
    return max(found, key=lambda one: one[0])[1] if found else None


def _ranked(given: Fields, today: date) -> tuple[tuple[object, ...], Licence] | None:
    version, url = text(given.get("content-version")).lower(), text(given.get("URL"))
    start = _start(given.get("start"))
    if version not in _OF_THE_TEXT or any(words in url.lower() for words in _TEXT_MINING):
        return None
    if start > today.isoformat():
        return None
    read = to_licence(url, f"license/{version or 'unspecified'}")
    if read is None:
        return None
    return (read.code != "other", -_OF_THE_TEXT.index(version), start, len(read.code), url), read


def _start(value: object) -> str:
    parts = items(value, "date-parts")
    if not parts or not isinstance(parts[0], list):
        return ""
    return partial_date(*(text(part) or None for part in parts[0][:3])) or "" if parts[0] else ""
