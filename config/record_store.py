"""The road that requests to the record store take, past what only people's pages need."""

import threading
import time
from collections.abc import Callable
from functools import lru_cache
from typing import Final, cast

from django.conf import settings
from django.core.handlers.exception import convert_exception_to_response
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import ResolverMatch, resolve
from django.utils import translation

TRUST_SECONDS: Final = 1.0


class RecordStoreRoad:
    """Take what machines send to the record store past what only people's pages need.

    No session, language, form token or redirect is looked up for it; it has its own keys, limits
    and errors. The host is checked as for every page.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.answer = convert_exception_to_response(self._answer)
        self._used = threading.local()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith("/xapi/"):
            return self.get_response(request)
        translation.activate(settings.LANGUAGE_CODE)
        self._trust_a_connection_just_used()
        response = cast(HttpResponse, self.answer(request))
        # so that content in a browser can read why, whatever went wrong
        response.headers.setdefault("Access-Control-Allow-Origin", "*")
        response.headers.setdefault("X-Frame-Options", settings.X_FRAME_OPTIONS)
        if "Content-Length" not in response.headers:
            response.headers["Content-Length"] = str(len(response.content))
        return response

    def _answer(self, request: HttpRequest) -> HttpResponseBase:
        request.get_host()
        found = _resolved(request.path_info)
        request.resolver_match = found
        answer: HttpResponseBase = found.func(request, *found.args, **found.kwargs)
        return answer

    def _trust_a_connection_just_used(self) -> None:
        """Spare the database the question whether it is there, if it was a second ago."""
        now = time.monotonic()
        if now - getattr(self._used, "at", 0.0) < TRUST_SECONDS and connection.connection:
            connection.health_check_done = True  # type: ignore[attr-defined]  # the stubs lack it
        self._used.at = now


@lru_cache(maxsize=64)
def _resolved(path: str) -> ResolverMatch:
    return resolve(path)
