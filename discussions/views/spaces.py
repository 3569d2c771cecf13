"""Spaces, and what is in one."""

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from discussions.enums import Delivery
from discussions.forms import DeliveryForm
from discussions.queries import latest_threads, moderates_anything, space_list, space_page
from discussions.views.doorway import (
    crumbs,
    language_of,
    page_number,
    refuses_kindly,
    viewer_of,
)

LATEST = 8


@require_safe
def index(request: HttpRequest) -> HttpResponseBase:
    """Every space one may read, and where something was said last."""
    viewer, language = viewer_of(request), language_of()
    return render(
        request,
        "discussions/index.html",
        {
            "spaces": space_list(viewer=viewer, language=language),
            "latest": latest_threads(viewer=viewer, language=language, most=LATEST),
            "can_moderate": moderates_anything(viewer),
        },
    )


@require_safe
@refuses_kindly
def space(request: HttpRequest, slug: str) -> HttpResponseBase:
    """A space: its discussions, pinned ones first, or those that hold the words asked for."""
    found = space_page(
        viewer=viewer_of(request),
        slug=slug,
        language=language_of(),
        words=request.GET.get("q", "")[:200],
        page=page_number(request),
    )
    following = DeliveryForm(initial={"delivery": found.delivery or Delivery.NONE})
    return render(
        request,
        "discussions/space.html",
        {
            "found": found,
            "space": found.space,
            "following": following,
            "follow_url": reverse("discussions:follow_space", args=[slug]),
            "query": _query(request),
            "breadcrumbs": crumbs(),
        },
    )


def _query(request: HttpRequest) -> str:
    kept = request.GET.copy()
    kept.pop("page", None)
    return f"{kept.urlencode()}&" if kept else ""
