"""Which lines of a staff list can go in, and whom each of them means."""

from dataclasses import dataclass

from organisations.models import Membership, Organisation, Team, User
from organisations.rules.staff_lines import Fault, Problem, StaffLine
from organisations.services.invitations import is_unclaimed
from organisations.services.staff_lists.known import Known


@dataclass
class Settled:
    """A line that can go in: where, and who it is if we know them."""

    line: StaffLine
    organisation: Organisation
    team: Team | None
    membership: Membership | None
    person: User | None

    @property
    def number(self) -> tuple[int, str]:
        """What tells people of an organisation apart."""
        return self.organisation.pk, self.line.staff_number.casefold()

    @property
    def supervisor_number(self) -> tuple[int, str]:
        """The same of the supervisor the line names."""
        return self.organisation.pk, self.line.supervisor_staff_number.casefold()


def settle(
    lines: list[StaffLine], known: Known, *, only: Organisation | None
) -> tuple[list[Settled], dict[int, Problem]]:
    """Return the lines that can go in, and problems of the others by line number.

    Args:
        lines: what the file says, without repetitions.
        known: what there is.
        only: the one organisation the list may be about, or None for any.
    """
    problems: dict[int, Problem] = {}
    settled: list[Settled] = []
    taken: dict[tuple[int, int], str] = {}
    for line in lines:
        found = _settle_line(line, known, only=only)
        if isinstance(found, Settled) and found.person is not None:
            key = (found.organisation.pk, found.person.pk)
            if key in taken:
                found = Problem(Fault.ON_THE_LIST_ALREADY, "staff_number", taken[key])
            else:
                taken[key] = line.staff_number
        if isinstance(found, Problem):
            problems[line.line] = found
        else:
            settled.append(found)
    return _with_supervisors(settled, known, problems), problems


def _settle_line(line: StaffLine, known: Known, *, only: Organisation | None) -> Settled | Problem:
    organisation = known.organisation(line)
    if organisation is None:
        return Problem(Fault.UNKNOWN_ORGANISATION, "organisation", line.organisation)
    if only is not None and organisation.pk != only.pk:
        return Problem(Fault.OTHER_ORGANISATION, "organisation", line.organisation)
    team = known.team(line, organisation=organisation)
    if isinstance(team, Problem):
        return team
    if line.role and line.role not in known.roles:
        return Problem(Fault.UNKNOWN_ROLE, "role", line.role)
    membership = known.membership(line, organisation=organisation)
    holder = known.holders.get(line.email) if line.email else None
    if membership is not None:
        return _settle_known(line, organisation, team, membership, holder)
    return _settle_new(line, known, organisation, team, holder)


def _settle_known(
    line: StaffLine,
    organisation: Organisation,
    team: Team | None,
    membership: Membership,
    holder: User | None,
) -> Settled | Problem:
    person = membership.person
    if holder is not None and holder.pk != person.pk and not is_unclaimed(person):
        return Problem(Fault.SOMEONE_ELSES_EMAIL, "email", line.email)
    ends_on = line.ends_on or membership.ends_on
    starts_on = line.starts_on or membership.starts_on
    if line.ends_on is not None and line.ends_on < starts_on:
        return Problem(Fault.ENDS_BEFORE_START, "ends_on", line.ends_on.isoformat())
    if ends_on is not None and ends_on < starts_on and line.starts_on is None:
        return Problem(Fault.ENDS_BEFORE_START, "ends_on", ends_on.isoformat())
    return Settled(line, organisation, team, membership, holder or person)


def _settle_new(
    line: StaffLine,
    known: Known,
    organisation: Organisation,
    team: Team | None,
    holder: User | None,
) -> Settled | Problem:
    """Somebody without that staff number: new, or on the list without a number so far."""
    standing: list[Membership] = []
    if holder is not None:
        standing = known.by_person.get((organisation.pk, holder.pk), [])
    elif line.email and (organisation.pk, line.email) in known.by_address:
        standing = [known.by_address[organisation.pk, line.email]]
    numbered = [row for row in standing if row.staff_number and row.ends_on is None]
    if numbered:
        return Problem(Fault.ON_THE_LIST_ALREADY, "staff_number", numbered[0].staff_number)
    unnumbered = next((row for row in standing if not row.staff_number), None)
    person = holder or (unnumbered.person if unnumbered is not None else None)
    return Settled(line, organisation, team, unnumbered, person)


def _with_supervisors(
    settled: list[Settled], known: Known, problems: dict[int, Problem]
) -> list[Settled]:
    """Drop lines whose supervisor is neither there nor coming in, until none is left."""
    while True:
        coming = {one.number for one in settled}
        lost = [
            one
            for one in settled
            if one.line.supervisor_staff_number
            and one.supervisor_number not in coming
            and one.supervisor_number not in known.by_number
        ]
        if not lost:
            return settled
        for one in lost:
            problems[one.line.line] = Problem(
                Fault.UNKNOWN_SUPERVISOR,
                "supervisor_staff_number",
                one.line.supervisor_staff_number,
            )
        settled = [one for one in settled if one.line.line not in problems]
