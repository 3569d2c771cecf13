"""Supervisors and roles out of the lines of a staff list."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from organisations.models import Membership, Supervision
from organisations.services.leave import end_supervisions
from organisations.services.staff_lists.known import Known, chunks
from organisations.services.staff_lists.rows import Changes, person_of
from organisations.services.staff_lists.settle import Settled
from organisations.signals import roles_given


def bring_supervisors(settled: list[Settled], known: Known, changes: Changes) -> None:
    """Make the supervisor named the one for this employer; no name changes nothing.

    It opens nothing until both are confirmed members: `SupervisionQuerySet.in_force_on`.
    """
    people = {number: row.person_id for number, row in known.by_number.items()}
    people |= {one.number: person_of(one).pk for one in settled}
    asked = [one for one in settled if one.line.supervisor_staff_number]
    standing: dict[tuple[int, int | None], list[Supervision]] = {}
    for some in chunks(asked):
        for row in Supervision.objects.open_on(changes.on).filter(
            person_id__in=[person_of(one).pk for one in some],
            organisation_id__in={one.organisation.pk for one in some},
        ):
            standing.setdefault((row.person_id, row.organisation_id), []).append(row)
    for one in asked:
        supervisor_id, person_id = people[one.supervisor_number], person_of(one).pk
        rows = standing.get((person_id, one.organisation.pk), [])
        is_so = [row.supervisor_id for row in rows] == [supervisor_id]
        if supervisor_id != person_id and not is_so:
            _replace(one, rows, supervisor_id, on=changes.on)
            changes.changed.add(one.line.line)


def bring_roles(settled: list[Settled], teams: dict[int, Membership], changes: Changes) -> None:
    """Say which memberships fill which roles; who knows roles says which of that is new."""
    roles: dict[int, tuple[str, date]] = {}
    lines: dict[int, int] = {}
    for one in settled:
        if not one.line.role:
            continue
        for row in (one.membership, teams.get(one.line.line)):
            if row is not None:
                started = max(row.starts_on, min(changes.on, row.ends_on or changes.on))
                roles[row.pk] = (one.line.role, started)
                lines[row.pk] = one.line.line
    if roles:
        answers: Sequence[tuple[object, Any]] = roles_given.send(sender=Membership, roles=roles)
        for _receiver, new in answers:
            changes.changed |= {lines[membership_id] for membership_id in new or ()}


def _replace(one: Settled, rows: list[Supervision], supervisor_id: int, *, on: date) -> None:
    end_supervisions(rows=rows, on=on)
    Supervision.objects.update_or_create(
        supervisor_id=supervisor_id,
        person=person_of(one),
        organisation=one.organisation,
        starts_on=on,
        defaults={"ends_on": None},
    )
