"""What `make run` starts stops as a whole, whichever part of it stops first."""

import os
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from tests.bench.record_store.serving import Served, family, serving
from tests.migrated_database import kept_file

pytestmark = [pytest.mark.sqlite, pytest.mark.usefixtures("django_db_setup")]


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    if connection.vendor != "sqlite" or not kept_file().exists():
        pytest.skip("a migrated database is at hand only where tests run on SQLite")
    shutil.copy(kept_file(), tmp_path / "site.sqlite3")
    address = f"sqlite:///{tmp_path / 'site.sqlite3'}"
    with serving(address, folder=tmp_path, tell=lambda line: None) as found:
        yield found


def worker_of(served: Served) -> int:
    """The one among the children that gives way to the others."""
    niced = [
        pid for pid in family(served.process.pid) if nice_of(pid) > nice_of(served.process.pid)
    ]
    return niced[0]


def nice_of(pid: int) -> int:
    return os.getpriority(os.PRIO_PROCESS, pid)


def are_gone(pids: list[int]) -> bool:
    patience = time.monotonic() + 20
    while time.monotonic() < patience:
        if not any(Path(f"/proc/{pid}").exists() for pid in pids):
            return True
        time.sleep(0.1)
    return False


@pytest.mark.parametrize("which", ["web server", "worker"])
def test_when_one_is_killed_all_of_it_ends_and_says_so(
    served: Served, which: str, tmp_path: Path
) -> None:
    every = family(served.process.pid)
    victim = worker_of(served) if which == "worker" else served.process.pid

    os.kill(victim, signal.SIGKILL)

    assert served.process.wait(20) != 0
    assert are_gone(every)
    assert f"The {which} ended, so all of it stops." in (tmp_path / "server.log").read_text()


def test_whoever_stops_it_leaves_nothing_behind(served: Served) -> None:
    every = family(served.process.pid)
    assert len(every) >= 4

    served.process.send_signal(signal.SIGINT)

    assert served.process.wait(20) == 0
    assert are_gone(every)
