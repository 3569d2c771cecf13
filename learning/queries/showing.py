"""What finishing a page shows, and what would move a person on."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import get_language
from wagtail.models import Page

from cms.queries import Said, texts_for
from competencies.enums import FrameworkStatus
from competencies.models import ActivityMapping, CompetencyVersion
from competencies.queries import LearnerStanding, open_mappings
from learning.enums import LessonState, NextReason
from learning.models import (
    CoursePage,
    Enrolment,
    LessonPage,
    LessonProgress,
)
from learning.queries.access import SOURCE_LANGUAGE, courses_for_activities, in_language
from organisations.models import User
from organisations.queries import iri_base
from records.models import RecordEntry


@dataclass(frozen=True)
class NextThing:
    """Something worth doing next, and why."""

    page: Page
    item: CompetencyVersion
    reason: NextReason


def what_next(
    *, viewer: User, standing: LearnerStanding, language: str, most: int = 3
) -> list[NextThing]:
    """Return what would move the person on against their roles: essential gaps first.

    A fixed number of queries.
    """
    gaps = [
        line
        for function in standing.functions
        for line in function.lines
        if line.needed is not None and not line.is_met
    ]
    gaps.sort(key=lambda line: (not line.is_essential, line.standing.rank is not None))
    mappings: dict[int, list[ActivityMapping]] = defaultdict(list)
    for row in open_mappings(competency_ids=[line.item.competency_id for line in gaps]):
        mappings[row.competency_id].append(row)
    pages = courses_for_activities(
        viewer=viewer,
        activity_iris={row.activity_iri for rows in mappings.values() for row in rows},
        language=language,
    )
    done = {
        f"{iri_base()}/activities/lesson/{key}"
        for key in LessonProgress.objects.filter(
            person=viewer, state=LessonState.COMPLETED
        ).values_list("lesson_key", flat=True)
    }
    found: dict[int, NextThing] = {}
    for line in gaps:
        for row in mappings[line.item.competency_id]:
            page = pages.get(row.activity_iri)
            if page is None or row.activity_iri in done or page.pk in found:
                continue
            if row.level.rank <= (line.standing.rank or 0):
                continue
            found[page.pk] = NextThing(
                page=page,
                item=line.item,
                reason=NextReason.ESSENTIAL if line.is_essential else NextReason.USEFUL,
            )
            break
        if len(found) == most:
            break
    return list(found.values())


@dataclass(frozen=True)
class ShownLine:
    """A competency at a level that finishing a page shows."""

    title: Said
    level: Said
    url: str


def shown_lines(*, page: CoursePage | LessonPage) -> list[ShownLine]:
    """Return what finishing a page shows, in words of the language read. Three queries."""
    rows = list(
        page.in_source_language.competencies_shown.select_related("competency__framework", "level")
    )
    items = {
        item.competency_id: item
        for item in CompetencyVersion.objects.filter(
            competency_id__in=[row.competency_id for row in rows],
            version__status=FrameworkStatus.PUBLISHED,
        )
    }
    words = texts_for(
        subject_uuids=[row.competency.uuid for row in rows] + [row.level.uuid for row in rows],
        language=get_language() or SOURCE_LANGUAGE,
    )
    return [
        ShownLine(
            title=words.say(row.competency.uuid, "title", items[row.competency_id].short_title),
            level=words.say(row.level.uuid, "name", row.level.name),
            url=f"/frameworks/{row.competency.framework.slug}/{items[row.competency_id].code}/",
        )
        for row in rows
        if row.competency_id in items
    ]


@dataclass(frozen=True)
class FinishedCourse:
    """A course that somebody finished, whether it is still there or not."""

    title: str
    language: str
    finished_at: datetime


def finished_courses(*, viewer: User, language: str) -> list[FinishedCourse]:
    """Return the courses the person has finished here, newest first. At most three queries.

    A course that is no longer there goes by the name it has in the record.
    """
    rows = list(
        Enrolment.objects.filter(person=viewer, finished_at__isnull=False)
        .order_by("-finished_at", "-pk")
        .values_list("course_key", "finished_at")
    )
    pages = CoursePage.objects.filter(translation_key__in=[key for key, _ in rows])
    found = {
        page.translation_key: (page.title, page.content_language)
        for page in in_language(pages.select_related("locale"), language=language)
    }
    gone = {f"{iri_base()}/activities/course/{key}": key for key, _ in rows if key not in found}
    if gone:
        for entry in RecordEntry.objects.filter(person=viewer, activity_iri__in=gone):
            found[gone[entry.activity_iri]] = (entry.name, entry.name_language)
    return [
        FinishedCourse(title=found[key][0], language=found[key][1], finished_at=finished_at)
        for key, finished_at in rows
        if key in found and finished_at is not None
    ]


def subjects_of_standing(standing: LearnerStanding) -> list[UUID]:
    """Return whatever a standing names: functions, competencies, levels and roles."""
    items = [one.function for one in standing.functions]
    items += [line.item for one in standing.functions for line in one.lines]
    return [
        *(item.competency.uuid for item in items),
        *(level.uuid for level in standing.levels),
        *(role.uuid for role in standing.roles),
    ]
