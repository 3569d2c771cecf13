"""Correcting what an employer wrote about one of its people."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from organisations.models import Membership, Supervision, Team, User
from organisations.services.leave import end_supervisions, supervise
from organisations.services.memberships import AlreadyAMember, join_team
from organisations.signals import roles_given


class SupervisesThemselves(Exception):
    """Nobody supervises themselves."""


class MembershipEnded(Exception):
    """There is nothing to correct any more: the person has left."""


@dataclass(frozen=True)
class Correction:
    """How it should be.

    Args:
        job_title: in the employer's words; may be empty.
        wte: share of a whole-time post.
        role: the slug of a role, or empty to leave it as it is.
        team: a team to ask the person to join, beside those they are in.
        supervisor: who supervises them for this employer from now on, instead of anyone before.
        has_no_supervisor: nobody does any more.
    """

    job_title: str
    wte: Decimal
    role: str = ""
    team: Team | None = None
    supervisor: User | None = None
    has_no_supervisor: bool = False


def correct_member(
    *, membership: Membership, correction: Correction, on: date, at: datetime
) -> None:
    """Put right what an employer's list says of one person, from ``on``.

    The team is asked of the person, who may say no. Raises SupervisesThemselves, MembershipEnded.

    Writes: Membership, Supervision, and through a signal roles; announces the invitation to the
    team. Safe to repeat.
    """
    with transaction.atomic():
        row = Membership.objects.select_for_update().get(pk=membership.pk)
        if row.ends_on is not None and row.ends_on < on:
            raise MembershipEnded
        row.job_title = correction.job_title
        row.wte = correction.wte
        row.save(update_fields=["job_title", "wte"])
        if correction.role:
            roles = {row.pk: (correction.role, max(row.starts_on, on))}
            roles_given.send(sender=Membership, roles=roles)
        if correction.team is not None:
            _ask_to_join(row, correction.team, on=on, at=at)
        if correction.supervisor is not None or correction.has_no_supervisor:
            _set_supervisor(row, correction.supervisor, on=on)
        membership.refresh_from_db(fields=["job_title", "wte"])


def _ask_to_join(membership: Membership, team: Team, *, on: date, at: datetime) -> None:
    """Until they answer, those who lead the team know them by the name on the employer's list."""
    try:
        asked = join_team(person=membership.person, team=team, starts_on=on, at=at)
    except AlreadyAMember:
        return
    asked.invited_given_name = membership.listed_given_name
    asked.invited_family_name = membership.listed_family_name
    asked.save(update_fields=["invited_given_name", "invited_family_name"])


def _set_supervisor(membership: Membership, supervisor: User | None, *, on: date) -> None:
    if supervisor is not None and supervisor.pk == membership.person_id:
        raise SupervisesThemselves
    standing = Supervision.objects.open_on(on).filter(
        person_id=membership.person_id, organisation=membership.organisation
    )
    end_supervisions(
        rows=[row for row in standing if supervisor is None or row.supervisor_id != supervisor.pk],
        on=on,
    )
    if supervisor is not None:
        supervise(
            supervisor=supervisor,
            person=membership.person,
            organisation=membership.organisation,
            starts_on=on,
        )
