"""What `cms` announces; apps above listen."""

from django.dispatch import Signal

texts_changed = Signal()
"""Sent on commit with ``subject_uuids``: what these things say in other languages has changed."""
