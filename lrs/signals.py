"""What `lrs` announces; apps above listen."""

from django.dispatch import Signal

statements_stored = Signal()
"""Sent after commit with ``tenant_id``, ``organisation_id`` (None: made here) and ``seqs``, the
new statements in the order sent. A nudge, not a guarantee: `queries.statements_after` is."""

statement_voided = Signal()
"""Sent after commit with ``tenant_id``, ``organisation_id`` and ``statement_ids``, the statements
that are now void; some may not be known yet. A nudge, as above."""

statements_seen = Signal()
"""Sent after a page or file showed what named people did, with ``viewer``, ``organisation`` (None:
the platform's own), ``actors`` (identifiers of everyone shown), ``page`` (a name of
`organisations.enums.PageSeen`) and ``at``. Whoever knows who they are notes the look."""

statements_changing = Signal()
"""Sent inside the transaction that redacts, renames or removes statements, after it has, with
``tenant_id``, ``organisation_id``, ``seqs`` and ``statement_ids``; those removed are no longer there.
Receivers bring what they had read from them in line, in the same transaction."""

statements_redacted = Signal()
"""Sent after that commit, with the same. Numbers and cursors stay as they were."""

actor_erased = Signal()
"""Sent inside the transaction that ends the erasure of somebody from a store, with ``tenant_id``,
``organisation_id`` (None: the platform's own) and ``identifiers``, all that they went by there.
Receivers forget in the same transaction what they keep of these for that store."""
