"""When the database is full, gone or busy: 507 or 503, nothing half done, and then on again."""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, ProgrammingError, connection, connections, transaction

from lrs.api import counts, outages, resources
from lrs.models import (
    Attachment,
    Credential,
    Document,
    Statement,
    StatementId,
    StatementKey,
)
from lrs.services import issue_credential, tenant_of
from organisations.models import Organisation
from tests.lrs.conftest import LONG_AGO, Store
from tests.lrs.crash.databases import Database, PostgresServer, SqliteFile, opened
from tests.lrs.samples import activity, agent, statement

pytestmark = pytest.mark.django_db
HEADERS = ("X-Experience-API-Version", "X-Experience-API-Consistent-Through")
LONG = Random(1).randbytes(25_000).hex()
MIB = 2**20


@pytest.fixture(autouse=True)
def _nothing_said_yet() -> None:
    outages._said.clear()


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="careweave-outages-") as folder:
        yield Path(folder)


@contextmanager
def store_in(database: Database) -> Iterator[Store]:
    with opened(database):
        organisation = Organisation.objects.create(name="Aber Trust", sector="other")
        issued = issue_credential(organisation=organisation, scopes=["all"], starts_at=LONG_AGO)
        yield Store(tenant_of(organisation=organisation), issued.key, issued.secret)


@contextmanager
def small_disk(folder: Path, mib: int) -> Iterator[Callable[[int], None]]:
    """Mount a small file system there; yield what makes it larger."""
    if os.geteuid() != 0:
        pytest.skip("only root may mount a small disk; another test fills the database otherwise")
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={mib}m", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no small disk can be mounted here; another test fills the database otherwise")

    def grow(mib: int) -> None:
        subprocess.run(["mount", "-o", f"remount,size={mib}m", str(folder)], check=True)

    try:
        yield grow
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def large(number: int) -> dict[str, Any]:
    return statement(number, result={"response": f"{number} {LONG}"})


def fill(store: Store, most: int = 2_000) -> tuple[int, Any]:
    """Post batches until one is refused; return how many went in, and the refusal."""
    for count in range(0, most, 3):
        answer = store.post(*(large(1 + count + one) for one in range(3)))
        if answer.status_code != 200:
            return count, answer
    raise AssertionError("it never filled up")


def assert_whole(count: int) -> None:
    assert Statement.objects.count() == StatementId.objects.count() == count
    assert StatementKey.objects.exclude(seq__in=Statement.objects.values("seq")).count() == 0


def assert_refused_for_room(answer: Any) -> None:
    assert answer.status_code == 507, answer.content
    assert all(name in answer.headers for name in HEADERS)
    assert answer.headers["Retry-After"] == "60"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "no room left" in answer.json()["message"]


def write_documents_and_attachments(store: Store, content: bytes) -> list[Any]:
    place = {"activityId": activity()["id"], "agent": agent(), "stateId": "full"}
    sum_ = hashlib.sha256(content).hexdigest()
    attached = statement(
        900_000,
        attachments=[
            {
                "usageType": "https://ext.example/essay",
                "display": {"en": "Essay"},
                "contentType": "text/plain",
                "length": len(content),
                "sha2": sum_,
            }
        ],
    )
    body = (
        b"--xx\r\nContent-Type: application/json\r\n\r\n"
        + json.dumps(attached).encode()
        + b"\r\n--xx\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: binary\r\n"
        + f"X-Experience-API-Hash: {sum_}\r\n\r\n".encode()
        + content
        + b"\r\n--xx--\r\n"
    )
    return [
        store.send("PUT", "activities/state", place, content, content_type="text/plain"),
        store.send("POST", "statements", None, body, content_type="multipart/mixed; boundary=xx"),
    ]


LAUNCH = {"actor": agent(), "activity": "https://ext.example/course"}
FORM = "application/x-www-form-urlencoded"


def ask_beside_xapi(store: Store) -> dict[str, Any]:
    """Ask our own API and the token endpoint, each once; the first two only read."""
    ours = "/api/record-store"
    return {
        "counts": store.send("GET", f"{ours}/counts", {"by": "verb"}),
        "following": store.send("GET", f"{ours}/statements"),
        "launch": store.send("POST", f"{ours}/keys/launch", body=LAUNCH),
        "token": store.send(
            "POST", "/oauth/token", body=b"grant_type=client_credentials", content_type=FORM
        ),
    }


def statuses(answers: dict[str, Any]) -> list[int]:
    return [one.status_code for one in answers.values()]


def assert_tells(answers: dict[str, Any], name: str, words: str, retry_after: str) -> None:
    said = answers[name].json()
    assert words in said["error_description" if name == "token" else "detail"]
    assert answers[name].headers["Retry-After"] == retry_after


def prove_full_and_then_on(
    store: Store, make_room: Callable[[], object], caplog: pytest.LogCaptureFixture
) -> None:
    count, answer = fill(store)

    assert count > 0
    assert_refused_for_room(answer)
    assert_whole(count)
    for refused in write_documents_and_attachments(store, os.urandom(8 * MIB)):
        assert refused.status_code == 507
    assert Document.objects.count() == Attachment.objects.count() == 0
    assert_whole(count)
    assert store.get("statements", limit="1")["statements"]
    assert [one.getMessage()[:35] for one in caplog.records if one.name == "lrs.api.outages"] == [
        "the database has no room left: requ"
    ]
    assert not any(one.exc_info for one in caplog.records)

    make_room()

    assert store.post(*(large(1 + count + one) for one in range(3))).status_code == 200
    for taken in write_documents_and_attachments(store, os.urandom(8 * MIB)):
        assert taken.status_code in (200, 204), taken.content
    assert_whole(count + 4)


@pytest.mark.sqlite
def test_a_sqlite_database_at_its_limit_is_full_and_goes_on_with_room(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with store_in(SqliteFile(folder)) as store, connection.cursor() as cursor:
        pages = cursor.execute("PRAGMA page_count").fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {pages + 400}")

        prove_full_and_then_on(
            store, lambda: cursor.execute("PRAGMA max_page_count = 1000000"), caplog
        )


@pytest.mark.sqlite
def test_a_disk_under_sqlite_that_is_full(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    disk = folder / "disk"
    with small_disk(disk, 24) as grow, store_in(SqliteFile(disk)) as store:
        prove_full_and_then_on(store, lambda: grow(200), caplog)


@pytest.mark.sqlite
def test_a_sqlite_database_that_somebody_holds_is_busy_and_then_on(folder: Path) -> None:
    database = SqliteFile(folder)
    with store_in(database) as store:
        assert store.post(statement(1)).status_code == 200
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout = 100")
        held, done = threading.Event(), threading.Event()

        def hold() -> None:
            with opened(database), connections["default"].cursor() as other:
                other.execute("BEGIN IMMEDIATE")
                held.set()
                done.wait(20)
                other.execute("ROLLBACK")

        holder = threading.Thread(target=hold)
        holder.start()
        held.wait(20)
        answer = store.post(statement(2))
        read = store.send("GET", "statements")
        beside = ask_beside_xapi(store)
        done.set()
        holder.join()

        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
        assert all(name in answer.headers for name in HEADERS)
        assert read.status_code == 200
        assert statuses(beside) == [200, 200, 503, 503]
        for name in ("launch", "token"):
            assert_tells(beside, name, "too busy", "2")
        assert store.post(statement(2)).status_code == 200
        assert_whole(2)


@pytest.mark.sqlite
def test_our_own_api_and_tokens_say_when_there_is_no_room_and_then_go_on(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with store_in(SqliteFile(folder)) as store, connection.cursor() as cursor:
        assert statuses(ask_beside_xapi(store)) == [200, 200, 201, 200]
        keys = Credential.objects.count()
        pages = cursor.execute("PRAGMA page_count").fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {pages}")
        fill(store)
        while True:  # small rows find room for a while
            full = ask_beside_xapi(store)
            if statuses(full)[2:] == [507, 507]:
                break
            assert Credential.objects.count() < keys + 1_000
        keys = Credential.objects.count()

        assert statuses(ask_beside_xapi(store)) == [200, 200, 507, 507]
        for name in ("launch", "token"):
            assert_tells(full, name, "no room left", "60")
        assert full["token"].json()["error"] == "temporarily_unavailable"
        assert Credential.objects.count() == keys
        assert not any(one.exc_info for one in caplog.records)

        cursor.execute("PRAGMA max_page_count = 1000000")
        assert statuses(ask_beside_xapi(store)) == [200, 200, 201, 200]


def test_a_fault_of_ours_is_not_called_an_outage(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**_: Any) -> None:
        raise ProgrammingError from sqlite3.OperationalError("no such column")

    monkeypatch.setattr(counts, "count_by", broken)

    with pytest.raises(ProgrammingError):
        store.send("GET", "/api/record-store/counts", {"by": "verb"})


@pytest.fixture(scope="module")
def postgres(django_db_blocker: Any) -> Iterator[PostgresServer]:
    with tempfile.TemporaryDirectory(prefix="careweave-outages-") as folder:
        server = PostgresServer(Path(folder))
        yield server
        server.close()


@contextmanager
def emptied(server: PostgresServer) -> Iterator[Store]:
    with psycopg.connect(server.url, autocommit=True) as cleaning:
        cleaning.execute("TRUNCATE organisations_organisation, lrs_statementid CASCADE")
        cleaning.execute("TRUNCATE lrs_statement, lrs_statementkey, lrs_reference, lrs_document")
        cleaning.execute("TRUNCATE lrs_attachment")
    with store_in(server) as store:
        yield store


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("53100", 507),
        ("53200", 503),
        ("53400", 503),
        ("40P01", 503),
        ("57014", 503),
        ("25006", 503),
        ("58030", 503),
    ],
)
def test_what_postgresql_cannot_do_now_is_503_or_507(
    store: Store, state: str, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL")
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION cannot() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN RAISE EXCEPTION 'cannot now' USING ERRCODE = '{state}'; END $$"
        )
        cursor.execute(
            "CREATE TRIGGER cannot BEFORE INSERT ON lrs_reference EXECUTE FUNCTION cannot()"
        )
    target = {"objectType": "StatementRef", "id": statement(1)["id"]}

    answers = []
    for batch in ([statement(2, object=target)], [statement(3), statement(4, object=target)]):
        with transaction.atomic():
            answers.append(store.post(*batch))
            transaction.set_rollback(True)

    assert [answer.status_code for answer in answers] == [status, status]
    assert all(name in answer.headers for name in HEADERS for answer in answers)
    assert all("Retry-After" in answer.headers for answer in answers)
    assert len([one for one in caplog.records if one.name == "lrs.api.outages"]) == 1


@pytest.mark.postgres
def test_a_disk_under_postgresql_that_is_full(
    postgres: PostgresServer, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder.chmod(0o755)
    with emptied(postgres) as store, small_disk(folder / "disk", 24) as grow:
        place = folder / "disk" / "tables"
        place.mkdir()
        shutil.chown(place, "pgserver")
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE TABLESPACE small LOCATION '{place}'")
            tables = [
                "lrs_document",
                "lrs_attachment",
                *partitions(cursor, "lrs_statement"),
            ]
            for table in tables:
                cursor.execute(f'ALTER TABLE "{table}" SET TABLESPACE small')
        try:
            prove_full_and_then_on(store, lambda: grow(200), caplog)
        finally:
            with connection.cursor() as cursor:
                for table in tables:
                    cursor.execute(f'ALTER TABLE "{table}" SET TABLESPACE pg_default')
                cursor.execute("DROP TABLESPACE small")


def partitions(cursor: Any, table: str) -> list[str]:
    cursor.execute(
        "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = %s::regclass", [table]
    )
    return [name for (name,) in cursor.fetchall()]


@pytest.mark.postgres
def test_a_database_that_is_gone_is_503_and_is_found_again_by_itself(
    postgres: PostgresServer, caplog: pytest.LogCaptureFixture
) -> None:
    with emptied(postgres) as store:
        assert store.post(statement(1)).status_code == 200
        postgres.kill()
        gone = [store.post(statement(2)), store.send("GET", "statements")]
        beside = ask_beside_xapi(store)
        postgres.start()
        back = [store.send("GET", "statements"), store.post(statement(2))]

        assert [one.status_code for one in gone] == [503, 503]
        assert all(one.headers["Retry-After"] == "5" for one in gone)
        assert statuses(beside) == [503, 503, 503, 503]
        for name in beside:
            assert_tells(beside, name, "does not answer", "5")
        assert all(name in one.headers for one in gone for name in HEADERS)
        assert "Traceback" not in gone[0].content.decode()
        assert [one.status_code for one in back] == [200, 200]
        assert_whole(2)
    assert not any(one.exc_info for one in caplog.records)


@pytest.mark.postgres
def test_a_kept_connection_that_a_restart_broke_is_replaced_within_the_request(
    postgres: PostgresServer,
) -> None:
    with emptied(postgres) as store:
        assert store.post(statement(1)).status_code == 200
        postgres.kill()
        postgres.start()

        answer = store.post(statement(2))

        assert answer.status_code == 200
        assert_whole(2)
        postgres.kill()
        postgres.start()
        assert statuses(ask_beside_xapi(store)) == [200, 200, 201, 200]


def test_what_was_settled_is_told_even_when_it_cannot_be_asked(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone() -> None:
        raise OperationalError from sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(resources, "consistent_through", gone)
    answer = store.send("GET", "statements")

    assert answer.status_code == 200
    assert answer.headers["X-Experience-API-Consistent-Through"] == resources._settled[1]
