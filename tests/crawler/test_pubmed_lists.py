"""Lists of a citation, read from its bytes, say what the parser makes of them; all names are invented."""

from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings

from crawler.sources import pubmed
from crawler.sources._pubmed_lists import take_lists
from domain.errors import RecordRejected
from domain.paper import Version
from domain.record import HarvestedRecord
from tests.crawler.damage import damaged

LISTS = """<AuthorList CompleteYN="Y"><Author ValidYN="Y" EqualContrib="Y">
<LastName>Núñez  Invented</LastName><ForeName>Ana &amp; Eva</ForeName>
<Initials>AE</Initials><Suffix>Jr</Suffix>
<Identifier Source="ORCID">https://orcid.org/0000-0002-1825-0097</Identifier>
<AffiliationInfo><Affiliation>Invented Hall &lt;b&gt;1&lt;/b&gt;, Lima.</Affiliation></AffiliationInfo>
<AffiliationInfo><Affiliation>Another Hall.</Affiliation></AffiliationInfo></Author>
<Author ValidYN="N"><LastName>Wrong</LastName></Author><Author><LastName>Solo</LastName></Author>
<Author ValidYN="Y"><CollectiveName>Invented Group</CollectiveName></Author></AuthorList>
<MeshHeadingList><MeshHeading><DescriptorName UI="D001943" MajorTopicYN="N">Breast Neoplasms</DescriptorName>
<QualifierName UI="Q000188" MajorTopicYN="Y">drug therapy</QualifierName></MeshHeading>
<MeshHeading><DescriptorName MajorTopicYN="N">Humans</DescriptorName></MeshHeading></MeshHeadingList>
<History><PubMedPubDate PubStatus="entrez"><Year>2019</Year><Month>1</Month></PubMedPubDate></History>"""
AUTHORS, REST = LISTS.split("<MeshHeadingList>")
MESH, HISTORY = (f"<MeshHeadingList>{REST}").split("<History>")
CITATION = f"""<PubmedArticle><MedlineCitation><PMID>1</PMID><Article>
<ArticleTitle>Invented.</ArticleTitle>
{AUTHORS}</Article>{MESH}</MedlineCitation><PubmedData><History>{HISTORY}</PubmedData></PubmedArticle>""".encode()
ODD = (
    b"<",
    b"&x;",
    b"&amp;",
    b"&#7;",
    b"\x00",
    b"\x0c",
    b"]]>",
    b"\xff",
    "\ufffe".encode(),
    "\u200b".encode(),
)
TAGS = (
    b"</Author>",
    b"<Author>",
    b"<LastName>",
    b"<i>",
    b"<AuthorList>",
    b"</AuthorList>",
    b"<!--",
    b"-->",
    b"\r\n",
)


def outcome(payload: bytes) -> Version | str:
    record = HarvestedRecord(pubmed.SOURCE, "1", datetime(2026, 1, 1, tzinfo=UTC), pubmed.MEDIA_TYPE, payload)
    try:
        return pubmed.to_version(record)
    except RecordRejected as rejection:
        return rejection.reason


def left_to_the_parser(payload: bytes) -> bytes:
    """The same record, with what makes its lists stay where they are."""
    return payload.replace(b"<PMID", b"<![CDATA[]]><PMID", 1)


def test_the_lists_of_a_citation_are_taken_out_of_it():
    lists = take_lists(CITATION)
    assert [author.name for author in lists.authors] == [
        "Ana & Eva Núñez Invented Jr",
        "Solo",
        "Invented Group",
    ]
    assert [heading.name for heading in lists.mesh] == ["Breast Neoplasms", "Humans"]
    assert all(word not in lists.payload for word in (b"Solo", b"Humans", b"2019"))
    assert take_lists(left_to_the_parser(CITATION)).payload == left_to_the_parser(CITATION)


@settings(max_examples=300)
@example(CITATION)
@given(damaged(CITATION, [*ODD, *TAGS]))
def test_they_say_what_the_parser_makes_of_them(payload):
    assert outcome(payload) == outcome(left_to_the_parser(payload))


@pytest.mark.parametrize("odd", [*ODD, *TAGS])
@pytest.mark.parametrize(
    "place", [b"Solo", b"Another", b"Wrong", b"Invented Group", b"Humans", b"2019", b" UI=", b"ORCID"]
)
def test_nothing_that_the_parser_refuses_is_taken(odd, place):
    payload = CITATION.replace(place, place[:2] + odd + place[2:])
    assert outcome(payload) == outcome(left_to_the_parser(payload))


def test_a_list_in_a_comment_is_none():
    hidden = CITATION.replace(b"<AuthorList", b"<!-- <AuthorList").replace(
        b"</AuthorList>", b"</AuthorList> -->"
    )
    assert outcome(hidden).authors == ()


@pytest.mark.parametrize("mask", [b"<!-- %s -->", b"<?old %s?>"])
def test_an_empty_list_is_not_taken_for_one_that_is_struck_out(mask):
    struck = mask % b"<AuthorList><Author><LastName>Struck</LastName></Author></AuthorList>"
    begin, end = CITATION.index(b"<AuthorList"), CITATION.index(b"</AuthorList>")
    empty = CITATION[:begin] + struck + b"<AuthorList>" + CITATION[end:]
    assert outcome(empty).authors == ()


def test_what_is_wrong_is_told_where_it_stands():
    broken = CITATION.replace(b"</PubmedData>", b"</Pubmed>")
    record = HarvestedRecord(pubmed.SOURCE, "1", datetime(2026, 1, 1, tzinfo=UTC), pubmed.MEDIA_TYPE, broken)
    with pytest.raises(RecordRejected, match=f"line {len(broken.splitlines())}"):
        pubmed.to_version(record)
