"""Who asks, and what they may do today."""

from django.http import HttpRequest
from django.utils import timezone

from organisations.models import User
from organisations.permissions import Access
from organisations.queries import access_of

ACCESS = "careweave_access"
"""Where a request keeps what its visitor may do."""


def me(request: HttpRequest) -> User:
    """Return who is signed in; the page has asked for that already."""
    if not isinstance(request.user, User):
        raise TypeError("this page is for people who are signed in")
    return request.user


def my_access(request: HttpRequest) -> Access:
    """Return what they may do today; asked once a request."""
    found = getattr(request, ACCESS, None)
    if not isinstance(found, Access):
        found = access_of(request.user, on=timezone.localdate())
        setattr(request, ACCESS, found)
    return found
