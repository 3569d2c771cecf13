"""How long counts take on a large store on PostgreSQL, with names, through the API in process.

`python -m tests.bench.record_store.counting [STATEMENTS]`, a million unless told; JSON on the last line.
"""

import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import django

BASE: Final = 20_000
TIMES: Final = 5
COLUMNS: Final = (
    "tenant_id, uuid, timestamp, actor_key, verb_key, object_key, registration_key,"
    " authority_key, is_voiding, payload"
)


def main() -> None:
    """Fill a store and ask."""
    statements = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    django.setup()
    from tests.lrs.crash.databases import PostgresServer, opened

    with tempfile.TemporaryDirectory(prefix="careweave-counting-") as folder:
        database = PostgresServer(Path(folder))
        try:
            with opened(database):
                measure(statements)
        finally:
            database.close()


def measure(statements: int) -> None:
    """Fill the store that is open and print how long each question takes."""
    from lrs.models import Tenant
    from lrs.services import issue_credential, tenant_of
    from organisations.models import Organisation
    from tests.lrs.conftest import LONG_AGO, Store

    organisation = Organisation.objects.create(name="Aber Trust", sector="other")
    tenant: Tenant = tenant_of(organisation=organisation)
    issued = issue_credential(organisation=organisation, scopes=["all"], starts_at=LONG_AGO)
    store = Store(tenant, issued.key, issued.secret)
    began = time.monotonic()
    registration = fill(tenant, statements)
    told(f"{statements} statements after {time.monotonic() - began:.0f} s")
    figures = {}
    for name, parameters in questions(registration):
        took = []
        for _ in range(TIMES + 1):
            start = time.perf_counter()
            answer = store.send("GET", "/api/record-store/counts", parameters)
            took.append((time.perf_counter() - start) * 1_000)
            assert answer.status_code == 200, answer.content
        lines = len(answer.json()["counts"])
        figures[name] = {
            "median": round(statistics.median(took[1:]), 1),
            "most": round(max(took[1:]), 1),
            "first": round(took[0], 1),
            "lines": lines,
        }
        told(f"{name}: {figures[name]}")
    print(json.dumps({"statements": statements, "milliseconds": figures}))  # noqa: T201


def questions(registration: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield each grouping without a filter and with each."""
    from tests.bench.record_store.bodies import activity_of, agent_of, verb_of

    now = datetime.now(UTC)
    month = (now - timedelta(days=30)).isoformat()
    quarter = (now - timedelta(days=90)).isoformat()
    filters = {
        "everything": {},
        "one agent": {"agent": agent_of(7)},
        "one verb": {"verb": verb_of(3)},
        "one activity": {"activity": activity_of(11)},
        "one group": {"group": "https://courses.example/activities/course-3"},
        "one registration": {"registration": registration},
        "last 30 days": {"since": month},
        "one verb, last 30 days": {"verb": verb_of(3), "since": month},
        "90 days, actors": {"since": quarter, "actors": "true"},
        "90 days by timestamp": {"since": quarter, "moment": "timestamp"},
    }
    for by in ("hour", "day", "week", "month", "verb", "activity", "actor", "type", "group"):
        for name, parameters in filters.items():
            if by == "type" and "actors" in parameters:
                continue
            yield f"{by}: {name}", {"by": by, **parameters}
    yield "registration: everything", {"by": "registration"}
    yield "day in Kathmandu: everything", {"by": "day", "zone": "Asia/Kathmandu"}


def fill(tenant: Any, statements: int) -> str:
    """Store some statements as requests do, and copy them, spread over the last year.

    Return a registration. Each copy has ids, times and registrations of its own.
    """
    from django.db import connection

    from lrs.services import keep_partitions_ahead, make_room, store_statements
    from tests.bench.record_store.bodies import Making

    now = datetime.now(UTC)
    keep_partitions_ahead(at=now)
    make_room(times=[now - timedelta(days=days) for days in range(0, 400, 30)])
    making = Making()
    authority = {"account": {"homePage": "https://lrs.example", "name": "bench"}}
    for body in making.batches(BASE // 1_000, 1_000):
        store_statements(tenant=tenant, authority=authority, statements=body, may_define=True)
    told(f"{BASE} stored as requests do")
    copies = statements // BASE
    apart = timedelta(days=365) / statements
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(seq) FROM lrs_statement")
        first = cursor.fetchone()[0]
        cursor.execute("CREATE TEMP TABLE one AS SELECT * FROM lrs_statement")
        cursor.execute("CREATE TEMP TABLE beside AS SELECT * FROM lrs_statementkey")
        cursor.execute("TRUNCATE lrs_statement, lrs_statementkey, lrs_statementid, lrs_reference")
        number = f"%(copy)s * {BASE} + seq - {first}"
        stored = f"%(start)s + ({number}) * %(apart)s"
        uuid = f"md5(({number})::text)::uuid"
        for copy in range(copies):
            values = {"copy": copy, "start": now - timedelta(days=365), "apart": apart}
            columns = (
                COLUMNS.replace("uuid", uuid)
                .replace("timestamp", f"{stored} - interval '2 minutes'")
                .replace("registration_key", "registration_key + %(copy)s")
            )
            cursor.execute(
                f"INSERT INTO lrs_statement (seq, stored, xid, {COLUMNS})"
                f" SELECT {number}, {stored}, '0'::xid8, {columns} FROM one",
                values,
            )
            cursor.execute(
                "INSERT INTO lrs_statementid (seq, tenant_id, uuid, stored)"
                f" SELECT {number}, tenant_id, {uuid}, {stored} FROM one",
                values,
            )
            cursor.execute(
                "INSERT INTO lrs_statementkey (tenant_id, key, stored, seq)"
                f" SELECT tenant_id, key, {stored}, {number} FROM beside",
                values,
            )
        cursor.execute(
            "INSERT INTO lrs_reference (seq, tenant_id, stored, source, target, is_voiding)"
            " SELECT 1000000000 + n, %s, now(), gen_random_uuid(), md5((n * 400)::text)::uuid, true"
            " FROM generate_series(1, %s) n",
            [tenant.pk, statements // 1_000],
        )
        cursor.execute("DROP TABLE one, beside")
        cursor.execute("VACUUM ANALYZE")
    return making.registrations[0]


def told(text: str) -> None:
    """Say it on standard error."""
    print(text, file=sys.stderr, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
