"""What there is already that a staff list may mean: loaded once, whatever its length."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from allauth.account.models import EmailAddress
from django.db.models import Q

from organisations.enums import MembershipStatus
from organisations.models import Membership, Organisation, Partnership, Team, User
from organisations.rules.staff_lines import Fault, Problem, StaffLine
from organisations.signals import role_names_asked

CHUNK = 400
Thing = TypeVar("Thing")


@dataclass
class Known:
    """Organisations, teams, roles, people and memberships that the lines of a list name."""

    only_shared_teams: bool = False
    organisations: dict[str, Organisation] = field(default_factory=dict)
    teams: dict[str, list[Team]] = field(default_factory=dict)
    shared_teams: dict[int, set[int]] = field(default_factory=dict)
    roles: set[str] = field(default_factory=set)
    by_number: dict[tuple[int, str], Membership] = field(default_factory=dict)
    by_person: dict[tuple[int, int], list[Membership]] = field(default_factory=dict)
    by_address: dict[tuple[int, str], Membership] = field(default_factory=dict)
    holders: dict[str, User] = field(default_factory=dict)

    def organisation(self, line: StaffLine) -> Organisation | None:
        """Return the organisation a line names."""
        return self.organisations.get(line.organisation.casefold())

    def team(self, line: StaffLine, *, organisation: Organisation) -> Team | Problem | None:
        """Return the team a line names, or what is wrong with the name; None when it names none.

        Among teams of one name, those the organisation plans with come first; with
        ``only_shared_teams`` there are no others.
        """
        if not line.team:
            return None
        found = self.teams.get(line.team.casefold(), [])
        shared = self.shared_teams.get(organisation.pk, set())
        near = [team for team in found if team.pk in shared]
        if not near and not self.only_shared_teams:
            near = found
        if not near:
            return Problem(Fault.UNKNOWN_TEAM, "team", line.team)
        if len(near) > 1:
            return Problem(Fault.SEVERAL_TEAMS, "team", line.team)
        return near[0]

    def membership(self, line: StaffLine, *, organisation: Organisation) -> Membership | None:
        """Return the membership with the line's staff number."""
        return self.by_number.get((organisation.pk, line.staff_number.casefold()))


def load_known(lines: Sequence[StaffLine], *, on: date, only_shared_teams: bool) -> Known:
    """Load everything the lines may mean: a fixed number of queries for every CHUNK lines."""
    known = Known(
        only_shared_teams=only_shared_teams,
        organisations={
            organisation.name.casefold(): organisation
            for organisation in Organisation.objects.all()
        },
    )
    if any(line.team for line in lines):
        _load_teams(known)
    names = {line.role for line in lines if line.role}
    if names:
        for _receiver, answer in role_names_asked.send(sender=StaffLine, names=names):
            known.roles |= set(answer or ())
    _load_people(known, lines, on=on)
    return known


def _load_teams(known: Known) -> None:
    partners: dict[int, set[int]] = defaultdict(set)
    for partnership_id, organisation_id in Partnership.objects.filter(
        organisations__isnull=False
    ).values_list("id", "organisations"):
        partners[partnership_id].add(organisation_id)
    for team in Team.objects.select_related("partnership").order_by("id"):
        for name in (team.name, f"{team.partnership.name} / {team.name}"):
            known.teams.setdefault(name.casefold(), []).append(team)
        for organisation_id in partners[team.partnership_id]:
            known.shared_teams.setdefault(organisation_id, set()).add(team.pk)


def _load_people(known: Known, lines: Sequence[StaffLine], *, on: date) -> None:
    organisation_ids = {
        organisation.pk for line in lines if (organisation := known.organisation(line)) is not None
    }
    here = Membership.objects.filter(organisation_id__in=organisation_ids).select_related(
        "person", "organisation"
    )
    numbers = {line.staff_number for line in lines} | {
        line.supervisor_staff_number for line in lines if line.supervisor_staff_number
    }
    for some in chunks(sorted(numbers)):
        for row in here.filter(_any_case("staff_number", some)):
            known.by_number[_organisation_id(row), row.staff_number.casefold()] = row
    addresses = sorted({line.email for line in lines if line.email})
    for some in chunks(addresses):
        for address in EmailAddress.objects.filter(email__in=some, verified=True).select_related(
            "user"
        ):
            known.holders[address.email] = address.user
        for row in here.filter(invited_email__in=some, status=MembershipStatus.INVITED).filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=on)
        ):
            known.by_address[_organisation_id(row), row.invited_email] = row
    people = sorted({person.pk for person in known.holders.values()})
    for ids in chunks(people):
        for row in here.filter(person_id__in=ids).order_by("starts_on", "id"):
            known.by_person.setdefault((_organisation_id(row), row.person_id), []).append(row)


def _any_case(name: str, values: Iterable[str]) -> Q:
    """Match a column in the case written, in capitals and in small letters: no more is needed."""
    wanted = {form for value in values for form in (value, value.upper(), value.lower())}
    return Q(**{f"{name}__in": sorted(wanted)})


def _organisation_id(row: Membership) -> int:
    if row.organisation_id is None:
        raise ValueError("a membership of an organisation is meant")
    return row.organisation_id


def chunks(things: Sequence[Thing]) -> Iterator[Sequence[Thing]]:
    """Yield the things a few hundred at a time."""
    for start in range(0, len(things), CHUNK):
        yield things[start : start + CHUNK]
