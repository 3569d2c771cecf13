"""Statements from outside: matched, waiting, voided, rebuilt."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from competencies.models import ActivityMapping, Competency, Evidence
from competencies.services import ShownCompetency, set_activity_mappings
from lrs.services import store_statements, tenant_of
from organisations.models import AccountSystem, User
from organisations.queries import iri_base
from records.enums import Proof
from records.models import RecordEntry, UnreadStatement
from records.rules.projection import reading_of
from records.services import (
    IdentityTaken,
    NotTheirsToProve,
    catch_up,
    link_identity,
    link_verified_address,
    project_activity_again,
    rebuild_records,
)
from tests.factories.competencies import FrameworkFactory
from tests.factories.organisations import OrganisationFactory, PersonFactory

pytestmark = pytest.mark.django_db

AT = datetime(2026, 5, 1, 9, tzinfo=UTC)
COURSE = "https://learn.example.org/course/1"


@pytest.fixture
def scene() -> dict[str, Any]:
    framework = FrameworkFactory(is_shared=True)
    competency = Competency.objects.get(framework=framework, versions__code="F1.1")
    level = framework.levels.get(key="essential")
    set_activity_mappings(activity_iri=COURSE, shown=[ShownCompetency(competency, level)], at=AT)
    return {
        "organisation": OrganisationFactory(),
        "person": PersonFactory(email="ffion@example.org"),
        "competency": competency,
        "level": level,
    }


def send(organisation: Any, actor: dict[str, Any], **more: Any) -> str:
    uuid = str(uuid4())
    statement = {
        "id": uuid,
        "actor": actor,
        "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"},
        "object": {"id": COURSE},
        "timestamp": "2026-05-02T10:00:00Z",
        **more,
    }
    store_statements(
        tenant=tenant_of(organisation=organisation),
        authority={"mbox": "mailto:system@example.org"},
        statements=[statement],
    )
    return uuid


def mbox(address: str) -> dict[str, str]:
    return {"mbox": f"mailto:{address}"}


def test_unknown_actor_waits_and_comes_in_once_the_address_is_proved(scene: dict) -> None:
    send(scene["organisation"], mbox("ffion@EXAMPLE.org"))
    done = catch_up(at=AT)
    assert (done.entries, done.waiting) == (0, 1)

    link_verified_address(person=scene["person"], address="ffion@example.org", at=AT)

    entry = RecordEntry.objects.get()
    assert (entry.person, entry.source_organisation) == (scene["person"], scene["organisation"])
    assert Evidence.objects.get().source_organisation == scene["organisation"]


def test_an_address_is_one_person(scene: dict) -> None:
    link_verified_address(person=scene["person"], address="ffion@example.org", at=AT)

    with pytest.raises(IdentityTaken):
        link_verified_address(person=PersonFactory(), address="ffion@example.org", at=AT)


def test_account_counts_only_by_the_organisation_that_owns_its_home_page(scene: dict) -> None:
    other = OrganisationFactory()
    AccountSystem.objects.create(
        organisation=scene["organisation"], home_page="https://hr.example.org"
    )
    account = {"account": {"homePage": "https://hr.example.org", "name": "0042"}}
    actor = "account::https://hr.example.org|0042"
    send(scene["organisation"], account)
    send(other, account)

    with pytest.raises(NotTheirsToProve):
        link_identity(
            person=scene["person"], actor=actor, proof=Proof.ORGANISATION, at=AT, organisation=other
        )
    link_identity(
        person=scene["person"],
        actor=actor,
        proof=Proof.ORGANISATION,
        at=AT,
        organisation=scene["organisation"],
    )
    catch_up(at=AT)

    assert [row.source_organisation for row in RecordEntry.objects.all()] == [scene["organisation"]]


def test_voiding_retracts_what_it_projected(scene: dict) -> None:
    link_verified_address(person=scene["person"], address="ffion@example.org", at=AT)
    uuid = send(scene["organisation"], mbox("ffion@example.org"))
    catch_up(at=AT)
    assert Evidence.objects.filter(withdrawn_at=None).count() == 1

    send(
        scene["organisation"],
        mbox("system@example.org"),
        verb={"id": "http://adlnet.gov/expapi/verbs/voided"},
        object={"objectType": "StatementRef", "id": uuid},
    )
    catch_up(at=AT)

    assert not Evidence.objects.filter(withdrawn_at=None).exists()
    assert not RecordEntry.objects.filter(retracted_at=None).exists()
    assert rebuild_records(at=AT, keep=False).differences == 0


def test_projecting_again_changes_nothing(scene: dict) -> None:
    link_verified_address(person=scene["person"], address="ffion@example.org", at=AT)
    send(scene["organisation"], mbox("ffion@example.org"))
    catch_up(at=AT)
    before = list(Evidence.objects.values_list("pk", "withdrawn_at"))

    found = rebuild_records(at=AT)

    assert (found.statements, found.entries, found.evidence, found.differences) == (1, 1, 1, 0)
    assert list(Evidence.objects.values_list("pk", "withdrawn_at")) == before


def test_rebuild_finds_and_mends_what_is_missing(scene: dict) -> None:
    link_verified_address(person=scene["person"], address="ffion@example.org", at=AT)
    send(scene["organisation"], mbox("ffion@example.org"))
    catch_up(at=AT)
    Evidence.objects.all().delete()

    assert rebuild_records(at=AT, keep=False).differences == 1
    assert not Evidence.objects.exists()
    assert rebuild_records(at=AT).differences == 1
    assert Evidence.objects.count() == 1


def test_a_new_mapping_counts_the_past_only_when_asked(scene: dict) -> None:
    link_verified_address(person=scene["person"], address="ffion@example.org", at=AT)
    send(scene["organisation"], mbox("ffion@example.org"))
    catch_up(at=AT)
    other = Competency.objects.get(versions__code="F1.2")
    later = datetime(2026, 9, 1, tzinfo=UTC)
    first = ShownCompetency(scene["competency"], scene["level"])

    set_activity_mappings(
        activity_iri=COURSE, shown=[first, ShownCompetency(other, scene["level"])], at=later
    )
    project_activity_again(activity_iri=COURSE, at=later)
    assert Evidence.objects.filter(competency=other).count() == 0

    set_activity_mappings(
        activity_iri=COURSE,
        shown=[first, ShownCompetency(other, scene["level"], counts_past=True)],
        at=later,
    )
    project_activity_again(activity_iri=COURSE, at=later)
    assert Evidence.objects.filter(competency=other, withdrawn_at=None).count() == 1
    assert ActivityMapping.objects.filter(competency=other).count() == 2


def test_another_organisation_cannot_write_into_a_strangers_record(scene: dict) -> None:
    person: User = scene["person"]
    ours = {"account": {"homePage": "http://localhost:8000", "name": str(person.uuid)}}

    send(scene["organisation"], ours)
    catch_up(at=AT)

    assert not RecordEntry.objects.exists()


@pytest.mark.parametrize("said", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z"])
def test_a_clock_gone_wrong_counts_from_the_storing(scene: dict, said: str) -> None:
    framework_level = scene["level"]
    set_activity_mappings(
        activity_iri=COURSE,
        shown=[ShownCompetency(scene["competency"], framework_level, True, months_valid=24)],
        at=AT,
    )
    link_verified_address(person=scene["person"], address="ffion@example.org", at=AT)

    send(scene["organisation"], mbox("ffion@example.org"), timestamp=said)
    catch_up(at=AT)

    entry = RecordEntry.objects.get()
    assert abs(entry.occurred_at - datetime.now(UTC)) < timedelta(minutes=5)
    assert Evidence.objects.get().expires_on.year == datetime.now(UTC).year + 2


def test_names_with_characters_no_database_keeps_are_read(scene: dict) -> None:
    link_verified_address(person=scene["person"], address="ffion@example.org", at=AT)

    send(
        scene["organisation"],
        mbox("ffion@example.org"),
        object={"id": COURSE, "definition": {"name": {"en": "A\x00 course"}}},
    )
    catch_up(at=AT)

    assert RecordEntry.objects.get().activity_name == {"en": "A course"}


def test_a_statement_that_cannot_be_read_holds_up_nobody_elses(
    scene: dict, monkeypatch: pytest.MonkeyPatch
) -> None:
    link_verified_address(person=scene["person"], address="ffion@example.org", at=AT)
    bad = send(scene["organisation"], mbox("ffion@example.org"))
    send(scene["organisation"], mbox("ffion@example.org"))

    def stumble(statement: dict[str, Any]) -> Any:
        if statement["id"] == bad:
            raise ValueError("no reading of this")
        return reading_of(statement)

    monkeypatch.setattr("records.services.projection.reading_of", stumble)
    done = catch_up(at=AT)

    assert (done.statements, done.entries) == (2, 1)
    assert str(UnreadStatement.objects.get().statement_uuid) == bad
    monkeypatch.undo()
    rebuild_records(at=AT)
    assert RecordEntry.objects.count() == 2
    assert not UnreadStatement.objects.exists()


def test_another_system_cannot_say_that_our_own_quiz_was_passed(scene: dict) -> None:
    ours = f"{iri_base()}/activities/quiz/{uuid4()}"
    set_activity_mappings(
        activity_iri=ours, shown=[ShownCompetency(scene["competency"], scene["level"])], at=AT
    )
    link_verified_address(person=scene["person"], address="ffion@example.org", at=AT)

    send(scene["organisation"], mbox("ffion@example.org"), object={"id": ours})
    catch_up(at=AT)
    project_activity_again(activity_iri=ours, at=AT)

    assert RecordEntry.objects.get().source_organisation == scene["organisation"]
    assert not Evidence.objects.exists()
