"""Choosing a competency and a level in the editors' area."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.db.models import Exists, Model, OuterRef, Q, QuerySet, Subquery
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import chooser
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.widgets import BaseChooser

from competencies.enums import CompetencyKind, FrameworkStatus
from competencies.models import Competency, CompetencyVersion, Framework, FrameworkVersion, Level
from competencies.viewsets.policy import access_to_write


def competencies_to_choose(request: Any) -> QuerySet[Competency]:
    """Return the competencies of published frameworks that the person may see, with their words."""
    items = CompetencyVersion.objects.filter(
        competency=OuterRef("pk"),
        version__status=FrameworkStatus.PUBLISHED,
        kind=CompetencyKind.COMPETENCY,
    )
    return (
        Competency.objects.filter(
            Exists(items), framework__in=Framework.objects.visible_to(access_to_write(request.user))
        )
        .annotate(
            code=Subquery(items.values("code")[:1]),
            title=Subquery(items.values("title")[:1]),
            statement=Subquery(items.values("statement")[:1]),
            framework_title=Subquery(items.values("version__title")[:1]),
            place=Subquery(items.values("position")[:1]),
        )
        .order_by("-framework__is_shared", "framework_title", "place", "pk")
    )


def named(competency: Any) -> str:
    """Return what to call a competency in a list: its code and title."""
    return f"{competency.code} {competency.title or competency.statement}".strip()[:140]


class CompetencyFilterForm(BaseFilterForm):
    """Find by code, title or statement."""

    q = forms.CharField(label=_("Words or code"), required=False, max_length=100)

    def filter(self, objects: QuerySet[Competency]) -> QuerySet[Competency]:
        objects = super().filter(objects)
        self.search_query = self.cleaned_data.get("q")
        for word in (self.search_query or "").split()[:8]:
            self.is_searching = True
            objects = objects.filter(
                Q(code__istartswith=word)
                | Q(title__icontains=word)
                | Q(statement__icontains=word)
                | Q(framework_title__icontains=word)
            )
        return objects


class _Walled:
    """Offers what the viewer may see."""

    filter_form_class = CompetencyFilterForm
    per_page = 20

    def get_object_list(self) -> QuerySet[Competency]:
        return competencies_to_choose(self.request)  # type: ignore[attr-defined]

    def apply_object_list_ordering(self, objects: Any) -> Any:
        return objects

    @property
    def columns(self) -> list[Column]:
        title = self.title_column  # type: ignore[attr-defined]
        title.accessor = named
        return [title, Column("framework_title", label=_("Framework"))]


class ChooseView(_Walled, chooser.ChooseView):
    """The chooser."""


class ChooseResultsView(_Walled, chooser.ChooseResultsView):
    """Its list, when searched or paged."""


class _Named:
    def get_display_title(self, instance: Any) -> str:
        return named(instance)


NUMBER_DIGITS = 19


class ChosenView(_Named, chooser.ChosenView):
    """What was chosen: nothing that the viewer may not see."""

    def get_object(self, pk: str) -> Model:
        is_number = pk.isascii() and pk.isdigit() and len(pk) < NUMBER_DIGITS
        found = competencies_to_choose(self.request).filter(pk=pk).first() if is_number else None
        if found is None:
            raise Http404
        return found


class ChosenMultipleView(_Named, chooser.ChosenMultipleView):
    """The same, of several."""

    def get_objects(self, pks: list[str]) -> QuerySet[Competency]:
        numbers = [pk for pk in pks if pk.isascii() and pk.isdigit() and len(pk) < NUMBER_DIGITS]
        return competencies_to_choose(self.request).filter(pk__in=numbers)


class CompetencyWidget(BaseChooser):
    """Shows a chosen competency by code and title."""

    def get_display_title(self, instance: Competency) -> str:
        item = instance.versions.order_by("-version__number").first()
        return named(item) if item else str(instance)


class CompetencyChooserViewSet(ChooserViewSet):
    """Choose a competency by its code or words."""

    model = Competency
    icon = "tasks"
    choose_one_text = _("Choose a competency")
    choose_another_text = _("Choose another competency")
    edit_item_text = _("Edit this competency")
    choose_view_class = ChooseView
    choose_results_view_class = ChooseResultsView
    chosen_view_class = ChosenView
    chosen_multiple_view_class = ChosenMultipleView
    base_widget_class = CompetencyWidget


class LevelSelect(forms.Select):
    """A list of levels by framework, lowest first: the same word may be in several."""

    def optgroups(self, *args: Any, **kwargs: Any) -> Any:
        self.choices = [("", "---------"), *_levels_by_framework()]
        return super().optgroups(*args, **kwargs)


def _levels_by_framework() -> Iterator[tuple[str, list[tuple[int, str]]]]:
    titles = FrameworkVersion.objects.published().filter(framework=OuterRef("framework"))
    groups: dict[str, list[tuple[int, str]]] = {}
    for pk, name, title in (
        Level.objects.annotate(framework_title=Subquery(titles.values("title")[:1]))
        .filter(framework_title__isnull=False)
        .order_by("-framework__is_shared", "framework__slug", "rank")
        .values_list("pk", "name", "framework_title")
    ):
        groups.setdefault(title, []).append((pk, name))
    yield from groups.items()
