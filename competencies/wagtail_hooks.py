"""What this app adds to the home page and to the editors' area; registration only."""

from django.db.models import ForeignKey
from wagtail import hooks
from wagtail.admin.forms.models import register_form_field_override
from wagtail.permissions import register_permission_policy

from competencies.home import weave_for_home
from competencies.models import CompetencyVersion, FrameworkVersion, Level, Role
from competencies.viewsets import (
    AuthorPolicy,
    CompetenciesViewSetGroup,
    CompetencyChooserViewSet,
    LevelSelect,
)

for model in (FrameworkVersion, CompetencyVersion, Level, Role):
    register_permission_policy(model, AuthorPolicy(model), exact_class=True)

register_form_field_override(ForeignKey, to=Level, override={"widget": LevelSelect})
hooks.register("home_context", weave_for_home)
hooks.register(
    "register_admin_viewset",
    lambda: [CompetenciesViewSetGroup(), CompetencyChooserViewSet("competency_chooser")],
)
