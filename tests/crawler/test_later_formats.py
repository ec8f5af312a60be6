"""Records as a later document type may have them: elements we do not know, many authors, many scripts.

All of them are invented.
"""

import io
from datetime import UTC, datetime

from crawler.sources import jats, pubmed
from crawler.telling.enrich import enrich
from domain.paper import AbstractKind, Version

NOW = datetime(2026, 12, 1, tzinfo=UTC)
MANY = 1_500
ARABIC, CHINESE = "تجربة مخترعة لسرطان الثدي", "乳腺癌的虚构试验"

_MEDLINE_AUTHORS = "".join(
    f'<Author ValidYN="Y" New="x"><NewName>x</NewName><LastName>Inventado{n}</LastName>'
    f"<ForeName>Ana {n}</ForeName><AffiliationInfo><Affiliation>Unit {n}, Lima, Peru.</Affiliation>"
    '<Identifier Source="ROR">https://ror.org/04m01e293</Identifier><NewPlace/></AffiliationInfo></Author>'
    for n in range(MANY)
)
MEDLINE = f"""<?xml version="1.0"?>
<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2027//EN" "pubmed_270101.dtd">
<PubmedArticleSet><PubmedArticle New="1"><NewTop>x</NewTop><MedlineCitation Status="MEDLINE">
<PMID Version="1">99000001</PMID><NewBlock><Deep>x</Deep></NewBlock><Article PubModel="Print"><NewInside/>
<Journal><JournalIssue><NewIssue/><PubDate><Year>2026</Year></PubDate></JournalIssue><Title>Invented</Title></Journal>
<ArticleTitle>[Invented trial of breast cancer <New>in new markup</New>].</ArticleTitle>
<Abstract><AbstractText Label="AIM">One <New>two</New>.</AbstractText><NewPart>Three.</NewPart>
<CopyrightInformation>© Nobody</CopyrightInformation></Abstract>
<AuthorList>{_MEDLINE_AUTHORS}
<Author><CollectiveName>Invented Group 研究組</CollectiveName></Author></AuthorList>
<Language>chi</Language><Language>ara</Language>
<PublicationTypeList><PublicationType>Journal Article</PublicationType></PublicationTypeList>
<VernacularTitle>{CHINESE} / {ARABIC}</VernacularTitle></Article>
<OtherAbstract Type="Publisher" Language="ara"><AbstractText>{ARABIC}</AbstractText></OtherAbstract>
</MedlineCitation><PubmedData><NewData/><ArticleIdList><ArticleId IdType="new">x</ArticleId></ArticleIdList>
</PubmedData></PubmedArticle></PubmedArticleSet>"""

_JATS_AUTHORS = "".join(
    f'<contrib contrib-type="author" new="x"><new-role>x</new-role><name><surname>Inventado{n}</surname>'
    f'<given-names>Ana {n}</given-names></name><xref ref-type="aff" rid="a1"/></contrib>'
    for n in range(MANY)
)
JATS = f"""<?xml version="1.0"?>
<!DOCTYPE article PUBLIC "-//NLM//DTD JATS (Z39.96) Journal Publishing DTD v9.9//EN"
"JATS-journalpublishing9-9.dtd">
<article article-type="research-article" xml:lang="ar" dtd-version="9.9"><new-front><p>x</p></new-front>
<front><journal-meta><journal-title-group><journal-title>Invented</journal-title></journal-title-group></journal-meta>
<article-meta><article-id pub-id-type="pmcid">PMC99000001</article-id><new-meta>x</new-meta><title-group>
<article-title>{ARABIC}</article-title><trans-title-group xml:lang="zh"><trans-title>{CHINESE}</trans-title>
</trans-title-group>
<trans-title-group xml:lang="en"><trans-title>Invented trial of breast cancer</trans-title>
<trans-subtitle>a cohort</trans-subtitle></trans-title-group></title-group><contrib-group>{_JATS_AUTHORS}
<contrib contrib-type="author"><collab><collab-name>研究組</collab-name></collab></contrib>
<contrib contrib-type="author"><collab><collab-name-alternatives><collab-name>Invented Group</collab-name>
<collab-name>虚构</collab-name></collab-name-alternatives></collab></contrib></contrib-group>
<aff id="a1"><new-part>Unit</new-part>, Lima, Peru</aff><pub-date><year>2026</year></pub-date>
<abstract><new-sec>One.</new-sec><sec><title>Aim</title><p>Two.</p></sec></abstract>
<trans-abstract xml:lang="zh"><p>{CHINESE}</p></trans-abstract>
<kwd-group><compound-kwd><compound-kwd-part content-type="code">C50</compound-kwd-part>
<compound-kwd-part>mama</compound-kwd-part></compound-kwd></kwd-group></article-meta></front>
<back><ref-list>
<ref id="r1"><new-citation><pub-id pub-id-type="doi">10.5555/new.1</pub-id></new-citation></ref>
<ref id="r2"><note><p>A remark.</p></note></ref></ref-list></back></article>"""


def read(source, text: str) -> Version:
    (outcome,) = (outcome for _, outcome in source.parse_versions(io.BytesIO(text.encode()), NOW))
    assert isinstance(outcome, Version)
    return enrich(outcome)


def test_a_citation_of_a_later_format_loses_nothing():
    found = read(pubmed, MEDLINE)
    assert (found.title, found.original_title) == (
        "Invented trial of breast cancer in new markup",
        f"{CHINESE} / {ARABIC}",
    )
    assert (found.language, found.other_languages) == ("zh", ("ar",))
    assert [section.text for section in found.abstracts[0].sections] == ["One two.", "Three."]
    assert (found.abstracts[1].kind, found.abstracts[1].language) == (AbstractKind.TRANSLATED, "ar")
    assert (len(found.authors), found.authors[-1].name) == (MANY + 1, "Invented Group 研究組")
    (place,) = found.authors[7].affiliations
    assert (place.text, place.country, place.ror) == (
        "Unit 7, Lima, Peru.",
        "PE",
        "https://ror.org/04m01e293",
    )
    assert list(found.identifiers.keys()) == ["pmid:99000001"]
    assert found.cancer_types == ("breast",)


def test_an_article_of_a_later_format_loses_nothing():
    found = read(jats, JATS)
    assert (found.title, found.original_title) == ("Invented trial of breast cancer: a cohort", ARABIC)
    assert [section.text for section in found.abstracts[0].sections] == ["One.", "Two."]
    assert (found.abstracts[1].language, found.abstracts[1].sections[0].text) == ("zh", CHINESE)
    assert len(found.authors) == MANY + 2
    assert [author.name for author in found.authors[-2:]] == ["研究組", "Invented Group"]
    assert found.authors[9].affiliations[0].text == "Unit, Lima, Peru"
    assert found.keywords == ("mama",)
    assert found.cites == ("doi:10.5555/new.1",)
    assert list(found.identifiers.keys()) == ["pmcid:PMC99000001"]
    assert found.cancer_types == ("breast",)


def test_a_title_in_english_stays_however_it_is_translated():
    english = JATS.replace('xml:lang="ar"', 'xml:lang="en"', 1)
    assert (read(jats, english).title, read(jats, english).original_title) == (ARABIC, "")
    untranslated = JATS.replace('<trans-title-group xml:lang="en">', '<trans-title-group xml:lang="fr">')
    assert (read(jats, untranslated).title, read(jats, untranslated).original_title) == (ARABIC, "")
