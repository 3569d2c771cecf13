"""Somebody erased from a store: everywhere, for good, with proof, and nothing else with them."""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from lrs.enums import ActStatus, DocumentKind
from lrs.models import (
    Attachment,
    Credential,
    Document,
    LifeCycleAct,
    LooseAttachment,
    SeenActor,
    Statement,
    StatementKey,
)
from lrs.queries import DocumentPlace, statements_after
from lrs.queries.lifecycle import how_many_name
from lrs.rules.facts import facts_of
from lrs.rules.retention import Terms
from lrs.rules.who import Who
from lrs.services import (
    CredentialLimits,
    Preconditions,
    ReasonNamesPerson,
    ask_erasure,
    carry_out_acts,
    carry_out_erasure,
    decide_erasure,
    end_hold,
    erase_actor,
    fingerprint,
    issue_credential,
    learn_actors,
    make_policy,
    place_hold,
    put_document,
    store_statements,
)
from lrs.signals import statements_changing, statements_redacted
from tests.factories.organisations import PersonFactory
from tests.lrs.conftest import Store
from tests.lrs.samples import VERBS, activity, agent, statement

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
FFION = "account::https://hr.example|ffion"
MAIL = "mbox::mailto:ffion@example.org"
SUM = hashlib.sha1(b"mailto:ffion@example.org", usedforsecurity=False).hexdigest()
GWIL = agent("gwil")


def by_everyone() -> list[dict[str, Any]]:
    """Statements in each of which the address ffion@example.org stands somewhere else."""
    mail, digest = {"mbox": "mailto:ffion@example.org"}, {"mbox_sha1sum": SUM}
    group = {"objectType": "Group", "member": [GWIL, digest]}
    sub = {"objectType": "SubStatement", "verb": {"id": "a:b"}, "object": activity()}
    return [
        statement(1, actor=mail),
        statement(2, actor={**digest, "name": "Ffion"}),
        statement(3, actor=GWIL, object={"objectType": "Agent", **mail}),
        statement(4, actor=group),
        statement(5, actor=GWIL, context={"instructor": mail}),
        statement(6, actor=GWIL, context={"team": group}),
        statement(7, actor=GWIL, object={**sub, "actor": mail}),
        statement(8, actor=GWIL, result={"extensions": {"https://e.example/by": [mail["mbox"]]}}),
        statement(9, actor=GWIL, result={"response": "said FFION@example.org twice"}),
        statement(10, actor=GWIL),
    ]


def put(store: Store, who: str, document_id: str, content: bytes = b"{}") -> None:
    place = DocumentPlace(
        kind=DocumentKind.STATE, activity="a:b", agent=who, document_id=document_id
    )
    put_document(
        tenant=store.tenant,
        place=place,
        content=content,
        content_type="application/json",
        preconditions=Preconditions(),
        needs_precondition=False,
        at=NOW,
    )


def erase(store: Store, *identifiers: str, **options: Any) -> LifeCycleAct:
    return erase_actor(
        tenant=store.tenant,
        identifiers=identifiers or [MAIL],
        reason="They asked",
        at=NOW,
        **options,
    )


def everything(store: Store) -> str:
    """All that the store holds, as text."""
    rows = Statement.objects.filter(tenant=store.tenant).values_list("payload", flat=True)
    documents = Document.objects.filter(tenant=store.tenant).values_list("agent", "content")
    acts = LifeCycleAct.objects.values_list("reason", "scope", "working")
    return f"{list(rows)} {list(documents)} {list(acts)}".lower()


def keys_hold_true(store: Store) -> bool:
    """Whether the keys beside every statement are those of its text."""
    for row in Statement.objects.filter(tenant=store.tenant):
        facts = facts_of(json.loads(row.payload))
        beside = StatementKey.objects.filter(tenant=store.tenant, seq=row.seq, stored=row.stored)
        same = (row.actor_key, row.object_key, row.verb_key) == (
            facts.actor_key,
            facts.object_key,
            facts.verb_key,
        )
        if not same or set(beside.values_list("key", flat=True)) != set(facts.related):
            return False
    return True


def test_somebody_erased_is_nowhere_and_the_log_holds_together(store: Store) -> None:
    store.post(*by_everyone())
    put(store, MAIL, "theirs")
    put(store, "account::https://hr.example|gwil", "another's")
    before = list(Statement.objects.order_by("seq").values_list("seq", "uuid", "stored"))

    act = erase(store)

    assert (act.status, act.statements, act.documents) == (ActStatus.DONE, 9, 1)
    assert "ffion" not in everything(store)
    assert SUM not in everything(store)
    assert keys_hold_true(store)
    assert list(Statement.objects.order_by("seq").values_list("seq", "uuid", "stored")) == before
    assert Document.objects.get().document_id == "another's"
    stands = {
        one["actor"]["account"]["name"]
        for one in map(json.loads, Statement.objects.values_list("payload", flat=True))
        if "account" in one["actor"] and one["actor"]["account"]["name"] != "gwil"
    }
    assert len(stands) == 1
    name = stands.pop()
    found = store.numbers(agent={"account": {"homePage": "http://localhost:8000", "name": name}})
    assert sorted(found) == [1, 2, 3, 4]


def test_nobody_finds_them_by_name_any_more(store: Store) -> None:
    account = agent("ffion@example.org")
    store.post(statement(1, actor={"mbox": "mailto:ffion@example.org", "name": "Ffion"}))
    store.post(statement(2, actor=account), statement(3, actor={**GWIL, "name": "Gwil"}))
    learn_actors()
    assert SeenActor.objects.count() == 3

    erase(store)

    assert [row.name for row in SeenActor.objects.all()] == ["Gwil"]


def test_the_proof_tells_those_who_know_and_nobody_else(store: Store) -> None:
    store.post(*by_everyone())

    act = LifeCycleAct.objects.get(pk=erase(store).pk)

    assert act.fingerprints == [fingerprint(MAIL)]
    assert act.working == {}
    assert act.scope == {"identifiers": 1, "extensions": False}
    with pytest.raises(ReasonNamesPerson):
        ask_erasure(
            tenant=store.tenant, identifiers=[MAIL], reason="Ffion@example.org asked", at=NOW
        )


def test_another_organisation_keeps_its_own(store: Store, make_store: Any) -> None:
    other = make_store("Brecon Council")
    for one in (store, other):
        one.post(statement(1, actor={"mbox": "mailto:ffion@example.org"}))

    erase(store)

    assert "ffion" not in everything(store)
    assert how_many_name(tenant=other.tenant, who=Who.known_as([MAIL])) == 1


def test_a_kill_in_the_middle_is_mended_by_going_on(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lrs.services.erasure.WINDOW", 8)
    ffion = {"mbox": "mailto:ffion@example.org"}
    store.post(*(statement(number, actor=ffion) for number in range(1, 31)))
    act = ask_erasure(tenant=store.tenant, identifiers=[MAIL], reason="They asked", at=NOW)

    class Killed(BaseException):
        pass

    def kill(row: LifeCycleAct) -> None:
        if row.statements >= 4:
            raise Killed

    with pytest.raises(Killed):
        carry_out_erasure(act=act, at=NOW, progress=kill)
    left = how_many_name(tenant=store.tenant, who=Who.known_as([MAIL]))
    done = carry_out_erasure(act=act, at=NOW)

    assert 0 < left < 30
    assert (done.status, done.statements) == (ActStatus.DONE, 30)
    assert "ffion" not in everything(store)
    names = {json.loads(one)["actor"]["account"]["name"] for one in payloads(store)}
    assert len(names) == 1


def payloads(store: Store) -> list[str]:
    return list(Statement.objects.filter(tenant=store.tenant).values_list("payload", flat=True))


def test_cursors_neither_skip_nor_repeat(store: Store) -> None:
    store.post(*by_everyone())
    middle = statements_after("", limit=4)
    rest = [one.id for one in statements_after(middle.cursor, limit=50).statements]

    erase(store)

    assert [one.id for one in statements_after(middle.cursor, limit=50).statements] == rest
    last = statements_after("", limit=50).cursor
    assert statements_after(last, limit=50).statements == []


def test_those_above_are_told_within_and_after(
    store: Store, django_capture_on_commit_callbacks: Any
) -> None:
    store.post(*by_everyone())
    seqs = list(Statement.objects.order_by("seq").values_list("seq", flat=True))
    told: dict[str, list[int]] = {"within": [], "after": []}

    def within(seqs: list[int], **kwargs: Any) -> None:
        assert connection.in_atomic_block
        told["within"] += seqs

    def after(seqs: list[int], **kwargs: Any) -> None:
        told["after"] += seqs

    statements_changing.connect(within)
    statements_redacted.connect(after)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            erase(store)
    finally:
        statements_changing.disconnect(within)
        statements_redacted.disconnect(after)

    assert sorted(told["within"]) == seqs[:9]
    assert told["after"] == told["within"]


def essay(text: bytes) -> dict[str, Any]:
    return {
        "usageType": "https://ext.example/essay",
        "display": {"en": "Essay"},
        "contentType": "text/plain",
        "length": len(text),
        "sha2": hashlib.sha256(text).hexdigest(),
    }


def test_attachments_go_unless_another_statement_has_them(store: Store) -> None:
    mine, shared = b"only hers", b"handed in together"
    store_statements(
        tenant=store.tenant,
        authority=agent("authority"),
        statements=[
            statement(1, attachments=[essay(mine), essay(shared)]),
            statement(2, actor=GWIL, attachments=[essay(shared)]),
        ],
        attachments={essay(text)["sha2"]: text for text in (mine, shared)},
    )

    act = erase(store, FFION)

    assert (act.attachments, act.bytes) == (1, len(mine))
    assert Attachment.objects.get().sha2 == essay(shared)["sha2"]
    assert not LooseAttachment.objects.exists()


def test_while_a_hold_stands_nothing_is_touched_and_afterwards_it_is_done(store: Store) -> None:
    store.post(statement(1), statement(2, object=activity("held")))
    before = everything(store)
    hold = place_hold(
        tenant=store.tenant,
        name="Inquest",
        reason="The coroner asked",
        at=NOW - timedelta(days=1),
        activity=activity("held")["id"],
    )

    act = erase(store, FFION)

    assert (act.status, act.held_by, act.statements) == (ActStatus.HELD, hold, 0)
    assert payloads(store) == [one for one in payloads(store) if "ffion" in one]
    assert "ffion" in before
    end_hold(hold=hold, reason="Over", at=NOW)
    later = carry_out_erasure(act=act, at=NOW)
    assert (later.status, later.held_by, later.statements) == (ActStatus.DONE, None, 2)
    assert "ffion" not in everything(store)


def test_a_hold_on_a_mention_holds_the_rest_of_the_request(store: Store) -> None:
    held = statement(2, actor=GWIL, object=activity("held"), result={"response": MAIL})
    store.post(statement(1, actor={"mbox": "mailto:ffion@example.org"}), held)
    hold = place_hold(
        tenant=store.tenant,
        name="Inquest",
        reason="The coroner asked",
        at=NOW - timedelta(days=1),
        activity=activity("held")["id"],
    )

    act = erase(store)

    assert (act.status, act.held_by, act.statements) == (ActStatus.HELD, hold, 1)
    end_hold(hold=hold, reason="Over", at=NOW)
    assert carry_out_erasure(act=act, at=NOW).statements == 2
    assert "ffion" not in everything(store)


@pytest.mark.parametrize("agrees", [True, False])
def test_an_offer_waits_for_a_decision(store: Store, agrees: bool) -> None:
    store.post(statement(1))
    person = PersonFactory()
    act = ask_erasure(
        tenant=store.tenant, identifiers=[FFION], reason="Left", at=NOW, is_offer=True
    )
    assert carry_out_erasure(act=act, at=NOW).status == ActStatus.OFFERED

    decide_erasure(act=act, by=person, agrees=agrees, at=NOW)
    act = carry_out_erasure(act=act, at=NOW)

    assert act.status == (ActStatus.DONE if agrees else ActStatus.DECLINED)
    assert act.asked_by == person
    assert ("ffion" in everything(store)) is not agrees
    assert act.working == {}


def test_voiding_and_references_stay(store: Store) -> None:
    ref = {"objectType": "StatementRef", "id": statement(1)["id"]}
    store.post(statement(1), statement(2))
    store.post(statement(3, object=ref, verb={"id": f"{VERBS}voided"}))

    erase(store, FFION)

    assert store.numbers() == [3, 2]
    assert store.get(voidedStatementId=statement(1)["id"])["verb"] == statement(1)["verb"]


def test_an_act_that_fails_holds_up_no_other(store: Store) -> None:
    store.post(statement(1))
    broken = ask_erasure(tenant=store.tenant, identifiers=[MAIL], reason="Asked", at=NOW)
    LifeCycleAct.objects.filter(pk=broken.pk).update(working={})
    whole = ask_erasure(tenant=store.tenant, identifiers=[FFION], reason="Asked", at=NOW)

    assert carry_out_acts(at=NOW) == 1

    whole.refresh_from_db()
    assert whole.status == ActStatus.DONE


def test_keys_limited_to_who_is_erased_end_and_no_longer_name_them(store: Store) -> None:
    issue_credential(
        organisation=store.tenant.organisation,
        scopes=["all"],
        limits=CredentialLimits(agent=FFION),
        starts_at=NOW,
    )
    assert Credential.objects.filter(agent=FFION).count() == 1

    erase_actor(tenant=store.tenant, identifiers=[FFION], reason="Asked", at=NOW)

    assert not Credential.objects.filter(agent=FFION).exists()
    assert Credential.objects.filter(revoked_at=NOW).count() == 1
    assert Credential.objects.filter(revoked_at=None).count() == 1


def test_what_is_kept_for_good_names_nobody(store: Store) -> None:
    with pytest.raises(ReasonNamesPerson):
        place_hold(
            tenant=store.tenant, name="ffion@example.org", reason="Asked", at=NOW, actor=MAIL
        )
    with pytest.raises(ReasonNamesPerson):
        make_policy(
            tenant=store.tenant,
            name="All of ffion@example.org",
            terms=Terms(months=1, actor=MAIL),
            at=NOW,
        )
