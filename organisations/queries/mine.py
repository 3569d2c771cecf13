"""What a person sees about themselves: memberships, sharing, and who looked."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from organisations.enums import ConsentSource, GrantKind, MembershipStatus
from organisations.models import (
    Consent,
    Grant,
    Membership,
    Organisation,
    Supervision,
    User,
)

PAST_CONSENTS_SHOWN = 20


@dataclass(frozen=True)
class SharingPlace:
    """A team or an employer of mine, who can look there, and what I opened to it."""

    membership: Membership
    lookers: list[User]
    consents: list[Consent] = field(default_factory=list)


@dataclass(frozen=True)
class Sharing:
    """Everything a person shares, with whom, and what they shared before."""

    teams: list[SharingPlace]
    employers: list[SharingPlace]
    supervisors: list[User]
    past: list[Consent]


@dataclass(frozen=True)
class MyMemberships:
    """Invitations that wait for an answer, and where a person works or worked."""

    invited: list[Membership]
    current: list[Membership]
    past: list[Membership]
    leave: list[Grant]
    supervisors: list[Supervision]
    supervised: list[Supervision]


def sharing_of(*, person: User, moment: datetime) -> Sharing:
    """Return what ``person`` shares at ``moment``; five queries at any size."""
    day = timezone.localdate(moment)
    memberships = list(
        Membership.objects.active_on(day)
        .filter(person=person)
        .select_related("organisation", "team__partnership")
        .order_by("team__name", "organisation__name", "id")
    )
    consents = list(
        Consent.objects.open_at(moment)
        .filter(person=person)
        .select_related("source_organisation")
        .order_by("starts_at", "id")
    )
    lookers = _lookers(memberships, on=day)
    places = [
        SharingPlace(
            membership=row,
            lookers=[one for one in lookers[row.organisation_id, row.team_id] if one != person],
            consents=[
                one
                for one in consents
                if (one.organisation_id, one.team_id) == (row.organisation_id, row.team_id)
            ],
        )
        for row in memberships
    ]
    supervisions = (
        Supervision.objects.in_force_on(day)
        .filter(person=person)
        .select_related("supervisor")
        .order_by("supervisor__last_name", "id")
    )
    ended = (
        Consent.objects.filter(
            Q(withdrawn_at__isnull=False) | Q(ends_at__lte=moment), person=person
        )
        .select_related("organisation", "team", "source_organisation")
        .order_by("-starts_at", "-id")
    )
    return Sharing(
        teams=[place for place in places if place.membership.team_id],
        employers=[place for place in places if place.membership.organisation_id],
        supervisors=[row.supervisor for row in supervisions],
        past=list(ended[:PAST_CONSENTS_SHOWN]),
    )


def sharing_sources(*, person: User) -> list[Organisation]:
    """Return the employers, past and present, whose records of a person there may be."""
    return list(
        Organisation.objects.filter(
            pk__in=Membership.objects.filter(
                person=person, status=MembershipStatus.ACTIVE, organisation__isnull=False
            ).values("organisation_id")
        ).order_by("name")
    )


def own_membership(*, person: User, uuid: UUID) -> Membership | None:
    """Return a membership of the person's own, whatever its state."""
    return (
        Membership.objects.filter(person=person, uuid=uuid)
        .select_related("organisation", "team__partnership", "person")
        .first()
    )


def memberships_of(*, person: User, on: date) -> MyMemberships:
    """Return where a person works, worked, and is asked to; four queries at any size."""
    rows = list(
        Membership.objects.filter(person=person)
        .exclude(status=MembershipStatus.REFUSED)
        .select_related("organisation", "team__partnership")
        .order_by("-starts_on", "-id")
    )
    ended = {row.pk for row in rows if row.ends_on is not None and row.ends_on < on}
    grants = (
        Grant.objects.in_force_on(on)
        .filter(person=person)
        .select_related("organisation", "team", "place", "partnership")
        .order_by("kind", "id")
    )
    supervisions = Supervision.objects.in_force_on(on).select_related(
        "supervisor", "person", "organisation", "team"
    )
    mine = list(
        supervisions.filter(Q(person=person) | Q(supervisor=person)).order_by("starts_on", "id")
    )
    open_rows = [row for row in rows if row.pk not in ended]
    return MyMemberships(
        invited=[row for row in open_rows if row.status == MembershipStatus.INVITED],
        current=[row for row in open_rows if row.status == MembershipStatus.ACTIVE],
        past=[row for row in rows if row.pk in ended and row.status == MembershipStatus.ACTIVE],
        leave=list(grants),
        supervisors=[row for row in mine if row.person_id == person.pk],
        supervised=[row for row in mine if row.supervisor_id == person.pk],
    )


def is_last_operator(*, person: User, on: date) -> bool:
    """Whether the installation would have nobody to run it without this person."""
    runs = Grant.objects.in_force_on(on).filter(kind=GrantKind.OPERATOR).values("person_id")
    operators = User.objects.filter(Q(is_superuser=True) | Q(pk__in=runs), is_active=True)
    return operators.filter(pk=person.pk).exists() and not operators.exclude(pk=person.pk).exists()


def consent_label(consent: Consent) -> str:
    """Return which evidence a consent opens, in words."""
    if consent.source == ConsentSource.ORGANISATION:
        return str(consent.source_organisation)
    return str(ConsentSource(consent.source).label)


def _lookers(
    memberships: list[Membership], *, on: date
) -> dict[tuple[int | None, int | None], list[User]]:
    """Return who can look on behalf of each place, by (organisation id, team id)."""
    organisations = [row.organisation_id for row in memberships if row.organisation_id]
    teams = [row.team_id for row in memberships if row.team_id]
    found: dict[tuple[int | None, int | None], list[User]] = defaultdict(list)
    acting = Q(
        organisation_id__in=organisations,
        kind__in=[GrantKind.WORKFORCE_LEAD, GrantKind.ORGANISATION_ADMINISTRATOR],
    )
    leading = Q(team_id__in=teams, kind=GrantKind.WORKFORCE_LEAD)
    grants = (
        Grant.objects.in_force_on(on)
        .filter(acting | leading, person__is_active=True)
        .select_related("person")
        .order_by("person__last_name", "person__first_name", "id")
    )
    for grant in grants:
        people = found[grant.organisation_id, grant.team_id]
        if grant.person not in people:
            people.append(grant.person)
    return found
