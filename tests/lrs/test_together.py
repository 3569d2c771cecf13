"""What two do in the same moment: a key is ended while it gives another, an issuer comes twice."""

import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from lrs.models import Credential, Tenant, TokenIssuer
from lrs.services import (
    BadIssuer,
    KeyHasEnded,
    issue_credential,
    issue_launch_key,
    issue_token,
    register_issuer,
    revoke_credential,
    tenant_of,
)
from organisations.models import Organisation
from tests.lrs.conftest import LONG_AGO
from tests.lrs.crash.databases import Database, PostgresServer, SqliteFile, opened
from tests.lrs.samples import activity, agent

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(SqliteFile, marks=pytest.mark.sqlite, id="sqlite"),
        pytest.param(PostgresServer, marks=pytest.mark.postgres, id="postgresql"),
    ],
)
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    with tempfile.TemporaryDirectory(prefix="careweave-together-") as folder:
        made = request.param(Path(folder))
        yield made
        made.close()


def key_of(name: str) -> Credential:
    organisation, _ = Organisation.objects.get_or_create(name=name, sector="other")
    return issue_credential(
        organisation=organisation, scopes=["all"], starts_at=LONG_AGO
    ).credential


def launch(key: Credential) -> Credential:
    asked = {"actor": agent(), "activity": activity()["id"], "at": NOW}
    return issue_launch_key(**asked, issued_by=key).credential


def token(key: Credential) -> Credential:
    issue_token(credential=key, scopes=None, at=NOW)
    return Credential.objects.get(parent=key)


def register(tenant: Tenant) -> TokenIssuer:
    return register_issuer(
        tenant=tenant,
        issuer="https://sign.example",
        audience="careweave",
        keys_url="https://sign.example/jwks",
        scopes=["all"],
        starts_at=NOW,
    )


def meanwhile(database: Database, first: Callable[[], Any], second: Callable[[], Any]) -> None:
    """Do the second when the first has done all but commit."""
    done = threading.Event()

    def do_first() -> None:
        with opened(database), transaction.atomic():
            first()
            done.set()
            time.sleep(0.3)

    thread = threading.Thread(target=do_first)
    thread.start()
    assert done.wait(20)
    try:
        with opened(database):
            second()
    finally:
        thread.join()


@pytest.mark.parametrize("give", [launch, token])
def test_what_a_key_gives_while_it_is_revoked_ends_with_it(
    database: Database, django_db_blocker: Any, give: Callable[[Credential], Credential]
) -> None:
    with django_db_blocker.unblock():
        with opened(database):
            key = key_of(give.__name__)
        meanwhile(database, lambda: give(key), lambda: revoke_credential(credential=key, at=NOW))
        with opened(database):
            given = Credential.objects.get(parent=key)

    assert given.revoked_at == NOW


@pytest.mark.parametrize("give", [launch, token])
def test_a_key_that_was_revoked_meanwhile_gives_nothing(
    db: None, give: Callable[[Credential], Credential]
) -> None:
    key = key_of("Aber Trust")
    revoke_credential(credential=Credential.objects.get(pk=key.pk), at=NOW)

    with pytest.raises(KeyHasEnded):
        give(key)

    assert not Credential.objects.filter(parent=key).exists()


def test_of_two_who_register_an_issuer_at_once_one_is_told(
    database: Database, django_db_blocker: Any
) -> None:
    def second() -> None:
        with pytest.raises(BadIssuer, match="open a store already"):
            register(bryn)

    with django_db_blocker.unblock():
        with opened(database):
            aber, bryn = (
                tenant_of(organisation=Organisation.objects.create(name=name, sector="other"))
                for name in ("Issuer Trust", "Issuer Care")
            )
        meanwhile(database, lambda: register(aber), second)
        with opened(database):
            assert TokenIssuer.objects.get().tenant_id == aber.pk
