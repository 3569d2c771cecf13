"""One person who turns out to be two accounts, and a person who wants to be gone."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.utils.module_loading import import_string

from organisations.models import AccessNote, Consent, Grant, Membership, Supervision, User
from organisations.signals import people_merged, person_erased


class CannotMerge(Exception):
    """The two are one already, or one of them is no longer there."""


def merge_people(*, kept: User, gone: User) -> None:
    """Make two accounts of one person into one: everything of ``gone`` becomes ``kept``'s.

    Memberships, leave, supervision, consents, who looked, and proved addresses move; where both
    hold the same, one stays. Apps above move their rows on people_merged, in the same transaction.
    The account that goes stays as an empty row that names the other, and can no longer sign in;
    its passkeys and codes are removed.

    Raises CannotMerge. Writes: all of those. Sends people_merged.
    """
    with transaction.atomic():
        rows = User.objects.select_for_update().in_bulk(sorted({kept.pk, gone.pk}))
        if len(rows) != 2 or any(row.merged_into_id is not None for row in rows.values()):
            raise CannotMerge
        kept, gone = rows[kept.pk], rows[gone.pk]
        moved = _move_memberships(kept=kept, gone=gone)
        Grant.objects.filter(person=gone).update(person=kept)
        Grant.objects.filter(granted_by=gone).update(granted_by=kept)
        _move_supervision(kept=kept, gone=gone)
        Consent.objects.filter(person=gone).update(person=kept)
        AccessNote.objects.filter(viewer=gone).update(viewer=kept)
        AccessNote.objects.filter(person=gone).update(person=kept)
        AccessNote.objects.filter(person=kept, viewer=kept).delete()
        _move_addresses(kept=kept, gone=gone)
        User.objects.filter(merged_into=gone).update(merged_into=kept)
        people_merged.send(sender=User, kept_id=kept.pk, gone_id=gone.pk, memberships=moved)
        Membership.objects.filter(pk__in=moved).delete()
        _fill_in(kept=kept, gone=gone)
        _close(gone)
        gone.first_name = gone.last_name = gone.display_name = gone.email = ""
        gone.merged_into = kept
        gone.save()


def erase_person(*, person: User) -> None:
    """Erase a person and all that is about them, here and in the apps above.

    Apps above erase or unname their rows on person_erased, in the same transaction; what cannot
    go is refused there and nothing is erased. Memberships, consents, leave and notes of who looked
    go with the row. Notes that this person looked at others stay, without a name.

    Writes: everything of the person. Sends person_erased.
    """
    with transaction.atomic():
        row = User.objects.select_for_update().get(pk=person.pk)
        person_erased.send(sender=User, person_id=row.pk, person_uuid=row.uuid)
        _close(row)
        User.objects.filter(merged_into=row).delete()
        row.delete()


def end_sessions(person: User) -> None:
    """Sign the person out everywhere. Writes: sessions."""
    from_setting = import_string(f"{settings.SESSION_ENGINE}.SessionStore")
    for session in UserSession.objects.filter(user=person):
        store: SessionBase = from_setting(session.session_key)
        store.delete()
        session.delete()


def _close(person: User) -> None:
    end_sessions(person)
    Authenticator.objects.filter(user=person).delete()
    person.is_active = False
    person.is_staff = person.is_superuser = False
    person.set_unusable_password()
    person.groups.clear()
    person.save()


def _move_memberships(*, kept: User, gone: User) -> dict[int, int]:
    """Move memberships; those both have are told as {the one that goes: the one that stays}."""
    held = {
        (row.organisation_id, row.team_id, row.starts_on): row
        for row in Membership.objects.filter(person=kept)
    }
    same: dict[int, int] = {}
    for row in Membership.objects.filter(person=gone).order_by("id"):
        twin = held.get((row.organisation_id, row.team_id, row.starts_on))
        if twin is None:
            row.person = kept
            row.save(update_fields=["person"])
        else:
            same[row.pk] = twin.pk
            if row.staff_number and not twin.staff_number:
                Membership.objects.filter(pk=row.pk).update(staff_number="")
                twin.staff_number = row.staff_number
                twin.job_title = twin.job_title or row.job_title
                twin.save(update_fields=["staff_number", "job_title"])
    return same


def _move_supervision(*, kept: User, gone: User) -> None:
    Supervision.objects.filter(supervisor=kept, person=gone).delete()
    Supervision.objects.filter(supervisor=gone, person=kept).delete()
    for row in Supervision.objects.filter(supervisor=gone):
        _move_or_drop(row, supervisor=kept)
    for row in Supervision.objects.filter(person=gone):
        _move_or_drop(row, person=kept)


def _move_or_drop(
    row: Supervision, *, supervisor: User | None = None, person: User | None = None
) -> None:
    row.supervisor = supervisor or row.supervisor
    row.person = person or row.person
    taken = Supervision.objects.filter(
        supervisor=row.supervisor,
        person=row.person,
        organisation=row.organisation,
        team=row.team,
        starts_on=row.starts_on,
    )
    if taken.exists():
        row.delete()
    else:
        row.save()


def _move_addresses(*, kept: User, gone: User) -> None:
    """Move addresses; one that both have stays once, proved if either had proved it."""
    held = {address.email: address for address in EmailAddress.objects.filter(user=kept)}
    has_primary = any(address.primary for address in held.values())
    for address in EmailAddress.objects.filter(user=gone).order_by("-primary", "id"):
        twin = held.get(address.email)
        if twin is not None:
            address.delete()
            twin.verified = twin.verified or address.verified
            twin.save(update_fields=["verified"])
        else:
            address.user = kept
            address.primary = address.primary and not has_primary
            address.save(update_fields=["user", "primary"])


def _fill_in(*, kept: User, gone: User) -> None:
    for field in ("first_name", "last_name", "display_name", "email"):
        if not getattr(kept, field):
            setattr(kept, field, getattr(gone, field))
    kept.save(update_fields=["first_name", "last_name", "display_name", "email"])
