"""Which evidence a viewer may see: the one place where consent is read."""

from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from organisations.enums import ConsentPurpose, ConsentSource, MembershipStatus
from organisations.models import (
    Consent,
    Membership,
    Organisation,
    Supervision,
    Team,
    User,
)
from organisations.models.consent import ConsentQuerySet
from organisations.permissions import Access, may_see_names_in, may_see_team_profile


def sources_open_to(
    *,
    viewer: Access,
    moment: datetime,
    team: Team | None = None,
    organisation: Organisation | None = None,
    counts_only: bool = False,
    prefix: str = "",
) -> Q:
    """Return the filter for rows of evidence that ``viewer`` may see at ``moment``.

    It applies to any model with ``person`` and ``source_organisation`` (empty: made here, the
    person's own), such as `Evidence` and `RecordEntry`; ``prefix`` is the path to them, with its
    underscores (``"evidence__"``). It holds only subqueries: no query of its own, and the same
    number whatever the number of people. Who looks must say on whose behalf:

    neither team nor organisation
        The viewer's own rows, all of them; and of the people they supervise:
        what an employer recorded, where the supervision names that employer or the viewer has
        leave to supervise in it, while the person is a member there; and what the person opened
        for supervision to an organisation or a team that the viewer is a member of, has leave to
        supervise, or supervises them for.
    ``team``
        When the viewer leads that very team: of its members today, what each opened to this team
        for team profiles; what an employer the viewer also acts for recorded, while the person is
        a member there; and what the person opened for team profiles to such an employer. With
        ``counts_only``, a viewer who plans for the team's place or partnership has the first of
        these, to be counted and never to be shown by person. Of the viewer's own rows, as a
        member, no more than of another member's.
    ``organisation``
        When the viewer acts for it: what it recorded, of people who are its members or left
        within its months of retention; and what a member opened to it for its training record.

    A consent counts while it is open (from–until, not withdrawn) and while the person is a
    confirmed member of the organisation or team it was given to; leaving ends what it opens.
    ``all`` opens every source, ``platform`` only rows without a source organisation, and
    ``organisation`` only rows of the source it names.

    Raises:
        ValueError: both a team and an organisation are given.
    """
    if team is not None and organisation is not None:
        raise ValueError("Look on behalf of a team or of an organisation, not both.")
    rows = _Rows(moment=moment, prefix=prefix)
    if viewer.person_id is None:
        return rows.nothing()
    if team is not None:
        return _for_team(rows, viewer, team, counts_only=counts_only)
    if organisation is not None:
        return _for_organisation(rows, viewer, organisation)
    return rows.of_person(viewer.person_id) | _for_supervision(rows, viewer)


def members_named_to(*, viewer: Access, team: Team, on: date) -> QuerySet[User]:
    """Return the members of ``team`` whose names the viewer may see: all of them, or only their own.

    Names are for those who lead that very team; anyone else finds at most themselves.
    """
    members = User.objects.filter(
        pk__in=Membership.objects.active_on(on).filter(team=team).values("person_id")
    )
    if may_see_names_in(viewer, team.pk):
        return members
    return members.filter(pk__in=[] if viewer.person_id is None else [viewer.person_id])


def _for_team(rows: "_Rows", viewer: Access, team: Team, *, counts_only: bool) -> Q:
    may_look = may_see_team_profile if counts_only else may_see_names_in
    if not may_look(viewer, team.pk):
        return rows.nothing()
    opened = rows.opened(Q(team=team), ConsentPurpose.TEAM_PROFILE)
    if may_see_names_in(viewer, team.pk) and viewer.acts_for_ids:
        opened |= rows.recorded_by(Q(organisation_id__in=viewer.acts_for_ids))
        opened |= rows.opened(
            Q(organisation_id__in=viewer.acts_for_ids), ConsentPurpose.TEAM_PROFILE
        )
    members = Membership.objects.active_on(rows.day).filter(team=team)
    return rows.of_people(members) & opened


def _for_organisation(rows: "_Rows", viewer: Access, organisation: Organisation) -> Q:
    if organisation.pk not in viewer.acts_for_ids:
        return rows.nothing()
    kept = Membership.objects.filter(
        Q(ends_on__isnull=True)
        | Q(ends_on__gte=months_before(rows.day, organisation.retention_months)),
        organisation=organisation,
        status=MembershipStatus.ACTIVE,
        starts_on__lte=rows.day,
    )
    recorded = rows.of_people(kept) & rows.with_source(organisation.pk)
    return recorded | rows.opened(Q(organisation=organisation), ConsentPurpose.EMPLOYMENT)


def _for_supervision(rows: "_Rows", viewer: Access) -> Q:
    if not viewer.supervised_ids:
        return rows.nothing()
    named = Supervision.objects.in_force_on(rows.day).filter(supervisor_id=viewer.person_id)
    of_them = named.filter(person_id=OuterRef("person_id"))
    for_employer = Q(Exists(of_them.filter(organisation_id=OuterRef("organisation_id"))))
    for_team = Q(Exists(of_them.filter(team_id=OuterRef("team_id"))))
    recorded = rows.recorded_by(
        for_employer | Q(organisation_id__in=viewer.supervisor_organisation_ids)
    )
    recipient = (
        for_employer
        | for_team
        | Q(organisation_id__in=viewer.employer_ids | viewer.supervisor_organisation_ids)
        | Q(team_id__in=viewer.team_ids | viewer.supervisor_team_ids)
    )
    opened = rows.opened(recipient, ConsentPurpose.SUPERVISION)
    supervised = rows.of_people(named) | rows.of_people(
        Membership.objects.active_on(rows.day).filter(
            Q(organisation_id__in=viewer.supervisor_organisation_ids)
            | Q(team_id__in=viewer.supervisor_team_ids)
        )
    )
    return supervised & (recorded | opened)


def months_before(day: date, months: int) -> date:
    """Return the same day so many months earlier, or the last day of that month."""
    count = day.year * 12 + day.month - 1 - months
    year, month = divmod(count, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


class _Rows:
    """Filters over rows of evidence, at one moment."""

    def __init__(self, *, moment: datetime, prefix: str) -> None:
        self.moment = moment
        self.day = timezone.localdate(moment)
        self._person = f"{prefix}person_id"
        self._source = f"{prefix}source_organisation_id"

    def nothing(self) -> Q:
        return Q(**{f"{self._person}__in": []})

    def of_person(self, person_id: int) -> Q:
        return Q(**{self._person: person_id})

    def of_people(self, rows: QuerySet[Membership] | QuerySet[Supervision]) -> Q:
        """Of the ``person`` of each of ``rows``."""
        return Q(**{f"{self._person}__in": rows.values("person_id")})

    def with_source(self, organisation_id: int) -> Q:
        return Q(**{self._source: organisation_id})

    def recorded_by(self, employer: Q) -> Q:
        """What an employer recorded of a member it has today; ``employer`` filters memberships."""
        return Q(
            Exists(
                Membership.objects.active_on(self.day)
                .filter(employer)
                .filter(person_id=OuterRef(self._person), organisation_id=OuterRef(self._source))
            )
        )

    def opened(self, recipient: Q, purpose: ConsentPurpose) -> Q:
        """What people opened for a purpose to recipients; ``recipient`` filters consents."""
        given = self._standing_consents().filter(recipient, purpose=purpose)
        everything = given.filter(source=ConsentSource.ALL).values("person_id")
        platform = given.filter(source=ConsentSource.PLATFORM).values("person_id")
        of_source = given.filter(
            source=ConsentSource.ORGANISATION,
            person_id=OuterRef(self._person),
            source_organisation_id=OuterRef(self._source),
        )
        return (
            Q(**{f"{self._person}__in": everything})
            | Q(**{f"{self._source}__isnull": True, f"{self._person}__in": platform})
            | (Q(**{f"{self._source}__isnull": False}) & Q(Exists(of_source)))
        )

    def _standing_consents(self) -> ConsentQuerySet:
        """Open consents of people who are members of the organisation or team they gave it to."""
        member = Membership.objects.active_on(self.day).filter(person_id=OuterRef("person_id"))
        return Consent.objects.open_at(self.moment).filter(
            Exists(member.filter(organisation_id=OuterRef("organisation_id")))
            | Exists(member.filter(team_id=OuterRef("team_id")))
        )
