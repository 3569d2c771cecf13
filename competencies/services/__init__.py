"""What can be done with frameworks, roles, mappings and evidence."""

from competencies.services.evidence import (
    LevelOfAnotherFramework,
    NoPublishedText,
    ShownCompetency,
    current_item,
    record_evidence,
    set_activity_mappings,
    withdraw_evidence,
)

__all__ = [
    "LevelOfAnotherFramework",
    "NoPublishedText",
    "ShownCompetency",
    "current_item",
    "record_evidence",
    "set_activity_mappings",
    "withdraw_evidence",
]
