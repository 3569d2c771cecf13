"""Who looked at somebody's record: a line for each person and day."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Max, QuerySet
from django.db.models.functions import TruncDate

from organisations.enums import PageSeen
from organisations.models import AccessNote, Membership, Supervision, User
from organisations.permissions import Access

OnBehalf = tuple[int | None, int | None]
"""Ids of the organisation and of the team that somebody looks on behalf of."""


@dataclass(frozen=True)
class Seen:
    """What was looked at, how often, and on whose behalf: a name, or empty."""

    page: str
    times: int
    on_behalf_of: str


@dataclass
class DayOfLooks:
    """What one viewer looked at on one day; nobody when the viewer's account is erased."""

    day: date
    viewer: User | None
    seen: list[Seen] = field(default_factory=list)

    @property
    def on_behalf_of(self) -> list[str]:
        """For whom, each once."""
        return list(dict.fromkeys(one.on_behalf_of for one in self.seen if one.on_behalf_of))


def days_of_looks(*, person: User) -> QuerySet[AccessNote, Any]:
    """Return the days on which someone looked, and who, newest first: to be paged."""
    return (
        AccessNote.objects.filter(person=person)
        .annotate(day=TruncDate("noted_at"))
        .values("day", "viewer_id")
        .annotate(last_at=Max("noted_at"))
        .order_by("-day", "-last_at", "viewer_id")
    )


def looks_on(*, person: User, days: Sequence[Mapping[str, Any]]) -> list[DayOfLooks]:
    """Return what was looked at on some of those days, in their order; two queries."""
    if not days:
        return []
    viewers = User.objects.in_bulk([row["viewer_id"] for row in days if row["viewer_id"]])
    found = {
        (row["day"], row["viewer_id"]): DayOfLooks(row["day"], viewers.get(row["viewer_id"]))
        for row in days
    }
    rows = (
        AccessNote.objects.filter(person=person)
        .annotate(day=TruncDate("noted_at"))
        .filter(day__gte=min(row["day"] for row in days), day__lte=max(row["day"] for row in days))
        .values("day", "viewer_id", "page", "team__name", "organisation__name")
        .annotate(times=Count("look", distinct=True), last_at=Max("noted_at"))
        .order_by("-last_at", "page")
    )
    for row in rows:
        line = found.get((row["day"], row["viewer_id"]))
        if line is not None:
            line.seen.append(
                Seen(
                    page=page_seen(row["page"]),
                    times=row["times"],
                    on_behalf_of=row["team__name"] or row["organisation__name"] or "",
                )
            )
    return list(found.values())


def page_seen(page: str) -> str:
    """Return the name of a page in a note of a look, in words."""
    return str(PageSeen(page).label) if page in PageSeen.values else page


def supervised_for(*, viewer: Access, person_ids: Collection[int]) -> dict[int, OnBehalf]:
    """Return on whose behalf the viewer supervises each of these people.

    One query; one more for a supervisor by grant.
    """
    found: dict[int, OnBehalf] = {}
    by_name = Supervision.objects.in_force_on(viewer.on).filter(
        supervisor_id=viewer.person_id, person_id__in=person_ids
    )
    for person_id, *behalf in by_name.order_by("-starts_on", "-id").values_list(
        "person_id", "organisation_id", "team_id"
    ):
        found.setdefault(person_id, (behalf[0], behalf[1]))
    if not viewer.supervisor_organisation_ids and not viewer.supervisor_team_ids:
        return found
    for person_id, organisation_id, team_id in (
        Membership.objects.active_on(viewer.on)
        .filter(person_id__in=person_ids)
        .order_by("id")
        .values_list("person_id", "organisation_id", "team_id")
    ):
        if organisation_id in viewer.supervisor_organisation_ids:
            found.setdefault(person_id, (organisation_id, None))
        elif team_id in viewer.supervisor_team_ids:
            found.setdefault(person_id, (None, team_id))
    return found
