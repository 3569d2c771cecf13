"""Storing: what is written, what is refused, what is announced."""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction

from lrs.models import Attachment, Credential, Reference, Statement, StatementId, StatementKey
from lrs.queries import statements_numbered
from lrs.rules.identity import actor_key
from lrs.services import (
    Refusal,
    StatementConflict,
    UnknownScope,
    issue_credential,
    platform_tenant,
    revoke_credential,
    store_own_statements,
    store_statements,
    tenant_of,
)
from lrs.signals import statement_voided, statements_stored
from organisations.models import Organisation
from tests.lrs.samples import VERBS, activity, agent, full_statement, statement

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
AUTHORITY = agent("authority")


@pytest.fixture
def tenant() -> Any:
    return tenant_of(organisation=Organisation.objects.create(name="Aber Trust", sector="trust"))


@pytest.fixture
def other_tenant() -> Any:
    return tenant_of(organisation=Organisation.objects.create(name="Bryn Care", sector="care"))


@pytest.fixture
def heard() -> Iterator[list[dict[str, Any]]]:
    calls: list[dict[str, Any]] = []

    def listen(**news: Any) -> None:
        calls.append({key: news[key] for key in news if key not in ("signal", "sender")})

    statements_stored.connect(listen)
    statement_voided.connect(listen)
    yield calls
    statements_stored.disconnect(listen)
    statement_voided.disconnect(listen)


def store(tenant: Any, *statements: dict[str, Any], **parts: Any) -> Any:
    return store_statements(
        tenant=tenant, authority=AUTHORITY, statements=statements, received_at=NOW, **parts
    )


def payload(number: int) -> dict[str, Any]:
    return json.loads(Statement.objects.get(uuid=UUID(int=number)).payload)


def test_a_statement_is_given_back_with_what_a_store_adds(tenant: Any) -> None:
    receipt = store(tenant, full_statement())

    assert receipt.ids == [str(UUID(int=1))]
    assert payload(1) == {
        **full_statement(),
        "stored": "2026-11-22T09:30:00.000Z",
        "authority": AUTHORITY,
        "version": "1.0.0",
    }


def test_numbers_and_odd_text_are_kept_as_they_were_sent(tenant: Any) -> None:
    body = json.dumps(statement()).replace(
        '"timestamp"',
        '"result": {"extensions": {"https://e.example/x": [1.10, 12345678901234567890123, '
        '"\\u0000", "\\u00e9"]}}, "timestamp"',
    )

    store_statements(tenant=tenant, authority=AUTHORITY, statements=body.encode(), received_at=NOW)

    text = Statement.objects.get().payload
    assert '[1.10,12345678901234567890123,"\\u0000","\\u00e9"]' in text


def test_what_a_sender_may_not_say_is_written_over(tenant: Any) -> None:
    store(tenant, statement(stored="1999-01-01T00:00:00Z", authority=agent("forged")))

    assert payload(1)["stored"] == "2026-11-22T09:30:00.000Z"
    assert payload(1)["authority"] == AUTHORITY


def test_an_id_and_a_time_are_given_where_they_are_missing(tenant: Any) -> None:
    receipt = store(tenant, statement(id=None, timestamp=None))

    kept = json.loads(Statement.objects.get().payload)
    assert kept["id"] == receipt.ids[0]
    assert kept["timestamp"] == kept["stored"]
    assert Statement.objects.get().timestamp == NOW


def test_a_time_with_an_offset_is_kept_in_utc(tenant: Any) -> None:
    store(tenant, statement(timestamp="2026-05-04T10:30:00+01:00"))

    assert payload(1)["timestamp"] == "2026-05-04T09:30:00.000Z"


def test_single_context_activities_become_lists(tenant: Any) -> None:
    context = {"contextActivities": {"parent": activity("a"), "other": [activity("b")]}}
    sub = {
        "objectType": "SubStatement",
        "actor": agent(),
        "verb": {"id": "a:b"},
        "object": activity(),
        "context": context,
    }

    store(tenant, statement(1, context=context), statement(2, object=sub))

    lists = {"contextActivities": {"parent": [activity("a")], "other": [activity("b")]}}
    assert payload(1)["context"] == lists
    assert payload(2)["object"]["context"] == lists


def test_a_version_2_statement_says_so(tenant: Any) -> None:
    store(tenant, statement(1), version="2.0.0")
    store(tenant, statement(2, version="1.0.5"), version="2.0.0")

    assert (payload(1)["version"], payload(2)["version"]) == ("2.0.0", "1.0.5")


def test_a_bad_statement_takes_its_whole_batch_with_it(tenant: Any) -> None:
    with pytest.raises(Refusal) as caught:
        store(tenant, statement(1), statement(2, verb=None))

    assert caught.value.path == "$[1]"
    assert not StatementId.objects.exists()


def test_the_same_statement_counts_once(
    tenant: Any, django_capture_on_commit_callbacks: Any
) -> None:
    store(tenant, full_statement())

    with django_capture_on_commit_callbacks() as callbacks:
        again = store(tenant, full_statement())

    assert (again.ids, again.seqs, again.already) == ([str(UUID(int=1))], [], 1)
    assert Statement.objects.count() == 1
    assert not callbacks


def test_a_batch_keeps_what_is_new_beside_what_is_not(tenant: Any) -> None:
    store(tenant, statement(1))

    receipt = store(tenant, statement(2), statement(1), statement(3))

    assert receipt.already == 1
    assert [row.id.int for row in statements_numbered(receipt.seqs)] == [2, 3]


def test_another_statement_under_a_taken_id_is_refused_and_nothing_kept(tenant: Any) -> None:
    store(tenant, statement(1))
    before = Statement.objects.get().payload

    with pytest.raises(StatementConflict, match="never change"), transaction.atomic():
        store(tenant, statement(2), statement(1, actor=agent("someone-else")))

    assert Statement.objects.get().payload == before


def test_numbers_follow_the_order_sent(tenant: Any) -> None:
    numbers = [9, 3, 7, 1, 8]

    receipt = store(tenant, *(statement(number) for number in numbers))

    assert receipt.seqs == sorted(receipt.seqs)
    assert [row.id.int for row in statements_numbered(receipt.seqs)] == numbers


def test_tenants_do_not_share_ids(tenant: Any, other_tenant: Any) -> None:
    store(tenant, statement(1))
    store(other_tenant, statement(1, actor=agent("someone-else")))

    assert Statement.objects.filter(uuid=UUID(int=1)).count() == 2


def test_keys_of_what_a_statement_touches_are_kept(tenant: Any) -> None:
    store(tenant, full_statement())

    row = Statement.objects.get()
    assert row.actor_key == actor_key(agent())
    assert row.timestamp == datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
    # instructor, two members of the team (as agents around it), three context activities
    assert StatementKey.objects.filter(seq=row.seq).count() == 6


def test_news_is_sent_once_it_is_true(
    tenant: Any, heard: list[dict[str, Any]], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        receipt = store(tenant, statement(1), statement(2))
        assert heard == []

    assert heard == [
        {
            "tenant_id": tenant.id,
            "organisation_id": tenant.organisation_id,
            "seqs": receipt.seqs,
        }
    ]


def test_a_voiding_statement_voids_whichever_comes_first(
    tenant: Any, heard: list[dict[str, Any]], django_capture_on_commit_callbacks: Any
) -> None:
    void = {"id": f"{VERBS}voided"}
    early = {"objectType": "StatementRef", "id": str(UUID(int=1))}
    late = {"objectType": "StatementRef", "id": str(UUID(int=2))}

    with django_capture_on_commit_callbacks(execute=True):
        receipt = store(
            tenant,
            statement(11, verb=void, object=early),
            statement(1),
            statement(2),
            statement(12, verb=void, object=late),
            statement(13, verb=void, object={**late, "id": str(UUID(int=12))}),
        )

    rows = {row.id.int: row for row in statements_numbered(receipt.seqs)}
    assert {number: row.is_void for number, row in rows.items()} == {
        11: False,
        1: True,
        2: True,
        12: False,  # a voiding statement cannot be voided
        13: False,
    }
    assert rows[11].voids == UUID(int=1)
    assert heard[1]["statement_ids"] == [UUID(int=1), UUID(int=2), UUID(int=12)]
    assert Reference.objects.count() == 3


def test_voiding_stays_inside_a_tenant(tenant: Any, other_tenant: Any) -> None:
    ref = {"objectType": "StatementRef", "id": str(UUID(int=1))}
    receipt = store(tenant, statement(1))
    store(other_tenant, statement(2, verb={"id": f"{VERBS}voided"}, object=ref))

    assert not statements_numbered(receipt.seqs)[0].is_void


ESSAY = b"essay"
ESSAY_SUM = hashlib.sha256(ESSAY).hexdigest()
ESSAY_ATTACHMENT = {
    "usageType": "https://ext.example/essay",
    "display": {"en": "Essay"},
    "contentType": "text/plain",
    "length": len(ESSAY),
    "sha2": ESSAY_SUM,
}


def test_attachments_are_kept_once(tenant: Any) -> None:
    for number in (1, 2):
        store(
            tenant,
            statement(number, attachments=[ESSAY_ATTACHMENT]),
            attachments={ESSAY_SUM: ESSAY},
        )

    assert bytes(Attachment.objects.get().content) == ESSAY


def test_attachments_and_statements_belong_together(tenant: Any) -> None:
    with pytest.raises(Refusal, match="as a part, or give its fileUrl"):
        store(tenant, statement(1, attachments=[ESSAY_ATTACHMENT]), attachments={})
    with pytest.raises(Refusal, match="No statement has an attachment"):
        store(tenant, statement(1), attachments={ESSAY_SUM: ESSAY})

    assert not Attachment.objects.exists()


@pytest.mark.parametrize("size", [1, 3, 300])
def test_queries_do_not_grow_with_the_batch(
    tenant: Any, size: int, django_assert_num_queries: Any
) -> None:
    batch = [full_statement(100 + number) for number in range(size)]

    # a savepoint and its release, the moment, ids, two tables; on PostgreSQL the store has a cursor
    # of its own, on which one statement takes a single query, and several take one and two copies
    queries = 6 if connection.vendor == "sqlite" else 0 if size == 1 else 2
    with django_assert_num_queries(queries):
        store(tenant, *batch)


def test_own_statements_belong_to_the_platform() -> None:
    receipt = store_own_statements(statements=[statement(1)], received_at=NOW)

    row = statements_numbered(receipt.seqs)[0]
    assert row.organisation_id is None
    assert row.payload["authority"]["account"]["name"] == "platform"
    assert Statement.objects.get().tenant_id == platform_tenant().id


def test_the_moment_of_storing_is_now_unless_given(tenant: Any) -> None:
    before = datetime.now(UTC)

    receipt = store_statements(tenant=tenant, authority=AUTHORITY, statements=[statement()])

    assert abs((receipt.stored - before).total_seconds()) < 60


def test_an_empty_batch_stores_nothing(tenant: Any) -> None:
    assert store(tenant).ids == []


def test_an_unknown_version_is_an_error_of_ours(tenant: Any) -> None:
    with pytest.raises(ValueError, match=r"0\.95"):
        store(tenant, statement(), version="0.95")


def test_a_credential_is_issued_and_revoked() -> None:
    organisation = Organisation.objects.create(name="Aber Trust", sector="trust")

    issued = issue_credential(organisation=organisation, scopes=["all"], starts_at=NOW)
    revoke_credential(credential=issued.credential, at=NOW)
    revoke_credential(credential=issued.credential, at=datetime(2030, 1, 1, tzinfo=UTC))

    kept = Credential.objects.get()
    assert kept.revoked_at == NOW
    assert issued.secret not in str(vars(kept))
    assert len(kept.secret_digest) == 64


@pytest.mark.parametrize("scopes", [[], ["everything"], ["all", "statement/write"]])
def test_a_credential_needs_scopes_that_exist(scopes: list[str]) -> None:
    organisation = Organisation.objects.create(name="Aber Trust", sector="trust")

    with pytest.raises(UnknownScope, match="statements/write"):
        issue_credential(organisation=organisation, scopes=scopes, starts_at=NOW)


def test_ids_sent_in_capitals_come_back_in_capitals(tenant: Any) -> None:
    sent = str(uuid4()).upper()

    receipt = store(tenant, statement(id=sent))

    assert receipt.ids == [sent]
