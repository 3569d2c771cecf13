"""The tables of the record store; no other app reads them."""

from lrs.models.bringing import ImportCursor
from lrs.models.documents import ActivityDefinition, Document
from lrs.models.issuers import TokenIssuer
from lrs.models.lifecycle import (
    LegalHold,
    LifeCycleAct,
    LooseAttachment,
    RetentionPolicy,
    StoreSize,
)
from lrs.models.names import ReadUpTo, SeenActor
from lrs.models.profiles import Profile
from lrs.models.sending import SendingTarget, UnsentStatement
from lrs.models.sharing import SharingAgreement
from lrs.models.statements import Attachment, Reference, Statement, StatementId, StatementKey
from lrs.models.tenants import Credential, Tenant

__all__ = [
    "ActivityDefinition",
    "Attachment",
    "Credential",
    "Document",
    "ImportCursor",
    "LegalHold",
    "LifeCycleAct",
    "LooseAttachment",
    "Profile",
    "ReadUpTo",
    "Reference",
    "RetentionPolicy",
    "SeenActor",
    "SendingTarget",
    "SharingAgreement",
    "Statement",
    "StatementId",
    "StatementKey",
    "StoreSize",
    "Tenant",
    "TokenIssuer",
    "UnsentStatement",
]
