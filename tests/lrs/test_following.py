"""The reader that cannot miss."""

import threading
from uuid import UUID

import pytest
from django.db import connection, transaction

from lrs.queries import (
    BadCursor,
    key_of_identifier,
    person_identifier,
    statements_after,
    statements_by_actor,
)
from lrs.services import store_own_statements
from tests.lrs.samples import agent, statement


def numbers(cursor: str = "", limit: int = 100) -> list[int]:
    return [row.id.int for row in statements_after(cursor, limit=limit).statements]


@pytest.mark.django_db
def test_reading_goes_on_where_it_stopped() -> None:
    store_own_statements(statements=[statement(number) for number in (3, 1, 2)])

    first = statements_after("", limit=2)
    second = statements_after(first.cursor, limit=2)
    third = statements_after(second.cursor, limit=2)

    assert [row.id.int for row in first.statements] == [3, 1]
    assert [row.id.int for row in second.statements] == [2]
    assert (third.statements, third.cursor) == ([], second.cursor)


@pytest.mark.django_db
@pytest.mark.parametrize("cursor", ["x", "1", "1.x", "-1.0", "1.99999999999999999999", "²..1"])
def test_a_cursor_of_another_making_is_refused(cursor: str) -> None:
    with pytest.raises(BadCursor):
        statements_after(cursor, limit=1)


@pytest.mark.django_db
def test_statements_of_an_actor_are_found_in_one_store_only() -> None:
    store_own_statements(statements=[statement(1), statement(2, actor=agent("mair")), statement(3)])
    key = key_of_identifier("account::https://hr.example|ffion")

    found = statements_by_actor([key], organisation_id=None, after_seq=0, limit=10)

    assert [row.id.int for row in found] == [1, 3]
    assert statements_by_actor([key], organisation_id=999, after_seq=0, limit=10) == []
    assert [
        row.id.int
        for row in statements_by_actor(
            [key], organisation_id=None, after_seq=found[0].seq, limit=10
        )
    ] == [3]


@pytest.mark.django_db
def test_a_person_is_found_by_uuid() -> None:
    assert person_identifier(UUID(int=7)) == f"account::http://localhost:8000|{UUID(int=7)}"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_late_commit_is_not_passed_by() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time, so none can be late")
    store_own_statements(statements=[statement(1)])
    begun, go_on = threading.Event(), threading.Event()

    def slow_writer() -> None:
        try:
            with transaction.atomic():
                store_own_statements(statements=[statement(2)])
                begun.set()
                go_on.wait(20)
        finally:
            connection.close()

    writer = threading.Thread(target=slow_writer)
    writer.start()
    assert begun.wait(20)
    store_own_statements(statements=[statement(3)])  # numbered later, committed earlier

    held_back = statements_after("", limit=100)
    go_on.set()
    writer.join()
    rest = statements_after(held_back.cursor, limit=100)

    assert [row.id.int for row in held_back.statements] == [1]
    assert sorted(row.id.int for row in rest.statements) == [2, 3]
