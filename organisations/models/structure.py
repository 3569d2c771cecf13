"""Where people work: places, organisations, partnerships, teams and memberships."""

import uuid
from datetime import date
from decimal import Decimal
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, F, Q, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from organisations.enums import MembershipStatus, PlaceKind, Sector
from organisations.models.people import User


def open_on(day: date, *, prefix: str = "") -> Q:
    """What has started by ``day`` and has not ended before it."""
    return Q(**{f"{prefix}starts_on__lte": day}) & (
        Q(**{f"{prefix}ends_on__isnull": True}) | Q(**{f"{prefix}ends_on__gte": day})
    )


class Place(models.Model):
    """A locality; places nest.

    Personal data: none.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=12, choices=PlaceKind.choices)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Coalesce(F("parent"), 0), F("name"), name="place_name_once_in_parent"
            ),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="place_not_its_own_parent"),
        ]

    def __str__(self) -> str:
        return self.name


class Organisation(models.Model):
    """An employer or group: trust, practice, council, care provider, charity, community group.

    Personal data: none.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=200, unique=True)
    sector = models.CharField(_("sector"), max_length=20, choices=Sector.choices)
    place = models.ForeignKey(Place, null=True, blank=True, on_delete=models.SET_NULL)
    retention_months = models.PositiveSmallIntegerField(
        _("months to keep records after someone leaves"), default=24
    )

    def __str__(self) -> str:
        return self.name


class AccountSystem(models.Model):
    """A system whose accounts an organisation vouches for: the `homePage` of an xAPI account.

    Personal data: none.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="account_systems"
    )
    home_page = models.CharField(max_length=500, unique=True)

    def __str__(self) -> str:
        return self.home_page


class Partnership(models.Model):
    """Organisations and places that plan together.

    Personal data: none.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=200, unique=True)
    organisations = models.ManyToManyField(Organisation, related_name="partnerships", blank=True)
    places = models.ManyToManyField(Place, related_name="partnerships", blank=True)

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """People from several organisations who serve a place or purpose together.

    Personal data: none.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=200)
    purpose = models.TextField(_("purpose"), blank=True)
    place = models.ForeignKey(
        Place, null=True, blank=True, on_delete=models.SET_NULL, related_name="teams"
    )
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="teams")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "name"], name="team_name_once_in_partnership"
            )
        ]

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet["Membership"]):
    def active_on(self, day: date) -> Self:
        """Confirmed, started and not ended on ``day``."""
        return self.filter(open_on(day), status=MembershipStatus.ACTIVE)

    def by_listed_name(self) -> Self:
        """By ``family`` and ``given``, the names that `Membership.listed_name` is made of."""
        is_confirmed = Q(status=MembershipStatus.ACTIVE)
        return self.annotate(
            given=Case(
                When(is_confirmed, then=F("person__first_name")), default=F("invited_given_name")
            ),
            family=Case(
                When(is_confirmed, then=F("person__last_name")), default=F("invited_family_name")
            ),
        ).order_by("family", "given", "id")


class Membership(models.Model):
    """A person in an organisation or a team, with a share of a whole-time post, from and until.

    Active once the person confirms; until then those who keep the list see the name and address
    that the inviter gave, whoever it turns out to be. Which role they fill there is a role assignment in
    `competencies`.

    Personal data: staff number, invitation address and name, dates of work; kept until the end plus the
    organisation's retention; erased by `organisations.services.erase_person`.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="memberships"
    )
    team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.PROTECT, related_name="memberships"
    )
    staff_number = models.CharField(_("staff number"), max_length=40, blank=True)
    job_title = models.CharField(_("job title"), max_length=120, blank=True)
    wte = models.DecimalField(
        _("whole-time-equivalent share"),
        max_digits=3,
        decimal_places=2,
        default=Decimal("1.00"),
        validators=[MinValueValidator(Decimal("0")), MaxValueValidator(Decimal("1.5"))],
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    status = models.CharField(
        max_length=10, choices=MembershipStatus.choices, default=MembershipStatus.INVITED
    )
    invited_email = models.EmailField(blank=True)
    invited_given_name = models.CharField(max_length=150, blank=True)
    invited_family_name = models.CharField(max_length=150, blank=True)
    invited_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(
        null=True, blank=True, help_text=_("When the invitation was handed to the mail server.")
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(organisation__isnull=True) ^ Q(team__isnull=True),
                name="membership_of_organisation_or_team",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="membership_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(wte__gte=0) & Q(wte__lte=Decimal("1.5")), name="membership_wte_range"
            ),
            models.UniqueConstraint(
                fields=["organisation", "staff_number"],
                condition=~Q(staff_number=""),
                name="staff_number_once_in_organisation",
            ),
            models.UniqueConstraint(
                fields=["person", "organisation", "starts_on"],
                condition=Q(organisation__isnull=False),
                name="membership_of_organisation_once",
            ),
            models.UniqueConstraint(
                fields=["person", "team", "starts_on"],
                condition=Q(team__isnull=False),
                name="membership_of_team_once",
            ),
        ]
        indexes = [
            models.Index(fields=["team", "status", "starts_on"], name="membership_team_idx"),
            models.Index(
                fields=["organisation", "status", "starts_on"], name="membership_organisation_idx"
            ),
            models.Index(fields=["person", "status"], name="membership_person_idx"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.organisation_id or self.team_id}"

    @property
    def listed_given_name(self) -> str:
        """For those who keep the list: the person's own once they said yes."""
        is_confirmed = self.status == MembershipStatus.ACTIVE
        return self.person.first_name if is_confirmed else self.invited_given_name

    @property
    def listed_family_name(self) -> str:
        """The same."""
        is_confirmed = self.status == MembershipStatus.ACTIVE
        return self.person.last_name if is_confirmed else self.invited_family_name

    @property
    def listed_name(self) -> str:
        """The name those who keep the list see; load the person along."""
        if self.status == MembershipStatus.ACTIVE:
            return self.person.full_name
        given = f"{self.invited_given_name} {self.invited_family_name}".strip()
        return given or self.invited_email or self.staff_number or str(_("Someone"))

    @property
    def place(self) -> Organisation | Team | None:
        """The organisation or the team; load it along."""
        return self.organisation if self.organisation_id is not None else self.team


class StaffListUpload(models.Model):
    """A staff list on its way in: checked, looked at, and then brought in or left.

    ``result`` is what checking or bringing it in said: counts, and refused lines with reasons.

    Personal data: a copy of a staff list, until it is brought in, a day at most; then only counts
    and what was refused, for a month; removed by `organisations.services.forget_uploads`.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="staff_list_uploads"
    )
    uploaded_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(max_length=200)
    content = models.BinaryField(null=True)
    result = models.JSONField(default=dict)
    uploaded_at = models.DateTimeField()
    brought_in_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name
