"""Joining organisations and teams, and leaving them."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from organisations.enums import ConsentPurpose, ConsentSource, MembershipStatus
from organisations.models import Membership, Organisation, Team, User, open_on
from organisations.services.consent import grant_consent
from organisations.services.leaving import close_leave, close_sharing
from organisations.signals import membership_confirmed, membership_invited


class AlreadyAMember(Exception):
    """There is an open membership, confirmed or invited, of the same person in the same place."""


class StaffNumberTaken(Exception):
    """Someone else has that staff number in the organisation."""


class EndsBeforeItBegan(Exception):
    """A membership that has begun cannot end before its first day."""


class NotInvited(Exception):
    """The invitation was answered otherwise, has ended, or is someone else's."""


@dataclass(frozen=True)
class Invitation:
    """Whom to invite, in their employer's or a team lead's words."""

    email: str
    given_name: str = ""
    family_name: str = ""
    staff_number: str = ""
    job_title: str = ""
    wte: Decimal = Decimal("1.00")
    language: str = settings.LANGUAGE_CODE


def person_with_address(email: str) -> User | None:
    """Return who has proved that the e-mail address is theirs."""
    found = (
        EmailAddress.objects.filter(email__iexact=email, verified=True)
        .select_related("user")
        .first()
        if email
        else None
    )
    return found.user if found else None


def new_person(*, given_name: str, family_name: str, language: str) -> User:
    """Make someone who cannot sign in until they answer an invitation.

    The address they were invited at is not theirs until they prove it, so it is kept with the
    membership and not here.
    """
    person = User(first_name=given_name, last_name=family_name, language=language)
    person.set_unusable_password()
    person.save()
    return person


def invite_member(
    *,
    invitation: Invitation,
    starts_on: date,
    at: datetime,
    organisation: Organisation | None = None,
    team: Team | None = None,
) -> Membership:
    """Invite someone by e-mail address to an organisation or a team.

    Whoever has proved that address is invited as themselves, and anyone else as a new person, who
    becomes an account, or part of one, by answering. Raises AlreadyAMember and StaffNumberTaken.

    Writes: User when new, Membership. Announces membership_invited, on which the mail goes out.
    """
    number = invitation.staff_number
    with transaction.atomic():
        _take_turns(organisation=organisation, team=team)
        if _is_invited(invitation.email, organisation=organisation, team=team, on=starts_on):
            raise AlreadyAMember
        if (
            number
            and organisation
            and organisation.memberships.filter(staff_number=number).exists()
        ):
            raise StaffNumberTaken
        person = person_with_address(invitation.email) or new_person(
            given_name=invitation.given_name,
            family_name=invitation.family_name,
            language=invitation.language,
        )
        membership = _invite(
            person=person,
            organisation=organisation,
            team=team,
            starts_on=starts_on,
            at=at,
            email=invitation.email,
        )
        membership.staff_number = number
        membership.job_title = invitation.job_title
        membership.wte = invitation.wte
        membership.invited_given_name = invitation.given_name
        membership.invited_family_name = invitation.family_name
        membership.save()
    return membership


def join_team(*, person: User, team: Team, starts_on: date, at: datetime) -> Membership:
    """Ask someone we know to join a team; they are a member once they say yes.

    Raises AlreadyAMember. Writes: Membership. Announces membership_invited.
    """
    with transaction.atomic():
        return _invite(
            person=person,
            organisation=None,
            team=team,
            starts_on=starts_on,
            at=at,
            email=person.email,
        )


def confirm_membership(
    *,
    membership: Membership,
    by: User,
    at: datetime,
    share: ConsentSource | None = None,
    source_organisation: Organisation | None = None,
) -> None:
    """Say yes to an invitation, and in the same step, if one wants to, share one's learning.

    ``share`` opens that source to the team for its profile, or to the employer for its training
    record. Raises NotInvited.

    Writes: Membership, Consent. Announces membership_confirmed. Safe to repeat.
    """
    with transaction.atomic():
        _answer(membership, by=by, status=MembershipStatus.ACTIVE, at=at)
        if share is not None:
            grant_consent(
                person=by,
                source=share,
                source_organisation=source_organisation,
                organisation=membership.organisation,
                team=membership.team,
                purpose=(
                    ConsentPurpose.TEAM_PROFILE if membership.team_id else ConsentPurpose.EMPLOYMENT
                ),
                at=at,
            )
        membership_id = membership.pk
        transaction.on_commit(
            lambda: membership_confirmed.send_robust(sender=Membership, membership_id=membership_id)
        )


def refuse_membership(*, membership: Membership, by: User, at: datetime) -> None:
    """Say no to an invitation; nobody is told why.

    Raises NotInvited. Writes: Membership. Safe to repeat.
    """
    with transaction.atomic():
        _answer(membership, by=by, status=MembershipStatus.REFUSED, at=at)


def end_membership(*, membership: Membership, ends_on: date, on: date) -> None:
    """Set the last day of a membership, and of all that hangs on it; ``on`` is today.

    What was shared with that team or employer, leave to act for it, and supervision in its name
    end with it. An earlier end is kept; a start that is still to come moves back to the end.

    Raises EndsBeforeItBegan: it has begun, and not before that day.
    Writes: Membership, Consent, Grant, Supervision. Announces consent_changed. Safe to repeat.
    """
    with transaction.atomic():
        row = Membership.objects.select_for_update().get(pk=membership.pk)
        last_day = min(row.ends_on or ends_on, ends_on)
        if last_day < row.starts_on <= on:
            raise EndsBeforeItBegan
        has_left_before = row.ends_on == last_day and last_day < on
        row.ends_on = last_day
        row.starts_on = min(row.starts_on, last_day)
        row.save(update_fields=["starts_on", "ends_on"])
        membership.refresh_from_db(fields=["starts_on", "ends_on"])
        close_sharing(row)
        if not has_left_before:
            close_leave(row, on=on)


def _take_turns(*, organisation: Organisation | None, team: Team | None) -> None:
    """Let two who invite to the same place go one after the other."""
    if organisation is not None:
        Organisation.objects.select_for_update().get(pk=organisation.pk)
    if team is not None:
        Team.objects.select_for_update().get(pk=team.pk)


def _is_invited(
    email: str, *, organisation: Organisation | None, team: Team | None, on: date
) -> bool:
    """Whether an invitation to that address is open there; whoever it is has no account yet."""
    return (
        Membership.objects.filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=on),
            organisation=organisation,
            team=team,
            status=MembershipStatus.INVITED,
            invited_email__iexact=email,
        )
        .exclude(invited_email="")
        .exists()
    )


def _invite(
    *,
    person: User,
    organisation: Organisation | None,
    team: Team | None,
    starts_on: date,
    at: datetime,
    email: str,
) -> Membership:
    User.objects.select_for_update().get(pk=person.pk)
    standing = Membership.objects.filter(
        open_on(starts_on) | Q(starts_on__gte=starts_on),
        person=person,
        organisation=organisation,
        team=team,
    )
    if standing.exclude(status=MembershipStatus.REFUSED).exists():
        raise AlreadyAMember
    standing.filter(starts_on=starts_on, status=MembershipStatus.REFUSED).delete()
    membership = Membership.objects.create(
        person=person,
        organisation=organisation,
        team=team,
        starts_on=starts_on,
        status=MembershipStatus.INVITED,
        invited_email=email,
        invited_at=at,
    )
    announce_invitations()
    return membership


def announce_invitations() -> None:
    """Say on commit that there are invitations to mail."""
    transaction.on_commit(lambda: membership_invited.send_robust(sender=Membership))


def _answer(membership: Membership, *, by: User, status: MembershipStatus, at: datetime) -> None:
    row = Membership.objects.select_for_update().get(pk=membership.pk)
    today = timezone.localdate(at)
    if row.person_id != by.pk or (row.ends_on is not None and row.ends_on < today):
        raise NotInvited
    if row.status == MembershipStatus.INVITED:
        row.status = status
        row.answered_at = at
        row.invited_given_name = row.invited_family_name = ""
        row.save()
    elif row.status != status:
        raise NotInvited
    membership.refresh_from_db(fields=["status", "answered_at"])
