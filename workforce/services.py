"""Looking at people's standing on behalf of a team: refused, or noted."""

from datetime import date, datetime
from uuid import UUID

from organisations.enums import PageSeen
from organisations.models import Team, User
from organisations.permissions import (
    Access,
    may_see_names_in,
    may_see_team_profile,
)
from organisations.services import note_access
from workforce import queries
from workforce.queries import (
    Filters,
    PersonProfile,
    Scope,
    ScopeKind,
    TeamCounts,
    TeamProfile,
    team_profile,
)


class TeamProfileClosed(Exception):
    """The viewer has no leave to see this, or it does not exist: they cannot tell which."""


def open_team_profile(
    *,
    viewer: User,
    access: Access,
    team: Team,
    on: date,
    moment: datetime,
    language: str,
    filters: Filters | None = None,
    into: str = "",
    page: PageSeen = PageSeen.TEAM_PROFILE,
) -> TeamProfile:
    """Return a team's profile to who leads it, and note whom it shows.

    ``into`` is the code of a function, to see its competencies; the rest is as for
    `queries.team_profile`. Nothing is returned before the look is noted. Raises TeamProfileClosed,
    also for a function that is not there.

    Writes: AccessNote, one a person shown.
    """
    if not may_see_names_in(access, team.pk):
        raise TeamProfileClosed
    profile = team_profile(
        viewer=access,
        team=team,
        on=on,
        moment=moment,
        language=language,
        filters=filters,
        into=into,
    )
    if into and profile.function is None:
        raise TeamProfileClosed
    note_access(viewer=viewer, people=profile.people_shown, page=page, at=moment, team=team)
    return profile


def open_person_profile(
    *,
    viewer: User,
    access: Access,
    team: Team,
    person_uuid: UUID,
    moment: datetime,
    language: str,
) -> PersonProfile:
    """Return where one member stands, with the reasons, to who leads the team, and note the look.

    Raises TeamProfileClosed. Writes: AccessNote.
    """
    if not may_see_names_in(access, team.pk):
        raise TeamProfileClosed
    try:
        profile = queries.person_profile(
            viewer=access, team=team, person_uuid=person_uuid, moment=moment, language=language
        )
    except queries.NoSuchPerson as error:
        raise TeamProfileClosed from error
    note_access(
        viewer=viewer,
        people=[profile.person.id],
        page=PageSeen.TEAM_MEMBER,
        at=moment,
        team=team,
    )
    return profile


def open_team_counts(*, access: Access, team: Team, moment: datetime, language: str) -> TeamCounts:
    """Return how a team stands in counts, to who plans for its place or partnership.

    Nobody is named, so no look is noted. Raises TeamProfileClosed.
    """
    if not may_see_team_profile(access, team.pk):
        raise TeamProfileClosed
    return queries.team_counts(viewer=access, team=team, moment=moment, language=language)


def open_scope_counts(
    *, access: Access, kind: ScopeKind, uuid: UUID, moment: datetime, language: str
) -> tuple[Scope, TeamCounts]:
    """Return how a partnership's or place's people stand in counts, to who plans for it.

    Raises TeamProfileClosed.
    """
    for scope in queries.teams_open_to(viewer=access).scopes:
        if (scope.kind, scope.uuid) == (kind, uuid):
            return scope, queries.scope_counts(
                viewer=access, teams=scope.teams, moment=moment, language=language
            )
    raise TeamProfileClosed
