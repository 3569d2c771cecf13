"""Who reads a page, and in which language."""

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import get_language

from organisations.models import User
from organisations.permissions import Access
from organisations.queries import access_of


def person_of(request: HttpRequest) -> User:
    """Return who is signed in; the pages here ask for that first."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user


def viewer_of(request: HttpRequest) -> Access:
    """Return what the reader is and may act as today."""
    return access_of(request.user, on=timezone.localdate())


def language_of_now() -> str:
    """Return the language that the page is read in."""
    return get_language() or "en"
