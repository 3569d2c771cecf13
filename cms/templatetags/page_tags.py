"""What the page frame and the components ask for."""

from __future__ import annotations

from typing import Any

from django import template
from django.http import HttpRequest
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_bidi, gettext
from wagtail.models import Page

from cms import navigation
from cms.models.base import SOURCE_LANGUAGE
from cms.rules.browsers import device_of

register = template.Library()


@register.simple_tag(takes_context=True)
def may_open_editor(context: template.Context) -> bool:
    """Whether the visitor may open the pages for editors."""
    return navigation.work_here(context["request"]).edits


@register.simple_tag(takes_context=True)
def account_link(context: template.Context) -> navigation.Link:
    """The way to one's own account."""
    return navigation.account_link(context["request"])


@register.simple_tag(takes_context=True)
def site_navigation(context: template.Context) -> list[navigation.Link]:
    """The main navigation for this person."""
    request = context.get("request")
    return navigation.navigation_links(request) if isinstance(request, HttpRequest) else []


@register.simple_tag(takes_context=True)
def language_links(context: template.Context) -> list[navigation.LanguageLink]:
    """This page in each language."""
    request = context.get("request")
    if not isinstance(request, HttpRequest):
        return []
    page = context.get("page")
    return navigation.language_links(request, page if isinstance(page, Page) else None)


class HeadTitleNode(template.Node):
    """`Page – Section – Careweave`, without saying the section twice."""

    def __init__(self, nodelist: template.NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: template.Context) -> SafeString:
        page = " ".join(self.nodelist.render(context).split())
        request = context.get("request")
        section = ""
        if isinstance(request, HttpRequest):
            section = conditional_escape(navigation.section_title(request.path))
        parts = dict.fromkeys(part for part in (page, section, navigation.SERVICE) if part)
        return SafeString(" – ".join(parts))  # each part is escaped already


@register.tag
def headtitle(parser: template.base.Parser, token: template.base.Token) -> HeadTitleNode:
    """Wrap the page's own title: adds the section and the name of the service."""
    nodelist = parser.parse(("endheadtitle",))
    parser.delete_first_token()
    return HeadTitleNode(nodelist)


@register.simple_tag(takes_context=True)
def page_breadcrumbs(context: template.Context) -> list[dict[str, str]]:
    """The pages above this one, home first; empty at home and off the page tree."""
    page = context.get("page")
    if not isinstance(page, Page) or not page.pk:
        return []
    above = page.get_ancestors().filter(depth__gt=1).live().order_by("depth")
    return [
        {
            "title": each.title,
            "url": each.get_url(context.get("request")),
            # a stand-in for a translation shows the source
            "language": SOURCE_LANGUAGE if each.alias_of_id else "",
        }
        for each in above.specific(defer=True)
    ]


@register.simple_tag(takes_context=True)
def way_down(context: template.Context) -> list[dict[str, str]]:
    """The breadcrumbs of this page, home first: its own, or those of the page tree, or its part."""
    request = context.get("request")
    if not isinstance(request, HttpRequest):
        return []
    return navigation.way_down(request, context.get("breadcrumbs") or page_breadcrumbs(context))


@register.simple_tag
def page_direction() -> str:
    """`rtl` or `ltr`, by the language of now."""
    return "rtl" if get_language_bidi() else "ltr"


@register.simple_tag
def local_path(path: str) -> str:
    """The address, in the language of now, of a path as it is in English."""
    return navigation.local_path(path)


@register.filter
def device_name(user_agent: str | None) -> str:
    """A browser and its system by name, for one who wonders which of their devices that is."""
    device = device_of(user_agent or "")
    if device.browser and device.system:
        return gettext("%(browser)s on %(system)s") % {
            "browser": device.browser,
            "system": device.system,
        }
    return device.browser or device.system or gettext("Another kind of browser")


@register.filter
def pips(rank: int | None, of: int | None) -> list[bool]:
    """`of` marks of which the first `rank` are full: the shape that goes with a level's word."""
    return [number < int(rank or 0) for number in range(int(of or 0))]


@register.filter
def times(count: int | None) -> range:
    """A range to loop over, so that a template can draw `count` things."""
    return range(max(0, int(count or 0)))


@register.filter
def swatch(seed: Any) -> int:
    """One of the six cloths, 1–6, always the same for the same thing."""
    return sum(str(seed).encode()) % 6 + 1


@register.filter
def language_attribute(language: str | None) -> SafeString:
    """` lang="…" dir="…"` for text in a language other than the page's; else nothing."""
    if not language or language == get_language():
        return SafeString("")
    direction = "rtl" if language.split("-")[0] in {"ar", "fa", "ur", "he"} else "ltr"
    return format_html(' lang="{}" dir="{}"', language, direction)


@register.filter
def page_numbers(page_obj: Any) -> list[int | str]:
    """The page numbers to offer for one page of a long list, with "…" for the gaps."""
    return list(page_obj.paginator.get_elided_page_range(page_obj.number, on_each_side=1))
