"""Closed lists of words used about people and the places they work."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

EDUCATORS = "Educators"
"""The group that lets people into the editor; `services.keep_educators` keeps its members."""
PAGE_EDITORS = "Page editors"
"""Those of them who may change pages."""

OPERATORS = "Operators"
"""The group that sets up organisations, places, partnerships and teams there."""


class Sector(TextChoices):
    """What kind of organisation it is."""

    HOSPITAL = "hospital", _("Hospital or community trust")
    GENERAL_PRACTICE = "general_practice", _("General practice")
    COUNCIL = "council", _("Council")
    CARE_PROVIDER = "care_provider", _("Care provider")
    CHARITY = "charity", _("Charity or community group")
    HOUSING = "housing", _("Housing")
    PHARMACY = "pharmacy", _("Pharmacy")
    OTHER = "other", _("Other")


class PlaceKind(TextChoices):
    """What sort of locality a place is."""

    REGION = "region", _("Region")
    URBAN = "urban", _("Urban")
    RURAL = "rural", _("Rural")
    COASTAL = "coastal", _("Coastal")
    MIXED = "mixed", _("Mixed")


class MembershipStatus(TextChoices):
    """Where a membership stands; only a confirmed one counts."""

    INVITED = "invited", _("Invited")
    ACTIVE = "active", _("Active")
    REFUSED = "refused", _("Refused")


class GrantKind(TextChoices):
    """What somebody has leave to act as."""

    SUPERVISOR = "supervisor", _("Supervisor")
    WORKFORCE_LEAD = "workforce_lead", _("Workforce lead")
    EDUCATOR = "educator", _("Educator")
    MODERATOR = "moderator", _("Moderator")
    ORGANISATION_ADMINISTRATOR = "organisation_administrator", _("Organisation administrator")
    OPERATOR = "operator", _("Operator")


class ConsentSource(TextChoices):
    """Which evidence a consent opens."""

    ALL = "all", _("All of my record")
    PLATFORM = "platform", _("What I do here")
    ORGANISATION = "organisation", _("What one organisation recorded")


class ConsentPurpose(TextChoices):
    """What the evidence may be used for."""

    TEAM_PROFILE = "team_profile", _("Planning what our team can do together")
    SUPERVISION = "supervision", _("Supervision and support")
    EMPLOYMENT = "employment", _("My employer's training record")


class Visibility(TextChoices):
    """Who may see a piece of content."""

    PUBLIC = "public", _("Everyone")
    SIGNED_IN = "signed_in", _("Everyone who is signed in")
    ORGANISATIONS = "organisations", _("Only named organisations")


class PageSeen(TextChoices):
    """Pages on which people's records are shown by name, in words for who was looked at."""

    TEAM_PROFILE = "team_profile", _("What a team can do, with your name in it")
    TEAM_MEMBER = "team_member", _("Your own page in a team’s profile")
    TEAM_EXPORT = "team_export", _("What a team can do, as a file with your name in it")
    LEARNER_RECORD = "learner_record", _("Your learning record")
    ORGANISATION_RECORDS = "organisation_records", _("Your employer's training records")
    RATING = "rating", _("What you can do, on your supervisor’s page about you")
    SUPERVISION_LIST = "supervision_list", _("Your supervisor’s list of people, with what waits")
    STORE_STATEMENTS = "store_statements", _("What systems told your employer, in a list")
    STORE_STATEMENT = "store_statement", _("One thing that a system told your employer about you")
    STORE_STATEMENTS_FILE = "store_file", _("What systems told your employer, as a file")
    STORE_ACTOR = "store_actor", _("All that systems told your employer about you, on one page")
    STORE_ACTIVITY = "store_activity", _("Who did most with an activity, with your name in it")
    STORE_PROFILE = "store_profile", _("Whether what systems sent keeps to a profile, by example")
