"""What other apps, doorways and commands may do to the record store."""

from lrs.rules.refusal import Refusal
from lrs.services.definitions import forget_definitions
from lrs.services.documents import (
    PreconditionFailed,
    PreconditionNeeded,
    Preconditions,
    delete_document,
    delete_documents,
    merge_document,
    put_document,
)
from lrs.services.importing import ImportReport, RefusedLine, import_statements
from lrs.services.names import forget_actor, learn_actors
from lrs.services.partitions import keep_partitions_ahead, make_room
from lrs.services.removal import remove_demo_statements
from lrs.services.storing import (
    Receipt,
    StatementConflict,
    store_own_statements,
    store_statements,
)
from lrs.services.tenants import (
    IssuedCredential,
    UnknownScope,
    digest_of,
    issue_credential,
    note_use,
    platform_tenant,
    revoke_credential,
    tenant_of,
)

__all__ = [
    "ImportReport",
    "IssuedCredential",
    "PreconditionFailed",
    "PreconditionNeeded",
    "Preconditions",
    "Receipt",
    "Refusal",
    "RefusedLine",
    "StatementConflict",
    "UnknownScope",
    "delete_document",
    "delete_documents",
    "digest_of",
    "forget_actor",
    "forget_definitions",
    "import_statements",
    "issue_credential",
    "keep_partitions_ahead",
    "learn_actors",
    "make_room",
    "merge_document",
    "note_use",
    "platform_tenant",
    "put_document",
    "remove_demo_statements",
    "revoke_credential",
    "store_own_statements",
    "store_statements",
    "tenant_of",
]
