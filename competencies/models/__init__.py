"""Models of what good practice is, and who has shown it."""

from competencies.models.evidence import ActivityMapping, Evidence
from competencies.models.frameworks import (
    Competency,
    CompetencyAssociation,
    CompetencyVersion,
    Framework,
    FrameworkVersion,
    Level,
    LevelDescriptor,
)
from competencies.models.roles import Role, RoleAssignment, RoleRequirement
from competencies.models.uploads import FrameworkUpload

__all__ = [
    "ActivityMapping",
    "Competency",
    "CompetencyAssociation",
    "CompetencyVersion",
    "Evidence",
    "Framework",
    "FrameworkUpload",
    "FrameworkVersion",
    "Level",
    "LevelDescriptor",
    "Role",
    "RoleAssignment",
    "RoleRequirement",
]
