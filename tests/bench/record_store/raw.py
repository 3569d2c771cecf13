"""The raw limit: the same statements checked and stored by one Python process, without HTTP.

COPY into a temporary table, insert on conflict do nothing, and a table of related keys, each in
one transaction a batch; tables of the plainest shape that answers the standard's queries: unique
ids, the text, and seven indexes. On SQLite the same by executemany.
"""

import sqlite3
import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

import orjson

from lrs.rules.facts import facts_of
from lrs.rules.identity import AGENT, key_of
from lrs.rules.parsing import parse_statements
from lrs.rules.payload import close_payload, open_payload
from lrs.rules.times import format_instant
from lrs.rules.validation import validate_statements
from lrs.rules.versions import XAPI_1_0

COLUMNS = "id, stored, actor, verb, object, registration, authority, payload"
INDEXED = ("actor", "verb", "object", "registration", "authority")
_AUTHORITY = orjson.dumps(
    {"objectType": "Agent", "account": {"homePage": "http://localhost", "name": "raw"}}
)

Rows = tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]


class Writer(Protocol):
    """One connection that stores rows."""

    def write(self, rows: Rows) -> None:
        """Store them, in one transaction."""
        ...

    def close(self) -> None:
        """Close the connection."""
        ...


def rows_of(body: bytes) -> Rows:
    """Return what is stored of a request body, checked by the rules of the standard."""
    parsed = parse_statements(body)
    validate_statements(parsed.statements, book=XAPI_1_0, is_batch=parsed.is_batch)
    stored = datetime.now(UTC)
    statements, related = [], []
    for statement, raw in zip(parsed.statements, parsed.raws, strict=True):
        facts = facts_of(statement)
        uuid = UUID(statement["id"])
        text = open_payload(
            raw=raw,
            statement=statement,
            statement_id=statement["id"],
            timestamp=facts.timestamp,
            authority=_AUTHORITY,
            version="1.0.0",
        )
        payload = close_payload(text, stored=format_instant(stored), has_timestamp=True)
        keys = (facts.actor_key, facts.verb_key, facts.object_key, facts.registration_key)
        statements.append((uuid, stored, *keys, key_of(AGENT, "raw"), payload))
        related.extend((key, stored, uuid) for key in facts.related)
    return statements, related


class PostgresWriter:
    """COPY into a temporary table, then insert on conflict do nothing."""

    def __init__(self, address: str) -> None:
        import psycopg

        self._connection = psycopg.connect(address)
        self._connection.execute(
            f"CREATE TEMPORARY TABLE arriving AS SELECT {COLUMNS} FROM raw_statement LIMIT 0"
        )
        self._connection.commit()

    def write(self, rows: Rows) -> None:
        """Store them, in one transaction."""
        statements, related = rows
        with self._connection.cursor() as cursor:
            cursor.execute("TRUNCATE arriving" if len(statements) > 1 else "DELETE FROM arriving")
            with cursor.copy(f"COPY arriving ({COLUMNS}) FROM STDIN") as copy:
                for row in statements:
                    copy.write_row(row)
            cursor.execute(
                f"INSERT INTO raw_statement ({COLUMNS}) SELECT {COLUMNS} FROM arriving ORDER BY id"
                " ON CONFLICT DO NOTHING"
            )
            with cursor.copy("COPY raw_key (key, stored, id) FROM STDIN") as copy:
                for row in related:
                    copy.write_row(row)
        self._connection.commit()

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


class SqliteWriter:
    """Insert or ignore, many at a time."""

    def __init__(self, file: Path) -> None:
        self._connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=NORMAL")
        self._connection.execute("PRAGMA busy_timeout=60000")

    def write(self, rows: Rows) -> None:
        """Store them, in one transaction."""
        statements, related = rows
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.executemany(
            f"INSERT OR IGNORE INTO raw_statement ({COLUMNS}) VALUES (?,?,?,?,?,?,?,?)",
            [(row[0].bytes, row[1].isoformat(), *row[2:]) for row in statements],
        )
        self._connection.executemany(
            "INSERT INTO raw_key (key, stored, id) VALUES (?,?,?)",
            [(key, stored.isoformat(), uuid.bytes) for key, stored, uuid in related],
        )
        self._connection.execute("COMMIT")

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def raw_tables(*, is_postgres: bool) -> list[str]:
    """Return the SQL that makes the plain tables."""
    uuid, time_ = ("uuid", "timestamptz") if is_postgres else ("blob", "text")
    serial = "bigserial PRIMARY KEY" if is_postgres else "INTEGER PRIMARY KEY"
    columns = ", ".join(f"{name} bigint" for name in INDEXED)
    return [
        f"CREATE TABLE raw_statement (seq {serial}, id {uuid} UNIQUE, stored {time_}, {columns},"
        " payload text)",
        *(f"CREATE INDEX raw_{name} ON raw_statement ({name}, stored, seq)" for name in INDEXED),
        f"CREATE TABLE raw_key (key bigint, stored {time_}, id {uuid},"
        " PRIMARY KEY (key, stored, id))",
    ]


def statements_a_second(writers: Sequence[Writer], bodies: Sequence[bytes], size: int) -> float:
    """Return how many statements a second these writers check and store."""
    left, lock = iter(bodies), threading.Lock()

    def work(writer: Writer) -> None:
        while True:
            with lock:
                body = next(left, None)
            if body is None:
                return
            writer.write(rows_of(body))

    threads = [threading.Thread(target=work, args=(writer,)) for writer in writers]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(bodies) * size / (time.perf_counter() - began)
