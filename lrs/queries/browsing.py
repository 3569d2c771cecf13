"""Statements for people to read: pages of a list, and one with what hangs together with it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import orjson

from lrs.models import Attachment, Reference, Statement, StatementId, Tenant
from lrs.queries.matching import FoundStatement, statements_matching
from lrs.queries.searching import Filters
from lrs.rules.paging import Position

MOST_LOOKED_THROUGH: Final = 2_000
"""How many statements one page looks through for an outcome, which no index knows."""
_MOST_RELATED: Final = 50


@dataclass(frozen=True, slots=True)
class BrowsedPage:
    """Some statements, newest first, and where to go on."""

    statements: list[dict[str, Any]]
    more: Position | None
    looked_through: int


@dataclass(frozen=True, slots=True)
class KeptAttachment:
    """An attachment that a statement declares."""

    declared: dict[str, Any]
    sha2: str
    is_held: bool


@dataclass(frozen=True, slots=True)
class StatementDetails:
    """One statement and what hangs together with it."""

    payload: str
    statement: dict[str, Any]
    stored: datetime
    is_void: bool
    voided_by: list[UUID]
    refers_to: list[UUID]
    referred_by: list[UUID]
    attachments: list[KeptAttachment]


def browse(
    *,
    tenant: Tenant,
    filters: Filters,
    success: bool | None,
    limit: int,
    after: Position | None = None,
) -> BrowsedPage:
    """Return a page of statements, newest first.

    Args:
        tenant: whose.
        filters: what they have in common.
        success: only those whose result says so; looked for in at most
            ``MOST_LOOKED_THROUGH`` statements, then the page ends early and says where.
        limit: how many at most.
        after: the last of the page before.
    """
    if success is None:
        page = statements_matching(tenant=tenant, filters=filters, limit=limit, after=after)
        read = [_read(found) for found in page.statements]
        return BrowsedPage(read, page.more, len(read))
    kept: list[dict[str, Any]] = []
    looked = 0
    while looked < MOST_LOOKED_THROUGH:
        page = statements_matching(tenant=tenant, filters=filters, limit=limit, after=after)
        looked += len(page.statements)
        kept += [one for one in map(_read, page.statements) if _success(one) is success]
        after = page.more
        if after is None or len(kept) >= limit:
            break
    return BrowsedPage(kept, after, looked)


def statements_for_file(
    *, tenant: Tenant, filters: Filters, success: bool | None
) -> Iterator[list[dict[str, Any]]]:
    """Yield all statements that match, newest first, some hundreds at a time."""
    after: Position | None = None
    while True:
        page = statements_matching(tenant=tenant, filters=filters, limit=500, after=after)
        read = [_read(found) for found in page.statements]
        yield [one for one in read if success is None or _success(one) is success]
        after = page.more
        if after is None:
            return


def statement_details(*, tenant: Tenant, statement_id: UUID) -> StatementDetails | None:
    """Return one statement, void or not, and what hangs together with it; None if unknown."""
    place = StatementId.objects.filter(tenant=tenant, uuid=statement_id).first()
    row = None
    if place is not None:
        row = Statement.objects.filter(seq=place.seq, stored=place.stored).first()
    if row is None:
        return None
    about = Reference.objects.filter(tenant=tenant, target=statement_id).order_by("seq")
    incoming = list(about.values_list("source", "is_voiding")[:_MOST_RELATED])
    own = Reference.objects.filter(tenant=tenant, source=statement_id).order_by("seq")
    statement = orjson.loads(row.payload)
    voided_by = [source for source, is_voiding in incoming if is_voiding]
    return StatementDetails(
        payload=row.payload,
        statement=statement,
        stored=row.stored,
        is_void=bool(voided_by) and not row.is_voiding,
        voided_by=voided_by,
        refers_to=_targets(statement, list(own.values_list("target", flat=True))),
        referred_by=[source for source, is_voiding in incoming if not is_voiding],
        attachments=_attachments(tenant, statement),
    )


def attachment_of(*, tenant: Tenant, statement_id: UUID, sha2: str) -> bytes | None:
    """Return the content of an attachment that this very statement declares; None if none."""
    details = statement_details(tenant=tenant, statement_id=statement_id)
    if details is None or not any(one.sha2 == sha2 for one in details.attachments):
        return None
    row = Attachment.objects.filter(tenant=tenant, sha2=sha2).first()
    return None if row is None else bytes(row.content)


def _targets(statement: dict[str, Any], targets: list[UUID]) -> list[UUID]:
    around = (statement.get("context") or {}).get("statement")
    if around is not None:
        targets = [*targets, UUID(around["id"])]
    return list(dict.fromkeys(targets))


def _attachments(tenant: Tenant, statement: dict[str, Any]) -> list[KeptAttachment]:
    declared = list(statement.get("attachments") or ())
    if statement["object"].get("objectType") == "SubStatement":
        declared += statement["object"].get("attachments") or ()
    sums = [one["sha2"].lower() for one in declared]
    rows = Attachment.objects.filter(tenant=tenant, sha2__in=sums)
    held = set(rows.values_list("sha2", flat=True)) if sums else set()
    return [
        KeptAttachment(one, sha2, sha2 in held) for one, sha2 in zip(declared, sums, strict=True)
    ]


def _read(found: FoundStatement) -> dict[str, Any]:
    statement: dict[str, Any] = orjson.loads(found.payload)
    return statement


def _success(statement: dict[str, Any]) -> bool | None:
    success: bool | None = (statement.get("result") or {}).get("success")
    return success
