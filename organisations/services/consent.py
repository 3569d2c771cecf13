"""What a person lets others see, and a note of everyone who looked."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from organisations.enums import ConsentPurpose, ConsentSource, MembershipStatus
from organisations.models import AccessNote, Consent, Membership, Organisation, Team, User
from organisations.signals import consent_changed

NOTES_KEPT_YEARS = 2


class NotAMember(Exception):
    """The person does not belong to the organisation or team that would look."""


class ConsentEndsBeforeItStarts(Exception):
    """The day until which the consent should hold has gone by."""


def note_access(
    *,
    viewer: User,
    people: Iterable[User | int],
    page: str,
    at: datetime,
    team: Team | None = None,
    organisation: Organisation | None = None,
    on_behalf: Mapping[int, tuple[int | None, int | None]] | None = None,
) -> uuid.UUID:
    """Note that ``viewer`` saw named people's records on one page; own looks are not noted.

    Args:
        viewer: who looked.
        people: whose record the page showed, as people or their ids.
        page: a short name of the page, such as ``team_profile``; `enums.PageSeen` has words
            for those we know, and any other is shown as it is.
        at: when.
        team: on whose behalf.
        organisation: on whose behalf.
        on_behalf: the same by person id, as ids of an organisation and a team, where it differs.

    Returns:
        What the rows of this look share.

    Writes: one AccessNote a person, in one insert.
    """
    look = uuid.uuid4()
    behalf = on_behalf or {}
    given = (organisation.pk if organisation else None, team.pk if team else None)
    ids = {person if isinstance(person, int) else person.pk for person in people} - {viewer.pk}
    AccessNote.objects.bulk_create(
        AccessNote(
            look=look,
            viewer=viewer,
            person_id=person_id,
            page=page,
            team_id=behalf.get(person_id, given)[1],
            organisation_id=behalf.get(person_id, given)[0],
            noted_at=at,
        )
        for person_id in sorted(ids)
    )
    return look


def forget_old_access_notes(*, before: datetime) -> int:
    """Delete notes of looks more than NOTES_KEPT_YEARS before ``before``; returns how many.

    Writes: AccessNote. Safe to repeat.
    """
    oldest = before - timedelta(days=round(365.25 * NOTES_KEPT_YEARS))
    deleted, _models = AccessNote.objects.filter(noted_at__lt=oldest).delete()
    return deleted


def grant_consent(
    *,
    person: User,
    source: ConsentSource,
    purpose: ConsentPurpose,
    at: datetime,
    organisation: Organisation | None = None,
    team: Team | None = None,
    source_organisation: Organisation | None = None,
    until: datetime | None = None,
) -> Consent:
    """Let an organisation or a team see evidence of a source for a purpose, from ``at`` on.

    Given again, it is the same consent with the new end. It opens nothing before the membership
    begins. Raises NotAMember when the person has no confirmed membership there that has not
    ended, and ConsentEndsBeforeItStarts.

    Writes: Consent. Announces consent_changed. Safe to repeat.
    """
    if until is not None and until <= at:
        raise ConsentEndsBeforeItStarts
    belongs = Membership.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=timezone.localdate(at)),
        person=person,
        organisation=organisation,
        team=team,
        status=MembershipStatus.ACTIVE,
    )
    if not belongs.exists():
        raise NotAMember
    with transaction.atomic():
        same = Consent.objects.open_at(at).filter(
            person=person,
            source=source,
            source_organisation=source_organisation,
            organisation=organisation,
            team=team,
            purpose=purpose,
        )
        consent = same.select_for_update().order_by("id").first()
        if consent is None:
            consent = Consent.objects.create(
                person=person,
                source=source,
                source_organisation=source_organisation,
                organisation=organisation,
                team=team,
                purpose=purpose,
                starts_at=at,
                ends_at=until,
            )
        elif consent.ends_at != until:
            consent.ends_at = until
            consent.save(update_fields=["ends_at"])
        _announce(person.pk)
    return consent


def withdraw_consent(*, consent: Consent, at: datetime) -> None:
    """End a consent now. The row stays: that it was given, and when it stopped, is a fact.

    Writes: Consent. Announces consent_changed. Safe to repeat: the first time counts.
    """
    with transaction.atomic():
        Consent.objects.filter(pk=consent.pk, withdrawn_at__isnull=True).update(withdrawn_at=at)
        consent.refresh_from_db(fields=["withdrawn_at"])
        _announce(consent.person_id)


def withdraw_all_consents(
    *,
    person: User,
    at: datetime,
    organisation: Organisation | None = None,
    team: Team | None = None,
) -> int:
    """End every consent the person gave to one organisation or team; returns how many.

    Writes: Consent. Announces consent_changed. Safe to repeat.
    """
    with transaction.atomic():
        ended = (
            Consent.objects.open_at(at)
            .filter(person=person, organisation=organisation, team=team)
            .update(withdrawn_at=at)
        )
        _announce(person.pk)
    return ended


def _announce(person_id: int) -> None:
    transaction.on_commit(lambda: consent_changed.send_robust(sender=Consent, person_id=person_id))
