"""What I share, who looked, where I work, my account: as pages."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from organisations import services
from organisations.enums import ConsentPurpose, ConsentSource, GrantKind, MembershipStatus
from organisations.models import Consent, User
from organisations.queries import access_of
from tests.factories.organisations import (
    ConsentFactory,
    GrantFactory,
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
    SupervisionFactory,
    TeamFactory,
)

PAGES = ["/me/sharing/", "/me/who-looked/", "/me/memberships/", "/me/account/"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(client: Client) -> User:
    someone: User = PersonFactory()
    client.force_login(someone)
    return someone


@pytest.mark.parametrize("path", [*PAGES, "/me/account/erase/", "/me/welcome/"])
def test_my_pages_ask_strangers_to_sign_in(client: Client, path: str) -> None:
    answer = client.get(path)

    assert answer.status_code == 302
    assert answer["Location"] == f"/accounts/login/?next={path}"


@pytest.mark.parametrize("path", PAGES)
def test_my_pages_stand_without_employer_and_in_arabic(
    client: Client, person: User, path: str
) -> None:
    assert client.get(path).status_code == 200
    arabic = client.get(f"/ar{path}")
    assert arabic.status_code == 200
    assert 'dir="rtl"' in arabic.content.decode()
    assert arabic["Cache-Control"].startswith("max-age=0")


def test_sharing_names_who_can_look(client: Client, person: User) -> None:
    membership = MembershipFactory(person=person, team=TeamFactory())
    lead = GrantFactory(team=membership.team, person__last_name="Leadwell").person
    GrantFactory(team=TeamFactory(), person__last_name="Elsewhere")
    boss = SupervisionFactory(person=person, supervisor__last_name="Bosswell").supervisor

    page = client.get("/me/sharing/").content.decode()

    assert lead.full_name in page
    assert boss.full_name in page
    assert "Elsewhere" not in page
    assert "You share nothing here." in page


@pytest.mark.parametrize("size", [1, 3])
@pytest.mark.parametrize("path", PAGES)
def test_my_pages_take_the_same_queries_at_any_size(
    client: Client, person: User, path: str, size: int, django_assert_num_queries
) -> None:
    for _number in range(size):
        membership = MembershipFactory(person=person, team=TeamFactory())
        MembershipFactory(person=person, invited=True)
        ConsentFactory(person=person, team=membership.team)
        ConsentFactory(person=person, withdrawn=True)
        viewer = GrantFactory(team=membership.team).person
        SupervisionFactory(person=person)
        services.note_access(
            viewer=viewer,
            people=[person],
            page="team_profile",
            team=membership.team,
            at=timezone.now(),
        )
    expected = {
        "/me/sharing/": 8,
        "/me/who-looked/": 7,
        "/me/memberships/": 6,
        "/me/account/": 3,
    }
    client.get(path)

    with django_assert_num_queries(expected[path]):
        assert client.get(path).status_code == 200


def test_sharing_and_stopping_again(client: Client, person: User) -> None:
    employer = OrganisationFactory(name="Testshire Trust")
    MembershipFactory(person=person, organisation=employer)
    membership = MembershipFactory(person=person, team=TeamFactory())
    until = timezone.localdate() + timedelta(days=30)

    answer = client.post(
        f"/me/sharing/{membership.uuid}/",
        {"source": str(employer.uuid), "purpose": "team_profile", "until": until.isoformat()},
        follow=True,
    )

    consent = Consent.objects.get()
    assert (consent.team, consent.source, consent.source_organisation, consent.purpose) == (
        membership.team,
        ConsentSource.ORGANISATION,
        employer,
        ConsentPurpose.TEAM_PROFILE,
    )
    assert timezone.localdate(consent.ends_at) == until
    assert "What Testshire Trust recorded" in answer.content.decode()

    client.post(f"/me/sharing/{consent.uuid}/stop")
    assert not Consent.objects.open_at(timezone.now()).exists()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"purpose": "team_profile"}, "Choose what they may see."),
        ({"source": "all"}, "Choose what they may use it for."),
        ({"source": "all", "purpose": "employment"}, "Select a valid choice"),
        ({"source": "all", "purpose": "team_profile", "until": "31/3"}, "Give the day like this"),
        (
            {"source": "all", "purpose": "team_profile", "until": "2020-01-01"},
            "This day has gone by.",
        ),
    ],
)
def test_sharing_says_what_is_missing_and_shares_nothing(
    client: Client, person: User, data: dict[str, str], message: str
) -> None:
    membership = MembershipFactory(person=person, team=TeamFactory())

    answer = client.post(f"/me/sharing/{membership.uuid}/", data)

    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert not Consent.objects.exists()


def test_someone_elses_sharing_is_not_there(client: Client, person: User) -> None:
    theirs = MembershipFactory(team=TeamFactory())
    consent = ConsentFactory(person=theirs.person, team=theirs.team)
    data = {"source": "all", "purpose": "team_profile"}

    assert client.get(f"/me/sharing/{theirs.uuid}/").status_code == 404
    assert client.post(f"/me/sharing/{theirs.uuid}/", data).status_code == 404
    assert client.post(f"/me/sharing/{consent.uuid}/stop").status_code == 404
    assert (
        client.post(f"/me/memberships/{theirs.uuid}/answer", {"answer": "yes"}).status_code == 404
    )
    assert client.post(f"/me/memberships/{theirs.uuid}/leave").status_code == 404
    assert Consent.objects.get() == consent
    assert consent.withdrawn_at is None


def test_one_cannot_share_with_a_team_one_has_not_joined(client: Client, person: User) -> None:
    invited = MembershipFactory(person=person, team=TeamFactory(), invited=True)

    assert client.get(f"/me/sharing/{invited.uuid}/").status_code == 404


def test_who_looked_says_who_when_and_on_which_page(client: Client, person: User) -> None:
    team, gone = TeamFactory(name="Harbour team"), PersonFactory()
    lead = PersonFactory(last_name="Leadwell")
    services.note_access(
        viewer=lead, people=[person], page="team_profile", team=team, at=timezone.now()
    )
    services.note_access(viewer=gone, people=[person], page="rating", at=timezone.now())
    gone.delete()

    page = client.get("/me/who-looked/").content.decode()

    for words in (lead.full_name, "Harbour team", "What a team can do", "What you can do, on your"):
        assert words in page
    assert "Someone whose account is erased" in page


def test_who_looked_is_paged(client: Client, person: User) -> None:
    for _number in range(26):
        services.note_access(
            viewer=PersonFactory(), people=[person], page="rating", at=timezone.now()
        )

    assert "Page 1 of 2" in client.get("/me/who-looked/").content.decode()
    assert "Page 2 of 2" in client.get("/me/who-looked/?page=99").content.decode()


def test_saying_yes_and_sharing_in_one_step(client: Client, person: User) -> None:
    invited = MembershipFactory(person=person, team=TeamFactory(), invited=True)

    client.post(f"/me/memberships/{invited.uuid}/answer", {"answer": "yes", "share": "platform"})

    invited.refresh_from_db()
    assert invited.status == MembershipStatus.ACTIVE
    assert Consent.objects.get().source == ConsentSource.PLATFORM


def test_saying_yes_to_something_that_starts_later_opens_nothing_before(
    client: Client, person: User
) -> None:
    start = timezone.localdate() + timedelta(days=10)
    invited = MembershipFactory(person=person, team=TeamFactory(), invited=True, starts_on=start)

    client.post(f"/me/memberships/{invited.uuid}/answer", {"answer": "yes", "share": "all"})

    consent = Consent.objects.get()
    assert consent.team == invited.team
    assert access_of(person, on=timezone.localdate()).team_ids == set()
    assert access_of(person, on=start).team_ids == {invited.team_id}


def test_saying_no_is_without_blame(client: Client, person: User) -> None:
    invited = MembershipFactory(person=person, team=TeamFactory(), invited=True)

    answer = client.post(f"/me/memberships/{invited.uuid}/answer", {"answer": "no"}, follow=True)

    invited.refresh_from_db()
    assert invited.status == MembershipStatus.REFUSED
    assert "nobody is told why" in answer.content.decode()


def test_leaving_a_team_ends_what_was_shared_at_once(client: Client, person: User) -> None:
    membership = MembershipFactory(person=person, team=TeamFactory())
    ConsentFactory(person=person, team=membership.team)

    client.post(f"/me/memberships/{membership.uuid}/leave")

    membership.refresh_from_db()
    assert membership.ends_on == timezone.localdate()
    assert not Consent.objects.open_at(timezone.now()).exists()


def test_names_and_language_are_saved_and_the_page_follows(client: Client, person: User) -> None:
    answer = client.post(
        "/me/account/",
        {"first_name": "Gwen", "last_name": "", "display_name": "G", "language": "cy"},
    )

    person.refresh_from_db()
    assert (person.first_name, person.language) == ("Gwen", "cy")
    assert answer["Location"] == "/cy/me/account/"


def test_a_person_keeps_at_least_one_name(client: Client, person: User) -> None:
    answer = client.post(
        "/me/account/", {"first_name": "", "last_name": "", "display_name": "", "language": "en"}
    )

    person.refresh_from_db()
    assert answer.status_code == 422
    assert "Give at least one name" in answer.content.decode()
    assert person.first_name == "Ffion"


def test_erasing_asks_for_the_password_and_the_word(client: Client) -> None:
    person = PersonFactory()
    client.force_login(person)
    assert "/accounts/reauthenticate/" in client.get("/me/account/erase/")["Location"]
    client.post("/accounts/reauthenticate/", {"password": "a quiet river"})

    assert client.get("/me/account/erase/").status_code == 200
    wrong = client.post("/me/account/erase/", {"word": "delete"})
    assert wrong.status_code == 422
    assert User.objects.filter(pk=person.pk).exists()

    answer = client.post("/me/account/erase/", {"word": " ERASE "}, follow=True)
    assert "Your account is erased" in answer.content.decode()
    assert not User.objects.filter(pk=person.pk).exists()


def test_the_last_who_runs_the_installation_stays(client: Client, person: User) -> None:
    GrantFactory(person=person, kind=GrantKind.OPERATOR)
    client.post("/accounts/reauthenticate/", {"password": "a quiet river"})

    answer = client.post("/me/account/erase/", {"word": "erase"})

    assert answer.status_code == 422
    assert "Nobody else runs this installation." in answer.content.decode()
    assert User.objects.filter(pk=person.pk).exists()
    GrantFactory(kind=GrantKind.OPERATOR)
    client.post("/me/account/erase/", {"word": "erase"})
    assert not User.objects.filter(pk=person.pk).exists()
