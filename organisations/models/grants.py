"""Leave to act, and who supervises whom."""

import uuid
from datetime import date
from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from organisations.enums import GrantKind, MembershipStatus
from organisations.models.people import User
from organisations.models.structure import (
    Membership,
    Organisation,
    Partnership,
    Place,
    Team,
    open_on,
)

OF_ORGANISATION = {"organisation_id": OuterRef("organisation_id")}
OF_TEAM = {"team_id": OuterRef("team_id")}
OF_A_PARTNER = {"organisation__partnerships": OuterRef("team__partnership_id")}


class GrantQuerySet(models.QuerySet["Grant"]):
    def open_on(self, day: date) -> Self:
        """Started by ``day`` and not ended before it."""
        return self.filter(open_on(day))

    def in_force_on(self, day: date) -> Self:
        """Open on ``day``, and not outlived.

        Leave of an organisation or a team is outlived when the person's membership there ended
        since the leave began, and there is none today. Leave of a team is outlived too when the
        person left an organisation of its partnership and is neither in the team nor in another
        of those organisations. Leave given to someone who never was a member stands by itself.
        """

        def left(of: dict[str, OuterRef]) -> Exists:
            ended = Membership.objects.filter(
                person_id=OuterRef("person_id"),
                status=MembershipStatus.ACTIVE,
                ends_on__lt=day,
                ends_on__gte=OuterRef("starts_on"),
                **of,
            )
            return Exists(ended)

        def stays(of: dict[str, OuterRef]) -> Exists:
            return Exists(
                Membership.objects.active_on(day).filter(person_id=OuterRef("person_id"), **of)
            )

        return self.open_on(day).exclude(
            Q(left(OF_ORGANISATION), ~Q(stays(OF_ORGANISATION)))
            | Q(left(OF_TEAM), ~Q(stays(OF_TEAM)))
            | Q(left(OF_A_PARTNER), ~Q(stays(OF_A_PARTNER)), ~Q(stays(OF_TEAM)))
        )


class SupervisionQuerySet(models.QuerySet["Supervision"]):
    def open_on(self, day: date) -> Self:
        """Started by ``day`` and not ended before it."""
        return self.filter(open_on(day))

    def in_force_on(self, day: date) -> Self:
        """Open on ``day``, and both are confirmed members of what it is in the name of.

        Whoever names a supervisor does not thereby make anybody a member: a supervision waits
        until both have said yes, and rests when one of them is no longer there.
        """

        def both(of: dict[str, OuterRef]) -> Q:
            there = Membership.objects.active_on(day).filter(**of)
            return Q(
                Exists(there.filter(person_id=OuterRef("person_id"))),
                Exists(there.filter(person_id=OuterRef("supervisor_id"))),
            )

        return self.open_on(day).filter(both(OF_ORGANISATION) | both(OF_TEAM))


class Grant(models.Model):
    """Leave to act as something, of one organisation, team, place or partnership, or everywhere.

    An operator's is everywhere, an administrator's of an organisation, a supervisor's of an
    organisation or a team (all its members), a workforce lead's of any one thing, an educator's
    and a moderator's of an organisation, a team (a moderator's only) or everywhere.

    Personal data: who may do what, from when until when; erased by
    `organisations.services.erase_person`.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants")
    kind = models.CharField(_("leave to act as"), max_length=32, choices=GrantKind.choices)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.CASCADE, related_name="grants"
    )
    team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.CASCADE, related_name="grants"
    )
    place = models.ForeignKey(
        Place, null=True, blank=True, on_delete=models.CASCADE, related_name="grants"
    )
    partnership = models.ForeignKey(
        Partnership, null=True, blank=True, on_delete=models.CASCADE, related_name="grants"
    )
    granted_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="grants_given"
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)

    objects = GrantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="grant_ends_after_start",
            ),
            models.CheckConstraint(
                condition=(
                    Q(team__isnull=True, place__isnull=True, partnership__isnull=True)
                    | Q(organisation__isnull=True, place__isnull=True, partnership__isnull=True)
                    | Q(organisation__isnull=True, team__isnull=True, partnership__isnull=True)
                    | Q(organisation__isnull=True, team__isnull=True, place__isnull=True)
                ),
                name="grant_of_one_thing_at_most",
            ),
            models.CheckConstraint(
                condition=(
                    Q(
                        kind=GrantKind.OPERATOR,
                        organisation__isnull=True,
                        team__isnull=True,
                        place__isnull=True,
                        partnership__isnull=True,
                    )
                    | Q(
                        kind=GrantKind.ORGANISATION_ADMINISTRATOR,
                        organisation__isnull=False,
                    )
                    | Q(kind=GrantKind.SUPERVISOR, organisation__isnull=False)
                    | Q(kind=GrantKind.SUPERVISOR, team__isnull=False)
                    | (
                        Q(kind=GrantKind.WORKFORCE_LEAD)
                        & ~Q(
                            organisation__isnull=True,
                            team__isnull=True,
                            place__isnull=True,
                            partnership__isnull=True,
                        )
                    )
                    | Q(
                        kind=GrantKind.EDUCATOR,
                        team__isnull=True,
                        place__isnull=True,
                        partnership__isnull=True,
                    )
                    | Q(
                        kind=GrantKind.MODERATOR,
                        place__isnull=True,
                        partnership__isnull=True,
                    )
                ),
                name="grant_of_what_its_kind_is_of",
            ),
        ]
        indexes = [models.Index(fields=["person", "kind"], name="grant_person_idx")]

    def __str__(self) -> str:
        return f"{self.person_id} as {self.kind}"


class Supervision(models.Model):
    """Who supervises whom, in the name of an organisation or, across organisations, of a team.

    It opens something only while both are confirmed members there.

    Personal data: the working relation between two people, from–until; erased by
    `organisations.services.erase_person`.
    """

    supervisor = models.ForeignKey(User, on_delete=models.CASCADE, related_name="supervises")
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="supervised_by")
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.CASCADE, related_name="supervisions"
    )
    team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.CASCADE, related_name="supervisions"
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)

    objects = SupervisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(supervisor=F("person")), name="supervision_of_someone_else"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="supervision_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(organisation__isnull=True) ^ Q(team__isnull=True),
                name="supervision_for_organisation_or_team",
            ),
            models.UniqueConstraint(
                fields=["supervisor", "person", "organisation", "starts_on"],
                condition=Q(organisation__isnull=False),
                name="supervision_for_organisation_once",
            ),
            models.UniqueConstraint(
                fields=["supervisor", "person", "team", "starts_on"],
                condition=Q(team__isnull=False),
                name="supervision_for_team_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.supervisor_id} supervises {self.person_id}"
