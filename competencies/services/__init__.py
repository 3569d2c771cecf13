"""What can be done with frameworks, roles, mappings and evidence."""

from competencies.importers.starter import StarterFileWrong
from competencies.rules.documents import UnreadableFile
from competencies.rules.trees import BrokenTree
from competencies.services.drafts import (
    DraftExists,
    NotADraft,
    create_framework,
    delete_draft,
    delete_item,
    save_item,
    start_draft,
)
from competencies.services.evidence import (
    LevelOfAnotherFramework,
    NoPublishedText,
    ShownCompetency,
    StatementEvidence,
    current_item,
    record_evidence,
    set_activity_mappings,
    settle_statement_evidence,
    withdraw_evidence,
)
from competencies.services.frameworks import (
    FrameworkNotReady,
    ImportedFramework,
    import_document,
    publish_framework,
    publishing_problems,
    withdraw_framework,
)
from competencies.services.imports import (
    MOST_BYTES,
    ImportReport,
    PartsRefused,
    import_file,
    read_file,
)
from competencies.services.roles import (
    RequiredCompetency,
    RequirementOfAnotherFramework,
    assign_role,
    end_role_assignment,
    save_role,
)
from competencies.services.starter import LoadedStarter, load_starter_framework
from competencies.services.uploads import confirm_upload, drop_upload, keep_upload, preview_upload

__all__ = [
    "MOST_BYTES",
    "BrokenTree",
    "DraftExists",
    "FrameworkNotReady",
    "ImportReport",
    "ImportedFramework",
    "LevelOfAnotherFramework",
    "LoadedStarter",
    "NoPublishedText",
    "NotADraft",
    "PartsRefused",
    "RequiredCompetency",
    "RequirementOfAnotherFramework",
    "ShownCompetency",
    "StarterFileWrong",
    "StatementEvidence",
    "UnreadableFile",
    "assign_role",
    "confirm_upload",
    "create_framework",
    "current_item",
    "delete_draft",
    "delete_item",
    "drop_upload",
    "end_role_assignment",
    "import_document",
    "import_file",
    "keep_upload",
    "load_starter_framework",
    "preview_upload",
    "publish_framework",
    "publishing_problems",
    "read_file",
    "record_evidence",
    "save_item",
    "save_role",
    "set_activity_mappings",
    "settle_statement_evidence",
    "start_draft",
    "withdraw_evidence",
    "withdraw_framework",
]
