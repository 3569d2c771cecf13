"""What publishing a page brings about."""

from datetime import datetime

from wagtail.models import Page

from competencies.services import ShownCompetency, set_activity_mappings
from learning.models import CoursePage, LessonPage


def sync_competency_mappings(*, page: CoursePage | LessonPage, at: datetime) -> int:
    """Make what a published page says it shows what its activity is evidence of.

    Translations share the source's activity and say nothing of their own. Returns how many
    mappings changed.

    Writes: ActivityMapping. Safe to repeat.
    """
    if page.locale.language_code != "en" and page.get_translations().exists():
        return 0
    shown = [
        ShownCompetency(competency=row.competency, level=row.level, counts_past=row.counts_past)
        for row in page.competencies_shown.select_related("competency", "level")
    ]
    return set_activity_mappings(activity_iri=page.activity_iri, shown=shown, at=at)


def is_in_course(page: Page) -> bool:
    """Return whether a module or lesson is in a course."""
    paths = [page.path[:end] for end in range(page.steplen, len(page.path) + 1, page.steplen)]
    return CoursePage.objects.filter(path__in=paths).exists()
