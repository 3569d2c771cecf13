"""Another organisation's statements, as far as an agreement opens them; only to read.

They have an address of their own: a parameter of `statements` would be one the standard does not
know, and whoever merges two organisations' statements by mistake cannot take them apart again.
"""

from dataclasses import dataclass, fields
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse

from lrs.api import statements
from lrs.api.calls import AuthorizedCall
from lrs.api.errors import NotFound
from lrs.api.resources import resource
from lrs.enums import Scope
from lrs.models import Tenant
from lrs.queries import agreements_between
from lrs.rules.formats import is_uuid
from lrs.rules.limits import Limits
from lrs.rules.refusal import Refusal


@dataclass(frozen=True, kw_only=True)
class SharedCall(AuthorizedCall):
    """A request for what another organisation shares."""

    organisation: UUID
    giver: Tenant
    shared: tuple[Limits, ...]
    """What the agreements cover."""

    @property
    def tenant(self) -> Tenant:
        """Whose statements they read."""
        return self.giver

    @property
    def within(self) -> tuple[tuple[Limits, ...], ...]:
        """What the agreements cover, and within that what the key does."""
        return (self.shared, *super().within)

    def address_of_more(self, token: str) -> str:
        """Return where a list goes on."""
        return f"{reverse('xapi-shared', args=[self.organisation])}?more={token}"


def get_statements(call: AuthorizedCall, organisation: str) -> HttpResponse:
    """Return one shared statement, or a page of a list."""
    shared = _shared(call, organisation)
    if "voidedStatementId" in call.parameters:
        message = "What was voided is not shared; take 'voidedStatementId' out."
        raise Refusal("parameters", "parameters", message)
    return statements.get_statements(shared)


def _shared(call: AuthorizedCall, organisation: str) -> SharedCall:
    call.require(Scope.STATEMENTS_READ, Scope.ALL_READ)
    agreements = []
    if is_uuid(organisation):
        agreements = agreements_between(giver=UUID(organisation), reader=call.tenant, at=call.now)
    if not agreements:
        raise NotFound("No organisation with this address shares statements with yours just now.")
    parts = {field.name: getattr(call, field.name) for field in fields(AuthorizedCall)}
    return SharedCall(
        **parts,
        organisation=UUID(organisation),
        giver=agreements[0].giver,
        shared=tuple(one.limits for one in agreements),
    )


statements_view = resource({"GET": get_statements}, is_statements=True)
