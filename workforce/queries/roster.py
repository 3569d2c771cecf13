"""Who is in a team and what their roles need: everything but what they have shown."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from cms.queries import Said
from competencies.models import Role
from competencies.queries import (
    Requirement,
    combined,
    requirements_for,
    roles_filled,
    shared_functions,
    shared_levels,
)
from organisations.models import Membership, Team, User
from organisations.permissions import Access
from organisations.queries import members_named_to
from workforce.queries.wording import Functions, Wording, wording_of
from workforce.rules.grid import Member


@dataclass(frozen=True)
class Person:
    """Someone in the team, as a row is headed."""

    id: int
    uuid: UUID
    name: str
    role_slugs: tuple[str, ...]
    roles: tuple[Said, ...]
    organisation_uuids: tuple[UUID, ...]
    organisations: tuple[str, ...]


@dataclass(frozen=True)
class Roster:
    """Everything about a team but what its people have shown."""

    people: tuple[Person, ...]
    needs: Mapping[int, Member]
    functions: Functions
    wording: Wording
    role_titles: Mapping[str, str]
    organisation_names: Mapping[UUID, str]


def roster_of(
    *, viewer: Access, team: Team, on: date, language: str, person_uuid: UUID | None = None
) -> Roster:
    """Return the members of a team whose names the viewer may see, and what their roles need.

    Members today who also are on ``on``: whoever has left is not shown on an earlier day, and
    whoever will have left not on a later one. ``person_uuid`` asks for one of them only. Eight
    queries.
    """
    named = members_named_to(viewer=viewer, team=team, on=viewer.on).filter(
        pk__in=Membership.objects.active_on(on).filter(team=team).values("person_id")
    )
    if person_uuid is not None:
        named = named.filter(uuid=person_uuid)
    members = list(named.order_by("last_name", "first_name", "pk"))
    ids = [member.pk for member in members]
    role_ids = roles_filled(person_ids=ids, on=on, team_id=team.pk)
    in_use = {role_id for of_person in role_ids.values() for role_id in of_person}
    required = requirements_for(role_ids=in_use)
    roles = {role.pk: role for role in Role.objects.filter(pk__in=in_use)}
    employers = _employers(ids, on=on)
    functions = shared_functions()
    wording = wording_of(
        functions=functions,
        levels=shared_levels(),
        roles=list(roles.values()),
        language=language,
    )
    people = []
    needs = {}
    by_roles: dict[tuple[int, ...], tuple[Mapping[int, int], Mapping[int, int]]] = {}
    for member in members:
        filled = tuple(role_ids.get(member.pk, []))
        people.append(
            _person(member, [roles[role_id] for role_id in filled], employers[member.pk], wording)
        )
        if filled not in by_roles:
            by_roles[filled] = needs_of([required.get(role_id, []) for role_id in filled])
        essential, useful = by_roles[filled]
        needs[member.pk] = Member(id=member.pk, essential=essential, useful=useful)
    return Roster(
        people=tuple(people),
        needs=needs,
        functions=functions,
        wording=wording,
        role_titles={
            slug: str(title)
            for person in people
            for slug, title in zip(person.role_slugs, person.roles, strict=True)
        },
        organisation_names={
            found: name
            for person in people
            for found, name in zip(person.organisation_uuids, person.organisations, strict=True)
        },
    )


def needs_of(
    required: Sequence[Sequence[Requirement]],
) -> tuple[Mapping[int, int], Mapping[int, int]]:
    """Return the ranks that roles together find essential, and those they find useful."""
    together = combined(required).values()
    return (
        {one.competency_id: one.rank for one in together if one.is_essential},
        {one.competency_id: one.rank for one in together if not one.is_essential},
    )


def _employers(person_ids: Sequence[int], *, on: date) -> Mapping[int, list[tuple[UUID, str]]]:
    found: dict[int, list[tuple[UUID, str]]] = defaultdict(list)
    for person_id, organisation_uuid, name in (
        Membership.objects.active_on(on)
        .filter(person_id__in=person_ids, organisation__isnull=False)
        .order_by("organisation__name", "pk")
        .values_list("person_id", "organisation__uuid", "organisation__name")
    ):
        if (organisation_uuid, name) not in found[person_id]:
            found[person_id].append((organisation_uuid, name))
    return found


def _person(
    member: User, roles: Sequence[Role], employers: Sequence[tuple[UUID, str]], wording: Wording
) -> Person:
    return Person(
        id=member.pk,
        uuid=member.uuid,
        name=member.full_name,
        role_slugs=tuple(role.slug for role in roles),
        roles=tuple(wording.role(role) for role in roles),
        organisation_uuids=tuple(found for found, _ in employers),
        organisations=tuple(name for _, name in employers),
    )
