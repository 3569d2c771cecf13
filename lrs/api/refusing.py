"""Keeping why a request of a known key was refused; only ever on the way of an error."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Final

import orjson
from django.db import Error
from django.http import HttpResponse

from lrs.api.auth import credential_for
from lrs.api.calls import Call
from lrs.api.errors import Unauthorized
from lrs.services.refusals import RefusedRequest, note_refusal, shortened

_TOLD: Final = frozenset({400, 403, 405, 409, 412, 413})


def remember(call: Call, answer: HttpResponse) -> None:
    """Keep a refusal for the people who look after the key, if it proves to be one."""
    if answer.status_code not in _TOLD:
        return
    now = datetime.now(UTC)
    with suppress(Unauthorized, Error):
        credential = credential_for(call.headers.get("authorization", ""), now)
        said = orjson.loads(answer.content)
        note_refusal(
            credential=credential,
            refused=RefusedRequest(
                at=now,
                key=credential.label or credential.key,
                method=call.method,
                resource=shortened(call.request.path),
                status=answer.status_code,
                path=shortened(str(said.get("path", ""))),
                clause=str(said.get("clause", "")),
                message=shortened(str(said.get("message", ""))),
            ),
        )
