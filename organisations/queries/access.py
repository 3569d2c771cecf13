"""What a person is and may act as, loaded once."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from organisations.enums import GrantKind
from organisations.models import Grant, Membership, Place, Supervision, Team, User
from organisations.permissions import Access, Belonging


def access_of(person: User | AnonymousUser, *, on: date) -> Access:
    """Return what ``person`` is and may act as on ``on``.

    Three queries; one more for a supervisor by grant, one or two more for someone who plans for a
    place or a partnership. Never more with more rows. Nobody signed in, an account that was
    closed, or one that was merged into another: an access that opens nothing.
    """
    if not isinstance(person, User) or not person.is_active or person.merged_into_id is not None:
        return Access(person_id=None, on=on)
    belonging = belonging_of(person.pk, on=on)
    held = _Leave(Grant.objects.in_force_on(on).filter(person=person))
    led = held.of(GrantKind.WORKFORCE_LEAD, "team")
    places = _with_nested(held.of(GrantKind.WORKFORCE_LEAD, "place"))
    partnerships = held.of(GrantKind.WORKFORCE_LEAD, "partnership")
    supervised_organisations = held.of(GrantKind.SUPERVISOR, "organisation")
    supervised_teams = held.of(GrantKind.SUPERVISOR, "team")
    administered = held.of(GrantKind.ORGANISATION_ADMINISTRATOR, "organisation")
    return Access(
        person_id=person.pk,
        on=on,
        employer_ids=belonging.organisation_ids,
        team_ids=belonging.team_ids,
        led_team_ids=led,
        overseen_team_ids=_teams_of(places, partnerships) - led,
        overseen_place_ids=places,
        overseen_partnership_ids=partnerships,
        acts_for_ids=administered | held.of(GrantKind.WORKFORCE_LEAD, "organisation"),
        administered_ids=administered,
        supervised_ids=_supervised_by(
            person, on=on, organisations=supervised_organisations, teams=supervised_teams
        ),
        supervisor_organisation_ids=supervised_organisations,
        supervisor_team_ids=supervised_teams,
        educator_ids=held.of(GrantKind.EDUCATOR, "organisation"),
        is_educator_everywhere=held.everywhere(GrantKind.EDUCATOR),
        moderated_organisation_ids=held.of(GrantKind.MODERATOR, "organisation"),
        moderated_team_ids=held.of(GrantKind.MODERATOR, "team"),
        is_moderator_everywhere=held.everywhere(GrantKind.MODERATOR),
        is_operator=person.is_superuser or held.everywhere(GrantKind.OPERATOR),
    )


def belonging_of(person_id: int, *, on: date) -> Belonging:
    """Return where someone works on ``on``, by confirmed memberships; one query."""
    rows = (
        Membership.objects.active_on(on)
        .filter(person_id=person_id)
        .values_list("organisation_id", "team_id")
    )
    pairs = list(rows)
    return Belonging(
        person_id=person_id,
        organisation_ids=frozenset(found for found, _team in pairs if found is not None),
        team_ids=frozenset(found for _organisation, found in pairs if found is not None),
    )


class _Leave:
    """Somebody's grants, by kind and by what they are of."""

    def __init__(self, grants: Iterable[Grant]) -> None:
        self._ids: dict[tuple[str, str], set[int]] = defaultdict(set)
        self._everywhere: set[str] = set()
        for grant in grants:
            targets = {
                "organisation": grant.organisation_id,
                "team": grant.team_id,
                "place": grant.place_id,
                "partnership": grant.partnership_id,
            }
            named = {name: found for name, found in targets.items() if found is not None}
            if not named:
                self._everywhere.add(grant.kind)
            for name, found in named.items():
                self._ids[grant.kind, name].add(found)

    def of(self, kind: str, target: str) -> frozenset[int]:
        return frozenset(self._ids[kind, target])

    def everywhere(self, kind: str) -> bool:
        return kind in self._everywhere


def _with_nested(place_ids: frozenset[int]) -> frozenset[int]:
    """Return the places and every place inside them; one query when there are any."""
    if not place_ids:
        return place_ids
    inside: dict[int, list[int]] = defaultdict(list)
    for place_id, parent_id in Place.objects.filter(parent__isnull=False).values_list(
        "id", "parent_id"
    ):
        inside[parent_id].append(place_id)
    found: set[int] = set()
    waiting = list(place_ids)
    while waiting:
        place_id = waiting.pop()
        if place_id not in found:
            found.add(place_id)
            waiting.extend(inside[place_id])
    return frozenset(found)


def _teams_of(place_ids: frozenset[int], partnership_ids: frozenset[int]) -> frozenset[int]:
    """Return the teams of the places and of the partnerships; one query when there are any."""
    if not place_ids and not partnership_ids:
        return frozenset()
    teams = Team.objects.filter(
        Q(place_id__in=place_ids) | Q(partnership_id__in=partnership_ids)
    ).values_list("id", flat=True)
    return frozenset(teams)


def _supervised_by(
    person: User, *, on: date, organisations: frozenset[int], teams: frozenset[int]
) -> frozenset[int]:
    """Return whom the person supervises: by name, and as members of what they supervise."""
    named = Supervision.objects.in_force_on(on).filter(supervisor=person)
    found = set(named.values_list("person_id", flat=True))
    if organisations or teams:
        found.update(
            Membership.objects.active_on(on)
            .filter(Q(organisation_id__in=organisations) | Q(team_id__in=teams))
            .values_list("person_id", flat=True)
        )
    found.discard(person.pk)
    return frozenset(found)
