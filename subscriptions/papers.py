"""Papers by the ids that news, wishes and letters have for them: since then, some were found to be others."""

from collections.abc import Iterable

from domain.paper import Paper
from domain.ports import Catalog


def load_papers(catalog: Catalog, paper_ids: Iterable[str]) -> dict[str, Paper]:
    """Id asked for → the paper that it is now; those withdrawn are left out. Raises `CatalogError`."""
    wanted = dict.fromkeys(paper_ids)
    found = catalog.papers(list(wanted)) if wanted else []
    return {name: paper for paper in found for name in (paper.id, *paper.aliases) if name in wanted}
