"""The installation answers, and what the models say is what the migrations made."""

import pytest
from django.core.management import call_command
from django.test import Client


@pytest.mark.django_db
def test_health_addresses_answer(client: Client) -> None:
    assert client.get("/healthz").json() == {"status": "alive"}
    assert client.get("/readyz").json() == {"status": "ready"}
    assert client.get("/metrics").status_code == 200


@pytest.mark.django_db
def test_metrics_want_their_token(client: Client, settings) -> None:
    settings.METRICS_TOKEN = "a-long-token"

    assert client.get("/metrics").status_code == 404
    answer = client.get("/metrics", headers={"authorization": "Bearer a-long-token"})
    assert answer.status_code == 200


@pytest.mark.django_db
def test_models_and_migrations_agree() -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


@pytest.mark.django_db
def test_editors_sign_in_where_everybody_does(client: Client) -> None:
    answer = client.get("/admin/login/?next=/admin/pages/")

    assert answer.status_code == 302
    assert answer["Location"] == "/accounts/login/?next=/admin/pages/"
