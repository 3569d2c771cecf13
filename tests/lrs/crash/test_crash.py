"""Kill -9 at any moment: nothing acknowledged is lost, nothing is double, no batch is half there."""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest

from tests.bench.record_store.sending import Door
from tests.lrs.crash.databases import Database, PostgresServer, SqliteFile
from tests.lrs.crash.judging import Judgement, judge, prepare
from tests.lrs.crash.projecting import Projector
from tests.lrs.crash.serving import WebServer
from tests.lrs.crash.writing import Told, Writers

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("servers")]

SHORT = 6
KILLS = int(os.environ.get("CRASH_KILLS", SHORT))
BOTH = [
    pytest.param(SqliteFile, marks=pytest.mark.sqlite, id="sqlite"),
    pytest.param(PostgresServer, marks=pytest.mark.postgres, id="postgresql"),
]
Kill = Callable[[], str]


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that other users may pass through, as PostgreSQL does not run as root."""
    with tempfile.TemporaryDirectory(prefix="careweave-crash-") as folder:
        yield Path(folder)


@pytest.fixture
def make(folder: Path) -> Iterator[Callable[..., Database]]:
    made: list[Database] = []

    def make(kind: type[Database]) -> Database:
        made.append(kind(folder))
        return made[-1]

    yield make
    for database in made:
        database.close()


def kinds_of_kill(
    server: WebServer, database: Database, projector: Projector | None
) -> dict[str, tuple[int, Kill]]:
    """What may be killed, how often of all times, and how it comes back."""

    def one() -> str:
        server.kill_workers(1)
        return "one worker"

    def every() -> str:
        server.kill_workers(99)
        return "every worker"

    def whole() -> str:
        server.kill()
        server.start()
        return "the whole web server"

    def base() -> str:
        assert isinstance(database, PostgresServer)
        database.kill()
        database.start()
        return "the database"

    def project() -> str:
        assert projector is not None
        projector.kill()
        projector.start()
        return "the projector"

    kinds = {"one": (12, one), "every": (20, every), "whole": (1, whole)}
    if database.has_server:
        kinds["base"] = (20, base)
    if projector is not None:
        kinds["projector"] = (4, project)
    return kinds


def crash(
    server: WebServer,
    database: Database,
    door: Door,
    *,
    kills: int,
    seed: int,
    projector: Projector | None = None,
) -> tuple[Told, dict[str, int]]:
    """Write from eight sides while things are killed; return what the writers were told."""
    random = Random(seed)
    kinds = kinds_of_kill(server, database, projector)
    # each kind once, then by chance
    order = list(kinds)[:kills]
    weights = [share for share, _ in kinds.values()]
    order += random.choices(list(kinds), weights, k=kills - len(order))
    done: dict[str, int] = {}
    writers = Writers(door, seed=seed)
    writers.start()
    try:
        for name in order:
            time.sleep(0.05 + random.random() * 0.4)
            what = kinds[name][1]()
            done[what] = done.get(what, 0) + 1
        time.sleep(0.3)
    finally:
        told = writers.stop()
    return told, done


def run(
    database: Database, folder: Path, *, kills: int, application: str = "config.wsgi"
) -> tuple[Told, Judgement, str]:
    server = WebServer(database, folder, application=application)
    door = prepare(database, port=server.port)
    server.start()
    # it takes seconds to start, so only the long run has one to kill
    projector = Projector(database, folder) if kills > SHORT else None
    began = time.monotonic()
    try:
        told, done = crash(server, database, door, kills=kills, seed=kills, projector=projector)
        wrote = time.monotonic() - began
        judgement = judge(database, door, told)
    finally:
        if projector is not None:
            projector.kill()
        server.stop()
    sys.stdout.write(
        f"\n{database.vendor}: {kills} kills {done} in {wrote:.0f} s, judged in"
        f" {time.monotonic() - began - wrote:.0f} s; {len(told.requests)} requests,"
        f" {judgement.acknowledged} statements acknowledged, {judgement.statements} there,"
        f" {told.unanswered} requests cut off, {told.later} told to come later,"
        f" {judgement.entries} records\n"
    )
    return told, judgement, server.log()


def assert_clean(told: Told, judgement: Judgement, log: str) -> None:
    assert judgement.is_clean, judgement
    assert "Traceback" not in log, log[:4000]
    assert judgement.entries > 0
    assert told.unanswered + told.later > 0


@pytest.mark.parametrize("kind", BOTH)
def test_nothing_acknowledged_is_lost_in_crashes(
    kind: type[Database], make: Callable[..., Database], folder: Path
) -> None:
    told, judgement, log = run(make(kind), folder, kills=KILLS)

    assert_clean(told, judgement, log)
    assert judgement.acknowledged > 10 * KILLS


@pytest.mark.sqlite
def test_a_store_that_acknowledges_early_is_found_out(
    make: Callable[..., Database], folder: Path
) -> None:
    _, judgement, _ = run(make(SqliteFile), folder, kills=2, application="tests.lrs.crash.hasty")

    assert judgement.lost
    assert judgement.halves
    assert not judgement.is_clean
