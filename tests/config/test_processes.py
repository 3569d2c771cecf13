"""What `make run` starts stops as a whole, whichever part of it stops first."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from django.db import connection

from tests.browser.running import environment, stop, wait_until_ready
from tests.migrated_database import ROOT, kept_file
from tests.ports import free_port

pytestmark = [pytest.mark.sqlite, pytest.mark.usefixtures("django_db_setup")]
PATIENCE_SECONDS = 90
"""Longer than all that stops is given to stop, on a busy machine."""

Server = subprocess.Popen[bytes]


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Server]:
    if connection.vendor != "sqlite" or not kept_file().exists():
        pytest.skip("a migrated database is at hand only where tests run on SQLite")
    shutil.copy(kept_file(), tmp_path / "site.sqlite3")
    url = f"http://localhost:{free_port()}"
    log = tmp_path / "server.log"
    with log.open("wb") as told:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "start", "--serve-only"],
            cwd=ROOT,
            env={
                **environment(tmp_path, url=url),
                "DATABASE_URL": f"sqlite:///{tmp_path / 'site.sqlite3'}",
                "DJANGO_SETTINGS_MODULE": "config.settings.production",
            },
            stdout=told,
            stderr=told,
            start_new_session=True,
        )
    try:
        wait_until_ready(url, server=process, log=log)
        assert comes_true(lambda: len(family(process)) >= 4)
        yield process
    finally:
        if process.poll() is None:
            stop(process)


def family(process: Server) -> list[psutil.Process]:
    """The process that watches over the others, and those."""
    first = psutil.Process(process.pid)
    return [first, *first.children(recursive=True)]


def worker_of(process: Server) -> psutil.Process:
    """The one that was made before those that answer requests."""
    return min(psutil.Process(process.pid).children(), key=lambda child: child.create_time())


def comes_true(is_so: Callable[[], bool]) -> bool:
    patience = time.monotonic() + PATIENCE_SECONDS
    while not is_so() and time.monotonic() < patience:
        time.sleep(0.05)
    return is_so()


def are_gone(processes: list[psutil.Process]) -> bool:
    return not psutil.wait_procs(processes, timeout=PATIENCE_SECONDS)[1]


@pytest.mark.parametrize("which", ["web server", "worker"])
def test_when_one_is_killed_all_of_it_ends_and_says_so(
    served: Server, which: str, tmp_path: Path
) -> None:
    every = family(served)
    victim = worker_of(served).pid if which == "worker" else served.pid

    os.kill(victim, signal.SIGKILL)

    assert served.wait(PATIENCE_SECONDS) != 0
    assert are_gone(every)
    assert f"The {which} ended, so all of it stops." in (tmp_path / "server.log").read_text()


def test_whoever_stops_it_leaves_nothing_behind(served: Server) -> None:
    every = family(served)
    gives_way = min(19, psutil.Process(served.pid).nice() + 10)
    assert comes_true(lambda: worker_of(served).nice() == gives_way)

    served.send_signal(signal.SIGINT)

    assert served.wait(PATIENCE_SECONDS) == 0
    assert are_gone(every)
