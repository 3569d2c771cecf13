"""Somebody erased while others write: it ends, and what they have just told stays."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from django.db import connection, transaction

from lrs.enums import ActStatus
from lrs.models import ActivityDefinition, LifeCycleAct, Statement
from lrs.queries.lifecycle import how_many_name
from lrs.rules.identity import ACTIVITY, key_of
from lrs.rules.who import Who
from lrs.services import erase_actor, store_statements
from lrs.services.definitions import learn_definitions
from lrs.services.tenants import tenant_of
from organisations.models import Organisation
from tests.lrs.conftest import Store
from tests.lrs.samples import agent, statement

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
FFION = "account::https://hr.example|ffion-8731"
HER = agent("ffion-8731")


@pytest.mark.django_db
def test_it_ends_although_statements_about_them_keep_coming(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lrs.services.erasure.WINDOW", 4)
    store_statements(
        tenant=store.tenant,
        authority=agent("authority"),
        statements=[statement(number, actor=HER) for number in range(1, 9)],
    )
    later = iter(range(1_000, 1_200))

    def another(act: LifeCycleAct) -> None:
        sent = [statement(next(later), actor=HER) for _ in range(2)]
        store_statements(tenant=store.tenant, authority=agent("authority"), statements=sent)

    act = erase_actor(
        tenant=store.tenant, identifiers=[FFION], reason="Asked", at=NOW, progress=another
    )

    texts = {row.uuid.int: row.payload for row in Statement.objects.all()}
    assert act.status == ActStatus.DONE
    assert not any("ffion-8731" in texts[number] for number in range(1, 9))
    assert "ffion-8731" in texts[max(texts)]
    erase_actor(tenant=store.tenant, identifiers=[FFION], reason="Asked", at=NOW)
    assert how_many_name(tenant=store.tenant, who=Who.known_as([FFION])) == 0


def waiting_for_a_row(seconds: float = 60.0) -> None:
    """Return when some connection waits for another."""
    patience = time.monotonic() + seconds
    with connection.cursor() as cursor:
        while True:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
            assert time.monotonic() < patience
            time.sleep(0.02)


class Undone(Exception):
    """So that nothing of a transaction stays."""


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_what_a_writer_has_just_learned_is_not_overwritten() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    tenant = tenant_of(organisation=Organisation.objects.create(name="Aber Trust", sector="other"))
    plans = [f"https://courses.example/plan-{number}" for number in range(2)]
    first, second = sorted(plans, key=lambda iri: key_of(ACTIVITY, iri))
    for iri in (first, second):
        told = {iri: {"name": {"en": "Plan of ffion-8731"}}}
        learn_definitions(tenant_id=tenant.id, definitions=told, at=NOW)
    acts: list[LifeCycleAct] = []
    eraser = threading.Thread(
        target=lambda: in_a_thread(
            lambda: acts.append(
                erase_actor(tenant=tenant, identifiers=[FFION], reason="Asked", at=NOW)
            )
        )
    )

    with suppress(Undone), transaction.atomic():
        ActivityDefinition.objects.select_for_update().get(iri=first)
        eraser.start()
        waiting_for_a_row()
        writer = threading.Thread(
            target=lambda: in_a_thread(
                lambda: learn_definitions(
                    tenant_id=tenant.id, definitions={second: {"name": {"cy": "Cynllun"}}}, at=NOW
                )
            )
        )
        writer.start()
        writer.join(60)
        assert not writer.is_alive()
        raise Undone
    eraser.join(60)

    rows = ActivityDefinition.objects.all()
    kept: dict[str, Any] = {row.iri: orjson.loads(row.definition)["name"] for row in rows}
    assert [act.status for act in acts] == [ActStatus.DONE]
    assert kept[second]["cy"] == "Cynllun"
    assert not any("ffion-8731" in str(name) for name in kept.values())


def in_a_thread(work: Callable[[], None]) -> None:
    try:
        work()
    finally:
        connection.close()
