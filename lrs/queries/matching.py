"""Finding statements: by id, or by what they are about, a page at a time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

import orjson
from django.db import OperationalError, connection
from django.db.backends.utils import CursorWrapper

from lrs.models import Attachment, Reference, Statement, StatementId, Tenant
from lrs.models.database import quick_cursor
from lrs.queries.referring import edge, referring
from lrs.queries.searching import Filters, Search
from lrs.rules.limits import Limits
from lrs.rules.paging import Position

_READ_AT_ONCE: Final = 500
_MOST_READ: Final = 5_000


@dataclass(frozen=True, slots=True)
class FoundStatement:
    """A statement as it is given back."""

    payload: str
    stored: datetime


@dataclass(frozen=True, slots=True)
class StatementPage:
    """A page of a list, and where the next begins; None on the last."""

    statements: list[FoundStatement]
    more: Position | None


def statement(
    *,
    tenant: Tenant,
    statement_id: UUID,
    is_void: bool,
    authority_key: int | None = None,
    within: Sequence[Sequence[Limits]] = (),
) -> FoundStatement | None:
    """Return one statement; None if there is none, or if it is void and was not asked for as such.

    Args:
        tenant: whose.
        statement_id: its id.
        is_void: ask for void statements, and for those only.
        authority_key: only if this agent vouched for it.
        within: only if one of each of these covers it.
    """
    place = StatementId.objects.filter(tenant=tenant, uuid=statement_id).first()
    if place is None:
        return None
    row = Statement.objects.filter(seq=place.seq, stored=place.stored).first()
    if row is None or (authority_key is not None and row.authority_key != authority_key):
        return None
    if not _is_within(row.payload, within):
        return None
    voided = (
        not row.is_voiding
        and Reference.objects.filter(tenant=tenant, target=statement_id, is_voiding=True).exists()
    )
    return FoundStatement(row.payload, row.stored) if voided is is_void else None


def statements_matching(
    *,
    tenant: Tenant,
    filters: Filters,
    limit: int,
    ascending: bool = False,
    after: Position | None = None,
) -> StatementPage:
    """Return a page of statements by the time they were stored, void ones left out.

    A statement that refers to another as its object also matches a condition that the other meets,
    and so on through references, as the standard has it; times are always its own.

    Args:
        tenant: whose.
        filters: what they have in common.
        limit: how many at most, at least 1.
        ascending: oldest first.
        after: the last of the page before.
    """
    if filters.within:
        return _page_within(tenant, filters, limit, ascending, after)
    found = _rows(Search(tenant.id, filters, limit, ascending, after))
    page = found[:limit]
    more = Position(page[-1][1], page[-1][0]) if len(found) > limit else None
    return StatementPage([FoundStatement(payload, stored) for _, stored, payload in page], more)


def _page_within(
    tenant: Tenant, filters: Filters, limit: int, ascending: bool, after: Position | None
) -> StatementPage:
    """Read on until the page is full of what is within, or so far that the next page goes on."""
    page: list[FoundStatement] = []
    for _ in range(_MOST_READ // _READ_AT_ONCE):
        found = _rows(Search(tenant.id, filters, _READ_AT_ONCE, ascending, after))
        for number, (seq, stored, payload) in enumerate(found[:_READ_AT_ONCE], start=1):
            after = Position(stored, seq)
            if _is_within(payload, filters.within):
                page.append(FoundStatement(payload, stored))
            if len(page) == limit:
                return StatementPage(page, after if number < len(found) else None)
        if len(found) <= _READ_AT_ONCE:
            return StatementPage(page, None)
    return StatementPage(page, after)


def _is_within(payload: str, within: Sequence[Sequence[Limits]]) -> bool:
    if not within:
        return True
    said = orjson.loads(payload)
    return all(any(one.covers(said) for one in alternatives) for alternatives in within)


def _rows(search: Search) -> list[tuple[int, datetime, str]]:
    until = edge(search.tenant_id) if search.conditions() else None
    with quick_cursor() as cursor:  # planning it anew would take longer than answering it
        cursor.execute(*search.sql())
        rows = list(cursor.fetchall())
    if until is not None:
        also = referring(search, page=rows, until=until)
        rows = sorted(
            {row[1]: row for row in (*rows, *also)}.values(), reverse=not search.ascending
        )
    return [(seq, _instant(stored), payload) for stored, seq, payload in rows[: search.limit + 1]]


def _instant(value: datetime) -> datetime:
    """Return a time as the database gave it; SQLite gives UTC without saying so."""
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def attachment_contents(*, tenant: Tenant, sums: Iterable[str]) -> dict[str, bytes]:
    """Return the contents of attachments by their SHA-2 sum; those we do not hold are left out."""
    rows = Attachment.objects.filter(tenant=tenant, sha2__in=list(sums)).order_by("sha2")
    return {row.sha2: bytes(row.content) for row in rows}


def consistent_through() -> datetime:
    """Return a moment such that every statement stored until then can be read.

    On PostgreSQL it is the start of the oldest transaction that is writing, or now. On SQLite,
    where a writer notes the time while it alone may write, it is now if nobody is writing, and
    otherwise when the newest statement was stored.
    """
    with quick_cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT coalesce(min(xact_start), clock_timestamp()) FROM pg_stat_activity"
                " WHERE datname = current_database() AND backend_xid IS NOT NULL"
                " AND pid <> pg_backend_pid()"
            )
            moment: datetime = cursor.fetchone()[0]
            return moment.astimezone(UTC)
        now = datetime.now(UTC)
        if connection.in_atomic_block or _nobody_writes(cursor):
            return now
    newest = Statement.objects.order_by("-seq").values_list("stored", flat=True).first()
    return now if newest is None else min(newest, now)


def _nobody_writes(cursor: CursorWrapper) -> bool:
    """Return whether SQLite's write lock is free: take it without waiting, and give it back."""
    cursor.execute("PRAGMA busy_timeout")
    patience = cursor.fetchone()[0]
    cursor.execute("PRAGMA busy_timeout = 0")
    try:
        cursor.execute("BEGIN IMMEDIATE")
        cursor.execute("ROLLBACK")
    except OperationalError:
        return False
    finally:
        cursor.execute(f"PRAGMA busy_timeout = {int(patience)}")
    return True
