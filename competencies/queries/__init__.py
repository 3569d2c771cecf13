"""Questions about frameworks, roles and where people stand."""

from competencies.queries.frameworks import FrameworkContent, find_version, framework_content
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
    "FrameworkContent",
    "FunctionProfile",
    "LearnerStanding",
    "Requirement",
    "combined",
    "evidence_facts",
    "find_version",
    "framework_content",
    "learner_standing",
    "mappings_counting_for",
    "open_mappings",
    "requirements_for",
    "roles_filled",
    "shared_functions",
    "shared_levels",
    "standings_of",
]
