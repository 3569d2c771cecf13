"""Answers of the CASE provider: bodies, errors as CASE writes them, caching, other origins."""

import functools
import hashlib
import json
import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date
from django.views.decorators.gzip import gzip_page

from competencies.rules.case_filter import WrongQuery

logger = logging.getLogger(__name__)
MINOR = {
    "sort": "invalid_sort_field",
    "orderBy": "invalid_sort_field",
    "fields": "invalid_selection_field",
    "filter": "invalid_selection_field",
    "limit": "invalid_selection_field",
    "offset": "invalid_selection_field",
}


class CaseError(Exception):
    """What the CASE provider answers when it cannot give what was asked for."""

    def __init__(self, status: int, minor: str, description: str, *, field: str = "") -> None:
        self.status = status
        self.minor = minor
        self.field = field
        super().__init__(description)


def not_found(what: str) -> CaseError:
    """Return the error for an identifier that names nothing here."""
    return CaseError(404, "unknownobject", f"There is no {what} with this identifier here.")


def answer(
    request: HttpRequest,
    said: Any,
    *,
    changed_at: datetime | None = None,
    headers: Mapping[str, str] | None = None,
) -> HttpResponseBase:
    """Return JSON that a client may keep and ask about again."""
    body = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
    response = HttpResponse(body, content_type="application/json", headers=dict(headers or {}))
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    response["ETag"] = tag
    response["Cache-Control"] = "public, max-age=60"
    stamp = None
    if changed_at is not None:
        stamp = int(changed_at.timestamp())
        response["Last-Modified"] = http_date(stamp)
    return get_conditional_response(request, etag=tag, last_modified=stamp, response=response) or (
        response
    )


def error_answer(error: CaseError) -> HttpResponse:
    """Return the error body that CASE prescribes."""
    said = {
        "imsx_codeMajor": "unsupported" if error.status == 405 else "failure",
        "imsx_severity": "error",
        "imsx_description": str(error),
        "imsx_codeMinor": {
            "imsx_codeMinorField": [
                {
                    "imsx_codeMinorFieldName": error.field or "sourcedId",
                    "imsx_codeMinorFieldValue": error.minor,
                }
            ]
        },
    }
    response = HttpResponse(
        json.dumps(said, ensure_ascii=False), content_type="application/json", status=error.status
    )
    response["Cache-Control"] = "no-store"
    return response


def case_view(
    view: Callable[..., HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """Make a view a CASE endpoint: GET only, open to other origins, errors in CASE's own form."""

    @functools.wraps(view)
    def endpoint(request: HttpRequest, **wanted: Any) -> HttpResponseBase:
        response: HttpResponseBase
        if request.method == "OPTIONS":
            response = HttpResponse(status=204)
            response["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
            response["Access-Control-Allow-Headers"] = "Accept, If-None-Match, If-Modified-Since"
            response["Access-Control-Max-Age"] = "86400"
        elif request.method not in {"GET", "HEAD"}:
            error = CaseError(405, "forbidden", "Frameworks can only be read here: use GET.")
            response = error_answer(error)
            response["Allow"] = "GET, HEAD, OPTIONS"
        else:
            response = _attempt(view, request, wanted)
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = "ETag, Last-Modified, Link, X-Total-Count"
        return response

    return gzip_page(endpoint)


def _attempt(
    view: Callable[..., HttpResponseBase], request: HttpRequest, wanted: Mapping[str, Any]
) -> HttpResponseBase:
    try:
        response = view(request, **wanted)
    except CaseError as error:
        return error_answer(error)
    except WrongQuery as error:
        return error_answer(
            CaseError(400, MINOR[error.parameter], str(error), field=error.parameter)
        )
    except Exception:
        logger.exception("A CASE request failed", extra={"path": request.path})
        return error_answer(
            CaseError(500, "internal_server_error", "Something went wrong here. Try again later.")
        )
    patch_vary_headers(response, ["Accept-Encoding"])
    return response
