"""Closed lists of words about questions and judgements."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class QuestionKind(TextChoices):
    """How many answers may be chosen."""

    SINGLE = "single", _("Choose one answer")
    MULTIPLE = "multiple", _("Choose all that apply")


class RatingKind(TextChoices):
    """Who gives the judgement."""

    SELF = "self", _("Own view")
    SUPERVISOR = "supervisor", _("Supervisor's view")
    PEER = "peer", _("Colleague's view")
    ASSESSOR = "assessor", _("Assessor's view")
