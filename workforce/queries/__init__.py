"""Questions about teams: who stands where, as far as the viewer may know."""

from workforce.queries.profile import Filters, TeamProfile, team_profile
from workforce.queries.roster import Column, LevelWord, Person

__all__ = ["Column", "Filters", "LevelWord", "Person", "TeamProfile", "team_profile"]
