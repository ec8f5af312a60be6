"""Values that are quickly made are the dataclasses that they are written as."""

import copy
import inspect
import pickle
from dataclasses import FrozenInstanceError, dataclass, field, replace

import pytest

from domain.identifiers import Identifiers
from domain.paper import Author, Version, VersionKind
from domain.values import changed, quickly_made


@dataclass(frozen=True, slots=True)
class Written:
    name: str
    many: dict[str, int] = field(default_factory=dict)
    last: str | None = None


@quickly_made
@dataclass(frozen=True, slots=True)
class Made:
    name: str
    many: dict[str, int] = field(default_factory=dict)
    last: str | None = None


def test_it_is_made_as_it_is_written():
    assert inspect.signature(Made).parameters.keys() == inspect.signature(Written).parameters.keys()
    one, other = Made("a"), Made("a")
    assert type(one) is Made
    assert one == other
    assert repr(one) == repr(Written("a")).replace("Written", "Made")
    assert one.many == {}
    assert one.many is not other.many
    assert replace(one, last="z") == Made("a", last="z") != one


def test_it_is_frozen_and_complete():
    with pytest.raises(FrozenInstanceError):
        Made("a").name = "b"  # type: ignore[misc]
    with pytest.raises(TypeError, match="name"):
        Made()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="other"):
        Made("a", other=1)  # type: ignore[call-arg]


def test_it_can_be_copied_and_sent():
    author = Author("Ada Muster", "Muster", "Ada")
    assert pickle.loads(pickle.dumps(author)) == copy.deepcopy(author) == author
    assert {author: 1}[Author("Ada Muster", "Muster", "Ada")] == 1


def test_a_version_is_changed_as_it_is_replaced():
    version = Version(VersionKind.ARTICLE, Identifiers(doi="10.5555/a"), "Invented")
    assert changed(version, title="Other", keywords=("a",)) == replace(
        version, title="Other", keywords=("a",)
    )
    with pytest.raises(KeyError):
        changed(version, no_field=1)
