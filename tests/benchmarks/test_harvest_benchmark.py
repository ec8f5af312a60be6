"""What the benchmark of imports counts: citations of the file, whatever we make of one."""

import gzip

from benchmarks.harvest_medline import SYSTEMS

CITATION = """<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM"><PMID Version="1">{pmid}</PMID>
<Article PubModel="Print"><Journal><JournalIssue CitedMedium="Print"><PubDate><Year>2020</Year></PubDate>
</JournalIssue><Title>An invented journal</Title></Journal><ArticleTitle>{title}</ArticleTitle>
<Language>eng</Language></Article>{more}</MedlineCitation></PubmedArticle>"""
TELLING = """<CommentsCorrectionsList><CommentsCorrections RefType="RetractionOf">
<RefSource>Invented. 2019</RefSource>
<PMID Version="1">{pmid}</PMID></CommentsCorrections></CommentsCorrectionsList>"""


def test_what_a_citation_says_of_others_is_no_citation_more(tmp_path):
    telling = TELLING.format(pmid=8)
    citations = (
        CITATION.format(pmid=1, title="An invented trial", more=""),
        CITATION.format(pmid=2, title="An invented retraction", more=telling),
    )
    path = tmp_path / "set.xml.gz"
    path.write_bytes(gzip.compress(f"<PubmedArticleSet>{''.join(citations)}</PubmedArticleSet>".encode()))
    counted = {system: SYSTEMS[system]()(path)["records"] for system in SYSTEMS}
    assert set(counted.values()) == {2}, counted
