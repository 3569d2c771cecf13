"""Which kinds of page there are, found by following the links of the site itself."""

from urllib.parse import parse_qs, urlsplit

from django.urls import Resolver404, resolve

LANGUAGES = ("en", "cy", "ar")
STARTS = (
    "/", "/learn/", "/me/", "/teams/", "/frameworks/", "/roles/", "/discussions/", "/search/",
    "/search/?q=care", "/search/?q=nothing-is-called-this", "/accounts/login/",
    "/accounts/signup/", "/accounts/password/reset/", "/accounts/email/", "/accounts/2fa/",
    "/accounts/sessions/", "/accounts/password/change/", "/styleguide/", "/no-such-page/",
)  # fmt: skip
LEFT_OUT = ("/static/", "/media/", "/admin/", "/documents/", "/accounts/logout/", "/i18n/",
            "/xapi/", "/ims/", "/api/", "/mail/")  # fmt: skip
"""Other people's pages (the editors' side is Wagtail's), files, and what machines read."""

FILES = (".json", ".csv", ".xlsx", ".pdf")
IGNORED_IN_QUERY = {"next", "page", "p"}


def in_english(path: str) -> str:
    """The path without its language."""
    first, _, rest = path.lstrip("/").partition("/")
    return f"/{rest}" if first in LANGUAGES else path


def language_of(path: str) -> str:
    first = path.lstrip("/").partition("/")[0]
    return first if first in LANGUAGES else "en"


def kind_of(address: str) -> str | None:
    """What kind of page an address leads to; None for what is not a page to check.

    Addresses of the page tree count as one kind for each depth under each section, everything
    else as one kind for each view and set of query parameters.
    """
    parts = urlsplit(address)
    path = in_english(parts.path)
    if path.startswith(LEFT_OUT) or path.endswith(FILES):
        return None
    query = "&".join(sorted(set(parse_qs(parts.query)) - IGNORED_IN_QUERY))
    try:
        found = resolve(path)
    except Resolver404:
        return f"nothing/{path.split('/')[1]}"
    if found.view_name == "wagtail_serve":
        segments = [part for part in path.split("/") if part]
        name = f"tree/{segments[0] if segments else ''}/{len(segments)}"
    else:
        name = found.view_name or path
    return f"{name}?{query}" if query else name
