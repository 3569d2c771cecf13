"""What `organisations` announces; apps above listen."""

from django.dispatch import Signal

consent_changed = Signal()
"""Sent on commit with ``person_id``."""

membership_confirmed = Signal()
"""Sent on commit with ``membership_id``."""

person_erased = Signal()
"""Sent inside the transaction with ``person_id`` and ``person_uuid``; receivers erase their part."""

people_merged = Signal()
"""Sent inside the transaction with ``kept_id`` and ``gone_id``; receivers move their rows."""
