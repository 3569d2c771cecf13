"""The ledger of judgements: side by side, never overwritten."""

import uuid
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assessments.enums import RatingKind
from competencies.models import Competency, CompetencyVersion, Level
from organisations.models import Organisation, Team, User


class RatingQuerySet(models.QuerySet["Rating"]):
    def standing(self) -> Self:
        """Not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)

    def newest_first(self) -> Self:
        return self.order_by("-rated_at", "-id")


class Rating(models.Model):
    """What one person judged that someone can do, on one day.

    No level means "not yet". A newer rating by the same rater is shown in its place; the older row
    stays as it was. ``item`` is the wording that was judged. ``organisation`` or ``team`` is on
    whose behalf the rater judged; neither for one's own view.

    Personal data: a judgement about a person, its comment and who made it; kept with the person's
    record; erased with the person, and its rater's name with the rater, by
    `assessments.services.people.erase_assessments`.
    """

    wagtail_reference_index_ignore = True

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="ratings")
    rater = models.ForeignKey(
        User, null=True, on_delete=models.SET_NULL, related_name="ratings_given"
    )
    kind = models.CharField(max_length=12, choices=RatingKind.choices)
    competency = models.ForeignKey(Competency, on_delete=models.PROTECT, related_name="ratings")
    item = models.ForeignKey(CompetencyVersion, on_delete=models.PROTECT, related_name="+")
    level = models.ForeignKey(
        Level, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    comment = models.TextField(_("comment"), max_length=2000, blank=True)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    rated_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = RatingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(rater__isnull=True)
                    | Q(kind=RatingKind.SELF, rater=F("person"))
                    | (~Q(kind=RatingKind.SELF) & ~Q(rater=F("person")))
                ),
                name="own_view_is_ones_own",
            ),
            models.CheckConstraint(
                condition=Q(organisation__isnull=True) | Q(team__isnull=True),
                name="rating_for_organisation_or_team",
            ),
            models.CheckConstraint(
                condition=~Q(kind=RatingKind.SELF)
                | Q(organisation__isnull=True, team__isnull=True),
                name="own_view_for_nobody_else",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "competency", "-rated_at"], name="rating_person_idx")
        ]

    def __str__(self) -> str:
        return f"{self.kind} rating of {self.competency_id}"
