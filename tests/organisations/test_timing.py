"""How long signing in, signing up and asking for a reset take does not tell who has an account."""

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.test import Client

from tests.factories.organisations import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def hashed(monkeypatch) -> list[str]:
    """Each time the password hasher works, which is what takes the time."""
    done: list[str] = []
    encode = MD5PasswordHasher.encode

    def noted(self: MD5PasswordHasher, password: str, salt: str, *args: object) -> str:
        done.append(password)
        return encode(self, password, salt, *args)

    monkeypatch.setattr(MD5PasswordHasher, "encode", noted)
    return done


def work(client: Client, hashed: list[str], address: str, form: dict[str, str]) -> int:
    hashed.clear()
    client.post(address, form)
    return len(hashed)


@pytest.mark.parametrize("by", ["email", "username"])
def test_a_wrong_password_costs_the_same_whoever_is_named(
    client: Client, hashed: list[str], by: str
) -> None:
    known = PersonFactory()
    nobody = "nobody@example.org" if by == "email" else "nobody"

    costs = {
        work(client, hashed, "/accounts/login/", {"login": name, "password": "not this one"})
        for name in (getattr(known, by), nobody)
    }

    assert len(costs) == 1
    assert costs != {0}


def test_signing_up_costs_the_same_with_an_address_that_has_an_account(
    client: Client, hashed: list[str]
) -> None:
    known = PersonFactory()

    costs = {
        work(
            Client(),
            hashed,
            "/accounts/signup/",
            {"email": email, "password1": "a quiet river", "password2": "a quiet river"},
        )
        for email in (known.email, "new@example.org")
    }

    assert costs == {1}


def test_a_reset_writes_the_mail_even_where_it_goes_to_nobody(client: Client, monkeypatch) -> None:
    written: list[str] = []
    render = "allauth.account.adapter.DefaultAccountAdapter.render_mail"
    from allauth.account.adapter import DefaultAccountAdapter

    original = DefaultAccountAdapter.render_mail

    def noted(self, prefix, email, context, headers=None):
        message = original(self, prefix, email, context, headers)
        written.append(message.body.replace(str(context["user"]), ""))
        return message

    monkeypatch.setattr(render, noted)
    known = PersonFactory()
    for email in (known.email, "nobody@example.org"):
        assert client.post("/accounts/password/reset/", {"email": email}).status_code == 302

    assert len(written) == 2
    assert [message.to for message in mail.outbox] == [[known.email]]
