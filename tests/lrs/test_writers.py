"""Several writers at once: nobody deadlocks, nothing is lost, nothing is double."""

import threading
import time
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from lrs.enums import DocumentKind
from lrs.models import Document, Statement, StatementId
from lrs.queries import DocumentPlace, statements_after
from lrs.services import PreconditionFailed, Preconditions, put_document, store_statements
from lrs.services.tenants import tenant_of
from organisations.models import Organisation
from tests.lrs.samples import activity, agent, full_statement

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
WRITERS = 8


@pytest.fixture
def tenant() -> Any:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    return tenant_of(organisation=Organisation.objects.create(name="Aber Trust", sector="other"))


def together(work: Any) -> list[Exception]:
    failures: list[Exception] = []
    start = threading.Barrier(WRITERS)

    def run(number: int) -> None:
        try:
            start.wait(20)
            work(number)
        except Exception as error:  # noqa: BLE001 - whatever it was, the test reports it
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


def test_writers_of_the_same_statements_in_any_order_store_each_once(tenant: Any) -> None:
    numbers = list(range(1, 61))

    def write(number: int) -> None:
        mine = numbers if number % 2 else numbers[::-1]
        for start in range(0, 60, 20):
            store_statements(
                tenant=tenant,
                authority=agent("authority"),
                statements=[full_statement(one) for one in mine[start : start + 20]],
            )

    failures = together(write)

    assert failures == []
    assert StatementId.objects.count() == Statement.objects.count() == 60
    assert len({row.uuid for row in Statement.objects.all()}) == 60


def test_a_reader_beside_writers_sees_each_statement_once(tenant: Any) -> None:
    done = threading.Event()
    patience = time.monotonic() + 60
    seen: list[UUID] = []

    def follow() -> None:
        cursor = ""
        try:
            while not done.is_set() or (len(seen) < WRITERS * 50 and time.monotonic() < patience):
                found = statements_after(cursor, limit=7)
                seen.extend(row.id for row in found.statements)
                cursor = found.cursor
        finally:
            connection.close()

    reader = threading.Thread(target=follow)
    reader.start()
    failures = together(
        lambda number: [
            store_statements(
                tenant=tenant,
                authority=agent("authority"),
                statements=[
                    full_statement(1000 * number + 10 * batch + one) for one in range(1, 6)
                ],
            )
            for batch in range(10)
        ]
    )
    done.set()
    reader.join()

    assert failures == []
    assert len(seen) == len(set(seen)) == WRITERS * 50


def test_one_of_many_makes_a_document_that_may_only_be_made_once(tenant: Any) -> None:
    place = DocumentPlace(DocumentKind.STATE, activity()["id"], "account::a:b|c", None, "state")

    def write(number: int) -> None:
        put_document(
            tenant=tenant,
            place=place,
            content=str(number).encode(),
            content_type="text/plain",
            preconditions=Preconditions(if_none_match="*"),
            needs_precondition=False,
            at=datetime(2026, 11, 22, tzinfo=UTC),
        )

    failures = together(write)

    assert [type(error) for error in failures] == [PreconditionFailed] * (WRITERS - 1)
    assert Document.objects.count() == 1
