"""Journey (b): another organisation's system posts a statement; the person's record has it."""

import base64
import io
import json
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.test import Client

from competencies.models import Competency, Evidence
from competencies.services import ShownCompetency, set_activity_mappings
from organisations.models import Organisation
from records.models import RecordEntry
from tests.factories.competencies import FrameworkFactory
from tests.factories.organisations import STARTED_AT, PersonFactory

pytestmark = pytest.mark.django_db

COURSE = "https://learn.example.org/course/7"


@pytest.fixture
def key() -> str:
    out = io.StringIO()
    call_command(
        "create_lrs_credential",
        organisation="Testdale Trust",
        create=True,
        scope=["all"],
        stdout=out,
    )
    made = json.loads(out.getvalue().splitlines()[-1])
    return base64.b64encode(f"{made['key']}:{made['secret']}".encode()).decode()


def post(client: Client, key: str, body: object) -> object:
    return client.post(
        "/xapi/statements",
        json.dumps(body),
        content_type="application/json",
        headers={"authorization": f"Basic {key}", "x-experience-api-version": "1.0.3"},
    )


def passed(address: str) -> dict:
    return {
        "id": str(uuid4()),
        "actor": {"mbox": f"mailto:{address}"},
        "verb": {"id": "http://adlnet.gov/expapi/verbs/passed"},
        "object": {"id": COURSE, "definition": {"name": {"en": "Moving and handling"}}},
        "result": {"success": True},
        "timestamp": "2026-05-02T10:00:00Z",
    }


def test_what_another_system_reports_is_in_the_persons_record(client: Client, key: str) -> None:
    framework = FrameworkFactory(is_shared=True)
    competency = Competency.objects.get(framework=framework, versions__code="F1.1")
    level = framework.levels.get(key="enhanced")
    set_activity_mappings(
        activity_iri=COURSE, shown=[ShownCompetency(competency, level)], at=STARTED_AT
    )
    from records.services import link_known_addresses

    person = PersonFactory(email="ffion@example.org")
    link_known_addresses(at=STARTED_AT)
    trust = Organisation.objects.get(name="Testdale Trust")

    answer = post(client, key, passed("ffion@example.org"))

    assert answer.status_code == 200
    entry = RecordEntry.objects.get()
    assert (entry.person, entry.source_organisation, entry.kind) == (person, trust, "passed")
    evidence = Evidence.objects.get()
    assert (evidence.person, evidence.level, evidence.source_organisation) == (
        person,
        level,
        trust,
    )
    client.force_login(person)
    page = client.get("/me/").content.decode()
    assert "Moving and handling" in page
    assert "Testdale Trust" in page


def test_an_unknown_actor_waits_and_shows_to_nobody(client: Client, key: str) -> None:
    PersonFactory(email="ffion@example.org")

    assert post(client, key, passed("nobody@example.org")).status_code == 200

    assert not RecordEntry.objects.exists()


def test_a_statement_without_an_actor_is_refused_and_leaves_nothing(
    client: Client, key: str
) -> None:
    good, bad = passed("ffion@example.org"), passed("ffion@example.org")
    del bad["actor"]

    answer = post(client, key, [good, bad])

    assert answer.status_code == 400
    assert "actor" in answer.content.decode()
    assert not RecordEntry.objects.exists()


def test_a_wrong_key_is_refused(client: Client) -> None:
    wrong = base64.b64encode(b"who:knows").decode()

    assert post(client, wrong, passed("ffion@example.org")).status_code == 401
