"""What someone works on here, besides their own learning: for the way to those pages."""

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import AnonymousUser, Permission
from django.db.models import Exists, OuterRef, Q

from organisations.enums import GrantKind
from organisations.models import Grant, Membership, Supervision, User


@dataclass(frozen=True)
class Work:
    """Which work pages there are for somebody; their own checks say who may come in."""

    supervises: bool = False
    keeps_people: bool = False
    operates: bool = False
    has_teams: bool = False
    edits: bool = False


def work_of(person: User | AnonymousUser, *, on: date) -> Work:
    """Return which work pages ``person`` has on ``on``; one query."""
    if not isinstance(person, User) or not person.is_active or person.merged_into_id is not None:
        return Work()
    grants = Grant.objects.in_force_on(on).filter(person=OuterRef("pk"))
    supervising = Grant.objects.in_force_on(on).filter(person=person, kind=GrantKind.SUPERVISOR)
    memberships = Membership.objects.active_on(on)
    leading = grants.filter(kind=GrantKind.WORKFORCE_LEAD).exclude(
        team=None, place=None, partnership=None
    )
    found = (
        User.objects.filter(pk=person.pk)
        .annotate(
            by_name=Exists(Supervision.objects.in_force_on(on).filter(supervisor=OuterRef("pk"))),
            by_grant=Exists(
                memberships.exclude(person=person).filter(
                    Q(organisation__in=supervising.values("organisation"))
                    | Q(team__in=supervising.values("team"))
                )
            ),
            keeps_people=Exists(grants.filter(kind=GrantKind.ORGANISATION_ADMINISTRATOR)),
            operates=Exists(grants.filter(kind=GrantKind.OPERATOR)),
            is_in_team=Exists(memberships.filter(person=OuterRef("pk"), team__isnull=False)),
            plans=Exists(leading),
            edits=Exists(
                Permission.objects.filter(
                    group__user=OuterRef("pk"),
                    content_type__app_label="wagtailadmin",
                    codename="access_admin",
                )
            ),
        )
        .values_list(
            "by_name", "by_grant", "keeps_people", "operates", "is_in_team", "plans", "edits"
        )
        .get()
    )
    by_name, by_grant, keeps_people, operates, is_in_team, plans, edits = found
    return Work(
        supervises=by_name or by_grant,
        keeps_people=keeps_people,
        operates=operates or person.is_superuser,
        has_teams=is_in_team or plans,
        edits=edits or person.is_superuser,
    )
