"""What every request passes."""

from collections.abc import Callable, Mapping, Sequence

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.middleware.gzip import GZipMiddleware
from django.utils import timezone
from wagtail.models import Page

from cms.views.errors import bad_request, wrong_method
from learning.queries import pages_open_to_editor
from organisations.queries import access_of

PIECE = 64 * 1024
READ_AWAY_BYTES = 256 * 1024 * 1024


class BodyLimit:
    """Answer 413 to what is larger than any of our pages takes, before it is parsed.

    What was sent is read and thrown away, up to a point: a browser that is cut off in the middle
    of sending shows its own error and not our message. The record store has its own limit.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        length = request.META.get("CONTENT_LENGTH") or "0"
        is_large = length.isdigit() and int(length) > settings.MAX_BODY_BYTES
        if not is_large or request.path.startswith("/xapi/"):
            return self.get_response(request)
        left = min(int(length), READ_AWAY_BYTES)
        while left > 0:
            piece = request.read(min(PIECE, left))
            if not piece:
                break
            left -= len(piece)
        return bad_request(request, RequestDataTooBig("larger than any page takes"))


class KeepPrivatePages:
    """Let no shared cache, and no later visitor of the same browser, keep what was said to one person.

    Pages and data answered to somebody who is signed in are marked so, unless a view said more.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        person = getattr(request, "user", None)
        if person is not None and person.is_authenticated and "Cache-Control" not in response:
            response["Cache-Control"] = "private, no-cache, no-store"
        return response


NUL = "\x00"


class NoNul:
    """Answer 400 to a NUL in the address, a cookie, or a form: no text of ours holds one.

    PostgreSQL refuses it in every text. The record store has its own checks and its own words.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path.startswith("/xapi/"):
            return self.get_response(request)
        has_nul = NUL in request.path or _has_nul(request.GET)
        has_nul = has_nul or any(NUL in value for value in request.COOKIES.values())
        if not has_nul and request.method == "POST":
            has_nul = _has_nul(request.POST)
        if has_nul:
            return bad_request(request, SuspiciousOperation("a NUL in the request"))
        return self.get_response(request)


def _has_nul(sent: QueryDict) -> bool:
    return any(NUL in name or any(NUL in one for one in sent.getlist(name)) for name in sent)


EDITORS_OF_ALL = {"wagtail_bulk_action"}
PAGE_CHOOSER = "wagtailadmin_choose_page"


class AdminWalls:
    """Walls in Wagtail's editors' area where Wagtail offers no hook.

    Translation, and what is done to many rows at once, take in every organisation's content, so
    they are for who writes for everybody or runs the installation. The page chooser's own answers
    about pages by number know only pages that the educator may know of.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponseBase],
        args: Sequence[object],
        kwargs: Mapping[str, object],
    ) -> None:
        match = request.resolver_match
        if match is None or not request.user.is_authenticated:
            return
        name = match.url_name or ""
        if "wagtail_localize" in match.namespaces or name in EDITORS_OF_ALL:
            access = access_of(request.user, on=timezone.localdate())
            if not (access.is_operator or access.is_educator_everywhere):
                raise Http404
        elif name.startswith(PAGE_CHOOSER):
            named = [str(kwargs.get("parent_page_id", "")), *request.GET.getlist("id")]
            wanted = {int(one) for one in named if one.isascii() and one.isdigit()}
            pages = Page.objects.filter(pk__in=wanted)
            if wanted and pages_open_to_editor(request.user, pages).count() != pages.count():
                raise Http404


class CompressPages(GZipMiddleware):
    """Compress pages; leave what machines read alone, whose ETags must stay as they are."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if not response.get("Content-Type", "").startswith("text/html"):
            return response
        return super().process_response(request, response)


class PageForWrongMethod:
    """Give a person who reads an address that only takes forms a page; machines have their own."""

    FOR_MACHINES = ("/xapi/", "/ims/", "/api/", "/metrics", "/healthz", "/readyz")

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self.get_response(request)
        is_bare = isinstance(answer, HttpResponse) and not answer.content
        if answer.status_code != 405 or not is_bare or request.path.startswith(self.FOR_MACHINES):
            return answer
        return wrong_method(request, answer.get("Allow", ""))
