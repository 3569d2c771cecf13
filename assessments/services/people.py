"""What happens to attempts and ratings when a person goes, or turns out to be two."""

from django.db import transaction
from django.db.models import F, Max

from assessments.enums import RatingKind
from assessments.models import Attempt, Rating


@transaction.atomic
def erase_assessments(*, person_id: int) -> None:
    """Delete a person's attempts and the ratings of them; take their name off those they gave.

    Writes: Attempt, AttemptAnswer, Rating. Safe to repeat.
    """
    Attempt.objects.filter(person_id=person_id).delete()
    Rating.objects.filter(person_id=person_id).delete()
    Rating.objects.filter(rater_id=person_id).update(rater=None)


@transaction.atomic
def move_assessments(*, kept_id: int, gone_id: int) -> None:
    """Give one person the attempts and ratings of another who is the same person.

    Attempts of the one who goes are numbered after those of the one who stays; of two open
    attempts at a quiz the one that goes is dropped. A judgement that one gave of the other keeps
    no rater, since nobody supervises themselves.

    Writes: Attempt, Rating. Safe to repeat.
    """
    theirs = Attempt.objects.filter(person_id=gone_id)
    theirs.open().filter(
        quiz__in=Attempt.objects.open().filter(person_id=kept_id).values("quiz")
    ).delete()
    last_numbers = (
        Attempt.objects.filter(person_id=kept_id, quiz__in=theirs.values("quiz"))
        .values("quiz")
        .annotate(last=Max("number"))
        .order_by("quiz")
        .values_list("quiz", "last")
    )
    for quiz_id, last in list(last_numbers):
        for attempt in theirs.filter(quiz=quiz_id).order_by("-number"):
            attempt.number += last
            attempt.save(update_fields=["number"])
    theirs.update(person=kept_id)
    both = [kept_id, gone_id]
    Rating.objects.exclude(kind=RatingKind.SELF).filter(person__in=both, rater__in=both).exclude(
        person=F("rater")
    ).update(rater=None)
    Rating.objects.filter(kind=RatingKind.SELF, person=gone_id).update(
        person=kept_id, rater=kept_id
    )
    Rating.objects.filter(person=gone_id).update(person=kept_id)
    Rating.objects.filter(rater=gone_id).update(rater=kept_id)
