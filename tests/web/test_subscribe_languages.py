"""Pages about somebody's letters speak the language of the letters. Everything is invented."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from catalog.sqlcatalog import SqlCatalog
from config import load_table
from tests.web.organizers import words
from tests.web.subscribers import Clock, Readers, form_of, opened_readers

PAGES = load_table("letter_pages")
LANGUAGES = tuple(load_table("letters"))


@pytest.fixture
def readers(catalog: SqlCatalog, tmp_path: Path) -> Iterator[Readers]:
    with opened_readers(catalog, tmp_path, Clock()) as found:
        yield found


def leaves(table: dict[str, Any]) -> dict[str, set[str]]:
    """Each text by its path, with the places it has."""
    found = {}
    for key, value in table.items():
        inside = leaves(value) if isinstance(value, dict) else {"": set(re.findall(r"{\w+}", value))}
        found.update({f"{key}/{path}": places for path, places in inside.items()})
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_there_with_its_places(language: str) -> None:
    assert leaves(PAGES[language]) == leaves(PAGES["en"])


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
def test_who_chose_a_language_can_confirm_change_and_stop_in_it(readers: Readers, language: str) -> None:
    sent = readers.ask(letter_language=language)
    assert PAGES[language]["sent_title"] in sent.text
    (letter,) = readers.queued()
    path = readers.link(letter, "subscribe/confirm")
    page = readers.get(path)
    for key in ("yes", "never_told", "never"):
        assert PAGES[language][key] in words(page)
    direction = "rtl" if language == "ar" else "ltr"
    assert f'lang="{language}" dir="{direction}"' in page.text
    readers.post(path, {})
    done = readers.get(path)
    assert PAGES[language]["active_title"] in words(done)
    (own,) = set(re.findall(r"/subscribe/preferences/[\w.-]+", done.text))
    page = readers.get(own)
    said = words(page)
    for key in ("own_title", "pause_title", "kept_title", "erase"):
        assert PAGES[language][key] in said
    assert load_table("letters")[language]["cancer_types"]["breast"] in said
    for english in ("Breast cancer", "How often", "Every week", "Everyone", "Save", "Confirmed"):
        assert english not in said
    wrong = readers.post(own, {**form_of(page, own, "letters"), "zone": "Mars/Base"})
    assert PAGES[language]["unknown_zone"] in words(wrong)
    erased = readers.post(f"{own}/erase", {"sure": "yes"})
    assert PAGES[language]["erased_title"] in words(erased)


def test_the_browser_says_which_language_first(readers: Readers) -> None:
    form = readers.get("/subscribe?kind=topic&cancer_type=breast", **{"Accept-Language": "ar-EG,en;q=0.5"})
    assert '<option value="ar" selected>' in form.text
    broken = readers.get("/unsubscribe/nothing", **{"Accept-Language": "pt-BR"})
    assert PAGES["pt"]["gone_title"] in words(broken)
    assert PAGES["en"]["gone_title"] in words(readers.get("/unsubscribe/nothing"))
