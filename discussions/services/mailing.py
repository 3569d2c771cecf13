"""Sending mails about what is new.

A row stands for each mail. Whoever sends it claims the row first and marks it afterwards, so that
no database lock is held while a mail server answers; a claim that came to nothing lapses, and a
sweep finds the row again. A mail can go out twice only if the machine stops between the two.
"""

import logging
from datetime import datetime, timedelta

from django.core.mail import EmailMessage
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone

from discussions.models import Mailing, ModerationAction, Participant, Post
from discussions.queries import news_for, people_to_tell, posts_open_to, verified_address
from discussions.services.letters import letter_about_action, letter_about_post, weekly_letter
from organisations.queries import access_of

logger = logging.getLogger(__name__)

MOST_TRIES = 5
CLAIM_LASTS = timedelta(minutes=10)


@transaction.atomic
def queue_mails(*, post: Post, at: datetime) -> list[int]:
    """Write down who is to have a mail about a post; return the ids of those still to send.

    Writes: Mailing, Post.mailed_at. Safe to repeat.
    """
    locked = Post.objects.select_for_update(of=("self",)).select_related("thread").get(pk=post.pk)
    if locked.mailed_at is None:
        Mailing.objects.bulk_create(
            [
                Mailing(person=person, post=locked, queued_at=at)
                for person in people_to_tell(locked)
            ],
            ignore_conflicts=True,
        )
        Post.objects.filter(pk=locked.pk).update(mailed_at=at)
    waiting = Mailing.objects.filter(post=locked, sent_at__isnull=True)
    return list(waiting.order_by("pk").values_list("pk", flat=True))


def send_mailing(*, mailing_id: int, at: datetime) -> bool:
    """Send one mail, unless it went out or is no longer due; return whether it went out now.

    A reader who may no longer see the post, or has proved no address, is sent nothing.

    Writes: Mailing. Safe to repeat.
    """
    waiting = Mailing.objects.filter(pk=mailing_id, sent_at__isnull=True, tries__lt=MOST_TRIES)
    if not _claim(waiting, at=at, tries=F("tries") + 1):
        return False
    mailing = Mailing.objects.select_related("person", "post__thread__space", "post__author").get(
        pk=mailing_id
    )
    viewer = access_of(mailing.person, on=timezone.localdate(at))
    letter = None
    address = verified_address(mailing.person)
    if address and posts_open_to(viewer).filter(pk=mailing.post_id).exists():
        letter = letter_about_post(person=mailing.person, address=address, post=mailing.post)
    went_out = _send(letter)
    if went_out is not None:
        Mailing.objects.filter(pk=mailing_id).update(sent_at=at)
    else:
        Mailing.objects.filter(pk=mailing_id).update(claimed_at=None)
    return bool(went_out)


def send_digest(*, participant_id: int, at: datetime) -> bool:
    """Send one person their weekly mail, if there is anything new; return whether it went out.

    Writes: Participant. Safe to repeat.
    """
    due = Participant.objects.filter(pk=participant_id, digest_at__lt=at)
    if not _claim(due, at=at):
        return False
    participant = Participant.objects.select_related("person").get(pk=participant_id)
    person = participant.person
    viewer = access_of(person, on=timezone.localdate(at))
    news = news_for(viewer=viewer, person=person, since=participant.digest_at, until=at)
    address = verified_address(person)
    letter = weekly_letter(person=person, address=address, news=news) if news and address else None
    went_out = _send(letter)
    done = {} if went_out is None else {"digest_at": at}
    Participant.objects.filter(pk=participant_id).update(claimed_at=None, **done)
    return bool(went_out)


def tell_author(*, action_id: int, at: datetime) -> bool:
    """Tell an author what a moderator did and why; return whether a mail went out.

    Nobody is told of what they did themselves.

    Writes: ModerationAction. Safe to repeat.
    """
    waiting = ModerationAction.objects.filter(
        pk=action_id, told_at__isnull=True, tries__lt=MOST_TRIES
    )
    if not _claim(waiting, at=at, tries=F("tries") + 1):
        return False
    action = ModerationAction.objects.select_related(
        "post__author", "thread__author", "thread__space"
    ).get(pk=action_id)
    author = action.post.author if action.post else action.thread.author
    letter = None
    if author is not None and author.is_active and author.pk != action.moderator_id:
        address = verified_address(author)
        if address:
            letter = letter_about_action(person=author, address=address, action=action)
    went_out = _send(letter)
    done = {"claimed_at": None} if went_out is None else {"told_at": at}
    ModerationAction.objects.filter(pk=action_id).update(**done)
    return bool(went_out)


def forget_old_mailings(*, at: datetime) -> int:
    """Remove what is known of mails that went out ninety days ago; return how many.

    Writes: Mailing.
    """
    return Mailing.objects.filter(queued_at__lt=at - timedelta(days=90)).delete()[0]


def _claim(rows: models.QuerySet[models.Model], *, at: datetime, **also: object) -> bool:
    free = Q(claimed_at__isnull=True) | Q(claimed_at__lt=at - CLAIM_LASTS)
    return rows.filter(free).update(claimed_at=at, **also) == 1


def _send(letter: EmailMessage | None) -> bool | None:
    """Send; True when it went, False when there was nothing to send, None to try again."""
    if letter is None:
        return False
    try:
        letter.send()
    except OSError:
        logger.exception("A mail about discussions could not be sent; it will be tried again")
        return None
    return True
