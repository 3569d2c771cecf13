"""An identifier changes everywhere in a store; what both had is settled and told."""

import hashlib
import json
from datetime import UTC, datetime, timedelta

import pytest

from lrs.enums import ActStatus
from lrs.models import Document, LifeCycleAct, SeenActor, Statement
from lrs.outside import Reachable
from lrs.queries.lifecycle import how_many_name
from lrs.rules.retention import Terms
from lrs.rules.who import Who, sum_of
from lrs.services import (
    HeldBack,
    SameIdentifier,
    TargetSettings,
    ask_erasure,
    change_identifier,
    count_store,
    extent_of_change,
    learn_actors,
    make_policy,
    make_target,
    place_hold,
)
from tests.lrs.conftest import Store
from tests.lrs.samples import agent, statement
from tests.lrs.test_erasure import by_everyone, keys_hold_true, put

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
OLD = "mbox::mailto:ffion@example.org"
NEW = "account::https://hr.example|4711"


def change(store: Store, old: str = OLD, new: str = NEW) -> LifeCycleAct:
    return change_identifier(tenant=store.tenant, old=old, new=new, reason="Married", at=NOW)


def test_a_change_reaches_everywhere_and_the_dry_run_says_so(store: Store) -> None:
    store.post(*by_everyone())
    put(store, OLD, "one")
    learn_actors()
    told = extent_of_change(tenant=store.tenant, old=OLD, new=NEW)

    act = change(store)

    assert (told.statements, told.documents, told.conflicts) == (7, 1, 0)
    assert (act.statements, act.documents, act.scope) == (7, 1, {"conflicts": 0})
    assert (act.status, act.working) == (ActStatus.DONE, {})
    assert how_many_name(tenant=store.tenant, who=Who.known_as([OLD])) == 0
    assert how_many_name(tenant=store.tenant, who=Who.known_as([NEW])) == 7
    assert keys_hold_true(store)
    assert not SeenActor.objects.filter(folded__contains="ffion@").exists()
    assert SeenActor.objects.get(identifier=NEW)
    assert sorted(store.numbers(agent=agent("4711"))) == [1, 2, 3, 4]
    assert store.get("activities/state", activityId="a:b", agent=agent("4711")) == ["one"]


def test_of_two_documents_the_one_changed_last_stays(store: Store) -> None:
    put(store, NEW, "both", b'"new"')
    put(store, NEW, "late", b'"new"')
    put(store, OLD, "both", b'"old"')
    put(store, OLD, "late", b'"old"')
    Document.objects.filter(document_id="both", agent=OLD).update(
        updated_at=NOW + timedelta(hours=1)
    )
    Document.objects.filter(document_id="late", agent=NEW).update(
        updated_at=NOW + timedelta(hours=1)
    )
    told = extent_of_change(tenant=store.tenant, old=OLD, new=NEW)

    act = change(store)

    assert (told.documents, told.conflicts) == (2, 2)
    assert act.scope == {"conflicts": 2}
    kept = Document.objects.order_by("document_id").values_list("agent", "document_id", "content")
    assert [(one, two, bytes(three)) for one, two, three in kept] == [
        (NEW, "both", b'"old"'),
        (NEW, "late", b'"new"'),
    ]


def test_an_address_hidden_behind_its_sum_stays_hidden(store: Store) -> None:
    digest = hashlib.sha1(b"mailto:ffion@example.org", usedforsecurity=False).hexdigest()
    store.post(statement(1, actor={"mbox_sha1sum": digest, "name": "Ffion"}))

    change(store, new="mbox::mailto:f.jones@example.org")

    actor = json.loads(Statement.objects.get().payload)["actor"]
    new = hashlib.sha1(b"mailto:f.jones@example.org", usedforsecurity=False).hexdigest()
    assert actor == {"mbox_sha1sum": new, "name": "Ffion"}


def test_a_hold_refuses_the_change_and_is_named(store: Store) -> None:
    store.post(*by_everyone())
    place_hold(
        tenant=store.tenant, name="Inquest", reason="Asked", at=NOW - timedelta(days=1), actor=OLD
    )

    with pytest.raises(HeldBack, match="“Inquest”"):
        change(store)

    assert how_many_name(tenant=store.tenant, who=Who.known_as([OLD])) == 7


def test_an_identifier_does_not_change_into_itself(store: Store) -> None:
    with pytest.raises(SameIdentifier):
        change(store, new=OLD)


def test_a_store_is_counted_to_the_byte(store: Store) -> None:
    store.post(*by_everyone())
    put(store, OLD, "one", b'{"a":1}')

    size = count_store(tenant=store.tenant, at=NOW)

    payloads = Statement.objects.filter(tenant=store.tenant).values_list("payload", flat=True)
    assert (size.statements, size.documents, size.attachments) == (10, 1, 0)
    assert size.statement_bytes == sum(len(one.encode()) for one in payloads)
    assert size.document_bytes == 7
    assert size.total_bytes == size.statement_bytes + 7
    assert sum(one["statements"] for one in size.months) == 10
    assert size.oldest is not None
    assert size.newest is not None
    assert size.oldest <= size.newest


def test_filters_policies_and_offers_mean_them_by_the_new_identifier(store: Store) -> None:
    digest = hashlib.sha1(b"mailto:ffion@example.org", usedforsecurity=False).hexdigest()
    gwil, address = "account::https://hr.example|gwil", "mbox::mailto:f.jones@example.org"
    settings = TargetSettings(
        label="Rota",
        address="https://rota.example/hook",
        actors=["mbox::mailto:Ffion@example.org", gwil, f"mbox_sha1sum::{digest}"],
    )
    target = make_target(
        tenant=store.tenant,
        kind="webhook",
        settings=settings,
        secret="whsec_" + "A" * 32,
        from_beginning=False,
        reachable=Reachable(),
        at=NOW,
    )
    policy = make_policy(tenant=store.tenant, name="Old", terms=Terms(months=12, actor=OLD), at=NOW)
    other = make_policy(tenant=store.tenant, name="His", terms=Terms(months=12, actor=gwil), at=NOW)
    asked = {"tenant": store.tenant, "reason": "They asked", "at": NOW}
    offer = ask_erasure(identifiers=[OLD, gwil], is_offer=True, **asked)

    change(store, new=address)

    for row in (target, policy, other, offer):
        row.refresh_from_db()
    assert target.actors == [address, gwil, sum_of(address)]
    assert (policy.actor, other.actor) == (address, gwil)
    assert offer.working["identifiers"] == sorted([address, gwil])
    assert ask_erasure(identifiers=[gwil, address], is_offer=True, **asked).pk == offer.pk
