"""Background work; each may run twice, and the sweep finds what a lost message left undone."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from discussions.models import ModerationAction, Post
from discussions.queries import due_for_digest, mailings_to_send, posts_to_mail
from discussions.services import (
    MOST_TRIES,
    forget_old_mailings,
    queue_mails,
    send_digest,
    send_mailing,
    tell_author,
)

PATIENCE = timedelta(minutes=1)


@shared_task
def mail_post(*, post_id: int, **kwargs: object) -> None:
    """Send the mails about one post."""
    now = timezone.now()
    post = Post.objects.filter(pk=post_id).first()
    if post is None:
        return
    for mailing_id in queue_mails(post=post, at=now):
        send_mailing(mailing_id=mailing_id, at=now)


@shared_task
def tell_author_of(*, action_id: int, **kwargs: object) -> None:
    """Tell an author what a moderator did."""
    tell_author(action_id=action_id, at=timezone.now())


@shared_task
def sweep_discussions(**kwargs: object) -> None:
    """Do what a lost message left undone, and send weekly mails that are due."""
    now = timezone.now()
    for post in posts_to_mail(before=now - PATIENCE).order_by("pk").iterator(chunk_size=500):
        queue_mails(post=post, at=now)
    waiting = mailings_to_send(before=now - PATIENCE, most_tries=MOST_TRIES).order_by("pk")
    for mailing_id in list(waiting.values_list("pk", flat=True)):
        send_mailing(mailing_id=mailing_id, at=now)
    untold = ModerationAction.objects.filter(
        told_at__isnull=True, tries__lt=MOST_TRIES, done_at__lt=now - PATIENCE
    ).order_by("pk")
    for action_id in list(untold.values_list("pk", flat=True)):
        tell_author(action_id=action_id, at=now)
    for participant_id in list(due_for_digest(at=now).order_by("pk").values_list("pk", flat=True)):
        send_digest(participant_id=participant_id, at=now)
    forget_old_mailings(at=now)
