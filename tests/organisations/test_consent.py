"""Which evidence opens to whom; every wall is climbed before it is trusted."""

import itertools
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organisations.enums import ConsentPurpose, ConsentSource, GrantKind
from organisations.models import Membership, Organisation, Team, User
from organisations.queries import access_of, members_named_to, sources_open_to
from organisations.queries.consent import months_before
from records.models import RecordEntry
from tests.factories.organisations import (
    ConsentFactory,
    GrantFactory,
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
    PlaceFactory,
    SupervisionFactory,
    TeamFactory,
)

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
TODAY = date(2026, 6, 1)

pytestmark = pytest.mark.django_db


def evidence(person: User, source: Organisation | None = None) -> RecordEntry:
    return RecordEntry.objects.create(
        person=person,
        source_organisation=source,
        statement_uuid=uuid4(),
        kind="completed",
        verb_iri="http://adlnet.gov/expapi/verbs/completed",
        activity_iri="https://example.org/a",
        occurred_at=datetime(2026, 5, 1, tzinfo=UTC),
    )


def seen_by(viewer: User, *, at: datetime = NOW, **on_behalf_of: object) -> set[RecordEntry]:
    access = access_of(viewer, on=at.date())
    return set(
        RecordEntry.objects.filter(sources_open_to(viewer=access, moment=at, **on_behalf_of))
    )


class Scene:
    """A lead of a team; one member of it who works for the trust and for the practice."""

    def __init__(self) -> None:
        self.trust, self.practice = OrganisationFactory(), OrganisationFactory()
        self.team = TeamFactory()
        self.learner, self.lead = PersonFactory(), PersonFactory()
        MembershipFactory(person=self.learner, team=self.team)
        for employer in (self.trust, self.practice):
            MembershipFactory(person=self.learner, organisation=employer)
        GrantFactory(person=self.lead, team=self.team)
        self.here = evidence(self.learner)
        self.at_trust = evidence(self.learner, self.trust)
        self.at_practice = evidence(self.learner, self.practice)
        self.all = {self.here, self.at_trust, self.at_practice}

    def acts_for(self, organisation: Organisation) -> User:
        return GrantFactory(
            kind=GrantKind.ORGANISATION_ADMINISTRATOR, organisation=organisation
        ).person


@pytest.fixture
def scene() -> Scene:
    return Scene()


# My own ----------------------------------------------------------------------------------


def test_own_record_is_all_open_and_nobody_elses(scene: Scene) -> None:
    evidence(PersonFactory())

    assert seen_by(scene.learner) == scene.all


def test_nobody_signed_in_sees_nothing(scene: Scene) -> None:
    ConsentFactory(person=scene.learner, team=scene.team)
    scene.lead.is_active = False

    assert seen_by(scene.lead) == set()
    assert seen_by(scene.lead, team=scene.team) == set()
    assert seen_by(scene.lead, organisation=scene.trust) == set()


def test_looking_for_a_team_and_an_organisation_at_once_is_refused(scene: Scene) -> None:
    with pytest.raises(ValueError, match="not both"):
        seen_by(scene.lead, team=scene.team, organisation=scene.trust)


# On behalf of a team -----------------------------------------------------------------------


def test_team_lead_sees_nothing_without_consent(scene: Scene) -> None:
    assert seen_by(scene.lead, team=scene.team) == set()


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        (ConsentSource.ALL, {"here", "at_trust", "at_practice"}),
        (ConsentSource.PLATFORM, {"here"}),
        (ConsentSource.ORGANISATION, {"at_trust"}),
    ],
)
def test_team_lead_sees_the_sources_opened_to_the_team(
    scene: Scene, source: str, wanted: set[str]
) -> None:
    of = scene.trust if source == ConsentSource.ORGANISATION else None
    ConsentFactory(person=scene.learner, team=scene.team, source=source, source_organisation=of)

    assert seen_by(scene.lead, team=scene.team) == {getattr(scene, name) for name in wanted}


@pytest.mark.parametrize("state", ["expired", "withdrawn"])
def test_consent_that_ended_opens_nothing(scene: Scene, state: str) -> None:
    ConsentFactory(person=scene.learner, team=scene.team, **{state: True})

    assert seen_by(scene.lead, team=scene.team) == set()


def test_consent_opens_from_its_start_until_its_end(scene: Scene) -> None:
    starts, ends = datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC)
    ConsentFactory(person=scene.learner, team=scene.team, starts_at=starts, ends_at=ends)

    before = datetime(2026, 4, 30, 23, 59, tzinfo=UTC)
    assert seen_by(scene.lead, team=scene.team, at=before) == set()
    assert seen_by(scene.lead, team=scene.team, at=starts) == scene.all
    assert seen_by(scene.lead, team=scene.team, at=ends) == set()


def test_withdrawing_one_consent_leaves_another(scene: Scene) -> None:
    ConsentFactory(person=scene.learner, team=scene.team, withdrawn=True)
    ConsentFactory(person=scene.learner, team=scene.team, source=ConsentSource.PLATFORM)

    assert seen_by(scene.lead, team=scene.team) == {scene.here}


@pytest.mark.parametrize("purpose", [ConsentPurpose.SUPERVISION, ConsentPurpose.EMPLOYMENT])
def test_consent_for_another_purpose_opens_no_team_profile(scene: Scene, purpose: str) -> None:
    ConsentFactory(person=scene.learner, team=scene.team, purpose=purpose)

    assert seen_by(scene.lead, team=scene.team) == set()


def test_consent_to_one_team_does_not_open_another(scene: Scene) -> None:
    other = TeamFactory()
    MembershipFactory(person=scene.learner, team=other)
    GrantFactory(person=scene.lead, team=other)
    ConsentFactory(person=scene.learner, team=other)

    assert seen_by(scene.lead, team=scene.team) == set()
    assert seen_by(scene.lead, team=other) == scene.all


def test_consent_of_one_person_does_not_open_another(scene: Scene) -> None:
    quiet = MembershipFactory(team=scene.team).person
    evidence(quiet)
    ConsentFactory(person=scene.learner, team=scene.team)

    assert seen_by(scene.lead, team=scene.team) == scene.all


def test_source_named_by_one_person_does_not_open_it_for_another(scene: Scene) -> None:
    colleague = MembershipFactory(team=scene.team).person
    MembershipFactory(person=colleague, organisation=scene.practice)
    theirs = evidence(colleague, scene.practice)
    evidence(colleague, scene.trust)
    for person, source in ((scene.learner, scene.trust), (colleague, scene.practice)):
        ConsentFactory(
            person=person,
            team=scene.team,
            source=ConsentSource.ORGANISATION,
            source_organisation=source,
        )

    assert seen_by(scene.lead, team=scene.team) == {scene.at_trust, theirs}


def test_leaving_the_team_closes_what_was_open_to_it(scene: Scene) -> None:
    ConsentFactory(person=scene.learner, team=scene.team)
    Membership.objects.filter(team=scene.team).update(ends_on=date(2026, 5, 31))

    assert seen_by(scene.lead, team=scene.team) == set()
    assert (
        seen_by(scene.lead, team=scene.team, at=datetime(2026, 5, 31, 12, tzinfo=UTC)) == scene.all
    )


def test_someone_only_invited_is_not_seen(scene: Scene) -> None:
    invited = MembershipFactory(team=scene.team, invited=True).person
    evidence(invited)
    ConsentFactory(person=invited, team=scene.team)

    assert seen_by(scene.lead, team=scene.team) == set()


def test_lead_of_another_team_or_of_none_sees_nothing(scene: Scene) -> None:
    ConsentFactory(person=scene.learner, team=scene.team)
    elsewhere = GrantFactory(team=TeamFactory()).person
    colleague = MembershipFactory(team=scene.team).person
    operator = GrantFactory(kind=GrantKind.OPERATOR).person
    employer = scene.acts_for(scene.trust)

    for viewer in (elsewhere, colleague, operator, employer, PersonFactory()):
        assert seen_by(viewer, team=scene.team) == set()
    assert seen_by(scene.lead, team=scene.team) == scene.all


def test_lead_of_the_place_has_counts_and_no_rows_to_show(scene: Scene) -> None:
    scene.team.place = PlaceFactory()
    scene.team.save()
    planner = GrantFactory(place=scene.team.place).person
    ConsentFactory(person=scene.learner, team=scene.team, source=ConsentSource.PLATFORM)

    assert seen_by(planner, team=scene.team) == set()
    assert seen_by(planner, team=scene.team, counts_only=True) == {scene.here}
    assert seen_by(PersonFactory(), team=scene.team, counts_only=True) == set()


def test_lead_who_acts_for_the_employer_sees_what_it_recorded_of_the_team(scene: Scene) -> None:
    outside = MembershipFactory(organisation=scene.trust).person
    evidence(outside, scene.trust)
    GrantFactory(
        person=scene.lead, kind=GrantKind.ORGANISATION_ADMINISTRATOR, organisation=scene.trust
    )

    assert seen_by(scene.lead, team=scene.team) == {scene.at_trust}


def test_what_is_open_to_the_employer_for_profiles_shows_to_a_lead_acting_for_it(
    scene: Scene,
) -> None:
    ConsentFactory(person=scene.learner, organisation=scene.practice, source=ConsentSource.PLATFORM)
    assert seen_by(scene.lead, team=scene.team) == set()

    GrantFactory(person=scene.lead, organisation=scene.practice)

    assert seen_by(scene.lead, team=scene.team) == {scene.here, scene.at_practice}


def test_names_are_for_those_who_lead_that_very_team(scene: Scene) -> None:
    scene.team.place = PlaceFactory()
    scene.team.save()
    planner = GrantFactory(place=scene.team.place).person
    invited = MembershipFactory(team=scene.team, invited=True).person

    def names(viewer: User) -> set[User]:
        access = access_of(viewer, on=TODAY)
        return set(members_named_to(viewer=access, team=scene.team, on=TODAY))

    assert names(scene.lead) == {scene.learner}
    assert names(scene.learner) == {scene.learner}
    assert names(planner) == names(invited) == names(PersonFactory()) == set()


# On behalf of an employer --------------------------------------------------------------------


def test_employer_sees_its_own_and_not_the_other_employers(scene: Scene) -> None:
    assert seen_by(scene.acts_for(scene.trust), organisation=scene.trust) == {scene.at_trust}
    assert seen_by(scene.acts_for(scene.practice), organisation=scene.practice) == {
        scene.at_practice
    }


def test_acting_for_one_employer_opens_nothing_of_another(scene: Scene) -> None:
    assert seen_by(scene.acts_for(scene.trust), organisation=scene.practice) == set()
    assert seen_by(scene.learner, organisation=scene.trust) == set()


def test_employer_sees_what_was_opened_to_it_and_by_its_members_only(scene: Scene) -> None:
    boss = scene.acts_for(scene.trust)
    stranger = PersonFactory()
    evidence(stranger)
    for person in (scene.learner, stranger):
        ConsentFactory(
            person=person,
            organisation=scene.trust,
            source=ConsentSource.PLATFORM,
            purpose=ConsentPurpose.EMPLOYMENT,
        )

    assert seen_by(boss, organisation=scene.trust) == {scene.at_trust, scene.here}


def test_employer_does_not_see_what_is_open_to_a_team_or_for_a_team_profile(scene: Scene) -> None:
    ConsentFactory(person=scene.learner, team=scene.team, purpose=ConsentPurpose.EMPLOYMENT)
    ConsentFactory(person=scene.learner, organisation=scene.trust)

    assert seen_by(scene.acts_for(scene.trust), organisation=scene.trust) == {scene.at_trust}


def test_employer_keeps_its_own_until_the_end_of_retention(scene: Scene) -> None:
    boss = scene.acts_for(scene.trust)
    scene.trust.retention_months = 3
    scene.trust.save()
    Membership.objects.filter(organisation=scene.trust).update(ends_on=date(2026, 3, 1))
    ConsentFactory(
        person=scene.learner, organisation=scene.trust, purpose=ConsentPurpose.EMPLOYMENT
    )

    assert seen_by(boss, organisation=scene.trust) == {scene.at_trust}
    assert seen_by(boss, organisation=scene.trust, at=datetime(2026, 6, 2, 12, tzinfo=UTC)) == set()


def test_employer_sees_nothing_of_someone_only_invited(scene: Scene) -> None:
    Membership.objects.filter(organisation=scene.trust).update(status="invited")

    assert seen_by(scene.acts_for(scene.trust), organisation=scene.trust) == set()


# Supervisors -----------------------------------------------------------------------------------


def test_supervisor_sees_what_the_named_employer_recorded(scene: Scene) -> None:
    boss = SupervisionFactory(person=scene.learner, organisation=scene.trust).supervisor
    mine = evidence(boss)

    assert seen_by(boss) == {mine, scene.at_trust}


def test_supervisor_without_a_named_employer_sees_only_by_consent(scene: Scene) -> None:
    boss = SupervisionFactory(person=scene.learner).supervisor
    MembershipFactory(person=boss, organisation=scene.practice)
    assert seen_by(boss) == set()

    ConsentFactory(
        person=scene.learner,
        organisation=scene.practice,
        source=ConsentSource.PLATFORM,
        purpose=ConsentPurpose.SUPERVISION,
    )

    assert seen_by(boss) == {scene.here}


def test_supervisor_does_not_see_what_is_open_elsewhere_or_for_something_else(
    scene: Scene,
) -> None:
    boss = SupervisionFactory(person=scene.learner).supervisor
    MembershipFactory(person=boss, organisation=scene.practice)
    ConsentFactory(
        person=scene.learner, organisation=scene.trust, purpose=ConsentPurpose.SUPERVISION
    )
    ConsentFactory(person=scene.learner, organisation=scene.practice)

    assert seen_by(boss) == set()


def test_supervisor_who_is_not_theirs_sees_nothing(scene: Scene) -> None:
    other = SupervisionFactory(organisation=scene.trust).supervisor
    past = SupervisionFactory(person=scene.learner, organisation=scene.trust, ended=True).supervisor
    ConsentFactory(
        person=scene.learner, organisation=scene.trust, purpose=ConsentPurpose.SUPERVISION
    )

    assert seen_by(other) == seen_by(past) == set()


def test_supervisor_by_leave_sees_members_of_what_they_supervise(scene: Scene) -> None:
    boss = GrantFactory(kind=GrantKind.SUPERVISOR, organisation=scene.trust).person
    team_boss = GrantFactory(kind=GrantKind.SUPERVISOR, team=scene.team).person
    ConsentFactory(
        person=scene.learner,
        team=scene.team,
        source=ConsentSource.PLATFORM,
        purpose=ConsentPurpose.SUPERVISION,
    )

    assert seen_by(boss) == {scene.at_trust}
    assert seen_by(team_boss) == {scene.here}


def test_former_employers_record_is_closed_to_its_supervisor(scene: Scene) -> None:
    boss = SupervisionFactory(person=scene.learner, organisation=scene.trust).supervisor
    Membership.objects.filter(organisation=scene.trust).update(ends_on=date(2026, 5, 1))

    assert seen_by(boss) == set()


# Any mixture -------------------------------------------------------------------------------------


def test_every_mixture_agrees_with_the_rule_in_words(scene: Scene) -> None:
    """Each combination of consents to the team, against the rule written out again in Python."""
    choices = [
        (source, of, purpose, state)
        for source, of in (
            (ConsentSource.ALL, None),
            (ConsentSource.PLATFORM, None),
            (ConsentSource.ORGANISATION, scene.trust),
            (ConsentSource.ORGANISATION, scene.practice),
        )
        for purpose in (ConsentPurpose.TEAM_PROFILE, ConsentPurpose.SUPERVISION)
        for state in ({}, {"withdrawn": True})
    ]
    for pair in itertools.combinations(choices, 2):
        scene.learner.consents.all().delete()
        wanted: set[RecordEntry] = set()
        for source, of, purpose, state in pair:
            ConsentFactory(
                person=scene.learner,
                team=scene.team,
                source=source,
                source_organisation=of,
                purpose=purpose,
                **state,
            )
            if purpose == ConsentPurpose.TEAM_PROFILE and not state:
                wanted |= {
                    row
                    for row in scene.all
                    if source == ConsentSource.ALL or row.source_organisation == of
                }

        assert seen_by(scene.lead, team=scene.team) == wanted, pair


@pytest.mark.parametrize("size", [1, 3])
def test_filter_is_one_query_at_any_size(size: int, django_assert_num_queries) -> None:
    team: Team = TeamFactory()
    lead = GrantFactory(team=team).person
    for _number in range(size):
        member = MembershipFactory(team=team).person
        ConsentFactory(person=member, team=team)
        evidence(member)
    access = access_of(lead, on=TODAY)

    with django_assert_num_queries(1):
        rows = list(
            RecordEntry.objects.filter(sources_open_to(viewer=access, moment=NOW, team=team))
        )

    assert len(rows) == size


def test_filter_reaches_rows_through_a_prefix(scene: Scene) -> None:
    ConsentFactory(
        person=scene.learner,
        team=scene.team,
        source=ConsentSource.ORGANISATION,
        source_organisation=scene.trust,
    )
    access = access_of(scene.lead, on=TODAY)
    opened = sources_open_to(viewer=access, moment=NOW, team=scene.team, prefix="record_entries__")

    assert list(User.objects.filter(opened)) == [scene.learner]


@given(day=st.dates(date(1990, 1, 1), date(2100, 1, 1)), months=st.integers(0, 240))
def test_months_before_is_so_many_months_earlier(day: date, months: int) -> None:
    earlier = months_before(day, months)

    distance = (day.year - earlier.year) * 12 + day.month - earlier.month
    assert distance == months
    assert earlier.day <= day.day
