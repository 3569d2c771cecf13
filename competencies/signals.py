"""What `competencies` announces; apps above listen."""

from django.dispatch import Signal

mappings_changed = Signal()
"""Sent on commit with ``activity_iri``: what the activity is evidence of has changed."""

competency_changed = Signal()
"""Sent on commit with ``competency_ids``: what these competencies say has changed."""

evidence_changed = Signal()
"""Sent on commit with ``person_id``."""
