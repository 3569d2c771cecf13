"""Who may write questions and quizzes: educators, each within their own organisations."""

from collections.abc import Collection
from typing import Any

from django.db.models import Model, QuerySet
from django.utils import timezone
from wagtail.permission_policies.base import BasePermissionPolicy

from organisations.enums import EDUCATORS
from organisations.models import User
from organisations.permissions import Access, may_edit_content
from organisations.queries import access_of

WRITING = frozenset({"add", "change"})
LOOKING = WRITING | {"view"}


class EducatorPolicy(BasePermissionPolicy):
    """Wagtail's questions about content with an owner, answered by our own access.

    Educators of an organisation write what it owns, and look at and copy what belongs to everyone.
    What is answered already is retired or unpublished, never deleted.
    """

    def user_has_permission(self, user: User, action: str) -> bool:
        access = self._access(user)
        return action in LOOKING and (access.is_educator or access.is_operator)

    def user_has_permission_for_instance(self, user: User, action: str, instance: Any) -> bool:
        access = self._access(user)
        if action in WRITING:
            return may_edit_content(access, instance.owner_organisation_id)
        return action == "view" and (
            may_edit_content(access, instance.owner_organisation_id)
            or (access.is_educator and instance.owner_organisation_id is None)
        )

    def instances_user_has_any_permission_for(
        self, user: User, actions: Collection[str]
    ) -> QuerySet[Model]:
        """Return what the person may write, or look at where that is among the actions."""
        rows: QuerySet[Model] = self.model.objects.all()
        access = self._access(user)
        if not LOOKING.intersection(actions) or not (access.is_educator or access.is_operator):
            return rows.none()
        if access.is_operator or access.is_educator_everywhere:
            return rows
        if "view" in actions:
            shared: QuerySet[Model] = self.model.objects.owned_by(access.educator_ids)
            return shared
        return rows.filter(owner_organisation__in=access.educator_ids)

    def users_with_any_permission(self, actions: Collection[str]) -> QuerySet[User]:
        """Return who may write for somebody today: those in the editors' group, and superusers."""
        return User.objects.filter(is_active=True, groups__name=EDUCATORS).union(
            User.objects.filter(is_active=True, is_superuser=True)
        )

    def users_with_any_permission_for_instance(
        self, actions: Collection[str], instance: Any
    ) -> QuerySet[User]:
        return self.users_with_any_permission(actions)

    @staticmethod
    def _access(user: User) -> Access:
        """Return the person's access, worked out once in a request: Wagtail asks for every row."""
        kept = getattr(user, "_access_as_educator", None)
        if kept is None or kept.on != timezone.localdate():
            kept = access_of(user, on=timezone.localdate())
            user._access_as_educator = kept  # type: ignore[attr-defined]
        return kept
