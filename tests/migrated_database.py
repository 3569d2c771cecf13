"""Start tests from a database that has been migrated once, not once a run.

Migrating takes longer than most test runs. The migrated SQLite database is kept as a file in the
machine's temporary folder, named after everything that decides what is in it.
"""

import hashlib
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent


def kept_file() -> Path:
    """Where the migrated database is, or will be: another place for other migrations."""
    digest = hashlib.sha256()
    for file in [*sorted(ROOT.glob("*/migrations/*.py")), ROOT / "requirements-dev.txt"]:
        digest.update(file.name.encode() + file.read_bytes())
    digest.update(sqlite3.sqlite_version.encode())
    folder = Path(tempfile.gettempdir()) / f"careweave-tests-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / f"{digest.hexdigest()[:24]}.sqlite3"


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, django_test_environment: None, django_db_blocker: Any
) -> Iterator[None]:
    """Make the test database, from the kept file where there is one."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    kept = kept_file()
    with django_db_blocker.unblock():
        first_name = connection.settings_dict["NAME"]
        if connection.vendor == "sqlite" and kept.exists():
            _open_in_memory(worker)
            with sqlite3.connect(kept) as source:
                source.backup(connection.connection)
        else:
            if worker:
                connection.settings_dict["TEST"]["NAME"] = _name(worker)
            connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
            if connection.vendor == "sqlite":
                _keep(kept)
    yield
    with django_db_blocker.unblock():
        connection.creation.destroy_test_db(first_name, verbosity=0)


def _name(worker: str) -> str | None:
    if connection.vendor == "sqlite":
        return f"file:memorydb_{worker or 'main'}?mode=memory&cache=shared"
    return f"test_careweave_{worker}"


def _open_in_memory(worker: str) -> None:
    connection.close()
    name = _name(worker)
    settings.DATABASES["default"]["NAME"] = name
    connection.settings_dict["NAME"] = name
    connection.ensure_connection()


def _keep(kept: Path) -> None:
    """Write the migrated database to the kept file, whole or not at all."""
    connection.ensure_connection()
    unfinished = kept.with_suffix(f".{os.getpid()}")
    with sqlite3.connect(unfinished) as target:
        connection.connection.backup(target)
    target.close()
    unfinished.replace(kept)
