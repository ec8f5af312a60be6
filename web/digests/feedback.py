"""What readers send about a digest: a correction they propose, and whether it was clear."""

from collections.abc import Mapping

from config import load_table
from domain.digest import Audience
from domain.errors import NotFound
from web.forms import FormRefused, Forms, is_trapped
from web.params import clean
from web.site import Site

LONGEST_NOTE = 2_000
LONGEST_NAME = 80
_SHORTEST_NOTE = 10
_ANSWERS = {"yes": True, "no": False}


def purpose(what: str, paper_id: str, audience: str) -> str:
    """What a form's token is good for."""
    return f"{what}/{paper_id}/{audience}"


def take_suggestion(
    site: Site, forms: Forms, key: tuple[str, str], form: Mapping[str, str], who: str
) -> None:
    """Keep a proposed correction for reviewers. Raises `FormRefused`, `NotFound`."""
    audience = _begin(forms, "suggest", key, form)
    note = "\n".join(line for text in form.get("note", "").splitlines() if (line := clean(text)))
    if is_trapped(form):
        return
    if not _SHORTEST_NOTE <= len(note) <= LONGEST_NOTE:
        raise FormRefused(400, f"Tell us in {_SHORTEST_NOTE} to {LONGEST_NOTE} characters what is wrong.")
    forms.slow_down("suggest", who)
    site.catalog.suggest(key[0], audience, clean(form.get("name", ""))[:LONGEST_NAME], note)


def take_clarity(site: Site, forms: Forms, key: tuple[str, str], form: Mapping[str, str], who: str) -> None:
    """Add a reader's answers to the pool, once a day. Raises `FormRefused`, `NotFound`."""
    audience = _begin(forms, "clear", key, form)
    given = [_ANSWERS.get(form.get(question["name"], "")) for question in load_table("review")["questions"]]
    if is_trapped(form):
        return
    found, meaning, limits = given
    if found is None or meaning is None or limits is None:
        raise FormRefused(400, "Please answer each of the three questions with yes or no.")
    forms.slow_down("clear", who)
    if not forms.is_hasty("clear-once", who, about="/".join(key)):
        site.catalog.tell_clarity(key[0], audience, (found, meaning, limits))


def _begin(forms: Forms, what: str, key: tuple[str, str], form: Mapping[str, str]) -> Audience:
    if key[1] not in set(Audience):
        raise NotFound("audience", key[1])
    forms.check(purpose(what, *key), form)
    return Audience(key[1])
