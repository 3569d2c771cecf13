"""Framework files sent by a page: kept until their sender has seen what they would do."""

import zlib
from datetime import datetime, timedelta

from django.db import transaction

from competencies.models import FrameworkUpload
from competencies.services.imports import ImportReport, import_file, read_file
from organisations.models import Organisation, User

KEPT_FOR = timedelta(days=1)


@transaction.atomic
def keep_upload(
    *,
    person: User,
    name: str,
    data: bytes,
    owner: Organisation | None,
    as_new: bool,
    at: datetime,
) -> FrameworkUpload:
    """Keep a file until its sender confirms it; earlier ones of theirs are dropped.

    Raises:
        UnreadableFile, BrokenTree: it cannot be read; nothing is kept.

    Writes: FrameworkUpload.
    """
    read_file(data)
    FrameworkUpload.objects.filter(person=person).delete()
    FrameworkUpload.objects.filter(uploaded_at__lt=at - KEPT_FOR).delete()
    return FrameworkUpload.objects.create(
        person=person,
        owner_organisation=owner,
        name=name[:200],
        data=zlib.compress(data),
        as_new=as_new,
        uploaded_at=at,
    )


def preview_upload(*, upload: FrameworkUpload, at: datetime) -> ImportReport:
    """Return what confirming would do; nothing is stored.

    Raises: as import_file.
    """
    return import_file(
        data=zlib.decompress(bytes(upload.data)),
        at=at,
        owner=upload.owner_organisation,
        as_new=upload.as_new,
        is_dry_run=True,
    )


@transaction.atomic
def confirm_upload(*, upload: FrameworkUpload, at: datetime) -> ImportReport:
    """Bring the frameworks of a kept file in, and drop the file.

    Raises: as import_file.

    Writes: as import_file, and FrameworkUpload.
    """
    report = import_file(
        data=zlib.decompress(bytes(upload.data)),
        at=at,
        owner=upload.owner_organisation,
        as_new=upload.as_new,
    )
    upload.delete()
    return report


def drop_upload(*, upload: FrameworkUpload) -> None:
    """Forget a kept file. Writes: FrameworkUpload."""
    upload.delete()
