"""Quizzes: which questions, how many marks, and what passing shows."""

import uuid
from collections.abc import Iterable
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.fields import RichTextField
from wagtail.models import Orderable
from wagtail.search import index

from assessments.models.questions import QUESTION_FEATURES, Question
from cms.models import OwnedContent
from competencies.models import Competency, Level
from organisations.enums import Visibility
from organisations.queries import iri_base


class QuizQuerySet(models.QuerySet["Quiz"]):
    def published(self) -> Self:
        return self.filter(is_published=True)

    def owned_by(self, organisation_ids: Iterable[int]) -> Self:
        """Shared by all, or owned by one of these organisations."""
        return self.filter(
            Q(owner_organisation__isnull=True) | Q(owner_organisation__in=organisation_ids)
        )

    def open_to_members_of(self, organisation_ids: Iterable[int]) -> Self:
        """Open to whoever is signed in, or to one of these organisations."""
        ids = list(organisation_ids)
        named = Quiz.visible_to.through.objects.filter(organisation__in=ids).values("quiz")
        return self.filter(
            Q(visibility__in=[Visibility.PUBLIC, Visibility.SIGNED_IN])
            | Q(owner_organisation__in=ids)
            | Q(pk__in=named)
        )


# django-stubs does not know ParentalKey
class Quiz(OwnedContent, index.Indexed, ClusterableModel):  # type: ignore[django-manager-missing]
    """Questions with a pass mark.

    ``source_sha256`` is the fingerprint of the starter file it was last read from; empty for a
    quiz made here.

    Personal data: none.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=200)
    intro = RichTextField(_("introduction"), features=QUESTION_FEATURES, blank=True)
    language = models.CharField(max_length=8, default="en", editable=False)
    pass_percent = models.PositiveSmallIntegerField(
        _("pass mark, in percent"),
        default=70,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    max_attempts = models.PositiveSmallIntegerField(
        _("attempts"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("How often somebody may try. Empty: as often as they like."),
    )
    shuffle = models.BooleanField(
        _("shuffle"), default=True, help_text=_("Questions and answers in another order each time.")
    )
    is_published = models.BooleanField(_("published"), default=False)
    source_sha256 = models.CharField(max_length=64, blank=True, editable=False)

    objects = QuizQuerySet.as_manager()

    search_fields = [
        index.SearchField("title"),
        index.AutocompleteField("title"),
        index.FilterField("owner_organisation"),
        index.FilterField("is_published"),
    ]

    class Meta:
        verbose_name = _("quiz")
        verbose_name_plural = _("quizzes")
        constraints = [
            models.CheckConstraint(
                condition=Q(pass_percent__gte=1) & Q(pass_percent__lte=100),
                name="quiz_pass_mark_range",
            ),
            models.CheckConstraint(
                condition=Q(max_attempts__isnull=True) | Q(max_attempts__gte=1),
                name="quiz_attempts_from_one",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def activity_iri(self) -> str:
        """The quiz's xAPI activity."""
        return f"{iri_base()}/activities/quiz/{self.uuid}"


class QuizQuestion(Orderable):
    """A question in a quiz, and its marks.

    Asked once however often it is placed. That it is placed once is checked by the editor's form
    and not by the database: there, swapping two rows would fail.

    Personal data: none.
    """

    quiz = ParentalKey(Quiz, on_delete=models.CASCADE, related_name="questions")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="placed_in")
    marks = models.PositiveSmallIntegerField(
        _("marks"), default=1, validators=[MinValueValidator(1)]
    )

    class Meta(Orderable.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(marks__gte=1), name="quiz_question_marks_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.question_id} in {self.quiz_id}"


class QuizCompetency(Orderable):
    """That passing a quiz is evidence of a competency at a level.

    Personal data: none.
    """

    quiz = ParentalKey(Quiz, on_delete=models.CASCADE, related_name="competencies_shown")
    competency = models.ForeignKey(Competency, on_delete=models.PROTECT, related_name="+")
    level = models.ForeignKey(Level, on_delete=models.PROTECT, related_name="+")
    counts_past = models.BooleanField(
        _("also for who has passed already"),
        default=False,
        help_text=_("People who passed before you added this will have it too."),
    )
    months_valid = models.PositiveSmallIntegerField(
        _("months it counts"), null=True, blank=True, help_text=_("Empty: it does not lapse.")
    )

    class Meta(Orderable.Meta):
        pass

    def __str__(self) -> str:
        return f"{self.quiz_id} shows {self.competency_id}"
