"""What a lead sees: exactly what people share, in a fixed number of queries."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from competencies.enums import EvidenceKind, Importance
from competencies.models import RoleAssignment, RoleRequirement
from organisations.enums import ConsentPurpose, ConsentSource, GrantKind
from organisations.models import Consent
from organisations.queries import access_of
from tests.factories.competencies import RoleFactory
from tests.factories.organisations import (
    ConsentFactory,
    GrantFactory,
    MembershipFactory,
    OrganisationFactory,
    PartnershipFactory,
    PersonFactory,
    PlaceFactory,
    TeamFactory,
)
from tests.factories.workforce import (
    MOMENT,
    ON,
    World,
    add_member,
    make_large_world,
    make_world,
    show,
    show_everything,
)
from workforce.enums import Showing, StandingRule
from workforce.queries import (
    Filters,
    NoSuchPerson,
    ScopeKind,
    TeamProfile,
    person_profile,
    scope_counts,
    team_counts,
    team_profile,
    teams_open_to,
)
from workforce.rules.findings import FindingKind
from workforce.rules.grid import Basis, Gap

pytestmark = pytest.mark.django_db


def profile_of(world: World, **asked: object) -> TeamProfile:
    viewer = asked.pop("viewer", world.lead)
    return team_profile(
        viewer=access_of(viewer, on=ON),
        team=world.team,
        on=asked.pop("on", ON),
        moment=MOMENT,
        language=asked.pop("language", "en"),
        **asked,
    )


def ranks(profile: TeamProfile) -> list[list[int | None]]:
    return [[cell.rank for cell in row.cells] for _, row in profile.rows]


# What consent opens ------------------------------------------------------------------------


def test_what_is_shared_is_seen() -> None:
    world = make_world(people=1)
    show(world, world.people[0], "F1.1", 2)
    show(world, world.people[0], "F1.2", 1)

    profile = profile_of(world)

    assert ranks(profile) == [[1, None]]
    cell = profile.rows[0][1].cells[0]
    assert (cell.known, cell.of, cell.met, cell.gap) == (2, 2, 2, Gap.MET)
    assert profile.people_shown == [world.people[0].pk]


def test_what_is_not_shared_is_unknown_and_not_not_yet() -> None:
    world = make_world(people=1, shares=False)
    show(world, world.people[0], "F1.1", 2)
    show(world, world.people[0], "F1.2", 0)

    assert ranks(profile_of(world)) == [[None, None]]
    assert profile_of(world).grid.totals[0].unknown == 1
    assert profile_of(world).grid.totals[0].not_yet == 0


@pytest.mark.parametrize("state", ["withdrawn", "expired"])
def test_a_consent_that_ended_opens_nothing(state: str) -> None:
    world = make_world(people=1)
    show(world, world.people[0], "F1.1")
    assert ranks(profile_of(world)) == [[1, None]]

    Consent.objects.all().delete()
    ConsentFactory(person=world.people[0], team=world.team, **{state: True})

    assert ranks(profile_of(world)) == [[None, None]]


def test_a_consent_to_another_team_or_for_another_purpose_opens_nothing() -> None:
    world = make_world(people=1, shares=False)
    person = world.people[0]
    show(world, person, "F1.1")
    other = TeamFactory()
    MembershipFactory(person=person, team=other)
    ConsentFactory(person=person, team=other)
    ConsentFactory(person=person, team=world.team, purpose=ConsentPurpose.SUPERVISION)

    assert ranks(profile_of(world)) == [[None, None]]


def test_a_consent_to_one_source_opens_only_that() -> None:
    world = make_world(people=1, shares=False)
    person = world.people[0]
    first, second = OrganisationFactory(), OrganisationFactory()
    show(world, person, "F1.1", 1)
    show(world, person, "F1.2", 2, source=first)
    show(world, person, "F2.1", 3, source=second)
    show(world, person, "F2.2", 3, source=second)
    ConsentFactory(
        person=person,
        team=world.team,
        source=ConsentSource.ORGANISATION,
        source_organisation=first,
    )

    row = profile_of(world).rows[0][1]

    assert [cell.rank for cell in row.cells] == [2, None]
    assert row.cells[0].known == 1


def test_of_two_employers_a_lead_who_acts_for_one_sees_what_that_one_recorded() -> None:
    world = make_world(people=1, shares=False)
    person = world.people[0]
    other = OrganisationFactory()
    MembershipFactory(person=person, organisation=other)
    show(world, person, "F1.1", 1, source=world.organisation)
    show(world, person, "F1.2", 2, source=other)
    assert ranks(profile_of(world)) == [[None, None]]

    GrantFactory(person=world.lead, kind=GrantKind.WORKFORCE_LEAD, organisation=world.organisation)

    cell = profile_of(world).rows[0][1].cells[0]
    assert (cell.rank, cell.known) == (1, 1)
    assert profile_of(world).people[0].organisations == tuple(
        sorted([world.organisation.name, other.name])
    )


def test_nobody_else_finds_anybody_in_the_query_itself() -> None:
    world = make_world(people=2)
    show(world, world.people[0], "F1.1")

    stranger = profile_of(world, viewer=PersonFactory())
    colleague = profile_of(world, viewer=world.people[1])

    assert stranger.people == ()
    assert [person.id for person in colleague.people] == [world.people[1].pk]
    assert ranks(colleague) == [[None, None]]


def test_who_left_is_not_shown_even_on_an_earlier_day() -> None:
    world = make_world(people=1)
    left = add_member(world, ends_on=ON - timedelta(days=1))
    show(world, left, "F1.1")

    assert [person.id for person in profile_of(world).people] == [world.people[0].pk]
    earlier = profile_of(world, on=ON - timedelta(days=60))
    assert [person.id for person in earlier.people] == [world.people[0].pk]


def test_who_will_have_left_is_not_shown_on_a_later_day() -> None:
    world = make_world(people=1)
    add_member(world, ends_on=ON + timedelta(days=10))

    assert len(profile_of(world).people) == 2
    assert len(profile_of(world, on=ON + timedelta(days=11)).people) == 1


# What counts -------------------------------------------------------------------------------


def test_what_lapses_counts_until_its_last_day() -> None:
    world = make_world(people=1)
    show(world, world.people[0], "F1.1", expires_on=ON + timedelta(days=20))

    assert ranks(profile_of(world, on=ON + timedelta(days=20)))[0][0] == 1
    assert ranks(profile_of(world, on=ON + timedelta(days=21)))[0][0] is None
    today = profile_of(world)
    assert today.grid.totals[0].lapsing == 1
    assert today.rows[0][1].cells[0].expires_on == ON + timedelta(days=20)


def test_what_was_learned_later_does_not_count_on_an_earlier_day() -> None:
    world = make_world(people=1)
    show(world, world.people[0], "F1.1", observed_at=datetime(2026, 5, 20, 9, tzinfo=UTC))

    assert ranks(profile_of(world, on=date(2026, 5, 20)))[0][0] == 1
    assert ranks(profile_of(world, on=date(2026, 5, 19)))[0][0] is None


def test_the_rule_can_be_chosen() -> None:
    world = make_world(people=1)
    show(world, world.people[0], "F1.1", 2, kind=EvidenceKind.SELF_RATING)

    own_view = profile_of(world)
    confirmed = profile_of(world, filters=Filters(rule=StandingRule.HIGHEST_CONFIRMED))

    assert ranks(own_view)[0][0] == 2
    assert not own_view.rows[0][1].cells[0].is_confirmed
    assert ranks(confirmed)[0][0] is None


def test_every_rule_of_standing_can_be_chosen() -> None:
    from competencies.rules.standing import DEFAULT_RULE, RULES

    assert set(StandingRule.values) == set(RULES)
    assert Filters().rule == DEFAULT_RULE


def test_a_role_in_the_team_counts_before_a_role_elsewhere() -> None:
    world = make_world(people=1, functions=1)
    elsewhere = RoleFactory(framework=world.framework, title="Elsewhere")
    RoleRequirement.objects.create(
        role=elsewhere, competency=world.items[0].competency, level=world.levels[2]
    )
    of_employer = world.people[0].memberships.get(organisation=world.organisation)
    RoleAssignment.objects.create(
        membership=of_employer, role=elsewhere, starts_on=of_employer.starts_on
    )

    profile = profile_of(world)

    assert [str(role) for role in profile.people[0].roles] == ["Connector"]
    assert profile.rows[0][1].cells[0].needed_rank == 1


def test_a_carer_is_asked_for_nothing_and_counts_all_the_same() -> None:
    world = make_world(people=0, functions=1)
    carer_role = RoleFactory(framework=world.framework, slug="carer", title="Carer")
    RoleRequirement.objects.create(
        role=carer_role,
        competency=world.items[0].competency,
        level=world.levels[1],
        importance=Importance.USEFUL,
    )
    carer = add_member(world, role=carer_role)
    show(world, carer, "F1.1", 1)

    profile = profile_of(world)

    cell = profile.rows[0][1].cells[0]
    assert (cell.rank, cell.basis, cell.gap) == (1, Basis.USEFUL, Gap.NOT_ASKED)
    assert profile.grid.totals[0].cover == 1
    assert profile.grid.totals[0].asked == 0


# What is shown -----------------------------------------------------------------------------


def test_filters_choose_people_and_columns() -> None:
    world = make_world(people=2)
    other_role = RoleFactory(framework=world.framework, slug="driver", title="Driver")
    elsewhere = OrganisationFactory()
    driver = add_member(world, role=other_role, organisation=elsewhere)

    def names(**chosen: object) -> set[int]:
        return {person.id for person in profile_of(world, filters=Filters(**chosen)).people}

    everybody = {person.pk for person in world.people}
    assert names() == everybody
    assert names(role="driver") == {driver.pk}
    assert names(organisation=world.organisation.uuid) == everybody - {driver.pk}
    assert names(role="driver", organisation=world.organisation.uuid) == set()
    one = profile_of(world, filters=Filters(function="F2"))
    assert [column.code for column in one.columns] == ["F2"]
    assert [column.code for column in one.all_columns] == ["F1", "F2"]
    assert {slug for slug, _ in one.all_roles} == {"connector", "driver"}
    assert len(one.all_organisations) == 2


def test_only_gaps_shows_those_with_one_and_counts_everybody() -> None:
    world = make_world(people=3, functions=1, competencies=1)
    below, above, unknown = world.people
    show(world, below, "F1.1", 0)
    show(world, above, "F1.1", 1)

    def shown(showing: Showing) -> list[int]:
        profile = profile_of(world, filters=Filters(showing=showing))
        assert profile.grid.totals[0].people == 3
        return [person.id for person, _ in profile.rows]

    assert shown(Showing.BELOW) == [below.pk]
    assert shown(Showing.UNSURE) == [unknown.pk]
    assert shown(Showing.EVERYONE) == [person.pk for person in world.people]


def test_whom_a_finding_names_is_among_those_shown() -> None:
    world = make_world(people=2, functions=1, competencies=1)
    only, other = world.people
    show(world, only, "F1.1", 1)
    show(world, other, "F1.1", 0)

    profile = profile_of(world, filters=Filters(showing=Showing.BELOW))

    assert [person.id for person, _ in profile.rows] == [other.pk]
    assert [(one.kind, one.people) for one in profile.findings] == [(FindingKind.ONE, (only.pk,))]
    assert profile.people_shown == sorted([only.pk, other.pk])


def test_into_a_function_shows_its_competencies() -> None:
    world = make_world(people=1)
    show(world, world.people[0], "F2.2", 3)

    profile = profile_of(world, into="F2")

    assert [column.code for column in profile.columns] == ["F2.1", "F2.2"]
    assert profile.function is not None
    assert profile.function.code == "F2"
    assert ranks(profile) == [[None, 3]]


def test_titles_are_in_the_readers_language() -> None:
    from cms.models import TranslatedText

    world = make_world(people=1, functions=1)
    TranslatedText.objects.create(
        subject_uuid=world.functions[0].competency.uuid,
        field="title",
        language="ar",
        text="وظيفة",
    )

    profile = profile_of(world, language="ar")

    assert profile.columns[0].title.value == "وظيفة"
    assert profile.levels[0].word.language == "en"


# How many queries --------------------------------------------------------------------------


@pytest.mark.parametrize(("people", "functions"), [(1, 1), (3, 3), (3, 10)])
def test_a_profile_takes_nine_queries_at_any_size(
    people: int, functions: int, django_assert_num_queries
) -> None:
    world = make_world(people=people, functions=functions)
    show_everything(world)
    access = access_of(world.lead, on=ON)

    with django_assert_num_queries(9):
        team_profile(viewer=access, team=world.team, on=ON, moment=MOMENT, language="ar")


@pytest.mark.parametrize("functions", [1, 3])
def test_a_person_takes_ten_queries(functions: int, django_assert_num_queries) -> None:
    world = make_world(people=3, functions=functions)
    show_everything(world)
    access = access_of(world.lead, on=ON)

    with django_assert_num_queries(10):
        person_profile(
            viewer=access,
            team=world.team,
            person_uuid=world.people[0].uuid,
            moment=MOMENT,
            language="en",
        )


# One person --------------------------------------------------------------------------------


def test_a_person_with_reasons_as_far_as_they_are_shared() -> None:
    world = make_world(people=1, shares=False)
    person = world.people[0]
    shared, kept = OrganisationFactory(name="Shared Trust"), OrganisationFactory(name="Kept Trust")
    ConsentFactory(
        person=person,
        team=world.team,
        source=ConsentSource.ORGANISATION,
        source_organisation=shared,
    )
    show(world, person, "F1.1", 2, source=shared)
    show(world, person, "F1.1", 3, source=kept)

    profile = person_profile(
        viewer=access_of(world.lead, on=ON),
        team=world.team,
        person_uuid=person.uuid,
        moment=MOMENT,
        language="en",
    )

    line = profile.functions[0].lines[0]
    assert [(reason.source, str(reason.level)) for reason in line.reasons] == [
        ("Shared Trust", "Enhanced")
    ]
    assert line.cell.rank == 2
    assert line.needed is not None
    assert str(line.needed.word) == "Essential"
    assert not profile.is_all_unknown


def test_someone_of_another_team_is_not_found() -> None:
    world = make_world(people=1)

    with pytest.raises(NoSuchPerson):
        person_profile(
            viewer=access_of(world.lead, on=ON),
            team=world.team,
            person_uuid=PersonFactory().uuid,
            moment=MOMENT,
            language="en",
        )


# Teams and counts --------------------------------------------------------------------------


def planner_of(world: World) -> object:
    planner = PersonFactory()
    GrantFactory(person=planner, kind=GrantKind.WORKFORCE_LEAD, partnership=world.team.partnership)
    return access_of(planner, on=ON)


def test_each_team_is_found_once_where_most_can_be_seen() -> None:
    world = make_world(people=1)
    worked_in = TeamFactory(partnership=world.team.partnership)
    planned = TeamFactory(partnership=world.team.partnership)
    TeamFactory()
    MembershipFactory(person=world.lead, team=world.team)
    MembershipFactory(person=world.lead, team=worked_in)
    GrantFactory(person=world.lead, partnership=world.team.partnership)

    found = teams_open_to(viewer=access_of(world.lead, on=ON))

    assert [(line.team, line.members) for line in found.led] == [(world.team, 2)]
    assert [line.team for line in found.member_of] == [worked_in]
    assert [(line.team, line.members) for line in found.overseen] == [(planned, None)]
    assert [(one.kind, {team.pk for team in one.teams}) for one in found.scopes] == [
        (ScopeKind.PARTNERSHIP, {world.team.pk, worked_in.pk, planned.pk})
    ]


def test_places_that_overlap_what_is_already_counted_are_left_out() -> None:
    """Two totals over some of the same teams could be taken from one another."""
    planner = PersonFactory()
    region = PlaceFactory()
    inner = PlaceFactory(parent=region)
    elsewhere = PlaceFactory()
    partnership = PartnershipFactory()
    TeamFactory(partnership=partnership, place=inner)
    TeamFactory(partnership=partnership)
    apart = TeamFactory(place=elsewhere)
    for place in (region, inner, elsewhere):
        GrantFactory(person=planner, place=place)
    access = access_of(planner, on=ON)

    assert [one.name for one in teams_open_to(viewer=access).scopes] == sorted(
        [region.name, elsewhere.name]
    )

    GrantFactory(person=planner, partnership=partnership)
    scopes = teams_open_to(viewer=access_of(planner, on=ON)).scopes

    assert [one.name for one in scopes] == [partnership.name, elsewhere.name]
    assert scopes[1].teams == (apart,)


def test_counts_of_a_team_are_of_last_month_and_of_what_is_shared() -> None:
    world = make_world(people=12, functions=1, competencies=1)
    quiet = [add_member(world, shares=False) for _ in range(10)]
    for person in [*world.people[:9], *quiet]:
        show(world, person, "F1.1", 1)
    show(
        world,
        world.people[9],
        "F1.1",
        1,
        observed_at=datetime(2026, 6, 1, 8, tzinfo=UTC),
    )

    counts = team_counts(viewer=planner_of(world), team=world.team, moment=MOMENT, language="en")

    assert counts.as_of == date(2026, 5, 31)
    assert counts.people == 20
    table = counts.functions[0].table
    assert (table.at_least[0], table.not_yet, table.unknown) == (10, 0, 15)


def test_counts_are_of_those_whose_role_asks_and_against_what_it_asks() -> None:
    world = make_world(people=30, functions=1, competencies=2)
    RoleRequirement.objects.filter(competency=world.items[0].competency).update(
        level=world.levels[1]
    )
    for _ in range(5):
        nobody_asks = add_member(world, role=RoleFactory(framework=world.framework))
        show(world, nobody_asks, "F1.1", 3)
    for person in world.people[:10]:
        show(world, person, "F1.1", 2)
        show(world, person, "F1.2", 1)
    for person in world.people[10:20]:
        show(world, person, "F1.1", 1)
    for person in world.people[20:25]:
        show(world, person, "F1.2", 3)

    counts = team_counts(viewer=planner_of(world), team=world.team, moment=MOMENT, language="en")

    assert counts.people == 35
    one = counts.functions[0]
    assert (one.asked, one.met, one.below, one.table.unknown) == (30, 10, 10, 10)
    assert (one.column.framework, one.column.address) == (world.framework.slug, "F1")


def test_a_consent_withdrawn_today_is_out_of_the_counts_today() -> None:
    world = make_world(people=20, functions=1, competencies=1)
    for person in world.people:
        show(world, person, "F1.1", 1)
    planner = planner_of(world)

    def cover() -> int | None:
        counts = team_counts(viewer=planner, team=world.team, moment=MOMENT, language="en")
        return counts.functions[0].met

    Consent.objects.filter(person__in=world.people[:8]).update(withdrawn_at=MOMENT)
    assert cover() == 10
    Consent.objects.filter(person__in=world.people[8:10]).update(
        starts_at=MOMENT - timedelta(hours=1)
    )
    Consent.objects.filter(person__in=world.people[10:13]).update(withdrawn_at=MOMENT)
    assert cover() is None


def test_a_small_team_is_not_counted() -> None:
    world = make_world(people=9, functions=1)

    counts = team_counts(viewer=planner_of(world), team=world.team, moment=MOMENT, language="en")

    assert counts.people is None
    assert all(one.table.is_withheld and one.asked is None for one in counts.functions)


def test_counts_of_a_partnership_count_a_person_of_two_teams_once() -> None:
    world = make_world(people=12, functions=1, competencies=1)
    second = TeamFactory(partnership=world.team.partnership)
    for person in world.people:
        MembershipFactory(person=person, team=second)
        show(world, person, "F1.1", 1)
    for _ in range(13):
        person = PersonFactory()
        of_second = MembershipFactory(person=person, team=second)
        RoleAssignment.objects.create(
            membership=of_second, role=world.role, starts_on=of_second.starts_on
        )
        ConsentFactory(person=person, team=second)
        show(world, person, "F1.1", 0)
    access = planner_of(world)

    counts = scope_counts(
        viewer=access,
        teams=teams_open_to(viewer=access).scopes[0].teams,
        moment=MOMENT,
        language="en",
    )
    of_second = team_counts(viewer=access, team=second, moment=MOMENT, language="en")

    assert counts.people == 25
    assert of_second.people == 25
    assert counts.functions[0].asked == 25
    table = counts.functions[0].table
    if not table.is_withheld:
        assert (table.at_least, table.not_yet, table.unknown) == ((10,), 15, 0)
    assert of_second.functions[0].below == 15


def test_counts_take_seven_queries_however_many_teams(django_assert_num_queries) -> None:
    world = make_world(people=3, functions=2)
    show_everything(world)
    more = [TeamFactory(partnership=world.team.partnership) for _ in range(2)]
    for team in more:
        for person in world.people:
            MembershipFactory(person=person, team=team)
            ConsentFactory(person=person, team=team)
    access = planner_of(world)

    for teams in ([world.team], [world.team, *more]):
        with django_assert_num_queries(7):
            scope_counts(viewer=access, teams=teams, moment=MOMENT, language="en")


def test_a_stranger_counts_nothing_in_the_query_itself() -> None:
    world = make_world(people=12, functions=1, competencies=1)
    for person in world.people:
        show(world, person, "F1.1", 1)

    counts = team_counts(
        viewer=access_of(PersonFactory(), on=ON), team=world.team, moment=MOMENT, language="en"
    )

    assert counts.functions[0].table.at_least == (None,)


@pytest.mark.slow
def test_two_hundred_people_take_no_more_queries_than_one() -> None:
    world = make_large_world(people=200, functions=12)
    show_everything(world, needs_every=3)
    access = access_of(world.lead, on=ON)

    with CaptureQueriesContext(connection) as asked:
        profile = team_profile(viewer=access, team=world.team, on=ON, moment=MOMENT, language="en")

    assert len(asked) == 9
    assert len(profile.rows) == 200
