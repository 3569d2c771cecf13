"""Closed lists of words about talking together."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class SpeakingAs(TextChoices):
    """In what part of their life somebody writes; chosen for each contribution."""

    UNSAID = "", _("I would rather not say")
    ROLE = "role", _("My role")
    SECTOR = "sector", _("Where I work")
    LIVED_EXPERIENCE = "lived_experience", _("Person with lived experience")
    UNPAID_CARER = "unpaid_carer", _("Unpaid carer")
    VOLUNTEER = "volunteer", _("Volunteer")
    NEIGHBOUR = "neighbour", _("Member of the community")


class Delivery(TextChoices):
    """How somebody hears of what is new."""

    EACH = "each", _("An e-mail for each new contribution")
    WEEKLY = "weekly", _("One e-mail a week")
    NONE = "none", _("No e-mail")


class ReportReason(TextChoices):
    """Why somebody asks a moderator to look."""

    IDENTIFIES = "identifies", _("It could identify someone")
    UNKIND = "unkind", _("It is unkind or blames someone")
    UNSAFE = "unsafe", _("Someone may be at risk of harm")
    WRONG = "wrong", _("It is wrong in a way that could hurt someone")
    ADVERTISING = "advertising", _("It is advertising")
    OTHER = "other", _("Something else")


class ReportState(TextChoices):
    """What became of a report."""

    WAITING = "waiting", _("Waiting for a moderator")
    UPHELD = "upheld", _("Something was done")
    DISMISSED = "dismissed", _("Nothing needed doing")


class ModerationKind(TextChoices):
    """What a moderator did."""

    HIDE = "hide", _("Hid a contribution")
    RESTORE = "restore", _("Showed a contribution again")
    CLOSE = "close", _("Closed a discussion")
    REOPEN = "reopen", _("Opened a discussion again")
    PIN = "pin", _("Pinned a discussion")
    UNPIN = "unpin", _("Unpinned a discussion")
