"""A learner's way through courses. Hangs on the identity that all languages of a page share."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from learning.enums import LessonState, StepKind
from organisations.models import Organisation, User


class Enrolment(models.Model):
    """That a learner takes a course; its uuid is the xAPI registration.

    ``employer`` is set when the learner takes the course for an employer: then what is done
    belongs to that employer's record too.

    Personal data: who takes which course, when; erased with the person.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="enrolments")
    course_key = models.UUIDField(help_text=_("The course page's translation key."))
    employer = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "course_key"], name="enrolled_once")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} takes {self.course_key}"


class LessonProgress(models.Model):
    """Where a learner is with a lesson, whichever language it is read in.

    Personal data: what a person has read and finished; erased with the person.
    """

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="lesson_progress")
    lesson_key = models.UUIDField(help_text=_("The lesson page's translation key."))
    course_key = models.UUIDField()
    state = models.CharField(
        max_length=12, choices=LessonState.choices, default=LessonState.STARTED
    )
    language = models.CharField(max_length=8, blank=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "lesson_key"], name="one_progress_a_lesson"),
            models.CheckConstraint(
                condition=Q(state=LessonState.COMPLETED, completed_at__isnull=False)
                | (~Q(state=LessonState.COMPLETED) & Q(completed_at__isnull=True)),
                name="completed_has_a_time",
            ),
        ]
        indexes = [models.Index(fields=["person", "course_key"], name="progress_course_idx")]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.lesson_key} {self.state}"


class StepAnswer(models.Model):
    """What a learner answered to a reflection or a knowledge check of a lesson.

    ``block_key`` is the block's id in the lesson's body, shared by all languages. ``answer`` is
    ``{"text": str}`` for a reflection and ``{"chosen": [int]}``, places in the list of options
    from 0, for a check.

    Personal data: a person's own words and choices, private to them; erased with the person.
    """

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="step_answers")
    lesson_key = models.UUIDField()
    block_key = models.CharField(max_length=64)
    kind = models.CharField(max_length=12, choices=StepKind.choices)
    answer = models.JSONField()
    is_right = models.BooleanField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=1)
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "lesson_key", "block_key"], name="one_answer_a_step"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.block_key}"
