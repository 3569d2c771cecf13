"""The log is cut by time on PostgreSQL, and nobody who reads or writes notices."""

import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from lrs.models import Statement, StatementKey, Tenant
from lrs.models.partitions import Quarter, quarters_from
from lrs.queries import (
    Filters,
    statement,
    statements_after,
    statements_matching,
    statements_numbered,
)
from lrs.services import keep_partitions_ahead, make_room, store_statements, tenant_of
from organisations.models import Organisation
from tests.lrs.samples import activity, agent, full_statement
from tests.lrs.samples import statement as sample
from tests.lrs.test_writers import WRITERS, together

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


@given(st.integers(0, 3_000_000_000), st.integers(0, 999_999))
def test_every_instant_is_in_one_quarter(seconds: int, micros: int) -> None:
    instant = datetime.fromtimestamp(seconds, UTC).replace(microsecond=micros)
    quarter = Quarter.of(instant)

    assert quarter.start <= instant < quarter.next.start
    assert list(quarters_from(quarter, 5))[-1] == Quarter(quarter.year + 1, quarter.number)


def test_a_quarter_is_utc_wherever_the_clock_stands() -> None:
    assert Quarter.of(datetime.fromisoformat("2026-07-01T00:30:00+01:00")) == Quarter(2026, 2)
    assert Quarter(2026, 4).table("lrs_statement") == "lrs_statement_2026_4"


def new_tenant() -> Tenant:
    return tenant_of(organisation=Organisation.objects.create(name="Aber Trust", sector="other"))


def store(tenant: Tenant, *statements: dict[str, Any], at: datetime | None = None) -> list[int]:
    receipt = store_statements(
        tenant=tenant, authority=agent("authority"), statements=statements, received_at=at
    )
    return receipt.seqs


def where(table: str = "lrs_statement") -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT tableoid::regclass::text, count(*) FROM {table} GROUP BY 1")
        return dict(cursor.fetchall())


MOMENTS = [
    datetime(1999, 12, 31, tzinfo=UTC),  # before there were such statements
    datetime(2024, 3, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    datetime(2024, 4, 1, tzinfo=UTC),
    datetime(2025, 8, 1, tzinfo=UTC),
    NOW,
]


@pytest.mark.django_db
def test_reading_goes_across_partitions() -> None:
    tenant = new_tenant()
    make_room(times=MOMENTS)
    keep_partitions_ahead(at=NOW)
    seqs = []
    for number, moment in reversed(list(enumerate(MOMENTS, start=1))):
        seqs += store(tenant, full_statement(number), full_statement(10 + number), at=moment)

    def pages(ascending: bool, **filters: Any) -> list[int]:
        found: list[int] = []
        after = None
        while True:
            page = statements_matching(
                tenant=tenant,
                filters=Filters(**filters),
                limit=3,
                ascending=ascending,
                after=after,
            )
            found += [int(one.payload.split('"id":"')[1][24:36], 16) for one in page.statements]
            if page.more is None:
                return found
            after = page.more

    in_order = [1, 11, 2, 12, 3, 13, 4, 14, 5, 15]
    for filters in (
        {},
        {"agent": "account::https://hr.example|ffion"},
        {"verb": sample()["verb"]["id"]},
        {"activity": "https://courses.example/question-1"},
        {"activity": activity("course-1")["id"], "related_activities": True},
        {"registration": "ec531277-b57b-4c15-8d91-d292c5b2b8f7"},
    ):
        assert pages(True, **filters) == in_order
        assert pages(False, **filters) == in_order[::-1]
    assert pages(True, since=MOMENTS[1]) == in_order[4:]
    assert pages(True, until=MOMENTS[2]) == in_order[:6]
    assert sorted(row.seq for row in statements_after("", limit=100).statements) == sorted(seqs)
    assert [row.seq for row in statements_numbered(seqs[::-1])] == seqs[::-1]
    found = statement(tenant=tenant, statement_id=UUID(int=2), is_void=False)
    assert found is not None
    assert found.stored == MOMENTS[1]
    if connection.vendor == "postgresql":
        assert where() == {
            "lrs_statement_default": 2,
            "lrs_statement_2024_1": 2,
            "lrs_statement_2024_2": 2,
            "lrs_statement_2025_3": 2,
            "lrs_statement_2026_4": 2,
        }


@pytest.fixture
def _postgres(db: None) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite keeps one table")


@pytest.mark.sqlite
@pytest.mark.django_db
def test_sqlite_keeps_one_table() -> None:
    assert keep_partitions_ahead(at=NOW) == []
    assert make_room(times=[NOW]) == []


@pytest.mark.postgres
@pytest.mark.usefixtures("_postgres")
def test_partitions_are_there_before_their_time() -> None:
    far = datetime(2031, 11, 22, tzinfo=UTC)

    assert keep_partitions_ahead(at=far) == ["2031-4", "2032-1", "2032-2"]
    assert keep_partitions_ahead(at=far) == []
    assert keep_partitions_ahead(at=far + timedelta(days=60)) == ["2032-3"]


@pytest.mark.postgres
@pytest.mark.usefixtures("_postgres")
def test_what_came_without_a_partition_is_moved_into_its_own() -> None:
    tenant = new_tenant()
    store(tenant, full_statement(1), full_statement(2), at=datetime(2019, 5, 5, tzinfo=UTC))
    store(tenant, full_statement(3), at=MOMENTS[0])
    related = StatementKey.objects.count()
    before = statements_after("", limit=10).statements
    assert where() == {"lrs_statement_default": 3}

    made = keep_partitions_ahead(at=NOW)

    assert "2019-2" in made
    assert where() == {"lrs_statement_default": 1, "lrs_statement_2019_2": 2}
    keys = where("lrs_statementkey")
    assert keys == {
        "lrs_statementkey_default": related // 3,
        "lrs_statementkey_2019_2": related // 3 * 2,
    }
    assert statements_after("", limit=10).statements == before
    assert Statement.objects.count() == 3


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_writers_go_on_while_a_partition_is_made() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite keeps one table")
    tenant = new_tenant()
    past = datetime(2018, 2, 2, tzinfo=UTC)
    store(tenant, *(full_statement(number) for number in range(1, 51)), at=past)
    stop = threading.Event()
    made: list[str] = []

    def sweep() -> None:
        try:
            while not stop.wait(0.02) or "2018-1" not in made:
                made.extend(keep_partitions_ahead(at=NOW))
        finally:
            connection.close()

    def write(number: int) -> None:
        for batch in range(10):
            first = 100 + 1_000 * number + 10 * batch
            store(tenant, *(full_statement(first + one) for one in range(5)), at=past)
            store(tenant, full_statement(50 + batch), at=past)  # all writers, the same ids

    sweeper = threading.Thread(target=sweep)
    sweeper.start()
    failures = together(write)
    stop.set()
    sweeper.join()

    assert failures == []
    uuids = Counter(Statement.objects.values_list("uuid", flat=True))
    assert len(uuids) == 50 + WRITERS * 50 + 9
    assert set(uuids.values()) == {1}
    keep_partitions_ahead(at=NOW)
    assert where() == {"lrs_statement_2018_1": len(uuids)}
