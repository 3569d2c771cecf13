"""Consents, memberships and leave: what changed, what was refused, what was announced."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from wagtail.models import Page

from cms.services import prepare_site
from organisations import services
from organisations.enums import ConsentPurpose, ConsentSource, GrantKind, MembershipStatus
from organisations.models import AccessNote, Consent, Grant, Installation, Membership, User
from organisations.queries import access_of, iri_base
from organisations.services import Invitation
from organisations.signals import consent_changed, membership_confirmed
from tests.factories.organisations import (
    ConsentFactory,
    GrantFactory,
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
    TeamFactory,
)

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
TODAY = date(2026, 6, 1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard():
    """What was announced, in order."""
    found: list[tuple[str, int]] = []

    def on_consent(person_id: int, **kwargs: object) -> None:
        found.append(("consent_changed", person_id))

    def on_confirmed(membership_id: int, **kwargs: object) -> None:
        found.append(("membership_confirmed", membership_id))

    consent_changed.connect(on_consent)
    membership_confirmed.connect(on_confirmed)
    yield found
    consent_changed.disconnect(on_consent)
    membership_confirmed.disconnect(on_confirmed)


# Looks -------------------------------------------------------------------------------------


def test_a_look_is_noted_in_one_insert_without_ones_own(django_assert_num_queries) -> None:
    viewer, team = PersonFactory(), TeamFactory()
    people = PersonFactory.create_batch(3)

    with django_assert_num_queries(1):
        look = services.note_access(
            viewer=viewer,
            people=[*people, people[0].pk, viewer],
            page="team_profile",
            team=team,
            at=NOW,
        )

    notes = AccessNote.objects.filter(look=look, viewer=viewer, team=team, noted_at=NOW)
    assert {note.person_id for note in notes} == {person.pk for person in people}
    assert AccessNote.objects.count() == 3


def test_old_notes_of_looks_are_forgotten() -> None:
    viewer, person = PersonFactory.create_batch(2)
    for years in (1, 3):
        services.note_access(
            viewer=viewer, people=[person], page="rating", at=NOW - timedelta(days=366 * years)
        )

    assert services.forget_old_access_notes(before=NOW) == 1
    assert AccessNote.objects.count() == 1


# Consent -----------------------------------------------------------------------------------


def test_consent_is_given_once_and_can_have_another_end(
    heard, django_capture_on_commit_callbacks
) -> None:
    membership = MembershipFactory(team=TeamFactory())
    asked = {
        "person": membership.person,
        "team": membership.team,
        "source": ConsentSource.ALL,
        "purpose": ConsentPurpose.TEAM_PROFILE,
        "at": NOW,
    }

    with django_capture_on_commit_callbacks(execute=True):
        first = services.grant_consent(**asked)
        again = services.grant_consent(**asked, until=NOW + timedelta(days=30))

    assert first == again
    assert Consent.objects.get().ends_at == NOW + timedelta(days=30)
    assert heard == [("consent_changed", membership.person_id)] * 2


def test_consent_to_a_team_one_is_not_in_is_refused() -> None:
    invited = MembershipFactory(team=TeamFactory(), invited=True)

    with pytest.raises(services.NotAMember):
        services.grant_consent(
            person=invited.person,
            team=invited.team,
            source=ConsentSource.ALL,
            purpose=ConsentPurpose.TEAM_PROFILE,
            at=NOW,
        )

    assert not Consent.objects.exists()


def test_consent_that_ends_before_it_starts_is_refused() -> None:
    membership = MembershipFactory()

    with pytest.raises(services.ConsentEndsBeforeItStarts):
        services.grant_consent(
            person=membership.person,
            organisation=membership.organisation,
            source=ConsentSource.ALL,
            purpose=ConsentPurpose.EMPLOYMENT,
            at=NOW,
            until=NOW,
        )


def test_withdrawn_consent_keeps_its_row_and_its_first_end() -> None:
    consent = ConsentFactory()

    services.withdraw_consent(consent=consent, at=NOW)
    services.withdraw_consent(consent=consent, at=NOW + timedelta(days=1))

    assert Consent.objects.get().withdrawn_at == NOW


def test_withdrawing_all_leaves_what_others_were_given() -> None:
    consent, other = ConsentFactory(), ConsentFactory()
    theirs = ConsentFactory(person=consent.person)
    ConsentFactory(person=consent.person, team=consent.team, source=ConsentSource.PLATFORM)

    ended = services.withdraw_all_consents(person=consent.person, team=consent.team, at=NOW)

    assert ended == 2
    assert set(Consent.objects.open_at(NOW)) == {other, theirs}


# Memberships -------------------------------------------------------------------------------


def test_someone_new_is_invited_as_a_person_who_cannot_sign_in_yet() -> None:
    employer = OrganisationFactory()

    membership = services.invite_member(
        invitation=Invitation(email="new@example.org", given_name="Gwen", staff_number="7"),
        organisation=employer,
        starts_on=TODAY,
        at=NOW,
    )

    person = membership.person
    assert (membership.status, membership.staff_number) == (MembershipStatus.INVITED, "7")
    assert (person.first_name, person.email) == ("Gwen", "")
    assert not person.has_usable_password()
    assert access_of(person, on=TODAY).employer_ids == set()


def test_someone_with_that_proved_address_is_invited_as_themselves() -> None:
    known = PersonFactory(email="Known@example.org")

    membership = services.invite_member(
        invitation=Invitation(email="known@EXAMPLE.org"),
        team=TeamFactory(),
        starts_on=TODAY,
        at=NOW,
    )

    assert membership.person == known


def test_an_address_that_is_not_proved_is_nobodys() -> None:
    claims = PersonFactory(email="x@example.org", verified=False)

    membership = services.invite_member(
        invitation=Invitation(email="x@example.org"), team=TeamFactory(), starts_on=TODAY, at=NOW
    )

    assert membership.person != claims


def test_inviting_a_member_again_is_refused_and_makes_nobody() -> None:
    member = MembershipFactory()

    with pytest.raises(services.AlreadyAMember):
        services.invite_member(
            invitation=Invitation(email=member.person.email),
            organisation=member.organisation,
            starts_on=TODAY,
            at=NOW,
        )

    assert User.objects.count() == Membership.objects.count() == 1


def test_a_staff_number_is_one_persons() -> None:
    taken = MembershipFactory(staff_number="7")

    with pytest.raises(services.StaffNumberTaken):
        services.invite_member(
            invitation=Invitation(email="new@example.org", staff_number="7"),
            organisation=taken.organisation,
            starts_on=TODAY,
            at=NOW,
        )

    assert User.objects.count() == 1


def test_saying_yes_makes_a_member_and_shares_what_one_chose(
    heard, django_capture_on_commit_callbacks
) -> None:
    invited = MembershipFactory(team=TeamFactory(), invited=True)

    with django_capture_on_commit_callbacks(execute=True):
        services.confirm_membership(
            membership=invited, by=invited.person, at=NOW, share=ConsentSource.PLATFORM
        )

    consent = Consent.objects.get()
    assert access_of(invited.person, on=TODAY).team_ids == {invited.team_id}
    assert (consent.team, consent.source, consent.purpose) == (
        invited.team,
        ConsentSource.PLATFORM,
        ConsentPurpose.TEAM_PROFILE,
    )
    assert ("membership_confirmed", invited.pk) in heard


def test_saying_yes_shares_nothing_by_itself() -> None:
    invited = MembershipFactory(invited=True)

    services.confirm_membership(membership=invited, by=invited.person, at=NOW)
    services.confirm_membership(membership=invited, by=invited.person, at=NOW)

    assert invited.status == MembershipStatus.ACTIVE
    assert not Consent.objects.exists()


def test_nobody_answers_for_someone_else_or_twice_or_too_late() -> None:
    invited = MembershipFactory(invited=True)
    refused = MembershipFactory(invited=True)
    services.refuse_membership(membership=refused, by=refused.person, at=NOW)
    ended = MembershipFactory(invited=True, ended=True)

    for membership, by in (
        (invited, PersonFactory()),
        (refused, refused.person),
        (ended, ended.person),
    ):
        with pytest.raises(services.NotInvited):
            services.confirm_membership(membership=membership, by=by, at=NOW)

    assert not Membership.objects.filter(status=MembershipStatus.ACTIVE).exists()


def test_who_refused_can_be_asked_again() -> None:
    refused = MembershipFactory(team=TeamFactory(), invited=True, starts_on=TODAY)
    services.refuse_membership(membership=refused, by=refused.person, at=NOW)

    again = services.join_team(person=refused.person, team=refused.team, starts_on=TODAY, at=NOW)

    assert again.status == MembershipStatus.INVITED


def test_leaving_ends_what_was_shared_there_and_only_there() -> None:
    membership = MembershipFactory(team=TeamFactory())
    shared = ConsentFactory(person=membership.person, team=membership.team)
    elsewhere = ConsentFactory(person=membership.person)

    services.end_membership(membership=membership, ends_on=TODAY, on=TODAY)

    shared.refresh_from_db()
    elsewhere.refresh_from_db()
    assert membership.ends_on == TODAY
    assert shared.ends_at is not None
    assert NOW < shared.ends_at < NOW + timedelta(days=1)
    assert elsewhere.ends_at is None


def test_an_earlier_end_of_a_membership_is_kept() -> None:
    membership = MembershipFactory(ended=True)

    services.end_membership(membership=membership, ends_on=TODAY, on=TODAY)

    assert membership.ends_on == date(2026, 3, 31)


# Leave -------------------------------------------------------------------------------------


def test_leave_is_given_once_and_ends_the_same_day() -> None:
    person, team, operator = PersonFactory(), TeamFactory(), PersonFactory()
    asked = {
        "person": person,
        "kind": GrantKind.WORKFORCE_LEAD,
        "team": team,
        "granted_by": operator,
    }

    grant = services.grant_leave(**asked, starts_on=date(2026, 5, 1))
    again = services.grant_leave(**asked, starts_on=TODAY)
    assert grant == again
    assert access_of(person, on=TODAY).led_team_ids == {team.pk}

    services.end_grant(grant=grant, on=TODAY)
    services.end_grant(grant=grant, on=TODAY)
    assert access_of(person, on=TODAY).led_team_ids == set()
    assert Grant.objects.get().ends_on == date(2026, 5, 31)


def test_leave_given_and_ended_on_one_day_leaves_no_row() -> None:
    grant = GrantFactory(team=TeamFactory(), starts_on=TODAY)

    services.end_grant(grant=grant, on=TODAY)

    assert not Grant.objects.exists()


def test_leave_of_the_wrong_kind_of_thing_is_refused() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        services.grant_leave(
            person=PersonFactory(),
            kind=GrantKind.OPERATOR,
            team=TeamFactory(),
            starts_on=TODAY,
            granted_by=None,
        )


def test_educators_come_into_the_editor_and_leave_it() -> None:
    person = PersonFactory()
    grant = services.grant_leave(
        person=person,
        kind=GrantKind.EDUCATOR,
        organisation=OrganisationFactory(),
        starts_on=date(2026, 5, 1),
        ends_on=date(2026, 7, 1),
        granted_by=None,
    )
    assert User.objects.get(pk=person.pk).has_perm("wagtailadmin.access_admin")

    services.keep_educators(on=date(2026, 7, 2))
    assert not User.objects.get(pk=person.pk).has_perm("wagtailadmin.access_admin")

    services.keep_educators(on=TODAY)
    services.end_grant(grant=grant, on=TODAY)
    assert not Group.objects.get(name="Educators").user_set.exists()


def test_only_educators_everywhere_change_pages() -> None:
    prepare_site()
    everywhere, of_one = PersonFactory(), PersonFactory()
    page = Page.objects.get(depth=2, locale__language_code="en")
    for person, organisation in ((everywhere, None), (of_one, OrganisationFactory())):
        services.grant_leave(
            person=person,
            kind=GrantKind.EDUCATOR,
            organisation=organisation,
            starts_on=TODAY,
            granted_by=None,
        )

    services.keep_educators(on=TODAY)

    everywhere, of_one = (User.objects.get(pk=one.pk) for one in (everywhere, of_one))
    assert page.permissions_for_user(everywhere).can_publish()
    assert not page.permissions_for_user(of_one).can_edit()


def test_identifiers_begin_where_they_began_at_first_start() -> None:
    first = services.fix_iri_base(wanted="https://learn.example.org/", at=NOW)
    later = services.fix_iri_base(wanted="https://other.example.org", at=NOW)

    assert first == later == iri_base() == "https://learn.example.org"
    assert Installation.objects.count() == 1
