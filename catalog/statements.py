"""Statements whose text is the same however many rows or keys they are about: each is put together once.

SQLAlchemy would write and prepare a statement anew for every number of keys, which cost a page of a harvest
more than the database did.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from operator import itemgetter
from typing import Any, Literal, TypeVar

import msgspec
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Connection,
    Dialect,
    Executable,
    Table,
    Text,
    TypeDecorator,
    bindparam,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import NullType, TypeEngine

_T = TypeVar("_T")
_CHUNK = 900
_Known = Literal["overwrite", "leave"]
"""What becomes of a row whose key is there already."""


def upsert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert `rows`, or overwrite those that have the same primary key."""
    _insert(connection, table, rows, "overwrite")


def insert_new(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert those of `rows` whose key is not there yet."""
    _insert(connection, table, rows, "leave")


def insert_all(
    connection: Connection, table: Table, names: tuple[str, ...], rows: Sequence[tuple[Any, ...]]
) -> None:
    """Insert `rows`, values of the columns `names`, none of which is there yet."""
    if not rows:
        return
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(_insertion_text(table.name, names), list(rows))
    else:
        connection.execute(table.insert(), [dict(zip(names, row, strict=True)) for row in rows])


@lru_cache(maxsize=200)
def _insertion_text(table: str, names: tuple[str, ...]) -> str:
    """So simple a statement needs no compiler, which takes as long as a dozen rows."""
    columns = ", ".join(f'"{name}"' for name in names)
    return f'INSERT INTO "{table}" ({columns}) VALUES ({", ".join("?" * len(names))})'  # noqa: S608 - our names


def _insert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], known: _Known) -> None:
    if rows:
        execute_many(connection, _insertion(connection.dialect.name, table, tuple(rows[0]), known), rows)


@lru_cache(maxsize=200)
def _insertion(dialect: str, table: Table, names: tuple[str, ...], known: _Known) -> Executable:
    into: sqlite.Insert | postgresql.Insert = (sqlite if dialect == "sqlite" else postgresql).insert(table)
    into = into.values({name: bindparam(name) for name in names})
    if known == "leave":
        return into.on_conflict_do_nothing()
    keys = [column.name for column in table.primary_key]
    others = {name: into.excluded[name] for name in names if name not in keys}
    return into.on_conflict_do_update(index_elements=keys, set_=others)


def execute_many(connection: Connection, statement: Executable, rows: Sequence[Mapping[str, Any]]) -> None:
    """Execute `statement` once for each row. SQLite's driver is given the rows themselves: a third of what
    a save costs would be spent on naming their values."""
    if connection.dialect.name != "sqlite":
        connection.execute(statement, list(rows))
        return
    text, names = _compiled(connection.dialect, statement)
    # Of one name the getter would give the value itself, not a row of one.
    values = list(map(itemgetter(*names), rows)) if len(names) > 1 else [(row[names[0]],) for row in rows]
    connection.exec_driver_sql(text, values)


@lru_cache(maxsize=200)
def _compiled(dialect: Dialect, statement: Executable) -> tuple[str, tuple[str, ...]]:
    compiled: SQLCompiler = statement.compile(dialect=dialect)  # type: ignore[attr-defined]
    return str(compiled), tuple(compiled.positiontup or ())


class _Texts(TypeDecorator[Sequence[str]]):
    """Many texts as one value: an array, or JSON where there are none."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else ARRAY(Text()))

    def process_bind_param(self, value: Iterable[str] | None, dialect: Dialect) -> Any:  # noqa: ANN401
        texts = list(value or ())
        return msgspec.json.encode(texts).decode() if dialect.name == "sqlite" else texts


class among(FunctionElement[Any]):  # noqa: N801 - reads as the function of SQL that it stands for
    """`among(column, "names")`: whether the column is one of the texts given as the parameter `names`."""

    type: TypeEngine[Any] = (
        NullType()
    )  # of a boolean SQLAlchemy would ask whether it is 1, which no index can tell SQLite
    inherit_cache = True

    def __init__(self, column: ColumnElement[Any], name: str) -> None:
        super().__init__(column, bindparam(name, type_=_Texts()))


@compiles(among, "sqlite")
def _among_in_sqlite(element: among, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    column, texts = (compiler.process(part, **options) for part in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({texts}))"  # noqa: S608 - both are parts of a statement


@compiles(among, "postgresql")
def _among_in_postgresql(element: among, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    column, texts = (compiler.process(part, **options) for part in element.clauses)
    return f"{column} = ANY ({texts})"


def to_chunks(values: Iterable[_T]) -> Iterator[list[_T]]:
    """`values` in lists short enough for one statement's parameters."""
    iterator = iter(values)
    while chunk := list(islice(iterator, _CHUNK)):
        yield chunk
