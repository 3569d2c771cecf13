"""Closed lists of words about the record store."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class Scope(TextChoices):
    """What a credential may do; the names are the standard's."""

    STATEMENTS_WRITE = "statements/write", _("Write statements")
    STATEMENTS_READ_MINE = "statements/read/mine", _("Read the statements it wrote")
    STATEMENTS_READ = "statements/read", _("Read statements")
    STATE = "state", _("Read and write state")
    PROFILE = "profile", _("Read and write profiles")
    DEFINE = "define", _("Define activities")
    ALL_READ = "all/read", _("Read everything")
    ALL = "all", _("Do everything")


class DocumentKind(IntegerChoices):
    """The three document resources."""

    STATE = 1, _("State")
    ACTIVITY_PROFILE = 2, _("Activity profile")
    AGENT_PROFILE = 3, _("Agent profile")
