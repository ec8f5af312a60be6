"""The digest page binds each sentence to its evidence and says what it is."""

from dataclasses import replace

import lxml.html
import pytest
from flask.testing import FlaskClient

from config import load_table
from domain.digest import Audience, Digest, DigestSentence, Role, Term
from domain.evidence import Evidence
from domain.ports import Catalog
from tests.web.conftest import Library
from tests.web.invented import BIOPSY, PLAIN, XRAY, write_digests
from web import Site, create_app
from web.digests.claims import LONGEST_SHOWN, Piece, anchored, heading, in_words, pieces, to_proofs
from web.digests.pages import PAGE_SIZE
from web.home import _rank
from web.papers.page import offer
from web.params import MAX_OFFSET


class FullCatalog:
    """The invented catalog, which says that it has more digests than the list can lead to."""

    def __init__(self, own: Catalog) -> None:
        self._own = own

    def __getattr__(self, name: str) -> object:
        return getattr(self._own, name)

    def digests(self, audience: Audience, offset: int, size: int) -> tuple[int, list[Digest]]:
        return 25_000, self._own.digests(audience, 0, size)[1]


def read(
    client: FlaskClient, library: Library, number: int, audience: str = "public"
) -> lxml.html.HtmlElement:
    return lxml.html.fromstring(client.get(f"/papers/{library.ids[number]}/digest/{audience}").text)


def text_of(element: lxml.html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def test_each_sentence_shows_the_words_it_rests_on(client: FlaskClient, library: Library) -> None:
    claims = read(client, library, 1).xpath("//div[@class='claim']")
    assert [text_of(claim.xpath("div[@class='says']/p")[0]) for claim in claims] == [
        words for _, words, *_ in PLAIN
    ]
    abstract = library.paper(1).primary.abstract()
    assert abstract
    for claim in claims:
        quote = claim.xpath("details//blockquote")[0].text
        assert quote in abstract.text
    assert "under “Results”" in text_of(claims[2])


def test_headings_are_those_for_the_audience(client: FlaskClient, library: Library) -> None:
    for audience in Audience:
        told = load_table("digests")[audience.value]["headings"]
        expected = list(dict.fromkeys(told[role.value] for role, *_ in PLAIN))
        page = read(client, library, 1, audience.value)
        headings = [text_of(h) for h in page.xpath("//section[.//div[@class='claim']]/h2")]
        assert headings == expected
    assert heading(Audience.PUBLIC, Role.COST) == "Costs and access", "a role without one has its own name"


def test_hard_words_are_explained_where_they_stand(client: FlaskClient, library: Library) -> None:
    said = read(client, library, 1).xpath("//div[@class='says'][.//dfn]")
    assert [text_of(one.xpath(".//dfn")[0]) for one in said] == ["biopsy", "mammography"]
    assert text_of(said[0].xpath("p[@class='gloss']")[0]) == f"biopsy: {BIOPSY.meaning}"


def test_what_is_not_explained_beside_its_sentence_is_in_the_list_of_words(
    client: FlaskClient, library: Library
) -> None:
    page = read(client, library, 1)
    marked = page.xpath("//div[@class='says'][.//dfn='mammography']")[0]
    assert not marked.xpath("p[@class='gloss']"), "would hold up who reads"
    assert marked.xpath(".//dfn/a/@href") == ["#words"]
    (listed,) = page.xpath("//section[@aria-labelledby='words']//p")
    assert text_of(listed) == f"Mammography: {XRAY.more}"


def test_it_says_who_wrote_it_and_that_it_is_no_advice(client: FlaskClient, library: Library) -> None:
    words = text_of(read(client, library, 1))
    for part in (
        "This is not medical advice.",
        "No person has checked it yet.",
        "Written on 20 November 2026 by software that selects and simplifies sentences (extractive/1).",
        "under CC BY 4.0. Changes were made",
        "10.5555/invented.1",
    ):
        assert part in words, part


def test_the_audience_in_view_is_marked(client: FlaskClient, library: Library) -> None:
    current = read(client, library, 1, "professional").xpath("//nav[@class='tabs']/a[@aria-current='page']")
    assert [text_of(link) for link in current] == ["Health professionals"]


def test_a_recalled_digest_says_why_and_is_not_offered(client: FlaskClient, library: Library) -> None:
    page = read(client, library, 2)
    assert "This digest has been taken back" in text_of(page)
    assert "The paper has been retracted" in text_of(page), "not the digest"
    assert page.xpath("//div[@class='notice retracted']")
    assert library.ids[2] not in client.get("/digests").text


def test_a_refused_digest_says_why(client: FlaskClient, library: Library) -> None:
    words = text_of(read(client, library, 10))
    assert "There is no digest of this paper" in words
    assert "Its licence does not allow" in words
    assert "There is no digest of this paper for policymakers" in text_of(
        read(client, library, 13, "policymaker")
    )


def test_another_identifier_leads_to_the_digest(client: FlaskClient, library: Library) -> None:
    answer = client.get("/papers/90000001/digest/public")
    assert (answer.status_code, answer.headers["Location"]) == (
        301,
        f"/papers/{library.ids[1]}/digest/public",
    )


def test_a_digest_of_an_older_text_is_not_shown(library: Library) -> None:
    paper = library.paper(1)
    digest = write_digests(paper)[0]
    assert offer(paper, Audience.PUBLIC, digest).published
    stale = offer(paper, Audience.PUBLIC, replace(digest, source_hash="of another text"))
    assert not stale.published
    assert "changed" in stale.reason


def test_a_word_is_marked_where_it_stands(library: Library) -> None:
    sentence = write_digests(library.paper(1))[0].sentences[3]
    assert pieces(sentence) == (Piece("88 women needed a "), Piece("biopsy", hard=True), Piece("."))


def test_the_list_goes_by_audience(client: FlaskClient, library: Library) -> None:
    page = lxml.html.fromstring(client.get("/digests?audience=policymaker").text)
    addresses = page.xpath("//ul[@class='list']//a/@href")
    assert addresses == [f"/papers/{library.ids[1]}/digest/policymaker"]
    told = client.get("/digests.json?audience=policymaker").json
    assert [entry["url"] for entry in told["results"]] == [f"https://findings.example{addresses[0]}"]
    assert told["results"][0]["summary"].startswith("Cancers were found")


def test_a_sentence_left_as_it_was_is_not_shown_twice(client: FlaskClient, library: Library) -> None:
    page = lxml.html.fromstring(client.get(f"/papers/{library.ids[1]}/digest/public").text)
    for claim in page.xpath("//div[@class='claim']"):
        told = " ".join(claim.xpath("./div/p[1]")[0].text_content().split())
        quotes = [" ".join(quote.text_content().split()) for quote in claim.xpath(".//blockquote")]
        assert quotes != [told]
        assert quotes or "Word for word from the abstract" in claim.text_content()


def test_a_digest_leads_on_to_the_authors_own_plain_summary(client: FlaskClient, library: Library) -> None:
    page = lxml.html.fromstring(client.get(f"/papers/{library.ids[1]}/digest/public").text)
    (link,) = page.xpath("//p[@class='own']/a/@href")
    address, _, place = link.partition("#")
    assert lxml.html.fromstring(client.get(address).text).xpath(f"//*[@id='{place}']")


def test_a_hard_word_is_not_marked_inside_another_word() -> None:
    text = "Isoenzymes are enzymes."
    sentence = DigestSentence(text, Role.RESULT, Evidence("v", 0, 1, text), (Term("enzymes", "Proteins."),))
    assert [(p.text, p.hard) for p in pieces(sentence)] == [
        ("Isoenzymes are ", False),
        ("enzymes", True),
        (".", False),
    ]


def test_the_example_on_the_front_page_is_a_whole_thought_in_our_words() -> None:
    def told(text: str, source: str) -> DigestSentence:
        return DigestSentence(text, Role.RESULT, Evidence("v", 0, 1, source))

    short = told("Hunger killed.", "Malnutrition was associated with death (HR 1.7).")
    same = told(
        "Tumours grew in all ten of the mice.",
        "Tumours grew in all ten of the mice.",
    )
    ours = told(
        "Tumours of the liver grew in all ten of the mice.",
        "Hepatic tumours grew in all ten of the mice.",
    )
    leaning = [
        told(
            f"{lean} tumours of the liver and lung grew in all ten of the mice.",
            "Hepatic and pulmonary tumours grew in all animals.",
        )
        for lean in ("They then saw that", "However,", "But")
    ]
    endless = told(
        f"Tumours of the liver grew in {'very ' * 30}many mice.", "Hepatic tumours grew in many mice."
    )
    assert min((short, same, *leaning, endless, ours), key=_rank) == ours


def test_the_list_ends_where_it_can_be_followed_no_further(site: Site) -> None:
    full = create_app(replace(site, catalog=FullCatalog(site.catalog))).test_client()  # type: ignore[arg-type]
    last = MAX_OFFSET // PAGE_SIZE
    nexts = {
        page: lxml.html.fromstring(full.get(f"/digests?page={page}").text).xpath("//a[@rel='next']/@href")
        for page in (last - 1, last)
    }
    assert len(nexts[last - 1]) == 1
    assert not nexts[last]
    assert full.get(f"/digests.json?page={last}").json["pages"] == last


def test_evidence_in_the_full_text_says_under_what_it_stands(library: Library) -> None:
    paper = library.paper(1)
    text = "A limit of this invented study is its size."
    for place, said in (("body/discussion", "the full text, under “Discussion”"), ("body", "the full text")):
        evidence = Evidence(paper.versions[0].source_hash, 900, 900 + len(text), text, place)
        digest = replace(
            write_digests(paper)[0], sentences=(DigestSentence("It was small.", Role.LIMIT, evidence),)
        )
        assert [proof.place for proof in to_proofs((evidence,), paper)] == [said]
        assert len(anchored(digest, paper)) == 1


def test_a_sentence_does_not_drown_in_its_evidence(library: Library) -> None:
    paper = library.paper(1)

    def folded(*texts: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        found = [Evidence("", 0, len(text), text, "authors") for text in (*texts, *texts)]
        (proof,) = to_proofs(found, paper)
        assert proof.texts == texts, "one place is named once, and so is each passage"
        return proof.parted

    assert folded("Nairobi", "Lima") == (("Nairobi", "Lima"), ())
    assert folded(*"abcde") == (("a", "b", "c"), ("d", "e"))
    statement = "One author has ties to an invented company. " * 40
    (head,), (rest,) = folded(statement)
    assert len(head) <= LONGEST_SHOWN
    assert head[:-1] + rest[1:] == statement, "nothing is lost, and no word is cut"
    assert rest[1] == " "


def test_places_stand_in_the_order_in_which_they_are_named(library: Library) -> None:
    paper = library.paper(1)
    found = [
        Evidence("", 0, 1, text, place)
        for text, place in (("a", "title"), ("b", "grants"), ("c", "title"), ("d", "body"))
    ]
    assert [(proof.place, proof.texts) for proof in to_proofs(found, paper)] == [
        ("the title", ("a", "c")),
        ("the paper’s record: funding", ("b",)),
        ("the full text", ("d",)),
    ]


@pytest.mark.parametrize(
    ("place", "code", "told"),
    [
        ("study_type", "diagnostic", "Test or diagnosis study"),
        ("kind", "preprint", "Preprint"),
        ("notices/0", "concern", "Expression of concern"),
        ("trials/0", "isrctn ISRCTN00000000", "ISRCTN registry ISRCTN00000000"),
        ("study_type", "unheard-of", "unheard-of"),
        ("grants/0", "concern", "concern"),
    ],
)
def test_codes_of_a_record_are_told_in_words(place: str, code: str, told: str) -> None:
    assert in_words(Evidence("", 0, len(code), code, place)) == told
