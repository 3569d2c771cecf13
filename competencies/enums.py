"""Closed lists of words about competencies and the reasons to believe in them."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class FrameworkStatus(TextChoices):
    """Where a framework version stands."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    SUPERSEDED = "superseded", _("Superseded")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class CompetencyKind(TextChoices):
    """What sort of item in a framework it is."""

    FUNCTION = "function", _("Core function")
    GROUP = "group", _("Group")
    COMPETENCY = "competency", _("Competency")


class Importance(TextChoices):
    """How much a role needs a competency."""

    ESSENTIAL = "essential", _("Essential")
    USEFUL = "useful", _("Useful")


class EvidenceKind(TextChoices):
    """What sort of reason it is."""

    COMPLETION = "completion", _("Completed learning")
    ASSESSMENT = "assessment", _("Passed an assessment")
    SELF_RATING = "self_rating", _("Own view")
    SUPERVISOR_RATING = "supervisor_rating", _("Supervisor's view")
    PEER_RATING = "peer_rating", _("Colleague's view")
    ASSESSOR_RATING = "assessor_rating", _("Assessor's view")
    CREDENTIAL = "credential", _("Credential")


class AssociationType(TextChoices):
    """How two items are linked; the words of CASE."""

    IS_CHILD_OF = "isChildOf"
    IS_PEER_OF = "isPeerOf"
    IS_PART_OF = "isPartOf"
    EXACT_MATCH_OF = "exactMatchOf"
    PRECEDES = "precedes"
    IS_RELATED_TO = "isRelatedTo"
    REPLACED_BY = "replacedBy"
    EXEMPLAR = "exemplar"
    HAS_SKILL_LEVEL = "hasSkillLevel"
    IS_TRANSLATION_OF = "isTranslationOf"
