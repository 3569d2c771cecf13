"""Correcting what an employer's list says of one person, and who may."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from competencies.models import RoleAssignment
from organisations import services
from organisations.enums import GrantKind, MembershipStatus
from organisations.models import Membership, Organisation, Supervision
from tests.factories.competencies import RoleFactory
from tests.factories.organisations import (
    GrantFactory,
    MembershipFactory,
    OrganisationFactory,
    PartnershipFactory,
    SupervisionFactory,
    TeamFactory,
)

pytestmark = pytest.mark.django_db

KEPT = {"job_title": "", "wte": "1.00", "role": "", "team": "", "supervisor": ""}


@pytest.fixture
def trust(client: Client) -> Organisation:
    found: Organisation = OrganisationFactory(name="Testshire Trust")
    grant = GrantFactory(kind=GrantKind.ORGANISATION_ADMINISTRATOR, organisation=found)
    client.force_login(grant.person)
    return found


def path_of(row: Membership, organisation: Organisation | None = None) -> str:
    kept = organisation or row.organisation
    assert kept is not None
    return f"/organisations/{kept.uuid}/people/{row.uuid}/correct/"


def test_an_administrator_corrects_everything_at_once(client: Client, trust: Organisation) -> None:
    row = MembershipFactory(organisation=trust, job_title="Nurse")
    boss = MembershipFactory(organisation=trust, staff_number="B-7").person
    team = TeamFactory(partnership=PartnershipFactory(organisations=[trust]))
    role = RoleFactory()

    answer = client.post(
        path_of(row),
        {
            "job_title": "Community nurse",
            "wte": "0.8",
            "role": role.slug,
            "team": str(team.uuid),
            "supervisor": "b-7",
        },
    )

    row.refresh_from_db()
    assert answer["Location"] == f"/organisations/{trust.uuid}/people/{row.uuid}/"
    assert (row.job_title, row.wte) == ("Community nurse", Decimal("0.80"))
    assert RoleAssignment.objects.get(membership=row).role == role
    asked = Membership.objects.get(person=row.person, team=team)
    assert asked.status == MembershipStatus.INVITED
    supervision = Supervision.objects.get()
    assert (supervision.supervisor, supervision.person, supervision.organisation) == (
        boss,
        row.person,
        trust,
    )


def test_what_is_left_empty_stays(client: Client, trust: Organisation) -> None:
    row = MembershipFactory(organisation=trust)
    boss = MembershipFactory(organisation=trust).person
    kept = SupervisionFactory(supervisor=boss, person=row.person, organisation=trust)
    role = RoleFactory()
    client.post(path_of(row), {**KEPT, "role": role.slug})

    page = client.get(path_of(row)).content.decode()
    client.post(path_of(row), {**KEPT, "role": role.slug, "job_title": "Nurse"})

    assert f"Now: {boss.full_name}." in page
    assert Supervision.objects.get() == kept
    assert RoleAssignment.objects.get(membership=row).ends_on is None


def test_another_supervisor_takes_over_from_today(client: Client, trust: Organisation) -> None:
    row = MembershipFactory(organisation=trust)
    old = SupervisionFactory(person=row.person, organisation=trust)
    elsewhere = SupervisionFactory(person=row.person, organisation=OrganisationFactory())
    boss = MembershipFactory(organisation=trust).person

    client.post(path_of(row), {**KEPT, "supervisor": boss.email.upper()})

    old.refresh_from_db()
    elsewhere.refresh_from_db()
    assert old.ends_on == timezone.localdate() - timedelta(days=1)
    assert elsewhere.ends_on is None
    assert Supervision.objects.filter(supervisor=boss, ends_on=None).count() == 1

    client.post(path_of(row), {**KEPT, "has_no_supervisor": "on"})
    assert not Supervision.objects.open_on(timezone.localdate()).filter(organisation=trust).exists()


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"wte": "2"}, "from 0 to 1.5"),
        ({"wte": "lots"}, "such as 0.8"),
        ({"role": "made-up"}, "Select a valid choice"),
        ({"supervisor": "nobody@example.org"}, "None of your people has this staff number"),
        ({"supervisor": "SELF"}, "Nobody supervises themselves"),
        ({"supervisor": "ELSEWHERE"}, "None of your people has this staff number"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_changes(
    client: Client, trust: Organisation, given: dict[str, str], says: str
) -> None:
    row = MembershipFactory(organisation=trust, job_title="Nurse", staff_number="SELF")
    MembershipFactory(staff_number="ELSEWHERE")

    answer = client.post(path_of(row), {**KEPT, "job_title": "Other", **given})

    row.refresh_from_db()
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert row.job_title == "Nurse"
    assert not Supervision.objects.exists()


def test_the_page_is_not_there_for_anyone_else(client: Client, trust: Organisation) -> None:
    ours, theirs = MembershipFactory(organisation=trust), MembershipFactory()
    left = MembershipFactory(organisation=trust, ended=True)
    lead = GrantFactory(kind=GrantKind.WORKFORCE_LEAD, organisation=trust).person

    for path in (path_of(theirs), path_of(theirs, trust), path_of(left)):
        assert client.get(path).status_code == 404
        assert client.post(path, {**KEPT, "job_title": "Other"}).status_code == 404
    client.force_login(lead)
    assert client.get(path_of(ours)).status_code == 404
    client.logout()
    assert client.get(path_of(ours)).status_code == 302
    assert not Membership.objects.filter(job_title="Other").exists()


def test_teams_of_someone_who_has_not_said_yes_are_not_told(
    client: Client, trust: Organisation
) -> None:
    partnership = PartnershipFactory(organisations=[trust])
    team = TeamFactory(partnership=partnership, name="Quiet team")
    TeamFactory(partnership=partnership, name="Another team")
    invited = MembershipFactory(organisation=trust, invited=True)
    member = MembershipFactory(organisation=trust)
    for row in (invited, member):
        MembershipFactory(person=row.person, team=team)
    TeamFactory(name="Of another partnership")

    for row, is_told in ((invited, False), (member, True)):
        page = client.get(path_of(row)).content.decode()
        assert ("They are in: Quiet team" in page) is is_told
        assert "Of another partnership" not in page


def test_who_left_is_not_corrected() -> None:
    row = MembershipFactory(ended=True)

    with pytest.raises(services.MembershipEnded):
        services.correct_member(
            membership=row,
            correction=services.Correction(job_title="Other", wte=Decimal(1)),
            on=date(2026, 5, 1),
            at=timezone.now(),
        )
