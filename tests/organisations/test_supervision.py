"""A supervision opens nothing before both have said yes, nor after one of them has left."""

from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.services import NotTheirSupervisor
from organisations import services
from organisations.enums import GrantKind, MembershipStatus
from organisations.models import Grant, Membership, Supervision
from organisations.queries import access_of
from tests.assessments.test_ratings import AT, ON, items_of, judge, make_role, rate
from tests.factories.organisations import (
    GrantFactory,
    MembershipFactory,
    OrganisationFactory,
    PartnershipFactory,
    PersonFactory,
    SupervisionFactory,
    TeamFactory,
)

TODAY = date(2026, 6, 1)
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def supervised(person) -> set[int]:
    return set(access_of(person, on=TODAY).supervised_ids)


def bring(organisation, *lines: str) -> None:
    services.import_people(
        content="\n".join(lines).encode(), on=TODAY, at=NOW, organisation=organisation
    )


def test_an_import_makes_nobody_a_supervisor_of_who_has_not_said_yes(client: Client) -> None:
    home, other = OrganisationFactory(), OrganisationFactory()
    forger = MembershipFactory(organisation=home, staff_number="D1").person
    GrantFactory(person=forger, kind=GrantKind.ORGANISATION_ADMINISTRATOR, organisation=home)
    victim = MembershipFactory(organisation=other).person
    client.force_login(forger)

    bring(
        home,
        "staff_number,given_name,email,supervisor_staff_number",
        f"X9,Anyone,{victim.email},D1",
    )

    assert Supervision.objects.get().person == victim
    assert supervised(forger) == set()
    assert client.get("/supervision/").status_code == 404
    assert client.get(f"/supervision/{victim.uuid}/").status_code == 404
    [item] = items_of(make_role(1))
    with pytest.raises(NotTheirSupervisor):
        rate(forger, victim, judge(item, None))
    row = Membership.objects.get(person=victim, organisation=home)
    services.confirm_membership(membership=row, by=victim, at=NOW)
    assert supervised(forger) == {victim.pk}


def test_a_supervisor_who_has_not_said_yes_supervises_nobody() -> None:
    home = OrganisationFactory()
    row = SupervisionFactory(organisation=home, members=False)
    MembershipFactory(person=row.person, organisation=home)
    waiting = MembershipFactory(person=row.supervisor, organisation=home, invited=True)
    assert supervised(row.supervisor) == set()

    Membership.objects.filter(pk=waiting.pk).update(status=MembershipStatus.ACTIVE)

    assert supervised(row.supervisor) == {row.person_id}


def test_in_the_name_of_a_team_one_supervises_across_employers() -> None:
    row = SupervisionFactory(team=TeamFactory(), members=False)
    MembershipFactory(person=row.person)
    MembershipFactory(person=row.supervisor)
    assert supervised(row.supervisor) == set()

    for person in (row.person, row.supervisor):
        MembershipFactory(person=person, team=row.team)

    assert supervised(row.supervisor) == {row.person_id}
    [item] = items_of(make_role(1))
    [rating] = rate(row.supervisor, row.person, judge(item, 1), at=AT)
    assert (rating.team, rating.organisation) == (row.team, None)
    assert row.starts_on <= ON


def test_two_employers_may_name_the_same_supervisor_on_one_day() -> None:
    first, second = OrganisationFactory(), OrganisationFactory()
    boss, person = PersonFactory(), PersonFactory()
    for place in (first, second):
        MembershipFactory(person=boss, organisation=place, staff_number="1")
        MembershipFactory(person=person, organisation=place, staff_number="2")
        bring(place, "staff_number,given_name,supervisor_staff_number", "2,P,1")

    assert {row.organisation for row in Supervision.objects.all()} == {first, second}


@pytest.mark.parametrize("leaver", ["person", "supervisor"])
def test_leaving_ends_supervision_on_either_side_the_same_day(leaver: str) -> None:
    row = SupervisionFactory()
    elsewhere = SupervisionFactory(supervisor=row.supervisor, person=row.person)
    mine = Membership.objects.get(person=getattr(row, leaver), organisation=row.organisation)

    services.end_membership(membership=mine, ends_on=date(2026, 5, 31), on=TODAY)

    row.refresh_from_db()
    elsewhere.refresh_from_db()
    assert row.ends_on == date(2026, 5, 31)
    assert elsewhere.ends_on is None
    assert supervised(row.supervisor) == {row.person_id}
    elsewhere.delete()
    assert supervised(row.supervisor) == set()


@pytest.mark.parametrize("kind", [kind for kind in GrantKind if kind != GrantKind.OPERATOR])
def test_leaving_ends_leave_of_that_organisation_and_no_other(kind: GrantKind) -> None:
    mine = MembershipFactory()
    here = GrantFactory(person=mine.person, kind=kind, organisation=mine.organisation)
    there = GrantFactory(person=mine.person, kind=kind, organisation=OrganisationFactory())

    services.end_membership(membership=mine, ends_on=TODAY, on=TODAY)

    here.refresh_from_db()
    there.refresh_from_db()
    assert (here.ends_on, there.ends_on) == (TODAY, None)


def test_an_administrator_who_left_yesterday_keeps_no_list(client: Client) -> None:
    today = timezone.localdate()
    yesterday = today - timezone.timedelta(days=1)
    mine = MembershipFactory()
    GrantFactory(
        person=mine.person,
        kind=GrantKind.ORGANISATION_ADMINISTRATOR,
        organisation=mine.organisation,
    )
    client.force_login(mine.person)
    page = reverse("organisations:staff", args=[mine.organisation.uuid])
    assert client.get(page).status_code == 200

    services.end_membership(membership=mine, ends_on=yesterday, on=today)

    assert client.get(page).status_code == 404


def test_leave_outlived_by_a_membership_that_ended_by_itself_is_not_honoured() -> None:
    mine = MembershipFactory(ended=True)
    old = {"person": mine.person, "organisation": mine.organisation}
    GrantFactory(kind=GrantKind.EDUCATOR, **old)
    assert access_of(mine.person, on=date(2026, 3, 31)).educator_ids == {mine.organisation_id}
    assert access_of(mine.person, on=TODAY).educator_ids == set()

    GrantFactory(kind=GrantKind.MODERATOR, starts_on=date(2026, 5, 1), **old)

    access = access_of(mine.person, on=TODAY)
    assert access.moderated_organisation_ids == {mine.organisation_id}
    assert access.educator_ids == set()


def test_leave_stays_while_another_membership_of_the_place_goes_on() -> None:
    mine = MembershipFactory()
    MembershipFactory(
        person=mine.person, organisation=mine.organisation, starts_on=date(2026, 5, 1)
    )
    held = GrantFactory(person=mine.person, organisation=mine.organisation)

    services.end_membership(membership=mine, ends_on=TODAY, on=TODAY)

    held.refresh_from_db()
    assert held.ends_on is None


def test_leaving_the_employer_ends_leave_of_its_teams_unless_one_is_in_the_team() -> None:
    mine = MembershipFactory()
    partnership = PartnershipFactory(organisations=[mine.organisation])
    led, joined = TeamFactory.create_batch(2, partnership=partnership)
    MembershipFactory(person=mine.person, team=joined)
    GrantFactory(person=mine.person, team=led)
    GrantFactory(person=mine.person, team=joined)
    GrantFactory(person=mine.person, team=TeamFactory())
    Membership.objects.filter(pk=mine.pk).update(ends_on=date(2026, 5, 1))
    by_itself = access_of(mine.person, on=TODAY).led_team_ids
    Membership.objects.filter(pk=mine.pk).update(ends_on=None)
    mine.refresh_from_db()

    services.end_membership(membership=mine, ends_on=date(2026, 5, 31), on=TODAY)

    assert access_of(mine.person, on=TODAY).led_team_ids == by_itself
    assert led.pk not in by_itself
    assert joined.pk in by_itself
    assert len(by_itself) == 2
    assert Grant.objects.get(team=led).ends_on == date(2026, 5, 31)


def test_who_left_writes_no_more() -> None:
    mine = MembershipFactory()
    services.grant_leave(
        person=mine.person,
        kind=GrantKind.EDUCATOR,
        organisation=mine.organisation,
        starts_on=date(2026, 1, 1),
        granted_by=None,
    )
    assert mine.person.groups.count() == 1

    services.end_membership(membership=mine, ends_on=date(2026, 5, 31), on=TODAY)

    assert mine.person.groups.count() == 0


def test_a_staff_list_that_gives_a_last_day_ends_leave_too() -> None:
    mine = MembershipFactory(staff_number="7")
    held = GrantFactory(person=mine.person, organisation=mine.organisation)
    supervision = SupervisionFactory(person=mine.person, organisation=mine.organisation)

    bring(mine.organisation, "staff_number,given_name,ends_on", "7,S,2026-06-30")

    held.refresh_from_db()
    supervision.refresh_from_db()
    assert held.ends_on == supervision.ends_on == date(2026, 6, 30)


def test_a_membership_that_has_begun_does_not_end_before_its_first_day(client: Client) -> None:
    mine = MembershipFactory()
    keeper = GrantFactory(
        kind=GrantKind.ORGANISATION_ADMINISTRATOR, organisation=mine.organisation
    ).person
    client.force_login(keeper)
    address = reverse("organisations:end-member", args=[mine.organisation.uuid, mine.uuid])

    answers = [
        client.post(address, {"ends_on": day}, follow=True).content.decode()
        for day in ("0001-01-01", "9999-12-31", "2025-12-31")
    ]

    assert "Give the last day like this" in answers[0]
    assert "Give the last day like this" in answers[1]
    assert "The last day, 2025-12-31, is before the first." in answers[2]
    mine.refresh_from_db()
    assert (mine.starts_on, mine.ends_on) == (date(2026, 1, 1), None)
    with pytest.raises(services.EndsBeforeItBegan):
        services.end_membership(membership=mine, ends_on=date(2025, 12, 31), on=TODAY)
