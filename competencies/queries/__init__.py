"""Questions about frameworks, roles and where people stand."""

from competencies.queries.standing import (
    CompetencyStanding,
    FunctionProfile,
    LearnerStanding,
    Requirement,
    combined,
    evidence_facts,
    learner_standing,
    mappings_counting_for,
    open_mappings,
    requirements_for,
    roles_filled,
    shared_functions,
    shared_levels,
    standings_of,
)

__all__ = [
    "CompetencyStanding",
    "FunctionProfile",
    "LearnerStanding",
    "Requirement",
    "combined",
    "evidence_facts",
    "learner_standing",
    "mappings_counting_for",
    "open_mappings",
    "requirements_for",
    "roles_filled",
    "shared_functions",
    "shared_levels",
    "standings_of",
]
