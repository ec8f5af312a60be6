"""What a record's own statements add to it. Texts, people and trials are invented."""

from crawler.telling.enrich import enrich
from domain.identifiers import Identifiers
from domain.paper import Abstract, Affiliation, Author, Section, Trial, TrialRole, Version, VersionKind


def version(*sections, affiliations=(), **more):
    authors = tuple(
        Author(f"A {n}", affiliations=(Affiliation(text),)) for n, text in enumerate(affiliations)
    )
    abstract = Abstract(tuple(Section(text, label) for label, text in sections))
    return Version(VersionKind.ARTICLE, Identifiers(), "Pain", abstracts=(abstract,), authors=authors, **more)


def test_an_abstract_tells_of_sharing_money_and_sample():
    read = enrich(
        version(
            ("METHODS", "We enrolled 120 men with pain."),
            ("FUNDING", "AstraZeneca."),
            ("DATA AVAILABILITY", "Data are in Zenodo (10.5281/zenodo.123)."),
        )
    )
    assert [(one.what.value, one.state.value, one.links) for one in read.sharing] == [
        ("data", "open", ("doi:10.5281/zenodo.123",))
    ]
    assert [(one.organisation, one.role.value) for one in read.industry] == [("AstraZeneca", "funded")]
    assert read.sample_size is not None
    assert (read.sample_size.number, read.sample_size.unit) == (120, "men")
    assert enrich(read) == read


def test_a_review_counts_nobody():
    read = enrich(version(("", "We enrolled 120 men with pain."), publication_types=("Review",)))
    assert read.sample_size is None


def test_whoever_gives_an_address_corresponds_and_the_address_goes():
    read = enrich(version(affiliations=("Unit X, Lyon, France. a@example.fr", "Unit Y, Bern, Switzerland")))
    assert [author.corresponding for author in read.authors] == [True, False]
    assert read.corresponding_countries == ("FR",)
    assert "@" not in repr(read.authors)
    assert enrich(read) == read


def test_an_address_of_everybody_tells_nothing():
    read = enrich(version(affiliations=[f"Unit {n}, Lyon, France. a{n}@example.fr" for n in range(4)]))
    assert not any(author.corresponding for author in read.authors)


def test_institutions_get_their_ids_and_ids_tell_countries():
    given = Author("B", affiliations=(Affiliation("Unit Z", ror="https://ror.org/052gg0110"),))
    read = enrich(version(affiliations=("Division X, University of Oxford, Oxford, UK",)))
    assert read.authors[0].affiliations[0].ror == "https://ror.org/052gg0110"
    told = enrich(Version(VersionKind.ARTICLE, Identifiers(), "Pain", authors=(given,)))
    assert told.countries == ("GB",)


def test_a_protocol_reports_nothing_even_where_the_source_says_so():
    stated = Trial("isrctn", "ISRCTN12345678", TrialRole.REPORTS, "Registered, ISRCTN12345678.")
    read = enrich(version(("", "The results will be disseminated at meetings."), trials=(stated,)))
    assert read.study_type == "protocol"
    assert read.trials[0].role is TrialRole.MENTIONS
