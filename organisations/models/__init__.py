"""Models of people, the places they work, and who may see what."""

from organisations.models.consent import AccessNote, Consent
from organisations.models.grants import Grant, Supervision
from organisations.models.people import Installation, User
from organisations.models.structure import (
    AccountSystem,
    Membership,
    Organisation,
    Partnership,
    Place,
    StaffListUpload,
    Team,
    open_on,
)

__all__ = [
    "AccessNote",
    "AccountSystem",
    "Consent",
    "Grant",
    "Installation",
    "Membership",
    "Organisation",
    "Partnership",
    "Place",
    "StaffListUpload",
    "Supervision",
    "Team",
    "User",
    "open_on",
]
