"""Taking in statements from files: in chunks that are each committed, safe to repeat."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final

from django.db import transaction

from lrs.importers.statements import Line
from lrs.models import Tenant
from lrs.queries.tenants import import_authority
from lrs.rules.times import parse_instant
from lrs.services.partitions import make_room
from lrs.services.storing import StatementConflict, keep_attachments, store_statements

CHUNK: Final = 500


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """A line that was not taken in, and why."""

    line: int
    reason: str


@dataclass(slots=True)
class ImportReport:
    """What became of a file."""

    stored: int = 0
    already: int = 0
    refused: list[RefusedLine] = field(default_factory=list)
    attachments: int = 0
    """Contents that came with them."""

    @property
    def read(self) -> int:
        """How many statements the file had, good or bad."""
        return self.stored + self.already + len(self.refused)


def import_statements(
    *,
    tenant: Tenant,
    lines: Iterable[Line],
    keep_stored: bool = False,
    keep_authority: bool = False,
    is_rehearsal: bool = False,
    on_chunk: Callable[[ImportReport], None] = lambda report: None,
) -> ImportReport:
    """Store the statements of a file.

    Args:
        tenant: whose they become.
        lines: as `lrs.importers.statements` reads them.
        keep_stored: leave them the time at which another store says it stored them.
        keep_authority: leave them who vouched for them there.
        is_rehearsal: do everything and keep nothing.
        on_chunk: told after each chunk how things stand.

    Writes: as `store_statements`, a chunk at a time. Safe to repeat; a crash keeps whole chunks.
    """
    report = ImportReport()
    for chunk in _chunks(lines, report):
        if keep_stored and not is_rehearsal:
            make_room(times={parse_instant(line.stored) for line in chunk if line.stored})
        with transaction.atomic():
            _store(tenant, chunk, report, keep_stored, keep_authority)
            if is_rehearsal:
                transaction.set_rollback(True)
        on_chunk(report)
    return report


def _chunks(lines: Iterable[Line], report: ImportReport) -> Iterator[list[Line]]:
    """Yield chunks of good lines of one version, no id twice; bad lines go into the report."""
    chunk: list[Line] = []
    ids: set[str] = set()
    for line in lines:
        if line.refused:
            report.refused.append(RefusedLine(line.number, line.refused))
            continue
        if len(chunk) == CHUNK or line.statement_id in ids:
            yield chunk
            chunk, ids = [], set()
        chunk.append(line)
        if line.statement_id is not None:
            ids.add(line.statement_id)
    if chunk or report.refused:
        yield chunk


def _store(
    tenant: Tenant,
    chunk: Sequence[Line],
    report: ImportReport,
    keep_stored: bool,
    keep_authority: bool,
) -> None:
    for version, group in groupby(chunk, key=lambda line: line.version):
        lines = list(group)
        while lines:
            try:
                receipt = store_statements(
                    tenant=tenant,
                    authority=import_authority(),
                    statements=b"[%s]" % b",".join(line.raw for line in lines),
                    version=version,
                    keep_stored=keep_stored,
                    keep_authority=keep_authority,
                )
            except StatementConflict as conflict:
                taken = {str(one) for one in conflict.statement_ids}
                report.refused.extend(
                    RefusedLine(line.number, f"$.id: {conflict}")
                    for line in lines
                    if line.statement_id in taken
                )
                lines = [line for line in lines if line.statement_id not in taken]
            else:
                report.stored += len(receipt.seqs)
                report.already += receipt.already
                for line in lines:
                    if line.attachments:
                        keep_attachments(tenant, line.attachments, receipt.stored)
                        report.attachments += len(line.attachments)
                break
