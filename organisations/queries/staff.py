"""An organisation's people list, for those who keep it."""

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from organisations.enums import MembershipStatus
from organisations.models import Grant, Membership, Organisation, Partnership, Place, Team, User
from organisations.permissions import (
    Access,
    may_administer_organisation,
    may_invite_to_team,
    may_operate,
)


def organisations_kept_by(*, viewer: Access) -> QuerySet[Organisation]:
    """Return the organisations whose people list the viewer keeps: an operator all of them."""
    every = Organisation.objects.select_related("place").order_by("name", "id")
    return every if viewer.is_operator else every.filter(pk__in=viewer.administered_ids)


def organisation_kept_by(*, viewer: Access, uuid: UUID) -> Organisation | None:
    """Return one of them, or nothing when the viewer does not keep its people list."""
    found = Organisation.objects.filter(uuid=uuid).select_related("place").first()
    if found is None or not may_administer_organisation(viewer, found.pk):
        return None
    return found


def staff_of(*, organisation: Organisation, on: date, search: str = "") -> QuerySet[Membership]:
    """Return the memberships of an organisation that have not ended, by name.

    ``search`` finds parts of names, of staff numbers and of job titles; every word must be found.
    """
    rows = (
        Membership.objects.filter(organisation=organisation)
        .filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on))
        .exclude(status=MembershipStatus.REFUSED)
        .by_listed_name()
        .select_related("person", "organisation")
    )
    for word in search.split()[:8]:
        rows = rows.filter(
            Q(given__icontains=word)
            | Q(family__icontains=word)
            | Q(staff_number__icontains=word)
            | Q(job_title__icontains=word)
        )
    return rows


def staff_member(*, organisation: Organisation, uuid: UUID) -> Membership | None:
    """Return one membership of an organisation."""
    return (
        Membership.objects.filter(organisation=organisation, uuid=uuid)
        .select_related("person", "organisation")
        .first()
    )


def leave_held(*, person: User, organisation: Organisation, on: date) -> list[Grant]:
    """Return the leave a person has in an organisation."""
    return list(
        Grant.objects.in_force_on(on)
        .filter(person=person, organisation=organisation)
        .order_by("kind")
    )


def leave_across(*, on: date) -> QuerySet[Grant]:
    """Return leave that reaches across organisations: of teams, places, partnerships, everything."""
    return (
        Grant.objects.in_force_on(on)
        .filter(organisation__isnull=True)
        .select_related("person", "team", "place", "partnership")
        .order_by("kind", "person__last_name", "id")
    )


def grant_of_organisation(*, organisation: Organisation, uuid: UUID) -> Grant | None:
    """Return leave of one organisation."""
    return Grant.objects.filter(organisation=organisation, uuid=uuid).first()


def grant_across(*, viewer: Access, uuid: UUID) -> Grant | None:
    """Return leave that reaches across organisations, to an operator."""
    if not may_operate(viewer):
        return None
    return Grant.objects.filter(organisation__isnull=True, uuid=uuid).first()


def team_led_by(*, viewer: Access, uuid: UUID) -> Team | None:
    """Return a team whose members the viewer invites."""
    found = Team.objects.filter(uuid=uuid).select_related("partnership", "place").first()
    if found is None or not may_invite_to_team(viewer, found.pk):
        return None
    return found


def team_memberships(*, team: Team, on: date) -> QuerySet[Membership]:
    """Return the memberships of a team that have not ended, answered or not, by name."""
    return (
        Membership.objects.filter(team=team)
        .filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on))
        .exclude(status=MembershipStatus.REFUSED)
        .by_listed_name()
        .select_related("person")
    )


def things_to_lead() -> tuple[QuerySet[Team], QuerySet[Place], QuerySet[Partnership]]:
    """Return every team, place and partnership, by name, for an operator to choose from."""
    return (
        Team.objects.select_related("partnership").order_by("name", "id"),
        Place.objects.order_by("name", "id"),
        Partnership.objects.order_by("name", "id"),
    )
