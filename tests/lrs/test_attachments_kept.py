"""An attachment that a statement on its way leans on is not swept away beside it."""

import threading
from typing import Any

import pytest
from django.db import connection, transaction

from lrs.models import Attachment, LifeCycleAct
from lrs.services import store_statements
from tests.lrs.conftest import Store
from tests.lrs.samples import agent, statement
from tests.lrs.test_erasure import FFION, GWIL, essay
from tests.lrs.test_erasure import erase as erase_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
TEXT = b"handed in by two"
PATIENCE_SECONDS = 30


def keep(store: Store, number: int, actor: dict[str, Any]) -> None:
    store_statements(
        tenant=store.tenant,
        authority=agent("authority"),
        statements=[statement(number, actor=actor, attachments=[essay(TEXT)])],
        attachments={essay(TEXT)["sha2"]: TEXT},
    )


def waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
            " AND datname = current_database()"
        )
        return bool(cursor.fetchone()[0])


def test_an_erasure_waits_for_who_is_storing_the_same_content(
    store: Store, django_db_blocker: Any
) -> None:
    keep(store, 1, agent("ffion"))
    ended = threading.Event()

    def erase() -> None:
        with django_db_blocker.unblock():
            try:
                erase_of(store, FFION)
            finally:
                connection.close()
                ended.set()

    thread = threading.Thread(target=erase)
    with transaction.atomic():
        keep(store, 2, GWIL)
        thread.start()
        waited = 0.0
        while not waits_for_a_lock() and not ended.wait(0.05) and waited < PATIENCE_SECONDS:
            waited += 0.05
        assert not ended.is_set()
    thread.join(PATIENCE_SECONDS)

    act = LifeCycleAct.objects.get()
    assert (act.statements, act.attachments) == (1, 0)
    assert Attachment.objects.get().sha2 == essay(TEXT)["sha2"]
