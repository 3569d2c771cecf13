"""Bringing framework files in: what kind of file it is, a dry run, all or nothing."""

import uuid as uuids
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from competencies.importers.case import read_case
from competencies.importers.tables import read_csv, read_xlsx
from competencies.models import Framework
from competencies.queries.frameworks import framework_content
from competencies.rules.copies import copied
from competencies.rules.documents import (
    FrameworkDocument,
    Reading,
    Refusal,
    UnreadableFile,
    child_links,
)
from competencies.services.frameworks import ImportedFramework, import_document
from organisations.models import Organisation

MOST_BYTES = 20 * 1024 * 1024
NOT_OURS = {
    b"%PDF": "a PDF",
    b"\xd0\xcf\x11\xe0": "an old Excel or Word file (.xls, .doc)",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"\x1f\x8b": "a compressed file",
}


class PartsRefused(ValueError):
    """Parts of the file could not be taken, and all or nothing was asked for; nothing is stored."""

    def __init__(self, refused: Sequence[Refusal]) -> None:
        self.refused = tuple(refused)
        super().__init__(f"{len(refused)} parts of the file cannot be taken.")


@dataclass(frozen=True)
class ImportReport:
    """What an import did, or in a dry run would do."""

    frameworks: tuple[ImportedFramework, ...]
    repaired: tuple[str, ...]
    lost: tuple[str, ...]
    refused: tuple[Refusal, ...]


@transaction.atomic
def import_file(
    *,
    data: bytes,
    at: datetime,
    owner: Organisation | None = None,
    is_dry_run: bool = False,
    is_strict: bool = False,
    as_new: bool = False,
    mint: Callable[[], uuids.UUID] = uuids.uuid4,
) -> ImportReport:
    """Store the frameworks of a CSV, XLSX or CASE JSON file.

    Args:
        data: the file.
        at: the time.
        owner: whose the frameworks are, if they are new.
        is_dry_run: do everything and then undo it.
        is_strict: refuse the whole file when a part of it cannot be taken.
        as_new: make other frameworks of it, under identifiers of their own from ``mint``.
        mint: makes uuids.

    Raises:
        UnreadableFile, BrokenTree: the file is not what it should be.
        PartsRefused: ``is_strict``, and parts cannot be taken.
        FrameworkNotReady: what it says cannot be published.

    Writes: as import_document, in one transaction. Safe to repeat unless ``as_new``.
    """
    reading = read_file(data)
    if is_strict and reading.refused:
        raise PartsRefused(reading.refused)
    done = []
    for document in reading.documents:
        wanted = copied(document, identity=mint()) if as_new else _of_ours(document)
        done.append(import_document(document=wanted, at=at, owner=owner))
    if is_dry_run:
        transaction.set_rollback(True)
    return ImportReport(tuple(done), reading.repaired, reading.lost, reading.refused)


def read_file(data: bytes) -> Reading:
    """Return what a file holds, whichever kind it is.

    Raises:
        UnreadableFile: too large, of another kind, or not what its kind should be.
    """
    if len(data) > MOST_BYTES:
        raise UnreadableFile(
            f"The file has {len(data) / 1024 / 1024:.0f} MB; the most is "
            f"{MOST_BYTES // 1024 // 1024} MB. Split it, or leave out what is not needed."
        )
    start = data[:512].removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start:
        raise UnreadableFile("The file is empty.")
    for mark, name in NOT_OURS.items():
        if start.startswith(mark):
            raise UnreadableFile(f"This is {name}. {_WANTED}")
    if start.startswith(b"PK\x03\x04"):
        return read_xlsx(data)
    if start[:1] in {b"{", b"["}:
        return read_case(data)
    if start.startswith(b"<"):
        raise UnreadableFile(f"This is a web page or XML. {_WANTED}")
    return read_csv(data)


_WANTED = "A framework comes as CASE JSON, as CSV in UTF-8 or as XLSX."


def _of_ours(document: FrameworkDocument) -> FrameworkDocument:
    """Return the document as one of a framework made here, if it is an export of that.

    Its items get the identifiers we know them by. If it says what the framework already says in
    one of its versions, it is marked as the same, and the import changes nothing.
    """
    if not document.source.startswith("case:"):
        return document
    framework = (
        Framework.objects.filter(uuid=document.identifier)
        .exclude(source__startswith="case:")
        .first()
    )
    if framework is None:
        return document
    known = {str(one.uuid): one.source_identifier for one in framework.competencies.all()}
    items = tuple(
        replace(
            item,
            identifier=known.get(item.identifier, item.identifier),
            parent=known.get(item.parent, item.parent) if item.parent is not None else None,
            extra={},
        )
        for item in document.items
    )
    ours = replace(
        document,
        source=framework.source,
        identifier=framework.source_identifier,
        uuid=framework.uuid,
        items=items,
        links=child_links(framework.uuid, items),
        extra={},
    )
    for version in framework.versions.order_by("-number"):
        content = framework_content(version=version)
        said = tuple(
            (
                item.competency.source_identifier,
                item.statement,
                item.code,
                item.title,
                item.notes,
                {key: one.text for key, one in content.descriptors(item).items()},
            )
            for item in content.items
        )
        if (version.title, version.description, said) == (
            ours.title,
            ours.description,
            tuple(
                (i.identifier, i.statement, i.code, i.title, i.notes, dict(i.descriptors))
                for i in items
            ),
        ):
            return replace(ours, same_as=version.uuid)
    return ours
