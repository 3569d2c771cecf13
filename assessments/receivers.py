"""What `assessments` does when others announce something."""

from django.dispatch import receiver

from assessments.services.people import erase_assessments, move_assessments
from organisations.signals import people_merged, person_erased


@receiver(person_erased)
def on_person_erased(*, person_id: int, **kwargs: object) -> None:
    """Erase this app's part of a person."""
    erase_assessments(person_id=person_id)


@receiver(people_merged)
def on_people_merged(*, kept_id: int, gone_id: int, **kwargs: object) -> None:
    """Move this app's part of a person who turned out to be another."""
    move_assessments(kept_id=kept_id, gone_id=gone_id)
