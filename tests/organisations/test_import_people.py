"""Staff lists brought in: who is made, changed, refused and asked."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.core import mail
from django.core.management import call_command
from django.core.management.base import CommandError

from competencies.models import Role, RoleAssignment
from organisations import services
from organisations.enums import MembershipStatus
from organisations.models import Consent, Membership, Organisation, Supervision, User
from organisations.services import StaffListResult
from tests.factories.organisations import (
    ConsentFactory,
    MembershipFactory,
    OrganisationFactory,
    PartnershipFactory,
    PersonFactory,
    TeamFactory,
)

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
TODAY = date(2026, 6, 1)
LATER = date(2026, 6, 20)

pytestmark = pytest.mark.django_db


@pytest.fixture
def trust() -> Organisation:
    return OrganisationFactory(name="Testshire Trust")


def bring(headings: str, *lines: str, on: date = TODAY, **options: object) -> StaffListResult:
    content = "\n".join([f"organisation,{headings}", *(f"Testshire Trust,{x}" for x in lines)])
    return services.import_people(content=content.encode(), on=on, at=NOW, **options)


def counts(result: StaffListResult) -> tuple[int, int, list[int]]:
    return result.created, result.updated, [one.line for one in result.refused]


def test_new_people_are_made_and_asked(
    trust: Organisation, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        result = bring(
            "staff_number,given_name,family_name,email,job_title,wte,starts_on,language",
            "7,Siân,Testwell,sian@example.org,Community nurse,0.6,2026-05-01,cy",
        )

    row = Membership.objects.get()
    assert counts(result) == (1, 0, [])
    assert (row.organisation, row.staff_number, row.job_title) == (trust, "7", "Community nurse")
    assert (row.wte, row.starts_on) == (Decimal("0.60"), date(2026, 5, 1))
    assert (row.status, row.person.full_name) == (MembershipStatus.INVITED, "Siân Testwell")
    assert row.person.language == "cy"
    assert [message.to for message in mail.outbox] == [["sian@example.org"]]
    assert "/cy/invitations/" in mail.outbox[0].body


def test_twice_changes_nothing(trust: Organisation) -> None:
    TeamFactory(name="Harbour team", partnership=PartnershipFactory(organisations=[trust]))
    headings = "staff_number,given_name,email,wte,team,supervisor_staff_number"
    lines = (
        "7,Siân,sian@example.org,0.6,Harbour team,8",
        "8,Mair,,,,",
    )
    first = bring(headings, *lines)
    before = (User.objects.count(), Membership.objects.count(), Supervision.objects.count())

    again = bring(headings, *lines, on=LATER)

    assert counts(first) == (2, 0, [])
    assert counts(again) == (0, 0, [])
    assert again.unchanged == 2
    assert (User.objects.count(), Membership.objects.count(), Supervision.objects.count()) == before


def test_updated_counts_only_real_changes(trust: Organisation) -> None:
    bring("staff_number,given_name,job_title,wte", "7,Siân,Nurse,1", "8,Mair,Clerk,1")

    result = bring("staff_number,given_name,job_title,wte", "7,Siân,Nurse,0.5", "8,Mair,,")

    assert counts(result) == (0, 1, [])
    assert Membership.objects.get(staff_number="7").wte == Decimal("0.50")
    assert Membership.objects.get(staff_number="8").job_title == "Clerk"


def test_names_of_those_with_an_account_are_their_own(trust: Organisation) -> None:
    mine = MembershipFactory(organisation=trust, staff_number="7", person__first_name="Ffion")
    bring("staff_number,given_name", "8,Wrong")

    result = bring("staff_number,given_name", "7,Other", "8,Right")

    assert counts(result) == (0, 1, [])
    assert User.objects.get(pk=mine.person_id).first_name == "Ffion"
    assert Membership.objects.get(staff_number="8").person.first_name == "Right"


def test_someone_known_by_their_address_is_asked_as_themselves(trust: Organisation) -> None:
    known = MembershipFactory(person__email="sian@example.org").person

    result = bring("staff_number,given_name,email", "7,Siân,Sian@Example.org")

    assert counts(result) == (1, 0, [])
    assert Membership.objects.get(organisation=trust).person == known
    assert User.objects.count() == 1


def test_someone_invited_without_a_number_gets_it(trust: Organisation) -> None:
    invited = services.invite_member(
        invitation=services.Invitation(email="sian@example.org"),
        organisation=trust,
        starts_on=TODAY,
        at=NOW,
    )

    result = bring("staff_number,given_name,email", "7,Siân,sian@example.org")

    invited.refresh_from_db()
    assert counts(result) == (0, 1, [])
    assert invited.staff_number == "7"


def refused(result: StaffListResult) -> dict[int, str]:
    return {one.line: one.reason for one in result.refused}


def test_each_bad_line_is_refused_with_its_reason_and_the_rest_goes_in(
    trust: Organisation,
) -> None:
    OrganisationFactory(name="Other Council")
    first, second = PartnershipFactory(name="A"), PartnershipFactory(name="B")
    TeamFactory(name="Twin team", partnership=first)
    TeamFactory(name="Twin team", partnership=second)
    content = """organisation,staff_number,given_name,email,role,team,wte,starts_on,supervisor_staff_number
Testshire Trust,1,Good,,,,,,
Nowhere Trust,2,Bad,,,,,,
Testshire Trust,3,Bad,,Astronaut,,,,
Testshire Trust,4,Bad,,,No such team,,,
Testshire Trust,5,Bad,,,Twin team,,,
Testshire Trust,6,Bad,,,,two,,
Testshire Trust,7,Bad,,,,,31/02/2026,
Testshire Trust,8,,,,,,,
Testshire Trust,1,Bad,,,,,,
Testshire Trust,9,Bad,not-an-address,,,,,
Testshire Trust,10,Bad,,,,,,99
Testshire Trust,11,Good,,,B / Twin team,,,1
"""

    result = services.import_people(content=content.encode(), on=TODAY, at=NOW)

    assert result.created == 2
    assert refused(result) == {
        3: "There is no organisation “Nowhere Trust” here. Check the name.",
        4: "There is no role “Astronaut”. Use a title from the page of roles.",
        5: "There is no team “No such team” that this organisation plans with.",
        6: "There are several teams “Twin team”. Write the partnership first: Partnership / Team.",
        7: "“two” is not a share of full time: give 0 to 1.5, such as 0.6.",
        8: "“31/02/2026” in starts_on is not a day: give 2027-03-31 or 31/03/2027.",
        9: "There is no name. Fill in given_name or family_name.",
        10: "The staff number stands in line 2 already.",
        11: "“not-an-address” is not an e-mail address.",
        12: "Nobody in this organisation has the staff number 99 of the supervisor.",
    }
    assert set(
        Membership.objects.filter(organisation=trust).values_list("staff_number", flat=True)
    ) == {
        "1",
        "11",
    }
    assert Membership.objects.get(team__isnull=False).team.partnership == second


def test_a_person_who_is_on_the_list_under_another_number_is_refused(trust: Organisation) -> None:
    mine = MembershipFactory(organisation=trust, staff_number="7", person__email="s@example.org")
    for email in ("s2@example.org", "s3@example.org"):
        mine.person.emailaddress_set.create(email=email, verified=True)
    MembershipFactory(organisation=trust, staff_number="8")
    bring("staff_number,given_name,email", "9,New,waits@example.org")

    result = bring(
        "staff_number,given_name,email",
        "70,Siân,s@example.org",
        "71,Siân,s2@example.org",
        "8,Siân,s3@example.org",
        "90,New,waits@example.org",
    )

    assert refused(result) == {
        2: "This person is on the list already, with the staff number 7.",
        3: "This person is on the list already, with the staff number 7.",
        4: "The e-mail address belongs to another person than the one with this staff number.",
        5: "This person is on the list already, with the staff number 9.",
    }


def test_two_addresses_of_one_person_are_one_person(trust: Organisation) -> None:
    known = PersonFactory(email="s@example.org")
    known.emailaddress_set.create(email="s2@example.org", verified=True)

    result = bring("staff_number,given_name,email", "7,S,s@example.org", "8,S,s2@example.org")

    assert counts(result) == (1, 0, [3])


def test_lines_whose_supervisor_is_refused_are_refused_too(trust: Organisation) -> None:
    result = bring(
        "staff_number,given_name,supervisor_staff_number",
        "1,A,2",
        "2,B,3",
        "3,,",
        "4,D,5",
        "5,E,",
    )

    assert counts(result) == (2, 0, [2, 3, 4])
    supervision = Supervision.objects.get()
    assert (supervision.supervisor.first_name, supervision.person.first_name) == ("E", "D")
    assert supervision.organisation == trust


def test_a_new_supervisor_takes_the_place_of_the_old(trust: Organisation) -> None:
    headings = "staff_number,given_name,supervisor_staff_number"
    bring(headings, "1,A,", "2,B,", "3,C,1")

    result = bring(headings, "3,C,2", on=LATER)

    assert counts(result) == (0, 1, [])
    old, new = Supervision.objects.order_by("starts_on")
    assert (old.supervisor.first_name, old.ends_on) == ("A", date(2026, 6, 19))
    assert (new.supervisor.first_name, new.ends_on) == ("B", None)


def test_strict_is_all_or_none(trust: Organisation) -> None:
    result = bring("staff_number,given_name", "7,Siân", "8,", strict=True)

    assert counts(result) == (0, 0, [3])
    assert not User.objects.exists()


def test_a_dry_run_says_what_it_would_do_and_keeps_nothing(
    trust: Organisation, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        result = bring("staff_number,given_name,email", "7,S,s@example.org", "8,,", dry_run=True)

    assert counts(result) == (1, 0, [3])
    assert not User.objects.exists()
    assert callbacks == []


def test_a_crash_puts_in_none(trust: Organisation, monkeypatch) -> None:
    def crash(*args: object) -> None:
        raise RuntimeError("in the middle")

    monkeypatch.setattr("organisations.services.staff_lists.bring_in.bring_roles", crash)

    with pytest.raises(RuntimeError, match="in the middle"):
        bring("staff_number,given_name", "7,Siân")
    assert not User.objects.exists()
    assert not Membership.objects.exists()


def test_the_last_day_ends_what_was_shared(trust: Organisation) -> None:
    mine = MembershipFactory(organisation=trust, staff_number="7")
    ConsentFactory(person=mine.person, organisation=trust)

    bring("staff_number,given_name,ends_on", "7,S,2026-06-30")

    assert Membership.objects.get().ends_on == date(2026, 6, 30)
    assert Consent.objects.get().ends_at.date() == date(2026, 6, 30)


def test_who_comes_back_is_asked_again(trust: Organisation) -> None:
    mine = MembershipFactory(organisation=trust, staff_number="7", ended=True)

    result = bring("staff_number,given_name,starts_on", "7,S,2026-06-01")

    mine.refresh_from_db()
    assert counts(result) == (0, 1, [])
    assert (mine.status, mine.starts_on, mine.ends_on) == (
        MembershipStatus.INVITED,
        date(2026, 6, 1),
        None,
    )


def test_who_said_no_is_not_asked_again(trust: Organisation) -> None:
    bring("staff_number,given_name", "7,S")
    row = Membership.objects.get()
    services.refuse_membership(membership=row, by=row.person, at=NOW)

    result = bring("staff_number,given_name", "7,S")

    row.refresh_from_db()
    assert counts(result) == (0, 0, [])
    assert row.status == MembershipStatus.REFUSED


def test_who_has_left_is_not_written_to(
    trust: Organisation, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        bring(
            "staff_number,given_name,email,starts_on,ends_on",
            "7,S,s@example.org,2020-01-01,2021-01-01",
        )

    assert mail.outbox == []


def test_a_list_for_one_organisation_takes_no_other(trust: Organisation) -> None:
    OrganisationFactory(name="Other Council")
    content = b"organisation,staff_number,given_name\nOther Council,1,A\n,2,B\n"

    result = services.import_people(content=content, on=TODAY, at=NOW, organisation=trust)

    assert refused(result) == {2: "This line is for “Other Council”; the list is for another one."}
    assert Membership.objects.get().organisation == trust


def test_only_teams_the_organisation_plans_with(trust: Organisation) -> None:
    TeamFactory(name="Ours", partnership=PartnershipFactory(organisations=[trust]))
    TeamFactory(name="Theirs")

    result = bring("staff_number,given_name,team", "1,A,Ours", "2,B,Theirs", only_shared_teams=True)

    assert counts(result) == (1, 0, [3])


def test_one_mail_even_with_a_team(trust: Organisation, django_capture_on_commit_callbacks) -> None:
    TeamFactory(name="Ours", partnership=PartnershipFactory(organisations=[trust]))

    with django_capture_on_commit_callbacks(execute=True):
        bring("staff_number,given_name,email,team", "1,A,a@example.org,Ours")

    assert len(mail.outbox) == 1
    assert Membership.objects.filter(status=MembershipStatus.INVITED).count() == 2


@pytest.mark.parametrize("size", [1, 3])
def test_a_list_takes_the_same_queries_at_any_length(
    trust: Organisation, size: int, django_assert_num_queries
) -> None:
    TeamFactory(name="Ours", partnership=PartnershipFactory(organisations=[trust]))
    lines = [f"{number},A,a{number}@example.org,Ours" for number in range(size)]

    with django_assert_num_queries(12):
        result = bring("staff_number,given_name,email,team", *lines)

    assert result.created == size


# Roles ---------------------------------------------------------------------------------------


@pytest.fixture
def roles(db: None) -> tuple[Role, Role]:
    from competencies.models import Framework

    framework = Framework.objects.create(slug="test", is_shared=False)
    return (
        Role.objects.create(
            slug="care-navigator",
            title="Care navigator",
            framework=framework,
            also_called=["Receptionist navigator"],
        ),
        Role.objects.create(slug="gp", title="GP", framework=framework),
    )


@pytest.mark.parametrize("name", ["care navigator", "care-navigator", "Receptionist Navigator"])
def test_a_role_is_found_by_what_it_is_called(
    trust: Organisation, roles: tuple[Role, Role], name: str
) -> None:
    result = bring("staff_number,given_name,role", f"7,Siân,{name}")

    assert counts(result) == (1, 0, [])
    assignment = RoleAssignment.objects.get()
    assert (assignment.role, assignment.membership.staff_number) == (roles[0], "7")


def test_another_role_takes_the_place_of_the_first(
    trust: Organisation, roles: tuple[Role, Role]
) -> None:
    bring("staff_number,given_name,role", "7,Siân,GP")
    same = bring("staff_number,given_name,role", "7,Siân,gp", on=LATER)

    other = bring("staff_number,given_name,role", "7,Siân,Care navigator", on=LATER)

    assert (same.updated, other.updated) == (0, 1)
    old, new = RoleAssignment.objects.order_by("starts_on")
    assert (old.role.slug, old.ends_on) == ("gp", date(2026, 6, 19))
    assert (new.role.slug, new.starts_on, new.ends_on) == ("care-navigator", LATER, None)


def test_a_role_counts_in_the_team_too(trust: Organisation, roles: tuple[Role, Role]) -> None:
    TeamFactory(name="Ours")

    bring("staff_number,given_name,role,team", "7,Siân,GP,Ours")

    assert RoleAssignment.objects.filter(membership__team__name="Ours").count() == 1
    assert RoleAssignment.objects.count() == 2


# The command -----------------------------------------------------------------------------------


def run(path: Path, *options: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict]:
    status = 0
    try:
        call_command("import_people", str(path), *options)
    except SystemExit as stop:
        status = int(stop.code or 0)
    return status, json.loads(capsys.readouterr().out.strip().splitlines()[-1])


def test_the_command_ends_with_one_line_of_json_and_its_status(
    trust: Organisation, tmp_path: Path, capsys
) -> None:
    file = tmp_path / "staff.csv"
    file.write_text("organisation,staff_number,given_name\nTestshire Trust,7,Siân\nX,8,Y\n")

    assert run(file, "--dry-run", capsys=capsys) == (
        1,
        {
            "created": 1,
            "updated": 0,
            "refused": [
                {"line": 3, "reason": "There is no organisation “X” here. Check the name."}
            ],
        },
    )
    assert not Membership.objects.exists()
    assert run(file, "--strict", capsys=capsys)[1]["created"] == 0
    assert run(file, capsys=capsys)[0] == 1
    assert Membership.objects.count() == 1

    file.write_text("staff_number,given_name\n7,Siân\n")
    again = run(file, "--organisation", "testshire trust", capsys=capsys)
    assert again == (0, {"created": 0, "updated": 0, "refused": []})


def test_the_command_refuses_a_file_it_cannot_use(tmp_path: Path, capsys) -> None:
    file = tmp_path / "staff.csv"
    file.write_bytes(b"name\nSi\xe2n\n")

    status, answer = run(file, capsys=capsys)

    assert status == 1
    assert answer["refused"][0]["line"] == 2
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_people", str(tmp_path / "missing.csv"))
    with pytest.raises(CommandError, match="no organisation called 'Nowhere'"):
        call_command("import_people", str(file), "--organisation", "Nowhere")
