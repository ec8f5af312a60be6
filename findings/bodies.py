"""Full texts for digests, read from the raw records that the catalog keeps."""

import logging
from collections.abc import Callable, Mapping

from config import load_table
from crawler.sources import jats, pmc
from domain.body import Body, Place
from domain.errors import RecordRejected
from domain.paper import Version, unique
from domain.ports import Catalog
from domain.record import HarvestedRecord

log = logging.getLogger(__name__)

_PARSERS: Mapping[str, Callable[[HarvestedRecord], jats.Article]] = {
    pmc.SOURCE: pmc.parse_article,
    jats.SOURCE: lambda record: jats.parse_article(record.payload, record.native_id),
}
"""How records that are whole articles are read; those of the first source are tried first."""


class CatalogBodies:
    """Gives the full text of a version whose record is an article and whose licence lets it be rewritten."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    def body(self, version: Version) -> Body | None:
        """The text without the abstract, which the version itself holds; or None."""
        code = version.licence.code if version.licence else ""
        if not load_table("licences").get(code, {}).get("digest"):
            return None
        held = unique((origin.source, origin.native_id) for origin in version.provenance.values())
        for source in _PARSERS:
            for native_id in (native_id for name, native_id in held if name == source):
                if (body := self._read(version, source, native_id)) is not None:
                    return body
        return None

    def _read(self, version: Version, source: str, native_id: str) -> Body | None:
        record = self._catalog.record(source, native_id)
        if record is None:
            return None
        try:
            article = _PARSERS[source](record)
        except RecordRejected as rejection:  # a notice, or a payload that an older reader took
            log.debug("no full text of %s %s: %s", source, native_id, rejection)
            return None
        passages = tuple(p for p in article.passages if p.place is not Place.ABSTRACT)
        return Body(version.source_hash, passages) if passages else None
