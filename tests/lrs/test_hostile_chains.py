"""Long chains and circles of statements about statements: right, and read in a moment."""

import time
from typing import Any
from uuid import UUID

import pytest

from tests.lrs.conftest import Store
from tests.lrs.samples import activity, agent, statement

LONG = 1_500


def about(number: int, target: int, **parts: Any) -> dict[str, Any]:
    ref = {"objectType": "StatementRef", "id": str(UUID(int=target))}
    return statement(number, actor=agent("gwil"), object=ref, **parts)


def send(store: Store, statements: list[dict[str, Any]]) -> None:
    for start in range(0, len(statements), 500):
        assert store.post(*statements[start : start + 500]).status_code == 200


@pytest.mark.parametrize("is_circle", [False, True])
def test_a_long_chain_is_read_in_a_moment(store: Store, is_circle: bool) -> None:
    chain = [about(number, number - 1) for number in range(2, LONG)]
    first = (
        about(1, LONG - 1, verb={"id": "a:b"}) if is_circle else statement(1, verb={"id": "a:b"})
    )
    send(store, [first, *chain])

    began = time.process_time()
    found = store.numbers(verb="a:b", limit=500, ascending="true")

    assert time.process_time() - began < 4
    assert found == list(range(1, 501))


def test_what_leads_into_a_circle_meets_what_is_in_it(store: Store) -> None:
    send(
        store,
        [
            about(1, 2, verb={"id": "a:b"}),
            about(2, 3),
            about(3, 1),
            about(4, 2),
            about(5, 4),
            about(6, 6, verb={"id": "a:self"}),
            about(7, 99),
            statement(8, object=activity("other")),
        ],
    )

    assert sorted(store.numbers(verb="a:b")) == [1, 2, 3, 4, 5]
    assert store.numbers(verb="a:self") == [6]
    assert store.numbers(activity="https://courses.example/other") == [8]
    assert store.numbers(verb="a:b", agent=agent()) == []
