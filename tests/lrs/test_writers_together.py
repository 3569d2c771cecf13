"""Eight writers of the same ids, activities and documents for a while: no error, no deadlock."""

import os
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import pytest

from lrs.models import Document, Statement, StatementId
from lrs.services import issue_credential, tenant_of
from organisations.models import Organisation
from tests.lrs.conftest import LONG_AGO, Store
from tests.lrs.crash.databases import Database, PostgresServer, SqliteFile, opened
from tests.lrs.samples import activity, agent, full_statement

pytestmark = pytest.mark.django_db
WRITERS = 8
SECONDS = float(os.environ.get("WRITERS_SECONDS", "3"))
PLACE = {"activityId": activity()["id"], "agent": agent(), "stateId": "shared"}


@pytest.fixture(
    params=[
        pytest.param(SqliteFile, marks=pytest.mark.sqlite, id="sqlite"),
        pytest.param(PostgresServer, marks=pytest.mark.postgres, id="postgresql"),
    ]
)
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    with tempfile.TemporaryDirectory(prefix="careweave-writers-") as folder:
        made = request.param(Path(folder))
        yield made
        made.close()


def test_eight_writers_of_the_same_never_stand_in_each_others_way(
    database: Database, django_db_blocker: Any
) -> None:
    with opened(database):
        organisation = Organisation.objects.create(name="Aber Trust", sector="other")
        issued = issue_credential(organisation=organisation, scopes=["all"], starts_at=LONG_AGO)
        store = Store(tenant_of(organisation=organisation), issued.key, issued.secret)
    until = time.monotonic() + SECONDS
    wrong: list[str] = []
    sent: set[int] = set()

    def write(number: int) -> None:
        random = Random(number)
        with django_db_blocker.unblock(), opened(database):
            while time.monotonic() < until:
                first = random.randrange(400)
                ids = list(range(1 + first, 1 + first + random.choice((1, 5, 20))))
                random.shuffle(ids)
                answers = [
                    store.post(*(full_statement(one) for one in ids)),
                    store.send("POST", "activities/state", PLACE, {f"w{number}": first}),
                ]
                sent.update(ids)
                wrong.extend(
                    f"{one.status_code} {one.content[:200]!r}"
                    for one in answers
                    if one.status_code not in (200, 204)
                )

    threads = [threading.Thread(target=write, args=(number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert wrong == []
    with opened(database):
        stored = [row.int for row in Statement.objects.values_list("uuid", flat=True)]
        assert len(stored) == len(set(stored)) == StatementId.objects.count()
        assert set(stored) == {UUID(int=one).int for one in sent}
        assert Document.objects.count() == 1
    if isinstance(database, PostgresServer):
        assert "deadlock detected" not in database.log()
