"""What ends with a membership: sharing, leave to act, and supervision."""

from datetime import date, datetime, time
from typing import TypeVar

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from organisations.enums import MembershipStatus
from organisations.models import Consent, Grant, Membership, Supervision
from organisations.services.leave import EDITORS, keep_educators
from organisations.signals import consent_changed

Row = TypeVar("Row", Grant, Supervision)


def close_sharing(membership: Membership) -> None:
    """End what the person opened to the organisation or team with the last day there.

    Writes: Consent. Announces consent_changed.
    """
    if membership.ends_on is None:
        return
    midnight = timezone.make_aware(datetime.combine(membership.ends_on, time.max))
    Consent.objects.filter(
        Q(ends_at__isnull=True) | Q(ends_at__gt=midnight),
        person_id=membership.person_id,
        organisation=membership.organisation,
        team=membership.team,
        withdrawn_at__isnull=True,
    ).update(ends_at=midnight)
    person_id = membership.person_id
    transaction.on_commit(lambda: consent_changed.send_robust(sender=Consent, person_id=person_id))


def close_leave(membership: Membership, *, on: date) -> None:
    """End with the last day there the leave and the supervisions that hang on the membership.

    Leave of that organisation or team; leave of a team of one of the organisation's partnerships,
    unless the person is in that team or in another organisation of the partnership; supervisions
    in the name of the organisation or team, on either side. Nothing ends while another confirmed
    membership of the same place goes on. Leave of a place, a partnership or everything is an
    operator's to end.

    Args:
        membership: one with a last day.
        on: today, for the editors' groups.

    Writes: Grant, Supervision, the editors' groups. Safe to repeat.
    """
    last = membership.ends_on
    if last is None:
        return
    there = {"organisation_id": membership.organisation_id, "team_id": membership.team_id}
    staying = _beyond(last).exclude(pk=membership.pk).filter(person_id=membership.person_id)
    if staying.filter(**there).exists():
        return
    held = Grant.objects.filter(person_id=membership.person_id)
    grants = list(_outlasting(held.filter(**there), last))
    if membership.organisation is not None:
        in_team = staying.filter(team_id=OuterRef("team_id"))
        in_partner = staying.filter(
            organisation__partnerships=OuterRef("team__partnership_id")
        ).exclude(organisation=membership.organisation)
        grants += _outlasting(
            held.filter(team__partnership__organisations=membership.organisation).exclude(
                Q(Exists(in_team)) | Q(Exists(in_partner))
            ),
            last,
        )
    supervisions = Supervision.objects.filter(
        Q(person_id=membership.person_id) | Q(supervisor_id=membership.person_id), **there
    )
    ending: list[Grant | Supervision] = [*grants, *_outlasting(supervisions, last)]
    for row in ending:
        if row.starts_on > last:
            row.delete()
        else:
            row.ends_on = last
            row.save(update_fields=["ends_on"])
    if any(grant.kind in EDITORS for grant in grants):
        keep_educators(on=on)


def _beyond(last: date) -> QuerySet[Membership]:
    return Membership.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=last), status=MembershipStatus.ACTIVE
    )


def _outlasting(rows: QuerySet[Row], last: date) -> QuerySet[Row]:
    return rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=last))
