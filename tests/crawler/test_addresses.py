"""No e-mail address is kept in what is read; the people and addresses here are invented."""

from dataclasses import replace

from crawler.telling.addresses import without_any_address
from crawler.telling.enrich import enrich
from domain.identifiers import Identifiers
from domain.licence import Licence
from domain.paper import (
    Abstract,
    Affiliation,
    Author,
    Journal,
    Notice,
    NoticeKind,
    Section,
    Trial,
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

MAIL = "ada.roe@uni.example"
TEXT = f"Data are available from Ada Roe ({MAIL}) on request."
TOLD = Version(
    VersionKind.ARTICLE,
    Identifiers(doi="10.5555/a"),
    f"An invented study of lung cancer. Contact {MAIL}",
    original_title=f"Estudio inventado {MAIL}",
    abstracts=(Abstract((Section(f"We treated 40 patients. Contact {MAIL}. {TEXT}", f"Methods {MAIL}"),)),),
    authors=(
        Author(f"Ada Roe {MAIL}", "Roe", f"Ada ({MAIL})"),
        Author(f"Study Group, contact {MAIL}"),
        Author(MAIL),
        Author("Jo Doe", "Doe", "Jo", affiliations=(Affiliation(f"Univ X, Spain. {MAIL}"),)),
    ),
    journal=Journal(f"Invented oncology {MAIL}", publisher=f"Press, {MAIL}"),
    keywords=("lung", MAIL),
    licence=Licence("other", f"Contact {MAIL} for reuse", "rights"),
    competing_interests=f"None. Correspondence {MAIL}",
    sharing=(Sharing(Shared.DATA, Availability.ON_REQUEST, TEXT),),
    industry=(Industry("Invented Pharma", IndustryRole.FUNDED, TEXT),),
    sample_size=SampleSize(40, "patients", TEXT),
    notices=(Notice(NoticeKind.CORRECTED, text=TEXT),),
    trials=(Trial("ISRCTN", "ISRCTN99", evidence=TEXT),),
    meeting=Meeting(f"Invented meeting {MAIL}"),
)


def test_no_text_keeps_an_address():
    read = enrich(TOLD)
    assert "@" not in repr(read)
    assert "on request" in read.sharing[0].evidence
    assert [author.name for author in read.authors] == ["Ada Roe", "Study Group", "Jo Doe"]
    assert read.authors[0].given == "Ada"
    assert read.keywords == ("lung",)
    assert read.authors[-1].affiliations[0].country == "ES"


def test_what_has_none_is_not_touched():
    read = enrich(TOLD)
    assert without_any_address(read) is read


def test_what_is_said_of_sharing_is_read_without_the_address():
    told = Version(
        VersionKind.ARTICLE,
        Identifiers(),
        "Invented",
        abstracts=(Abstract((Section(f"We saw lung cancer. {TEXT}"),)),),
    )
    (sharing,) = enrich(told).sharing
    assert sharing.evidence == "Data are available from Ada Roe on request."
    assert (
        "precision@10 of 0.5"
        in enrich(replace(told, abstracts=(Abstract((Section("We had a precision@10 of 0.5."),)),)))
        .abstracts[0]
        .text
    )
