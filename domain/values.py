"""Frozen values that are made as fast as others.

Python sets each field of a frozen dataclass by a call, which took a fifteenth of an import: a version has
thirty fields. Here a value is of an open class while its fields are set, and frozen before anyone sees it.
"""

from collections.abc import Callable, Hashable
from dataclasses import MISSING, fields
from functools import cache
from operator import attrgetter
from typing import Any, Generic, NoReturn, Self, TypeVar, cast, overload

_T = TypeVar("_T")
_CLASS = object.__dict__["__class__"]
"""What an object is of, which may be set though the fields of a frozen one may not."""


def quickly_made(cls: type[_T]) -> type[_T]:
    """The dataclass `cls`, frozen and with slots, which when it is made does no more than keep its fields.

    TypeError where it would do more, or take its fields in another way; it has no subclasses.
    """
    if hasattr(cls, "__post_init__") or any(f.kw_only or not f.init for f in fields(cls)):  # type: ignore[arg-type]
        raise TypeError(f"{cls.__name__} does more when it is made than keep its fields in turn")
    open_class = type(cls.__name__, (), {"__slots__": cls.__slots__})  # type: ignore[attr-defined]
    known: dict[str, Any] = {"Open": open_class, "Frozen": cls, "turn": _CLASS.__set__}
    given, body = ["self"], ["turn(self, Open)"]
    for field in fields(cls):  # type: ignore[arg-type]
        name = field.name
        if field.default_factory is not MISSING:
            known[f"make_{name}"], known[f"none_{name}"] = field.default_factory, MISSING
            given.append(f"{name}=none_{name}")
            body.append(f"self.{name} = make_{name}() if {name} is none_{name} else {name}")
        else:
            known[f"default_{name}"] = field.default
            given.append(name if field.default is MISSING else f"{name}=default_{name}")
            body.append(f"self.{name} = {name}")
    body.append("self.__class__ = Frozen")
    exec(f"def __init__({', '.join(given)}):\n " + "\n ".join(body), known)  # noqa: S102 - as dataclasses do
    made = known["__init__"]
    made.__qualname__, made.__annotations__ = cls.__init__.__qualname__, cls.__init__.__annotations__
    setattr(cls, "__init__", made)  # noqa: B010 - mypy knows no other way
    setattr(cls, "__init_subclass__", classmethod(_refuse))  # noqa: B010
    return cls


def _refuse(cls: type[object]) -> NoReturn:
    raise TypeError(
        f"{cls.__name__} cannot be made of {cls.__mro__[1].__name__}, which is always made as itself"
    )


class made_once(Generic[_T]):  # noqa: N801 - reads as the decorator that it is
    """A property that is made when it is first asked for, and kept: as `functools.cached_property`, without
    the lock that this takes before Python 3.12, which costs more than most of what is made here."""

    def __init__(self, make: Callable[[Any], _T]) -> None:
        self._make = make
        self.__doc__ = make.__doc__

    def __set_name__(self, owner: type[object], name: str) -> None:
        self._name = name

    @overload
    def __get__(self, instance: None, owner: type[object]) -> Self: ...

    @overload
    def __get__(self, instance: object, owner: type[object] | None = None) -> _T: ...

    def __get__(self, instance: object | None, owner: type[object] | None = None) -> _T | Self:
        if instance is None:
            return self  # asked of the class, as by `help`
        made = instance.__dict__[self._name] = self._make(instance)
        return made


def changed(value: _T, **changes: object) -> _T:
    """`value`, a dataclass of several fields, with others: as by `dataclasses.replace`, and sooner."""
    read, places = _reader(cast("Hashable", type(value)))
    values = list(read(value))
    for name, new in changes.items():
        if name not in places:
            raise TypeError(f"{type(value).__name__} has no field {name!r}")
        values[places[name]] = new
    return type(value)(*values)


@cache
def _reader(cls: type[Any]) -> tuple[Callable[[object], tuple[object, ...]], dict[str, int]]:
    names = [field.name for field in fields(cls)]
    return attrgetter(*names), {name: place for place, name in enumerate(names)}
