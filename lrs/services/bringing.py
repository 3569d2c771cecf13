"""Bringing statements in from another record store, and going on where that stopped."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from lrs.importers.remote import RemoteStore
from lrs.models import ImportCursor, StatementId, Tenant
from lrs.services.importing import ImportReport, import_statements

OVERLAP: Final = timedelta(seconds=1)
"""What is read again when going on: statements stored at the same moment as the last."""


@dataclass(slots=True)
class BringReport:
    """What has been brought in."""

    counts: ImportReport = field(default_factory=ImportReport)
    not_had: int = 0
    """Voided statements that the other store does not give."""
    first_stored: datetime | None = None
    last_stored: datetime | None = None
    went_on_from: datetime | None = None
    """Where an earlier import had stopped."""
    is_in_order: bool = True
    """The other store keeps the order that was asked for; if not, we cannot go on later."""


def bring_in_statements(
    *,
    tenant: Tenant,
    source: RemoteStore,
    clock: Callable[[], datetime],
    since: datetime | None = None,
    until: datetime | None = None,
    keep_stored: bool = False,
    keep_authority: bool = False,
    from_start: bool = False,
    is_rehearsal: bool = False,
    on_page: Callable[[BringReport], None] = lambda report: None,
) -> BringReport:
    """Store the statements of another record store, voided ones and attachments included.

    Args:
        tenant: whose they become.
        source: the other store.
        clock: says what time it is.
        since: only what it stored after this.
        until: only what it stored at or before this.
        keep_stored: leave them the time at which it stored them.
        keep_authority: leave them who vouched for them there.
        from_start: begin anew, and not where an earlier import stopped.
        is_rehearsal: do everything and keep nothing.
        on_page: told after each page how things stand.

    Raises:
        BadSource: it cannot be read, or no further; what came so far is kept.

    Writes: as `store_statements`, a page at a time, and ImportCursor. Safe to repeat.
    """
    source.agree_on_version()
    report = BringReport()
    name = _name(source, since, until)
    cursor = ImportCursor.objects.filter(tenant=tenant, source=name).first()
    begin = since
    if cursor is not None and not from_start:
        report.went_on_from = cursor.stored_until
        begin = cursor.stored_until - OVERLAP
        if since is not None:
            begin = max(begin, since)

    def is_known(statement_id: str) -> bool:
        return StatementId.objects.filter(tenant=tenant, uuid=UUID(statement_id)).exists()

    for page in source.pages(since=begin, until=until, is_known=is_known):
        counts = import_statements(
            tenant=tenant,
            lines=page.lines,
            keep_stored=keep_stored,
            keep_authority=keep_authority,
            is_rehearsal=is_rehearsal,
        )
        _add(report.counts, counts)
        report.not_had += page.not_had
        report.is_in_order = report.is_in_order and page.is_in_order
        report.first_stored = report.first_stored or page.last_stored
        report.last_stored = page.last_stored or report.last_stored
        if page.last_stored is not None and report.is_in_order and not is_rehearsal:
            ImportCursor.objects.update_or_create(
                tenant=tenant,
                source=name,
                defaults={
                    "address": source.endpoint[:500],
                    "stored_until": page.last_stored,
                    "moved_at": clock(),
                },
            )
        on_page(report)
    return report


def _add(total: ImportReport, counts: ImportReport) -> None:
    total.stored += counts.stored
    total.already += counts.already
    total.attachments += counts.attachments
    total.refused.extend(counts.refused)


def _name(source: RemoteStore, since: datetime | None, until: datetime | None) -> str:
    text = f"{source.endpoint.rstrip('/')} {source.key} {since} {until}"
    return hashlib.sha256(text.encode()).hexdigest()
