"""Digests put in other words: from the real extractive digester, with a model whose words are known."""

import hashlib
import json
import sys
from importlib.resources import files

import pytest

from domain.digest import Audience, DigestStatus, Role
from domain.errors import ConfigError, DigestRefused, ModelUnavailable
from domain.evidence import Evidence, is_anchored
from domain.facts import Fact, FactKind, FactTable
from domain.ports import Preparing
from summarizer import DIGESTERS, ModelOptions, open_digester
from summarizer.digesting import write_all
from summarizer.gate.digests import digest_faults
from summarizer.models.drafts import NOWHERE, Draft, read_answer
from summarizer.models.generated import WRITTEN, GeneratedDigester, numbered
from summarizer.models.prompting import PROMPTS, Item, Prompt, as_data, section_prompts
from tests.summarizer.invented import STORY, WORDS, Fixed


class Echo:
    """A model that says the evidence as it stands, each sentence in the first section it may stand in."""

    engine = "generative"
    name = "echo"

    def __init__(self, change=lambda text: text):
        self.change = change
        self.asked = []

    def prompts(self, items, roles, audience):
        prompts = section_prompts(items, roles, audience, "json", 9_000, len)
        self.said = {item.number: item for item in items}
        return prompts

    def answers(self, papers):
        self.asked.append(len(papers))
        return [[self._answer(prompt) for prompt in prompts] for prompts in papers]

    def _answer(self, prompt):
        said = [
            {
                "section": min(item.roles, key=list(Role).index),
                "text": self.change(item.evidence.text),
                "evidence": [number],
            }
            for number, item in self.said.items()
            if number in prompt.numbers
        ]
        return json.dumps({"sentences": said})


@pytest.mark.parametrize("audience", Audience)
def test_the_real_digest_in_a_models_words_is_faithful_and_marked(digester, make_paper, audience):
    paper = make_paper()
    base = digester.digest(paper, audience)
    digest = GeneratedDigester(Echo(), digester).digest(paper, audience)
    assert digest.engine == f"generative/{PROMPTS}:echo"
    assert digest.source_hash == base.source_hash
    assert digest.licence == base.licence
    assert {s.writer for s in digest.sentences} <= {"", base.engine}
    assert {s.role for s in digest.sentences} == {s.role for s in base.sentences}
    assert all(s.writer == base.engine for s in digest.sentences if s.role not in WRITTEN)
    for sentence in digest.sentences:
        assert all(is_anchored(e, paper.primary) for e in (sentence.evidence, *sentence.also))
    facts = digester.facts(paper)
    before = {fault.kind for fault in digest_faults(base, facts, paper.primary)}
    assert {fault.kind for fault in digest_faults(digest, facts, paper.primary)} <= before


def test_hard_words_are_explained_where_they_first_stand_now(digester, make_paper):
    digest = GeneratedDigester(Echo(), digester).digest(make_paper(), Audience.PUBLIC)
    assert any(s.terms for s in digest.sentences if not s.writer)
    meanings = [term.meaning for s in digest.sentences for term in s.terms]
    assert len(meanings) == len(set(meanings))
    for sentence in digest.sentences:
        assert all(term.word.lower() in sentence.text.lower() for term in sentence.terms)


def test_a_paper_that_gets_no_digest_gets_none_from_a_model(digester, make_paper):
    generated = GeneratedDigester(Echo(), digester)
    paper = make_paper(licence="CC BY-ND")
    generated.prepare([paper, make_paper(paper_id="p2")], Audience.PUBLIC)
    with pytest.raises(DigestRefused, match="licence-forbids"):
        generated.digest(paper, Audience.PUBLIC)
    assert generated._model.asked == [1]


class Store:
    """Papers and digests in memory, as far as digesting asks for them."""

    def __init__(self, papers):
        self.papers, self.saved = papers, {}

    def pending_digests(self, audience, engine, limit):
        return [paper for paper in self.papers if (paper.id, audience) not in self.saved][:limit]

    def save_digests(self, digests, facts=()):
        self.saved |= {(digest.paper_id, digest.audience): digest for digest in digests}


def test_papers_are_prepared_together_and_only_once(make_paper):
    store = Store([make_paper(sections=[("", WORDS)], paper_id=str(n)) for n in range(5)])
    generated = GeneratedDigester(Echo(), Fixed())
    assert isinstance(generated, Preparing)
    reports = write_all(store, generated, (Audience.PUBLIC, Audience.PROFESSIONAL), batch=3)
    assert generated._model.asked == [3, 3, 2, 2]
    assert {report.published for report in reports.values()} == {5}
    assert {digest.status for digest in store.saved.values()} == {DigestStatus.PUBLISHED}


def test_one_paper_that_breaks_keeps_no_other_from_its_digest(make_paper):
    class Breaking(Echo):
        def answers(self, papers):
            if len(papers) > 1:
                raise RecursionError("invented")
            return super().answers(papers)

    store = Store([make_paper(sections=[("", WORDS)], paper_id=str(n)) for n in range(3)])
    report = write_all(store, GeneratedDigester(Breaking(), Fixed()), (Audience.PUBLIC,))[Audience.PUBLIC]
    assert report.published == 3


def test_a_model_that_is_gone_ends_the_run(make_paper):
    class Gone(Echo):
        def answers(self, papers):
            raise ModelUnavailable("invented")

    store = Store([make_paper(sections=[("", WORDS)])])
    with pytest.raises(ModelUnavailable):
        write_all(store, GeneratedDigester(Gone(), Fixed()), (Audience.PUBLIC,))
    assert not store.saved


def test_without_the_extra_it_is_said_what_to_install(make_paper, monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    generated = open_digester("generative", options=ModelOptions(model="somewhere/model"))
    generated._extractive = Fixed()
    with pytest.raises(ModelUnavailable, match="pip install torch transformers") as raised:
        generated.digest(make_paper(sections=[("", WORDS)]), Audience.PUBLIC)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("name", DIGESTERS[1:])
def test_a_model_must_be_named(name):
    with pytest.raises(ConfigError, match="digest_model"):
        open_digester(name)


def test_no_folder_of_this_machine_is_in_a_name(tmp_path):
    generated = open_digester("generative", options=ModelOptions(model=str(tmp_path / ".")))
    assert generated.name == f"generative/{PROMPTS}:{tmp_path.name}"
    assert open_digester("generative", options=ModelOptions(model="org/small")).name.endswith(":org/small")


def test_evidence_is_what_was_chosen_and_whole_sentences_of_facts(make_paper):
    paper = make_paper(sections=[("", f"{WORDS} Three mice died.")])
    version, text = paper.primary, paper.primary.abstract().text
    start = text.rindex("died")
    fact = Fact(FactKind.HARM, "died", Evidence(version.source_hash, start, start + 4, "died"))
    other = Fact(FactKind.FUNDING, "Nobody", Evidence(version.source_hash, 0, 6, "Nobody", "grants/0"))
    table = FactTable(version.source_hash, (fact, fact, other))
    chosen = Fixed().digest(paper, Audience.PUBLIC).sentences
    items = numbered(chosen, table, version, [*(role for role, _ in STORY), Role.HARM])
    assert [item.evidence.text for item in items] == [*(t for _, t in STORY), "Three mice died."]
    assert items[-1].roles == {Role.HARM}
    assert [item.number for item in items] == list(range(1, len(items) + 1))


def test_much_evidence_is_packed_in_order_without_overlap():
    items = [
        Item(n, Evidence("v", n, n + 1, f"Sentence {n} " + "word " * (n % 40)), frozenset([Role.RESULT]))
        for n in range(1, 200)
    ]
    prompts = section_prompts(items, [Role.RESULT], Audience.PUBLIC, "json", 4_000, len)
    assert len(prompts) > 3
    assert [n for prompt in prompts for n in prompt.numbers] == [item.number for item in items]
    assert all(len(prompt.system) + len(prompt.user) <= 4_000 for prompt in prompts)
    assert len(prompts) < 12


def test_evidence_is_shown_on_one_line_without_marks():
    assert as_data("a\nb\x00c</evidence>d<|im_end|>e[/INST]f\u202eg") == "a b c d e f g"
    assert as_data("p <0.05 and n >5, age <65 years") == "p <0.05 and n >5, age <65 years"


ALL = Prompt("", "", None, (1, 2, 3))


@pytest.mark.parametrize(
    "answer",
    [
        '{"sentences": [{"section": "result", "text": "It shrank.", "evidence": [1, 2]}]}',
        '{"sections": [{"section": "results", "sentences": [{"text": "It shrank.", "evidence": "1, 2"}]}]}',
        '{"result": [{"text": "It shrank.", "evidence": ["1", 2]}]}',
        '[{"role": "Result", "sentence": "It shrank.", "evidence": "[1][2]"}]',
        'Sure!\n```json\n{"section": "result", "text": "It shrank.", "evidence": [1, 2]}\n``` [x] {y}',
        '{"sentences": [{"section": "result", "text": "It shrank.", "evidence": [1, 2]}, {"section": "lim',
        "<think>{}</think>result [1, 2]: It shrank.",
        "- **result** [1,2]: It shrank.",
        "result: It shrank. [1, 2]",
        "result: It shrank [1; 2].",
    ],
)
def test_answers_are_read_with_patience(answer):
    assert read_answer(answer, ALL) == [Draft(Role.RESULT, "It shrank.", (1, 2))]


def test_several_sentences_in_one_rest_on_the_same():
    answer = '{"section": "result", "text": "It shrank. It did not grow.", "evidence": [3]}'
    assert [draft.text for draft in read_answer(answer, ALL)] == ["It shrank.", "It did not grow."]
    assert {draft.numbers for draft in read_answer(answer, ALL)} == {(3,)}


@pytest.mark.parametrize("evidence", ['"first"', '{"a": 1}', "1.5", "true", '"1 or so"'])
def test_evidence_that_cannot_be_read_is_evidence_that_does_not_exist(evidence):
    answer = f'{{"section": "result", "text": "It shrank.", "evidence": [1, {evidence}]}}'
    assert NOWHERE in read_answer(answer, ALL)[0].numbers


def test_other_prompts_have_another_version():
    """When this fails, raise `PROMPTS`, so that digests are written anew, and put the new sum here."""
    folder = files("summarizer").joinpath("prompts")
    texts = [path.read_bytes() for path in sorted(folder.iterdir(), key=lambda path: path.name)]
    known = {1: "ce33c1e6e403e2f0"}
    assert hashlib.sha256(b"\0".join(texts)).hexdigest()[:16] == known[PROMPTS]
