"""Wagtail's generic views, with our services and our walls."""

from typing import Any

from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from wagtail.admin.views import generic
from wagtail.log_actions import log
from wagtail.permissions import policy_registry

from competencies.viewsets.policy import access_to_write


def open_to(model: type[Model], request: HttpRequest, actions: set[str]) -> QuerySet[Model]:
    """Return the rows that the person may do any of these things to."""
    policy = policy_registry.get_by_type(model)
    rows: QuerySet[Model] = policy.instances_user_has_any_permission_for(request.user, actions)
    return rows


class Walled:
    """A view of one row: of somebody else's row, or a published one, there is no page."""

    model: type[Model]
    actions = frozenset({"change"})

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        pk = str(kwargs.get("pk", args[0] if args else ""))
        rows = open_to(self.model, request, set(self.actions))
        if not pk.isdigit() or not rows.filter(pk=pk).exists():
            raise Http404
        super().setup(request, *args, **kwargs)  # type: ignore[misc]


class Author:
    """A form that knows what its author may do; saving goes through our services."""

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_form_kwargs()  # type: ignore[misc]
        request = self.request  # type: ignore[attr-defined]
        return {**kwargs, "access": access_to_write(request.user)}

    def save_logged(self, action: str) -> Model:
        instance: Model = self.form.save()  # type: ignore[attr-defined]
        log(instance=instance, action=action, user=self.request.user)  # type: ignore[attr-defined]
        return instance


class CreateView(Author, generic.CreateView):
    """Write a new one."""

    def save_instance(self) -> Model:
        return self.save_logged("wagtail.create")


class EditView(Author, Walled, generic.EditView):
    """Change one's own."""

    def save_instance(self) -> Model:
        return self.save_logged("wagtail.edit")


class UsageView(Walled, generic.UsageView):
    """Where one's own is used."""

    actions = frozenset({"view"})


class HistoryView(Walled, generic.HistoryView):
    """What happened to one's own."""

    actions = frozenset({"view"})


class DeleteView(Walled, generic.DeleteView):
    """Take away one's own draft, or an item of it."""
