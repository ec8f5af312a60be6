"""PubMed Central's OAI-PMH interface on this machine: JATS, 10 records a page, days. All invented."""

from collections.abc import Iterable

from crawler.replay import Fault
from tests.crawler.replay_oai import Kept, OaiReplay, invented

JATS = """<article xmlns="https://jats.nlm.nih.gov/ns/archiving/1.3/" xmlns:xlink="http://www.w3.org/1999/xlink"
 article-type="research-article" xml:lang="en"><front><journal-meta><journal-title-group>
<journal-title>Invented Journal of Oncology</journal-title></journal-title-group></journal-meta>
<article-meta><article-id pub-id-type="pmc">{number}</article-id>
<article-id pub-id-type="doi">10.5555/pmc.{number}</article-id>
<title-group><article-title>Invented trial {number} in breast cancer</article-title></title-group>
<contrib-group><contrib contrib-type="author"><name><surname>Silva</surname><given-names>Maria</given-names>
</name></contrib></contrib-group>
<pub-date pub-type="epub"><day>5</day><month>1</month><year>2024</year></pub-date>
<permissions><license license-type="open-access" xlink:href="https://creativecommons.org/licenses/by/4.0/">
<license-p>Open access.</license-p></license></permissions>
<abstract><p>Of {number} mice, none was real.</p></abstract></article-meta></front>
<body><p>Text.</p></body></article>"""


class PmcReplay(OaiReplay):
    """Serves articles in `pmc`, `pmc_fm` and `oai_dc`."""

    path = "/api/oai/v1/mh/"
    formats = ("oai_dc", "pmc_fm", "pmc")
    now = "2024-01-20T12:00:00Z"


def articles(count: int, a_day: int = 23) -> list[Kept]:
    """So many invented articles, `a_day` of them on each day."""
    return [
        Kept(
            f"oai:pubmedcentral.nih.gov:{number}",
            kept.datestamp,
            {"pmc": JATS.format(number=number), "pmc_fm": JATS.format(number=number)},
            ("pmc-open", "invented"),
        )
        for number, kept in enumerate(invented(count, seconds=False, a_day=a_day), 1)
    ]


def serve(count: int, faults: Iterable[Fault] = ()) -> PmcReplay:
    """An archive of so many invented articles."""
    return PmcReplay(articles(count), faults, seconds=False)
