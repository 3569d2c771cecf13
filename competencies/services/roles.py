"""Roles, what they require, and who fills them where."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from competencies.enums import Importance
from competencies.models import (
    Competency,
    Framework,
    Level,
    Role,
    RoleAssignment,
    RoleRequirement,
)
from organisations.models import Membership


class RequirementOfAnotherFramework(ValueError):
    """A role was to require a competency or level of a framework that is not its own."""


@dataclass(frozen=True)
class RequiredCompetency:
    """A competency at a level that a role is to need or find useful."""

    competency: Competency
    level: Level
    importance: str = Importance.ESSENTIAL


@transaction.atomic
def save_role(
    *,
    slug: str,
    title: str,
    framework: Framework,
    requirements: Sequence[RequiredCompetency],
    summary: str = "",
    also_called: Sequence[str] = (),
    where_found: Sequence[str] = (),
    content_sha256: str = "",
) -> Role:
    """Make the role with this slug say and require exactly this.

    Raises:
        RequirementOfAnotherFramework: a competency or level is not of ``framework``.

    Writes: Role, RoleRequirement. Safe to repeat.
    """
    for one in requirements:
        if {one.competency.framework_id, one.level.framework_id} != {framework.pk}:
            raise RequirementOfAnotherFramework(
                f"{title} cannot require {one.competency} at {one.level}: "
                f"both must belong to {framework}."
            )
    role, _ = Role.objects.update_or_create(
        slug=slug,
        defaults={
            "title": title,
            "summary": summary,
            "also_called": list(also_called),
            "where_found": list(where_found),
            "framework": framework,
            "content_sha256": content_sha256,
        },
    )
    wanted = {one.competency.pk: one for one in requirements}
    role.requirements.exclude(competency_id__in=wanted).delete()
    RoleRequirement.objects.bulk_create(
        [
            RoleRequirement(role=role, competency_id=pk, level=one.level, importance=one.importance)
            for pk, one in wanted.items()
        ],
        update_conflicts=True,
        unique_fields=["role", "competency"],
        update_fields=["level", "importance"],
    )
    return role


@transaction.atomic
def assign_role(
    *, membership: Membership, role: Role, starts_on: date, ends_on: date | None = None
) -> RoleAssignment:
    """Let a member fill a role from–until.

    Writes: RoleAssignment. Safe to repeat: the same start is the same assignment.
    """
    assignment, _ = RoleAssignment.objects.update_or_create(
        membership=membership, role=role, starts_on=starts_on, defaults={"ends_on": ends_on}
    )
    return assignment


@transaction.atomic
def end_role_assignment(*, assignment: RoleAssignment, on: date) -> RoleAssignment:
    """End a role assignment on a day, but never before it started.

    Writes: RoleAssignment. Safe to repeat.
    """
    assignment.ends_on = max(on, assignment.starts_on)
    assignment.save(update_fields=["ends_on"])
    return assignment
