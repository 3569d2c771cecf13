"""What each person may do: yes or no about a person and a thing, without a query.

`organisations.queries.access_of` loads an `Access` once; every question is then answered from it.
This is the one page of code that says who may do what; `docs/reference/permissions.md` says the
same in words, and a test holds the two together.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from organisations.enums import GrantKind, Visibility

NOBODY: frozenset[int] = frozenset()

KINDS_AN_ADMINISTRATOR_GIVES = frozenset(
    {
        GrantKind.SUPERVISOR,
        GrantKind.WORKFORCE_LEAD,
        GrantKind.EDUCATOR,
        GrantKind.MODERATOR,
        GrantKind.ORGANISATION_ADMINISTRATOR,
    }
)


@dataclass(frozen=True)
class Access:
    """What one person is, and may act as, on one day. Ids are those of rows.

    ``led_team_ids`` are teams the person has leave to lead, that very team by name: only there do
    they see names. ``overseen_team_ids`` are the teams of a place (nested places too) or a
    partnership the person is workforce lead of: of those they see counts. ``acts_for_ids`` are
    employers the person acts for, as workforce lead or administrator of the organisation.
    ``supervised_ids`` are people supervised by name, or as members of an organisation or a team
    the person has leave to supervise (``supervisor_organisation_ids``, ``supervisor_team_ids``).
    """

    person_id: int | None
    on: date
    employer_ids: frozenset[int] = NOBODY
    team_ids: frozenset[int] = NOBODY
    led_team_ids: frozenset[int] = NOBODY
    overseen_team_ids: frozenset[int] = NOBODY
    overseen_place_ids: frozenset[int] = NOBODY
    overseen_partnership_ids: frozenset[int] = NOBODY
    acts_for_ids: frozenset[int] = NOBODY
    administered_ids: frozenset[int] = NOBODY
    supervised_ids: frozenset[int] = NOBODY
    supervisor_organisation_ids: frozenset[int] = NOBODY
    supervisor_team_ids: frozenset[int] = NOBODY
    educator_ids: frozenset[int] = NOBODY
    is_educator_everywhere: bool = False
    moderated_organisation_ids: frozenset[int] = NOBODY
    moderated_team_ids: frozenset[int] = NOBODY
    is_moderator_everywhere: bool = False
    is_operator: bool = False

    @property
    def is_signed_in(self) -> bool:
        """Whether this is a person at all."""
        return self.person_id is not None

    @property
    def is_supervisor(self) -> bool:
        """Whether there is anyone the person supervises."""
        return bool(self.supervised_ids)

    @property
    def is_workforce_lead(self) -> bool:
        """Whether there is a team, place, partnership or organisation the person plans for."""
        return bool(
            self.led_team_ids
            or self.overseen_team_ids
            or self.overseen_place_ids
            or self.overseen_partnership_ids
        )

    @property
    def is_educator(self) -> bool:
        """Whether the person writes for some organisation, or for all."""
        return self.is_educator_everywhere or bool(self.educator_ids)

    @property
    def is_moderator(self) -> bool:
        """Whether there is a discussion the person looks after."""
        return self.is_moderator_everywhere or bool(
            self.moderated_organisation_ids or self.moderated_team_ids
        )

    @property
    def is_administrator(self) -> bool:
        """Whether there is an organisation whose people list the person keeps."""
        return self.is_operator or bool(self.administered_ids)


@dataclass(frozen=True)
class Belonging:
    """Where someone works on a day; made by `organisations.queries.belonging_of`."""

    person_id: int
    organisation_ids: frozenset[int] = NOBODY
    team_ids: frozenset[int] = NOBODY


# Teams ---------------------------------------------------------------------------------


def may_see_team_profile(access: Access, team_id: int) -> bool:
    """Leads it, or plans for its place or partnership (then only counts: see the next)."""
    return team_id in access.led_team_ids or team_id in access.overseen_team_ids


def may_see_names_in(access: Access, team_id: int) -> bool:
    """Leads that very team."""
    return team_id in access.led_team_ids


def may_see_partnership_summary(access: Access, partnership_id: int) -> bool:
    """Plans for it."""
    return partnership_id in access.overseen_partnership_ids


def may_invite_to_team(access: Access, team_id: int) -> bool:
    """Leads that team, or runs the installation."""
    return team_id in access.led_team_ids or access.is_operator


# Records of people ---------------------------------------------------------------------


def may_see_record_of(access: Access, other: Belonging) -> bool:
    """Their own, or of someone they supervise, lead in a team, or employ.

    Which evidence is then shown is for `organisations.queries.sources_open_to`; this only says
    whether there is a page at all.
    """
    if access.person_id is None:
        return False
    return (
        other.person_id == access.person_id
        or other.person_id in access.supervised_ids
        or not access.led_team_ids.isdisjoint(other.team_ids)
        or not access.acts_for_ids.isdisjoint(other.organisation_ids)
    )


def may_see_organisation_records(access: Access, organisation_id: int) -> bool:
    """Acts for that employer."""
    return organisation_id in access.acts_for_ids


def may_rate(access: Access, person_id: int) -> bool:
    """Supervises them; nobody supervises themselves."""
    return person_id in access.supervised_ids and person_id != access.person_id


# Content and discussions ---------------------------------------------------------------


def may_edit_content(access: Access, owner_id: int | None) -> bool:
    """Educator of the owner; content without an owner is for educators of everything."""
    if access.is_operator or access.is_educator_everywhere:
        return True
    return owner_id is not None and owner_id in access.educator_ids


def may_see_content(
    access: Access, *, visibility: str, owner_id: int | None, visible_to_ids: Collection[int] = ()
) -> bool:
    """Public; or signed in; or a member of the owner or of a named organisation; or its editor."""
    if visibility == Visibility.PUBLIC:
        return True
    if not access.is_signed_in:
        return False
    if visibility == Visibility.SIGNED_IN or may_edit_content(access, owner_id):
        return True
    return owner_id in access.employer_ids or not access.employer_ids.isdisjoint(visible_to_ids)


def may_moderate(
    access: Access, *, organisation_id: int | None = None, team_id: int | None = None
) -> bool:
    """Moderator of everything, or of the organisation or team that the discussion belongs to."""
    return (
        access.is_operator
        or access.is_moderator_everywhere
        or organisation_id in access.moderated_organisation_ids
        or team_id in access.moderated_team_ids
    )


# Running things ------------------------------------------------------------------------


def may_administer_organisation(access: Access, organisation_id: int) -> bool:
    """Keep its people list: invite, import, end memberships."""
    return access.is_operator or organisation_id in access.administered_ids


def may_give_leave(access: Access, *, kind: str, organisation_id: int | None) -> bool:
    """Give or end leave to act as ``kind``.

    An administrator, for their own organisation; an operator, for everything. Leave to lead a
    team, a place or a partnership reaches across organisations, so only an operator gives it.
    """
    if access.is_operator:
        return True
    return (
        kind in KINDS_AN_ADMINISTRATOR_GIVES
        and organisation_id is not None
        and organisation_id in access.administered_ids
    )


def may_operate(access: Access) -> bool:
    """See and set up every organisation; this opens nobody's record."""
    return access.is_operator
