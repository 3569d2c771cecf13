"""The production server, as `make run` starts it, for clients that others wrote."""

import base64
import http.client
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

import psycopg
import pytest

from tests.bench.record_store.serving import Served, serving
from tests.migrated_database import kept_file


@dataclass(frozen=True, slots=True)
class Outside:
    """A running record store, as somebody outside knows it."""

    port: int
    key: str
    secret: str

    @property
    def endpoint(self) -> str:
        """Its address, with the slash that clients want."""
        return f"http://localhost:{self.port}/xapi/"

    def asking(self, version: str) -> "Asking":
        """Return a connection that is kept open."""
        return Asking(self, version)


class Asking:
    """Plain requests over one connection."""

    def __init__(self, store: Outside, version: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", store.port, timeout=120)
        basic = base64.b64encode(f"{store.key}:{store.secret}".encode()).decode()
        self._headers = {
            "Authorization": f"Basic {basic}",
            "X-Experience-API-Version": version,
            "Content-Type": "application/json",
        }

    def send(self, method: str, path: str, body: bytes | None = None) -> tuple[int, bytes]:
        """Return the status and body of an answer."""
        self._connection.request(method, path, body, self._headers)
        answer = self._connection.getresponse()
        return answer.status, answer.read()

    def pages(self, **parameters: str) -> Iterator[dict[str, Any]]:
        """Yield the pages of a list, numbers as the text that came."""
        address = f"/xapi/statements?{urlencode(parameters)}"
        while address:
            status, body = self.send("GET", address)
            assert status == 200, body
            page = json.loads(body, parse_float=str, parse_int=str)
            yield page
            address = page["more"]


@pytest.fixture(scope="session")
def _database(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Iterator[str]:
    """A migrated database of the kind the tests run on."""
    folder = tmp_path_factory.mktemp("outside")
    template = os.environ.get("TEST_DATABASE_TEMPLATE")
    if template is None:
        shutil.copy(kept_file(), folder / "db.sqlite3")
        yield f"sqlite:///{folder}/db.sqlite3"
        return
    server = os.environ["DATABASE_URL"]
    name = f"outside_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    with psycopg.connect(server, autocommit=True) as connection, suppress(psycopg.Error):
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def _served(_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    def say_nothing(_: str) -> None:
        pass

    folder = tmp_path_factory.mktemp("served")
    with serving(_database, folder=folder, tell=say_nothing) as served:
        yield served


@pytest.fixture(scope="session")
def _stores(_served: Served) -> Iterator[Outside]:
    """Empty stores on the running server, made at once since each command takes seconds."""
    told = _served.manage("shell", "--verbosity=0", "--command", _MAKE_STORES)
    made = [json.loads(line) for line in told.splitlines()]
    return iter([Outside(_served.door.port, key, secret) for key, secret in made])


_MAKE_STORES = """
import json
from django.utils import timezone
from lrs.services import issue_credential
from organisations.models import Organisation
for number in range(20):
    employer = Organisation.objects.create(name=f"Outside {number}", sector="other")
    issued = issue_credential(organisation=employer, scopes=["all"], starts_at=timezone.now())
    print(json.dumps([issued.key, issued.secret]))
"""


@pytest.fixture
def outside(_stores: Iterator[Outside]) -> Outside:
    """An empty store of this test's own."""
    return next(_stores)
