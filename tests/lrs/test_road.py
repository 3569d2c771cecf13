"""What machines send takes a shorter road, and is no less safe on it."""

from datetime import UTC, datetime
from typing import Any

from django.test import Client

from lrs.models import Credential
from lrs.services import revoke_credential
from tests.lrs.conftest import Store
from tests.lrs.samples import statement


def test_answers_keep_their_headers_and_leave_out_those_of_pages(store: Store) -> None:
    answer = store.send("GET", "statements")

    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert answer.headers["Content-Length"] == str(len(answer.content))
    assert "Set-Cookie" not in answer.headers
    assert "Vary" not in answer.headers
    assert answer.cookies == {}


def test_a_host_that_is_not_ours_is_refused(db: None, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["learn.example"]

    assert Client().get("/xapi/about", headers={"host": "learn.example"}).status_code == 200
    assert Client().get("/xapi/about", headers={"host": "evil.example"}).status_code == 400


def test_what_a_key_may_do_changes_at_once(store: Store) -> None:
    assert store.post(statement(1)).status_code == 200
    assert store.post(statement(2)).status_code == 200

    Credential.objects.update(scopes=["statements/read"])
    assert store.post(statement(3)).status_code == 403
    Credential.objects.update(scopes=["all"])
    assert store.post(statement(3)).status_code == 200
    Credential.objects.update(secret_digest="0" * 64)
    assert store.post(statement(4)).status_code == 401


def test_a_key_that_was_proved_is_revoked_at_once(store: Store) -> None:
    assert store.post(statement(1)).status_code == 200

    revoke_credential(credential=Credential.objects.get(), at=datetime.now(UTC))

    assert store.post(statement(2)).status_code == 401
    assert store.send("GET", "statements").status_code == 401
