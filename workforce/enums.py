"""Closed lists of words of team profiles."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class StandingRule(TextChoices):
    """Which evidence counts; the names are those of `competencies.rules.standing`."""

    LATEST_VALID = "latest-valid/1", _("Latest judgement, and what was shown since")
    HIGHEST_CONFIRMED = "highest-confirmed/1", _("Highest that someone else or a test confirms")
    TWO_KINDS = "two-kinds/1", _("Highest that two kinds of evidence agree on")


class Showing(TextChoices):
    """Which rows of a team profile to show."""

    EVERYONE = "", _("Everyone")
    BELOW = "below", _("People with something below what their role needs")
    UNSURE = "unsure", _("People of whom something needed is unknown")
