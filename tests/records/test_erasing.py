"""Records after somebody was erased from a store, or from the platform: in step with the log."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from competencies.models import Competency, Evidence
from competencies.services import ShownCompetency, set_activity_mappings
from lrs.enums import ActStatus
from lrs.models import LifeCycleAct, Statement
from lrs.queries import person_identifier
from lrs.services import (
    carry_out_acts,
    change_identifier,
    erase_actor,
    store_own_statements,
    store_statements,
    tenant_of,
)
from lrs.statements import Activity, completed, rated
from organisations.services import erase_person, merge_people
from records.models import RecordEntry
from records.services import catch_up, link_verified_address, rebuild_records
from tests.factories.competencies import FrameworkFactory
from tests.factories.organisations import OrganisationFactory, PersonFactory

pytestmark = pytest.mark.django_db

AT = datetime(2026, 5, 1, 9, tzinfo=UTC)
COURSE = "https://learn.example.org/course/1"
MAIL = "mbox::mailto:ffion@example.org"


def send(organisation: Any, actor: dict[str, Any]) -> None:
    statement = {
        "id": str(uuid4()),
        "actor": actor,
        "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"},
        "object": {"id": COURSE},
        "timestamp": "2026-05-02T10:00:00Z",
    }
    store_statements(
        tenant=tenant_of(organisation=organisation),
        authority={"account": {"homePage": "https://a.example", "name": "a"}},
        statements=[statement],
    )


@pytest.fixture
def scene() -> dict[str, Any]:
    """A person with two accounts' worth of statements: here, and at one of two organisations."""
    framework = FrameworkFactory(is_shared=True)
    competency = Competency.objects.get(framework=framework, versions__code="F1.1")
    level = framework.levels.get(key="essential")
    set_activity_mappings(activity_iri=COURSE, shown=[ShownCompetency(competency, level)], at=AT)
    person, other = PersonFactory(email="ffion@example.org"), PersonFactory()
    organisation, quiet = OrganisationFactory(), OrganisationFactory()
    tenant_of(organisation=quiet)
    here = {"activity": Activity(COURSE, "course"), "timestamp": AT, "language": "en"}
    store_own_statements(
        statements=[
            completed(person_uuid=person.uuid, **here),
            completed(person_uuid=other.uuid, **here),
            rated(
                person_uuid=other.uuid,
                rater_uuid=person.uuid,
                rating_uuid=uuid4(),
                level="Essential",
                **here,
            ),
        ]
    )
    link_verified_address(person=person, address="ffion@example.org", at=AT)
    send(organisation, {"mbox": "mailto:ffion@example.org", "name": "Ffion"})
    catch_up(at=AT)
    return {"person": person, "other": other, "organisation": organisation}


def differences() -> int:
    return rebuild_records(at=AT, keep=False).differences


def test_who_erases_their_account_leaves_no_trace_in_what_was_done_here(
    scene: dict[str, Any], django_capture_on_commit_callbacks: Any
) -> None:
    uuid = str(scene["person"].uuid)
    assert RecordEntry.objects.filter(person=scene["person"]).count() == 2

    with django_capture_on_commit_callbacks(execute=True):
        erase_person(person=scene["person"])

    here = Statement.objects.filter(tenant__is_platform=True).values_list("payload", flat=True)
    assert not [one for one in here if uuid in one]
    assert len([one for one in here if "erased:" in one]) == 2
    act = LifeCycleAct.objects.get(tenant__is_platform=True)
    assert (act.status, act.statements, act.working) == (ActStatus.DONE, 2, {})
    assert differences() == 0
    assert RecordEntry.objects.filter(person=scene["other"]).exists()


def test_what_a_lost_message_left_is_found_by_the_sweep(scene: dict[str, Any]) -> None:
    erase_person(person=scene["person"])
    assert LifeCycleAct.objects.get(tenant__is_platform=True).status == ActStatus.WAITING

    carry_out_acts(at=AT)

    assert LifeCycleAct.objects.get(tenant__is_platform=True).status == ActStatus.DONE


def test_the_organisation_is_asked_about_its_own_and_decides(scene: dict[str, Any]) -> None:
    erase_person(person=scene["person"])
    carry_out_acts(at=AT)

    act = LifeCycleAct.objects.get(tenant__is_platform=False)
    assert act.tenant.organisation == scene["organisation"]
    assert act.status == ActStatus.OFFERED
    assert MAIL in act.working["identifiers"]
    theirs = Statement.objects.get(tenant=act.tenant)
    assert "ffion@example.org" in theirs.payload


def test_merged_accounts_go_with_who_they_were(scene: dict[str, Any]) -> None:
    merge_people(kept=scene["person"], gone=scene["other"])
    gone = str(scene["other"].uuid)

    erase_person(person=scene["person"])
    carry_out_acts(at=AT)

    payloads = Statement.objects.filter(tenant__is_platform=True).values_list("payload", flat=True)
    assert not [one for one in payloads if gone in one]
    assert differences() == 0


def test_what_an_organisation_erases_leaves_the_record_of_who_stays(scene: dict[str, Any]) -> None:
    tenant = tenant_of(organisation=scene["organisation"])
    theirs = RecordEntry.objects.filter(person=scene["person"])
    proof = Evidence.objects.filter(person=scene["person"], withdrawn_at__isnull=True)
    assert (theirs.count(), proof.count()) == (2, 2)

    erase_actor(tenant=tenant, identifiers=[MAIL], reason="Left", at=AT)

    assert [row.source_organisation for row in theirs] == [None]
    assert [row.source_organisation for row in proof] == [None]
    assert differences() == 0


def test_a_change_of_identifier_moves_the_record(scene: dict[str, Any]) -> None:
    tenant = tenant_of(organisation=scene["organisation"])
    link_verified_address(person=scene["other"], address="gwil@example.org", at=AT)

    change_identifier(
        tenant=tenant, old=MAIL, new="mbox::mailto:gwil@example.org", reason="Mixed up", at=AT
    )

    moved = RecordEntry.objects.get(source_organisation=scene["organisation"])
    assert moved.person == scene["other"]
    assert differences() == 0
    assert person_identifier(scene["person"].uuid) != MAIL
