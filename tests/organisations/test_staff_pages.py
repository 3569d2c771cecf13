"""The people list of an organisation, its staff lists, teams, and leave."""

import csv
import io
from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from organisations import services
from organisations.enums import GrantKind, MembershipStatus
from organisations.exporters import staff_list_csv
from organisations.importers import MAX_FILE_BYTES
from organisations.models import Grant, Membership, Organisation, StaffListUpload, User
from organisations.queries import staff_of
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

ADMINISTRATOR = GrantKind.ORGANISATION_ADMINISTRATOR

pytestmark = pytest.mark.django_db


@pytest.fixture
def trust() -> Organisation:
    return OrganisationFactory(name="Testshire Trust")


@pytest.fixture
def administrator(client: Client, trust: Organisation) -> User:
    person: User = GrantFactory(kind=ADMINISTRATOR, organisation=trust).person
    client.force_login(person)
    return person


@pytest.fixture
def operator(client: Client) -> User:
    person: User = GrantFactory(kind=GrantKind.OPERATOR).person
    client.force_login(person)
    return person


def staff_file(text: str, name: str = "staff.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode())


# Who may come in --------------------------------------------------------------------------------


def pages_of(organisation: Organisation) -> list[str]:
    member = MembershipFactory(organisation=organisation)
    grant = GrantFactory(kind=GrantKind.EDUCATOR, organisation=organisation)
    upload = StaffListUpload.objects.create(
        organisation=organisation, name="x.csv", content=b"x", uploaded_at=timezone.now()
    )
    base = f"/organisations/{organisation.uuid}"
    return [
        f"{base}/",
        f"{base}/invite/",
        f"{base}/import/",
        f"{base}/import/{upload.uuid}/",
        f"{base}/import/{upload.uuid}/bring-in",
        f"{base}/people.csv",
        f"{base}/people/{member.uuid}/",
        f"{base}/people/{member.uuid}/end",
        f"{base}/people/{member.uuid}/mail",
        f"{base}/leave/{grant.uuid}/end",
    ]


@pytest.mark.parametrize("kind", [None, GrantKind.WORKFORCE_LEAD, GrantKind.EDUCATOR])
def test_the_list_is_not_there_for_anyone_else(
    client: Client, trust: Organisation, kind: GrantKind | None
) -> None:
    person = MembershipFactory(organisation=trust).person
    GrantFactory(person=person, kind=ADMINISTRATOR, organisation=OrganisationFactory())
    if kind is not None:
        GrantFactory(person=person, kind=kind, organisation=trust)
    client.force_login(person)

    for path in pages_of(trust):
        for method in (client.get, client.post):
            assert method(path).status_code in (404, 405), path
    assert Membership.objects.filter(ends_on__isnull=False).count() == 0
    assert Grant.objects.filter(organisation=trust, kind=GrantKind.EDUCATOR).exists()


def test_strangers_are_asked_to_sign_in(client: Client, trust: Organisation) -> None:
    for path in pages_of(trust):
        answer = client.get(path)
        assert answer.status_code in (302, 405), path


def test_members_of_one_organisation_are_not_reached_through_another(
    client: Client, administrator: User, trust: Organisation
) -> None:
    theirs = MembershipFactory()
    grant = GrantFactory(kind=GrantKind.EDUCATOR, organisation=theirs.organisation)
    base = f"/organisations/{trust.uuid}"

    assert client.get(f"{base}/people/{theirs.uuid}/").status_code == 404
    assert client.post(f"{base}/people/{theirs.uuid}/end").status_code == 404
    assert client.post(f"{base}/leave/{grant.uuid}/end").status_code == 404


def test_ended_leave_closes_the_list(
    client: Client, administrator: User, trust: Organisation
) -> None:
    path = f"/organisations/{trust.uuid}/"
    assert client.get(path).status_code == 200

    services.end_grant(grant=administrator.grants.get(), on=timezone.localdate())

    assert client.get(path).status_code == 404


# The list ---------------------------------------------------------------------------------------


def test_the_list_shows_searches_and_leaves_out_those_who_left(
    client: Client, administrator: User, trust: Organisation
) -> None:
    MembershipFactory(organisation=trust, person__last_name="Alba", staff_number="A-17")
    MembershipFactory(organisation=trust, person__last_name="Bran", job_title="Harbour nurse")
    MembershipFactory(organisation=trust, person__last_name="Gone", ended=True)
    MembershipFactory(person__last_name="Other")
    path = f"/organisations/{trust.uuid}/"

    everyone = client.get(path).content.decode()
    assert "Alba" in everyone
    assert "Bran" in everyone
    assert "Gone" not in everyone
    assert "Other" not in everyone
    for search, found, missing in (("a-17", "Alba", "Bran"), ("ffion HARB", "Bran", "Alba")):
        page = client.get(path, {"q": search}).content.decode()
        assert found in page
        assert missing not in page
    assert "Nobody on the list matches" in client.get(path, {"q": "%"}).content.decode()


@pytest.mark.parametrize("size", [1, 3])
def test_the_list_takes_the_same_queries_at_any_size(
    client: Client,
    administrator: User,
    trust: Organisation,
    size: int,
    django_assert_num_queries,
) -> None:
    MembershipFactory.create_batch(size, organisation=trust)

    client.get(f"/organisations/{trust.uuid}/")
    with django_assert_num_queries(9):
        assert client.get(f"/organisations/{trust.uuid}/").status_code == 200


def test_an_administrator_of_one_goes_straight_to_it(
    client: Client, administrator: User, trust: Organisation
) -> None:
    assert client.get("/organisations/")["Location"] == f"/organisations/{trust.uuid}/"


def test_an_operator_sees_every_organisation_and_others_no_list(
    client: Client, operator: User, trust: Organisation
) -> None:
    OrganisationFactory(name="Other Council")

    page = client.get("/organisations/").content.decode()
    assert "Testshire Trust" in page
    assert "Other Council" in page
    assert client.get(f"/organisations/{trust.uuid}/").status_code == 200

    client.force_login(PersonFactory())
    assert client.get("/organisations/").status_code == 404


# Inviting and ending -------------------------------------------------------------------------------


def test_inviting_one_person_sends_one_mail(
    client: Client, administrator: User, trust: Organisation, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(
            f"/organisations/{trust.uuid}/invite/",
            {"email": "new@example.org", "given_name": "Nia", "language": "cy"},
        )

    assert answer.status_code == 302
    assert Membership.objects.get(organisation=trust).person.first_name == "Nia"
    assert [message.to for message in mail.outbox] == [["new@example.org"]]


def test_inviting_says_what_is_wrong(
    client: Client, administrator: User, trust: Organisation
) -> None:
    taken = MembershipFactory(organisation=trust, staff_number="7")
    path = f"/organisations/{trust.uuid}/invite/"

    for data, words in (
        ({}, "Give the e-mail address"),
        ({"email": "x"}, "Check the e-mail address"),
        ({"email": taken.person.email}, "on your list already"),
        ({"email": "new@example.org", "staff_number": "7"}, "has this staff number"),
    ):
        answer = client.post(path, data | {"language": "en"})
        assert answer.status_code == 422
        assert words in answer.content.decode()
    assert Membership.objects.filter(organisation=trust).count() == 1


def test_ending_a_membership_ends_what_was_shared(
    client: Client, administrator: User, trust: Organisation
) -> None:
    row = MembershipFactory(organisation=trust)
    consent = ConsentFactory(person=row.person, organisation=trust)
    path = f"/organisations/{trust.uuid}/people/{row.uuid}/end"

    client.post(path, {"ends_on": "nonsense"})
    row.refresh_from_db()
    assert row.ends_on is None

    client.post(path, {"ends_on": timezone.localdate().isoformat()})
    row.refresh_from_db()
    consent.refresh_from_db()
    assert row.ends_on == timezone.localdate()
    assert consent.ends_at is not None


def test_an_invitation_is_mailed_again_but_not_at_once(
    client: Client, administrator: User, trust: Organisation
) -> None:
    row = MembershipFactory(organisation=trust, invited=True, invited_email="x@example.org")
    path = f"/organisations/{trust.uuid}/people/{row.uuid}/mail"

    client.post(path)
    client.post(path)

    assert len(mail.outbox) == 1


# Leave --------------------------------------------------------------------------------------------


def test_leave_is_given_and_ended_for_ones_own_organisation_only(
    client: Client, administrator: User, trust: Organisation
) -> None:
    row = MembershipFactory(organisation=trust)
    path = f"/organisations/{trust.uuid}/people/{row.uuid}/"

    assert client.get(path).status_code == 200
    client.post(path, {"kind": "workforce_lead"})
    grant = Grant.objects.get(person=row.person)
    assert (grant.organisation, grant.granted_by, grant.kind) == (
        trust,
        administrator,
        GrantKind.WORKFORCE_LEAD,
    )

    refused = client.post(path, {"kind": "operator"})
    assert refused.status_code == 422
    assert Grant.objects.filter(person=row.person).count() == 1

    client.post(f"/organisations/{trust.uuid}/leave/{grant.uuid}/end")
    assert not Grant.objects.filter(person=row.person).exists()


def test_operators_give_leave_across_organisations(client: Client, operator: User) -> None:
    person, team, place = PersonFactory(), TeamFactory(), PlaceFactory()

    assert client.get("/organisations/leave/").status_code == 200
    client.post("/organisations/leave/", {"person": person.username, "what": str(team.uuid)})
    client.post("/organisations/leave/", {"person": person.email.upper(), "what": str(place.uuid)})
    client.post("/organisations/leave/", {"person": person.username, "what": "moderator"})

    found = set(person.grants.values_list("kind", "team", "place"))
    assert found == {
        ("workforce_lead", team.pk, None),
        ("workforce_lead", None, place.pk),
        ("moderator", None, None),
    }
    wrong = client.post("/organisations/leave/", {"person": "nobody", "what": "operator"})
    assert wrong.status_code == 422
    assert "Nobody here has this username" in wrong.content.decode()

    grant = person.grants.get(kind="moderator")
    client.post(f"/organisations/leave/{grant.uuid}/end")
    assert not person.grants.filter(kind="moderator").exists()


def test_leave_across_organisations_is_not_an_administrators(
    client: Client, administrator: User
) -> None:
    grant = GrantFactory(team=TeamFactory())

    assert client.get("/organisations/leave/").status_code == 404
    assert client.post("/organisations/leave/", {"person": "x"}).status_code == 404
    assert client.post(f"/organisations/leave/{grant.uuid}/end").status_code == 404


# Staff lists ----------------------------------------------------------------------------------------


def test_a_list_is_checked_first_and_then_brought_in(
    client: Client, administrator: User, trust: Organisation, django_capture_on_commit_callbacks
) -> None:
    path = f"/organisations/{trust.uuid}/import/"
    text = "staff_number,given_name,email,shoe size\n7,Siân,s@example.org,39\n8,,,\n"

    checked = client.post(path, {"file": staff_file(text)}, follow=True)
    page = checked.content.decode()
    assert not Membership.objects.filter(organisation=trust).exists()
    assert "There is no name." in page
    assert "shoe_size" in page

    upload = StaffListUpload.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        done = client.post(f"{path}{upload.uuid}/bring-in", follow=True).content.decode()
    upload.refresh_from_db()
    assert "The list is in" in done
    assert (upload.content, upload.brought_in_at is not None) == (None, True)
    assert Membership.objects.get(organisation=trust).staff_number == "7"
    assert len(mail.outbox) == 1

    again = client.post(f"{path}{upload.uuid}/bring-in", follow=True).content.decode()
    assert "Upload it again" in again


def test_a_list_that_waited_a_day_is_gone(
    client: Client, administrator: User, trust: Organisation
) -> None:
    path = f"/organisations/{trust.uuid}/import/"
    client.post(path, {"file": staff_file("staff_number,given_name\n7,Siân\n")})
    StaffListUpload.objects.update(uploaded_at=timezone.now() - timedelta(hours=25))

    client.post(f"{path}{StaffListUpload.objects.get().uuid}/bring-in")
    assert not Membership.objects.filter(organisation=trust).exists()

    services.forget_uploads(before=timezone.now())
    assert StaffListUpload.objects.get().content is None
    services.forget_uploads(before=timezone.now() + timedelta(days=31))
    assert not StaffListUpload.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "status", "words"),
    [
        ("staff.pdf", b"%PDF", 422, "Save the list as .csv or .xlsx"),
        ("staff.csv", b"", 422, "The file is empty"),
        ("staff.csv", b"name\nGwen\n", 422, "Missing: staff_number"),
        ("staff.csv", b"staff_number,given_name\n7,Si\xe2n\n", 422, "Line 2: "),
        ("staff.xlsx", b"PK\x03\x04 broken", 422, "not an Excel workbook"),
        ("staff.csv", b"x" * (MAX_FILE_BYTES + 1), 413, "larger than"),
    ],
)
def test_a_file_that_cannot_be_used_says_what_to_do(
    client: Client,
    administrator: User,
    trust: Organisation,
    name: str,
    content: bytes,
    status: int,
    words: str,
) -> None:
    answer = client.post(
        f"/organisations/{trust.uuid}/import/", {"file": SimpleUploadedFile(name, content)}
    )

    assert answer.status_code == status
    assert words in answer.content.decode()
    assert not StaffListUpload.objects.exists()


def test_fifty_megabytes_are_refused_before_they_are_parsed(
    client: Client, administrator: User, trust: Organisation
) -> None:
    answer = client.post(
        f"/organisations/{trust.uuid}/import/",
        {"file": SimpleUploadedFile("staff.csv", b"x" * (50 * 1024 * 1024))},
    )

    assert answer.status_code == 413
    assert "That is too large" in answer.content.decode()


def test_without_a_file_the_page_asks_for_one(
    client: Client, administrator: User, trust: Organisation
) -> None:
    answer = client.post(f"/organisations/{trust.uuid}/import/", {})

    assert answer.status_code == 422
    assert "Choose a file." in answer.content.decode()


def test_the_export_holds_no_formula_and_comes_back_unchanged(
    client: Client, administrator: User, trust: Organisation
) -> None:
    MembershipFactory(
        organisation=trust,
        staff_number="-7",
        job_title='=HYPERLINK("http://x")',
        person__first_name="@Ffion",
    )

    answer = client.get(f"/organisations/{trust.uuid}/people.csv")
    content = b"".join(answer.streaming_content)

    (row,) = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    assert (row["staff_number"], row["job_title"], row["given_name"]) == (
        "'-7",
        '\'=HYPERLINK("http://x")',
        "'@Ffion",
    )
    again = services.import_people(
        content=content, on=timezone.localdate(), at=timezone.now(), organisation=trust
    )
    assert (again.created, again.updated, again.refused) == (0, 0, [])
    on = timezone.localdate()
    assert len(list(staff_list_csv(staff_of(organisation=trust, on=on)))) == 2


# Teams ----------------------------------------------------------------------------------------------


def test_a_team_lead_invites_and_the_person_decides(
    client: Client, django_capture_on_commit_callbacks
) -> None:
    team = TeamFactory()
    lead = GrantFactory(team=team).person
    asked = PersonFactory()
    client.force_login(lead)

    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"/teams/{team.uuid}/members/", {"email": asked.email, "language": "en"})

    row = Membership.objects.get(team=team)
    assert (row.person, row.status) == (asked, MembershipStatus.INVITED)
    assert [message.to for message in mail.outbox] == [[asked.email]]
    again = client.post(f"/teams/{team.uuid}/members/", {"email": asked.email, "language": "en"})
    assert again.status_code == 422

    asks = client.get(f"/teams/{team.uuid}/members/{row.uuid}/end").content.decode()
    assert asked.email in asks
    row.refresh_from_db()
    assert row.ends_on is None

    page = client.post(f"/teams/{team.uuid}/members/{row.uuid}/end", follow=True)
    row.refresh_from_db()
    assert row.ends_on == timezone.localdate()
    assert asked.email in page.content.decode()


def test_ending_a_membership_asks_first_and_names_the_person(client: Client) -> None:
    team = TeamFactory()
    one, other = (
        MembershipFactory(team=team, organisation=None, person__first_name=name)
        for name in ("Ffion", "Gethin")
    )
    where = f"/teams/{team.uuid}/members/{one.uuid}/end"
    client.force_login(GrantFactory(team=team).person)

    assert where in client.get(f"/teams/{team.uuid}/members/").content.decode()
    assert f"End the membership of {one.person.full_name}?" in client.get(where).content.decode()
    one.refresh_from_db()
    assert one.ends_on is None

    said = client.post(where, follow=True).content.decode()
    assert f"Today is the last day of {one.person.full_name} in {team.name}." in said
    other.refresh_from_db()
    assert other.ends_on is None

    client.force_login(PersonFactory())
    assert client.get(where).status_code == 404


def test_team_members_are_not_there_for_those_who_only_plan_or_belong(client: Client) -> None:
    team = TeamFactory(partnership=PartnershipFactory())
    planner = GrantFactory(partnership=team.partnership).person
    member = MembershipFactory(team=team).person

    for person in (planner, member, PersonFactory()):
        client.force_login(person)
        assert client.get(f"/teams/{team.uuid}/members/").status_code == 404
        assert client.post(f"/teams/{team.uuid}/members/", {"email": "x@y.org"}).status_code == 404
