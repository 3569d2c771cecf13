"""What happens to evidence and roles when two accounts turn out to be one person."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from competencies.enums import EvidenceKind
from competencies.models import Evidence, RoleAssignment
from organisations.models import User
from organisations.services import merge_people
from tests.factories.competencies import ItemFactory, RoleFactory
from tests.factories.organisations import MembershipFactory, PersonFactory

pytestmark = pytest.mark.django_db


def evidence(person: User, item: object, **known: object) -> Evidence:
    return Evidence.objects.create(
        person=person,
        item=item,
        competency=item.competency,
        kind=EvidenceKind.COMPLETION,
        observed_at=datetime(2026, 5, 1, tzinfo=UTC),
        **known,
    )


def test_evidence_of_two_accounts_is_one_persons_and_not_doubled() -> None:
    kept, gone = PersonFactory(), PersonFactory()
    item, shared = ItemFactory(), uuid4()
    evidence(kept, item, statement_uuid=shared)
    evidence(gone, item, statement_uuid=shared)
    mine = evidence(gone, item, rating_uuid=uuid4())

    merge_people(kept=kept, gone=gone)

    assert not Evidence.objects.filter(person=gone).exists()
    assert Evidence.objects.filter(person=kept, statement_uuid=shared).count() <= 1
    assert Evidence.objects.filter(person=kept, pk=mine.pk).exists()


def test_roles_move_to_the_membership_that_stays() -> None:
    kept, gone = PersonFactory(), PersonFactory()
    stays = MembershipFactory(person=kept)
    goes = MembershipFactory(person=gone, organisation=stays.organisation)
    both, mine = RoleFactory(), RoleFactory()
    day = date(2026, 1, 1)
    RoleAssignment.objects.create(membership=stays, role=both, starts_on=day)
    RoleAssignment.objects.create(membership=goes, role=both, starts_on=day)
    RoleAssignment.objects.create(membership=goes, role=mine, starts_on=day)

    merge_people(kept=kept, gone=gone)

    found = RoleAssignment.objects.values_list("membership", "role")
    assert set(found) == {(stays.pk, both.pk), (stays.pk, mine.pk)}
