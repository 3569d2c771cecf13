"""A person's tries at a quiz, and their answers."""

import uuid
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.models.questions import QuestionVersion
from assessments.models.quizzes import Quiz
from organisations.models import User


class AttemptQuerySet(models.QuerySet["Attempt"]):
    def open(self) -> Self:
        """Started and not handed in."""
        return self.filter(submitted_at__isnull=True)

    def marked(self) -> Self:
        """Handed in, and so marked."""
        return self.filter(submitted_at__isnull=False)


class Attempt(models.Model):
    """One try at a quiz. What is asked, in which order, is fixed when it starts.

    ``score_percent`` is rounded down, so that 100 means every answer was right and a score at the
    pass mark is a pass.

    Personal data: when a person tried and how well it went; kept with the person's record; erased
    with the person by `assessments.services.people.erase_assessments`.
    """

    wagtail_reference_index_ignore = True

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="attempts")
    quiz = models.ForeignKey(Quiz, on_delete=models.PROTECT, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    pass_percent = models.PositiveSmallIntegerField()
    started_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    score_percent = models.PositiveSmallIntegerField(null=True, blank=True)
    is_passed = models.BooleanField(_("passed"), null=True, blank=True)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "quiz", "number"], name="attempt_once"),
            models.UniqueConstraint(
                fields=["person", "quiz"],
                condition=Q(submitted_at__isnull=True),
                name="one_open_attempt",
            ),
            models.CheckConstraint(
                condition=(
                    Q(
                        submitted_at__isnull=False,
                        score_percent__isnull=False,
                        score_percent__lte=100,
                        is_passed__isnull=False,
                    )
                    | Q(
                        submitted_at__isnull=True,
                        score_percent__isnull=True,
                        is_passed__isnull=True,
                    )
                ),
                name="attempt_marked_when_submitted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.quiz_id} attempt {self.number}"


class AttemptAnswer(models.Model):
    """A question of an attempt, as it was asked, and what was chosen.

    ``choice_order`` and ``chosen`` are lists of choice uuids. ``share`` is the part of the marks
    earned, 0–1; empty until the attempt is marked.

    Personal data: a person's choices; erased with the attempt.
    """

    wagtail_reference_index_ignore = True

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="answers")
    version = models.ForeignKey(QuestionVersion, on_delete=models.PROTECT, related_name="answers")
    position = models.PositiveSmallIntegerField()
    marks = models.PositiveSmallIntegerField()
    choice_order = models.JSONField(default=list)
    chosen = models.JSONField(default=list, blank=True)
    share = models.FloatField(null=True, blank=True)
    saved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["attempt", "position"], name="one_answer_a_position"),
            models.UniqueConstraint(fields=["attempt", "version"], name="one_answer_a_question"),
            models.CheckConstraint(
                condition=Q(share__isnull=True) | (Q(share__gte=0) & Q(share__lte=1)),
                name="answer_share_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id} question {self.position}"
