"""What Wagtail asks of learning."""

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase
from wagtail import hooks
from wagtail.models import Page
from wagtail.query import PageQuerySet

from assessments.signals import WAY_TO_QUIZ_HOOK
from learning.home import courses_for_home
from learning.models import CoursePage, LessonPage, ModulePage
from learning.queries import may_see_page, pages_open_to_editor
from learning.quiz_way import crumbs_of_quiz


@hooks.register("before_serve_page")
def refuse_closed_course(
    page: Page, request: HttpRequest, *args: Any, **kwargs: Any
) -> HttpResponseBase | None:
    """A course that is not open to the visitor: sign in, or it is not there."""
    if isinstance(page, CoursePage | ModulePage | LessonPage) and not may_see_page(
        request.user, page
    ):
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        raise Http404
    return None


@hooks.register("construct_page_chooser_queryset")
def choose_open_pages(pages: PageQuerySet, request: HttpRequest) -> PageQuerySet:
    """The chooser offers no page of a course that is closed to the educator."""
    return pages_open_to_editor(request.user, pages)


@hooks.register("construct_explorer_page_queryset")
def explore_open_pages(
    parent_page: Page, pages: PageQuerySet, request: HttpRequest
) -> PageQuerySet:
    """Nor does the list of pages."""
    return pages_open_to_editor(request.user, pages)


hooks.register("home_context", courses_for_home)
hooks.register(WAY_TO_QUIZ_HOOK, crumbs_of_quiz)
