"""Reading the log as it grows, without ever passing by a statement."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from lrs.models import Reference, Statement, Tenant
from lrs.rules.identity import actor_identifier


@dataclass(frozen=True, slots=True)
class StoredStatement:
    """A statement of the log, for whoever reads meaning into it."""

    seq: int
    id: UUID
    organisation_id: int | None
    """Whose record store it was sent to; None for what was done here."""
    payload: dict[str, Any]
    actor: str | None
    """The actor's identifier (`lrs.queries.identifier_of`); None for an anonymous group."""
    actor_key: int | None
    timestamp: datetime
    """When it happened."""
    stored: datetime
    is_void: bool
    """As of now."""
    voids: UUID | None
    """The statement it makes void."""


@dataclass(frozen=True, slots=True)
class Following:
    """What came after a cursor, and the cursor to go on from."""

    statements: list[StoredStatement]
    cursor: str


class BadCursor(ValueError):
    """A cursor that `statements_after` did not give."""


# Transactions of another database on the same server never write here, so they do not hold the
# reader back. One that ended since the snapshot was taken is not in the view: it holds us back
# once, which costs a moment and loses nothing. What this very transaction wrote, it may read.
_SETTLED = """
WITH snapshot AS MATERIALIZED (SELECT pg_current_snapshot() AS s),
edge AS MATERIALIZED (
  SELECT coalesce(
    (SELECT min(x::text::numeric) FROM snapshot, pg_snapshot_xip(s) AS x
      WHERE NOT EXISTS (
        SELECT 1 FROM pg_stat_activity a
        WHERE a.backend_xid = x::xid
          AND a.datid <> (SELECT oid FROM pg_database WHERE datname = current_database()))),
    (SELECT pg_snapshot_xmax(s)::text::numeric FROM snapshot))::text::xid8 AS xid
)
SELECT t.seq, t.xid::text, t.stored FROM lrs_statement t, edge
WHERE (t.xid, t.seq) > (%s::xid8, %s)
  AND (t.xid < edge.xid OR t.xid = pg_current_xact_id_if_assigned())
ORDER BY t.xid, t.seq LIMIT %s
"""


def statements_after(cursor: str, *, limit: int) -> Following:
    """Return up to ``limit`` statements of every tenant after a cursor, in the order to read them.

    Begin with an empty cursor; go on with the one returned until no statements come. On PostgreSQL
    the order is that of (transaction, number) and ends below the oldest transaction still
    writing, so that no statement can turn up before a cursor that has been given; on SQLite,
    where one writes at a time, it is that of numbers.

    Raises:
        BadCursor: not one of ours.
    """
    xid, seq = _read_cursor(cursor)
    if connection.vendor == "postgresql":
        with connection.cursor() as db:
            db.execute(_SETTLED, [str(xid), seq, limit])
            found = db.fetchall()
        if not found:
            return Following([], cursor)
        places = [(row[0], row[2]) for row in found]
        return Following(_statements_at(places), f"{found[-1][1]}.{found[-1][0]}")
    newer = Statement.objects.filter(seq__gt=seq).order_by("seq")
    places = list(newer.values_list("seq", "stored")[:limit])
    return Following(_statements_at(places), f"0.{places[-1][0]}" if places else cursor)


def _read_cursor(cursor: str) -> tuple[int, int]:
    if not cursor:
        return 0, 0
    xid, _, seq = cursor.partition(".")
    if not (xid.isascii() and xid.isdigit() and seq.isascii() and seq.isdigit()):
        raise BadCursor("This is not a cursor of the statement log.")
    if int(xid) >= 2**64 or int(seq) >= 2**63:
        raise BadCursor("This is not a cursor of the statement log.")
    return int(xid), int(seq)


def statements_numbered(seqs: Sequence[int]) -> list[StoredStatement]:
    """Return the statements with these numbers, in that order; unknown numbers are left out."""
    return _in_order(seqs, Statement.objects.filter(seq__in=seqs))


def _statements_at(places: Sequence[tuple[int, datetime]]) -> list[StoredStatement]:
    return _in_order([seq for seq, _ in places], Statement.objects.at(places))


def _in_order(seqs: Sequence[int], statements: "QuerySet[Statement]") -> list[StoredStatement]:
    rows = {row["seq"]: row for row in _rows(statements)}
    organisations = dict(Tenant.objects.values_list("id", "organisation_id"))
    return [_read(rows[seq], organisations[rows[seq]["tenant_id"]]) for seq in seqs if seq in rows]


def statements_by_actor(
    identifier_keys: Iterable[int], *, organisation_id: int | None, after_seq: int, limit: int
) -> list[StoredStatement]:
    """Return statements of one tenant by these actors, by number, for when an identity is proved.

    Args:
        identifier_keys: of the actors (`lrs.queries.key_of_identifier`).
        organisation_id: whose record store; None for what was done here.
        after_seq: the number to go on from, 0 to begin.
        limit: how many at most.
    """
    tenants = (
        Tenant.objects.filter(is_platform=True)
        if organisation_id is None
        else Tenant.objects.filter(organisation_id=organisation_id)
    )
    tenant = tenants.first()
    if tenant is None:
        return []
    found = Statement.objects.filter(
        tenant=tenant, actor_key__in=list(identifier_keys), seq__gt=after_seq
    ).order_by("seq")[:limit]
    return [_read(row, organisation_id) for row in _rows(found)]


def _rows(statements: "QuerySet[Statement]") -> Iterable[Mapping[str, Any]]:
    voided = Reference.objects.filter(
        tenant=OuterRef("tenant"), target=OuterRef("uuid"), is_voiding=True
    )
    return statements.annotate(is_voided=Exists(voided)).values(
        "seq",
        "stored",
        "tenant_id",
        "uuid",
        "timestamp",
        "actor_key",
        "is_voiding",
        "is_voided",
        "payload",
    )


def _read(row: Mapping[str, Any], organisation_id: int | None) -> StoredStatement:
    payload = orjson.loads(row["payload"])
    return StoredStatement(
        seq=row["seq"],
        id=row["uuid"],
        organisation_id=organisation_id,
        payload=payload,
        actor=actor_identifier(payload["actor"]),
        actor_key=row["actor_key"],
        timestamp=row["timestamp"],
        stored=row["stored"],
        is_void=row["is_voided"] and not row["is_voiding"],
        voids=UUID(payload["object"]["id"]) if row["is_voiding"] else None,
    )
