"""The token endpoint: OAuth 2.0 client credentials (RFC 6749, section 4.4).

The client's id and secret are the key and secret of a credential. The token is opaque, and a row
of its own, so that revoking the credential ends it at the next request.
"""

import base64
from datetime import UTC, datetime
from typing import Final

from django.db import Error
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import QueryDict
from django.views.decorators.csrf import csrf_exempt

from lrs.api.auth import credential_for, proved
from lrs.api.errors import Unauthorized
from lrs.api.outages import answer_to_outage
from lrs.services import CannotGiveTokens, KeyHasEnded, ScopeBeyondCredential, issue_token

_FORM: Final = "application/x-www-form-urlencoded"
_NOT_KEPT: Final = {"Cache-Control": "no-store", "Pragma": "no-cache"}


@csrf_exempt
def token_view(request: HttpRequest) -> HttpResponse:
    """Answer a client that asks for an access token."""
    if request.method != "POST":
        response = _refused("invalid_request", "Ask for a token by POST.", status=405)
        response.headers["Allow"] = "POST"
        return response
    if request.content_type != _FORM:
        return _refused("invalid_request", f"Send a form: Content-Type: {_FORM}.")
    form = request.POST
    twice = [name for name, values in form.lists() if len(values) > 1]
    if twice:
        return _refused("invalid_request", f"Send {twice[0][:40]!r} once.")
    header = request.headers.get("authorization", "")
    if header and ("client_secret" in form or header.partition(" ")[0].lower() != "basic"):
        message = "Send the client's id and secret either as Basic or in the form."
        return _refused("invalid_request", message)
    try:
        return _answer(form, header, datetime.now(UTC))
    except Error as error:
        said = {"error": "temporarily_unavailable"}
        answer = answer_to_outage(error, named="error_description", said=said)
        if answer is None:
            raise
        return answer


def _answer(form: QueryDict, header: str, now: datetime) -> HttpResponse:
    try:
        credential = proved(credential_for, header or _basic(form), now)
    except Unauthorized:
        return _unknown_client()
    grant = form.get("grant_type", "")
    if not grant:
        return _refused("invalid_request", "Send grant_type=client_credentials.")
    if grant != "client_credentials":
        return _refused("unsupported_grant_type", "There is only client_credentials here.")
    scopes = form.get("scope", "").split() or None
    try:
        issued = issue_token(credential=credential, scopes=scopes, at=now)
    except KeyHasEnded:
        return _unknown_client()
    except CannotGiveTokens as error:
        return _refused("unauthorized_client", str(error))
    except ScopeBeyondCredential as error:
        return _refused("invalid_scope", str(error))
    return JsonResponse(
        {
            "access_token": issued.token,
            "token_type": "Bearer",
            "expires_in": issued.seconds,
            "scope": " ".join(issued.scopes),
        },
        headers=_NOT_KEPT,
    )


def _basic(form: QueryDict) -> str:
    pair = f"{form.get('client_id', '')}:{form.get('client_secret', '')}"
    return f"Basic {base64.b64encode(pair.encode()).decode()}"


def _unknown_client() -> JsonResponse:
    response = _refused("invalid_client", "There is no client like this.", status=401)
    response.headers["WWW-Authenticate"] = 'Basic realm="xAPI", charset="UTF-8"'
    return response


def _refused(error: str, description: str, *, status: int = 400) -> JsonResponse:
    return JsonResponse(
        {"error": error, "error_description": description}, status=status, headers=_NOT_KEPT
    )
