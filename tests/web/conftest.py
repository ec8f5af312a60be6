"""A library of invented papers in a real catalog and a real index, and the site over them.

Every paper, person, place, number and finding in this file is invented for testing.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest

from catalog import open_catalog
from domain.digest import Audience, Digest, DigestSentence, DigestStatus, Evidence, Role, Term
from domain.identifiers import Identifiers
from domain.licence import to_licence
from domain.paper import (
    Abstract,
    AbstractKind,
    Affiliation,
    Author,
    DataLink,
    FullText,
    Grant,
    Journal,
    Link,
    LinkKind,
    MeshHeading,
    Notice,
    NoticeKind,
    Paper,
    Section,
    Trial,
    TrialRole,
    Version,
    VersionKind,
)
from domain.ports import Catalog, Indexable, Rejection, SearchIndex
from domain.record import Checkpoint, Counts, HarvestedRecord
from index import open_index
from web import Site, create_app

NASTY = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>"
WHEN = datetime(2026, 11, 20, 8, 15, 30, tzinfo=UTC)
CC_BY = to_licence("https://creativecommons.org/licenses/by/4.0/", "license")
KENYA = Affiliation("Department of Imagined Oncology, Rift College, Nakuru, Kenya.", "KE")
BRAZIL = Affiliation("Instituto Imaginário do Câncer, Recife, Brasil.", "BR")
BRITAIN = Affiliation("School of Fictional Medicine, Barchester, UK.", "GB")
JOURNAL = Journal(
    "Invented Journal of Cancer Care", "Inv J Cancer", ("1234-5678",), "Example", "12", "3", "45-52"
)

SECTIONS = (
    Section(
        "Screening finds breast cancer early, but many clinics in rural districts have no mammography.",
        "Background",
    ),
    Section(
        "We asked 1,204 women in 14 clinics to attend a yearly examination by a trained nurse.", "Methods"
    ),
    Section(
        "Cancers were found at an earlier stage in 62% of women examined, against 41% of the others (p = 0.003). "
        "Biopsy was needed in 88 women.",
        "Results",
    ),
    Section(
        "Examination by nurses may help where mammography is absent. The study followed women for two years only.",
        "Conclusions",
    ),
)
PLAIN = (
    (Role.QUESTION, "Many country clinics cannot offer breast X-rays.", 0, "Screening finds", ()),
    (Role.METHOD, "Nurses examined 1,204 women in 14 clinics once a year.", 1, "We asked", ()),
    (
        Role.RESULT,
        "Cancers were found at an earlier stage in 62% of the women examined, against 41% of the others.",
        2,
        "Cancers were",
        (),
    ),
    (Role.RESULT, "88 women needed a biopsy.", 2, "Biopsy was", (Term("biopsy", "a small piece of tissue taken to look at"),)),
    (Role.MEANING, "Checks by nurses may help where there is no mammography.", 3, "Examination by", (Term("mammography", "X-ray pictures of the breast"),)),
    (Role.LIMIT, "The women were followed for two years only.", 3, "The study", ()),
)  # fmt: skip


def abstract(*texts: str, language: str = "en", kind: AbstractKind = AbstractKind.MAIN) -> Abstract:
    return Abstract(tuple(Section(text) for text in texts), kind, language)


def article(number: int, title: str, **values: object) -> Version:
    """A plain invented article; `values` replace its fields."""
    version = Version(
        kind=VersionKind.ARTICLE,
        identifiers=Identifiers(doi=f"10.5555/invented.{number}", pmid=str(90000000 + number)),
        title=title,
        language="en",
        abstracts=(
            abstract(f"This invented paper, number {number}, tells of a cancer study. It found little."),
        ),
        authors=(Author("Wanjiru A", "Wanjiru", "Achieng", None, (KENYA,)),),
        journal=JOURNAL,
        published=f"20{10 + number % 15}-03-06",
        licence=CC_BY,
        open_access=True,
        cancer_types=("breast",),
        study_type="cohort",
    )
    return replace(version, **values)  # type: ignore[arg-type]


def _screening() -> list[Version]:
    main = article(
        1,
        "Yearly breast examination by nurses in rural clinics: an invented trial",
        abstracts=(
            Abstract(SECTIONS),
            abstract("Nurses can look for breast cancer.", kind=AbstractKind.PLAIN),
        ),
        authors=(
            Author("Wanjiru A", "Wanjiru", "Achieng", "0000-0001-2345-6789", (KENYA,)),
            Author("Silva B", "Silva", "Bruna", None, (BRAZIL, KENYA)),
            Author("Harding S", "Harding", "Septimus", None, (BRITAIN,)),
            Author("The Imaginary Screening Group"),
        ),
        mesh=(MeshHeading("Breast Neoplasms", "D001943", True), MeshHeading("Mass Screening")),
        keywords=("nurses", "rural health"),
        grants=(Grant("Imaginary Research Fund", "IRF-77", "GB"),),
        trials=(Trial("ClinicalTrials.gov", "NCT99999999", TrialRole.REPORTS, "This trial was registered."),),
        data=(DataLink("Zenodo", "10.5555/data.1", "https://example.org/data/1"),),
        links=(Link(LinkKind.PREPRINT, "doi:10.5555/preprint.1"),),
        full_texts=(FullText("https://example.org/full/1", "html", True),),
        published="2025-06-03",
        study_type="trial",
    )
    preprint = article(
        101,
        "Breast examination by nurses: an invented preprint",
        kind=VersionKind.PREPRINT,
        identifiers=Identifiers(doi="10.5555/preprint.1"),
        journal=Journal("inventRxiv"),
        published="2024-11-02",
        links=(Link(LinkKind.ARTICLE, "doi:10.5555/invented.1"),),
    )
    return [main, preprint]


def _nasty() -> Version:
    return article(
        13,
        f"Payloads {NASTY}",
        abstracts=(Abstract((Section(NASTY, NASTY),)), abstract(NASTY, kind=AbstractKind.PLAIN)),
        authors=(Author(NASTY, NASTY, NASTY, NASTY, (Affiliation(NASTY, "GB"),)),),
        journal=Journal(NASTY, NASTY, (NASTY,), NASTY, NASTY, NASTY, NASTY),
        licence=to_licence(NASTY, NASTY),
        mesh=(MeshHeading(NASTY),),
        keywords=(NASTY,),
        grants=(Grant(NASTY, NASTY),),
        trials=(Trial(NASTY, NASTY, TrialRole.REPORTS, NASTY),),
        data=(DataLink(NASTY, NASTY, "javascript:alert(3)"),),
        notices=(Notice(NoticeKind.CORRECTED, f"x:{NASTY}", NASTY, None),),
        full_texts=(FullText("javascript:alert(4)", NASTY, True),),
        competing_interests=NASTY,
        cancer_types=(NASTY,),
        study_type=NASTY,
    )


def _huge() -> Version:
    """More of everything than any page could hold."""
    places = [
        Affiliation(f"Institute {n}, " + "Faculty of Invented Medicine, " * 6, "FR") for n in range(150)
    ]
    people = [
        Author(
            f"Bartholomew{n} Q", f"Bartholomew{n}", "Quentin", f"0000-0002-0000-{n:04}", (places[n % 150],)
        )
        for n in range(200)
    ]
    return article(
        12,
        "A study by two hundred invented authors",
        authors=tuple(people),
        abstracts=(
            abstract(*["An invented sentence about tumours and little else. " * 40] * 3),
            abstract("Résumé inventé. " * 60, language="fr", kind=AbstractKind.TRANSLATED),
        ),
        mesh=tuple(MeshHeading(f"Invented heading number {n}") for n in range(80)),
        keywords=tuple(f"keyword {n}" for n in range(80)),
        grants=tuple(Grant(f"Fund number {n} of the imagined republic", f"G-{n}") for n in range(60)),
        trials=tuple(Trial("Registry", f"NCT8{n:07}", evidence="Words. " * 60) for n in range(40)),
        data=tuple(DataLink("GEO", f"GSE{n}", f"https://example.org/geo/{n}") for n in range(60)),
        competing_interests="None that is not invented. " * 100,
    )


def versions() -> list[Version]:
    """The library, one version per record."""
    return [
        *_screening(),
        article(2, "Retracted: a vaccine against lung cancer in mice", cancer_types=("lung",),
                notices=(Notice(NoticeKind.RETRACTED, "pmid:90000999", "Retracted for duplicated images.", "2025-02-01"),)),
        article(3, "Vitamin doses and colon cancer", notices=(Notice(NoticeKind.CONCERN),), cancer_types=("colorectal",)),
        article(4, "Waiting times for radiotherapy", notices=(Notice(NoticeKind.CORRECTED, "doi:10.5555/erratum.4"),)),
        article(5, "A withdrawn preprint on prostate cancer", kind=VersionKind.PREPRINT, cancer_types=("prostate",),
                notices=(Notice(NoticeKind.WITHDRAWN),)),
        article(6, "دراسة متخيلة عن الكشف المبكر عن سرطان الثدي في المناطق الريفية", language="ar", licence=None,
                open_access=None,
                abstracts=(abstract("هذا ملخص متخيل عن دراسة لم تُجرَ قط.", language="ar"),),
                authors=(Author("ليلى حداد", "حداد", "ليلى", None, (Affiliation("جامعة الخيال، القاهرة، مصر", "EG"),)),)),
        article(7, "一项虚构的肝癌筛查研究", language="zh", cancer_types=("liver",),
                abstracts=(abstract("这是一个虚构的摘要。", language="zh"),)),
        article(8, "A very long title about " + "the care of people with cancer in imagined places and " * 14 + "more"),
        article(10, "Cervical cancer in an invented province", licence=to_licence("cc by-nc-nd", "license"),
                cancer_types=("cervix",), authors=()),
        article(11, "מחקר בדיוני על סרטן השד", language="und", published=None, journal=None, abstracts=()),
        _huge(),
        _nasty(),
        article(14, "Pain relief at home: an invented survey", cancer_types=()),
        *(article(n, f"Invented cancer paper number {n}") for n in range(20, 34)),
    ]  # fmt: skip


@dataclass
class Library:
    """The catalog and index, and ids of papers by the number in their DOI."""

    catalog: Catalog
    index: SearchIndex
    ids: dict[int, str]

    def paper(self, number: int) -> Paper:
        return self.catalog.paper(self.ids[number])


def write_digests(paper: Paper) -> list[Digest]:
    """A digest of the screening trial for each audience, bound to its abstract."""
    version = paper.primary
    text = version.abstract().text
    sentences = []
    for role, words, section, begin, terms in PLAIN:
        start = text.index(begin)
        part = SECTIONS[section].text
        end = start + len(part) - part.index(begin)
        if "." in (rest := text[start:end])[:-1] and (stop := rest.find(". ")) > 0:
            end = start + stop + 1
        evidence = Evidence(version.source_hash, start, end, text[start:end])
        sentences.append(DigestSentence(words, role, evidence, terms))
    return [
        Digest(paper.id, audience, "extractive/1", paper.source_hash, "2026-11-20T09:00:00Z",
               DigestStatus.PUBLISHED, tuple(sentences), licence="cc-by")
        for audience in Audience
    ]  # fmt: skip


def refuse(paper: Paper, reason: str, status: DigestStatus = DigestStatus.REFUSED) -> list[Digest]:
    return [
        Digest(
            paper.id,
            audience,
            "extractive/1",
            paper.source_hash,
            "2026-11-20T09:00:00Z",
            status,
            reason=reason,
        )
        for audience in Audience
    ]


def nasty_digests(paper: Paper) -> list[Digest]:
    version = paper.primary
    evidence = Evidence(version.source_hash, 0, len(NASTY), NASTY)
    sentence = DigestSentence(f"{NASTY} word", Role.RESULT, evidence, (Term("word", NASTY),))
    return [
        Digest(
            paper.id, Audience.PUBLIC, NASTY, paper.source_hash, NASTY, DigestStatus.PUBLISHED, (sentence,)
        )
    ]


def _fill(catalog: Catalog) -> dict[int, str]:
    run = catalog.start_run("europepmc", "invented")
    pairs = [
        (HarvestedRecord("europepmc", f"MED:{n}", WHEN, "application/json", version.title.encode()), version)
        for n, version in enumerate(versions())
    ]
    gone = article(99, "A paper that its source withdrew")
    record = HarvestedRecord("europepmc", "MED:gone", WHEN, "application/json", b"gone")
    untitled = HarvestedRecord("europepmc", "MED:bad", WHEN, "application/json", b"{}")
    counts = catalog.save(
        [*pairs, (record, gone)],
        [Rejection(untitled, "no-title")],
        Checkpoint("europepmc", "invented", None, complete=True),
    )
    numbers = [int(v.identifiers.doi.rpartition(".")[2]) for _, v in pairs if "invented" in v.identifiers.doi]
    ids = {n: catalog.find(f"doi:10.5555/invented.{n}") for n in [*numbers, 99]}
    catalog.delete("europepmc", ["MED:gone"])
    catalog.finish_run(run, "complete", counts if isinstance(counts, Counts) else Counts())
    return ids


def _index(catalog: Catalog, index: SearchIndex) -> None:
    changes = catalog.changes(0)
    kept = [change.paper_id for change in changes if not change.deleted]
    audiences = catalog.published_audiences(kept)
    index.write(
        [Indexable(paper, audiences.get(paper.id, ())) for paper in catalog.papers(kept)],
        [change.paper_id for change in changes if change.deleted],
        catalog.last_change(),
    )


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("library")
    catalog = open_catalog(f"sqlite:///{folder / 'findings.db'}", ("europepmc",))
    index = open_index("embedded:", folder / "index")
    ids = _fill(catalog)
    paper = catalog.paper
    catalog.save_digests(
        [
            *write_digests(paper(ids[1])),
            *refuse(paper(ids[2]), "retracted", DigestStatus.RECALLED),
            *refuse(paper(ids[6]), "licence-unknown"),
            *refuse(paper(ids[10]), "licence-forbids"),
            *nasty_digests(paper(ids[13])),
        ]
    )
    _index(catalog, index)
    yield Library(catalog, index, ids)
    index.close()
    catalog.close()


@pytest.fixture(scope="session")
def site(library: Library) -> Site:
    return Site(
        library.catalog,
        library.index,
        url="https://findings.example",
        contact="team@findings.example",
        sample=True,
    )


@pytest.fixture
def client(site: Site):
    app = create_app(site)
    app.testing = False
    return app.test_client()
