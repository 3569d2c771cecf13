"""Invitations: the mail, the link, and what following it does."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from organisations import services, tasks
from organisations.enums import MembershipStatus
from organisations.models import Membership, User
from organisations.services import Invitation
from tests.factories.organisations import (
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
    TeamFactory,
)

PASSWORD = "a quiet river"
ACCOUNT = {
    "first_name": "Nia",
    "last_name": "Testwell",
    "display_name": "",
    "language": "en",
    "password": PASSWORD,
    "is_willing": "on",
}

pytestmark = pytest.mark.django_db


@pytest.fixture
def invited() -> Membership:
    return services.invite_member(
        invitation=Invitation(email="new@example.org", given_name="Nia"),
        organisation=OrganisationFactory(name="Testshire Trust"),
        starts_on=timezone.localdate(),
        at=timezone.now(),
    )


def link(membership: Membership, *, age: timedelta = timedelta(0)) -> str:
    address = services.invitation_link(membership=membership, at=timezone.now() - age)
    return address.removeprefix("http://localhost:8000")


# The mail -----------------------------------------------------------------------------------------


def test_the_mail_goes_out_once_and_its_link_works(client: Client, invited: Membership) -> None:
    tasks.mail_waiting_invitations()
    tasks.mail_waiting_invitations()

    (message,) = mail.outbox
    found = re.search(r"http://localhost:8000(/invitations/\S+)", str(message.body))
    assert message.to == ["new@example.org"]
    assert message.subject == "Testshire Trust invites you to Careweave"
    assert found is not None
    assert "Testshire Trust" in client.get(found.group(1)).content.decode()


def test_a_mail_server_that_fails_loses_no_invitation(invited: Membership, monkeypatch) -> None:
    def fail(**kwargs: object) -> None:
        raise OSError("no mail today")

    monkeypatch.setattr("organisations.services.invitations.send_mail", fail)
    with pytest.raises(OSError, match="no mail today"):
        tasks.mail_waiting_invitations()
    monkeypatch.undo()

    assert tasks.mail_waiting_invitations() == 1
    assert len(mail.outbox) == 1


def test_a_broker_that_is_away_loses_no_invitation(
    monkeypatch, django_capture_on_commit_callbacks
) -> None:
    def away() -> None:
        raise ConnectionError("no broker")

    monkeypatch.setattr(tasks.mail_waiting_invitations, "delay", away)
    with django_capture_on_commit_callbacks(execute=True):
        services.invite_member(
            invitation=Invitation(email="new@example.org"),
            organisation=OrganisationFactory(),
            starts_on=timezone.localdate(),
            at=timezone.now(),
        )
    assert mail.outbox == []

    tasks.mail_waiting_invitations()
    assert len(mail.outbox) == 1


# The link -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("token", ["x", "eyJ9:1abc:sig", "a" * 3000])
def test_a_link_that_is_not_ours_says_so(client: Client, token: str) -> None:
    answer = client.get(f"/invitations/{token}/")

    assert answer.status_code == 404
    assert "This link does not work" in answer.content.decode()


def test_a_link_changed_by_one_letter_does_not_work(client: Client, invited: Membership) -> None:
    path = link(invited)
    changed = path[:-3] + ("a" if path[-3] != "a" else "b") + path[-2:]

    assert client.get(changed).status_code == 404


def test_an_expired_link_says_so_and_sends_a_new_one(client: Client, invited: Membership) -> None:
    fresh, old = link(invited, age=timedelta(days=13.9)), link(invited, age=timedelta(days=14.1))
    assert client.get(fresh).status_code == 200

    page = client.get(old)
    assert page.status_code == 410
    assert "Send me a new link" in page.content.decode()
    assert client.post(old, {"answer": "yes"}).status_code == 410

    assert client.post(f"{old}again").status_code == 200
    assert [message.to for message in mail.outbox] == [["new@example.org"]]
    client.post(f"{old}again")
    assert len(mail.outbox) == 1


def test_an_invitation_that_ended_is_gone(client: Client) -> None:
    ended = MembershipFactory(invited=True, ended=True)

    answer = client.get(link(ended))

    assert answer.status_code == 410


def test_an_answered_invitation_says_so(client: Client) -> None:
    page = client.get(link(MembershipFactory()))

    assert "has been answered" in page.content.decode()


# Answering ----------------------------------------------------------------------------------------


def test_someone_new_makes_an_account_and_says_yes(client: Client, invited: Membership) -> None:
    path = link(invited)

    made = client.post(path, ACCOUNT)
    assert made["Location"] == path
    person = User.objects.get()
    address = EmailAddress.objects.get()
    assert (person.pk, person.full_name, person.email) == (
        invited.person_id,
        "Nia Testwell",
        "new@example.org",
    )
    assert (address.verified, address.primary) == (True, True)

    client.post(path, {"answer": "yes", "share": "all"})
    invited.refresh_from_db()
    assert invited.status == MembershipStatus.ACTIVE
    assert person.consents.get().organisation == invited.organisation

    client.logout()
    signed_in = client.post("/accounts/login/", {"login": "new@example.org", "password": PASSWORD})
    assert signed_in["Location"] == "/me/"


def test_someone_new_may_say_no_without_an_account(client: Client, invited: Membership) -> None:
    client.post(link(invited), {"answer": "no"})

    invited.refresh_from_db()
    assert invited.status == MembershipStatus.REFUSED
    assert not User.objects.get().has_usable_password()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"password": "short"}, "too short"),
        ({"password": "password123"}, "too common"),
        ({"password": "Nia Testwell"}, "too similar"),
        ({"is_willing": ""}, "Tick this"),
        ({"first_name": "", "last_name": ""}, "Give at least one name"),
    ],
)
def test_a_new_account_says_what_is_missing(
    client: Client, invited: Membership, change: dict[str, str], words: str
) -> None:
    answer = client.post(link(invited), ACCOUNT | change)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not User.objects.get().has_usable_password()


def test_someone_signed_in_joins_the_invitation_to_their_account(
    client: Client, invited: Membership
) -> None:
    person = PersonFactory()
    client.force_login(person)
    path = link(invited)
    assert "becomes part of this account" in client.get(path).content.decode()

    client.post(path, {"answer": "yes"})

    invited.refresh_from_db()
    assert (invited.person, invited.status) == (person, MembershipStatus.ACTIVE)
    # or whoever reads that mailbox could ask for a new password of this account
    assert list(EmailAddress.objects.values_list("email", "user")) == [(person.email, person.pk)]
    assert User.objects.filter(is_active=True).count() == 1


def test_an_account_with_that_address_signs_in_to_answer(client: Client) -> None:
    person = PersonFactory()
    membership = services.invite_member(
        invitation=Invitation(email=person.email),
        team=TeamFactory(),
        starts_on=timezone.localdate(),
        at=timezone.now(),
    )
    path = link(membership)

    page = client.get(path)
    assert "Sign in with it to answer" in page.content.decode()
    client.post(path, ACCOUNT | {"answer": "yes"})
    membership.refresh_from_db()
    assert membership.status == MembershipStatus.INVITED

    client.force_login(person)
    client.post(path, {"answer": "yes"})
    membership.refresh_from_db()
    assert membership.status == MembershipStatus.ACTIVE


def test_a_link_for_someone_with_an_account_does_not_make_another_person_them(
    client: Client,
) -> None:
    membership = MembershipFactory(invited=True)
    stranger = PersonFactory()
    client.force_login(stranger)
    path = link(membership)

    assert "is for another account" in client.get(path).content.decode()
    client.post(path, {"answer": "yes"})
    membership.refresh_from_db()
    assert membership.status == MembershipStatus.INVITED
    assert membership.person != stranger
    with pytest.raises(services.NotInvited):
        services.claim_by_account(membership=membership, by=stranger)


def test_answering_one_invitation_brings_the_others_that_wait(client: Client) -> None:
    now = datetime(2026, 6, 1, 12, tzinfo=UTC)
    first, second = (
        services.invite_member(
            invitation=Invitation(email="new@example.org"),
            organisation=OrganisationFactory(),
            starts_on=now.date(),
            at=now,
        )
        for _number in range(2)
    )

    client.post(link(first), ACCOUNT)

    second.refresh_from_db()
    first.refresh_from_db()
    assert first.person == second.person
    assert second.status == MembershipStatus.INVITED


def test_a_link_stays_out_of_other_sites_logs(client: Client, invited: Membership) -> None:
    answer = client.get(link(invited))

    assert answer["Referrer-Policy"] == "same-origin"
    assert reverse("organisations:invitation", args=["x"]) == "/invitations/x/"
