"""People and memberships out of the lines of a staff list."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db.models import Q

from organisations.enums import MembershipStatus
from organisations.models import Membership, Team, User
from organisations.services.invitations import is_unclaimed
from organisations.services.leaving import close_leave, close_sharing
from organisations.services.people import merge_people
from organisations.services.staff_lists.known import chunks
from organisations.services.staff_lists.settle import Settled

WRITTEN = (
    "staff_number",
    "job_title",
    "wte",
    "starts_on",
    "ends_on",
    "status",
    "invited_email",
    "invited_given_name",
    "invited_family_name",
    "mailed_at",
)


@dataclass
class Changes:
    """When the list comes in, and which lines made or changed something."""

    on: date
    at: datetime
    created: set[int] = field(default_factory=set)
    changed: set[int] = field(default_factory=set)


def person_of(one: Settled) -> User:
    """Return who a line is about, once `bring_people` has made those nobody knew."""
    if one.person is None:
        raise ValueError("people are made before what hangs on them")
    return one.person


def bring_people(settled: list[Settled], changes: Changes) -> None:
    """Make people we do not know; correct the names of those who have no account yet."""
    locked = make_password(None)
    known = [one for one in settled if one.person is not None]
    unknown = [one for one in settled if one.person is None]
    made = User.objects.bulk_create(
        [
            User(
                first_name=one.line.given_name,
                last_name=one.line.family_name,
                language=one.line.language or settings.LANGUAGE_CODE,
                password=locked,
            )
            for one in unknown
        ],
        batch_size=200,
    )
    for one, person in zip(unknown, made, strict=True):
        one.person = person
    renamed = []
    for one in known:
        _join(one, changes)
        person = person_of(one)
        wanted = {
            "first_name": one.line.given_name or person.first_name,
            "last_name": one.line.family_name or person.last_name,
            "language": one.line.language or person.language,
        }
        if is_unclaimed(person) and _set(person, wanted):
            renamed.append(person)
            changes.changed.add(one.line.line)
    User.objects.bulk_update(renamed, ["first_name", "last_name", "language"], batch_size=200)


def bring_memberships(settled: list[Settled], changes: Changes) -> None:
    """Make the memberships of the employer, and change those that say something else now."""
    new: list[tuple[Settled, Membership]] = []
    kept: list[Membership] = []
    ended: list[Membership] = []
    for one in settled:
        row = one.membership
        if row is None:
            new.append((one, _new_membership(one, changes)))
            changes.created.add(one.line.line)
            continue
        wanted, last = _wanted(one, row), row.ends_on
        if last is not None and wanted["status"] != row.status:
            close_leave(row, on=changes.on)
        if _set(row, wanted):
            kept.append(row)
            changes.changed.add(one.line.line)
        if row.ends_on != last:
            ended.append(row)
    made = Membership.objects.bulk_create([row for _one, row in new], batch_size=200)
    for (one, _row), row in zip(new, made, strict=True):
        one.membership = row
    Membership.objects.bulk_update(kept, WRITTEN, batch_size=200)
    for row in kept:
        close_sharing(row)
    for row in ended:
        close_leave(row, on=changes.on)


def bring_team_memberships(settled: list[Settled], changes: Changes) -> dict[int, Membership]:
    """Ask people to join the teams named; returns the membership of the team, by line number."""
    asked = [(one, one.team) for one in settled if one.team is not None]
    standing: dict[tuple[int, int], Membership] = {}
    for some in chunks(asked):
        rows = Membership.objects.filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=changes.on),
            person_id__in=[person_of(one).pk for one, _team in some],
            team_id__in=[team.pk for _one, team in some],
        )
        for row in rows.order_by("-starts_on", "-id"):
            if row.team_id is not None:
                standing[row.person_id, row.team_id] = row
    new: dict[tuple[int, int], Membership] = {}
    for one, team in asked:
        key = (person_of(one).pk, team.pk)
        if key not in standing and key not in new:
            new[key] = _new_team_membership(one, team, changes)
            changes.changed.add(one.line.line)
    Membership.objects.bulk_create(new.values(), batch_size=200)
    standing |= new
    return {one.line.line: standing[person_of(one).pk, team.pk] for one, team in asked}


def _join(one: Settled, changes: Changes) -> None:
    """Somebody invited before, whose address now turns out to be an account's."""
    row, person = one.membership, person_of(one)
    if row is not None and row.person_id != person.pk:
        merge_people(kept=person, gone=row.person)
        row.person = person
        changes.changed.add(one.line.line)


def _new_membership(one: Settled, changes: Changes) -> Membership:
    line = one.line
    return Membership(
        person=person_of(one),
        organisation=one.organisation,
        staff_number=line.staff_number,
        job_title=line.job_title,
        wte=Decimal("1.00") if line.wte is None else line.wte,
        starts_on=line.starts_on or min(changes.on, line.ends_on or changes.on),
        ends_on=line.ends_on,
        status=MembershipStatus.INVITED,
        invited_email=line.email,
        invited_given_name=line.given_name,
        invited_family_name=line.family_name,
        invited_at=changes.at,
    )


def _new_team_membership(one: Settled, team: Team, changes: Changes) -> Membership:
    """Without an address: the employer's invitation brings the person here, one mail is enough."""
    return Membership(
        person=person_of(one),
        team=team,
        starts_on=max(changes.on, one.line.starts_on or changes.on),
        status=MembershipStatus.INVITED,
        invited_given_name=one.line.given_name,
        invited_family_name=one.line.family_name,
        invited_at=changes.at,
    )


def _wanted(one: Settled, row: Membership) -> dict[str, object]:
    """What the membership should say after this line; an empty cell leaves it as it is."""
    line = one.line
    wanted: dict[str, object] = {
        "staff_number": row.staff_number or line.staff_number,
        "job_title": line.job_title or row.job_title,
        "wte": row.wte if line.wte is None else line.wte,
        "starts_on": line.starts_on or row.starts_on,
        "ends_on": line.ends_on or row.ends_on,
        "status": row.status,
    }
    comes_back = (
        row.ends_on is not None and line.starts_on is not None and line.starts_on > row.ends_on
    )
    if comes_back:
        wanted |= {"ends_on": line.ends_on, "status": MembershipStatus.INVITED}
    waits = comes_back or row.status == MembershipStatus.INVITED
    if waits:
        wanted |= {
            "invited_given_name": line.given_name or row.invited_given_name,
            "invited_family_name": line.family_name or row.invited_family_name,
        }
    if waits and line.email and (comes_back or line.email != row.invited_email):
        wanted |= {"invited_email": line.email, "mailed_at": None}
    return wanted


def _set(row: User | Membership, wanted: Mapping[str, object]) -> bool:
    """Give a row the values wanted; returns whether any was different."""
    different = {name: value for name, value in wanted.items() if getattr(row, name) != value}
    for name, value in different.items():
        setattr(row, name, value)
    return bool(different)
