"""Many rows in few round trips, on either database."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection, models

from lrs.models.statements import StatementId

_ROWS_AT_ONCE: Final = 5_000


def _chunks(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        yield rows[start : start + _ROWS_AT_ONCE]


def begin_storing(count: int) -> tuple[datetime, list[int] | None]:
    """Return the moment of storing, and on PostgreSQL the numbers of ``count`` statements.

    On PostgreSQL the moment is the database's own, taken once this transaction has its id, so
    that whoever sees the oldest running transaction's start knows what is settled. On SQLite the
    write lock is taken first, for the same reason.
    """
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            cursor.execute("DELETE FROM lrs_statementid WHERE seq = -1")
            return datetime.now(UTC), None
        cursor.execute(
            "SELECT clock_timestamp(), pg_current_xact_id()::text, ARRAY(SELECT nextval("
            "pg_get_serial_sequence('lrs_statementid', 'seq')) FROM generate_series(1, %s))",
            [count],
        )
        now, _, seqs = cursor.fetchone()
        return now.astimezone(UTC), seqs


def claim_ids(
    *,
    tenant_id: int,
    uuids: Sequence[UUID],
    stored: Sequence[datetime],
    seqs: Sequence[int] | None,
) -> dict[UUID, int]:
    """Return the numbers of those ids that were free and are now taken.

    Ids are taken in one order whatever order they were sent in, so that two writers with the same
    ids wait for one another and never deadlock.
    """
    rows: list[tuple[Any, ...]]
    if seqs is None:
        columns = ["tenant", "uuid", "stored"]
        rows = [(tenant_id, *row) for row in zip(uuids, stored, strict=True)]
    else:
        columns = ["tenant", "uuid", "stored", "seq"]
        rows = [(tenant_id, *row) for row in sorted(zip(uuids, stored, seqs, strict=True))]
    fields = _fields(StatementId, columns)
    names = ", ".join(str(field.column) for field in fields)
    one = f"({', '.join(['%s'] * len(fields))})"
    claimed: dict[UUID, int] = {}
    with connection.cursor() as cursor:
        for chunk in _chunks(rows):
            values = ", ".join([one] * len(chunk))
            cursor.execute(
                f"INSERT INTO lrs_statementid ({names}) VALUES {values}"  # noqa: S608 - no input
                " ON CONFLICT (tenant_id, uuid) DO NOTHING RETURNING uuid, seq",
                [value for row in chunk for value in _prepared(fields, row)],
            )
            for uuid, seq in cursor.fetchall():
                claimed[uuid if isinstance(uuid, UUID) else UUID(uuid)] = seq
    return claimed


def _fields(model: type[models.Model], names: Sequence[str]) -> list["models.Field[Any, Any]"]:
    fields = {field.name: field for field in model._meta.concrete_fields}
    return [fields[name] for name in names]


def _prepared(fields: Sequence["models.Field[Any, Any]"], row: Sequence[Any]) -> list[Any]:
    return [
        field.get_db_prep_save(value, connection) for field, value in zip(fields, row, strict=True)
    ]


def insert_rows(model: type[models.Model], names: Sequence[str], rows: Sequence[Any]) -> None:
    """Insert rows that are known to be new.

    Args:
        model: the table.
        names: its fields.
        rows: tuples of values in that order.
    """
    if not rows:
        return
    fields = _fields(model, names)
    table = model._meta.db_table
    columns = ", ".join(str(field.column) for field in fields)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        marks = ", ".join(["%s"] * len(fields))
        cursor.executemany(
            f"INSERT INTO {table} ({columns}) VALUES ({marks})",  # noqa: S608 - no input
            [_prepared(fields, row) for row in rows],
        )
