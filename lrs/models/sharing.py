"""Whose statements another organisation may read."""

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lrs.models.tenants import Tenant
from lrs.rules.limits import Limits
from organisations.models import User


class SharingAgreementQuerySet(models.QuerySet["SharingAgreement"]):
    def open_at(self, instant: datetime) -> Self:
        """Started, not run out and not ended."""
        return self.filter(
            Q(ends_at__isnull=True) | Q(ends_at__gt=instant),
            starts_at__lte=instant,
            ended_at__isnull=True,
        )

    def not_over_at(self, instant: datetime) -> Self:
        """Neither run out nor ended; they may begin later."""
        return self.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=instant), ended_at__isnull=True)

    def over_at(self, instant: datetime) -> Self:
        """Run out or ended."""
        return self.filter(Q(ends_at__lte=instant) | Q(ended_at__isnull=False))


class SharingAgreement(models.Model):
    """That one organisation lets another read statements it holds; nothing else, and no writing.

    Empty ``verbs`` or ``activities`` mean any. Several agreements between the same two add up.

    Personal data: who made and who ended it; kept, as the proof of what was open to whom.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    giver = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="shared_by_it")
    reader = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="shared_with_it")
    purpose = models.CharField(_("purpose"), max_length=200)
    verbs = models.JSONField(_("verbs"), default=list, blank=True)
    activities = models.JSONField(_("activities"), default=list, blank=True)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    made_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    ended_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = SharingAgreementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(giver=F("reader")), name="sharing_is_between_two_tenants"
            )
        ]

    def __str__(self) -> str:
        return self.purpose

    @property
    def over_at(self) -> datetime | None:
        """When it ended or will: its last day or when somebody ended it, what comes first."""
        return min((one for one in (self.ends_at, self.ended_at) if one), default=None)

    @property
    def limits(self) -> Limits:
        """What it covers."""
        return Limits(verbs=tuple(self.verbs), activities=tuple(self.activities))
