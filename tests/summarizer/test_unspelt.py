"""Short forms whose long forms the gate refuses: told as they stand, and explained."""

import pytest

from domain.digest import Audience, Role
from domain.evidence import Evidence
from summarizer.choosing.choice import Choice
from summarizer.choosing.plans import load_plan
from summarizer.plain import telling
from summarizer.plain.telling import Teller
from summarizer.plain.terms import load_glossary
from summarizer.text.abbreviations import Speller, find_abbreviations
from summarizer.text.tagging import open_tagger

KNOWN = find_abbreviations("The leaf song scale (LSS) was used, and the far hum count (FHC).")
FIRST, NEXT = "The LSS rose in 12 of 20 children.", "The FHC and the LSS fell in winter."


def choice(text: str, index: int) -> Choice:
    return Choice(text, Evidence("", index * 100, index * 100 + len(text), text), Role.RESULT, "", index)


@pytest.fixture
def tell(monkeypatch):
    """What is told where the gate objects to one text."""

    def told(refused):
        monkeypatch.setattr(telling, "_objects", lambda texts, source, permitted: refused in " ".join(texts))
        teller = Teller(load_plan(Audience.PUBLIC), load_glossary(), KNOWN, open_tagger())
        every = [s for one in teller.tell([choice(FIRST, 2), choice(NEXT, 5)]) for s in one.sentences]
        return [(s.text, {term.word: term.meaning for term in s.terms}) for s in every]

    return told


def test_a_short_form_that_cannot_be_spelt_out_is_explained(tell):
    first, after = tell("song scale (LSS) rose")
    assert first == (FIRST, {"LSS": "Leaf song scale."})
    assert after[0] == "The far hum count and the leaf song scale fell in winter."


def test_a_short_form_is_spelt_out_where_it_can_be(tell):
    first, after = tell("nothing of it")
    assert first == ("The leaf song scale (LSS) rose in 12 of 20 children.", {})
    assert after[0] == "The far hum count and the LSS fell in winter."


@pytest.mark.parametrize("text", ["The leaf song scale (LSS) rose.", "CT rose.", "LSS-2 rose."])
def test_what_is_defined_or_known_is_not_unspelt(text):
    speller = Speller({**KNOWN, **find_abbreviations("Then computed tomography (CT) was done.")})
    assert speller.unspelt(text) == {}
    assert speller.unspelt("LSSs rose and CT fell.") == {"LSSs": "leaf song scale"}
