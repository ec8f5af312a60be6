"""The control of the benchmark of speed does the same encoding as digests need. The paper is invented."""

import pytest

from benchmarks.digests_speed import _derived, _encoded
from domain.digest import Audience
from domain.errors import ModelUnavailable
from domain.identifiers import Identifiers
from domain.licence import to_licence
from domain.paper import Abstract, Paper, Section, Version, VersionKind
from summarizer.choosing.roles import RoleReader
from summarizer.encoder import open_encoder
from summarizer.extractive import ExtractiveDigester

ABSTRACT = (
    "Bowel cancer is a common cause of death. We gave velorin to forty mice with bowel tumours for 6 weeks. "
    "Tumours shrank in 31 of 40 mice given velorin. Weight did not differ between the groups. "
    "Velorin may slow the growth of bowel tumours in mice. Supported by grant 12 of an invented fund. "
    "doi: 10.5555/invented"
)


class Recording:
    """The encoder, with a note of what it was asked for."""

    def __init__(self, encoder):
        self.encoder = encoder
        self.asked = []

    def encode(self, sentences):
        self.asked.append(list(sentences))
        return self.encoder.encode(sentences)


def paper():
    version = Version(
        kind=VersionKind.ARTICLE,
        identifiers=Identifiers(doi="10.5555/invented"),
        title="Velorin in mice: an invented study",
        abstracts=(Abstract((Section(ABSTRACT),)),),
        licence=to_licence("CC BY", "license"),
    )
    return Paper("p1", (version,), "2026-01-01", "2026-01-01")


@pytest.mark.parametrize("audiences", [tuple(Audience), (Audience.PUBLIC,)])
def test_the_control_encodes_exactly_what_digests_need(encoder_cache, audiences):
    try:
        encoder = open_encoder(encoder_cache, threads=1)
    except ModelUnavailable as error:
        pytest.skip(f"the encoder's package is not installed: {error}")
    recording, digester = Recording(encoder), ExtractiveDigester(encoder_cache)
    digester._reader = (recording, RoleReader(encoder))
    for audience in audiences:
        digester.digest(paper(), audience)
    assert recording.asked == [_encoded(paper())]
    assert not any("Supported by" in text or "doi" in text for text in recording.asked[0])


def test_digests_for_the_public_alone_stand_beside_the_same_pass():
    seen = {
        (system, f"digests_per_{second}"): rate
        for system, rate in (("findings", 30.0), ("findings-public", 12.0), ("encoder", 45.0))
        for second in ("second", "cpu_second")
    }
    rows = {row.metric: row.value for row in _derived("2 papers", seen)}
    assert rows["share_of_encoder"] == pytest.approx(2 / 3)
    # 12 papers are told while 15 are encoded.
    assert rows["share_of_encoder_one_audience"] == pytest.approx(12 / 15)
    assert rows["digests_per_cpu_second_without_encoder"] == pytest.approx(90)
