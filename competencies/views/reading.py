"""What every page about frameworks asks for first."""

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language

from organisations.models import User
from organisations.permissions import Access
from organisations.queries import access_of


def language_read() -> str:
    """Return the language the page is read in."""
    return get_language() or "en"


def access(request: HttpRequest) -> Access:
    """Return what the reader may do today."""
    return access_of(request.user, on=timezone.localdate())


def viewer(request: HttpRequest) -> User | None:
    """Return the person signed in, if any."""
    return request.user if isinstance(request.user, User) else None
