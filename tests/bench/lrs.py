"""The record store over HTTP as `make run` serves it, beside the same machine's raw limit.

Takes no database of the caller's: it starts a PostgreSQL and a SQLite of its own. `BENCH_UP_TO` is
how many statements the store grows to (1,000,000 unless told), `BENCH_DATABASES` which databases
(both unless told), `BENCH_EFFORT` what share of the usual number of requests is sent.
"""

import os
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.record_store import raw
from tests.bench.record_store.bodies import Making, activity_of, agent_of, verb_of
from tests.bench.record_store.sending import Cell, Connection, send_all
from tests.bench.record_store.serving import Served, postgres, serving

NEEDS_DATABASE = False
BATCHES = {1: 800, 50: 120, 500: 16}
"""Requests a round over 8 connections, by the number of statements in each."""
ROUNDS = 3
"""Raw limit and store take turns, so that what else the machine does meets both."""
CONNECTIONS = (1, 8)
FILL_BATCH = 500
READS = 40
ENOUGH_FOR_ALL = 20_000
"""From here on every agent and activity surely has statements."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured."""

    sizes: list[int]
    databases: list[str]
    effort: float


def run(*, tell: Callable[[str], None]) -> dict[str, Any]:
    """Measure every cell on each database."""
    up_to = int(os.environ.get("BENCH_UP_TO", "1000000"))
    plan = Plan(
        sizes=sorted({0, *(size for size in (100_000, 1_000_000) if size < up_to), up_to}),
        databases=os.environ.get("BENCH_DATABASES", "postgresql,sqlite").split(","),
        effort=float(os.environ.get("BENCH_EFFORT", "1")),
    )
    return {name: _measure(name, plan, tell) for name in plan.databases}


@contextmanager
def _database(name: str, folder: Path) -> Iterator[str]:
    if name == "postgresql":
        with postgres(folder) as address:
            yield address
    else:
        yield f"sqlite:///{folder / 'bench.sqlite3'}"


def _measure(name: str, plan: Plan, tell: Callable[[str], None]) -> dict[str, Any]:
    with (
        tempfile.TemporaryDirectory(prefix="careweave-bench-", ignore_cleanup_errors=True) as made,
        _database(name, Path(made)) as address,
    ):
        return measure(name, address, folder=Path(made), plan=plan, tell=tell)


def measure(
    name: str, address: str, *, folder: Path, plan: Plan, tell: Callable[[str], None]
) -> dict[str, Any]:
    """Serve a database that holds no statements yet, and return every figure at every size."""
    found: dict[str, Any] = {}
    with serving(address, folder=folder, tell=lambda line: tell(f"{name}: {line}")) as served:
        ground = _Ground(name, address, folder, served, plan, tell)
        ground.make_raw_tables()
        for size in plan.sizes:
            ground.fill(size)
            if size == plan.sizes[0]:
                ground.warm_up()
            found[f"at_{size}"] = ground.measure()
    return found


class _Ground:
    """One database with a server on it."""

    def __init__(
        self,
        name: str,
        address: str,
        folder: Path,
        served: Served,
        plan: Plan,
        tell: Callable[[str], None],
    ) -> None:
        self.is_postgres = name == "postgresql"
        self.name, self.address, self.folder = name, address, folder
        self.served, self.plan, self.tell = served, plan, tell
        self.making = Making()
        self.raw_making = Making(seed=2)

    def say(self, line: str) -> None:
        """Tell how far it is."""
        self.tell(f"{self.name}: {line}")

    def make_raw_tables(self) -> None:
        """Make the plain tables that the raw limit is measured on."""
        self.execute(*raw.raw_tables(is_postgres=self.is_postgres))

    def execute(self, *texts: str) -> list[Any]:
        """Run SQL beside the server; return the rows of the last."""
        if self.is_postgres:
            import psycopg

            with psycopg.connect(self.address, autocommit=True) as connection:
                for text in texts:
                    cursor = connection.execute(text)
                return cursor.fetchall() if cursor.description else []
        file = self.folder / ("raw.sqlite3" if "raw_" in texts[0] else "bench.sqlite3")
        with sqlite3.connect(file) as plain:
            for text in texts:
                rows = plain.execute(text).fetchall()
        plain.close()
        return rows

    def fill(self, size: int) -> None:
        """Bring the store and the plain tables to this many statements."""
        began, before = time.perf_counter(), self.making.made
        while (left := size - self.making.made) > 0:
            count = min(40, -(-left // FILL_BATCH))
            bodies = self.making.batches(count, FILL_BATCH)
            send_all(
                self.served.door,
                [self.served.door.request("POST", body) for body in bodies],
                connections=8,
            )
        if self.making.made > before:
            seconds = round(time.perf_counter() - began)
            self.say(f"{self.making.made - before} statements sent in {seconds} s")
        self.fill_raw(size)
        if self.is_postgres:
            self.execute("CHECKPOINT")

    def warm_up(self) -> None:
        """Let server, database and raw writers meet each kind of request before the clock starts."""
        for batch in BATCHES:
            self._round(batch, max(2, 400 // batch), 8)

    def fill_raw(self, size: int) -> None:
        """Bring the plain tables to this many."""
        writers = self.raw_writers(2)
        while (left := size - self.raw_making.made) > 0:
            bodies = list(self.raw_making.batches(min(40, -(-left // FILL_BATCH)), FILL_BATCH))
            raw.statements_a_second(writers, bodies, FILL_BATCH)
        for writer in writers:
            writer.close()

    def raw_writers(self, count: int) -> Sequence[raw.Writer]:
        """Return so many connections to the plain tables."""
        if self.is_postgres:
            return [raw.PostgresWriter(self.address) for _ in range(count)]
        return [raw.SqliteWriter(self.folder / "raw.sqlite3") for _ in range(count)]

    def measure(self) -> dict[str, Any]:
        """Return every figure at this size."""
        began = self.making.made
        store, limit = {}, {}
        for batch, count in BATCHES.items():
            for connections in CONNECTIONS:
                cell = f"batch_{batch}_connections_{connections}"
                wanted = max(2, int(count * self.plan.effort / (1 if connections > 1 else 3)))
                rounds = [self._round(batch, wanted, connections) for _ in range(ROUNDS)]
                statements = ROUNDS * wanted * batch
                limit[cell] = round(statements / sum(seconds for seconds, _ in rounds))
                sent = [one for _, one in rounds]
                rate = statements / sum(one.seconds for one in sent)
                store[cell] = {
                    "statements_a_second": round(rate),
                    "share_of_raw": round(rate / limit[cell], 2),
                    "median_ms": round(statistics.median(one.median_ms for one in sent), 2),
                    "p95_ms": round(statistics.median(one.p95_ms for one in sent), 2),
                }
                self.say(f"{began} {cell} {store[cell]} raw {limit[cell]}")
        return {
            "statements": self.making.made,
            "post": store,
            "raw_statements_a_second": limit,
            "get_100": self._reads(),
            "memory_mib": self.served.memory_mib(),
            "bytes_a_statement": self._bytes(),
        }

    def _round(self, batch: int, count: int, connections: int) -> tuple[float, Cell]:
        """Return the seconds that the raw limit takes for so many requests, and what the store does."""
        bodies = list(self.raw_making.batches(count, batch))
        writers = self.raw_writers(connections)
        seconds = count * batch / raw.statements_a_second(writers, bodies, batch)
        for writer in writers:
            writer.close()
        door = self.served.door
        requests = [door.request("POST", body) for body in self.making.batches(count, batch)]
        return seconds, send_all(door, requests, connections=connections)

    def _reads(self) -> dict[str, Any]:
        registration = self.making.registrations
        ways: dict[str, Callable[[int], dict[str, str]]] = {
            "agent": lambda n: {"agent": agent_of(n * 37 % 2_000)},
            "verb": lambda n: {"verb": verb_of(n % 12)},
            "activity": lambda n: {"activity": activity_of(n * 13 % 500)},
            "registration": lambda n: {"registration": registration[n % len(registration)]},
            "since": lambda n: {"since": "2026-01-01T00:00:00Z"},
            "related_activities": lambda n: {
                "activity": f"https://courses.example/activities/module-{n % 100}",
                "related_activities": "true",
            },
        }
        connection = Connection(self.served.door.port)
        found = {}
        for name, way in ways.items():
            took = []
            for number in range(max(2, int(READS * self.plan.effort))):
                request = self.served.door.request("GET", limit="100", **way(number))
                began = time.perf_counter()
                status, body = connection.ask(request)
                took.append(1000 * (time.perf_counter() - began))
                is_bare = self.making.made > ENOUGH_FOR_ALL and b'"stored"' not in body
                if status != 200 or is_bare:
                    raise RuntimeError(f"GET by {name} answered {status}: {body[:200]!r}")
            found[name] = {
                "median_ms": round(statistics.median(took), 1),
                "p95_ms": round(statistics.quantiles(took, n=20)[-1], 1),
            }
        connection.close()
        self.say(f"get {found}")
        return found

    def _bytes(self) -> int:
        if self.is_postgres:
            rows = self.execute(
                "SELECT sum(pg_total_relation_size(oid)) FROM pg_class"
                " WHERE relname LIKE 'lrs\\_%' AND relkind = 'r'"
            )
            return round(int(rows[0][0]) / self.making.made)
        self.execute("PRAGMA wal_checkpoint(PASSIVE)")
        return round((self.folder / "bench.sqlite3").stat().st_size / self.making.made)
