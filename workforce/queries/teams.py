"""Which teams, places and partnerships someone finds under "Teams"."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from django.db.models import Count, Q

from organisations.models import Consent, Membership, Partnership, Place, Team
from organisations.permissions import Access


class ScopeKind(StrEnum):
    """What a planner plans for."""

    PARTNERSHIP = "partnership"
    PLACE = "place"


@dataclass(frozen=True)
class TeamLine:
    """A team in a list; ``members`` is None for who may not count them one by one."""

    team: Team
    members: int | None = None


@dataclass(frozen=True)
class Scope:
    """A partnership, or a place with the places in it, that somebody plans for."""

    kind: ScopeKind
    uuid: UUID
    name: str
    teams: tuple[Team, ...]


@dataclass(frozen=True)
class TeamsOpen:
    """The teams somebody leads, those they work in, and what they plan for."""

    led: tuple[TeamLine, ...]
    member_of: tuple[TeamLine, ...]
    overseen: tuple[TeamLine, ...]
    scopes: tuple[Scope, ...]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to find."""
        return not (self.led or self.member_of or self.overseen or self.scopes)


def teams_open_to(*, viewer: Access) -> TeamsOpen:
    """Return what ``viewer`` finds under "Teams"; a team once, where they may see most of it.

    Three queries at most, however many teams there are.
    """
    working_in = viewer.team_ids - viewer.led_team_ids
    seen_whole = viewer.led_team_ids | working_in
    teams = list(
        Team.objects.filter(pk__in=seen_whole | viewer.overseen_team_ids)
        .select_related("place", "partnership")
        .annotate(
            members=Count(
                "memberships",
                filter=Q(memberships__in=Membership.objects.active_on(viewer.on)),
                distinct=True,
            )
        )
        .order_by("name", "pk")
    )
    return TeamsOpen(
        led=tuple(TeamLine(one, one.members) for one in teams if one.pk in viewer.led_team_ids),
        member_of=tuple(TeamLine(one, one.members) for one in teams if one.pk in working_in),
        overseen=tuple(
            TeamLine(one) for one in teams if one.pk in viewer.overseen_team_ids - working_in
        ),
        scopes=tuple(_scopes(viewer, teams)),
    )


@dataclass(frozen=True)
class OwnMembership:
    """A team as one of its members sees it: how large it is, and what they share with it."""

    people: int
    organisations: int
    since: date | None
    consents: tuple[Consent, ...]


def own_membership(*, viewer: Access, team: Team, moment: datetime) -> OwnMembership:
    """Return what a member may know of their team: sizes, and their own sharing. Four queries."""
    members = Membership.objects.active_on(viewer.on).filter(team=team)
    employers = Membership.objects.active_on(viewer.on).filter(
        organisation__isnull=False, person__in=members.values("person_id")
    )
    own = members.filter(person_id=viewer.person_id).order_by("starts_on", "pk").first()
    return OwnMembership(
        people=members.values("person_id").distinct().count(),
        organisations=employers.values("organisation_id").distinct().count(),
        since=own.starts_on if own else None,
        consents=tuple(
            Consent.objects.open_at(moment)
            .filter(person_id=viewer.person_id, team=team)
            .select_related("source_organisation")
            .order_by("starts_at", "pk")
        ),
    )


def _scopes(viewer: Access, teams: Sequence[Team]) -> list[Scope]:
    """Return the partnerships and topmost places the viewer plans for.

    No team is in two of them: two totals over some of the same teams could be taken from one
    another. A place that shares a team with a partnership is left to the partnership.
    """
    if not viewer.overseen_partnership_ids and not viewer.overseen_place_ids:
        return []
    ours = [one for one in teams if one.pk in viewer.overseen_team_ids | viewer.led_team_ids]
    found = [
        Scope(
            ScopeKind.PARTNERSHIP,
            partnership.uuid,
            partnership.name,
            tuple(one for one in ours if one.partnership_id == partnership.pk),
        )
        for partnership in Partnership.objects.filter(
            pk__in=viewer.overseen_partnership_ids
        ).order_by("name", "pk")
    ]
    places = {place.pk: place for place in Place.objects.filter(pk__in=viewer.overseen_place_ids)}
    taken = {one.pk for scope in found for one in scope.teams}
    for top in sorted(places.values(), key=lambda one: (one.name, one.pk)):
        if top.parent_id in places:
            continue
        inside = tuple(one for one in ours if _is_in(one.place_id, top.pk, places))
        if taken.isdisjoint(one.pk for one in inside):
            found.append(Scope(ScopeKind.PLACE, top.uuid, top.name, inside))
    return found


def _is_in(place_id: int | None, top_id: int, places: dict[int, Place]) -> bool:
    while place_id is not None and place_id != top_id:
        place = places.get(place_id)
        place_id = place.parent_id if place else None
    return place_id == top_id
