"""What other apps, doorways and commands may do to the record store."""

from lrs.rules.refusal import Refusal
from lrs.services.acts import HeldBack, ReasonNamesPerson, fingerprint
from lrs.services.bringing import BringReport, bring_in_statements
from lrs.services.carrying_out import apply_policies, carry_out_acts, offer_erasures
from lrs.services.changing import (
    Extent,
    SameIdentifier,
    ask_change,
    carry_out_change,
    change_identifier,
    extent_of_change,
)
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
from lrs.services.erasure import (
    NothingToDecide,
    ask_erasure,
    carry_out_erasure,
    decide_erasure,
    erase_actor,
)
from lrs.services.exporting import ExportFilter, ExportReport, export_statements
from lrs.services.holds import HoldHasEnded, NoSuchTime, end_hold, forget_ended_holds, place_hold
from lrs.services.importing import ImportReport, RefusedLine, import_statements
from lrs.services.names import learn_actors
from lrs.services.partitions import keep_partitions_ahead, make_room
from lrs.services.policies import PolicyNameTaken, drop_policy, make_policy, switch_policy
from lrs.services.removal import remove_demo_statements
from lrs.services.retention import (
    Forecast,
    apply_retention,
    carry_out_retention,
    forecast_retention,
    terms_of,
)
from lrs.services.sending import (
    BadTarget,
    Sent,
    TargetSettings,
    change_target,
    make_target,
    new_webhook_secret,
    pause_target,
    remove_target,
    resend,
    resume_target,
    send_on,
    targets_with_work,
    try_target,
)
from lrs.services.sizes import count_store, count_stores
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
    "BadTarget",
    "BringReport",
    "ExportFilter",
    "ExportReport",
    "Extent",
    "Forecast",
    "HeldBack",
    "HoldHasEnded",
    "ImportReport",
    "IssuedCredential",
    "NoSuchTime",
    "NothingToDecide",
    "PolicyNameTaken",
    "PreconditionFailed",
    "PreconditionNeeded",
    "Preconditions",
    "ReasonNamesPerson",
    "Receipt",
    "Refusal",
    "RefusedLine",
    "SameIdentifier",
    "Sent",
    "StatementConflict",
    "TargetSettings",
    "UnknownScope",
    "apply_policies",
    "apply_retention",
    "ask_change",
    "ask_erasure",
    "bring_in_statements",
    "carry_out_acts",
    "carry_out_change",
    "carry_out_erasure",
    "carry_out_retention",
    "change_identifier",
    "change_target",
    "count_store",
    "count_stores",
    "decide_erasure",
    "delete_document",
    "delete_documents",
    "digest_of",
    "drop_policy",
    "end_hold",
    "erase_actor",
    "export_statements",
    "extent_of_change",
    "fingerprint",
    "forecast_retention",
    "forget_definitions",
    "forget_ended_holds",
    "import_statements",
    "issue_credential",
    "keep_partitions_ahead",
    "learn_actors",
    "make_policy",
    "make_room",
    "make_target",
    "merge_document",
    "new_webhook_secret",
    "note_use",
    "offer_erasures",
    "pause_target",
    "place_hold",
    "platform_tenant",
    "put_document",
    "remove_demo_statements",
    "remove_target",
    "resend",
    "resume_target",
    "revoke_credential",
    "send_on",
    "store_own_statements",
    "store_statements",
    "switch_policy",
    "targets_with_work",
    "tenant_of",
    "terms_of",
    "try_target",
]
