"""`SqlSchedule`: the `Schedule` port over a database. Each method is one transaction."""

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from catalog.database import Database
from catalog.scheduletables import jobs, leases
from catalog.statements import upsert
from domain.errors import Superseded
from domain.instants import to_timestamp
from domain.scheduling import JobState, Lease


class SqlSchedule:
    """Leases and jobs, on SQLite or PostgreSQL. Threads may share it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def lease(self, name: str) -> Lease | None:
        """The lease as it stands; None: nobody ever took it."""
        with self._database.read() as connection:
            return _read(connection, name)

    def take(self, name: str, holder: str, seen: Lease | None) -> Lease | None:
        """Take the lease, if it still is as it was `seen`; None: somebody was faster."""
        with self._database.write() as connection:
            if _read(connection, name) != seen:
                return None
            taken = Lease(name, holder, seen.fence + 1 if seen else 1, 0)
            upsert(connection, leases, [{"name": name, "holder": holder, "fence": taken.fence, "beat": 0}])
            return taken

    def beat(self, lease: Lease) -> Lease:
        """Show that the holder lives. Raises `Superseded`."""
        with self._database.write() as connection:
            held = _check(connection, lease)
            raised = Lease(held.name, held.holder, held.fence, held.beat + 1)
            connection.execute(update(leases).where(leases.c.name == lease.name).values(beat=raised.beat))
            return raised

    def release(self, lease: Lease) -> None:
        """Give it back; nothing where another has it."""
        ours = (leases.c.name == lease.name) & (leases.c.fence == lease.fence)
        with self._database.write() as connection:
            connection.execute(update(leases).where(ours).values(holder="", beat=leases.c.beat + 1))

    def plan(self, lease: Lease, planned: list[JobState]) -> None:
        """Say which jobs there are and when each is next; others are forgotten. Raises `Superseded`."""
        names = [job.name for job in planned]
        with self._database.write() as connection:
            _check(connection, lease)
            connection.execute(delete(jobs).where(jobs.c.name.not_in(names)))
            known = set(connection.execute(select(jobs.c.name)).scalars())
            for job in planned:
                if job.name in known:
                    due = {"every_minutes": job.every_minutes, "next_at": job.next_at}
                    connection.execute(update(jobs).where(jobs.c.name == job.name).values(due))
                else:
                    connection.execute(insert(jobs).values(_row(job)))

    def begin(self, lease: Lease, job: str, number: int, now: datetime, next_at: datetime) -> bool:
        """Note that run `number` of a job starts; False where it was started already. Raises `Superseded`."""
        turn = (jobs.c.name == job) & (jobs.c.number == number - 1)
        begun = {
            "number": number,
            "started_at": to_timestamp(now),
            "finished_at": "",
            "next_at": to_timestamp(next_at),
        }
        with self._database.write() as connection:
            _check(connection, lease)
            return connection.execute(update(jobs).where(turn).values(begun)).rowcount == 1

    def finish(
        self, job: str, number: int, code: int, now: datetime, next_at: datetime | None = None
    ) -> None:
        """Note how that run ended, and when the next begins, if that is another time than was said when it
        began; nothing, when a later one has begun.
        """
        run = (jobs.c.name == job) & (jobs.c.number == number)
        ended: dict[str, object] = {"finished_at": to_timestamp(now), "code": code}
        if next_at:
            ended["next_at"] = to_timestamp(next_at)
        with self._database.write() as connection:
            connection.execute(update(jobs).where(run).values(ended))

    def jobs(self) -> list[JobState]:
        """Every job, by name."""
        with self._database.read() as connection:
            return [
                JobState(**row._mapping) for row in connection.execute(select(jobs).order_by(jobs.c.name))
            ]


def _row(job: JobState) -> dict[str, object]:
    return {name: getattr(job, name) for name in jobs.c.keys()}  # noqa: SIM118 - columns, not a mapping


def _read(connection: Connection, name: str) -> Lease | None:
    row = connection.execute(select(leases).where(leases.c.name == name)).first()
    return Lease(**row._mapping) if row else None


def _check(connection: Connection, lease: Lease) -> Lease:
    held = _read(connection, lease.name)
    if held is None or (held.holder, held.fence) != (lease.holder, lease.fence):
        raise Superseded(f"another {lease.name} has taken over")
    return held
