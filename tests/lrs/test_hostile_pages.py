"""Whatever a statement holds, pages show it as text and lead nowhere it says."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest
from django.test import Client, TestCase
from django.urls import reverse

from lrs.services import issue_credential, learn_actors, tenant_of
from organisations.enums import GrantKind
from tests.factories.organisations import GrantFactory, OrganisationFactory
from tests.lrs.conftest import Store

pytestmark = pytest.mark.django_db
EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>\u202egnp.exe{{ 7|add:7 }}"
OWN = EVIL.replace("\u202e", "")
"""Names that people of the organisation give are theirs to choose."""
IRI = "javascript:alert(document.domain)//%3Cscript%3E"
MAP = {"en": EVIL, "ar": EVIL}


def evil_statement() -> dict[str, Any]:
    thing = {
        "id": IRI,
        "definition": {
            "name": MAP,
            "description": MAP,
            "type": IRI,
            "moreInfo": IRI,
            "extensions": {IRI: EVIL},
        },
    }
    actor = {"name": EVIL, "account": {"homePage": IRI, "name": EVIL}}
    return {
        "id": str(UUID(int=1)),
        "actor": actor,
        "verb": {"id": IRI, "display": MAP},
        "object": thing,
        "result": {"response": EVIL, "score": {"scaled": 0.5}, "extensions": {IRI: EVIL}},
        "context": {
            "platform": EVIL,
            "instructor": actor,
            "team": {"objectType": "Group", "name": EVIL, "member": [actor]},
            "contextActivities": {"parent": [{**thing, "id": f"{IRI}/parent"}]},
            "extensions": {IRI: EVIL},
        },
        "attachments": [
            {
                "usageType": IRI,
                "display": MAP,
                "description": MAP,
                "contentType": "text/html",
                "length": 1,
                "sha2": "a" * 64,
                "fileUrl": IRI,
            }
        ],
    }


class Tags(HTMLParser):
    """Collects what a browser would act on."""

    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name.startswith("on"):
                self.wrong.append(f"{tag} {name}")
            is_address = name in ("href", "src", "action", "formaction")
            if is_address and re.match(r"\s*(javascript|data|vbscript):", value or "", re.I):
                self.wrong.append(f"{tag} {value}")
        if tag == "script" and not dict(attrs).get("src"):
            self.wrong.append("script inline")
        if tag == "img" and dict(attrs).get("src") == "x":
            self.wrong.append("img")


def pages(store: str) -> Iterator[str]:
    who = urlencode({"agent": f"account::{IRI}|{EVIL}"})
    for name in ("store", "statements", "start", "heard"):
        yield reverse(f"lrs:{name}", args=[store])
    yield reverse("lrs:statements", args=[store]) + "?" + urlencode({"who": "alert"})
    yield reverse("lrs:statements", args=[store]) + "?" + urlencode({"who": EVIL, "activity": EVIL})
    yield reverse("lrs:statements", args=[store]) + "?" + urlencode({"activity": "alert"})
    yield reverse("lrs:statement", args=[store, UUID(int=1)])
    yield reverse("lrs:actor", args=[store]) + "?" + who
    yield reverse("lrs:activity", args=[store]) + "?" + urlencode({"iri": IRI})
    yield reverse("lrs:activity", args=[store]) + "?" + urlencode({"iri": f"{IRI}/parent"})


def test_nothing_a_statement_holds_acts_in_a_page(client: Client) -> None:
    trust = OrganisationFactory(name=OWN)
    issued = issue_credential(
        organisation=trust, scopes=["all"], starts_at=datetime(2020, 1, 1, tzinfo=UTC), label=OWN
    )
    store = Store(tenant_of(organisation=trust), issued.key, issued.secret)
    with TestCase.captureOnCommitCallbacks(execute=True):
        sent = store.post(evil_statement())
    assert sent.status_code == 200, sent.content
    store.send("GET", "statements", {EVIL: EVIL})
    learn_actors()
    client.force_login(
        GrantFactory(kind=GrantKind.ORGANISATION_ADMINISTRATOR, organisation=trust).person
    )
    seen = 0

    addresses = list(pages(str(trust.uuid)))

    for page in addresses:
        for language in ("", "/ar"):
            answer = client.get(f"{language}{page}")
            assert answer.status_code == 200, page
            tags = Tags()
            tags.feed(answer.text)
            assert tags.wrong == [], page
            assert "<script>alert" not in answer.text
            seen += "&lt;script&gt;" in answer.text
            if "who=" not in page:  # what someone types comes back as they typed it
                assert "\u202e" not in answer.text, page

    assert seen >= 18


def test_the_first_and_the_last_day_there_are_narrow_nothing(client: Client) -> None:
    grant = GrantFactory(
        kind=GrantKind.ORGANISATION_ADMINISTRATOR, organisation=OrganisationFactory()
    )
    client.force_login(grant.person)
    address = reverse("lrs:statements", args=[grant.organisation.uuid])
    file = reverse("lrs:statements-file", args=[grant.organisation.uuid, "csv"])

    for days in ({"since": "0001-01-01"}, {"until": "9999-12-31"}, {"until": "0001-01-01"}):
        assert client.get(address, days).status_code == 200
        assert client.get(file, days).status_code == 200
