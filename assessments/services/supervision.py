"""Looking at someone whom one supervises."""

from datetime import datetime

from django.db.models import Q

from assessments.queries.ratings import RatedRole, rated_role, ratings_open_to_supervisor
from competencies.models import Role
from organisations.models import User
from organisations.permissions import Access, may_rate
from organisations.services import note_access

PAGE = "supervision"


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
    note_access(viewer=supervisor, people=[person], page=PAGE, at=at)
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
