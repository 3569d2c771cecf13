"""A record store to send requests to."""

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from django.http import HttpResponse
from django.test import Client

from lrs.models import Tenant
from lrs.services import issue_credential, tenant_of
from organisations.models import Organisation

CLIENT = Client(enforce_csrf_checks=True)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass
class Store:
    """A client of one organisation's record store, under one version of the standard."""

    tenant: Tenant
    key: str
    secret: str
    version: str = "1.0.3"

    def send(
        self,
        method: str,
        resource: str,
        parameters: dict[str, Any] | None = None,
        body: Any = None,
        *,
        content_type: str = "application/json",
        **headers: str | None,
    ) -> HttpResponse:
        basic = base64.b64encode(f"{self.key}:{self.secret}".encode()).decode()
        sent = {
            "authorization": f"Basic {basic}",
            "x-experience-api-version": self.version,
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        address = resource if resource.startswith("/") else f"/xapi/{resource}"
        if parameters:
            texts = {
                name: value if isinstance(value, str) else json.dumps(value)
                for name, value in parameters.items()
            }
            address += f"?{urlencode(texts)}"
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body)
        return CLIENT.generic(
            method,
            address,
            data,
            content_type=content_type,
            headers={name: value for name, value in sent.items() if value is not None},
        )

    def post(self, *statements: dict[str, Any]) -> HttpResponse:
        return self.send("POST", "statements", body=list(statements))

    def get(self, resource: str = "statements", **parameters: Any) -> Any:
        answer = self.send("GET", resource, parameters)
        assert answer.status_code == 200, answer.content
        return answer.json()

    def numbers(self, **parameters: Any) -> list[int]:
        """The ids of the statements found, as the numbers tests give them."""
        return [int(one["id"][-12:], 16) for one in self.get(**parameters)["statements"]]


@pytest.fixture
def make_store(db: None) -> Callable[..., Store]:
    def make(
        name: str = "Aber Trust", *, scopes: Sequence[str] = ("all",), version: str = "1.0.3"
    ) -> Store:
        organisation, _ = Organisation.objects.get_or_create(name=name, sector="other")
        issued = issue_credential(organisation=organisation, scopes=scopes, starts_at=LONG_AGO)
        return Store(tenant_of(organisation=organisation), issued.key, issued.secret, version)

    return make


@pytest.fixture
def store(make_store: Callable[..., Store]) -> Store:
    return make_store()


@pytest.fixture(params=["1.0.3", "2.0.0"])
def any_store(make_store: Callable[..., Store], request: pytest.FixtureRequest) -> Store:
    """A store under each version of the standard."""
    return make_store(version=request.param)
