"""What Wagtail asks of learning."""

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase
from wagtail import hooks
from wagtail.models import Page

from learning.home import courses_for_home
from learning.models import CoursePage, LessonPage, ModulePage
from learning.queries import may_see_page


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


hooks.register("home_context", courses_for_home)
