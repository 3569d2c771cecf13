"""What every request passes."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware

from cms.views.errors import bad_request

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


class CompressPages(GZipMiddleware):
    """Compress pages; leave what machines read alone, whose ETags must stay as they are."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if not response.get("Content-Type", "").startswith("text/html"):
            return response
        return super().process_response(request, response)
