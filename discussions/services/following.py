"""Following what is new in a space or a discussion."""

from datetime import datetime

from django.core import signing
from django.db import transaction

from discussions.enums import Delivery
from discussions.models import Participant, Space, Subscription, Thread
from discussions.services.errors import DiscussionError
from organisations.models import User

UNSUBSCRIBE_SALT = "discussions.unsubscribe"


class LinkNotValid(DiscussionError):
    """The link was not made here, or was cut short."""


@transaction.atomic
def subscribe(
    *,
    person: User,
    delivery: Delivery,
    at: datetime,
    space: Space | None = None,
    thread: Thread | None = None,
) -> Subscription:
    """Choose how to hear of what is new in a space or in a thread: exactly one of the two.

    Raises:
        ValueError: neither or both are given.

    Writes: Subscription, and Participant for somebody who only reads. Safe to repeat.
    """
    if (space is None) == (thread is None):
        raise ValueError("Subscribe to a space or to a thread.")
    Participant.objects.get_or_create(person=person, defaults={"joined_at": at, "digest_at": at})
    subscription, _created = Subscription.objects.update_or_create(
        person=person,
        space=space,
        thread=thread,
        defaults={"delivery": delivery, "changed_at": at},
    )
    return subscription


def follow_what_i_write_in(*, person: User, thread: Thread, at: datetime) -> None:
    """Follow a thread as the person usually does, unless they chose for it. Writes: Subscription."""
    usual = Participant.objects.get(person=person).delivery
    Subscription.objects.get_or_create(
        person=person, thread=thread, defaults={"delivery": usual, "changed_at": at}
    )


@transaction.atomic
def choose_usual_delivery(*, person: User, delivery: Delivery, at: datetime) -> None:
    """Choose how to hear of discussions one writes in from now on. Writes: Participant."""
    Participant.objects.update_or_create(
        person=person,
        defaults={"delivery": delivery},
        create_defaults={"delivery": delivery, "joined_at": at, "digest_at": at},
    )


def unsubscribe_token(*, person: User, thread: Thread | None = None) -> str:
    """Return what proves, in a link, that a mail was written to ``person``.

    For one thread, or for everything when none is given.
    """
    value = {"person": str(person.uuid), "thread": str(thread.uuid) if thread else ""}
    return signing.dumps(value, salt=UNSUBSCRIBE_SALT)


@transaction.atomic
def unsubscribe(*, token: str, at: datetime) -> Thread | None:
    """Stop mails as the link says; return the thread, or None when it was for everything.

    Raises:
        LinkNotValid: the token is not ours, or names nobody and nothing any longer.

    Writes: Subscription, Participant. Safe to repeat.
    """
    try:
        value = signing.loads(token, salt=UNSUBSCRIBE_SALT)
        person = User.objects.get(uuid=value["person"])
        thread = Thread.objects.get(uuid=value["thread"]) if value["thread"] else None
    except (signing.BadSignature, User.DoesNotExist, Thread.DoesNotExist) as error:
        raise LinkNotValid from error
    if thread is not None:
        subscribe(person=person, thread=thread, delivery=Delivery.NONE, at=at)
    else:
        Subscription.objects.filter(person=person).update(delivery=Delivery.NONE, changed_at=at)
        choose_usual_delivery(person=person, delivery=Delivery.NONE, at=at)
    return thread
