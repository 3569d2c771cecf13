"""One organisation's statements from a cursor on: none missed, none of anybody else's."""

import json
import threading
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction

from lrs.models import Statement
from lrs.queries import end_of_log, places_after, statements_read_after
from lrs.rules.reading import BEGINNING, ForeignCursor, Reach, read_cursor, write_cursor
from lrs.services import store_statements, tenant_of
from organisations.models import Organisation
from tests.lrs.conftest import Store
from tests.lrs.samples import VERBS, agent, statement

ADDRESS = "/api/record-store/statements"
WRITERS = 8


def number(one: dict[str, Any]) -> int:
    return UUID(one["statement"]["id"]).int


def follow(store: Store, **parameters: str) -> Any:
    answer = store.send("GET", ADDRESS, parameters)
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_a_cursor_goes_on_where_the_last_answer_stopped(
    store: Store, make_store: Callable[..., Store]
) -> None:
    other = make_store("Bryn Council")
    store.post(statement(1), statement(2))
    other.post(statement(11))
    store.post(statement(3))

    first = follow(store, limit="2")
    second = follow(store, after=first["cursor"], limit="2")
    third = follow(store, after=second["cursor"])

    assert [number(one) for one in first["statements"]] == [1, 2]
    assert first["has_more"] is True
    assert [number(one) for one in second["statements"]] == [3]
    assert second["has_more"] is False
    assert third == {"statements": [], "cursor": second["cursor"], "has_more": False}
    store.post(statement(4))
    assert [number(one) for one in follow(store, after=third["cursor"])["statements"]] == [4]
    assert [number(one) for one in follow(other)["statements"]] == [11]


def test_void_statements_come_and_say_so(store: Store) -> None:
    target = {"objectType": "StatementRef", "id": str(UUID(int=1))}
    voiding = statement(2, verb={"id": f"{VERBS}voided"}, object=target)
    store.post(statement(1))
    store.post(voiding)

    found = follow(store)["statements"]

    assert [(number(one), one["is_void"]) for one in found] == [(1, True), (2, False)]


def test_who_reads_its_own_gets_no_others_and_is_not_held_up(
    make_store: Callable[..., Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lrs.queries.reading.LOOKED_AT", 3)
    mine = make_store(scopes=["statements/write", "statements/read/mine"])
    theirs = make_store()
    theirs.post(*(statement(one) for one in range(1, 6)))
    mine.post(statement(6))

    seen, cursor = [], ""
    for _ in range(3):
        page = follow(mine, after=cursor, limit="1")
        seen.append(([number(one) for one in page["statements"]], page["has_more"]))
        cursor = page["cursor"]

    assert seen == [([], True), ([6], True), ([], False)]


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"after": "x"}, "not a cursor of ours"),
        ({"after": "é"}, "not a cursor of ours"),
        ({"after": "A" * 5000}, "not a cursor of ours"),
        ({"limit": "0"}, "1 to 500"),
        ({"limit": "501"}, "1 to 500"),
        ({"limit": "ten"}, "1 to 500"),
        ({"cursor": "x"}, "no parameter 'cursor'"),
    ],
)
def test_what_cannot_be_asked_is_answered_in_words(
    store: Store, parameters: dict[str, str], words: str
) -> None:
    answer = store.send("GET", ADDRESS, parameters)

    assert answer.status_code == 400
    assert words in answer.json()["detail"]


def test_a_cursor_of_another_store_is_refused(
    store: Store, make_store: Callable[..., Store]
) -> None:
    cursor = follow(make_store("Bryn Council"))["cursor"]

    answer = store.send("GET", ADDRESS, {"after": cursor})

    assert (answer.status_code, "another organisation" in answer.json()["detail"]) == (400, True)


def test_a_key_that_may_not_read_gets_nothing(make_store: Callable[..., Store]) -> None:
    assert make_store(scopes=["statements/write"]).send("GET", ADDRESS).status_code == 403
    assert make_store().send("GET", ADDRESS, authorization=None).status_code == 401


def test_a_cursor_is_read_as_it_was_written() -> None:
    far = Reach(2**64 - 1, 2**63 - 1)

    assert read_cursor(7, write_cursor(7, far)) == far
    assert read_cursor(7, "") == BEGINNING
    with pytest.raises(ForeignCursor):
        read_cursor(8, write_cursor(7, far))


@pytest.mark.django_db(transaction=True)
def test_a_reader_from_now_on_sees_what_comes_after(store: Store) -> None:
    store.post(statement(1))

    begin = end_of_log(tenant=store.tenant)
    store.post(statement(2))

    assert [one.uuid.int for one in places_after(tenant=store.tenant, after=begin, limit=9)] == [2]


@pytest.mark.django_db
def test_a_page_uses_an_index_that_begins_with_the_tenant(store: Store) -> None:
    store.post(statement(1))

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(
                "EXPLAIN SELECT seq FROM lrs_statement WHERE tenant_id = 1 AND xid >= '5'::xid8"
                " AND xid < '9'::xid8 ORDER BY xid, seq LIMIT 5"
            )
            wanted = "tenant_id_xid_idx"
        else:
            query = Statement.objects.filter(tenant_id=1, seq__gt=5).order_by("seq").values("seq")
            cursor.execute(f"EXPLAIN QUERY PLAN {query[:5].query}")
            wanted = "statement_reading"
        plan = "\n".join(str(row) for row in cursor.fetchall())

    assert wanted in plan or "statement_tenant_xid" in plan
    assert connection.vendor != "sqlite" or "TEMP B-TREE" not in plan


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_reader_beside_eight_writers_misses_nothing_that_commits_late() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time, so none can be late")
    mine, other = (
        tenant_of(organisation=Organisation.objects.create(name=name, sector="other"))
        for name in ("Aber Trust", "Bryn Council")
    )
    failures: list[Exception] = []
    done = threading.Event()
    seen: list[int] = []

    def write(writer: int) -> None:
        try:
            for batch in range(10):
                first = 1000 * writer + 10 * batch
                with transaction.atomic():
                    for tenant in (mine, other):
                        store_statements(
                            tenant=tenant,
                            authority=agent("authority"),
                            statements=[statement(first + one) for one in range(1, 6)],
                        )
                    time.sleep(0.03 if (writer + batch) % 4 == 0 else 0)
        except Exception as error:  # noqa: BLE001 - whatever it was, the test reports it
            failures.append(error)
        finally:
            connection.close()

    def read() -> None:
        cursor, patience = "", time.monotonic() + 40
        try:
            while not done.is_set() or (len(seen) < WRITERS * 50 and time.monotonic() < patience):
                page = statements_read_after(tenant=mine, cursor=cursor, limit=7)
                seen.extend(UUID(json.loads(one.payload)["id"]).int for one in page.texts)
                cursor = page.cursor
        finally:
            connection.close()

    reader = threading.Thread(target=read)
    writers = [threading.Thread(target=write, args=(one,)) for one in range(1, WRITERS + 1)]
    for thread in (reader, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    done.set()
    reader.join()

    assert failures == []
    assert len(seen) == len(set(seen)) == WRITERS * 50
