"""Reading the log as it grows: /api/record-store/statements."""

from typing import Annotated

import orjson
from django.http import HttpRequest, HttpResponse
from ninja import Query
from ninja.errors import HttpError

from lrs.api.calls import read_parameters
from lrs.api.own import own_router, require
from lrs.enums import Scope
from lrs.queries import authority_of, identifier_of, key_of_identifier, statements_read_after
from lrs.rules.paging import DEFAULT_LIMIT, MOST
from lrs.rules.reading import ForeignCursor
from lrs.rules.refusal import Refusal

router = own_router()


@router.get(
    "/statements",
    summary="Statements in the order to follow them, from a cursor on, none ever missed",
    operation_id="follow_statements",
)
def follow_statements(
    request: HttpRequest,
    after: Annotated[str, Query(description="The cursor of our last answer; none to begin")] = "",
    limit: Annotated[
        str, Query(description=f"How many statements at most, 1 to {MOST}")
    ] = f"{DEFAULT_LIMIT}",
) -> HttpResponse:
    """Answer with ``{"statements": [{"statement": …, "is_void": …}], "cursor", "has_more"}``."""
    credential = require(request, Scope.STATEMENTS_READ, Scope.ALL_READ, Scope.STATEMENTS_READ_MINE)
    _check_names(request)
    if not (limit.isascii() and limit.isdigit() and 1 <= int(limit[:9]) <= MOST):
        raise HttpError(400, f"Write limit as a whole number from 1 to {MOST}.")
    authority_key = None
    if not credential.allows(Scope.STATEMENTS_READ, Scope.ALL_READ):
        authority_key = key_of_identifier(identifier_of(authority_of(credential)) or "")
    try:
        page = statements_read_after(
            tenant=credential.tenant, cursor=after, limit=int(limit), authority_key=authority_key
        )
    except ForeignCursor as error:
        raise HttpError(400, str(error)) from error
    texts = (
        b'{"statement":%s,"is_void":%s}'
        % (one.payload.encode(), b"true" if one.is_void else b"false")
        for one in page.texts
    )
    body = b'{"statements":[%s],"cursor":%s,"has_more":%s}' % (
        b",".join(texts),
        orjson.dumps(page.cursor),
        orjson.dumps(page.has_more),
    )
    return HttpResponse(
        body, content_type="application/json", headers={"Cache-Control": "no-store"}
    )


def _check_names(request: HttpRequest) -> None:
    # a misspelt cursor that is passed over would begin anew each time
    try:
        names = read_parameters(request.META.get("QUERY_STRING", ""))
    except Refusal as error:
        raise HttpError(400, error.message) from error
    for name in names.keys() - {"after", "limit"}:
        raise HttpError(
            400, f"There is no parameter {name[:80]!r} here; there are after and limit."
        )
