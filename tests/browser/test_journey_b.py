"""Journey (b): an outside system posts a statement; the person sees who recorded it."""

import base64
import json
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.people import local
from tests.browser.running import RunningSite

ORGANISATION = "Weavershire Hospitals Trust (demo)"
WITHIN_SECONDS = 20


@pytest.fixture(scope="session")
def credential(site: RunningSite) -> str:
    made = site.manage("create_lrs_credential", "--organisation", ORGANISATION, "--scope", "all")
    return base64.b64encode(f"{made['key']}:{made['secret']}".encode()).decode()


def completed(*, address: str, name: str) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid4()),
        "actor": {"objectType": "Agent", "mbox": f"mailto:{address}"},
        "verb": {
            "id": "http://adlnet.gov/expapi/verbs/completed", "display": {"en": "completed"}
        },
        "object": {
            "objectType": "Activity",
            "id": f"https://learn.weavershire-trust.example/course/{uuid.uuid4()}",
            "definition": {"name": {"en": name}},
        },
        "timestamp": datetime.now(tz=UTC).isoformat(),
    }  # fmt: skip


def post(site: RunningSite, credential: str, statement: dict[str, Any]) -> tuple[int, str]:
    request = urllib.request.Request(
        f"{site.url}/xapi/statements",
        data=json.dumps(statement).encode(),
        method="POST",
        headers={
            "Authorization": f"Basic {credential}",
            "Content-Type": "application/json",
            "X-Experience-API-Version": "1.0.3",
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def row_on_my_page(page: Page, *, name: str, language: str) -> str | None:
    page.goto(local("/me/", language))
    row = page.locator("section[aria-labelledby=did] tbody tr", has_text=name)
    return row.first.inner_text() if row.count() else None


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("width", [320, 1280])
def test_a_statement_from_outside_is_on_my_page_within_seconds(
    open_page: Callable[..., Page], site: RunningSite, credential: str, width: int, language: str
) -> None:
    name = f"Moving and lifting {uuid.uuid4().hex[:6]}"
    page = open_page(username="nia", width=width)

    status, body = post(site, credential, completed(address="nia@demo.example", name=name))

    assert status == 200, body
    until = time.monotonic() + WITHIN_SECONDS
    row = None
    while row is None and time.monotonic() < until:
        row = row_on_my_page(page, name=name, language=language)
    assert row is not None, f"not on the page after {WITHIN_SECONDS} s"
    assert ORGANISATION in row


def test_a_statement_about_nobody_we_know_waits_and_shows_to_nobody(
    open_page: Callable[..., Page], site: RunningSite, credential: str
) -> None:
    unknown, known = f"Unseen {uuid.uuid4().hex[:6]}", f"Seen {uuid.uuid4().hex[:6]}"
    page = open_page(username="nia")

    assert post(site, credential, completed(address="nobody@else.example", name=unknown))[0] == 200
    assert post(site, credential, completed(address="nia@demo.example", name=known))[0] == 200

    until = time.monotonic() + WITHIN_SECONDS
    while time.monotonic() < until:
        if row_on_my_page(page, name=known, language="en"):
            break
    assert row_on_my_page(page, name=known, language="en") is not None
    assert row_on_my_page(page, name=unknown, language="en") is None
    assert unknown not in page.context.request.get("/me/record.json").text()


def test_a_wrong_secret_is_refused(site: RunningSite) -> None:
    wrong = base64.b64encode(b"nobody:nothing").decode()

    status, _body = post(site, wrong, completed(address="nia@demo.example", name="Refused"))

    assert status == 401
