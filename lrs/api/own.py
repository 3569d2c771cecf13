"""Our own JSON API on the record store, at /api/record-store/, for who holds a credential.

The same keys as for /xapi/ and the same tenant. Each part has a module beside this one with a
router made by ``own_router``, which `config.api` mounts.
"""

from datetime import UTC, datetime

from django.http import HttpRequest
from ninja import Router
from ninja.errors import HttpError

from lrs.api.auth import credential_for, proved
from lrs.api.errors import Unauthorized
from lrs.enums import Scope
from lrs.models import Credential


def prove(request: HttpRequest) -> Credential:
    """Return whose credential a request proves, as `ninja` asks it.

    Raises:
        HttpError: 401 with what to do.
    """
    try:
        return proved(credential_for, request.headers.get("authorization", ""), datetime.now(UTC))
    except Unauthorized as error:
        raise HttpError(401, str(error)) from error


def require(request: HttpRequest, *scopes: Scope, may_be_limited: bool = False) -> Credential:
    """Return the credential of a request that has one of these scopes.

    Args:
        request: proved already.
        scopes: any of these will do.
        may_be_limited: the endpoint itself sees to the limits of a key (`Credential.limits`);
            otherwise a limited key is refused.

    Raises:
        HttpError: 403 with the scopes it would need.
    """
    credential: Credential = request.auth  # type: ignore[attr-defined]  # set by ninja
    if not credential.allows(*scopes):
        wanted = " or ".join(scopes)
        raise HttpError(403, f"This credential may not do that; it would need the scope {wanted}.")
    if credential.limits is not None and not may_be_limited:
        raise HttpError(403, "This key is limited, and what is asked here is about everything.")
    return credential


def own_router() -> Router:
    """Return a router whose requests prove a credential."""
    return Router(tags=["Record store"], auth=prove)
