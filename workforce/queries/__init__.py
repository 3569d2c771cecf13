"""Questions about teams: who stands where, as far as the viewer may know."""

from workforce.queries.counts import FunctionCounts, TeamCounts, scope_counts, team_counts
from workforce.queries.person import NoSuchPerson, PersonFunction, PersonProfile, person_profile
from workforce.queries.profile import Filters, TeamProfile, team_profile
from workforce.queries.roster import Person
from workforce.queries.teams import (
    OwnMembership,
    Scope,
    ScopeKind,
    TeamLine,
    TeamsOpen,
    own_membership,
    teams_open_to,
)
from workforce.queries.wording import Column, LevelWord

__all__ = [
    "Column",
    "Filters",
    "FunctionCounts",
    "LevelWord",
    "NoSuchPerson",
    "OwnMembership",
    "Person",
    "PersonFunction",
    "PersonProfile",
    "Scope",
    "ScopeKind",
    "TeamCounts",
    "TeamLine",
    "TeamProfile",
    "TeamsOpen",
    "own_membership",
    "person_profile",
    "scope_counts",
    "team_counts",
    "team_profile",
    "teams_open_to",
]
