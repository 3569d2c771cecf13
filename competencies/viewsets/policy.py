"""Who may write frameworks and roles: educators, each within their own organisations."""

from collections.abc import Collection
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.utils import timezone
from wagtail.permission_policies.base import BasePermissionPolicy

from competencies.enums import FrameworkStatus
from competencies.models import CompetencyVersion, FrameworkVersion, Level, Role
from organisations.enums import EDUCATORS
from organisations.models import User
from organisations.permissions import Access, may_edit_content
from organisations.queries import access_of

OWNER: dict[type[Model], str] = {
    FrameworkVersion: "framework__owner_organisation",
    CompetencyVersion: "version__framework__owner_organisation",
    Level: "framework__owner_organisation",
    Role: "owner_organisation",
}
IN_DRAFT: dict[type[Model], Q] = {
    FrameworkVersion: Q(status=FrameworkStatus.DRAFT),
    CompetencyVersion: Q(version__status=FrameworkStatus.DRAFT),
}
"""What may be changed or deleted only in a draft."""


class AuthorPolicy(BasePermissionPolicy):
    """Wagtail's questions about frameworks and roles, answered by our own access.

    What has been published is changed by starting a draft. Levels and roles may be named by
    evidence and people, so they are not deleted.
    """

    def user_has_permission(self, user: User, action: str) -> bool:
        """Whether the person writes for somebody, and the kind of thing allows it."""
        if action == "delete" and self.model not in IN_DRAFT:
            return False
        access = access_to_write(user)
        return access.is_educator or access.is_operator

    def user_has_permission_for_instance(self, user: User, action: str, instance: Any) -> bool:
        """Whether the person may do it to this very row."""
        if not self.user_has_permission(user, action):
            return False
        owner: Any = instance
        for part in OWNER[self.model].split("__"):
            owner = getattr(owner, f"{part}_id" if part == "owner_organisation" else part)
        if not may_edit_content(access_to_write(user), owner):
            return False
        if action == "view" or self.model not in IN_DRAFT:
            return True
        version = instance.version if self.model is CompetencyVersion else instance
        return bool(version.status == FrameworkStatus.DRAFT)

    def instances_user_has_any_permission_for(
        self, user: User, actions: Collection[str]
    ) -> QuerySet[Model]:
        """Return what the person may write; published versions too where looking is enough."""
        access = access_to_write(user)
        rows: QuerySet[Model] = self.model.objects.all()
        if not (access.is_educator or access.is_operator):
            return rows.none()
        if not (access.is_operator or access.is_educator_everywhere):
            rows = rows.filter(**{f"{OWNER[self.model]}__in": access.educator_ids})
        if "view" not in actions and self.model in IN_DRAFT:
            rows = rows.filter(IN_DRAFT[self.model])
        return rows

    def users_with_any_permission(self, actions: Collection[str]) -> QuerySet[User]:
        """Return who may write for somebody today: the editors' group, and superusers."""
        return User.objects.filter(is_active=True, groups__name=EDUCATORS).union(
            User.objects.filter(is_active=True, is_superuser=True)
        )

    def users_with_any_permission_for_instance(
        self, actions: Collection[str], instance: Any
    ) -> QuerySet[User]:
        """Return the same: who is meant is asked again when they come."""
        return self.users_with_any_permission(actions)


def access_to_write(user: User) -> Access:
    """Return the person's access, worked out once in a request: Wagtail asks for every row."""
    today = timezone.localdate()
    kept: Access | None = getattr(user, "_access_to_frameworks", None)
    if kept is None or kept.on != today:
        kept = access_of(user, on=today)
        user._access_to_frameworks = kept  # type: ignore[attr-defined]
    return kept
