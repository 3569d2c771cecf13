"""What `organisations` announces; apps above listen."""

from django.dispatch import Signal

consent_changed = Signal()
"""Sent on commit with ``person_id``."""

membership_invited = Signal()
"""Sent on commit, without arguments: there are invitations to mail."""

membership_confirmed = Signal()
"""Sent on commit with ``membership_id``."""

role_named = Signal()
"""Sent inside the transaction with ``membership``, ``role_name`` and ``on``.

Someone is said to fill a role, in the words of a staff list. A receiver that knows roles answers
with an `enums.RoleAnswer`; no answer counts as unknown.
"""

person_erased = Signal()
"""Sent inside the transaction with ``person_id`` and ``person_uuid``; receivers erase their part."""

people_merged = Signal()
"""Sent inside the transaction with ``kept_id``, ``gone_id`` and ``memberships``.

``memberships`` says which membership of the one who goes became which of the one who stays, where
both had the same; they are deleted afterwards. Receivers move their rows.
"""
