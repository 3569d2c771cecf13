"""The home page, and pages that explain."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index
from wagtail.url_routing import RouteResult
from wagtail_localize.fields import TranslatableField

from cms.blocks import ContentBlocks
from cms.models.base import BasePage, BodyText

HOME_HOOK = "home_context"
"""Name of the Wagtail hook by which apps above put something on the home page: a function of the
request that returns part of the template's context. See docs/reference/components.md."""


class HomePage(BasePage):
    """The first page: what this is, in one look.

    Personal data: none.
    """

    headline = models.CharField(
        _("headline"),
        max_length=80,
        blank=True,
        help_text=_("The large words. Leave it empty for the words that come with Careweave."),
    )
    intro = BodyText(_("introduction"), blank=True)

    content_panels = [
        *Page.content_panels,
        FieldPanel("headline"),
        FieldPanel("summary", help_text=_("The sentence below the headline.")),
        FieldPanel("intro"),
    ]
    override_translatable_fields = [
        *BasePage.override_translatable_fields,
        TranslatableField("headline"),
        TranslatableField("intro"),
    ]
    template = "cms/home_page.html"
    max_count_per_parent = 1
    parent_page_types = ["wagtailcore.Page"]

    class Meta:
        verbose_name = _("home page")

    def get_admin_display_title(self) -> str:
        """The title and the language: an editor sees the home pages of all languages together."""
        return f"{super().get_admin_display_title()} ({self.locale.get_display_name()})"

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Find a page below by its whole address, not by walking down to it.

        One query at any depth, where Wagtail asks two for each step of the way.
        """
        if path_components:
            address = f"{self.url_path}{'/'.join(path_components)}/"
            page = Page.objects.descendant_of(self).filter(url_path=address, live=True).first()
            if page is not None:
                return page.specific.route(request, [])
        return super().route(request, path_components)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        for hook in hooks.get_hooks(HOME_HOOK):
            context.update(hook(request))
        return context


class GuidePage(BasePage):
    """A page that explains: help, privacy, accessibility, about.

    Personal data: none.
    """

    body = StreamField(ContentBlocks(), verbose_name=_("body"), blank=True)

    content_panels = [*BasePage.content_panels, FieldPanel("body")]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("summary"),
        index.SearchField("body"),
    ]
    template = "cms/guide_page.html"
    subpage_types = ["cms.GuidePage"]

    class Meta:
        verbose_name = _("guide page")
