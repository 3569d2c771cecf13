"""A process that does nothing but project new statements, as the worker does: to be killed."""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import django
from django.db import Error, connection

from tests.lrs.crash.databases import Database
from tests.migrated_database import ROOT


class Projector:
    """That process."""

    def __init__(self, database: Database, folder: Path) -> None:
        self._log = folder / "projector.log"
        self._environment = {
            **os.environ,
            "DATABASE_URL": database.url,
            "VAR_DIR": str(folder / "var"),
            "DJANGO_SETTINGS_MODULE": "config.settings.production",
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and do not wait."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", __name__],
                cwd=ROOT,
                env=self._environment,
                stdout=log,
                stderr=log,
            )

    def kill(self) -> None:
        """Kill -9, if it runs."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()


def main() -> None:
    """Go on from the cursor, for ever; the database may come and go."""
    django.setup()
    from records.services import catch_up

    while True:
        try:
            catch_up(at=datetime.now(UTC))
        except Error:
            connection.close()
        time.sleep(0.05)


if __name__ == "__main__":
    main()
