"""Two accounts that are one person, and a person who wants to be gone."""

from datetime import UTC, date, datetime

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.test import Client

from organisations import services
from organisations.enums import GrantKind
from organisations.models import AccessNote, Consent, Grant, Membership, Supervision, User
from organisations.queries import access_of
from organisations.signals import people_merged, person_erased
from tests.factories.organisations import (
    ConsentFactory,
    GrantFactory,
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
    SupervisionFactory,
    TeamFactory,
)

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
TODAY = date(2026, 6, 1)

pytestmark = pytest.mark.django_db


def test_merging_moves_everything_to_the_one_who_stays() -> None:
    kept, gone = PersonFactory(), PersonFactory()
    employer, team, pupil = OrganisationFactory(), TeamFactory(), PersonFactory()
    MembershipFactory(person=gone, organisation=employer, staff_number="7")
    MembershipFactory(person=gone, team=team)
    GrantFactory(person=gone, team=team)
    ConsentFactory(person=gone, team=team)
    supervision = SupervisionFactory(supervisor=gone, person=pupil)
    services.note_access(viewer=PersonFactory(), people=[gone], page="rating", at=NOW)

    services.merge_people(kept=kept, gone=gone)

    access = access_of(kept, on=TODAY)
    assert access.employer_ids == {employer.pk, supervision.organisation_id}
    assert access.led_team_ids == access.team_ids == {team.pk}
    assert access.supervised_ids == {pupil.pk}
    assert Consent.objects.get().person == kept
    assert AccessNote.objects.get().person == kept
    assert EmailAddress.objects.filter(user=kept, verified=True).count() == 2
    assert EmailAddress.objects.filter(user=kept, primary=True).count() == 1


def test_the_account_that_goes_names_the_other_and_cannot_sign_in(client: Client) -> None:
    kept, gone = PersonFactory(), PersonFactory()
    client.force_login(gone)

    services.merge_people(kept=kept, gone=gone)

    row = User.objects.get(pk=gone.pk)
    assert (row.merged_into, row.is_active, row.first_name, row.email) == (kept, False, "", "")
    assert access_of(row, on=TODAY).person_id is None
    assert client.get("/accounts/email/").status_code == 302


def test_where_both_hold_the_same_one_stays_and_others_are_told() -> None:
    kept, gone = PersonFactory(), PersonFactory()
    stays = MembershipFactory(person=kept)
    goes = MembershipFactory(person=gone, organisation=stays.organisation, staff_number="7")
    there = {"organisation": stays.organisation, "members": False}
    SupervisionFactory(supervisor=kept, person=gone, **there)
    pupil = SupervisionFactory(supervisor=kept, **there).person
    SupervisionFactory(supervisor=gone, person=pupil, **there)
    EmailAddress.objects.create(user=kept, email=gone.email, verified=False)
    told: list[dict[str, object]] = []

    def listen(**kwargs: object) -> None:
        told.append({name: kwargs[name] for name in ("kept_id", "gone_id", "memberships")})

    people_merged.connect(listen)
    try:
        services.merge_people(kept=kept, gone=gone)
    finally:
        people_merged.disconnect(listen)

    assert told == [{"kept_id": kept.pk, "gone_id": gone.pk, "memberships": {goes.pk: stays.pk}}]
    assert Membership.objects.get().staff_number == "7"
    assert list(Supervision.objects.values_list("supervisor", "person")) == [(kept.pk, pupil.pk)]
    assert EmailAddress.objects.get(email=gone.email).verified is True
    assert EmailAddress.objects.get(email=gone.email).user == kept


def test_merging_oneself_or_twice_is_refused() -> None:
    kept, gone = PersonFactory(), PersonFactory()
    with pytest.raises(services.CannotMerge):
        services.merge_people(kept=kept, gone=kept)
    services.merge_people(kept=kept, gone=gone)

    with pytest.raises(services.CannotMerge):
        services.merge_people(kept=kept, gone=gone)
    with pytest.raises(services.CannotMerge):
        services.merge_people(kept=gone, gone=kept)


def test_a_merge_that_fails_above_changes_nothing() -> None:
    kept, gone = PersonFactory(), PersonFactory()
    MembershipFactory(person=gone)

    def fail(**kwargs: object) -> None:
        raise RuntimeError("above")

    people_merged.connect(fail)
    try:
        with pytest.raises(RuntimeError, match="above"):
            services.merge_people(kept=kept, gone=gone)
    finally:
        people_merged.disconnect(fail)

    assert Membership.objects.get().person == gone
    assert User.objects.get(pk=gone.pk).is_active


def test_erasing_removes_the_person_and_tells_the_apps_above(client: Client) -> None:
    person, lead = PersonFactory(), PersonFactory()
    uuid, person_id = person.uuid, person.pk
    MembershipFactory(person=person)
    ConsentFactory(person=person)
    GrantFactory(person=person, kind=GrantKind.OPERATOR)
    services.note_access(viewer=lead, people=[person], page="rating", at=NOW)
    services.note_access(viewer=person, people=[lead], page="rating", at=NOW)
    client.post("/accounts/login/", {"login": person.username, "password": "a quiet river"})
    assert UserSession.objects.filter(user=person).exists()
    told: list[tuple[object, object]] = []

    def listen(person_id: int, person_uuid: object, **kwargs: object) -> None:
        told.append((person_id, person_uuid))

    person_erased.connect(listen)
    try:
        services.erase_person(person=person)
    finally:
        person_erased.disconnect(listen)

    assert told == [(person_id, uuid)]
    assert not User.objects.filter(uuid=uuid).exists()
    for model in (Membership, Consent, Grant, UserSession):
        assert not model.objects.exists()
    assert [(note.viewer, note.person) for note in AccessNote.objects.all()] == [(None, lead)]
    assert not EmailAddress.objects.filter(email=person.email).exists()
    assert client.get("/accounts/email/").status_code == 302


def test_a_merged_away_row_goes_with_the_person() -> None:
    kept, gone = PersonFactory(), PersonFactory()
    services.merge_people(kept=kept, gone=gone)

    services.erase_person(person=kept)

    assert not User.objects.exists()
