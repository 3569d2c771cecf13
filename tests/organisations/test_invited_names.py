"""Who was invited and has not answered shows only as the inviter wrote them."""

from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.urls import reverse

from organisations import services
from organisations.enums import GrantKind
from organisations.models import Membership
from tests.factories.organisations import (
    GrantFactory,
    OrganisationFactory,
    PartnershipFactory,
    PersonFactory,
    TeamFactory,
)

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("way", ["invite", "import"])
def test_until_they_say_yes_only_what_the_inviter_wrote(client: Client, way: str) -> None:
    home = OrganisationFactory()
    keeper = GrantFactory(kind=GrantKind.ORGANISATION_ADMINISTRATOR, organisation=home).person
    known = PersonFactory(first_name="Secretia", last_name="Hiddenwell", language="cy")
    client.force_login(keeper)
    pages = [
        reverse("organisations:staff", args=[home.uuid]),
        reverse("organisations:export", args=[home.uuid]),
    ]
    if way == "invite":
        words = {"email": known.email.upper(), "given_name": "Ex", "family_name": "Why"}
        words["language"] = "en"
        client.post(reverse("organisations:invite", args=[home.uuid]), words)
    else:
        services.import_people(
            content=f"staff_number,given_name,family_name,email\n7,Ex,Why,{known.email}".encode(),
            on=date(2026, 6, 1),
            at=NOW,
            organisation=home,
        )
    row = Membership.objects.get(organisation=home)
    assert row.person == known
    pages.append(reverse("organisations:member", args=[home.uuid, row.uuid]))

    before = [b"".join(client.get(page)).decode() for page in pages]
    found = client.get(pages[0], {"q": "hiddenw"}).content.decode()
    services.confirm_membership(membership=row, by=known, at=NOW)
    after = [b"".join(client.get(page)).decode() for page in pages]

    assert all("Ex" in page and "Why" in page for page in before)
    assert not any("Hiddenwell" in page or "Secretia" in page for page in before)
    assert ",cy," not in before[1]
    assert "Nobody on the list matches" in found
    assert all("Hiddenwell" in page for page in after)
    row.refresh_from_db()
    assert (row.invited_given_name, row.invited_family_name) == ("", "")


def test_a_team_lead_sees_no_more_of_who_was_asked(client: Client) -> None:
    home = OrganisationFactory()
    team = TeamFactory(partnership=PartnershipFactory(organisations=[home]))
    known = PersonFactory(first_name="Secretia", last_name="Hiddenwell")
    client.force_login(GrantFactory(team=team).person)
    services.import_people(
        content=f"staff_number,given_name,email,team\n7,Ex,{known.email},{team.name}".encode(),
        on=date(2026, 1, 1),
        at=NOW,
        organisation=home,
    )

    page = client.get(reverse("organisations:team-members", args=[team.uuid])).content.decode()

    assert "Ex" in page
    assert "Hiddenwell" not in page


def test_without_a_name_an_address_stands_for_it() -> None:
    row = services.invite_member(
        invitation=services.Invitation(email="q@example.org"),
        organisation=OrganisationFactory(),
        starts_on=date(2026, 6, 1),
        at=NOW,
    )

    assert row.listed_name == "q@example.org"


def test_an_address_that_was_invited_is_not_invited_twice() -> None:
    home = OrganisationFactory()
    who = {"organisation": home, "starts_on": date(2026, 6, 1), "at": NOW}
    services.invite_member(invitation=services.Invitation(email="q@example.org"), **who)

    with pytest.raises(services.AlreadyAMember):
        services.invite_member(invitation=services.Invitation(email="Q@example.org"), **who)

    assert Membership.objects.count() == 1
    services.invite_member(
        invitation=services.Invitation(email="q@example.org"),
        organisation=OrganisationFactory(),
        starts_on=date(2026, 6, 1),
        at=NOW,
    )
    assert Membership.objects.count() == 2


def test_correcting_names_a_supervisor_and_asks_a_team_by_the_inviters_words(
    client: Client,
) -> None:
    home = OrganisationFactory()
    team = TeamFactory(partnership=PartnershipFactory(organisations=[home]))
    keeper = GrantFactory(kind=GrantKind.ORGANISATION_ADMINISTRATOR, organisation=home).person
    known = PersonFactory(first_name="Secretia", last_name="Hiddenwell")
    services.import_people(
        content=(
            "staff_number,given_name,family_name,email,supervisor_staff_number\n"
            f"7,Ex,Why,{known.email},\n8,Somebody,Else,,7"
        ).encode(),
        on=date(2026, 1, 1),
        at=NOW,
        organisation=home,
    )
    rows = {row.staff_number: row for row in Membership.objects.filter(organisation=home)}
    client.force_login(keeper)

    page = client.get(
        reverse("organisations:correct-member", args=[home.uuid, rows["8"].uuid])
    ).content.decode()
    kept = {"job_title": "", "wte": "1.00", "role": "", "supervisor": ""}
    client.post(
        reverse("organisations:correct-member", args=[home.uuid, rows["7"].uuid]),
        kept | {"team": str(team.uuid)},
    )

    assert "Ex Why" in page
    assert "Hiddenwell" not in page
    asked = Membership.objects.get(team=team)
    assert (asked.person, asked.listed_name) == (known, "Ex Why")
