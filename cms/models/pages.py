"""The home page, and pages that explain."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.search import index

from cms.blocks import ContentBlocks
from cms.models.base import BasePage, BodyText


class HomePage(BasePage):
    """The first page: what this is, in one look.

    Personal data: none.
    """

    intro = BodyText(_("introduction"), blank=True)

    content_panels = [*BasePage.content_panels, FieldPanel("intro")]
    template = "cms/home_page.html"
    max_count_per_parent = 1
    parent_page_types = ["wagtailcore.Page"]

    class Meta:
        verbose_name = _("home page")


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
