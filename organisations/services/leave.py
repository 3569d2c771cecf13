"""Giving and ending leave to act as something."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import QuerySet

from organisations.enums import EDUCATORS, OPERATORS, PAGE_EDITORS, GrantKind
from organisations.models import (
    Grant,
    Organisation,
    Partnership,
    Place,
    Supervision,
    Team,
    User,
)

EDITORS = (GrantKind.EDUCATOR, GrantKind.OPERATOR)
STRUCTURE = ("organisation", "place", "partnership", "team", "accountsystem")
DEEDS = ("add", "change", "view")


def grant_leave(
    *,
    person: User,
    kind: GrantKind,
    starts_on: date,
    granted_by: User | None,
    organisation: Organisation | None = None,
    team: Team | None = None,
    place: Place | None = None,
    partnership: Partnership | None = None,
    ends_on: date | None = None,
) -> Grant:
    """Give a person leave to act as ``kind`` of one thing, or everywhere.

    Leave that is already held is kept, with the new end. Which kind is of what, the database
    checks.

    Writes: Grant; the group that lets educators into the editor. Safe to repeat.
    """
    with transaction.atomic():
        grant = (
            Grant.objects.open_on(starts_on)
            .select_for_update()
            .filter(
                person=person,
                kind=kind,
                organisation=organisation,
                team=team,
                place=place,
                partnership=partnership,
            )
            .order_by("id")
            .first()
        )
        if grant is None:
            grant = Grant.objects.create(
                person=person,
                kind=kind,
                organisation=organisation,
                team=team,
                place=place,
                partnership=partnership,
                starts_on=starts_on,
                ends_on=ends_on,
                granted_by=granted_by,
            )
        elif grant.ends_on != ends_on:
            grant.ends_on = ends_on
            grant.save(update_fields=["ends_on"])
        if kind in EDITORS:
            keep_educators(on=starts_on)
    return grant


def end_grant(*, grant: Grant, on: date) -> None:
    """End leave so that it no longer holds on ``on``. Leave that never held a day is removed.

    Writes: Grant; the group that lets educators into the editor. Safe to repeat.
    """
    with transaction.atomic():
        row = Grant.objects.select_for_update().filter(pk=grant.pk).first()
        if row is not None:
            last = on - timedelta(days=1)
            if row.starts_on > last:
                row.delete()
            elif row.ends_on is None or row.ends_on > last:
                row.ends_on = last
                row.save(update_fields=["ends_on"])
        if grant.kind in EDITORS:
            keep_educators(on=on)


def supervise(
    *,
    supervisor: User,
    person: User,
    starts_on: date,
    organisation: Organisation | None = None,
    team: Team | None = None,
) -> Supervision:
    """Record who supervises whom, in the name of an employer or of a team.

    It opens something while both are confirmed members there, and waits until then.

    Writes: Supervision. Safe to repeat.
    """
    named = {
        "supervisor": supervisor,
        "person": person,
        "organisation": organisation,
        "team": team,
    }
    with transaction.atomic():
        standing = Supervision.objects.open_on(starts_on).filter(**named).order_by("id").first()
        return standing or Supervision.objects.create(**named, starts_on=starts_on)


def end_supervisions(*, rows: Iterable[Supervision], on: date) -> None:
    """Let supervisions hold no longer from ``on``; one that would have held on no day goes.

    Writes: Supervision. Safe to repeat.
    """
    with transaction.atomic():
        for row in rows:
            if row.starts_on >= on:
                row.delete()
            else:
                row.ends_on = on - timedelta(days=1)
                row.save(update_fields=["ends_on"])


def keep_educators(*, on: date) -> None:
    """Make the editors' groups hold exactly those with leave to write, or to operate, on ``on``.

    The groups open the editor itself; which content one may change there is for
    `organisations.permissions.may_edit_content`. Wagtail does not wall its pages by
    organisation, so only those with leave everywhere are in the group that may change pages;
    `cms.services.prepare_site` says which pages. Run by the clock, since leave begins and ends
    by date.

    Writes: groups and their members. Safe to repeat.
    """
    content = Permission.objects.filter(content_type__app_label__in=settings.CONTENT_APPS)
    door = Permission.objects.filter(
        content_type__app_label="wagtailadmin", codename="access_admin"
    )
    translating = Permission.objects.filter(
        content_type__app_label="wagtail_localize", codename="submit_translation"
    )
    structure = Permission.objects.filter(
        content_type__app_label="organisations",
        codename__in=[f"{deed}_{thing}" for deed in DEEDS for thing in STRUCTURE],
    )
    leave = Grant.objects.in_force_on(on).filter(person__is_active=True)
    writing = leave.filter(kind__in=EDITORS)
    everywhere = writing.filter(organisation=None, team=None, place=None, partnership=None)
    with transaction.atomic():
        _keep_group(EDUCATORS, permissions=content | door, leave=writing)
        _keep_group(PAGE_EDITORS, permissions=door | translating, leave=everywhere)
        _keep_group(
            OPERATORS, permissions=structure | door, leave=leave.filter(kind=GrantKind.OPERATOR)
        )


def _keep_group(name: str, *, permissions: QuerySet[Permission], leave: QuerySet[Grant]) -> None:
    group, _made = Group.objects.get_or_create(name=name)
    group.permissions.set(permissions)
    group.user_set.set(leave.values_list("person_id", flat=True))
