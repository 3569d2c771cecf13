"""What `discussions` announces."""

from django.dispatch import Signal

post_written = Signal()
"""Sent on commit with ``post_id``."""

moderation_done = Signal()
"""Sent on commit with ``action_id``."""
