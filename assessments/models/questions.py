"""The question bank, and what a question said when it was asked."""

import uuid
from collections.abc import Iterable
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.fields import RichTextField
from wagtail.models import Orderable, PreviewableMixin
from wagtail.search import index

from assessments.enums import QuestionKind
from competencies.models import Competency
from organisations.models import Organisation

QUESTION_FEATURES = ["bold", "italic", "ol", "ul"]


class QuestionQuerySet(models.QuerySet["Question"]):
    def in_use(self) -> Self:
        """Not retired."""
        return self.filter(is_retired=False)

    def owned_by(self, organisation_ids: Iterable[int]) -> Self:
        """Shared by all, or owned by one of these organisations."""
        return self.filter(
            Q(owner_organisation__isnull=True) | Q(owner_organisation__in=organisation_ids)
        )


class Question(PreviewableMixin, index.Indexed, ClusterableModel):
    """Something to ask, and the answers to choose from.

    May be edited at any time: who has answered keeps the `QuestionVersion` they saw.

    Personal data: none.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(
        _("kind"), max_length=10, choices=QuestionKind.choices, default=QuestionKind.SINGLE
    )
    text = RichTextField(_("question"), features=QUESTION_FEATURES)
    language = models.CharField(
        _("language"), max_length=8, choices=settings.LANGUAGES, default="en"
    )
    owner_organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("owner"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("The organisation whose educators may use it. Empty: everyone's."),
    )
    competencies = ParentalManyToManyField(
        Competency, blank=True, related_name="+", verbose_name=_("competencies it is about")
    )
    is_retired = models.BooleanField(
        _("retired"),
        default=False,
        help_text=_("Not offered for new quizzes. Quizzes that have it keep it."),
    )

    objects = QuestionQuerySet.as_manager()

    search_fields = [
        index.SearchField("text"),
        index.AutocompleteField("text"),
        index.FilterField("owner_organisation"),
        index.FilterField("kind"),
        index.FilterField("language"),
        index.FilterField("is_retired"),
    ]

    class Meta:
        verbose_name = _("question")

    def __str__(self) -> str:
        return Truncator(strip_tags(self.text)).chars(90)

    def get_preview_template(self, request: object, mode_name: str) -> str:
        return "assessments/question_preview.html"


class Choice(Orderable):
    """An answer to choose, whether it is right, and what to say to who chose it.

    Personal data: none.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    question = ParentalKey(Question, on_delete=models.CASCADE, related_name="choices")
    text = models.CharField(_("answer"), max_length=400)
    is_right = models.BooleanField(_("right"), default=False)
    feedback = models.TextField(
        _("feedback"),
        max_length=800,
        help_text=_("Said to whoever chose it. Kind, and why."),
    )

    def __str__(self) -> str:
        return self.text


class QuestionVersion(models.Model):
    """What a question said, in every language, when it was asked. Never changed.

    Made when an attempt starts and the question differs from its newest version. ``content`` is
    ``{"uuid", "kind", "language", "text", "choices": [{"uuid", "text", "is_right", "feedback"}],
    "translations": {language: {uuid: {field: text}}}}``.

    Personal data: none.
    """

    wagtail_reference_index_ignore = True

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    content_sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["question", "number"], name="question_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.question_id} version {self.number}"
