"""Invented papers, one of each kind that a page must cope with, and their digests.

Every paper, person, place, number and finding in this file is invented for testing.
"""

from dataclasses import replace
from datetime import UTC, datetime

from domain.digest import Audience, Digest, DigestSentence, DigestStatus, Role, Term
from domain.evidence import Evidence
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
from domain.statements import (
    Availability,
    Industry,
    IndustryRole,
    Meeting,
    SampleSize,
    Shared,
    Sharing,
)

NASTY = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>"
WHEN = datetime(2026, 11, 20, 8, 15, 30, tzinfo=UTC)
WRITTEN = "2026-11-20T09:00:00Z"
CC_BY = to_licence("https://creativecommons.org/licenses/by/4.0/", "license")
KENYA = Affiliation("Department of Imagined Oncology, Rift College, Nakuru, Kenya.", "KE")
BRAZIL = Affiliation("Instituto Imaginário do Câncer, Recife, Brasil.", "BR", "https://ror.org/0zzzzzz00")
PHARMA = "Made-up Pharma"
BRITAIN = Affiliation("School of Fictional Medicine, Barchester, UK.", "GB")
JOURNAL = Journal(
    "Invented Journal of Cancer Care", "Inv J Cancer", ("1234-5678",), "Example", "12", "3", "45-52"
)

SECTIONS = (
    Section(
        "Screening finds breast cancer early, but many rural clinics have no mammography.",
        "Background",
    ),
    Section("We asked 1,204 women in 14 clinics to see a trained nurse once a year.", "Methods"),
    Section(
        "Cancers were found at an earlier stage in 62% of women examined, against 41% of the others "
        "(p = 0.003). Biopsy was needed in 88 women.",
        "Results",
    ),
    Section(
        "Examination by nurses may help where mammography is absent. The study followed women for two years.",
        "Conclusions",
    ),
)
BIOPSY = Term("biopsy", "a small piece of tissue taken to look at")
XRAY = Term("mammography", more="X-ray pictures of the breast")
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
    (Role.RESULT, "88 women needed a biopsy.", 2, "Biopsy was", (BIOPSY,)),
    (Role.MEANING, "Checks by nurses may help where there is no mammography.", 3, "Examination by", (XRAY,)),
    (Role.LIMIT, "The women were followed for two years only.", 3, "The study", ()),
)


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
            Author("Silva B", "Silva", "Bruna", None, (BRAZIL, KENYA), corresponding=True),
            Author("Harding S", "Harding", "Septimus", None, (BRITAIN,)),
            Author("The Imaginary Screening Group"),
        ),
        mesh=(MeshHeading("Breast Neoplasms", "D001943", True), MeshHeading("Mass Screening")),
        keywords=("nurses", "rural health"),
        grants=(Grant("Imaginary Research Fund", "IRF-77", "GB"),),
        trials=(Trial("clinicaltrials-gov", "NCT99999999", TrialRole.REPORTS, "This trial was registered."),),
        data=(DataLink("Zenodo", "10.5555/data.1", "https://example.org/data/1"),),
        links=(Link(LinkKind.PREPRINT, "doi:10.5555/preprint.1"),),
        full_texts=(FullText("https://example.org/full/1", "html", True),),
        published="2025-06-03",
        study_type="trial",
        sharing=(
            Sharing(
                Shared.DATA,
                Availability.OPEN,
                "All data are in the Gene Expression Omnibus (GSE99999).",
                ("geo:GSE99999", "doi:10.5555/data.1"),
            ),
            Sharing(Shared.CODE, Availability.ON_REQUEST, "The code can be had from the authors on request."),
        ),
        industry=(
            Industry(PHARMA, IndustryRole.FUNDED, "The study was paid for in part by Made-up Pharma."),
            Industry(PHARMA, IndustryRole.INTEREST, "S. Harding advises Made-up Pharma."),
        ),
        competing_interests="S. Harding advises Made-up Pharma. The others have none.",
        sample_size=SampleSize(1204, "women", "We asked 1,204 women in 14 clinics."),
        cites=("doi:10.5555/invented.20", "doi:10.5555/invented.21", "pmid:90000022"),
    )
    preprint = article(
        101,
        "Breast examination by nurses: an invented preprint",
        kind=VersionKind.PREPRINT,
        identifiers=Identifiers(doi="10.5555/preprint.1"),
        journal=Journal("inventRxiv"),
        published="2024-11-02",
        links=(Link(LinkKind.ARTICLE, "doi:10.5555/invented.1"),),
        sharing=(Sharing(Shared.DATA, Availability.ON_REQUEST, "Data can be asked for."),),
    )
    poster = article(
        102,
        "Breast examination by nurses: an invented abstract",
        kind=VersionKind.ABSTRACT,
        identifiers=Identifiers(doi="10.5555/abstract.1"),
        journal=Journal("Invented Proceedings", issue="Suppl 1"),
        published="2024-05-30",
        links=(Link(LinkKind.ARTICLE, "doi:10.5555/invented.1"),),
        meeting=Meeting(
            "Invented Congress of Nursing 2024", "icn", 2024, "Nakuru, Kenya", "2024-05-28", "P-117"
        ),
    )
    return [main, preprint, poster]


def _nasty() -> Version:
    return article(
        13,
        f"Payloads {NASTY}",
        abstracts=(Abstract((Section(NASTY, NASTY),)), abstract(NASTY, kind=AbstractKind.PLAIN)),
        authors=(Author(NASTY, NASTY, NASTY, NASTY, (Affiliation(NASTY, "GB", NASTY),), True),),
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
        sharing=(
            Sharing(Shared.DATA, Availability.OPEN, NASTY, (NASTY, f"geo:{NASTY}", "javascript:alert(5)")),
        ),
        industry=(Industry(NASTY, IndustryRole.FUNDED, NASTY),),
        sample_size=SampleSize(3, NASTY, NASTY),
        meeting=Meeting(NASTY, NASTY, 2024, NASTY, NASTY, NASTY),
        cites=(NASTY,),
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
        sharing=tuple(
            Sharing(what, state, "An invented statement. " * 40, tuple(f"geo:GSE9{n:04}" for n in range(60)))
            for what in Shared
            for state in Availability
        ),
        industry=tuple(
            Industry(f"Made-up Pharma number {n} of the imagined republic", role, "Invented words. " * 60)
            for n in range(40)
            for role in IndustryRole
        ),
        sample_size=SampleSize(12_345_678, "participants", "There were very many. " * 40),
        meeting=Meeting("A meeting " * 60, None, 2024, "A place " * 40, "2024-05", "1" * 80),
        cites=tuple(f"doi:10.5555/cited.{n}" for n in range(400)),
        notices=tuple(
            Notice(NoticeKind.CORRECTED, f"doi:10.5555/erratum.{n}", "Invented words. " * 60)
            for n in range(30)
        ),
    )


RETRACTION = Notice(NoticeKind.RETRACTED, "pmid:90000999", "Retracted for copied images.", "2025-02-01")
ERRATUM = Notice(NoticeKind.CORRECTED, "doi:10.5555/erratum.4")
CAIRO = Affiliation("جامعة الخيال، القاهرة، مصر", "EG")


def versions() -> list[Version]:
    """The library, one version per record."""
    return [
        *_screening(),
        article(
            2,
            "Retracted: a vaccine against lung cancer in mice",
            cancer_types=("lung",),
            notices=(RETRACTION,),
        ),
        article(
            3,
            "Vitamin doses and colon cancer",
            notices=(Notice(NoticeKind.CONCERN),),
            cancer_types=("colorectal",),
        ),
        article(4, "Waiting times for radiotherapy", notices=(ERRATUM,)),
        article(
            5,
            "A withdrawn preprint on prostate cancer",
            kind=VersionKind.PREPRINT,
            cancer_types=("prostate",),
            notices=(Notice(NoticeKind.WITHDRAWN),),
        ),
        article(
            6,
            "دراسة متخيلة عن الكشف المبكر عن سرطان الثدي في المناطق الريفية",
            language="ar",
            licence=None,
            open_access=None,
            abstracts=(abstract("هذا ملخص متخيل عن دراسة لم تُجرَ قط.", language="ar"),),
            authors=(Author("ليلى حداد", "حداد", "ليلى", None, (CAIRO,)),),
        ),
        article(
            7,
            "一项虚构的肝癌筛查研究",
            language="zh",
            cancer_types=("liver",),
            abstracts=(abstract("这是一个虚构的摘要。", language="zh"),),
        ),
        article(8, "A very long title about " + "cancer care in imagined places and " * 20 + "more"),
        article(
            10,
            "Cervical cancer in an invented province",
            licence=to_licence("cc by-nc-nd", "license"),
            cancer_types=("cervix",),
            authors=(),
        ),
        article(11, "מחקר בדיוני על סרטן השד", language="und", published=None, journal=None, abstracts=()),
        _huge(),
        _nasty(),
        article(14, "Pain relief at home: an invented survey", cancer_types=()),
        *(article(n, f"Invented cancer paper number {n}") for n in range(20, 34)),
    ]


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
        Digest(
            paper.id,
            audience,
            "extractive/1",
            paper.source_hash,
            WRITTEN,
            DigestStatus.PUBLISHED,
            tuple(sentences),
            licence="cc-by",
        )
        for audience in Audience
    ]


def refuse(paper: Paper, reason: str, status: DigestStatus = DigestStatus.REFUSED) -> list[Digest]:
    return [
        Digest(
            paper.id,
            audience,
            "extractive/1",
            paper.source_hash,
            WRITTEN,
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
