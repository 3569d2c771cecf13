"""What `assessments` announces; apps above listen."""

from django.dispatch import Signal

attempt_marked = Signal()
"""Sent on commit with ``attempt_id``, ``person_id``, ``quiz_uuid``, ``is_passed``, ``at`` and
``language``."""

ratings_given = Signal()
"""Sent on commit with ``person_id``, ``rater_id`` and ``at``."""

WAY_TO_QUIZ_HOOK = "way_to_quiz"
"""Name of the Wagtail hook: a function of the request, a quiz and the address that the person came
from, which returns the pages above the quiz as breadcrumbs, the one that holds it last."""
