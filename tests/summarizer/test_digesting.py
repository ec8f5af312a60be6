import pytest

from domain.digest import Audience, Digest, DigestStatus
from domain.errors import DigestRefused, ModelUnavailable
from summarizer.digesting import write_pending


class FakeCatalog:
    """Keeps papers and digests in memory, as far as digesting asks for them."""

    def __init__(self, papers):
        self.papers = papers
        self.saved = {}
        self.batches = []

    def pending_digests(self, audience, engine, limit):
        return [paper for paper in self.papers if (paper.id, audience) not in self.saved][:limit]

    def save_digests(self, digests):
        self.batches.append(len(digests))
        for digest in digests:
            self.saved[digest.paper_id, digest.audience] = digest


class FakeDigester:
    """Publishes, refuses or breaks as the paper's id says."""

    name = "fake/1"

    def digest(self, paper, audience):
        if paper.id.startswith("refused"):
            raise DigestRefused("licence-forbids", "CC BY-ND")
        if paper.id.startswith("broken"):
            raise RecursionError("too deep")
        if paper.id.startswith("no-model"):
            raise ModelUnavailable("not installed")
        return Digest(paper.id, audience, self.name, paper.source_hash, "2026-01-01", DigestStatus.PUBLISHED)


@pytest.fixture
def catalog(make_paper):
    def make(*ids):
        return FakeCatalog([make_paper(paper_id=paper_id) for paper_id in ids])

    return make


def test_each_paper_is_published_refused_or_counted_as_failed(catalog):
    store = catalog("broken-1", "a", "refused-1", "b", "broken-2", "c")
    steps = []
    report = write_pending(store, FakeDigester(), Audience.PUBLIC, batch=2, progress=steps.append)
    assert (report.published, report.refused, report.total) == (3, {"licence-forbids": 1}, 6)
    assert report.failed == {"broken-1": "RecursionError: too deep", "broken-2": "RecursionError: too deep"}
    refused = store.saved["refused-1", Audience.PUBLIC]
    assert (refused.status, refused.reason) == (DigestStatus.REFUSED, "licence-forbids")
    assert refused.source_hash
    assert steps == [2, 4, 6]
    assert len(store.batches) == 3


def test_the_limit_is_kept(catalog):
    store = catalog(*"abcdefg")
    assert write_pending(store, FakeDigester(), Audience.PUBLIC, limit=5, batch=2).total == 5
    assert write_pending(store, FakeDigester(), Audience.PUBLIC, limit=0).total == 0
    assert write_pending(store, FakeDigester(), Audience.PUBLIC).total == 2


def test_batches_saved_before_an_outage_stay_saved(catalog):
    store = catalog("a", "b", "no-model")
    with pytest.raises(ModelUnavailable):
        write_pending(store, FakeDigester(), Audience.PUBLIC, batch=1)
    assert len(store.saved) == 2


def test_with_the_real_digester(catalog, digester):
    store = catalog("a", "b")
    report = write_pending(store, digester, Audience.PUBLIC)
    assert report.published == 2
    assert write_pending(store, digester, Audience.PUBLIC).total == 0
