"""Erasing somebody while others write, and with a kill -9 half way: nothing stuck, nothing lost."""

import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from lrs.enums import ActStatus
from lrs.models import ActivityDefinition, LifeCycleAct, Statement
from lrs.queries.lifecycle import how_many_name
from lrs.rules.who import Who
from lrs.services import (
    ask_erasure,
    carry_out_erasure,
    issue_credential,
    store_statements,
    tenant_of,
)
from organisations.models import Organisation
from tests.lrs.conftest import LONG_AGO, Store
from tests.lrs.crash.databases import Database, PostgresServer, opened
from tests.lrs.crash.erasing import Eraser
from tests.lrs.crash.test_crash import BOTH
from tests.lrs.samples import agent, statement

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.xdist_group("servers")]

THEIRS, WRITERS, WINDOW = 1_200, 3, 80
FFION = agent("ffion-8731")
WHO = Who.known_as(["account::https://hr.example|ffion-8731"])


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="careweave-erasing-") as folder:
        yield Path(folder)


def course(number: int, word: str) -> dict[str, Any]:
    """An activity that is called after her, with a definition that keeps changing."""
    name = {"en": f"Plan of ffion-8731, {word}"}
    return {"id": f"https://courses.example/plan-{number % 5}", "definition": {"name": name}}


def until(what: Any, seconds: float = 120.0) -> None:
    patience = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < patience
        time.sleep(0.01)


@pytest.mark.parametrize("kind", BOTH)
def test_erasing_beside_writers_and_after_a_kill(
    kind: type[Database], folder: Path, django_db_blocker: Any
) -> None:
    database = kind(folder)
    sent: list[int] = []
    wrong: list[str] = []
    erasers: list[Eraser] = []
    is_over = threading.Event()
    try:
        with opened(database):
            organisation = Organisation.objects.create(name="Aber Trust", sector="other")
            issued = issue_credential(organisation=organisation, scopes=["all"], starts_at=LONG_AGO)
            tenant = tenant_of(organisation=organisation)
            store = Store(tenant, issued.key, issued.secret)
            for start in range(1, THEIRS, 300):
                store_statements(
                    tenant=tenant,
                    authority=agent("authority"),
                    statements=[
                        statement(number, actor=FFION, object=course(number, "first"))
                        for number in range(start, start + 300)
                    ],
                    may_define=True,
                )
            act = ask_erasure(
                tenant=tenant, identifiers=WHO.identifiers, reason="Asked", at=datetime.now(UTC)
            )

        def write(writer: int) -> None:
            number = 10_000 * (writer + 1)
            with django_db_blocker.unblock(), opened(database):
                while not is_over.is_set():
                    number += 2
                    place = {"activityId": "a:b", "agent": FFION, "stateId": f"state-{writer % 2}"}
                    answers = [
                        store.post(
                            statement(number, actor=FFION, object=course(number, f"{number}")),
                            statement(number + 1, actor=agent("gwil")),
                        ),
                        store.send("POST", "activities/state", place, {f"w{writer}": number}),
                    ]
                    sent.extend((number, number + 1))
                    time.sleep(0.05)  # slower than it erases, so that it is soon over
                    wrong.extend(
                        f"{one.status_code} {one.content[:200]!r}"
                        for one in answers
                        if one.status_code not in (200, 204)
                    )

        erasers.append(Eraser(database, window=WINDOW, stays_in=6))
        erasers.append(Eraser(database, window=WINDOW))
        killed, going_on = erasers
        threads = [threading.Thread(target=write, args=(number,)) for number in range(WRITERS)]
        for thread in threads:
            thread.start()
        try:
            until(lambda: {number // 10_000 for number in sent} == set(range(1, WRITERS + 1)))
            killed.may_begin.set()
            assert killed.is_inside.wait(120)
            killed.process.kill()
            killed.process.join()
            with opened(database):
                half = LifeCycleAct.objects.get(pk=act.pk)
            going_on.may_begin.set()
            going_on.process.join(200)
            assert going_on.process.exitcode == 0
        finally:
            is_over.set()
            for thread in threads:
                thread.join()

        assert wrong == []
        assert half.statements == 5 * WINDOW // 4
        assert half.status == ActStatus.RUNNING
        with opened(database):
            done = LifeCycleAct.objects.get(pk=act.pk)
            assert done.status == ActStatus.DONE
            assert done.statements >= THEIRS
            stored = [row.int for row in Statement.objects.values_list("uuid", flat=True)]
            assert sorted(stored) == sorted([*range(1, THEIRS + 1), *sent])
            old = Statement.objects.filter(uuid__lte=UUID(int=THEIRS))
            assert not old.filter(payload__contains="ffion-8731").exists()
            last = ask_erasure(
                tenant=tenant, identifiers=WHO.identifiers, reason="Asked", at=datetime.now(UTC)
            )
            carry_out_erasure(act=last, at=datetime.now(UTC))
            assert how_many_name(tenant=tenant, who=WHO) == 0
            texts = [
                *Statement.objects.values_list("payload", flat=True),
                *ActivityDefinition.objects.values_list("definition", flat=True),
            ]
            assert not any("ffion-8731" in text for text in texts)
        if isinstance(database, PostgresServer):
            assert "deadlock detected" not in database.log()
    finally:
        for eraser in erasers:
            eraser.process.kill()
        database.close()
