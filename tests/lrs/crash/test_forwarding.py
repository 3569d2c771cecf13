"""Kill -9 of who sends statements on: all of them arrive, each learner's in order, none double."""

import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import pytest

from lrs.enums import TargetKind
from lrs.models import SendingTarget, UnsentStatement
from lrs.services import TargetSettings, make_target, store_statements, tenant_of
from organisations.models import Organisation
from tests.lrs.crash.databases import Database, opened
from tests.lrs.crash.forwarding import HERE, Forwarder
from tests.lrs.crash.test_crash import BOTH
from tests.lrs.receiver import Receiver
from tests.lrs.samples import agent, statement

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.xdist_group("servers")]

STATEMENTS, LEARNERS = 900, 20
REFUSED = 7
"""Every so many-th request is answered 500."""
KILLS = ("", "500", "", "500", "")
"""What becomes of the request during which it is killed: kept with nobody to hear of it, or lost."""


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="careweave-forwarding-") as folder:
        yield Path(folder)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.stop()


class Killing:
    """What goes wrong at the receiver; it holds a request until its sender is dead."""

    def __init__(self, receiver: Receiver) -> None:
        self.receiver = receiver
        self.sent_again: set[str] = set()
        self.held, self.is_dead = threading.Event(), threading.Event()
        self.fate: str | None = None
        self.answered_first = 0
        self.inside: set[str] = set()

    def __call__(self, number: int, statements: list[dict[str, Any]]) -> str:
        ids = {one["id"] for one in statements}
        self.sent_again |= ids & set(self.receiver.by_id)
        if self.fate is not None and number % REFUSED:
            if self.answered_first:
                self.answered_first -= 1
                return ""
            fate, self.fate = self.fate, None
            self.inside = ids
            self.held.set()
            assert self.is_dead.wait(120)
            return fate
        return "500" if number % REFUSED == 0 else ""

    def kill_within(self, forwarder: Forwarder, fate: str) -> None:
        """Kill it while the receiver has its request; return when the receiver is through with it."""
        self.held.clear()
        self.is_dead.clear()
        self.answered_first, self.fate = 1, fate
        forwarder.start()
        assert self.held.wait(120)
        forwarder.kill()
        self.is_dead.set()
        if fate == "":
            until(lambda: self.inside <= set(self.receiver.by_id))


def until(what: Any, seconds: float = 120.0) -> None:
    patience = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < patience
        time.sleep(0.005)


@pytest.mark.parametrize("kind", BOTH)
def test_a_forwarder_killed_at_any_moment_delivers_all_in_order(
    kind: type[Database], folder: Path, receiver: Receiver
) -> None:
    random = Random(20261122)
    database = kind(folder)
    forwarder = Forwarder(database)
    receiver.fault = killing = Killing(receiver)
    try:
        with opened(database):
            tenant = tenant_of(
                organisation=Organisation.objects.create(name="Aber Trust", sector="other")
            )
            for start in range(1, STATEMENTS, 100):
                store_statements(
                    tenant=tenant,
                    authority=agent("authority"),
                    statements=[
                        statement(number, actor=agent(f"learner-{random.randrange(LEARNERS)}"))
                        for number in range(start, start + 100)
                    ],
                )
            target = make_target(
                tenant=tenant,
                kind=TargetKind.STORE,
                settings=TargetSettings(label="The county's", address=receiver.endpoint, key="us"),
                secret="a secret",
                from_beginning=True,
                reachable=HERE,
                at=datetime.now(UTC),
            )
        for fate in KILLS:
            killing.kill_within(forwarder, fate)
        assert 0 < len(receiver.accepted) < STATEMENTS
        forwarder.start()
        until(lambda: len(receiver.accepted) == STATEMENTS)

        with opened(database):
            until(lambda: SendingTarget.objects.get(pk=target.pk).leased_until is None)
            target = SendingTarget.objects.get(pk=target.pk)
            assert not UnsentStatement.objects.exists()
    finally:
        forwarder.kill()
        database.close()

    assert killing.sent_again
    numbers = [UUID(one["id"]).int for one in receiver.accepted]
    assert sorted(numbers) == list(range(1, STATEMENTS + 1))
    by_learner: dict[str, list[int]] = defaultdict(list)
    for one in receiver.accepted:
        by_learner[one["actor"]["account"]["name"]].append(UUID(one["id"]).int)
    assert len(by_learner) == LEARNERS
    assert all(found == sorted(found) for found in by_learner.values())
