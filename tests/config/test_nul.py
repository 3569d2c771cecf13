"""A NUL is nobody's text: refused before a database sees it, which on PostgreSQL would fail."""

from uuid import uuid4

import pytest
from django.test import Client

from tests.factories.organisations import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "address",
    [
        "/me/self-assessment/care-navigator/%00/",
        "/api/frameworks?q=%00",
        "/api/frameworks?language=%00",
        "/api/frameworks/%00",
        "/api/roles/%00",
        "/api/roles?q=a%00b",
        "/search/?q=%00",
        "/search/?%00=a",
    ],
)
def test_a_nul_in_an_address_is_refused(client: Client, address: str) -> None:
    client.force_login(PersonFactory())

    answer = client.get(address)

    assert answer.status_code == 400
    assert b"<h1" in answer.content


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_a_nul_in_a_form_is_refused(client: Client, kind: str) -> None:
    client.force_login(PersonFactory())
    address = f"/discussions/post/{uuid4()}/dismiss/"

    if kind.startswith("multipart"):
        answer = client.post(address, {"words": "a\x00b"})
    else:
        answer = client.post(address, "words=a%00b", content_type=kind)

    assert answer.status_code == 400


def test_a_nul_in_a_cookie_is_refused(client: Client) -> None:
    assert client.get("/", headers={"Cookie": 'sessionid="\\000abcdefgh"'}).status_code == 400


def test_the_record_store_answers_for_itself(client: Client) -> None:
    answer = client.get("/xapi/statements?agent=%00")

    assert answer["Content-Type"] == "application/json"
