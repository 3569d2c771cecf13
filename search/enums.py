"""Closed lists of words about finding."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    """What sort of thing can be found."""

    COURSE = "course", _("Courses")
    MODULE = "module", _("Modules")
    LESSON = "lesson", _("Lessons")
    COMPETENCY = "competency", _("Functions and competencies")
    ROLE = "role", _("Roles")
    DISCUSSION = "discussion", _("Discussions")
    GUIDE = "guide", _("Help and guides")


class Languages(TextChoices):
    """In which languages pages are looked for. Other things are found in any."""

    MINE = "mine", _("In this language")
    ALL = "all", _("In every language")
