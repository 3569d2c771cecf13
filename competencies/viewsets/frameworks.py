"""Frameworks, their drafts, items and levels in the editors' area."""

from typing import Any

from django.db.models import Count, Model, QuerySet
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import log

from competencies.enums import FrameworkStatus
from competencies.forms import FrameworkForm, ItemForm, LevelForm
from competencies.models import CompetencyVersion, FrameworkVersion, Level
from competencies.services import delete_draft, delete_item
from competencies.viewsets import publishing, views


class AuthoringViewSet(ModelViewSet):
    """Shows each author what they may write; saving goes through our services."""

    add_view_class = views.CreateView
    edit_view_class = views.EditView
    delete_view_class = views.DeleteView
    usage_view_class = views.UsageView
    history_view_class = views.HistoryView
    copy_view_enabled = False
    add_to_admin_menu = False
    search_backend_name = None
    form_class: Any = None

    def get_form_class(self, for_update: bool = False) -> Any:
        return self.form_class


class FrameworkIndexView(generic.IndexView):
    """The list of versions, with what may be done to each."""

    def get_base_queryset(self) -> QuerySet[Model]:
        rows: QuerySet[Model] = (
            views.open_to(FrameworkVersion, self.request, {"view"})
            .select_related("framework")
            .annotate(item_count=Count("items"))
            .order_by("framework__slug", "-number")
        )
        return rows

    def get_list_more_buttons(self, instance: FrameworkVersion) -> list[Any]:
        buttons: list[Any] = super().get_list_more_buttons(instance)
        if instance.status == FrameworkStatus.DRAFT:
            names = [("publish", gettext("Publish"))]
            url = f"{reverse('framework_items:index')}?version={instance.pk}"
            buttons.append(Button(gettext("Its items"), url, icon_name="list-ul", priority=12))
        else:
            names = [("start_draft", gettext("Start a draft from it"))]
        if instance.status == FrameworkStatus.PUBLISHED:
            names.append(("withdraw", gettext("Withdraw")))
        for name, label in names:
            url = reverse(f"framework_versions:{name}", args=[instance.pk])
            buttons.append(Button(label, url, icon_name="upload", priority=15))
        return buttons

    def get_edit_url(self, instance: FrameworkVersion) -> str | None:
        return super().get_edit_url(instance) if _is_draft(instance) else None

    def get_delete_url(self, instance: FrameworkVersion) -> str | None:
        return super().get_delete_url(instance) if _is_draft(instance) else None


def _is_draft(version: FrameworkVersion) -> bool:
    return version.status == FrameworkStatus.DRAFT


class DeleteDraftView(views.DeleteView):
    """Throw a draft away."""

    def delete_action(self) -> None:
        log(instance=self.object, action="wagtail.delete", user=self.request.user, deleted=True)
        delete_draft(version=self.object)


class FrameworkViewSet(AuthoringViewSet):
    """Versions of frameworks: drafts to write, published ones to start from."""

    name = "framework_versions"
    model = FrameworkVersion
    form_class = FrameworkForm
    icon = "list-ul"
    menu_label = _("Frameworks")
    index_view_class = FrameworkIndexView
    delete_view_class = DeleteDraftView
    search_fields = ["title", "framework__slug"]
    list_display = [
        "title",
        Column("number", label=_("Version")),
        Column("get_status_display", label=_("Status")),
        Column("item_count", label=_("Items")),
    ]

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("look/<int:pk>/", publishing.look, name="look"),
            path("publish/<int:pk>/", publishing.publish, name="publish"),
            path("start-draft/<int:pk>/", publishing.begin_draft, name="start_draft"),
            path("withdraw/<int:pk>/", publishing.withdraw, name="withdraw"),
        ]


class ItemIndexView(generic.IndexView):
    """The items of drafts, in reading order; ``?version=`` names one draft."""

    def get_base_queryset(self) -> QuerySet[Model]:
        rows = views.open_to(CompetencyVersion, self.request, {"change"})
        wanted = self.request.GET.get("version", "")
        if wanted.isdecimal() and len(wanted) < 10:
            rows = rows.filter(version=int(wanted))
        return rows.select_related("version").order_by("version", "position", "pk")

    def get_add_url(self) -> str:
        url: str = super().get_add_url()
        wanted = self.request.GET.get("version", "")
        return f"{url}?version={wanted}" if wanted.isdecimal() else url


class CreateItemView(views.CreateView):
    """Write an item; ``?version=`` names the draft."""

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "wanted": self.request.GET.get("version", "")}

    def get_add_url(self) -> str:
        url: str = super().get_add_url()
        wanted = self.request.GET.get("version", "")
        return f"{url}?version={wanted}" if wanted.isdecimal() else url

    def get_success_url(self) -> str:
        return f"{reverse('framework_items:index')}?version={self.object.version_id}"


class EditItemView(views.EditView):
    """Change an item."""

    def get_success_url(self) -> str:
        return f"{reverse('framework_items:index')}?version={self.object.version_id}"


class DeleteItemView(views.DeleteView):
    """Take an item out of a draft, with what stands under it."""

    def delete_action(self) -> None:
        log(instance=self.object, action="wagtail.delete", user=self.request.user, deleted=True)
        delete_item(item=self.object, at=timezone.now())


class ItemViewSet(AuthoringViewSet):
    """Items of drafts."""

    name = "framework_items"
    model = CompetencyVersion
    form_class = ItemForm
    icon = "tasks"
    menu_label = _("Items of drafts")
    index_view_class = ItemIndexView
    add_view_class = CreateItemView
    edit_view_class = EditItemView
    delete_view_class = DeleteItemView
    list_per_page = 100
    search_fields = ["code", "title", "statement"]
    list_display = [
        "__str__",
        Column("code", label=_("Code")),
        Column("get_kind_display", label=_("Kind")),
        Column("version", label=_("Draft")),
    ]


class LevelIndexView(generic.IndexView):
    """The levels of frameworks one may write."""

    def get_base_queryset(self) -> QuerySet[Model]:
        return (
            views.open_to(Level, self.request, {"view"})
            .select_related("framework")
            .order_by("framework__slug", "rank")
        )


class LevelViewSet(AuthoringViewSet):
    """Levels of frameworks."""

    name = "framework_levels"
    model = Level
    form_class = LevelForm
    icon = "order"
    menu_label = _("Levels")
    index_view_class = LevelIndexView
    search_fields = ["name", "framework__slug"]
    list_display = [
        "name",
        Column("rank", label=_("Rank")),
        Column("framework", label=_("Framework")),
    ]
