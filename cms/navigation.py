"""Where one can go from every page, and what it is called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.models import Page

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

SERVICE = "Careweave"
HIDE_HOOK = "hide_navigation"
"""Name of the Wagtail hook: a function of the request that returns the keys to leave out."""


@dataclass(frozen=True)
class Destination:
    """One entry of the main navigation; `path` is as it is in English."""

    key: str
    title: StrOrPromise
    path: str
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
    Destination("teams", _("Teams"), "/teams/", for_signed_in=True),
    Destination("frameworks", _("Frameworks"), "/frameworks/"),
    Destination("roles", _("Roles"), "/roles/"),
    Destination("discussions", _("Discussions"), "/discussions/"),
    Destination("me", _("My record"), "/me/", for_signed_in=True),
)
ELSEWHERE = (
    Destination("search", _("Search"), "/search/"),
    Destination("accounts", _("Your account"), "/accounts/"),
)


def local_path(path: str) -> str:
    """Return the address, in the language of now, of a path as it is in English."""
    language = get_language() or settings.LANGUAGE_CODE
    return path if language == settings.LANGUAGE_CODE else f"/{language}{path}"


def navigation_links(request: HttpRequest) -> list[Link]:
    """Return the main navigation without what this person cannot use."""
    hidden = {key for hook in hooks.get_hooks(HIDE_HOOK) for key in hook(request)}
    signed_in = is_signed_in(request)
    return [
        Link(
            place.key, str(place.title), local_path(place.path), _is_under(request.path, place.path)
        )
        for place in DESTINATIONS
        if place.key not in hidden and (signed_in or not place.for_signed_in)
    ]


def section_title(path: str) -> str:
    """Return the name of the part of the site an address lies in; empty on the home page."""
    for place in (*DESTINATIONS, *ELSEWHERE):
        if _is_under(path, place.path):
            return str(place.title)
    return ""


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


def _is_under(path: str, english: str) -> bool:
    """Whether an address, in whatever language, lies at or below a path."""
    for code, _name in settings.LANGUAGES:
        path = path.removeprefix(f"/{code}") if path.startswith(f"/{code}/") else path
    return path.startswith(english)
