"""Where one can go from every page, and what it is called."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils import timezone
from django.utils.translation import get_language, get_language_info, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.models import Page

from organisations.queries import Work, work_of

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

SERVICE = "Careweave"
WORK = "careweave_work"
"""Where a request keeps what its visitor works on."""
HIDE_HOOK = "hide_navigation"
"""Name of the Wagtail hook: a function of the request that returns the keys to leave out."""


@dataclass(frozen=True)
class Destination:
    """One entry of the main navigation; `path` is as it is in English."""

    key: str
    title: StrOrPromise
    path: str
    is_for: Callable[[Work], bool] | None = None
    for_signed_in: bool = False


@dataclass(frozen=True)
class Link:
    """A destination as it stands on one page."""

    key: str
    title: str
    url: str
    is_current: bool


@dataclass(frozen=True)
class LanguageLink:
    """The same page in another language, called as its speakers call it."""

    code: str
    name: str
    url: str
    is_current: bool


DESTINATIONS = (
    Destination("learn", _("Learn"), "/learn/"),
    Destination("teams", _("Teams"), "/teams/", is_for=lambda work: work.has_teams),
    Destination("frameworks", _("Frameworks"), "/frameworks/"),
    Destination("roles", _("Roles"), "/roles/"),
    Destination("discussions", _("Discussions"), "/discussions/"),
    Destination("me", _("My record"), "/me/", for_signed_in=True),
    Destination(
        "supervision", _("Supervision"), "/supervision/", is_for=lambda work: work.supervises
    ),
    Destination(
        "organisations", _("Organisations"), "/organisations/", is_for=lambda work: work.operates
    ),
    Destination(
        "people",
        pgettext_lazy("those of one's organisation", "People"),
        "/organisations/",
        is_for=lambda work: work.keeps_people and not work.operates,
    ),
    Destination(
        "record-store",
        _("Record store"),
        "/record-store/",
        is_for=lambda work: work.keeps_people or work.operates,
    ),
)
MY_ACCOUNT = Destination("account", _("My account"), "/me/account/", for_signed_in=True)
ELSEWHERE = (
    Destination("search", _("Search"), "/search/"),
    MY_ACCOUNT,
    Destination("accounts", _("My account"), "/accounts/"),
)


def local_path(path: str) -> str:
    """Return the address, in the language of now, of a path as it is in English."""
    language = get_language() or settings.LANGUAGE_CODE
    return path if language == settings.LANGUAGE_CODE else f"/{language}{path}"


def work_here(request: HttpRequest) -> Work:
    """Return which work pages the visitor has; asked once a request."""
    found = getattr(request, WORK, None)
    if not isinstance(found, Work):
        person = getattr(request, "user", None)
        found = Work() if person is None else work_of(person, on=timezone.localdate())
        setattr(request, WORK, found)
    return found


def navigation_links(request: HttpRequest) -> list[Link]:
    """Return the main navigation without what this person cannot use."""
    hidden = {key for hook in hooks.get_hooks(HIDE_HOOK) for key in hook(request)}
    signed_in = is_signed_in(request)
    work = work_here(request) if signed_in else Work()
    here = _place_of(request.path)
    return [
        _link(place, here)
        for place in DESTINATIONS
        if place.key not in hidden
        and (signed_in or not place.for_signed_in)
        and (place.is_for is None or place.is_for(work))
    ]


def account_link(request: HttpRequest) -> Link:
    """Return the way to one's own account."""
    return _link(MY_ACCOUNT, _place_of(request.path))


def section_title(path: str) -> str:
    """Return the name of the part of the site an address lies in; empty on the home page."""
    place = _place_of(path)
    return str(place.title) if place is not None else ""


def way_down(request: HttpRequest, steps: Sequence[Mapping[str, object]]) -> list[dict[str, str]]:
    """Return the breadcrumbs of a page: home first, on every page the same.

    ``steps`` are those that the page itself tells, with or without home; where it tells none, the
    part of the site that the page lies in stands for them.
    """
    home = local_path("/")
    found = [{key: str(value) for key, value in step.items()} for step in steps]
    found = [step for step in found if step["url"] not in {home, "/"}]
    if not steps:
        links = navigation_links(request)
        if is_signed_in(request):
            links.append(account_link(request))
        found = [
            {"title": link.title, "url": link.url}
            for link in links
            if link.is_current and link.url != request.path
        ]
    return [{"title": str(_("Home")), "url": home}, *found]


def language_links(request: HttpRequest, page: Page | None) -> list[LanguageLink]:
    """Return this page in every language; where a translation is missing, that language's home."""
    translated: dict[str, str] = {}
    if page is not None and page.pk:
        for other in page.get_translations(inclusive=True).live().select_related("locale"):
            translated[other.locale.language_code] = other.get_url(request) or ""
    current = get_language() or settings.LANGUAGE_CODE
    full_path = request.get_full_path()
    return [
        LanguageLink(
            code=code,
            name=get_language_info(code)["name_local"],
            url=(translated.get(code) or home_path(code))
            if page is not None
            else translate_url(full_path, code),
            is_current=code == current,
        )
        for code, _name in settings.LANGUAGES
    ]


def home_path(language: str) -> str:
    """Return the address of the home page in a language."""
    return "/" if language == settings.LANGUAGE_CODE else f"/{language}/"


def is_signed_in(request: HttpRequest) -> bool:
    """Whether somebody is signed in; a request that broke early may not know."""
    return bool(getattr(getattr(request, "user", None), "is_authenticated", False))


def _link(place: Destination, here: Destination | None) -> Link:
    return Link(
        key=place.key,
        title=str(place.title),
        url=local_path(place.path),
        is_current=here is not None and _section(here) == _section(place),
    )


def _section(place: Destination) -> str:
    """What lights up together: the pages under /accounts/ are part of one's account."""
    return MY_ACCOUNT.path if place.path == "/accounts/" else place.path


def _place_of(path: str) -> Destination | None:
    """Return the nearest part of the site that an address, in whatever language, lies in."""
    for code, _name in settings.LANGUAGES:
        path = path.removeprefix(f"/{code}") if path.startswith(f"/{code}/") else path
    found = [place for place in (*DESTINATIONS, *ELSEWHERE) if path.startswith(place.path)]
    return max(found, key=lambda place: len(place.path), default=None)
