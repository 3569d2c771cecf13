"""Statements into a file, in the order of reading, however many they are."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import orjson

from lrs.exporters.files import AttachmentFolder, StatementFile
from lrs.models import Tenant
from lrs.queries.matching import attachment_contents
from lrs.queries.reading import ReadPlace, places_after, texts_at
from lrs.rules.identity import ACTIVITY, VERB, key_of, keys_of_agent
from lrs.rules.parts import attachments_of
from lrs.rules.reading import read_cursor, write_cursor
from lrs.rules.sending import Wanted

PAGE: Final = 500
PAGES_TO_CHECKPOINT: Final = 20


@dataclass(frozen=True, slots=True)
class ExportFilter:
    """Which statements go into a file; None and empty let all through."""

    since: datetime | None = None
    """Stored after this."""
    until: datetime | None = None
    """Stored at or before this."""
    verb: str | None = None
    activity: str | None = None
    agent: str | None = None
    """An identifier (`lrs.queries.identifier_of`)."""
    with_voided: bool = False

    def asked(self, tenant: Tenant) -> str:
        """Return it as a text, to tell one from another."""
        return f"{tenant.pk} {self}"

    def wanted(self) -> Wanted:
        """Return it as keys."""
        return Wanted(
            verb_keys=frozenset([key_of(VERB, self.verb)] if self.verb else ()),
            activity_keys=frozenset([key_of(ACTIVITY, self.activity)] if self.activity else ()),
            actor_keys=frozenset(keys_of_agent(self.agent) if self.agent else ()),
        )


@dataclass(slots=True)
class ExportReport:
    """What has been written."""

    read: int = 0
    """Statements looked at this time."""
    exported: int = 0
    attachments: int = 0
    missing_attachments: int = 0
    """Spoken of with no address, and not held here."""
    cursor: str = ""
    """Give it as ``after`` to go on from here another time."""


@dataclass(slots=True)
class _Export:
    tenant: Tenant
    filter: ExportFilter
    file: StatementFile
    folder: AttachmentFolder | None
    report: ExportReport = field(default_factory=ExportReport)

    def write(self, places: Sequence[ReadPlace], wanted: Wanted) -> None:
        chosen = [one for one in places if wanted.by_keys(one) and self._is_in_time(one.stored)]
        texts = texts_at(tenant=self.tenant, places=[(one.reach.seq, one.stored) for one in chosen])
        for place in chosen:
            text = texts.get(place.reach.seq)
            if text is None or (text.is_void and not self.filter.with_voided):
                continue
            self.file.write(text.payload.encode() + b"\n")
            self.report.exported += 1
            if self.folder is not None and '"attachments"' in text.payload:
                self._keep_attachments(orjson.loads(text.payload), self.folder)

    def _is_in_time(self, stored: datetime) -> bool:
        since, until = self.filter.since, self.filter.until
        return (since is None or stored > since) and (until is None or stored <= until)

    def _keep_attachments(self, statement: Mapping[str, Any], folder: AttachmentFolder) -> None:
        for _, attachment in attachments_of(statement):
            sum_ = attachment["sha2"].lower()
            if folder.has(sum_):
                continue
            content = attachment_contents(tenant=self.tenant, sums=[sum_]).get(sum_)
            if content is not None:
                folder.keep(sum_, content)
                self.report.attachments += 1
            elif "fileUrl" not in attachment:
                self.report.missing_attachments += 1

    def checkpoint(self) -> None:
        self.file.checkpoint(
            asked=self.filter.asked(self.tenant),
            cursor=self.report.cursor,
            statements=self.report.exported,
            attachments=self.report.attachments,
            missing=self.report.missing_attachments,
        )


def export_statements(
    *,
    tenant: Tenant,
    path: Path,
    filter: ExportFilter,
    after: str = "",
    attachments: Path | None = None,
    is_resumed: bool = False,
    on_page: Callable[[ExportReport], None] = lambda report: None,
) -> ExportReport:
    """Write a tenant's statements into a file, one a line, as they are given back.

    Args:
        tenant: whose.
        path: of the file; gzipped when it ends in .gz. It appears when it is whole.
        filter: which.
        after: only what came after an earlier export, by its cursor.
        attachments: a folder, or a zip file by its name, for their contents.
        is_resumed: go on with an export that was stopped.
        on_page: told after each page how things stand.

    Raises:
        ForeignCursor: ``after`` is no cursor of this tenant.
        CannotGoOn: there is nothing to go on with.
        OSError: it cannot be written.
    """
    reach = read_cursor(tenant.id, after)
    file = StatementFile(path)
    export = _Export(tenant, filter, file, AttachmentFolder(attachments) if attachments else None)
    report = export.report
    report.cursor = write_cursor(tenant.id, reach)
    if is_resumed:
        written = file.go_on(filter.asked(tenant))
        report.cursor, report.exported = written.cursor, written.statements
        report.attachments, report.missing_attachments = written.attachments, written.missing
        reach = read_cursor(tenant.id, written.cursor)
    else:
        file.begin()
        export.checkpoint()
    wanted, pages = filter.wanted(), 0
    while places := places_after(tenant=tenant, after=reach, limit=PAGE):
        export.write(places, wanted)
        reach = places[-1].reach
        report.cursor = write_cursor(tenant.id, reach)
        report.read += len(places)
        pages += 1
        if pages % PAGES_TO_CHECKPOINT == 0:
            export.checkpoint()
        on_page(report)
    if export.folder is not None:
        export.folder.finish()
    file.finish()
    return report
