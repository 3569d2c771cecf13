# ruff: noqa: S608 - made of constants and dates
"""On PostgreSQL the log is cut into partitions by time, one for each quarter of a year.

Whatever has no partition goes into the default one, so that nothing is ever refused. A partition
is made beside the log, takes over what the default one holds of its time, and is attached: writers
wait for the move, readers for its last moment only.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from django.db import OperationalError, connection, transaction

TABLES: Final = ("lrs_statement", "lrs_statementkey")
YEARS: Final = range(2010, 2040)
"""Those that may have partitions, from before the standard; the rest stays in the default one."""

_ONE_AT_A_TIME: Final = 7_301_455_120
_PATIENCE_MILLISECONDS: Final = 3_000


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """Three months of one year, in UTC."""

    year: int
    number: int
    """1 to 4."""

    @classmethod
    def of(cls, instant: datetime) -> "Quarter":
        """Return the quarter an instant is in."""
        moment = instant.astimezone(UTC)
        return cls(moment.year, 1 + (moment.month - 1) // 3)

    @property
    def next(self) -> "Quarter":
        """The one after it."""
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    @property
    def start(self) -> datetime:
        """Its first instant."""
        return datetime(self.year, 3 * self.number - 2, 1, tzinfo=UTC)

    def table(self, of: str) -> str:
        """Return the name of its partition of a table."""
        return f"{of}_{self.year}_{self.number}"


def quarters_from(first: Quarter, count: int) -> Iterator[Quarter]:
    """Yield so many quarters one after another."""
    for _ in range(count):
        yield first
        first = first.next


def is_partitioned() -> bool:
    """Return whether this database cuts the log into partitions at all."""
    return connection.vendor == "postgresql"


def missing_partitions(quarters: Iterable[Quarter]) -> list[Quarter]:
    """Return those that have no partition of their own and may have one, in order."""
    there = {table: _partitions(table) for table in TABLES}
    return [
        one
        for one in sorted(set(quarters))
        if one.year in YEARS and any(one.table(of) not in there[of] for of in TABLES)
    ]


def unsettled_quarters() -> list[Quarter]:
    """Return the quarters of which the default partitions hold something, in order."""
    found: set[Quarter] = set()
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(
                f"SELECT DISTINCT date_trunc('quarter', stored AT TIME ZONE 'UTC') FROM {table}_default"
            )
            found.update(Quarter.of(row[0].replace(tzinfo=UTC)) for row in cursor.fetchall())
    return sorted(found)


def make_partition(quarter: Quarter) -> bool:
    """Give a quarter its partitions; return whether it has them now.

    Each table in a transaction of its own. Somebody else's lock is waited for only briefly, since
    others wait behind us: then it is not made, and the next sweep tries again.
    """
    try:
        for table in TABLES:
            with transaction.atomic():
                _make(table, quarter)
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", None) in ("55P03", "40P01"):
            return False
        raise
    return True


def _partitions(table: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid"
            " WHERE i.inhparent = %s::regclass",
            [table],
        )
        return {row[0] for row in cursor.fetchall()}


def _make(table: str, quarter: Quarter) -> None:
    name = quarter.table(table)
    bounds = [quarter.start.isoformat(), quarter.next.start.isoformat()]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])
        if name in _partitions(table):
            return
        cursor.execute(f"SET LOCAL lock_timeout = {_PATIENCE_MILLISECONDS}")
        cursor.execute(f"CREATE TABLE {name} (LIKE {table} INCLUDING DEFAULTS INCLUDING INDEXES)")
        # a writer that had looked up its partition before would end in the default one, which no
        # longer takes it: those under way finish first, the others look afterwards
        cursor.execute(f"LOCK TABLE ONLY {table} IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute(
            f"WITH moved AS (DELETE FROM {table}_default WHERE stored >= %s AND stored < %s"
            f" RETURNING *) INSERT INTO {name} SELECT * FROM moved",
            bounds,
        )
        cursor.execute(
            f"ALTER TABLE {table} ATTACH PARTITION {name} FOR VALUES FROM (%s) TO (%s)", bounds
        )
        cursor.execute("SET LOCAL lock_timeout TO DEFAULT")
