"""Closed lists of words of team profiles."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class StandingRule(TextChoices):
    """Which evidence counts; the names are those of `competencies.rules.standing`."""

    LATEST_VALID = "latest-valid/1", _("Latest judgement")
    HIGHEST_CONFIRMED = "highest-confirmed/1", _("Highest confirmed")
    TWO_KINDS = "two-kinds/1", _("Two kinds agree")


class Showing(TextChoices):
    """Which rows of a team profile to show."""

    EVERYONE = "", _("Everyone")
    BELOW = "below", _("People with something below what their role needs")
    UNSURE = "unsure", _("People of whom something needed is unknown")
