"""Where educators write frameworks and roles, and choose competencies."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.base import ViewSetGroup

from competencies.viewsets.choosers import CompetencyChooserViewSet, LevelSelect
from competencies.viewsets.frameworks import FrameworkViewSet, ItemViewSet, LevelViewSet
from competencies.viewsets.policy import AuthorPolicy
from competencies.viewsets.roles import RoleViewSet

__all__ = ["AuthorPolicy", "CompetenciesViewSetGroup", "CompetencyChooserViewSet", "LevelSelect"]


class CompetenciesViewSetGroup(ViewSetGroup):
    """Frameworks and roles in the editors' menu."""

    items = (FrameworkViewSet, ItemViewSet, LevelViewSet, RoleViewSet)
    menu_label = _("Competencies")
    menu_icon = "tasks"
    menu_order = 250
