"""Who looked at my record: a line for each person and day, and on whose behalf."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from organisations import services
from organisations.enums import GrantKind, PageSeen
from organisations.models import User
from organisations.queries import access_of, days_of_looks, looks_on, supervised_for
from tests.factories.organisations import (
    GrantFactory,
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
    SupervisionFactory,
    TeamFactory,
)

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


def look(viewer: User, person: User, page: PageSeen, at: datetime, **behalf: object) -> None:
    services.note_access(viewer=viewer, people=[person], page=page, at=at, **behalf)  # type: ignore[arg-type]


def test_looks_are_told_by_person_and_day() -> None:
    person, lead, boss = PersonFactory(), PersonFactory(), PersonFactory()
    team = TeamFactory(name="Harbour team")
    for minutes in range(8):
        at = NOON + timedelta(minutes=minutes)
        look(lead, person, PageSeen.TEAM_MEMBER, at, team=team)
    look(lead, person, PageSeen.TEAM_PROFILE, NOON + timedelta(hours=1), team=team)
    look(lead, person, PageSeen.TEAM_PROFILE, NOON - timedelta(days=1), team=team)
    look(boss, person, PageSeen.RATING, NOON + timedelta(hours=2))
    look(lead, PersonFactory(), PageSeen.RATING, NOON)

    lines = looks_on(person=person, days=list(days_of_looks(person=person)))

    assert [(line.day.day, line.viewer) for line in lines] == [(10, boss), (10, lead), (9, lead)]
    assert [(seen.page, seen.times) for seen in lines[1].seen] == [
        ("What a team can do, with your name in it", 1),
        ("Your own page in a team’s profile", 8),
    ]
    assert lines[1].on_behalf_of == ["Harbour team"]


def test_a_day_is_a_day_where_we_are() -> None:
    person, lead = PersonFactory(), PersonFactory()
    look(lead, person, PageSeen.RATING, datetime(2026, 7, 1, 23, 30, tzinfo=UTC))

    (line,) = looks_on(person=person, days=list(days_of_looks(person=person)))

    assert (line.day.month, line.day.day) == (7, 2)


def test_a_supervisor_looks_on_behalf_of_the_employer(client: Client) -> None:
    trust = OrganisationFactory(name="Testshire Trust")
    nurse, boss = (MembershipFactory(organisation=trust).person for _number in range(2))
    SupervisionFactory(supervisor=boss, person=nurse, organisation=trust)
    client.force_login(boss)
    for _time in range(3):
        assert client.get(f"/supervision/{nurse.uuid}/").status_code == 200

    client.force_login(nurse)
    page = client.get("/me/who-looked/").content.decode()

    rows = re.findall(r"<tbody>(.*)</tbody>", page, re.DOTALL)[0].count("<tr>")
    assert rows == 1
    for words in (boss.full_name, "Testshire Trust", "on your supervisor’s page", "3 times"):
        assert words in page


def test_on_whose_behalf_by_name_and_by_grant() -> None:
    today = timezone.localdate()
    trust, council, team = OrganisationFactory(), OrganisationFactory(), TeamFactory()
    boss = MembershipFactory(organisation=trust).person
    by_name = MembershipFactory(organisation=trust).person
    SupervisionFactory(supervisor=boss, person=by_name, organisation=trust)
    GrantFactory(person=boss, kind=GrantKind.SUPERVISOR, organisation=council)
    GrantFactory(person=boss, kind=GrantKind.SUPERVISOR, team=team)
    by_grant = MembershipFactory(organisation=council).person
    in_team = MembershipFactory(team=team).person
    nobody = MembershipFactory().person

    found = supervised_for(
        viewer=access_of(boss, on=today),
        person_ids=[one.pk for one in (by_name, by_grant, in_team, nobody)],
    )

    assert found == {
        by_name.pk: (trust.pk, None),
        by_grant.pk: (council.pk, None),
        in_team.pk: (None, team.pk),
    }
