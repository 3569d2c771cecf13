"""The web server and the worker side by side, until one stops or somebody stops them.

Everything is loaded once, and then both are forks of this process: what they have loaded lies in
memory once, however many processes there are. `manage.py start` becomes this process.
"""

import gc
import os
import signal
import sys
import time
import traceback
import warnings
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import Final

import celery.apps.worker
import celery.concurrency.thread  # noqa: F401
import gunicorn.workers.gthread  # noqa: F401 - loaded once for all who are forked
from django.urls import get_resolver
from gunicorn.app.wsgiapp import WSGIApplication

import config.wsgi  # noqa: F401 - the same
from config.celery import app

PATIENCE_SECONDS: Final = 15
GIVES_WAY: Final = 10


class Stopped(Exception):
    """Somebody asked everything to stop."""


def main(clock: str) -> int:
    """Run both; return the status of the first that stopped, 0 when somebody stopped them.

    Args:
        clock: the file in which the worker notes what is due.
    """
    load()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)
    running: dict[int, str] = {}
    try:
        running[_start(serve)] = "web server"
        running[_start(lambda: work(clock))] = "worker"
        pid, status = os.wait()
        sys.stderr.write(f"The {running.pop(pid, 'process')} ended, so all of it stops.\n")
        return os.waitstatus_to_exitcode(status) or 1
    except Stopped:
        return 0
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        _end(running)


def load() -> None:
    """Load what both need, and spare it from garbage collection, which would touch all of it."""
    len(get_resolver().url_patterns)
    app.loader.import_default_modules()
    app.finalize()
    gc.collect()
    gc.freeze()


def serve() -> None:
    """Be the web server."""
    sys.argv = ["gunicorn", "config.wsgi", "--config", "python:config.gunicorn"]
    WSGIApplication("%(prog)s [OPTIONS] [APP_MODULE]", prog="gunicorn").run()


def work(clock: str) -> None:
    """Be the worker; it gives way, since who waits for a page comes before what can wait."""
    os.nice(GIVES_WAY)
    os.environ["CAREWEAVE_CLOCK_FILE"] = clock
    # nothing but JSON is taken from the broker, whoever runs the worker
    warnings.filterwarnings("ignore", message="You're running the worker")
    worker = app.Worker(
        pool="threads",
        concurrency=2,
        loglevel="WARNING",
        quiet=True,
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
    )
    worker.start()
    sys.exit(worker.exitcode)


def _start(task: Callable[[], None]) -> int:
    """Return the number of a process that does this and nothing else."""
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        task()
        status = 0
    except SystemExit as ending:
        status = ending.code if isinstance(ending.code, int) else 1
    except BaseException:  # noqa: BLE001 - nothing above may go on in this process
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _stop(number: int, frame: FrameType | None) -> None:
    raise Stopped


def _end(running: dict[int, str]) -> None:
    for pid in running:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
    patience = time.monotonic() + PATIENCE_SECONDS
    for pid in running:
        while os.waitpid(pid, os.WNOHANG) == (0, 0):
            if time.monotonic() > patience:
                os.kill(pid, signal.SIGKILL)
                patience += 1
            time.sleep(0.05)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
