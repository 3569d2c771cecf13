"""What follows when a quiz is saved."""

from datetime import datetime

from django.db import transaction

from assessments.models import Quiz, QuizCompetency
from competencies.services import ShownCompetency, set_activity_mappings


@transaction.atomic
def sync_quiz_competencies(*, quiz: Quiz, at: datetime) -> int:
    """Make what a quiz says it shows what passing it is evidence of; return how many rows changed.

    Writes: ActivityMapping. Safe to repeat.
    """
    shown = [
        ShownCompetency(
            competency=row.competency,
            level=row.level,
            counts_past=row.counts_past,
            months_valid=row.months_valid,
        )
        for row in QuizCompetency.objects.filter(quiz=quiz)
        .select_related("competency", "level")
        .order_by("sort_order", "pk")
    ]
    return set_activity_mappings(activity_iri=quiz.activity_iri, shown=shown, at=at)
