"""Closed lists of words about a person's learning record."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class EntryKind(TextChoices):
    """What a statement says a person did: one vocabulary for pages, API and xAPI."""

    ENROLLED = "enrolled", _("Enrolled")
    STARTED = "started", _("Started")
    PROGRESSED = "progressed", _("Got further")
    COMPLETED = "completed", _("Completed")
    PASSED = "passed", _("Passed")
    FAILED = "failed", _("Tried")
    ANSWERED = "answered", _("Answered")
    EXPERIENCED = "experienced", _("Looked at")
    TOOK_PART = "took_part", _("Took part")
    OTHER = "other", _("Other")


class Proof(TextChoices):
    """How we know that an actor in a statement is this person."""

    OWN_ACCOUNT = "own_account", _("Account here")
    VERIFIED_EMAIL = "verified_email", _("Verified e-mail address")
    ORGANISATION = "organisation", _("Confirmed by the organisation that owns the account")
