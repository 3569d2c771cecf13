"""Hear what was written and done, and what becomes of people."""

from uuid import UUID

from django.dispatch import receiver
from django.utils import timezone

from discussions.services import forget_person, merge_person
from discussions.signals import moderation_done, post_written
from discussions.tasks import mail_post, tell_author_of
from organisations.signals import people_merged, person_erased


@receiver(post_written)
def on_post_written(post_id: int, **kwargs: object) -> None:
    """Send the mails soon."""
    mail_post.delay(post_id=post_id)


@receiver(moderation_done)
def on_moderation_done(action_id: int, **kwargs: object) -> None:
    """Tell the author soon."""
    tell_author_of.delay(action_id=action_id)


@receiver(person_erased)
def on_person_erased(person_id: int, person_uuid: UUID, **kwargs: object) -> None:
    """Take them out of every discussion, in the same transaction."""
    forget_person(person_id=person_id, at=timezone.now())


@receiver(people_merged)
def on_people_merged(kept_id: int, gone_id: int, **kwargs: object) -> None:
    """Join their parts in discussions, in the same transaction."""
    merge_person(kept_id=kept_id, gone_id=gone_id)
