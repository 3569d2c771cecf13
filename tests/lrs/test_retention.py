"""What is too old goes as foretold, and nothing that must stay."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrs.enums import ActStatus, AgeBy
from lrs.models import (
    Attachment,
    LifeCycleAct,
    Reference,
    RetentionPolicy,
    SeenActor,
    Statement,
    StatementKey,
)
from lrs.rules.retention import Terms, months_before
from lrs.services import (
    apply_policies,
    apply_retention,
    carry_out_retention,
    forecast_retention,
    learn_actors,
    place_hold,
    store_statements,
    terms_of,
)
from tests.lrs.conftest import Store
from tests.lrs.samples import VERBS, activity, agent, full_statement, statement

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
OLD = NOW - timedelta(days=400)


@given(st.integers(700_000_000, 4_000_000_000), st.integers(1, 600))
def test_months_before_is_a_day_there_was_and_never_later(seconds: int, months: int) -> None:
    day = datetime.fromtimestamp(seconds, UTC)
    before = months_before(day, months)

    assert before < day
    assert (day.year * 12 + day.month) - (before.year * 12 + before.month) == months
    assert before.day == day.day or (before + timedelta(days=1)).day == 1


def keep(store: Store, *statements: dict[str, Any], at: datetime = OLD) -> None:
    store_statements(
        tenant=store.tenant, authority=agent("authority"), statements=statements, received_at=at
    )


def policy(store: Store, **terms: Any) -> RetentionPolicy:
    options = {"name": "A year", "months": 12, "made_at": NOW, **terms}
    return RetentionPolicy.objects.create(tenant=store.tenant, **options)


def left(store: Store) -> list[int]:
    rows = Statement.objects.filter(tenant=store.tenant).order_by("seq")
    return [uuid.int for uuid in rows.values_list("uuid", flat=True)]


def void(number: int, target: int) -> dict[str, Any]:
    ref = {"objectType": "StatementRef", "id": statement(target)["id"]}
    return statement(number, object=ref, verb={"id": f"{VERBS}voided"})


def test_the_dry_run_is_the_run(store: Store) -> None:
    keep(store, *(statement(number) for number in range(1, 8)))
    keep(store, statement(8), at=OLD - timedelta(days=60))
    keep(store, statement(9), at=NOW - timedelta(days=5))
    rule = policy(store)

    told = forecast_retention(tenant=store.tenant, terms=terms_of(rule), at=NOW)
    act = apply_retention(policy=rule, at=NOW)

    assert [(one.month, one.statements) for one in told.months] == [("2025-08", 1), ("2025-10", 7)]
    assert len(told.sample) == 8
    assert act is not None
    assert (act.statements, act.bytes) == (told.statements, told.bytes)
    assert (act.statements, act.status, act.working) == (8, ActStatus.DONE, {})
    assert left(store) == [9]
    assert forecast_retention(tenant=store.tenant, terms=terms_of(rule), at=NOW).statements == 0
    assert apply_retention(policy=rule, at=NOW) is None


@pytest.mark.parametrize(
    ("terms", "stays"),
    [
        ({"verb": f"{VERBS}failed"}, [1, 3, 4, 5, 6]),
        ({"activity": activity("other")["id"]}, [1, 2, 4, 5, 6]),
        ({"actor": "account::https://hr.example|gwil"}, [1, 2, 3, 5, 6]),
        ({"registration": "EC531277-b57b-4c15-8d91-d292c5b2b8f7"}, [1, 2, 3, 4, 6]),
        ({"age_by": AgeBy.TIMESTAMP}, [6]),
        ({"verb": f"{VERBS}failed", "actor": "account::https://hr.example|gwil"}, range(1, 7)),
    ],
)
def test_every_condition_must_be_met(store: Store, terms: Any, stays: Any) -> None:
    long_ago = {"timestamp": "2019-05-04T09:30:00.000Z"}
    keep(
        store,
        statement(1, **long_ago),
        statement(2, **long_ago, verb={"id": f"{VERBS}failed"}),
        statement(3, **long_ago, object=activity("other")),
        statement(4, **long_ago, actor=agent("gwil")),
        {**full_statement(5), **long_ago},
        statement(6),
    )

    apply_retention(policy=policy(store, **terms), at=NOW)

    assert left(store) == list(stays)


def test_what_voids_a_statement_stays_while_that_stays(store: Store) -> None:
    keep(store, statement(1), void(2, 1), statement(3), void(4, 3), void(5, 99), void(6, 4))
    keep(store, void(7, 8), at=OLD)
    keep(store, statement(8), at=NOW)
    rule = policy(store)
    place_hold(
        tenant=store.tenant,
        name="Inquest",
        reason="Asked",
        at=OLD,
        actor="account::https://hr.example|ffion",
        until=NOW - timedelta(days=900),
    )

    told = forecast_retention(tenant=store.tenant, terms=terms_of(rule), at=NOW)
    apply_retention(policy=rule, at=NOW)

    assert left(store) == [5, 7, 8]  # 99 was never here and may come yet
    assert told.statements == 5
    assert store.numbers() == [7, 5]
    assert Reference.objects.count() == 2


def test_what_was_voided_before_it_came_is_void_when_it_comes(store: Store) -> None:
    keep(store, void(2, 1), at=OLD)
    rule = policy(store)
    apply_retention(policy=rule, at=NOW)

    keep(store, statement(1), at=NOW)

    assert store.numbers() == [2]


def test_nothing_under_a_hold_goes(store: Store) -> None:
    keep(
        store,
        statement(1),
        statement(2, object=activity("held")),
        statement(3, actor=agent("gwil"), context={"instructor": agent("mair")}),
        statement(4, timestamp="2020-01-01T00:00:00Z"),
    )
    rule = policy(store)
    for terms in (
        {"activity": activity("held")["id"]},
        {"actor": "account::https://hr.example|mair"},
        {"until": datetime(2021, 1, 1, tzinfo=UTC)},
    ):
        place_hold(tenant=store.tenant, name="Inquest", reason="Asked", at=OLD, **terms)

    told = forecast_retention(tenant=store.tenant, terms=terms_of(rule), at=NOW)
    apply_retention(policy=rule, at=NOW)

    assert told.statements == 1
    assert left(store) == [2, 3, 4]


def test_a_hold_in_every_store_holds_everything(store: Store) -> None:
    keep(store, statement(1))
    place_hold(tenant=None, name="Inquiry", reason="Asked", at=OLD)

    assert apply_retention(policy=policy(store), at=NOW) is None
    assert left(store) == [1]


def test_an_id_stays_taken(store: Store) -> None:
    keep(store, full_statement(1))
    learn_actors()
    assert SeenActor.objects.exists()
    apply_retention(policy=policy(store), at=NOW)

    again, other = store.post(full_statement(1)), store.post(statement(1, actor=agent("gwil")))

    assert (again.status_code, other.status_code) == (200, 200)
    assert left(store) == []
    assert store.send("GET", "statements", {"statementId": statement(1)["id"]}).status_code == 404
    assert not StatementKey.objects.exists()
    assert not SeenActor.objects.exists()


def test_a_kill_in_the_middle_is_mended_by_going_on(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lrs.services.retention.AT_ONCE", 5)
    keep(store, *(statement(number) for number in range(1, 21)))

    class Killed(BaseException):
        pass

    def kill(act: LifeCycleAct) -> None:
        if act.statements >= 10:
            raise Killed

    with pytest.raises(Killed):
        apply_retention(policy=policy(store), at=NOW, progress=kill)
    assert len(left(store)) == 10
    act = carry_out_retention(act=LifeCycleAct.objects.get(), at=NOW)

    assert (act.statements, act.status, left(store)) == (20, ActStatus.DONE, [])


def test_attachments_of_what_goes_go_with_it(store: Store) -> None:
    content = b"an essay"
    attachment = {
        **full_statement()["attachments"][0],
        "sha2": hashlib.sha256(content).hexdigest(),
        "length": len(content),
    }
    store_statements(
        tenant=store.tenant,
        authority=agent("authority"),
        statements=[statement(1, attachments=[attachment])],
        attachments={attachment["sha2"]: content},
        received_at=OLD,
    )

    act = apply_retention(policy=policy(store), at=NOW)

    assert act is not None
    assert (act.statements, act.attachments) == (1, 1)
    assert not Attachment.objects.exists()


def test_only_policies_that_are_switched_on_are_applied_by_night(
    store: Store, make_store: Any
) -> None:
    other = make_store("Brecon Council")
    for one in (store, other):
        keep(one, statement(1))
    policy(store)
    policy(other, is_on=True)

    acts = apply_policies(at=NOW)

    assert [act.tenant for act in acts] == [other.tenant]
    assert (left(store), left(other)) == ([1], [])


def test_terms_are_kept_as_they_are() -> None:
    terms = Terms(months=3, verb="a:b", is_by_timestamp=True)

    assert Terms(**terms.as_json()) == terms
