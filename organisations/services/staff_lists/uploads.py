"""A staff list that somebody uploads: checked first, brought in when they say so."""

from dataclasses import asdict
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from organisations.models import Organisation, StaffListUpload, User
from organisations.services.staff_lists.bring_in import StaffListResult, import_people

HOURS_WAITING = 24
DAYS_KEPT = 30


class UploadGone(Exception):
    """The file is no longer here: it was brought in, or it waited longer than a day."""


def check_upload(
    *, organisation: Organisation, content: bytes, name: str, by: User, at: datetime
) -> StaffListUpload:
    """Work out what a staff list would do, and keep it for a day until somebody says yes.

    Raises FileRefused. Writes: StaffListUpload.
    """
    result = _run(organisation, content, at=at, dry_run=True)
    return StaffListUpload.objects.create(
        organisation=organisation,
        uploaded_by=by,
        name=name[:200],
        content=content,
        result=asdict(result),
        uploaded_at=at,
    )


def bring_in_upload(*, upload: StaffListUpload, at: datetime) -> StaffListUpload:
    """Bring in what was checked; the copy of the file goes, what it did stays for a month.

    Raises UploadGone. Writes: what `import_people` writes, StaffListUpload.
    """
    with transaction.atomic():
        row = (
            StaffListUpload.objects.select_for_update(of=("self",))
            .select_related("organisation")
            .get(pk=upload.pk)
        )
        if row.content is None or at - row.uploaded_at > timedelta(hours=HOURS_WAITING):
            raise UploadGone
        result = _run(row.organisation, bytes(row.content), at=at, dry_run=False)
        row.content = None
        row.result = asdict(result)
        row.brought_in_at = at
        row.save(update_fields=["content", "result", "brought_in_at"])
    return row


def forget_uploads(*, before: datetime) -> None:
    """Remove copies of files that waited a day, and all that is a month old.

    Writes: StaffListUpload. Safe to repeat.
    """
    uploads = StaffListUpload.objects.all()
    uploads.filter(uploaded_at__lt=before - timedelta(hours=HOURS_WAITING)).update(content=None)
    uploads.filter(uploaded_at__lt=before - timedelta(days=DAYS_KEPT)).delete()


def _run(
    organisation: Organisation, content: bytes, *, at: datetime, dry_run: bool
) -> StaffListResult:
    return import_people(
        content=content,
        on=timezone.localdate(at),
        at=at,
        organisation=organisation,
        only_shared_teams=True,
        dry_run=dry_run,
    )
