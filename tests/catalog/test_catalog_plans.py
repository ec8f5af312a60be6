"""Questions that are asked often go through an index and not through all that there is."""

import pytest
from sqlalchemy import Connection, event, text

from catalog.database import Database
from catalog.marks import read_keys
from catalog.reading import read_counts, read_holdings
from tests.catalog.invented import article, saved, version


@pytest.fixture
def url(fresh_url):
    return fresh_url


def plan(connection: Connection, question, number: int = 0) -> str:
    """How the database would go about the first (or a later) thing that `question` asks."""
    asked = []
    event.listen(connection, "before_cursor_execute", lambda *facts: asked.append(facts[2:4]))
    question()
    statement, values = asked[number]
    if connection.dialect.name == "sqlite":
        found = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        return "\n".join(row[3] for row in found)
    connection.execute(text("SET LOCAL enable_seqscan = off"))
    connection.execute(text("SET LOCAL enable_bitmapscan = off"))
    return "\n".join(row[0] for row in connection.exec_driver_sql(f"EXPLAIN {statement}", values))


def test_keys_of_a_scheme_are_read_in_their_order_without_a_sort(catalog):
    catalog.save([article(n) for n in range(5)])
    with catalog._database.read() as connection:
        found = plan(connection, lambda: read_keys(connection, "doi", "10.5555/a1", 2))
    assert "TEMP B-TREE" not in found
    assert "Sort" not in found
    assert "work_keys" in found.partition("works")[0], "that table comes first"


def test_records_of_each_source_are_counted_by_an_index_of_nothing_else(catalog):
    catalog.save([article(n) for n in range(5)])
    with catalog._database.read() as connection:
        found = plan(connection, lambda: read_holdings(connection))
    assert "ix_records_source_standing" in found
    assert "TEMP B-TREE" not in found


def test_no_paper_is_read_to_count_them(catalog):
    """A page that everyone opens has the counts: to read a million papers for them took minutes."""
    catalog.save([article(n) for n in range(5)])
    catalog.delete("alpha", ["a1"])
    asked: list[tuple[str, object]] = []
    with catalog._database.read() as connection:
        event.listen(connection, "before_cursor_execute", lambda *facts: asked.append(facts[2:4]))
        assert read_counts(connection)["deleted"] == 1
        plans = {text: through(connection, text, values) for text, values in list(asked)}
    assert len(plans) == 7, "two are the same but for a value"
    assert {text: tables for text, tables in plans.items() if "works" in tables} == {}


def test_keys_stand_in_the_order_of_bytes(catalog):
    """PostgreSQL would put them in that of a language, where small and great letters stand together."""
    names = ["10.5555/b", "10.5555/B_", "10.5555/-", "10.5555/a(1)", "10.5555/\u00e4"]
    catalog.save([article(n) for n in range(2)])
    with catalog._database.begin() as connection:
        connection.execute(
            text("INSERT INTO work_keys (key, work_id, own) SELECT :key, max(id), true FROM works"),
            [{"key": f"doi:{name}"} for name in names],
        )
    everything = catalog.keys("doi", "", 100)
    assert everything == sorted(everything)
    assert set(names) <= set(everything)


def test_what_was_written_is_counted_on_closing(url, open_here):
    catalog = open_here()
    catalog.save([article(n) for n in range(3)])
    catalog.close()
    database = Database(url)
    if database.is_sqlite:
        with database.read() as connection:
            assert connection.execute(text("SELECT count(*) FROM sqlite_stat1")).scalar_one() > 0
    database.close()


_SMALL = {"decisions", "counters", "json_each", "unnest"}
"""What holds little: an operator's decisions, one row of numbers, what was asked for."""


def test_nothing_that_a_page_asks_goes_through_a_table(catalog):
    catalog.save([article(n) for n in range(5)])
    asked: dict[str, object] = {}
    engine = catalog._database.engine
    event.listen(engine, "before_cursor_execute", lambda *facts: asked.setdefault(facts[2], facts[3]))
    catalog.save([article(1), saved("a2", version("10.5555/a2", title="Changed")), article(7)])
    catalog.save([saved("b", version("10.5555/b", links=["doi:10.5555/a1"]), "beta")])
    catalog.delete("alpha", ["a1"])
    with catalog._database.read() as connection:
        plans = {text: gone_through(connection, text, values) for text, values in list(asked.items())}
    assert len(plans) > 15
    assert {text: tables for text, tables in plans.items() if tables - _SMALL} == {}


def gone_through(connection: Connection, statement: str, values) -> set[str]:
    """The tables whose rows the database would go through one by one, or those of an index."""
    return through(connection, statement, values, indexes=True)


def through(connection: Connection, statement: str, values, *, indexes: bool = False) -> set[str]:
    """The same; the rows of an index, which are short, only with `indexes`."""
    if not statement.startswith(("SELECT", "UPDATE", "DELETE")):
        return set()
    values = values[0] if isinstance(values, list) else values
    if connection.dialect.name == "sqlite":
        steps = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]
        scans = [step for step in steps if step.startswith("SCAN") and (indexes or " INDEX " not in step)]
        return {step.split()[1] for step in scans}
    connection.execute(text("SET LOCAL enable_seqscan = off"))
    found = connection.exec_driver_sql(f"EXPLAIN {statement}", values)
    return {row[0].partition("Seq Scan on ")[2].split()[0] for row in found if "Seq Scan on" in row[0]}
