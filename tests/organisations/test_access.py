"""What a person is and may act as on a day."""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction

from organisations.enums import GrantKind
from organisations.permissions import Access
from organisations.queries import access_of
from tests.factories.organisations import (
    GrantFactory,
    MembershipFactory,
    OrganisationFactory,
    PartnershipFactory,
    PersonFactory,
    PlaceFactory,
    SupervisionFactory,
    TeamFactory,
)

TODAY = date(2026, 6, 1)

pytestmark = pytest.mark.django_db


def test_access_of_nobody_opens_nothing() -> None:
    closed = PersonFactory(is_active=False)
    merged = PersonFactory(merged_into=PersonFactory())

    for person in (AnonymousUser(), closed, merged):
        assert access_of(person, on=TODAY) == Access(person_id=None, on=TODAY)


def test_access_holds_employers_and_teams_of_confirmed_memberships_only() -> None:
    person = PersonFactory()
    employer, team = OrganisationFactory(), TeamFactory()
    MembershipFactory(person=person, organisation=employer)
    MembershipFactory(person=person, team=team)
    MembershipFactory(person=person, invited=True)
    MembershipFactory(person=person, ended=True)
    MembershipFactory(person=person, starts_on=date(2026, 6, 2))

    access = access_of(person, on=TODAY)

    assert access.employer_ids == {employer.pk}
    assert access.team_ids == {team.pk}


def test_membership_counts_on_its_last_day() -> None:
    membership = MembershipFactory(ended=True)

    assert access_of(membership.person, on=date(2026, 3, 31)).employer_ids == {
        membership.organisation_id
    }
    assert access_of(membership.person, on=date(2026, 4, 1)).employer_ids == set()


def test_lead_of_a_team_leads_it_and_a_lead_of_its_place_oversees_it() -> None:
    region = PlaceFactory()
    valley = PlaceFactory(parent=PlaceFactory(parent=region))
    team, other = TeamFactory(place=valley), TeamFactory()
    lead, planner = PersonFactory(), PersonFactory()
    GrantFactory(person=lead, team=team)
    GrantFactory(person=planner, place=region)

    leads, plans = access_of(lead, on=TODAY), access_of(planner, on=TODAY)

    assert (leads.led_team_ids, leads.overseen_team_ids) == ({team.pk}, set())
    assert (plans.led_team_ids, plans.overseen_team_ids) == (set(), {team.pk})
    assert other.pk not in plans.overseen_team_ids


def test_lead_of_a_partnership_oversees_its_teams_but_those_they_lead() -> None:
    partnership = PartnershipFactory()
    led, overseen = TeamFactory.create_batch(2, partnership=partnership)
    person = PersonFactory()
    GrantFactory(person=person, partnership=partnership)
    GrantFactory(person=person, team=led)

    access = access_of(person, on=TODAY)

    assert access.led_team_ids == {led.pk}
    assert access.overseen_team_ids == {overseen.pk}


def test_places_in_a_ring_do_not_hang() -> None:
    first = PlaceFactory()
    second = PlaceFactory(parent=first)
    first.parent = second
    first.save()
    person = PersonFactory()
    GrantFactory(person=person, place=first)

    assert access_of(person, on=TODAY).overseen_place_ids == {first.pk, second.pk}


def test_leave_that_ended_opens_nothing() -> None:
    grant = GrantFactory(team=TeamFactory(), ended=True)

    assert access_of(grant.person, on=TODAY).led_team_ids == set()
    assert access_of(grant.person, on=date(2026, 3, 31)).led_team_ids == {grant.team_id}


def test_supervised_are_those_named_and_the_members_of_what_one_supervises() -> None:
    supervisor = PersonFactory()
    named = SupervisionFactory(supervisor=supervisor).person
    SupervisionFactory(supervisor=supervisor, ended=True)
    ward = TeamFactory()
    member = MembershipFactory(team=ward).person
    MembershipFactory(team=ward, invited=True)
    MembershipFactory(team=ward, person=supervisor)
    GrantFactory(person=supervisor, kind=GrantKind.SUPERVISOR, team=ward)

    assert access_of(supervisor, on=TODAY).supervised_ids == {named.pk, member.pk}


def test_operator_is_one_by_leave_or_by_the_first_account() -> None:
    by_leave = GrantFactory(kind=GrantKind.OPERATOR).person
    first = PersonFactory(is_superuser=True)

    assert access_of(by_leave, on=TODAY).is_operator
    assert access_of(first, on=TODAY).is_operator
    assert not access_of(PersonFactory(), on=TODAY).is_operator


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        (GrantKind.OPERATOR, "organisation"),
        (GrantKind.ORGANISATION_ADMINISTRATOR, "team"),
        (GrantKind.ORGANISATION_ADMINISTRATOR, ""),
        (GrantKind.SUPERVISOR, ""),
        (GrantKind.WORKFORCE_LEAD, ""),
        (GrantKind.EDUCATOR, "place"),
        (GrantKind.MODERATOR, "partnership"),
    ],
)
def test_leave_of_the_wrong_thing_is_refused_by_the_database(kind: str, target: str) -> None:
    things = {
        "organisation": OrganisationFactory,
        "team": TeamFactory,
        "place": PlaceFactory,
        "partnership": PartnershipFactory,
    }
    named = {target: things[target]()} if target else {}

    with pytest.raises(IntegrityError), transaction.atomic():
        GrantFactory(kind=kind, **named)


@pytest.mark.parametrize("size", [1, 3])
def test_access_takes_the_same_queries_at_any_size(size: int, django_assert_num_queries) -> None:
    person = PersonFactory()
    ward = TeamFactory()
    MembershipFactory.create_batch(size, team=ward)
    GrantFactory(person=person, kind=GrantKind.SUPERVISOR, team=ward)
    for _number in range(size):
        MembershipFactory(person=person)
        MembershipFactory(person=person, team=TeamFactory())
        place = PlaceFactory(parent=PlaceFactory())
        TeamFactory(place=place)
        GrantFactory(person=person, place=place.parent)
        GrantFactory(person=person, team=TeamFactory())
        SupervisionFactory(supervisor=person)

    with django_assert_num_queries(6):
        access = access_of(person, on=TODAY)

    assert len(access.overseen_team_ids) == len(access.led_team_ids) == size
    assert len(access.supervised_ids) == 2 * size
