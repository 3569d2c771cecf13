"""Questions about people, places and leave to look."""

from organisations.queries.access import access_of, belonging_of
from organisations.queries.consent import members_named_to, sources_open_to
from organisations.queries.corrections import Correctable, colleague, correctable
from organisations.queries.installation import iri_base
from organisations.queries.looks import days_of_looks, looks_on, supervised_for
from organisations.queries.mine import (
    MyMemberships,
    Sharing,
    SharingPlace,
    consent_label,
    is_last_operator,
    memberships_of,
    own_membership,
    sharing_of,
    sharing_sources,
)
from organisations.queries.staff import (
    grant_across,
    grant_of_organisation,
    leave_across,
    leave_held,
    organisation_kept_by,
    organisations_kept_by,
    staff_member,
    staff_of,
    team_led_by,
    team_memberships,
    things_to_lead,
)
from organisations.queries.work import Work, work_of

__all__ = [
    "Correctable",
    "MyMemberships",
    "Sharing",
    "SharingPlace",
    "Work",
    "access_of",
    "belonging_of",
    "colleague",
    "consent_label",
    "correctable",
    "days_of_looks",
    "grant_across",
    "grant_of_organisation",
    "iri_base",
    "is_last_operator",
    "leave_across",
    "leave_held",
    "looks_on",
    "members_named_to",
    "memberships_of",
    "organisation_kept_by",
    "organisations_kept_by",
    "own_membership",
    "sharing_of",
    "sharing_sources",
    "sources_open_to",
    "staff_member",
    "staff_of",
    "supervised_for",
    "team_led_by",
    "team_memberships",
    "things_to_lead",
    "work_of",
]
