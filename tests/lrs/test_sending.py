"""Statements sent on to another record store: each once, in order for each learner."""

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from lrs.enums import SendingTrouble, TargetKind, UnsentState
from lrs.models import SendingTarget, Tenant, UnsentStatement
from lrs.outside import Reachable
from lrs.rules.pacing import Pace
from lrs.services import (
    BadTarget,
    TargetSettings,
    make_target,
    pause_target,
    resend,
    resume_target,
    send_on,
    store_statements,
    targets_with_work,
    tenant_of,
    try_target,
)
from lrs.services.sending.lease import Lease
from organisations.models import Organisation
from tests.lrs.receiver import Receiver
from tests.lrs.samples import VERBS, activity, agent, statement

HERE = Reachable(frozenset({"127.0.0.1"}))
QUICK = Pace(
    first_wait=0.02, longest_wait=0.2, connect=20.0, answer=20.0, lease=60.0, run=60.0, tries=1_000
)
"""Waits are short; the patience with a receiver is long, since this machine may be busy."""
HURRIED = replace(QUICK, connect=1.0, answer=0.3, lease=0.6, run=5.0)
"""For many faults in little time; a lease that runs out in it is one more of them."""
SOON = 60.0
"""Seconds within which everything is done on the busiest machine; nobody waits so long."""
pytestmark = pytest.mark.django_db


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.stop()


@pytest.fixture
def tenant() -> Tenant:
    return tenant_of(organisation=Organisation.objects.create(name="Aber Trust", sector="other"))


def target_for(tenant: Tenant, receiver: Receiver, **options: Any) -> SendingTarget:
    return make_target(
        tenant=tenant,
        kind=TargetKind.STORE,
        settings=TargetSettings(
            label="The county's", address=receiver.endpoint, key="us", **options
        ),
        secret="a secret",
        from_beginning=True,
        reachable=HERE,
        at=now(),
    )


def store(tenant: Tenant, *statements: dict[str, Any]) -> None:
    store_statements(tenant=tenant, authority=agent("authority"), statements=statements)


def by(learner: str, number: int, **parts: Any) -> dict[str, Any]:
    return statement(number, actor=agent(learner), **parts)


def serve(seconds: float = 0.0, pace: Pace = QUICK) -> None:
    """Be the worker: once, or over and over until there is nothing more to do."""
    patience = time.monotonic() + seconds
    while True:
        for target_id in targets_with_work(at=now()):
            send_on(target_id=target_id, reachable=HERE, clock=now, pace=pace)
        if time.monotonic() >= patience or not is_anything_left():
            return
        time.sleep(0.01)


def is_anything_left() -> bool:
    later = now() + timedelta(days=1)
    SendingTarget.objects.filter(leased_until__lt=now()).update(leased_until=None)
    return bool(
        UnsentStatement.objects.filter(state=UnsentState.WAITING).exists()
        or targets_with_work(at=later)
        or SendingTarget.objects.filter(leased_until__isnull=False).exists()
    )


def numbers(receiver: Receiver) -> list[int]:
    return [UUID(one["id"]).int for one in receiver.accepted]


def test_statements_arrive_as_they_were_said(tenant: Tenant, receiver: Receiver) -> None:
    sent = statement(1, result={"extensions": {"https://ext.example/big": 12345678901234567890}})
    store(tenant, sent, by("mair", 2))
    target = target_for(tenant, receiver)

    serve()

    assert numbers(receiver) == [1, 2]
    got = receiver.by_id[sent["id"]]
    assert {name: got[name] for name in sent} == sent
    assert got.keys() - sent.keys() == {"version"}
    target.refresh_from_db()
    assert (target.delivered, target.trouble, target.leased_until) == (2, "", None)
    assert receiver.requests == 1
    serve()
    assert receiver.requests == 1


def test_only_what_is_wanted_is_sent(tenant: Tenant, receiver: Receiver) -> None:
    passed = {"id": f"{VERBS}passed"}
    store(tenant, statement(1), statement(2, verb=passed))
    store(tenant, statement(3, verb=passed, object=activity("other")), by("mair", 4, verb=passed))
    target_for(
        tenant,
        receiver,
        verbs=[passed["id"]],
        activities=[activity()["id"]],
        actors=["account::https://hr.example|ffion"],
    )

    serve()

    assert numbers(receiver) == [2]


def test_another_tenants_statements_stay_where_they_are(tenant: Tenant, receiver: Receiver) -> None:
    other = tenant_of(organisation=Organisation.objects.create(name="Bryn", sector="other"))
    store(other, statement(1))
    target_for(tenant, receiver)

    serve()

    assert receiver.requests == 0


def test_what_is_there_already_counts_and_what_differs_is_put_aside(
    tenant: Tenant, receiver: Receiver
) -> None:
    receiver.is_strict = True
    receiver.by_id = {
        statement(2)["id"]: statement(2),
        statement(3)["id"]: statement(3, actor=agent("someone-else")),
    }
    store(tenant, *(statement(number) for number in range(1, 6)))
    target = target_for(tenant, receiver)

    serve()

    assert numbers(receiver) == [1, 4, 5]
    dead = UnsentStatement.objects.get()
    assert (dead.uuid.int, dead.state, dead.trouble) == (3, "dead", SendingTrouble.CONFLICT)
    target.refresh_from_db()
    assert target.delivered == 4


def test_a_refused_statement_is_put_aside_with_the_reason_and_can_be_sent_again(
    tenant: Tenant, receiver: Receiver
) -> None:
    receiver.fault = lambda number, sent: "400" if any(is_number(one, 2) for one in sent) else ""
    store(tenant, *(statement(number) for number in range(1, 5)))
    target = target_for(tenant, receiver)

    serve()

    dead = UnsentStatement.objects.get()
    assert numbers(receiver) == [1, 3, 4]
    assert (dead.trouble, dead.trouble_detail) == ("refused", '400: {"said": "400"}')

    receiver.fault = lambda number, sent: ""
    assert resend(target=target, at=now(), unsent_id=dead.pk) == 1
    serve(SOON)

    assert numbers(receiver) == [1, 3, 4, 2]
    assert not UnsentStatement.objects.exists()


def is_number(one: dict[str, Any], number: int) -> bool:
    return UUID(one["id"]).int == number


def test_while_one_learners_statement_is_stuck_the_others_go_on(
    tenant: Tenant, receiver: Receiver
) -> None:
    receiver.fault = lambda number, sent: "500" if any(is_number(one, 3) for one in sent) else ""
    store(tenant, *(by(("ffion", "mair", "gwil")[n % 3], n) for n in range(1, 10)))
    target = target_for(tenant, receiver)

    patience = time.monotonic() + SOON
    while len(receiver.accepted) < 6 and time.monotonic() < patience:
        serve()
        time.sleep(0.02)

    assert sorted(numbers(receiver)) == [1, 2, 4, 5, 7, 8]
    waiting = UnsentStatement.objects.order_by("id")
    assert [one.uuid.int for one in waiting] == [3, 6, 9]
    receiver.fault = lambda number, sent: ""
    serve(SOON)
    assert [n for n in numbers(receiver) if n % 3 == 0] == [3, 6, 9]
    target.refresh_from_db()
    assert (target.delivered, UnsentStatement.objects.count()) == (9, 0)


@pytest.mark.parametrize(
    ("fault", "trouble"),
    [
        ("401", SendingTrouble.KEY),
        ("404", SendingTrouble.ADDRESS),
        ("moved", SendingTrouble.MOVED),
        ("429", SendingTrouble.BUSY),
        ("500", SendingTrouble.ERROR),
        ("cut", SendingTrouble.BROKEN),
        ("slow", SendingTrouble.SLOW),
        ("web page", SendingTrouble.ADDRESS),
    ],
)
def test_what_is_the_receivers_fault_loses_nothing_and_is_said(
    tenant: Tenant, receiver: Receiver, fault: str, trouble: str
) -> None:
    receiver.fault = lambda number, sent: fault
    receiver.slow_seconds = 0.5
    store(tenant, statement(1))
    target = target_for(tenant, receiver)

    serve(pace=replace(QUICK, answer=0.3) if fault == "slow" else QUICK)

    target.refresh_from_db()
    assert (target.trouble, target.delivered, target.failures) == (trouble, 0, 1)
    assert target.next_attempt_at is not None
    assert target.position == "0.0"
    assert not UnsentStatement.objects.exists()
    receiver.fault = lambda number, sent: ""
    serve(SOON)
    assert numbers(receiver) == [1]


def test_a_receiver_that_is_down_is_asked_ever_more_rarely(
    tenant: Tenant, receiver: Receiver
) -> None:
    waits = [Pace().wait(failures, 1.0) for failures in (1, 2, 3, 20)]
    assert waits == [5.0, 10.0, 20.0, 3600.0]
    assert Pace().wait(3, 0.0) == 10.0
    store(tenant, statement(1))
    target = target_for(tenant, receiver)
    receiver.stop()

    serve()

    target.refresh_from_db()
    assert target.trouble == SendingTrouble.UNREACHABLE
    assert targets_with_work(at=now() + timedelta(seconds=1)) == [target.pk]
    receiver.start()
    serve(SOON)
    assert numbers(receiver) == [1]


def test_a_paused_target_gets_nothing_until_it_is_resumed(
    tenant: Tenant, receiver: Receiver
) -> None:
    target = target_for(tenant, receiver)
    pause_target(target=target, at=now())
    store(tenant, statement(1))

    serve()
    assert receiver.requests == 0

    resume_target(target=target)
    serve()
    assert numbers(receiver) == [1]


def test_a_target_says_whether_it_could_be_reached(tenant: Tenant, receiver: Receiver) -> None:
    target = target_for(tenant, receiver)

    assert try_target(target=target, reachable=HERE, clock=now).trouble == ""
    receiver.stop()
    assert try_target(target=target, reachable=HERE, clock=now).trouble == "unreachable"


def test_the_secret_is_not_readable_in_the_database(tenant: Tenant, receiver: Receiver) -> None:
    target = target_for(tenant, receiver)

    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM lrs_sendingtarget")
        row = repr(cursor.fetchall())

    assert "a secret" not in row
    assert target.secret.startswith("gAAAA")


def test_a_secret_of_another_installation_is_trouble_and_not_an_error(
    tenant: Tenant, receiver: Receiver, settings: Any
) -> None:
    store(tenant, statement(1))
    target = target_for(tenant, receiver)
    settings.SECRET_KEY = "another-key-another-key-another-key"

    serve()

    target.refresh_from_db()
    assert (target.trouble, receiver.requests) == (SendingTrouble.SECRET, 0)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://lrs.example.org/xapi", "Use https"),
        ("ftp://lrs.example.org/xapi", "whole web address"),
        ("https://me:secret@lrs.example.org/xapi", "own fields"),
        ("https://lrs.example.org/xapi/statements", "above /statements"),
        ("https://lrs.example.org/xapi?x=1", "Leave out everything"),
        ("https://[::1/xapi", "whole web address"),
    ],
)
def test_an_address_that_cannot_be_is_refused_in_words(
    tenant: Tenant, address: str, words: str
) -> None:
    with pytest.raises(BadTarget, match=words):
        make_target(
            tenant=tenant,
            kind=TargetKind.STORE,
            settings=TargetSettings(label="x", address=address),
            secret="s",
            from_beginning=True,
            reachable=Reachable(),
            at=now(),
        )


@pytest.mark.parametrize(
    "address",
    ["https://127.0.0.1/xapi", "https://[::1]/", "https://10.0.0.1/", "https://169.254.169.254/"],
)
def test_what_only_this_server_can_reach_is_not_asked(tenant: Tenant, address: str) -> None:
    store(tenant, statement(1))
    target = make_target(
        tenant=tenant,
        kind=TargetKind.STORE,
        settings=TargetSettings(label="x", address=address),
        secret="s",
        from_beginning=True,
        reachable=Reachable(),
        at=now(),
    )

    send_on(target_id=target.pk, reachable=Reachable(), clock=now, pace=QUICK)

    target.refresh_from_db()
    assert target.trouble == SendingTrouble.FORBIDDEN_ADDRESS
    assert "private network" in target.trouble_detail


class Killed(BaseException):
    """As `kill -9`: nothing is written any more, not even on the way out."""


class Plug:
    """Pulled after so many requests of a worker; its lease stays until it ends by itself."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.requests_left = 10**9
        for name in ("renew", "write", "give_back"):
            monkeypatch.setattr(Lease, name, self._guarded(getattr(Lease, name)))

    def _guarded(self, method: Callable[..., Any]) -> Callable[..., Any]:
        def guarded(lease: Lease, **values: Any) -> Any:
            if method.__name__ == "renew":
                self.requests_left -= 1
            if self.requests_left <= 0:
                raise Killed
            return method(lease, **values)

        return guarded


def hour_of_faults(
    tenant: Tenant,
    receiver: Receiver,
    plug: Plug,
    *,
    seconds: float,
    deaths_at_least: int,
    learners: int,
    seed: int,
) -> list[int]:
    """Write all the while, with faults of every kind; return how many, and how many workers died.

    It goes on for longer where the machine is so busy that too few have died.
    """
    chance = random.Random(seed)
    faults = ["500", "502", "503", "429", "409", "slow", "cut", "ack-drop", "", "", ""]
    mood = [""]
    receiver.fault = lambda number, sent: mood[0] if chance.random() < 0.7 else ""
    started, written, deaths, down_until = time.monotonic(), 0, [], 0.0
    next_mood, next_death = 0.0, seconds / 8
    while (passed := time.monotonic() - started) < seconds or (
        len(deaths) < deaths_at_least and passed < seconds + SOON
    ):
        if passed >= next_mood:
            next_mood = passed + seconds / 25
            mood[0] = chance.choice(faults)
            receiver.is_strict = mood[0] == "409" or chance.random() < 0.3
            mood[0] = "" if mood[0] == "409" else mood[0]
            if chance.random() < 0.15:
                receiver.stop()
                down_until = passed + seconds / 20
        if receiver.server is None and passed >= down_until:
            receiver.start()
        for _ in range(chance.randint(0, 6)):
            written += 1
            store(tenant, by(f"learner-{chance.randrange(learners)}", written))
        if passed >= next_death:
            next_death = passed + seconds / 6
            plug.requests_left = chance.randint(1, 3)
        try:
            serve(pace=HURRIED)
        except Killed:
            deaths.append(written)
            plug.requests_left = 10**9
        time.sleep(0.01)
    mood[0] = ""
    plug.requests_left = 10**9
    if receiver.server is None:
        receiver.start()
    serve(SOON)
    assert written > 10
    return [written, len(deaths)]


def check_all_arrived_once_in_order(receiver: Receiver, written: int) -> None:
    arrived = numbers(receiver)
    assert sorted(arrived) == list(range(1, written + 1))
    by_learner: dict[str, list[int]] = {}
    for one in receiver.accepted:
        by_learner.setdefault(one["actor"]["account"]["name"], []).append(UUID(one["id"]).int)
    assert all(found == sorted(found) for found in by_learner.values())
    assert not UnsentStatement.objects.exists()


def test_minutes_of_faults_and_dying_workers_lose_nothing(
    tenant: Tenant, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = target_for(tenant, receiver)
    plug = Plug(monkeypatch)
    receiver.slow_seconds = 0.4

    written, deaths = hour_of_faults(
        tenant, receiver, plug, seconds=3, deaths_at_least=1, learners=4, seed=5
    )

    assert deaths
    check_all_arrived_once_in_order(receiver, written)
    target.refresh_from_db()
    assert target.trouble == ""


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1])
def test_an_hour_of_faults_in_a_minute_loses_nothing(
    tenant: Tenant, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    target_for(tenant, receiver)
    plug = Plug(monkeypatch)
    receiver.slow_seconds = 0.4

    written, deaths = hour_of_faults(
        tenant, receiver, plug, seconds=35, deaths_at_least=4, learners=8, seed=seed
    )

    assert deaths > 3
    check_all_arrived_once_in_order(receiver, written)
