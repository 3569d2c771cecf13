"""Addresses that clients put together a little differently from ours.

Some join an endpoint that ends in a slash with a path that begins with one; some write the name of
the endpoint as `/xAPI`, or leave out its last slash. What they mean is plain, and no answer but
404 could be given to them otherwise, so they are served.
"""

import re
from typing import Final

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import resolve, reverse
from django.views.decorators.csrf import csrf_exempt

from lrs.api.objects import nothing_view

_SLASHES: Final = re.compile("/{2,}")


@csrf_exempt
def forgiving_view(request: HttpRequest, rest: str | None = None) -> HttpResponseBase:
    """Answer as the address would that has each slash once and the endpoint in small letters."""
    meant = resolve(reverse("xapi") + _SLASHES.sub("/", rest or "").removeprefix("/"))
    if meant.func is forgiving_view:
        return nothing_view(request)
    return meant.func(request, *meant.args, **meant.kwargs)
