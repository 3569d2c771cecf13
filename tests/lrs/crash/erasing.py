"""A process that does nothing but carry out what was asked of a store: to be killed."""

import multiprocessing
import time
from datetime import UTC, datetime
from typing import Any

from lrs.services import carry_out_acts, erasure
from lrs.signals import statements_changing
from tests.lrs.crash.databases import Database, opened


class Eraser:
    """That process: a copy of this one, made while nothing else uses the database here.

    SQLite must not be open across a fork; so it is made at first, and begins when told.
    """

    def __init__(self, database: Database, *, window: int, stays_in: int = 0) -> None:
        """In the chunk of that number it stays for ever, within the transaction."""
        context = multiprocessing.get_context("fork")
        self.may_begin, self.is_inside = context.Event(), context.Event()
        self._chunks, self._stays_in = 0, stays_in
        self.process = context.Process(target=self._serve, args=(database, window), daemon=True)
        self.process.start()

    def _serve(self, database: Database, window: int) -> None:
        erasure.WINDOW = window  # type: ignore[misc]  # smaller steps for a small store
        statements_changing.connect(self._stay)
        if self.may_begin.wait(300):
            with opened(database):
                carry_out_acts(at=datetime.now(UTC))

    def _stay(self, **told: Any) -> None:
        self._chunks += 1
        if self._chunks == self._stays_in:
            self.is_inside.set()
            time.sleep(600)
