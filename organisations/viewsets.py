"""Organisations, places, partnerships and teams in the editor, for operators."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup

from organisations.models import AccountSystem, Organisation, Partnership, Place, Team


class PlaceForm(WagtailAdminModelForm):
    """A place lies in another, never in itself, however long the way round."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        above = cleaned.get("parent")
        while above is not None and self.instance.pk is not None:
            if above.pk == self.instance.pk:
                self.add_error("parent", _("This place lies inside the one you chose."))
                break
            above = above.parent
        return cleaned


class OrganisationViewSet(ModelViewSet):
    model = Organisation
    icon = "group"
    list_display = ["name", "sector", "place"]
    list_filter = ["sector"]
    search_fields = ["name"]
    search_backend_name = None
    panels = [
        FieldPanel("name"),
        FieldPanel("sector"),
        FieldPanel("place"),
        FieldPanel("retention_months"),
    ]


class PlaceViewSet(ModelViewSet):
    model = Place
    icon = "site"
    list_display = ["name", "kind", "parent"]
    list_filter = ["kind"]
    search_fields = ["name"]
    search_backend_name = None
    edit_handler = ObjectList(
        [FieldPanel("name"), FieldPanel("kind"), FieldPanel("parent")], base_form_class=PlaceForm
    )


class PartnershipViewSet(ModelViewSet):
    model = Partnership
    icon = "link"
    list_display = ["name"]
    search_fields = ["name"]
    search_backend_name = None
    panels = [FieldPanel("name"), FieldPanel("organisations"), FieldPanel("places")]


class TeamViewSet(ModelViewSet):
    model = Team
    icon = "user"
    list_display = ["name", "partnership", "place"]
    list_filter = ["partnership"]
    search_fields = ["name"]
    search_backend_name = None
    panels = [
        FieldPanel("name"),
        FieldPanel("purpose"),
        FieldPanel("place"),
        FieldPanel("partnership"),
    ]


class AccountSystemViewSet(ModelViewSet):
    model = AccountSystem
    icon = "key"
    menu_label = _("Account systems")
    list_display = ["home_page", "organisation"]
    search_fields = ["home_page"]
    search_backend_name = None
    panels = [FieldPanel("organisation"), FieldPanel("home_page")]


class PlacesViewSetGroup(ModelViewSetGroup):
    """One menu for all of them; whoever has no leave for any does not see it."""

    menu_label = _("Who works where")
    menu_icon = "group"
    menu_order = 700
    items = (
        OrganisationViewSet,
        PlaceViewSet,
        PartnershipViewSet,
        TeamViewSet,
        AccountSystemViewSet,
    )
