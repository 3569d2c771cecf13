"""In what part of their life somebody may speak: what they are here, or what they say of themselves."""

from dataclasses import dataclass
from datetime import date

from competencies.models import Role, RoleAssignment
from discussions.enums import SpeakingAs
from organisations.enums import MembershipStatus, Sector
from organisations.models import Membership, User, open_on

SELF_DECLARED = (
    SpeakingAs.LIVED_EXPERIENCE,
    SpeakingAs.UNPAID_CARER,
    SpeakingAs.VOLUNTEER,
    SpeakingAs.NEIGHBOUR,
)


@dataclass(frozen=True)
class Speaking:
    """As what somebody writes; a role or a sector is named only with its kind."""

    kind: SpeakingAs
    role_id: int | None = None
    sector: str = ""


def roles_of(*, person: User, on: date) -> list[Role]:
    """Return the roles a person fills on a day, by title. One query."""
    assignments = RoleAssignment.objects.filter(
        open_on(on),
        open_on(on, prefix="membership__"),
        membership__person=person,
        membership__status=MembershipStatus.ACTIVE,
    )
    return list(Role.objects.filter(pk__in=assignments.values("role_id")).order_by("title", "pk"))


def sectors_of(*, person: User, on: date) -> list[Sector]:
    """Return the sectors of a person's employers on a day. One query."""
    found = (
        Membership.objects.active_on(on)
        .filter(person=person, organisation__isnull=False)
        .values_list("organisation__sector", flat=True)
    )
    return [sector for sector in Sector if sector in set(found)]


def may_speak_as(*, person: User, speaking: Speaking, on: date) -> bool:
    """Whether a person may be shown so: in a role they fill, a sector they work in, or by own word."""
    if speaking.kind == SpeakingAs.ROLE:
        return any(role.pk == speaking.role_id for role in roles_of(person=person, on=on))
    if speaking.role_id is not None:
        return False
    if speaking.kind == SpeakingAs.SECTOR:
        return speaking.sector in sectors_of(person=person, on=on)
    return not speaking.sector
