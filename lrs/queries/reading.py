# ruff: noqa: S608 - made of constants; every value is a parameter
"""Reading one tenant's log from a cursor on, without ever passing by a statement.

As `lrs.queries.following` does for all tenants at once; here by an index that begins with the
tenant, so that a page takes as long at the end of a large log as at its beginning.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection

from lrs.models import Reference, Statement, Tenant
from lrs.rules.reading import BEGINNING, Reach, read_cursor, write_cursor

_EDGE: Final = """
WITH snapshot AS MATERIALIZED (SELECT pg_current_snapshot() AS s)
SELECT coalesce(
  (SELECT min(x::text::numeric) FROM snapshot, pg_snapshot_xip(s) AS x
    WHERE NOT EXISTS (
      SELECT 1 FROM pg_stat_activity a
      WHERE a.backend_xid = x::xid
        AND a.datid <> (SELECT oid FROM pg_database WHERE datname = current_database()))),
  (SELECT pg_snapshot_xmax(s)::text::numeric FROM snapshot))::bigint,
  pg_current_xact_id_if_assigned()::text::bigint
"""
LOOKED_AT: Final = 2_000
"""How many statements a page looks at, at least, to find those it may show."""

_COLUMNS: Final = (
    "seq, stored, uuid, actor_key, verb_key, object_key, registration_key, authority_key"
)


@dataclass(frozen=True, slots=True)
class ReadPlace:
    """A statement of the log by its keys, without its text."""

    reach: Reach
    stored: datetime
    uuid: UUID
    actor_key: int | None
    verb_key: int
    object_key: int | None
    registration_key: int | None
    authority_key: int | None


@dataclass(frozen=True, slots=True)
class ReadText:
    """What is given back of a statement, and whether it is void by now."""

    payload: str
    is_void: bool


def places_after(*, tenant: Tenant, after: Reach, limit: int) -> list[ReadPlace]:
    """Return up to ``limit`` statements of a tenant that come next in the order of reading.

    None can turn up before one that was returned: on PostgreSQL the order is that of
    (transaction, number) and ends below the oldest transaction that is still writing; on SQLite,
    where one writes at a time, it is that of numbers.
    """
    if connection.vendor == "postgresql":
        return _on_postgres(tenant, after, limit)
    rows = (
        Statement.objects.filter(tenant=tenant, seq__gt=after.seq)
        .order_by("seq")
        .values_list(*_COLUMNS.split(", "))[:limit]
    )
    return [ReadPlace(Reach(0, seq), *rest) for seq, *rest in rows]


def _on_postgres(tenant: Tenant, after: Reach, limit: int) -> list[ReadPlace]:
    with connection.cursor() as cursor:
        # what is below the edge now is there for whoever looks later
        cursor.execute(_EDGE)
        edge, own = cursor.fetchone()
        settled, values = "xid < %s::text::xid8", [str(edge)]
        if own is not None and own >= edge:
            settled = f"({settled} OR xid = %s::text::xid8)"
            values.append(str(own))
        cursor.execute(
            f"SELECT xid::text, {_COLUMNS} FROM lrs_statement WHERE tenant_id = %s"
            f" AND xid >= %s::text::xid8 AND (xid, seq) > (%s::text::xid8, %s) AND {settled}"
            " ORDER BY xid, seq LIMIT %s",
            [tenant.id, str(after.xid), str(after.xid), after.seq, *values, limit],
        )
        return [ReadPlace(Reach(int(xid), seq), *rest) for xid, seq, *rest in cursor.fetchall()]


def end_of_log(*, tenant: Tenant) -> Reach:
    """Return a place after everything that is settled by now, to begin "from now on"."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(_EDGE)
            edge, _own = cursor.fetchone()
        return Reach(edge - 1, 2**63 - 1)
    newest = Statement.objects.filter(tenant=tenant).order_by("-seq").values_list("seq", flat=True)
    return Reach(0, newest.first() or 0)


def newest_place(*, tenant: Tenant) -> Reach:
    """Return the last statement of a tenant in the order of reading, settled or not."""
    xid = "xid::text" if connection.vendor == "postgresql" else "0"
    order = "xid DESC, seq DESC" if connection.vendor == "postgresql" else "seq DESC"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {xid}, seq FROM lrs_statement WHERE tenant_id = %s ORDER BY {order} LIMIT 1",
            [tenant.id],
        )
        row = cursor.fetchone()
    return BEGINNING if row is None else Reach(int(row[0]), row[1])


def count_of_statements(*, tenant: Tenant) -> int:
    """Return how many statements a tenant has."""
    return Statement.objects.filter(tenant=tenant).count()


def texts_at(*, tenant: Tenant, places: Sequence[tuple[int, datetime]]) -> dict[int, ReadText]:
    """Return the statements with these numbers; those that are gone are left out."""
    rows = list(Statement.objects.at(places).values_list("seq", "uuid", "is_voiding", "payload"))
    voided = set(
        Reference.objects.filter(
            tenant=tenant, is_voiding=True, target__in=[uuid for _, uuid, _, _ in rows]
        ).values_list("target", flat=True)
    )
    return {
        seq: ReadText(payload, uuid in voided and not is_voiding)
        for seq, uuid, is_voiding, payload in rows
    }


@dataclass(frozen=True, slots=True)
class ReadPage:
    """What comes next for a reader, and where to go on."""

    texts: list[ReadText]
    cursor: str
    has_more: bool
    """There is more to read at once."""


def statements_read_after(
    *, tenant: Tenant, cursor: str, limit: int, authority_key: int | None = None
) -> ReadPage:
    """Return up to ``limit`` statements of a tenant after a cursor; an empty one begins.

    Args:
        tenant: whose.
        cursor: as an earlier page gave it.
        limit: how many at most.
        authority_key: only what this agent vouched for. So many others are passed over at most
            that a page takes no longer; it may then be empty and still have more after it.

    Raises:
        ForeignCursor: not a cursor of this tenant.
    """
    after = read_cursor(tenant.id, cursor)
    looked_at = limit if authority_key is None else max(limit, LOOKED_AT)
    places = places_after(tenant=tenant, after=after, limit=looked_at)
    mine = [one for one in places if authority_key in (None, one.authority_key)]
    has_more = len(places) == looked_at or len(mine) > limit
    if len(mine) > limit:
        mine = mine[:limit]
        reach = mine[-1].reach
    else:
        reach = places[-1].reach if places else after
    texts = texts_at(tenant=tenant, places=[(one.reach.seq, one.stored) for one in mine])
    found = [texts[one.reach.seq] for one in mine if one.reach.seq in texts]
    return ReadPage(found, write_cursor(tenant.id, reach), has_more)
