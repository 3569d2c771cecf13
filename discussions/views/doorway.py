"""What every view of discussions does at its door."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from discussions.models import Participant, Post
from organisations.models import User
from organisations.permissions import Access
from organisations.queries import access_of

View = Callable[..., HttpResponseBase]


def refuses_kindly(view: View) -> View:
    """Ask an anonymous visitor to sign in for what they may not see; 404 for anybody else.

    What is not there at all asks to sign in too, so that the answer does not tell the two apart.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except ObjectDoesNotExist as error:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            raise Http404 from error

    return wrapped


def anchor_of(post: Post) -> str:
    """Return what marks a contribution on the page of its discussion."""
    return f"post-{post.number}"


def viewer_of(request: HttpRequest) -> Access:
    return access_of(request.user, on=timezone.localdate())


def person_of(request: HttpRequest) -> User:
    """Who is signed in; only behind ``login_required``."""
    if not isinstance(request.user, User):
        raise TypeError("This view is for people who are signed in.")
    return request.user


def takes_part(request: HttpRequest) -> bool:
    """Whether who is signed in has chosen the name that others see."""
    person = request.user
    return (
        isinstance(person, User)
        and bool(person.display_name)
        and Participant.objects.filter(person=person).exists()
    )


def language_of() -> str:
    return get_language() or "en"


def page_number(request: HttpRequest) -> int:
    """The page asked for; the first when that is no number."""
    given = request.GET.get("page", "1")
    return int(given) if given.isdecimal() and len(given) < 9 else 1


def safe_next(request: HttpRequest, *, default: str) -> str:
    """Where to go afterwards, if it is one of our own addresses."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_ours else default


def crumbs(*more: tuple[object, str]) -> list[dict[str, object]]:
    """The way down to a page of discussions."""
    above: list[tuple[object, str]] = [(_("Discussions"), reverse("discussions:index")), *more]
    return [{"title": title, "url": url} for title, url in above]
