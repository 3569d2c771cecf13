"""What can be corrected about one of an employer's people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from organisations.enums import MembershipStatus
from organisations.models import Membership, Supervision, Team, User
from organisations.signals import roles_asked


@dataclass(frozen=True)
class Correctable:
    """How it stands, and what there is to choose from.

    Roles are (slug, title); ``role`` is the slug of the one filled, or empty. Supervisors are named
    as on the list: one who has not said yes, as they were invited.
    """

    membership: Membership
    roles: list[tuple[str, str]]
    role: str
    teams: list[Team]
    in_teams: list[Team]
    supervisors: list[str]


def correctable(*, membership: Membership, on: date, language: str) -> Correctable:
    """Return what can be corrected about a membership of an organisation on ``on``.

    Which teams somebody is in, an employer learns once they said yes to it.
    """
    answers: Sequence[tuple[Any, Any]] = roles_asked.send(
        sender=Membership,
        language=language,
        membership_id=membership.pk,
        organisation_id=membership.organisation_id,
        on=on,
    )
    roles, role = next((answer for _receiver, answer in answers), ([], ""))
    is_member = membership.status == MembershipStatus.ACTIVE
    shared = (
        Team.objects.filter(partnership__organisations=membership.organisation_id)
        .select_related("partnership")
        .order_by("name", "id")
        .distinct()
    )
    joined: set[int | None] = set(
        Membership.objects.filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=on),
            person_id=membership.person_id,
            team__isnull=False,
        )
        .exclude(status=MembershipStatus.REFUSED)
        .values_list("team_id", flat=True)
        if is_member
        else ()
    )
    supervisions = (
        Supervision.objects.open_on(on)
        .filter(person_id=membership.person_id, organisation=membership.organisation)
        .order_by("starts_on", "id")
    )
    named = {
        row.person_id: row.listed_name
        for row in Membership.objects.filter(
            organisation=membership.organisation_id,
            person__in=supervisions.values("supervisor_id"),
        )
        .select_related("person")
        .order_by("starts_on", "id")
    }
    return Correctable(
        membership=membership,
        roles=roles,
        role=role,
        teams=[team for team in shared if team.pk not in joined],
        in_teams=[team for team in shared if team.pk in joined],
        supervisors=[named.get(row.supervisor_id, str(_("Someone"))) for row in supervisions],
    )


def colleague(*, organisation_id: int, given: str, on: date) -> User | None:
    """Return who has this staff number, or has proved this address, in an organisation."""
    found = (
        Membership.objects.active_on(on)
        .filter(
            Q(staff_number__iexact=given)
            | Q(
                person__emailaddress__email__iexact=given,
                person__emailaddress__verified=True,
            ),
            organisation_id=organisation_id,
        )
        .select_related("person")
        .order_by("id")
        .first()
    )
    return found.person if found is not None and given else None
