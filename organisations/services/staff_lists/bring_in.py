"""Bringing in a staff list: all of it or the good lines, in one transaction."""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from organisations.importers import read_staff_list, reason
from organisations.models import Organisation
from organisations.services.memberships import announce_invitations
from organisations.services.staff_lists.known import load_known
from organisations.services.staff_lists.links import bring_roles, bring_supervisors
from organisations.services.staff_lists.rows import (
    Changes,
    bring_memberships,
    bring_people,
    bring_team_memberships,
)
from organisations.services.staff_lists.settle import settle


@dataclass(frozen=True)
class RefusedLine:
    """A line that did not go in, and why; the headings are line 1."""

    line: int
    reason: str


@dataclass(frozen=True)
class StaffListResult:
    """What a staff list did, or in a dry run would do."""

    created: int
    updated: int
    refused: list[RefusedLine] = field(default_factory=list)
    unchanged: int = 0
    unknown_columns: list[str] = field(default_factory=list)


def import_people(
    *,
    content: bytes,
    on: date,
    at: datetime,
    organisation: Organisation | None = None,
    only_shared_teams: bool = False,
    dry_run: bool = False,
    strict: bool = False,
) -> StaffListResult:
    """Bring in a staff list: one line is one person in one organisation, by staff number.

    Bad lines are refused and the rest go in; with ``strict`` none goes in when one is refused.
    New people are invited and become members when they say yes. What an empty cell leaves out
    stays as it is; names of people who have an account are theirs and stay too.

    Args:
        content: a CSV file or an Excel workbook.
        on: the first day of memberships that give none.
        at: when they are invited.
        organisation: the only organisation the list may be about.
        only_shared_teams: whether teams must be of partnerships the organisation belongs to.
        dry_run: work everything out, and keep nothing.
        strict: all or none.

    Raises:
        FileRefused: nothing of the file can be used.

    Writes: User, Membership, Supervision, and through signals roles; announces invitations.
    Safe to repeat: the second time changes nothing.
    """
    staff = read_staff_list(content, organisation=organisation.name if organisation else "")
    with transaction.atomic():
        known = load_known(staff.lines, on=on, only_shared_teams=only_shared_teams)
        settled, problems = settle(staff.lines, known, only=organisation)
        problems |= staff.problems
        refused = [
            RefusedLine(line=line, reason=reason(problem))
            for line, problem in sorted(problems.items())
        ]
        if strict and refused:
            return StaffListResult(0, 0, refused, 0, staff.unknown_columns)
        changes = Changes(on=on, at=at)
        bring_people(settled, changes)
        bring_memberships(settled, changes)
        teams = bring_team_memberships(settled, changes)
        bring_supervisors(settled, known, changes)
        bring_roles(settled, teams, changes)
        announce_invitations()
        transaction.set_rollback(dry_run)
    created, updated = len(changes.created), len(changes.changed - changes.created)
    return StaffListResult(
        created=created,
        updated=updated,
        refused=refused,
        unchanged=len(settled) - created - updated,
        unknown_columns=staff.unknown_columns,
    )
