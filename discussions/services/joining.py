"""Taking part: the name others see, and what becomes of one's words."""

from datetime import datetime

from django.db import transaction

from discussions.enums import Delivery
from discussions.models import Participant
from discussions.services.errors import NameNotUsable
from organisations.models import User


@transaction.atomic
def join_discussions(
    *,
    person: User,
    display_name: str,
    keeps_words: bool,
    delivery: Delivery,
    at: datetime,
) -> Participant:
    """Take part under ``display_name``, or change the decisions made about it.

    Raises:
        NameNotUsable: the name is empty, longer than its field, or holds an ``@``.

    Writes: User.display_name, Participant. Safe to repeat.
    """
    name = " ".join(display_name.split())
    if not name or len(name) > 80 or "@" in name:
        raise NameNotUsable
    person.display_name = name
    person.save(update_fields=["display_name"])
    participant, _created = Participant.objects.update_or_create(
        person=person,
        defaults={"keeps_words": keeps_words, "delivery": delivery},
        create_defaults={
            "keeps_words": keeps_words,
            "delivery": delivery,
            "joined_at": at,
            "digest_at": at,
        },
    )
    return participant
