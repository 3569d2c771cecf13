"""What can go wrong with a request, and how each is answered: a status and a sentence."""

from typing import Any

from django.http import JsonResponse

from lrs.rules.refusal import Refusal
from lrs.services import (
    BeyondLimits,
    PreconditionFailed,
    PreconditionNeeded,
    StatementConflict,
)


class ApiError(Exception):
    """A request that cannot be answered as it was meant to be."""

    status = 400

    def __init__(self, message: str, **headers: str) -> None:
        super().__init__(message)
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


class VersionMissing(ApiError):
    """The request names no version, or one we do not serve."""


class Unauthorized(ApiError):
    """We do not know who asks."""

    status = 401


class Forbidden(ApiError):
    """We know who asks, and they may not."""

    status = 403


class NotFound(ApiError):
    """There is no such thing."""

    status = 404


class MethodNotAllowed(ApiError):
    """The resource does not have this method."""

    status = 405


class TooLarge(ApiError):
    """The body is larger than we take in."""

    status = 413


EXPECTED = (
    ApiError,
    Refusal,
    StatementConflict,
    PreconditionFailed,
    PreconditionNeeded,
    BeyondLimits,
)


def answer_to(error: Exception, version: str) -> JsonResponse:
    """Return the answer to an expected error.

    Raises:
        Exception: the error itself, when it is not one of ``EXPECTED``.
    """
    headers: dict[str, str] = {}
    body: dict[str, Any]
    if isinstance(error, Refusal):
        status = 400
        body = {
            "message": error.message,
            "path": error.path,
            "clause": error.clause(version),
        }
    elif isinstance(error, ApiError):
        status, body, headers = error.status, {"message": str(error)}, error.headers
    elif isinstance(error, BeyondLimits):
        status, body = 403, {"message": str(error), "path": error.path}
    elif isinstance(error, StatementConflict):
        status, body = 409, {"message": str(error)}
    elif isinstance(error, PreconditionFailed):
        message = "The document is not the one you saw: get it again, then send your change anew."
        status, body = 412, {"message": message}
    elif isinstance(error, PreconditionNeeded):
        message = (
            "There is a document here already: get it first, then send If-Match with its ETag to"
            ' replace it, or If-None-Match: "*" to write only where there is none.'
        )
        status, body = 409, {"message": message}
    else:
        raise error
    return JsonResponse({"status": status, **body}, status=status, headers=headers)
