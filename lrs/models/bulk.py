# ruff: noqa: S608 - made of constants; every value is a parameter
"""Many rows in few round trips, on either database.

On PostgreSQL one statement is one round trip: a single SQL statement that takes the id, writes the
rows and commits. Several are claimed in one insert and then copied in. Nothing here touches a row
that another writer wants, but for the ids, which are taken in one order whatever order they came
in, so that two writers with the same ids wait for one another and never deadlock.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection

from lrs.models.database import quick_cursor
from lrs.models.tenants import ROW_VERSION, CredentialChanged, Guard
from lrs.rules.payload import close_payload
from lrs.rules.times import format_instant

_ROWS_AT_ONCE: Final = 5_000
_STATEMENT: Final = (
    "seq, stored, tenant_id, uuid, timestamp, actor_key, verb_key, object_key, registration_key,"
    " authority_key, is_voiding, payload"
)
_KEY: Final = "tenant_id, key, stored, seq"
_REFERENCE: Final = "seq, tenant_id, stored, source, target, is_voiding"


@dataclass(frozen=True, slots=True)
class Draft:
    """A statement that is ready to be stored, but for its number and the moment."""

    uuid: UUID
    stored: datetime | None
    """When it counts as stored; None for the moment it is stored."""
    timestamp: datetime | None
    """When it happened; None for when it was stored."""
    actor_key: int | None
    verb_key: int
    object_key: int | None
    registration_key: int | None
    authority_key: int | None
    is_voiding: bool
    target: UUID | None
    """The statement it refers to."""
    related: Sequence[int]
    text: str
    """As `lrs.rules.payload.open_payload` begins it."""

    def payload(self, stored: str) -> str:
        """Return its whole text."""
        return close_payload(self.text, stored=stored, has_timestamp=self.timestamp is not None)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a statement has been stored."""

    seq: int
    stored: datetime


def store_one(tenant_id: int, draft: Draft, guard: Guard | None = None) -> Place | None:
    """Store one statement on PostgreSQL, whole or not at all; None when its id is taken.

    Raises:
        CredentialChanged: the credential is not as the guard says.
    """
    with quick_cursor() as cursor:
        cursor.execute(
            _ONE,
            {
                "tenant": tenant_id,
                "uuid": draft.uuid,
                "stored": draft.stored,
                "timestamp": draft.timestamp,
                "actor": draft.actor_key,
                "verb": draft.verb_key,
                "object": draft.object_key,
                "registration": draft.registration_key,
                "authority": draft.authority_key,
                "is_voiding": draft.is_voiding,
                "target": draft.target,
                "text": draft.text,
                "related": f"{{{','.join(map(str, draft.related))}}}",
                "credential": guard and guard.credential_id,
                "as_stored": guard and guard.as_stored[0],
            },
        )
        is_allowed, seq, stored = cursor.fetchone()
    if not is_allowed:
        raise CredentialChanged
    return None if seq is None else Place(seq, stored.astimezone(UTC))


def store_many(tenant_id: int, drafts: Sequence[Draft]) -> dict[UUID, Place]:
    """Store those statements whose ids are free, and return where; within a transaction."""
    if connection.vendor == "postgresql":
        places = _claim_on_postgres(tenant_id, drafts)
    else:
        places = _claim_on_sqlite(tenant_id, drafts)
    new = [(draft, places[draft.uuid]) for draft in drafts if draft.uuid in places]
    if connection.vendor == "postgresql":
        _copy_in(tenant_id, new)
    else:
        _insert(tenant_id, new)
    return places


# The transaction has its id before the clock is read: whoever sees the start of the oldest
# transaction that is writing then knows what is settled.
_MOMENT: Final = (
    "moment AS MATERIALIZED (SELECT clock_timestamp() AS now"
    " FROM (SELECT pg_current_xact_id() AS xid OFFSET 0) begun WHERE xid IS NOT NULL)"
)
_TEXT_OF_STORED: Final = (
    "to_char(stored AT TIME ZONE 'UTC', CASE WHEN date_trunc('milliseconds', stored) = stored"
    """ THEN 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"' ELSE 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"' END)"""
)
_ONE: Final = (
    f"WITH {_MOMENT},"
    " allowed AS MATERIALIZED (SELECT %(credential)s::bigint IS NULL OR EXISTS (SELECT FROM"
    f"  lrs_credential WHERE id = %(credential)s AND {ROW_VERSION} = %(as_stored)s::text) AS yes),"
    " claimed AS (INSERT INTO lrs_statementid (tenant_id, uuid, stored)"
    "  SELECT %(tenant)s::int, %(uuid)s::uuid, coalesce(%(stored)s::timestamptz, now)"
    "  FROM moment, allowed WHERE yes"
    "  ON CONFLICT DO NOTHING RETURNING seq, stored),"
    f" said AS (INSERT INTO lrs_statement ({_STATEMENT})"
    "  SELECT seq, stored, %(tenant)s::int, %(uuid)s::uuid,"
    "  coalesce(%(timestamp)s::timestamptz, stored), %(actor)s::bigint, %(verb)s::bigint,"
    "  %(object)s::bigint, %(registration)s::bigint, %(authority)s::bigint,"
    "  %(is_voiding)s::boolean, %(text)s::text || CASE WHEN %(timestamp)s::timestamptz IS NULL"
    """  THEN ',"timestamp":"' || shown || '"' ELSE '' END || ',"stored":"' || shown || '"}'"""
    f"  FROM claimed, LATERAL (SELECT {_TEXT_OF_STORED} AS shown OFFSET 0) stored_as),"
    f" related AS (INSERT INTO lrs_statementkey ({_KEY})"
    "  SELECT %(tenant)s::int, key, stored, seq"
    "  FROM claimed, unnest(%(related)s::bigint[]) AS key),"
    f" referred AS (INSERT INTO lrs_reference ({_REFERENCE})"
    "  SELECT seq, %(tenant)s::int, stored, %(uuid)s::uuid, %(target)s::uuid,"
    "  %(is_voiding)s::boolean FROM claimed WHERE %(target)s::uuid IS NOT NULL)"
    " SELECT yes, seq, stored FROM allowed LEFT JOIN claimed ON true"
)
_CLAIM: Final = (
    f"WITH {_MOMENT},"
    " numbered AS MATERIALIZED (SELECT"
    "  nextval(pg_get_serial_sequence('lrs_statementid', 'seq')) AS seq, sent.uuid, sent.stored"
    "  FROM unnest(%s::uuid[], %s::timestamptz[]) AS sent(uuid, stored))"
    " INSERT INTO lrs_statementid (seq, tenant_id, uuid, stored)"
    " SELECT seq, %s::int, uuid, coalesce(stored, now) FROM numbered, moment ORDER BY uuid"
    " ON CONFLICT DO NOTHING RETURNING uuid, seq, stored"
)


def _claim_on_postgres(tenant_id: int, drafts: Sequence[Draft]) -> dict[UUID, Place]:
    uuids = [draft.uuid for draft in drafts]
    stored = [draft.stored for draft in drafts]
    with quick_cursor() as cursor:
        cursor.execute(_CLAIM, [uuids, stored, tenant_id])
        return {row[0]: Place(row[1], row[2].astimezone(UTC)) for row in cursor}


def _copy_in(tenant_id: int, new: Sequence[tuple[Draft, Place]]) -> None:
    moments: dict[datetime, tuple[str, str]] = {}
    statements: list[str] = []
    keys: list[str] = []
    references: list[str] = []
    for draft, place in new:
        texts = moments.get(place.stored)
        if texts is None:
            texts = moments[place.stored] = (place.stored.isoformat(), format_instant(place.stored))
        stored, shown = texts
        seq = place.seq
        timestamp = stored if draft.timestamp is None else draft.timestamp.isoformat()
        payload = draft.payload(shown).replace("\\", "\\\\")
        statements.append(
            f"{seq}\t{stored}\t{tenant_id}\t{draft.uuid}\t{timestamp}\t{_or_null(draft.actor_key)}"
            f"\t{draft.verb_key}\t{_or_null(draft.object_key)}\t{_or_null(draft.registration_key)}"
            f"\t{_or_null(draft.authority_key)}\t{'t' if draft.is_voiding else 'f'}\t{payload}\n"
        )
        keys.extend(f"{tenant_id}\t{key}\t{stored}\t{seq}\n" for key in draft.related)
        if draft.target is not None:
            is_voiding = "t" if draft.is_voiding else "f"
            references.append(
                f"{seq}\t{tenant_id}\t{stored}\t{draft.uuid}\t{draft.target}\t{is_voiding}\n"
            )
    with quick_cursor() as cursor:
        for table, columns, lines in (
            ("lrs_statement", _STATEMENT, statements),
            ("lrs_statementkey", _KEY, keys),
            ("lrs_reference", _REFERENCE, references),
        ):
            if lines:
                with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                    copy.write("".join(lines))


def _or_null(key: int | None) -> int | str:
    return "\\N" if key is None else key


def _claim_on_sqlite(tenant_id: int, drafts: Sequence[Draft]) -> dict[UUID, Place]:
    """Take the ids; the write lock comes before the clock is read, as on PostgreSQL."""
    places: dict[UUID, Place] = {}
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM lrs_statementid WHERE seq = -1")
        now = datetime.now(UTC)
        moments = {draft.uuid: draft.stored or now for draft in drafts}
        for chunk in _chunks(drafts):
            values = ", ".join(["(%s, %s, %s)"] * len(chunk))
            cursor.execute(
                f"INSERT INTO lrs_statementid (tenant_id, uuid, stored) VALUES {values}"
                " ON CONFLICT DO NOTHING RETURNING uuid, seq",
                [
                    value
                    for draft in chunk
                    for value in (tenant_id, draft.uuid.hex, _text(moments[draft.uuid]))
                ],
            )
            for uuid, seq in cursor.fetchall():
                places[UUID(uuid)] = Place(seq, moments[UUID(uuid)])
    return places


def _insert(tenant_id: int, new: Sequence[tuple[Draft, Place]]) -> None:
    statements: list[tuple[Any, ...]] = []
    keys: list[tuple[Any, ...]] = []
    references: list[tuple[Any, ...]] = []
    for draft, place in new:
        stored = _text(place.stored)
        statements.append(
            (
                place.seq,
                stored,
                tenant_id,
                draft.uuid.hex,
                stored if draft.timestamp is None else _text(draft.timestamp),
                draft.actor_key,
                draft.verb_key,
                draft.object_key,
                draft.registration_key,
                draft.authority_key,
                draft.is_voiding,
                draft.payload(format_instant(place.stored)),
            )
        )
        keys.extend((tenant_id, key, stored, place.seq) for key in draft.related)
        if draft.target is not None:
            source, target = draft.uuid.hex, draft.target.hex
            references.append((place.seq, tenant_id, stored, source, target, draft.is_voiding))
    with connection.cursor() as cursor:
        for table, columns, rows in (
            ("lrs_statement", _STATEMENT, statements),
            ("lrs_statementkey", _KEY, keys),
            ("lrs_reference", _REFERENCE, references),
        ):
            if rows:
                marks = ", ".join(["%s"] * (columns.count(",") + 1))
                cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)


def _text(instant: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(instant)


def _chunks(drafts: Sequence[Draft]) -> Iterator[Sequence[Draft]]:
    for start in range(0, len(drafts), _ROWS_AT_ONCE):
        yield drafts[start : start + _ROWS_AT_ONCE]
