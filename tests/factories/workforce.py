"""Whole teams with people, roles, evidence and consent, made in bulk."""

import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from competencies.enums import CompetencyKind, EvidenceKind, Importance
from competencies.models import (
    CompetencyVersion,
    Evidence,
    Framework,
    Level,
    Role,
    RoleAssignment,
    RoleRequirement,
)
from organisations.enums import ConsentPurpose, ConsentSource, GrantKind
from organisations.models import Consent, Organisation, Team, User
from tests.factories.competencies import FrameworkFactory, RoleFactory
from tests.factories.organisations import (
    STARTED_AT,
    STARTED_ON,
    ConsentFactory,
    GrantFactory,
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
    TeamFactory,
)

ON = date(2026, 6, 1)
MOMENT = datetime(2026, 6, 1, 12, tzinfo=UTC)


@dataclass
class World:
    """A team with its lead, members and the shared framework."""

    team: Team
    lead: User
    people: list[User]
    organisation: Organisation
    framework: Framework
    levels: list[Level]
    functions: list[CompetencyVersion]
    items: list[CompetencyVersion]
    role: Role


def make_world(
    *, people: int = 1, functions: int = 2, competencies: int = 2, shares: bool = True
) -> World:
    """Make a team of ``people`` who all need everything at the first level, with nothing shown."""
    framework = FrameworkFactory(
        shared=True, published__functions=functions, published__competencies=competencies
    )
    levels = list(framework.levels.order_by("rank"))
    found = list(
        CompetencyVersion.objects.filter(version__framework=framework)
        .select_related("competency")
        .order_by("position")
    )
    items = [item for item in found if item.kind == CompetencyKind.COMPETENCY]
    role = RoleFactory(framework=framework, slug="connector", title="Connector")
    RoleRequirement.objects.bulk_create(
        RoleRequirement(
            role=role,
            competency=item.competency,
            level=levels[0],
            importance=Importance.ESSENTIAL,
        )
        for item in items
    )
    world = World(
        team=TeamFactory(),
        lead=PersonFactory(first_name="Lleu", last_name="Leadwell"),
        people=[],
        organisation=OrganisationFactory(),
        framework=framework,
        levels=levels,
        functions=[item for item in found if item.kind == CompetencyKind.FUNCTION],
        items=items,
        role=role,
    )
    GrantFactory(person=world.lead, kind=GrantKind.WORKFORCE_LEAD, team=world.team)
    for _ in range(people):
        add_member(world, shares=shares)
    return world


def add_member(
    world: World,
    *,
    person: User | None = None,
    shares: bool = True,
    role: Role | None = None,
    organisation: Organisation | None = None,
    **membership: object,
) -> User:
    """Add someone to the team and to an employer; ``shares`` opens everything to the team."""
    person = person or PersonFactory()
    MembershipFactory(person=person, organisation=organisation or world.organisation)
    of_team = MembershipFactory(person=person, team=world.team, **membership)
    RoleAssignment.objects.create(
        membership=of_team, role=role or world.role, starts_on=of_team.starts_on
    )
    if shares:
        ConsentFactory(person=person, team=world.team)
    world.people.append(person)
    return person


def show(
    world: World,
    person: User,
    item: CompetencyVersion | str,
    rank: int = 1,
    *,
    kind: str = EvidenceKind.ASSESSMENT,
    source: Organisation | None = None,
    expires_on: date | None = None,
    observed_at: datetime = datetime(2026, 3, 1, 9, tzinfo=UTC),
) -> Evidence:
    """Make evidence that the person stands at ``rank``; 0 is not yet."""
    if isinstance(item, str):
        item = next(one for one in world.items if one.code == item)
    return Evidence.objects.create(
        person=person,
        competency=item.competency,
        item=item,
        level=world.levels[rank - 1] if rank else None,
        kind=kind,
        source_organisation=source,
        statement_uuid=uuid.uuid4(),
        observed_at=observed_at,
        expires_on=expires_on,
    )


def show_everything(world: World, *, needs_every: int = 1) -> None:
    """Give each person evidence in every ``needs_every``-th competency, two pieces in each third."""
    rows = []
    for number, person in enumerate(world.people):
        for place, item in enumerate(world.items):
            if place % needs_every:
                continue
            for piece in range(1 + ((number + place) % 3 == 0)):
                rank = (number * 7 + place * 3 + piece) % 4
                rows.append(
                    Evidence(
                        person=person,
                        competency=item.competency,
                        item=item,
                        level=world.levels[rank - 1] if rank else None,
                        kind=EvidenceKind.ASSESSMENT if piece else EvidenceKind.COMPLETION,
                        statement_uuid=uuid.uuid4(),
                        observed_at=STARTED_AT + timedelta(days=(number + place + piece) % 100),
                        expires_on=ON + timedelta(days=30 + place) if place % 9 == 0 else None,
                    )
                )
    Evidence.objects.bulk_create(rows, batch_size=500)


def make_large_world(*, people: int, functions: int, competencies: int = 5) -> World:
    """Make a team of any size with few statements: for measuring."""
    world = make_world(people=0, functions=functions, competencies=competencies)
    made = User.objects.bulk_create(
        User(
            username=f"made{number}",
            first_name="Ffion",
            last_name=f"Testwell{number:03}",
            email=f"made{number}@example.org",
            password="!",
        )
        for number in range(people)
    )
    for person in made:
        MembershipFactory(person=person, organisation=world.organisation)
        of_team = MembershipFactory(person=person, team=world.team)
        RoleAssignment.objects.create(membership=of_team, role=world.role, starts_on=STARTED_ON)
    Consent.objects.bulk_create(
        Consent(
            person=person,
            source=ConsentSource.ALL,
            team=world.team,
            purpose=ConsentPurpose.TEAM_PROFILE,
            starts_at=STARTED_AT,
        )
        for person in made
    )
    world.people = made
    return world
