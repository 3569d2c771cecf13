"""What becomes of somebody's part when they leave, or turn out to be the same person as another."""

from datetime import datetime

from django.db import transaction

from discussions.models import (
    Mailing,
    ModerationAction,
    Participant,
    Post,
    Report,
    Subscription,
    Thread,
)
from discussions.services.writing import take_words_away


@transaction.atomic
def forget_person(*, person_id: int, at: datetime) -> None:
    """Take a person out of every discussion.

    Their words stay, as those of a person who has left, only if they chose so; otherwise the words
    go and the places stay, so that answers to them still make sense. Words that a moderator hid go
    in any case.

    Writes: Post, Thread, Report, ModerationAction, Participant, Subscription, Mailing. Safe to
    repeat.
    """
    keeps = Participant.objects.filter(person_id=person_id, keeps_words=True).exists()
    began = Thread.objects.filter(author_id=person_id)
    if not keeps:
        for thread in began:
            thread.title = "…"
            thread.save(update_fields=["title"])
    posts = Post.objects.filter(author_id=person_id).select_related("thread").order_by("pk")
    for post in posts.iterator(chunk_size=500):
        post.author, post.author_left = None, True
        if keeps and not post.hidden_at:
            post.save(update_fields=["author", "author_left"])
        else:
            take_words_away(post=post, at=at)
    began.update(author=None)
    Report.objects.filter(reporter_id=person_id).update(reporter=None, words="")
    Report.objects.filter(handled_by_id=person_id).update(handled_by=None)
    ModerationAction.objects.filter(moderator_id=person_id).update(moderator=None)
    Post.objects.filter(hidden_by_id=person_id).update(hidden_by=None)
    for model in (Participant, Subscription, Mailing):
        model.objects.filter(person_id=person_id).delete()


@transaction.atomic
def merge_person(*, kept_id: int, gone_id: int) -> None:
    """Give one person's part in discussions to another, who is the same.

    What both had, a subscription or a report of the same post, is kept once: as the one who stays
    had it.

    Writes: as `forget_person`. Safe to repeat.
    """
    Post.objects.filter(author_id=gone_id).update(author_id=kept_id)
    Thread.objects.filter(author_id=gone_id).update(author_id=kept_id)
    Post.objects.filter(hidden_by_id=gone_id).update(hidden_by_id=kept_id)
    Report.objects.filter(handled_by_id=gone_id).update(handled_by_id=kept_id)
    ModerationAction.objects.filter(moderator_id=gone_id).update(moderator_id=kept_id)
    mine = Subscription.objects.filter(person_id=kept_id)
    theirs = Subscription.objects.filter(person_id=gone_id)
    theirs.filter(thread__in=mine.filter(thread__isnull=False).values("thread")).delete()
    theirs.filter(space__in=mine.filter(space__isnull=False).values("space")).delete()
    theirs.update(person_id=kept_id)
    told = Mailing.objects.filter(person_id=kept_id).values("post")
    Mailing.objects.filter(person_id=gone_id, post__in=told).delete()
    Mailing.objects.filter(person_id=gone_id).update(person_id=kept_id)
    reported = Report.objects.filter(reporter_id=kept_id).values("post")
    Report.objects.filter(reporter_id=gone_id, post__in=reported).delete()
    Report.objects.filter(reporter_id=gone_id).update(reporter_id=kept_id)
    if Participant.objects.filter(person_id=kept_id).exists():
        Participant.objects.filter(person_id=gone_id).delete()
    else:
        Participant.objects.filter(person_id=gone_id).update(person_id=kept_id)
