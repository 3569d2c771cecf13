"""The web server and the worker side by side, until one stops or somebody stops them.

Everything is loaded once; the worker and the processes that answer requests are forks of the one
that watches over them, so that what they have loaded lies in memory once. `manage.py start`
becomes that process.
"""

import gc
import os
import signal
import sys
import threading
import time
import traceback
import warnings
from collections.abc import Callable
from contextlib import suppress
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


def main(clock: str) -> int:
    """Run both; return 0 when somebody stopped them, and 1 when one of them ended.

    Args:
        clock: the file in which the worker notes what is due.
    """
    load()
    me = os.getpid()
    worker = _start(lambda: work(clock))
    ended = threading.Event()
    threading.Thread(target=_watch, args=(worker, ended), daemon=True).start()
    status = 0
    try:
        serve()
    except SystemExit as ending:
        if os.getpid() != me:  # a process that answers requests, made by the web server
            raise
        status = ending.code if isinstance(ending.code, int) else 1
    if ended.is_set():
        sys.stderr.write("The worker ended, so all of it stops.\n")
        return 1
    _end(worker, ended)
    return status


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
    threading.Thread(target=_stop_when_alone, args=(os.getppid(),), daemon=True).start()
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


def _watch(worker: int, ended: threading.Event) -> None:
    """Ask the web server to stop when the worker has ended."""
    with suppress(ChildProcessError):  # the web server may hear of it first
        os.waitpid(worker, 0)
    ended.set()
    os.kill(os.getpid(), signal.SIGTERM)


def _stop_when_alone(parent: int) -> None:
    """Stop this process when the one that watches over it was killed."""
    while os.getppid() == parent:
        time.sleep(1)
    sys.stderr.write("The web server ended, so all of it stops.\n")
    os.kill(os.getpid(), signal.SIGTERM)


def _end(worker: int, ended: threading.Event) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.kill(worker, number)
        if ended.wait(PATIENCE_SECONDS):
            return


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
