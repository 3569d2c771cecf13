"""What happens to learning when a person goes, or turns out to be two."""

from django.db import transaction

from learning.enums import LessonState
from learning.models import Enrolment, LessonProgress, StepAnswer
from organisations.models import User


@transaction.atomic
def erase_learning(*, person_id: int) -> None:
    """Take away everything that shows how a person got through courses.

    Writes: Enrolment, LessonProgress, StepAnswer. Safe to repeat.
    """
    for model in (Enrolment, LessonProgress, StepAnswer):
        model.objects.filter(person_id=person_id).delete()


@transaction.atomic
def merge_learning(*, kept: User, gone: User) -> None:
    """Give one person's way through courses to another; what both have, the further one stays.

    Writes: Enrolment, LessonProgress, StepAnswer. Safe to repeat.
    """
    has = set(Enrolment.objects.filter(person=kept).values_list("course_key", flat=True))
    Enrolment.objects.filter(person=gone).exclude(course_key__in=has).update(person=kept)
    completed = set(
        LessonProgress.objects.filter(person=kept, state=LessonState.COMPLETED).values_list(
            "lesson_key", flat=True
        )
    )
    better = LessonProgress.objects.filter(person=gone, state=LessonState.COMPLETED).exclude(
        lesson_key__in=completed
    )
    LessonProgress.objects.filter(person=kept, lesson_key__in=better.values("lesson_key")).delete()
    better.update(person=kept)
    has = set(LessonProgress.objects.filter(person=kept).values_list("lesson_key", flat=True))
    LessonProgress.objects.filter(person=gone).exclude(lesson_key__in=has).update(person=kept)
    answered = StepAnswer.objects.filter(person=kept)
    pairs = set(answered.values_list("lesson_key", "block_key"))
    for row in StepAnswer.objects.filter(person=gone).order_by("pk"):
        if (row.lesson_key, row.block_key) not in pairs:
            row.person = kept
            row.save(update_fields=["person"])
    erase_learning(person_id=gone.pk)
