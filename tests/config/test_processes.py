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


def parts_of(served: Served) -> tuple[int, int]:
    """The web server and the worker: what the process that was started has as children."""
    every = family(served.process.pid)
    first, second = (pid for pid in every if parent_of(pid) == served.process.pid)
    return (first, second) if any(parent_of(pid) == first for pid in every) else (second, first)


def parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def are_gone(pids: list[int]) -> bool:
    patience = time.monotonic() + 20
    while time.monotonic() < patience:
        if not any(Path(f"/proc/{pid}").exists() for pid in pids):
            return True
        time.sleep(0.1)
    return False


@pytest.mark.parametrize("which", [0, 1], ids=["web server", "worker"])
def test_when_one_is_killed_all_of_it_ends_and_says_so(
    served: Served, which: int, tmp_path: Path
) -> None:
    every, victim = family(served.process.pid), parts_of(served)[which]

    os.kill(victim, signal.SIGKILL)

    assert served.process.wait(20) != 0
    assert are_gone(every)
    said = (tmp_path / "server.log").read_text()
    assert f"The {['web server', 'worker'][which]} ended" in said


def test_whoever_stops_it_leaves_nothing_behind(served: Served) -> None:
    every = family(served.process.pid)
    assert len(every) >= 4

    served.process.send_signal(signal.SIGINT)

    assert served.process.wait(20) == 0
    assert are_gone(every)
