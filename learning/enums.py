"""Closed lists of words about courses and getting through them."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class LessonState(TextChoices):
    """Where a learner is with a lesson."""

    NOT_STARTED = "not_started", _("Not started")
    STARTED = "started", _("Started")
    COMPLETED = "completed", _("Completed")


class StepKind(TextChoices):
    """What a learner did within a lesson."""

    REFLECTION = "reflection", _("Reflection")
    CHECK = "check", _("Knowledge check")


class NextReason(TextChoices):
    """Why something is worth doing next."""

    ESSENTIAL = "essential", _("Essential for your role")
    USEFUL = "useful", _("Useful for your role")
