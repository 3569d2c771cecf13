"""Background work about people; each task may run twice and finds for itself what waits."""

from celery import shared_task
from django.utils import timezone

from organisations import services


@shared_task
def mail_waiting_invitations(**kwargs: object) -> int:
    """Mail what has not been mailed: started by an invitation, and by the clock."""
    return services.mail_waiting_invitations(at=timezone.now())


@shared_task
def keep_people_in_order(**kwargs: object) -> None:
    """By the clock: who may enter the editor, and what is past its time."""
    now = timezone.now()
    services.keep_educators(on=timezone.localdate(now))
    services.forget_old_access_notes(before=now)
    services.forget_uploads(before=now)
