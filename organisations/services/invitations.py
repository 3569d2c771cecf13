"""The link in an invitation, the mail that carries it, and what following it does."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from django.conf import settings
from django.core import signing
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from organisations.enums import MembershipStatus
from organisations.models import Membership, User
from organisations.services.memberships import NotInvited, person_with_address
from organisations.services.people import merge_people

LINK_DAYS = 14
MINUTES_BETWEEN_MAILS = 10
SALT = "organisations.invitation"


class InvitationUnknown(Exception):
    """The link was not made by us, or its invitation is no more."""


class InvitationExpired(Exception):
    """The link is older than it may be; ``membership`` is the invitation it was for."""

    def __init__(self, membership: Membership) -> None:
        super().__init__()
        self.membership = membership


class MailedJustNow(Exception):
    """A mail with a fresh link went out only minutes ago."""


class Answering(Enum):
    """How the invited person can answer, whoever follows the link."""

    AS_MYSELF = "as_myself"
    JOIN_TO_MY_ACCOUNT = "join_to_my_account"
    NEW_ACCOUNT = "new_account"
    SIGN_IN_FIRST = "sign_in_first"
    SOMEONE_ELSE = "someone_else"


@dataclass(frozen=True)
class NewAccount:
    """What someone chooses who had no account."""

    given_name: str
    family_name: str
    display_name: str
    language: str
    password: str


def invitation_link(*, membership: Membership, at: datetime) -> str:
    """Return the address that answers the invitation; good for LINK_DAYS days from ``at``."""
    token = signing.dumps(
        {"membership": str(membership.uuid), "at": int(at.timestamp())}, salt=SALT
    )
    return f"{settings.SITE_URL}{reverse('organisations:invitation', args=[token])}"


def read_invitation(*, token: str, at: datetime) -> Membership:
    """Return the invitation that a link is for.

    Raises InvitationUnknown when it is forged, cut short or gone, and InvitationExpired.
    """
    try:
        content = signing.loads(token, salt=SALT)
        membership = Membership.objects.select_related(
            "person", "organisation", "team__partnership"
        ).get(uuid=UUID(content["membership"]))
    except (signing.BadSignature, Membership.DoesNotExist) as error:
        raise InvitationUnknown from error
    if at.timestamp() > content["at"] + timedelta(days=LINK_DAYS).total_seconds():
        raise InvitationExpired(membership)
    return membership


def ways_to_answer(*, membership: Membership, viewer: User | None) -> Answering:
    """Return how whoever holds the link can answer it.

    The link went to the invited address, so holding it proves the address; it does not prove that
    one may act as someone who already has an account.
    """
    if viewer is not None and viewer.pk == membership.person_id:
        return Answering.AS_MYSELF
    if not is_unclaimed(membership.person):
        return Answering.SIGN_IN_FIRST if viewer is None else Answering.SOMEONE_ELSE
    if viewer is not None:
        return Answering.JOIN_TO_MY_ACCOUNT
    if person_with_address(membership.invited_email) is not None:
        return Answering.SIGN_IN_FIRST
    return Answering.NEW_ACCOUNT


def is_unclaimed(person: User) -> bool:
    """Whether nobody has ever been able to sign in as this person."""
    return (
        person.is_active
        and person.merged_into_id is None
        and person.last_login is None
        and not person.has_usable_password()
    )


def claim_by_account(*, membership: Membership, by: User) -> Membership:
    """Make the invited person and the one signed in one person.

    The invited address does not become one of the account's: who holds a link that somebody passed
    on to them would let whoever reads that mailbox ask for a new password.

    Raises NotInvited when the invited person has an account of their own.
    Writes: what `merge_people` does. Safe to repeat.
    """
    with transaction.atomic():
        if membership.person_id != by.pk:
            gone = User.objects.select_for_update().get(pk=membership.person_id)
            if not is_unclaimed(gone):
                raise NotInvited
            merge_people(kept=by, gone=gone)
        membership.refresh_from_db()
    return membership


def claim_by_new_account(*, membership: Membership, account: NewAccount) -> User:
    """Let the invited person sign in from now on, with the address they were invited at.

    Raises NotInvited when somebody was quicker, or the address is another account's.
    Writes: User, EmailAddress; other people who wait for the same address are merged in.
    """
    with transaction.atomic():
        person = User.objects.select_for_update().get(pk=membership.person_id)
        if ways_to_answer(membership=membership, viewer=None) != Answering.NEW_ACCOUNT:
            raise NotInvited
        person.first_name = account.given_name
        person.last_name = account.family_name
        person.display_name = account.display_name
        person.language = account.language
        person.set_password(account.password)
        person.save()
        prove_address(person=person, email=membership.invited_email)
    return person


def prove_address(*, person: User, email: str) -> EmailAddress | None:
    """Record that the person has the address, unless somebody else has proved it is theirs.

    Writes: EmailAddress, and the person's e-mail address when they had none. Sends allauth's
    email_confirmed when it is new, as any other way of proving an address does. Safe to repeat.
    """
    holder = person_with_address(email)
    if not email or (holder is not None and holder.pk != person.pk):
        return None
    with transaction.atomic():
        address, is_new = EmailAddress.objects.get_or_create(
            user=person, email=email.lower(), defaults={"verified": False}
        )
        is_new = is_new or not address.verified
        has_primary = EmailAddress.objects.filter(user=person, primary=True).exists()
        address.verified = True
        address.primary = address.primary or not has_primary
        address.save(update_fields=["verified", "primary"])
        if address.primary and person.email != address.email:
            person.email = address.email
            person.save(update_fields=["email"])
        if is_new:
            email_confirmed.send(sender=EmailAddress, request=None, email_address=address)
    return address


def join_waiting_people(*, person: User) -> int:
    """Merge into ``person`` everyone who waits, unclaimed, for an address the person has proved.

    Returns how many. Writes: what `merge_people` does. Safe to repeat.
    """
    with transaction.atomic():
        addresses = EmailAddress.objects.filter(user=person, verified=True)
        wanted = Q(pk__in=[])
        for email in addresses.values_list("email", flat=True):
            wanted |= Q(memberships__invited_email__iexact=email)
        waiting = (
            User.objects.select_for_update()
            .filter(
                pk__in=User.objects.filter(
                    wanted, memberships__status=MembershipStatus.INVITED
                ).values("pk")
            )
            .exclude(pk=person.pk)
            .order_by("pk")
        )
        gone = [other for other in waiting if is_unclaimed(other)]
        for other in gone:
            merge_people(kept=person, gone=other)
    return len(gone)


def mail_waiting_invitations(*, at: datetime, limit: int = 500) -> int:
    """Mail every invitation that has not been mailed; returns how many went out.

    One at a time, so that a mail server that fails keeps the rest for the next sweep. A mail is
    sent before it is ticked off: at worst someone has it twice.

    Writes: Membership.mailed_at.
    """
    waiting = Membership.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=timezone.localdate(at)),
        status=MembershipStatus.INVITED,
        mailed_at__isnull=True,
    ).exclude(invited_email="")
    sent = 0
    for membership_id in list(waiting.order_by("id").values_list("id", flat=True)[:limit]):
        with transaction.atomic():
            membership = (
                Membership.objects.select_for_update(of=("self",))
                .select_related("person", "organisation", "team")
                .filter(pk=membership_id, mailed_at__isnull=True)
                .first()
            )
            if membership is not None:
                _mail(membership, at=at)
                sent += 1
    return sent


def mail_again(*, membership: Membership, at: datetime) -> None:
    """Send a fresh link to the invited address.

    Raises NotInvited when it was answered, and MailedJustNow.
    Writes: Membership.mailed_at.
    """
    with transaction.atomic():
        row = (
            Membership.objects.select_for_update(of=("self",))
            .select_related("person", "organisation", "team")
            .get(pk=membership.pk)
        )
        if row.status != MembershipStatus.INVITED or not row.invited_email:
            raise NotInvited
        if row.mailed_at and at - row.mailed_at < timedelta(minutes=MINUTES_BETWEEN_MAILS):
            raise MailedJustNow
        _mail(row, at=at)


def _mail(membership: Membership, *, at: datetime) -> None:
    with translation.override(membership.person.language):
        context = {
            "membership": membership,
            "place": membership.organisation or membership.team,
            "link": invitation_link(membership=membership, at=at),
            "days": LINK_DAYS,
        }
        send_mail(
            subject=render_to_string("organisations/email/invitation_subject.txt", context).strip(),
            message=render_to_string("organisations/email/invitation.txt", context),
            from_email=None,
            recipient_list=[membership.invited_email],
        )
    membership.mailed_at = at
    membership.save(update_fields=["mailed_at"])
