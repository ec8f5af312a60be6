"""The tables of the scheduler: who may start jobs, and what each job last did."""

from sqlalchemy import Column, Integer, Table, Text

from catalog.tables import KEY, LONG, METADATA

leases = Table(
    "leases",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("holder", Text, nullable=False, doc="empty: nobody"),
    Column("fence", LONG, nullable=False, doc="rises each time that another takes it"),
    Column("beat", LONG, nullable=False, doc="rises as long as the holder lives"),
    sqlite_with_rowid=False,
)

jobs = Table(
    "jobs",
    METADATA,
    Column("name", KEY, primary_key=True),
    Column("every_minutes", Integer, nullable=False),
    Column("number", LONG, nullable=False, doc="how often it was started"),
    Column("started_at", Text, nullable=False, doc="empty: never"),
    Column("finished_at", Text, nullable=False, doc="of the run that started then; empty: not yet"),
    Column("code", Integer, doc="the exit code of the last run that ended"),
    Column("next_at", Text, nullable=False),
    sqlite_with_rowid=False,
)
