"""What the views of learning share: the page asked for, in the language read."""

from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils.translation import get_language
from wagtail.models import Page

from learning.models import CoursePage, LessonPage
from learning.queries import courses_open_to, in_language, lesson_by_key
from organisations.models import User


def language_of_now() -> str:
    """Return the language that the page is read in."""
    return get_language() or "en"


def person_of(request: HttpRequest) -> User:
    """Return who is signed in; the views that need to know ask for that first."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user


def course_of_key(request: HttpRequest, key: UUID) -> CoursePage:
    """Return a course by its lasting key; 404 where it is not open to the visitor."""
    pages = courses_open_to(request.user).filter(translation_key=key).select_related("locale")
    found = in_language(pages, language=language_of_now())
    if not found:
        raise Http404
    return found[0]


def lesson_of_key(request: HttpRequest, key: UUID) -> LessonPage:
    """Return a lesson by its lasting key; 404 where it is not open to the visitor."""
    page = lesson_by_key(viewer=request.user, key=key, language=language_of_now())
    if page is None:
        raise Http404
    return page


def address_of(page: Page, request: HttpRequest) -> str:
    """Return where a page is."""
    return page.get_url(request) or "/"
