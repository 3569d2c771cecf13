"""What `assessments` announces; apps above listen."""

from django.dispatch import Signal

attempt_marked = Signal()
"""Sent on commit with ``attempt_id``, ``person_id``, ``quiz_uuid``, ``is_passed``, ``at`` and
``language``."""

ratings_given = Signal()
"""Sent on commit with ``person_id``, ``rater_id`` and ``at``."""
