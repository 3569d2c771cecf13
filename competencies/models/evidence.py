"""What activities are evidence of, and the evidence itself."""

import uuid
from datetime import date, datetime, time, timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from competencies.enums import EvidenceKind
from competencies.models.frameworks import Competency, CompetencyVersion, Level
from organisations.models import Organisation, User


class ActivityMapping(models.Model):
    """Doing this activity is evidence of that competency at that level, from–until.

    Never changed: an edit ends it and adds another, and evidence names the mapping that made it.

    Personal data: none.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    activity_iri = models.CharField(max_length=500)
    competency = models.ForeignKey(Competency, on_delete=models.PROTECT, related_name="mappings")
    level = models.ForeignKey(Level, on_delete=models.PROTECT, related_name="+")
    counts_past = models.BooleanField(
        default=False, help_text=_("Also counts completions from before it was added.")
    )
    months_valid = models.PositiveSmallIntegerField(null=True, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["activity_iri", "competency"],
                condition=Q(ends_at__isnull=True),
                name="one_open_mapping",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=F("starts_at")),
                name="mapping_ends_after_start",
            ),
        ]
        indexes = [models.Index(fields=["activity_iri"], name="mapping_activity_idx")]

    def __str__(self) -> str:
        return f"{self.activity_iri} shows {self.competency_id}"


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def valid_on(self, day: date) -> Self:
        """Neither withdrawn nor lapsed on ``day``, and not from after it."""
        morning_after = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
        return self.filter(
            Q(expires_on__isnull=True) | Q(expires_on__gte=day),
            withdrawn_at__isnull=True,
            observed_at__lt=morning_after,
        )


class Evidence(models.Model):
    """A reason to believe that a person holds a competency at a level.

    No level means: looked at, and not yet at the first level. That is not the same as unknown,
    which is no evidence at all. ``source_organisation`` is whose evidence it is; empty for what the person did here, which is
    the person's own.

    Personal data: what a person can do and why we think so; erased by
    `records.services.rebuild_record` after its statements are, and with the person.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="evidence")
    competency = models.ForeignKey(Competency, on_delete=models.PROTECT, related_name="evidence")
    item = models.ForeignKey(CompetencyVersion, on_delete=models.PROTECT, related_name="+")
    level = models.ForeignKey(
        Level, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(max_length=20, choices=EvidenceKind.choices)
    source_organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    statement_uuid = models.UUIDField(null=True, blank=True)
    rating_uuid = models.UUIDField(null=True, blank=True)
    mapping = models.ForeignKey(
        ActivityMapping, null=True, blank=True, on_delete=models.PROTECT, related_name="evidence"
    )
    observed_at = models.DateTimeField()
    expires_on = models.DateField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name_plural = _("evidence")
        constraints = [
            models.CheckConstraint(
                condition=Q(statement_uuid__isnull=True) ^ Q(rating_uuid__isnull=True),
                name="evidence_from_statement_or_rating",
            ),
            models.UniqueConstraint(
                F("statement_uuid"),
                Coalesce(F("source_organisation"), 0),
                F("competency"),
                F("person"),
                condition=Q(statement_uuid__isnull=False),
                name="evidence_once_a_statement",
            ),
            models.UniqueConstraint(
                fields=["rating_uuid", "competency"],
                condition=Q(rating_uuid__isnull=False),
                name="evidence_once_a_rating",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "competency"], name="evidence_person_idx"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.competency_id}"
