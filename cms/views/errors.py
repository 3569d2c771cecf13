"""What is said when something cannot be done, each with what to do instead."""

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.template import loader


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, or 413 where what was sent is too large."""
    if isinstance(exception, RequestDataTooBig):
        return HttpResponse(loader.render_to_string("413.html"), status=413)
    return HttpResponseBadRequest(loader.render_to_string("400.html"))


def wrong_method(request: HttpRequest, allowed: str) -> HttpResponse:
    """405 as a page: what was read is only for sending to, or the other way round."""
    answer = render(request, "405.html", status=405)
    answer["Allow"] = allowed
    return answer
