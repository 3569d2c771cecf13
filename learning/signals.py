"""What `learning` announces; apps above listen."""

from django.dispatch import Signal

course_finished = Signal()
"""Sent on commit with ``person_id`` and ``course_key``."""
