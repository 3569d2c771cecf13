"""What a learner lets others see, and who has looked."""

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from organisations.enums import ConsentPurpose, ConsentSource
from organisations.models.people import User
from organisations.models.structure import Organisation, Team


class ConsentQuerySet(models.QuerySet["Consent"]):
    def open_at(self, moment: datetime) -> Self:
        """Given, not withdrawn and not lapsed at ``moment``."""
        return self.filter(
            Q(ends_at__isnull=True) | Q(ends_at__gt=moment),
            starts_at__lte=moment,
            withdrawn_at__isnull=True,
        )


class Consent(models.Model):
    """A learner's decision that an organisation or a team may see evidence from a source.

    A lead looks on behalf of a team or an organisation. Withdrawing keeps the row: that consent
    was given, and when it stopped, is itself a fact the learner can see.

    Personal data: the decision and its dates; erased by `organisations.services.erase_person`.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="consents")
    source = models.CharField(max_length=12, choices=ConsentSource.choices)
    source_organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    organisation = models.ForeignKey(
        Organisation,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="consents_received",
    )
    team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.CASCADE, related_name="consents_received"
    )
    purpose = models.CharField(max_length=16, choices=ConsentPurpose.choices)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(organisation__isnull=True) ^ Q(team__isnull=True),
                name="consent_to_organisation_or_team",
            ),
            models.CheckConstraint(
                condition=(
                    Q(source=ConsentSource.ORGANISATION, source_organisation__isnull=False)
                    | (~Q(source=ConsentSource.ORGANISATION) & Q(source_organisation__isnull=True))
                ),
                name="consent_names_its_source",
            ),
        ]
        indexes = [
            models.Index(fields=["team", "person"], name="consent_team_idx"),
            models.Index(fields=["organisation", "person"], name="consent_organisation_idx"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} to {self.organisation_id or self.team_id}"


class AccessNote(models.Model):
    """That someone looked at a named person's record: one row for each person a page showed.

    Rows of one page view share ``look``.

    Personal data: who looked at whom, on which page, when; kept two years; erased with the person
    looked at by `organisations.services.erase_person`.
    """

    look = models.UUIDField(default=uuid.uuid4)
    viewer = models.ForeignKey(
        User, null=True, on_delete=models.SET_NULL, related_name="looks_taken"
    )
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="looks_received")
    page = models.CharField(max_length=80)
    team = models.ForeignKey(Team, null=True, on_delete=models.SET_NULL, related_name="+")
    organisation = models.ForeignKey(
        Organisation, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    noted_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["person", "-noted_at"], name="accessnote_person_idx")]

    def __str__(self) -> str:
        return f"{self.viewer_id} looked at {self.person_id}"
