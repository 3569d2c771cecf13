"""Whom someone supervises, and what waits for them."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from assessments.enums import RatingKind
from assessments.models import Rating
from assessments.queries.ratings import ratings_open_to_supervisor, role_titles
from cms.queries import Said
from competencies.models import Role
from competencies.queries.standing import requirements_for, roles_filled
from organisations.models import User
from organisations.permissions import Access


@dataclass(frozen=True)
class SupervisedPerson:
    """A person on a supervisor's list.

    ``waiting`` is how many competencies of their roles have a view of their own, open to the
    supervisor, that the supervisor has said nothing about since.
    """

    person: User
    roles: tuple[Said, ...]
    asked: int
    waiting: int
    own_view_at: datetime | None
    my_view_at: datetime | None


def people_supervised(*, viewer: Access) -> QuerySet[User]:
    """Return the people the viewer supervises today."""
    return User.objects.filter(
        pk__in=viewer.supervised_ids, is_active=True, merged_into__isnull=True
    )


def supervision_list(
    *, viewer: Access, visible: Q, on: date, language: str
) -> list[SupervisedPerson]:
    """Return the people the viewer supervises, those with something waiting first.

    Six queries, whatever the number of people.

    Args:
        viewer: the supervisor.
        visible: which evidence they may see; `organisations.queries` makes it.
        on: the day.
        language: the reader's.
    """
    people = list(people_supervised(viewer=viewer).order_by("last_name", "first_name", "pk"))
    ids = [person.pk for person in people]
    filled = roles_filled(person_ids=ids, on=on)
    role_ids = {role_id for of_person in filled.values() for role_id in of_person}
    roles = list(Role.objects.filter(pk__in=role_ids).order_by("title", "pk"))
    titles = role_titles(roles=roles, language=language)
    asked = {
        role_id: {one.competency_id for one in needs}
        for role_id, needs in requirements_for(role_ids=role_ids).items()
    }
    newest = _newest(viewer=viewer, visible=visible)
    found = []
    for person in people:
        of_person = filled.get(person.pk, [])
        competencies = set().union(*(asked.get(role_id, set()) for role_id in of_person))
        own = newest[person.pk, True]
        mine = newest[person.pk, False]
        found.append(
            SupervisedPerson(
                person=person,
                roles=tuple(titles[role.pk] for role in roles if role.pk in of_person),
                asked=len(competencies),
                waiting=sum(
                    1
                    for competency in competencies & own.keys()
                    if competency not in mine or mine[competency] < own[competency]
                ),
                own_view_at=max(own.values(), default=None),
                my_view_at=max(mine.values(), default=None),
            )
        )
    return sorted(found, key=lambda one: one.waiting == 0)


def _newest(*, viewer: Access, visible: Q) -> Mapping[tuple[int, bool], dict[int, datetime]]:
    """Return when each competency was last spoken of, by person and whether by themselves."""
    newest: dict[tuple[int, bool], dict[int, datetime]] = defaultdict(dict)
    rows = (
        Rating.objects.standing()
        .filter(ratings_open_to_supervisor(viewer=viewer, visible=visible))
        .filter(Q(kind=RatingKind.SELF) | Q(rater_id=viewer.person_id))
        .order_by("rated_at", "pk")
        .values_list("person_id", "kind", "competency_id", "rated_at")
    )
    for person_id, kind, competency_id, rated_at in rows:
        newest[person_id, kind == RatingKind.SELF][competency_id] = rated_at
    return newest


def roles_of(*, person_id: int, on: date) -> list[Role]:
    """Return the roles that a person fills on a day, by title. Two queries."""
    ids = roles_filled(person_ids=[person_id], on=on).get(person_id, [])
    return list(Role.objects.filter(pk__in=ids).order_by("title", "pk"))


def ratings_given(*, viewer: Access) -> QuerySet[Rating]:
    """Return the ratings that the viewer gave to others and has not withdrawn."""
    return (
        Rating.objects.standing()
        .filter(rater_id=viewer.person_id)
        .exclude(kind=RatingKind.SELF)
        .select_related("person", "item", "level")
    )
