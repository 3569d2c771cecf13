"""What every answer says about who may keep it and what it may load."""

import pytest
from django.core import mail
from django.test import Client

from tests.factories.learning import make_site
from tests.factories.organisations import PersonFactory

pytestmark = pytest.mark.django_db


def test_pages_load_nothing_from_elsewhere(client: Client) -> None:
    make_site()

    policy = client.get("/")["Content-Security-Policy"]

    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "default-src 'none'" in client.get("/xapi/about")["Content-Security-Policy"]


def test_what_is_said_to_one_person_is_kept_by_no_cache(client: Client) -> None:
    make_site()
    assert "no-store" not in client.get("/learn/").get("Cache-Control", "")

    client.force_login(PersonFactory())

    assert "no-store" in client.get("/learn/")["Cache-Control"]


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "Via"])
def test_figures_are_for_the_machine_itself(client: Client, header: str) -> None:
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", headers={header: "203.0.113.9"}).status_code == 404


def test_a_link_in_a_mail_leads_to_this_site(client: Client) -> None:
    make_site()
    PersonFactory(email="ffion@example.org", verified=True)

    client.post(
        "/accounts/password/reset/",
        {"email": "ffion@example.org"},
        headers={"host": "localhost:9999"},
    )

    assert "http://localhost:8000/accounts/password/reset/key/" in mail.outbox[0].body
    assert "9999" not in mail.outbox[0].body
