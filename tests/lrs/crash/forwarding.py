"""A process that does nothing but send statements on, as the worker does: to be killed."""

import multiprocessing
import time
from datetime import UTC, datetime
from multiprocessing.context import ForkProcess
from typing import Final

from lrs.outside import Reachable
from lrs.rules.pacing import Pace
from lrs.services import send_on, targets_with_work
from tests.lrs.crash.databases import Database, opened

HERE: Final = Reachable(frozenset({"127.0.0.1"}))
PACE: Final = Pace(
    first_wait=0.02, longest_wait=0.2, connect=2.0, answer=5.0, lease=1.0, run=5.0, tries=1_000
)
"""Another may go on a second after one was killed, and not a minute as where nobody waits for it."""


class Forwarder:
    """That process: a copy of this one, so that it begins at once."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._process: ForkProcess | None = None

    def start(self) -> None:
        """Start it, and do not wait."""
        context = multiprocessing.get_context("fork")
        self._process = context.Process(target=serve, args=(self._database,), daemon=True)
        self._process.start()

    def kill(self) -> None:
        """Kill -9, if it runs."""
        if self._process is not None:
            self._process.kill()
            self._process.join()


def serve(database: Database) -> None:
    """Serve every target, for ever."""

    def clock() -> datetime:
        return datetime.now(UTC)

    with opened(database):
        while True:
            for target_id in targets_with_work(at=clock()):
                send_on(target_id=target_id, reachable=HERE, clock=clock, pace=PACE)
            time.sleep(0.02)
