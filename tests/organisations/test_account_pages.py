"""Sign-in and account pages: their language, their words, and that nobody meets a made-up name."""

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.usersessions.models import UserSession
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from organisations.models import User
from organisations.models.people import new_username
from tests.factories.organisations import MembershipFactory, PersonFactory, TeamFactory

PASSWORD = "a quiet river"
MADE_UP = re.compile(r"person-[0-9a-f]{12}")

pytestmark = pytest.mark.django_db


@pytest.fixture
def nameless(client: Client) -> User:
    """Somebody who signed up and said no name yet."""
    person: User = PersonFactory(
        username=new_username(), first_name="", last_name="", email="wren@example.org"
    )
    client.force_login(person)
    return person


def link_in(message: mail.EmailMessage) -> str:
    found = re.search(r"https?://[^/\s]+(/\S+)", str(message.body))
    assert found is not None
    return found.group(1)


def sign_in(client: Client, person: User, path: str = "/accounts/login/") -> Any:
    return client.post(path, {"login": person.username, "password": PASSWORD})


# Language -------------------------------------------------------------------------------------


def test_who_signs_up_in_arabic_stays_in_arabic(client: Client) -> None:
    client.post(
        "/ar/accounts/signup/",
        {"email": "new@example.org", "password1": PASSWORD, "password2": PASSWORD},
    )

    person = User.objects.get()
    path = link_in(mail.outbox[0])
    confirmed = client.post(path)
    welcome = client.get(confirmed["Location"]).content.decode()

    assert person.language == "ar"
    assert "أكّد عنوان بريدك" in mail.outbox[0].subject
    assert path.startswith("/ar/accounts/confirm-email/")
    assert confirmed["Location"] == "/ar/me/welcome/?next=%2Far%2Fme%2F"
    assert 'dir="rtl"' in welcome
    assert '<option value="ar" selected>' in welcome


def test_welcome_leads_to_the_language_chosen_there(client: Client, nameless: User) -> None:
    answer = client.post(
        "/ar/me/welcome/",
        {"first_name": "Wren", "language": "cy", "next": "/ar/me/sharing/"},
    )

    assert answer["Location"] == "/cy/me/sharing/"


@pytest.mark.parametrize(
    ("own", "page", "lands"),
    [
        ("en", "/ar/accounts/login/", "/ar/me/"),
        ("cy", "/ar/accounts/login/", "/ar/me/"),
        ("ar", "/accounts/login/", "/ar/me/"),
        ("en", "/accounts/login/", "/me/"),
    ],
)
def test_signing_in_stays_in_the_language_chosen(
    client: Client, own: str, page: str, lands: str
) -> None:
    assert sign_in(client, PersonFactory(language=own), page)["Location"] == lands


@pytest.mark.parametrize(
    ("page", "lands"), [("/accounts/logout/", "/"), ("/cy/accounts/logout/", "/cy/")]
)
def test_signing_out_stays_in_the_language(client: Client, page: str, lands: str) -> None:
    client.force_login(PersonFactory(language="ar"))

    assert client.post(page)["Location"] == lands


def test_saving_names_stays_in_the_language_unless_another_is_chosen(client: Client) -> None:
    client.force_login(PersonFactory(language="en"))
    names = {"first_name": "Nia", "last_name": "", "display_name": ""}

    kept = client.post("/ar/me/account/", {**names, "language": "en"})
    chosen = client.post("/ar/me/account/", {**names, "language": "cy"})

    assert kept["Location"] == "/ar/me/account/"
    assert chosen["Location"] == "/cy/me/account/"


def test_a_link_in_a_mail_is_in_the_language_of_the_mail(client: Client) -> None:
    person = PersonFactory(language="cy")

    client.post("/ar/accounts/password/reset/", {"email": person.email})

    path = link_in(mail.outbox[0])
    assert path.startswith("/cy/accounts/password/reset/key/")
    assert client.get(path, follow=True).status_code == 200


# Names ----------------------------------------------------------------------------------------


def test_a_made_up_username_is_shown_to_nobody(client: Client, nameless: User) -> None:
    other = Client()
    membership = MembershipFactory(person=nameless, team=TeamFactory())
    pages = [
        client.get(path).content.decode()
        for path in (
            "/",
            "/me/",
            "/me/account/",
            "/me/welcome/",
            "/me/sharing/",
            "/accounts/email/",
            "/accounts/password/change/",
            "/accounts/password/reset/",
            "/accounts/2fa/",
            "/accounts/sessions/",
            f"/teams/{membership.team.uuid}/",
        )
    ]
    other.post("/accounts/password/reset/", {"email": nameless.email})
    signed_in = other.post(
        "/accounts/login/", {"login": nameless.email, "password": PASSWORD}, follow=True
    )

    told = [*pages, signed_in.content.decode(), *(str(message.body) for message in mail.outbox)]
    assert [MADE_UP.findall(text) for text in told if MADE_UP.search(text)] == []
    assert "wren@example.org" in pages[1]
    assert "You are signed in as wren@example.org." in signed_in.content.decode()


def test_others_do_not_get_to_know_an_address(nameless: User) -> None:
    assert (str(nameless), nameless.full_name, nameless.public_name) == ("Someone",) * 3
    assert PersonFactory(username="nia", first_name="", last_name="").full_name == "nia"


def test_a_username_that_was_chosen_is_told(client: Client) -> None:
    person = PersonFactory(username="nia")

    client.post("/accounts/password/reset/", {"email": person.email})
    client.force_login(person)

    assert "The username of the account is nia." in mail.outbox[0].body
    assert "<strong>nia</strong>" in client.get("/me/account/").content.decode()


def test_confirming_an_address_names_the_address(client: Client) -> None:
    client.post(
        "/accounts/signup/",
        {"email": "wren@example.org", "password1": PASSWORD, "password2": PASSWORD},
    )

    page = client.get(link_in(mail.outbox[0])).content.decode()

    assert "wren@example.org" in page
    assert not MADE_UP.search(page)


# Words ----------------------------------------------------------------------------------------

NOT_OURS = re.compile(
    r"Two-Factor|Security Key|Master key|Recovery Codes|Confirm Access|reauthenticate|"
    r"Authenticator App|biometrics|Change Password|Set Password|New Password|Email|"
    r"Successfully|Sign Up|Sign In|primary email|verification",
)


def words(html: str) -> str:
    main = html[html.index("<main") : html.index("</main>")]
    return re.sub(r"<[^>]*>", " ", re.sub(r"<script.*?</script>", "", main, flags=re.DOTALL))


@pytest.fixture
def no_keys_to_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key in a test holds nothing that a real authenticator made."""
    monkeypatch.setattr("allauth.mfa.webauthn.internal.auth.get_credentials", lambda user: [])
    monkeypatch.setattr(
        "allauth.mfa.webauthn.internal.auth.begin_authentication", lambda user=None: {}
    )


def test_every_account_page_is_in_our_words(client: Client, no_keys_to_read: None) -> None:
    person = PersonFactory()
    totp.TOTP.activate(person, totp.generate_totp_secret())
    RecoveryCodes.activate(person)
    key = Authenticator.objects.create(
        user=person, type=Authenticator.Type.WEBAUTHN, data={"name": "My telephone"}
    )
    strangers = [
        "login/",
        "signup/",
        "password/reset/",
        "password/reset/done/",
        "password/reset/key/done/",
        "password/reset/key/x-y/",
        "confirm-email/",
        "confirm-email/nothing/",
        "inactive/",
    ]
    own = [
        "email/",
        "password/change/",
        "2fa/",
        "2fa/totp/deactivate/",
        "2fa/recovery-codes/",
        "2fa/recovery-codes/generate/",
        "2fa/webauthn/",
        "2fa/webauthn/add/",
        f"2fa/webauthn/keys/{key.pk}/remove/",
        f"2fa/webauthn/keys/{key.pk}/edit/",
        "reauthenticate/",
        "2fa/reauthenticate/",
        reverse("mfa_reauthenticate_webauthn").removeprefix("/accounts/"),
        "sessions/",
        "logout/",
    ]
    wrong = {}
    for path in strangers:
        answer = client.get(f"/accounts/{path}")
        assert answer.status_code == 200, path
        wrong[path] = NOT_OURS.findall(words(answer.content.decode()))
    client.post("/accounts/login/", {"login": person.username, "password": PASSWORD})
    wrong["second"] = NOT_OURS.findall(
        words(client.get("/accounts/2fa/authenticate/").content.decode())
    )
    client.post(
        "/accounts/2fa/authenticate/",
        {
            "code": RecoveryCodes(
                person.authenticator_set.get(type="recovery_codes")
            ).get_unused_codes()[0]
        },
    )
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    for path in own:
        answer = client.get(f"/accounts/{path}")
        assert answer.status_code == 200, (path, answer.get("Location"))
        wrong[path] = NOT_OURS.findall(words(answer.content.decode()))

    assert {path: found for path, found in wrong.items() if found} == {}


def test_setting_up_codes_from_an_app(client: Client) -> None:
    person = PersonFactory()
    sign_in(client, person)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})

    page = client.get("/accounts/2fa/totp/activate/").content.decode()
    refused = client.post("/accounts/2fa/totp/activate/", {"code": "000000"}).content.decode()
    secret = re.search(r'<code dir="ltr">(\w+)</code>', refused)
    assert secret is not None
    code = totp.format_hotp_value(
        totp.hotp_value(secret.group(1), next(totp.yield_hotp_counters_from_time()))
    )
    done = client.post("/accounts/2fa/totp/activate/", {"code": code}, follow=True)

    assert NOT_OURS.findall(words(page)) == []
    assert "This code is not right" in refused
    assert "10 of 10 codes are left." in done.content.decode()
    assert Authenticator.objects.filter(user=person, type="totp").exists()


def test_two_different_passwords_are_told_beside_a_weak_one(client: Client) -> None:
    answer = client.post(
        "/accounts/signup/",
        {"email": "new@example.org", "password1": "short", "password2": "other"},
    )

    errors = answer.context["form"].errors
    assert "too short" in errors["password1"][0]
    assert errors["password2"] == ["The two passwords differ. Type the same one twice."]
    assert not User.objects.exists()


def test_after_a_new_password_there_is_the_way_to_sign_in(client: Client) -> None:
    person = PersonFactory()
    client.post("/accounts/password/reset/", {"email": person.email})
    path = client.get(link_in(mail.outbox[0]))["Location"]
    other = "another quiet river"

    done = client.post(path, {"password1": other, "password2": other}, follow=True)

    main = words(done.content.decode())
    assert main.count("password is changed") == 1
    assert 'href="/accounts/login/"' in done.content.decode()


def test_the_second_step_offers_only_what_one_has(client: Client, no_keys_to_read: None) -> None:
    by_app, by_key = PersonFactory(), PersonFactory()
    totp.TOTP.activate(by_app, totp.generate_totp_secret())
    Authenticator.objects.create(user=by_key, type="webauthn", data={"name": "Key"})

    sign_in(client, by_app)
    with_code = client.get("/accounts/2fa/authenticate/").content.decode()
    client = Client()
    sign_in(client, by_key)
    with_key = client.get("/accounts/2fa/authenticate/").content.decode()

    assert ('name="code"' in with_code, "mfa_webauthn_authenticate" in with_code) == (True, False)
    assert ('name="code"' in with_key, "mfa_webauthn_authenticate" in with_key) == (False, True)


def buttons(html: str) -> list[str]:
    return re.findall(r'name="action_(\w+)"', html)


def test_an_address_offers_only_what_can_be_done_with_it(client: Client) -> None:
    person = PersonFactory()
    client.force_login(person)
    alone = client.get("/accounts/email/").content.decode()
    EmailAddress.objects.create(user=person, email="second@example.org", verified=True)
    two = client.get("/accounts/email/").content.decode()
    EmailAddress.objects.update(verified=False)
    unproved = client.get("/accounts/email/").content.decode()

    assert buttons(alone) == ["add"]
    assert buttons(two) == ["primary", "remove", "add"]
    assert sorted(buttons(unproved)) == ["add", "remove", "send", "send"]

    EmailAddress.objects.update(verified=True)
    client.post("/accounts/email/", {"action_primary": "", "email": "second@example.org"})
    assert EmailAddress.objects.get(primary=True).email == "second@example.org"


def test_sessions_are_told_by_browser_and_system(client: Client) -> None:
    person = PersonFactory()
    client.force_login(person)
    UserSession.objects.create(
        user=person,
        ip="192.0.2.7",
        session_key=client.session.session_key,
        last_seen_at=timezone.now(),
        user_agent="Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    )

    page = client.get("/accounts/sessions/").content.decode()

    assert "Firefox on Linux" in page
    assert "Mozilla" not in page


def test_there_is_one_home_for_the_account(client: Client) -> None:
    client.force_login(PersonFactory())
    tabs = {
        path: re.findall(r'cw-tabs__link" href="([^"]+)"', client.get(path).content.decode())
        for path in ("/me/account/", "/accounts/email/", "/accounts/2fa/", "/accounts/sessions/")
    }

    assert tabs["/me/account/"] == [
        *("/me/account/", "/accounts/email/", "/accounts/password/change/"),
        *("/accounts/2fa/", "/accounts/sessions/", "/me/account/erase/"),
    ]
    assert all(found == tabs["/me/account/"] for found in tabs.values())


def test_a_display_name_gives_no_address_away(client: Client) -> None:
    client.force_login(PersonFactory())

    answer = client.post(
        "/me/account/",
        {"first_name": "Nia", "display_name": "nia@example.org", "language": "en"},
    )

    assert answer.status_code == 422
    assert "without an @" in answer.content.decode()
