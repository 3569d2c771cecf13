"""Looking at those whom one supervises."""

from datetime import datetime

from django.db.models import Q

from assessments.queries.ratings import RatedRole, rated_role, ratings_open_to_supervisor
from assessments.queries.supervision import SupervisedPerson, supervision_list
from competencies.models import Role
from organisations.enums import PageSeen
from organisations.models import User
from organisations.permissions import Access, may_rate
from organisations.queries import supervised_for
from organisations.services import note_access


class NotSupervised(ValueError):
    """The viewer does not supervise this person today."""


def open_supervised_role(
    *,
    viewer: Access,
    supervisor: User,
    person: User,
    role: Role | None,
    visible: Q,
    at: datetime,
    language: str,
) -> RatedRole | None:
    """Note that the supervisor looks, and return the person's role with what may be seen.

    Without a role there is nothing to see but the name, and the look is noted all the same.

    Args:
        viewer: the supervisor's access.
        supervisor: the supervisor.
        person: at whom they look.
        role: one that the person fills.
        visible: which evidence the viewer may see; `organisations.queries` makes it.
        at: now.
        language: the reader's.

    Raises:
        NotSupervised: the viewer does not supervise this person; nothing is noted.

    Writes: one AccessNote.
    """
    if not may_rate(viewer, person.pk):
        raise NotSupervised
    note_access(
        viewer=supervisor,
        people=[person],
        page=PageSeen.RATING,
        at=at,
        on_behalf=supervised_for(viewer=viewer, person_ids=[person.pk]),
    )
    if role is None:
        return None
    return rated_role(
        viewer=viewer,
        person=person,
        role=role,
        ratings=ratings_open_to_supervisor(viewer=viewer, visible=visible),
        evidence=visible,
        on=viewer.on,
        language=language,
    )


def open_supervision_list(
    *, viewer: Access, supervisor: User, visible: Q, at: datetime, language: str
) -> list[SupervisedPerson]:
    """Return whom the supervisor supervises and what waits, noting whose own view the list shows.

    Args:
        viewer: the supervisor's access.
        supervisor: the supervisor.
        visible: which evidence the viewer may see; `organisations.queries` makes it.
        at: now.
        language: the reader's.

    Raises:
        NotSupervised: the viewer supervises nobody today.

    Writes: one AccessNote a person whose own view is shown.
    """
    if not viewer.is_supervisor:
        raise NotSupervised
    people = supervision_list(viewer=viewer, visible=visible, on=viewer.on, language=language)
    shown = [one.person for one in people if one.own_view_at is not None]
    note_access(
        viewer=supervisor,
        people=shown,
        page=PageSeen.SUPERVISION_LIST,
        at=at,
        on_behalf=supervised_for(viewer=viewer, person_ids=[one.pk for one in shown]),
    )
    return people
