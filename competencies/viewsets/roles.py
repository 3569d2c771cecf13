"""Roles in the editors' area."""

from django.db.models import Count, Model, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic

from competencies.forms import RoleForm
from competencies.models import Role
from competencies.viewsets import views
from competencies.viewsets.frameworks import AuthoringViewSet


class RoleIndexView(generic.IndexView):
    """The roles one may write."""

    def get_base_queryset(self) -> QuerySet[Model]:
        rows: QuerySet[Model] = (
            views.open_to(Role, self.request, {"view"})
            .select_related("framework")
            .annotate(requirement_count=Count("requirements"))
            .order_by("title", "pk")
        )
        return rows


class CreateRoleView(views.CreateView):
    """Write a role; what it needs comes next."""

    def get_success_url(self) -> str:
        url: str = self.get_edit_url()
        return url


class RoleViewSet(AuthoringViewSet):
    """Roles and what they need."""

    name = "framework_roles"
    model = Role
    form_class = RoleForm
    icon = "group"
    menu_label = _("Roles")
    index_view_class = RoleIndexView
    add_view_class = CreateRoleView
    search_fields = ["title", "summary", "slug"]
    list_display = [
        "title",
        Column("framework", label=_("Framework")),
        Column("requirement_count", label=_("Competencies")),
    ]
