"""What other apps, doorways and commands may do to the record store."""

from lrs.rules.refusal import Refusal
from lrs.services.storing import (
    Receipt,
    StatementConflict,
    store_own_statements,
    store_statements,
)
from lrs.services.tenants import (
    IssuedCredential,
    UnknownScope,
    issue_credential,
    platform_tenant,
    revoke_credential,
    tenant_of,
)

__all__ = [
    "IssuedCredential",
    "Receipt",
    "Refusal",
    "StatementConflict",
    "UnknownScope",
    "issue_credential",
    "platform_tenant",
    "revoke_credential",
    "store_own_statements",
    "store_statements",
    "tenant_of",
]
