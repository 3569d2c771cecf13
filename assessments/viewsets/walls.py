"""Views of Wagtail's that show each educator only what they may see."""

from typing import Any

from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from wagtail.snippets.views import chooser, snippets

from assessments.viewsets.policy import LOOKING, WRITING


class Walled:
    """A view of one row: of somebody else's row there is no page."""

    actions = WRITING

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        pk = str(kwargs.get("pk", args[0] if args else ""))
        if not is_number(pk) or not self._open_to(request).filter(pk=pk).exists():
            raise Http404
        super().setup(request, *args, **kwargs)  # type: ignore[misc]

    def _open_to(self, request: HttpRequest) -> QuerySet[Model]:
        policy = self.permission_policy  # type: ignore[attr-defined]
        rows: QuerySet[Model] = policy.instances_user_has_any_permission_for(
            request.user, self.actions
        )
        return rows


class EditView(Walled, snippets.EditView):
    """Edit one's own."""


class DeleteView(Walled, snippets.DeleteView):
    """Refused by the policy: retire or unpublish instead."""


class UsageView(Walled, snippets.UsageView):
    """Where one's own is used."""


class HistoryView(Walled, snippets.HistoryView):
    """What happened to one's own."""


class InspectView(Walled, snippets.InspectView):
    """Look at one's own or everyone's."""

    actions = LOOKING


class CopyView(Walled, snippets.CopyView):
    """Copy one's own or everyone's."""

    actions = LOOKING


class _WalledChooser:
    """A chooser that offers what the viewer may look at."""

    def get_object_list(self) -> QuerySet[Model]:
        return _open_to(self)


class ChooseView(_WalledChooser, chooser.ChooseView):
    """The chooser."""


class ChooseResultsView(_WalledChooser, chooser.ChooseResultsView):
    """The chooser's list, when searched or paged."""


class ChooseInUseView(ChooseView):
    """The chooser of what is not retired."""

    def get_object_list(self) -> QuerySet[Model]:
        return super().get_object_list().filter(is_retired=False)


class ChooseInUseResultsView(ChooseResultsView):
    """Its list."""

    def get_object_list(self) -> QuerySet[Model]:
        return super().get_object_list().filter(is_retired=False)


class ChosenView(chooser.SnippetChosenView):
    """What was chosen: nothing that the viewer may not look at."""

    def get_object(self, pk: str) -> Model:
        found = _open_to(self).filter(pk=pk).first() if is_number(pk) else None
        if found is None:
            raise Http404
        return found


class ChosenMultipleView(chooser.SnippetChosenMultipleView):
    """The same, of several."""

    def get_objects(self, pks: list[str]) -> QuerySet[Model]:
        return _open_to(self).filter(pk__in=[pk for pk in pks if is_number(pk)])


def is_number(pk: str) -> bool:
    """Whether this can be the number of a row: addresses carry anything."""
    return pk.isascii() and pk.isdigit() and len(pk) < 19


def _open_to(view: Any) -> QuerySet[Model]:
    policy = view.model_class.snippet_viewset.permission_policy
    rows: QuerySet[Model] = policy.instances_user_has_any_permission_for(view.request.user, LOOKING)
    return rows
