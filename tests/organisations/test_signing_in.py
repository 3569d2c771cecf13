"""Signing in and up, and the doors that must not be walked around."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.test import Client, RequestFactory

from organisations.adapters import AccountAdapter, MFAAdapter
from organisations.models import User
from tests.factories.organisations import MembershipFactory, PersonFactory

PASSWORD = "a quiet river"

pytestmark = pytest.mark.django_db


def sign_in(client: Client, login: str, password: str = PASSWORD, **extra: str):
    return client.post("/accounts/login/", {"login": login, "password": password, **extra})


def link_in(message: mail.EmailMessage) -> str:
    found = re.search(r"https?://[^/\s]+(/\S+)", str(message.body))
    assert found is not None
    return found.group(1)


@pytest.mark.parametrize("by", ["username", "email"])
def test_signing_in_with_username_or_email_leads_home(client: Client, by: str) -> None:
    person = PersonFactory(language="ar")

    answer = sign_in(client, getattr(person, by))

    assert answer["Location"] == "/ar/me/"


def test_signing_in_goes_where_one_was_going_but_nowhere_else(client: Client) -> None:
    person = PersonFactory()

    assert sign_in(client, person.username, next="/me/sharing/")["Location"] == "/me/sharing/"
    client.logout()
    away = sign_in(client, person.username, next="https://elsewhere.example.org/")
    assert away["Location"] == "/me/"


@pytest.mark.parametrize("prefix", ["", "/cy", "/ar"])
def test_signing_out_leads_home_in_the_language_of_the_page(client: Client, prefix: str) -> None:
    client.force_login(PersonFactory())

    assert client.post(f"{prefix}/accounts/logout/")["Location"] == f"{prefix}/"


def test_name_of_a_passkey_is_asked_for_in_welsh(client: Client) -> None:
    person = PersonFactory(language="cy")
    sign_in(client, person.username)
    client.post("/cy/accounts/reauthenticate/", {"password": PASSWORD})

    pages = [client.get("/cy/accounts/2fa/webauthn/add/")]
    key = Authenticator.objects.create(
        user=person, type=Authenticator.Type.WEBAUTHN, data={"name": "Ffon", "credential": {}}
    )
    pages.append(client.get(f"/cy/accounts/2fa/webauthn/keys/{key.pk}/edit/"))

    for page in pages:
        assert re.search(r"<label[^>]*>\s*Enw\b", page.content.decode())


def test_a_wrong_password_says_the_same_whoever_it_is(client: Client) -> None:
    person = PersonFactory()

    known = sign_in(client, person.email, "wrong").context["form"].errors
    unknown = sign_in(client, "nobody@example.org", "wrong").context["form"].errors

    assert known == unknown


def test_someone_who_never_had_an_address_signs_in_by_username(client: Client) -> None:
    person = PersonFactory(email="")

    assert sign_in(client, person.username)["Location"] == "/me/"


def test_an_address_that_is_not_proved_keeps_one_out(client: Client) -> None:
    person = PersonFactory(verified=False)

    answer = sign_in(client, person.username)

    assert answer["Location"] == "/accounts/confirm-email/"
    assert client.get("/me/account/").status_code == 302
    assert "open this page to confirm it" in mail.outbox[0].body


def test_signing_up_proves_the_address_and_asks_for_a_name(client: Client) -> None:
    answer = client.post(
        "/accounts/signup/",
        {"email": "New@Example.org", "password1": PASSWORD, "password2": PASSWORD},
    )
    assert answer["Location"] == "/accounts/confirm-email/"
    person = User.objects.get()
    assert person.username.startswith("person-")
    assert not EmailAddress.objects.get().verified

    path = link_in(mail.outbox[0])
    confirmed = client.post(path)

    assert EmailAddress.objects.get().verified
    assert confirmed["Location"] == "/me/welcome/?next=%2Fme%2F"
    done = client.post(
        confirmed["Location"],
        {
            "first_name": "Nia",
            "last_name": "",
            "display_name": "",
            "language": "en",
            "next": "/me/",
        },
    )
    assert done["Location"] == "/me/"
    assert User.objects.get().first_name == "Nia"


def test_signing_up_with_a_taken_address_gives_nothing_away(client: Client) -> None:
    person = PersonFactory()

    answer = client.post(
        "/accounts/signup/",
        {"email": person.email, "password1": PASSWORD, "password2": PASSWORD},
    )

    assert answer["Location"] == "/accounts/confirm-email/"
    assert User.objects.count() == 1
    assert "There is one with it already" in mail.outbox[0].body


def test_signing_up_can_be_closed(client: Client, settings) -> None:
    settings.SIGN_UP_OPEN = False

    client.post(
        "/accounts/signup/",
        {"email": "new@example.org", "password1": PASSWORD, "password2": PASSWORD},
    )

    assert not User.objects.exists()


def test_proving_an_address_brings_the_invitations_that_went_there(client: Client) -> None:
    waiting = MembershipFactory(
        invited=True, invited_email="new@example.org", person__email="", person__password="!"
    )
    waiting.person.set_unusable_password()
    waiting.person.save()
    client.post(
        "/accounts/signup/",
        {"email": "new@example.org", "password1": PASSWORD, "password2": PASSWORD},
    )

    client.post(link_in(mail.outbox[0]))

    waiting.refresh_from_db()
    assert waiting.person.emailaddress_set.get().email == "new@example.org"
    assert waiting.status == "invited"


def test_a_forgotten_password_is_replaced_through_the_mail(client: Client) -> None:
    person = PersonFactory(language="cy")
    client.post("/accounts/password/reset/", {"email": person.email})

    path = client.get(link_in(mail.outbox[0]))["Location"]
    client.post(path, {"password1": "a loud waterfall", "password2": "a loud waterfall"})

    assert sign_in(client, person.username, "a loud waterfall")["Location"] == "/cy/me/"


def test_a_second_factor_is_asked_for_everywhere(client: Client) -> None:
    person = PersonFactory(is_superuser=True)
    totp.TOTP.activate(person, totp.generate_totp_secret())
    RecoveryCodes.activate(person)

    assert sign_in(client, person.username)["Location"] == "/accounts/2fa/authenticate/"
    assert client.get("/admin/").status_code == 302
    for path in ("/admin/login/", "/admin/password_reset/"):
        answer = client.post(path, {"username": person.username, "password": PASSWORD})
        assert answer.status_code in (302, 404)
        assert "_auth_user_id" not in client.session
    assert client.post("/admin/login/", {"username": "x"})["Location"].startswith(
        "/accounts/login/"
    )


def test_a_recovery_code_lets_one_in_once(client: Client) -> None:
    person = PersonFactory()
    totp.TOTP.activate(person, totp.generate_totp_secret())
    code = RecoveryCodes.activate(person).get_unused_codes()[0]
    sign_in(client, person.username)

    assert client.post("/accounts/2fa/authenticate/", {"code": code})["Location"] == "/me/"
    client.logout()
    sign_in(client, person.username)
    assert client.post("/accounts/2fa/authenticate/", {"code": code}).status_code == 200


def test_wagtails_account_page_changes_neither_password_nor_address(client: Client) -> None:
    editor = PersonFactory(is_superuser=True)
    client.force_login(editor)

    page = client.get("/admin/account/").content.decode()

    assert "new_password1" not in page
    assert "name_email-email" not in page
    client.post(
        "/admin/account/",
        {
            "name_email-first_name": "A",
            "name_email-last_name": "B",
            "password-new_password1": "a loud waterfall",
            "password-new_password2": "a loud waterfall",
        },
    )
    editor.refresh_from_db()
    assert editor.check_password(PASSWORD)


def test_wagtails_sign_out_signs_out(client: Client) -> None:
    client.force_login(PersonFactory(is_superuser=True))

    client.post("/admin/logout/")

    assert client.get("/admin/").status_code == 302


def test_secrets_of_authenticator_apps_are_not_in_the_database_as_they_are(settings) -> None:
    person, secret = PersonFactory(), totp.generate_totp_secret()
    totp.TOTP.activate(person, secret)

    stored = Authenticator.objects.get().data["secret"]
    assert secret not in stored
    assert MFAAdapter().decrypt(stored) == secret

    old, settings.SECRET_KEY = settings.SECRET_KEY, "another secret of forty characters or so"
    settings.SECRET_KEY_FALLBACKS = [old]
    assert MFAAdapter().decrypt(stored) == secret
    settings.SECRET_KEY_FALLBACKS = []
    assert MFAAdapter().decrypt(stored) not in ("", secret)


def test_five_wrong_passwords_close_the_door_for_a_while(client: Client, settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "60/m/ip,5/300s/key"}
    person = PersonFactory()
    for _number in range(5):
        sign_in(client, person.username, "wrong")

    answer = sign_in(client, person.username)

    assert "Too many tries" in answer.content.decode()
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    ("remote", "forwarded", "wanted"),
    [
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "6.6.6.6, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
        ("10.0.0.1", "", "10.0.0.1"),
    ],
)
def test_a_senders_address_cannot_be_chosen_by_the_sender(
    settings, remote: str, forwarded: str, wanted: str
) -> None:
    settings.TRUSTED_PROXIES = ["10.0.0.1", "10.0.0.2"]
    request = RequestFactory().get("/", headers={"x-forwarded-for": forwarded}, REMOTE_ADDR=remote)

    assert AccountAdapter().get_client_ip(request) == wanted


def test_accounts_itself_leads_on(client: Client) -> None:
    assert client.get("/accounts/")["Location"] == "/accounts/login/"
    client.force_login(PersonFactory())
    assert client.get("/accounts/")["Location"] == "/me/account/"
