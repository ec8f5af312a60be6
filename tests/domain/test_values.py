"""Values that are quickly made are the dataclasses that they are written as."""

import copy
import inspect
import pickle
from dataclasses import FrozenInstanceError, dataclass, field, replace

import pytest

from domain.identifiers import Identifiers
from domain.paper import Author, Version, VersionKind
from domain.values import changed, made_once, quickly_made


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
    with pytest.raises(TypeError, match="no_field"):
        changed(version, no_field=1)


@dataclass(frozen=True, slots=True)
class WithKeyword:
    name: str = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class WithoutInit:
    name: str = field(default="", init=False)


@dataclass(frozen=True, slots=True)
class WithCheck:
    name: str

    def __post_init__(self) -> None:
        raise ValueError(self.name)


@pytest.mark.parametrize("cls", [WithKeyword, WithoutInit, WithCheck])
def test_what_is_made_otherwise_is_refused(cls):
    with pytest.raises(TypeError, match=cls.__name__):
        quickly_made(cls)


def test_a_subclass_is_refused_since_it_would_be_made_as_its_base():
    with pytest.raises(TypeError, match=r"Sub cannot be made of Made"):

        class Sub(Made):
            pass


def test_what_is_made_once_is_kept_by_each():
    made = []

    @dataclass(frozen=True)
    class Word:
        text: str

        @made_once
        def letters(self) -> tuple[str, ...]:
            """Its letters."""
            made.append(self.text)
            return tuple(self.text)

    one, other = Word("ab"), Word("c")
    assert [one.letters, one.letters, other.letters] == [("a", "b"), ("a", "b"), ("c",)]
    assert made == ["ab", "c"]
    assert one == Word("ab")
    with pytest.raises(FrozenInstanceError):
        one.letters = ()
    assert Word.letters.__doc__ == "Its letters."  # the class tells of it, and makes nothing
